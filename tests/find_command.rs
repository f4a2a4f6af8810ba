//! The `dialtree find` command: exit codes, cards, plain lines, JSON and batches.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn dialtree(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dialtree"));
    command.args(arguments).env_remove("NO_COLOR").env("TERM", "xterm-256color").env("TZ", "America/Los_Angeles");
    command.env_remove("DIALTREE_DATA").env("XDG_DATA_HOME", "/nonexistent");
    command
}

fn run(arguments: &[&str]) -> Output {
    dialtree(arguments).output().unwrap()
}

fn stdout(arguments: &[&str]) -> String {
    String::from_utf8(run(arguments).stdout).unwrap()
}

fn report(arguments: &[&str]) -> Value {
    let arguments = [&["find", "--json"], arguments].concat();
    serde_json::from_str(&stdout(&arguments)).unwrap()
}

#[test]
fn the_exit_code_says_whether_a_result_can_be_trusted() {
    for (arguments, code) in [
        (&["find", "commission"][..], 0),
        (&["find", "977-3565"], 0),
        (&["find", "dog", "grooming"], 1),
        (&["find", "555-0100"], 1),
        (&["find", "which museum can I visit with two small children in Paris"], 1),
        (&["find", ""], 1),
        (&["find"], 2),
        (&["find", "--limit", "0", "commission"], 2),
        (&["find", "--audience", "medicar", "commission"], 2),
        (&["find", "--batch", "commission"], 2),
        (&["find", "--json", "--plain", "commission"], 2),
    ] {
        assert_eq!(run(arguments).status.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn the_default_output_is_cards() {
    let shown = stdout(&["find", "lost", "id", "card"]);
    let start = "Members: provider, ID card, address  · Small Business\n  1-800-447-8812\n  ! Not for providers.\n    1  Press [7] Members: provider, ID card, address\n";
    assert!(shown.starts_with(start), "{shown}");
    assert!(shown.contains("  Source  Small Business Groups, checked 2026-11-23\n"), "{shown}");
    assert!(!shown.contains('\x1b'), "no colours in a pipe");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    assert!(stdout(&["find", "--color", "always", "fraud"]).contains("\x1b[1m1-800-977-3565\x1b[0m"));
    assert!(stdout(&["find", "--ascii", "--at", "2026-11-23T10:42:00-08:00", "medicare", "team"]).is_ascii());
}

#[test]
fn equally_good_results_for_different_audiences_are_shown_together() {
    let shown = stdout(&["find", "commission"]);
    assert!(shown.starts_with("2 best matches, for different audiences\n"), "{shown}");
    assert!(shown.contains("\nCommissions  · IFP, Small Business, Large Group\n  1-800-909-3447\n"), "{shown}");
    assert!(
        shown.contains("\nCommissions, contracting, appointments  · Small Business\n  1-800-447-8812\n"),
        "{shown}"
    );
}

#[test]
fn unlisted_numbers_and_channels_are_not_trusted() {
    for query in ["800", "fax", "cobra fax", "fraud email", "broker services phone", "1-800-909-3447 9", "1 3", "pr"] {
        assert_eq!(run(&["find", query]).status.code(), Some(1), "{query}");
    }
    let shown = stdout(&["find", "cobra", "fax"]);
    assert!(
        shown.contains("COBRA Department  · Every audience\n  the channel you asked for is not listed\n"),
        "{shown}"
    );
}

#[test]
fn plain_lines_label_fax_numbers() {
    let line = stdout(&["find", "--plain", "--limit", "1", "ifp", "billing"]);
    assert!(line.starts_with("Fax (916) 935-4522\tIFP Billing Department\t"), "{line}");
}

#[test]
fn weak_results_get_no_card() {
    let shown = stdout(&["find", "which", "museum", "can", "I", "visit", "with", "a", "doctor", "in", "Paris"]);
    assert!(shown.starts_with("No good match; the closest:\n"), "{shown}");
    assert!(shown.contains("\n  weak match\n") && !shown.contains("Source"), "{shown}");
}

#[test]
fn plain_prints_one_line_per_result() {
    assert_eq!(
        stdout(&["find", "--plain", "--limit", "1", "fruad"]),
        "1-800-977-3565\tFraud hotline\tEvery audience\ttel:+18009773565\tsure\n"
    );
    let explained = stdout(&["find", "--plain", "--limit", "1", "--explain", "individual", "commision"]);
    let start = "1-800-909-3447, press 1, then 1\tCommissions\tIFP, Small Business, Large Group\t\
                 tel:+18009093447/1/1\tsure\tscore ";
    assert!(explained.starts_with(start) && explained.ends_with("; commision: typo of commission\n"), "{explained}");
    assert_eq!(stdout(&["find", "--plain", "zebra xylophone"]), "");
}

#[test]
fn an_audience_narrows_the_search_and_a_better_result_outside_is_shown() {
    let inside = stdout(&["find", "--plain", "--audience", "small-business", "--limit", "1", "commissions"]);
    assert!(inside.starts_with("1-800-447-8812, press 5\t"), "{inside}");
    let both = stdout(&["find", "--plain", "--audience", "small-business", "medicare", "commissions"]);
    let outside = "1-800-708-7646\tMedicare Broker Services\tMedicare\ttel:+18007087646\toutside\n";
    assert!(both.ends_with(outside), "{both}");
    let report = report(&["--audience", "small-business", "medicare commissions"]);
    assert_eq!(report["audience"], "small-business");
    assert_eq!(report["outside"]["target"], "tel:+18007087646");
    assert!(
        stdout(&["find", "--audience", "small-business", "medicare", "commissions"])
            .contains("Fits better, for another audience\nMedicare Broker Services")
    );
    let error = String::from_utf8(run(&["find", "--audience", "nobody", "x"]).stderr).unwrap();
    assert_eq!(
        error,
        "dialtree: there is no audience \"nobody\"; use one of ifp, small-business, medicare, large-group\n"
    );
}

#[test]
fn json_is_schema_2() {
    let report = report(&["--limit", "1", "individual", "comission"]);
    let expected = json!({
        "schema": 2,
        "query": "individual comission",
        "audience": null,
        "hits": [{
            "target": "tel:+18009093447/1/1",
            "title": "Commissions",
            "audiences": ["ifp", "small-business", "large-group"],
            "path": ["Brokers", "Commissions"],
            "say": "1-800-909-3447, press 1, then 1",
            "weak": false,
            "score": report["hits"][0]["score"],
            "basis": report["hits"][0]["basis"],
            "why": [
                {"typed": "individual", "matched": "individual", "how": "exact"},
                {"typed": "comission", "matched": "commission", "how": "typo"},
            ],
            "channels": [{"kind": "phone", "value": "1-800-909-3447", "uri": "tel:+18009093447", "link": "tel:+18009093447"}],
        }],
    });
    assert_eq!(report, expected);
    let score = report["hits"][0]["score"].as_f64().unwrap();
    assert!((0.5..=1.0).contains(&score), "{score}");
}

#[test]
fn the_target_is_the_requested_channel() {
    for (query, target, say) in [
        ("ifp billing", "fax:+19169354522", "(916) 935-4522"),
        ("email ifp billing", "mailto:ifpmembership@healthnet.com", "IFPMembership@healthnet.com"),
        ("account services", "tel:+18005472967", "1-800-547-2967"),
        ("account services email", "mailto:hn_account_services@healthnet.com", "HN_Account_Services@healthnet.com"),
        ("deaf caller", "tel:+18889265180", "1-888-926-5180"),
        ("935-4420", "fax:+19169354420", "(916) 935-4420"),
        ("+1 916 935 4420", "fax:+19169354420", "(916) 935-4420"),
        ("1-800-909-3447 1 1", "tel:+18009093447/1/1", "1-800-909-3447, press 1, then 1"),
        ("909-3447 1 3", "tel:+18009093447/1/3", "1-800-909-3447, press 1, then 3"),
        ("called 977-3565 on 2026-11-23", "tel:+18009773565", "1-800-977-3565"),
        ("policy 12345678, number 977-3565", "tel:+18009773565", "1-800-977-3565"),
        ("447-8812 option 5", "tel:+18004478812/5", "1-800-447-8812, press 5"),
        ("covered ca", "tel:+18889265133", "1-888-926-5133"),
        ("call medicare", "tel:+18007087646", "1-800-708-7646"),
        ("call 1-800-909-3447, press 1, then 4", "tel:+18009093447/1/4", "1-800-909-3447, press 1, then 4"),
        ("whose is brokers@healthnet.com", "mailto:brokers@healthnet.com", "Brokers@healthnet.com"),
        ("membersecurelogin", "https://membersecurelogin.com", "membersecurelogin.com"),
    ] {
        let report = report(&[query]);
        let first = &report["hits"][0];
        assert_eq!((first["target"].as_str(), first["say"].as_str()), (Some(target), Some(say)), "{query}");
        assert_eq!(first["channels"][0]["value"].as_str(), say.split(',').next(), "{query}");
    }
}

#[test]
fn json_escapes_terminal_control_characters() {
    let shown = stdout(&["find", "--json", "fraud \u{9b}2J\u{202e}\u{7f}"]);
    assert!(shown.starts_with(r#"{"schema":2,"query":"fraud \u009b2J\u202e\u007f","#), "{shown:?}");
    assert!(!shown.contains(['\u{9b}', '\u{202e}', '\u{7f}']), "{shown:?}");
    let query = serde_json::from_str::<Value>(&shown).unwrap();
    assert_eq!(query["query"], "fraud \u{9b}2J\u{202e}\u{7f}");
}

#[test]
fn missing_values_are_null_in_json() {
    let report = report(&["broker log-in page"]);
    let page = report["hits"].as_array().unwrap().iter().find(|result| result["title"] == "Broker login").unwrap();
    assert_eq!((&page["target"], &page["say"]), (&Value::Null, &Value::Null));
    assert_eq!(page["channels"], json!([{"kind": "web", "value": null, "uri": null, "link": null}]));
}

/// A directory that says what it does not have.
const TOWN: &str = r#"(
    schema: 2, id: "town", name: "Town hall", organisation: "Town", source: "Leaflet", transcribed: "2026-11-23",
    zone: "America/Chicago",
    audiences: [(id: "all", name: "Residents", short: "Residents")],
    contacts: [
        (
            id: "dogs", name: "Dog park", source: "Leaflet", needs: ["dog bite", "lost dog"],
            channels: [(phone: "1-800-555-0100")], hours: "Mo-Fr 08:00-18:00",
        ),
        (
            id: "parking", name: "Parking permits", source: "Leaflet",
            needs: ["renew parking permit", "contest a parking ticket in court", "tax form 1099"],
            channels: [(phone: "1-800-555-0101")],
        ),
    ],
    elsewhere: [
        (phrases: ["parking ticket", "dog license"], note: "City Hall, 1-800-555-0199"),
        (phrases: ["marriage license"]),
    ],
)"#;

/// Runs `find` with `TOWN` on a Monday morning.
fn find_in_town(name: &str, arguments: &[&str]) -> (String, Option<i32>) {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.ron"));
    std::fs::write(&file, TOWN).unwrap();
    let options = ["--data", file.to_str().unwrap(), "--at", "2026-11-23T10:00:00-06:00", "find"];
    let output = run(&[&options, arguments].concat());
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

#[test]
fn what_is_known_to_be_elsewhere_is_answered_with_where_to_turn() {
    let find = |arguments: &[&str]| find_in_town("elsewhere", arguments);
    for query in ["parking ticket", "where do I pay my tickets for parking", "parkng ticket"] {
        let (shown, code) = find(&[query]);
        assert!(shown.starts_with("\"parking ticket\" is not listed here: City Hall, 1-800-555-0199\n"), "{shown}");
        assert!(shown.contains("\n  weak match\n"), "{shown}");
        assert_eq!(code, Some(1), "{query}");
    }
    let (shown, code) = find(&["--plain", "marriage license"]);
    assert!(shown.starts_with("not stated\tmarriage license\t\t\telsewhere\n"), "{shown}");
    assert_eq!(code, Some(1));
    let report: Value = serde_json::from_str(&find(&["--json", "licensing my dog"]).0).unwrap();
    assert_eq!(report["elsewhere"], json!({"phrase": "dog license", "note": "City Hall, 1-800-555-0199"}));
    assert!(report["hits"].as_array().unwrap().iter().all(|hit| hit["weak"] == true), "{report}");
}

#[test]
fn an_entry_that_fits_better_comes_before_what_is_elsewhere() {
    let find = |arguments: &[&str]| find_in_town("better", arguments);
    for query in ["contest a parking ticket in court", "renew parking permit", "lost dog"] {
        let (shown, code) = find(&["--plain", query]);
        assert!(!shown.contains("elsewhere"), "{query}: {shown}");
        assert_eq!(code, Some(0), "{query}");
    }
}

#[test]
fn an_explanation_tells_the_probability_and_how_the_query_was_understood() {
    let explain = |query: &str| find_in_town("explain", &["--plain", "--limit", "1", "--explain", query]).0;
    for (query, told) in [
        ("missing puppy", "; missing: synonym of lost; puppy: synonym of dog"),
        ("perro perdido", "; perro perdido: translation of lost dog"),
        ("ten ninety nine", "; ten ninety nine: spoken form of 1099"),
        ("terrier vanished", "; terrier vanished: close in meaning to \"lost dog\""),
        ("good morning, a dog bite on monday", "; set aside: good morning, monday"),
        ("parking permit, not the dog park", "; not: dog, park"),
    ] {
        assert!(explain(query).contains(told), "{query}: {}", explain(query));
    }
    let explained = explain("dog bite");
    let score = explained.split_once("\tscore ").unwrap().1;
    assert!(score.starts_with("1.00: + ") || score.starts_with("0.9"), "{explained}");
    assert!(score.contains("leads clearly"), "{explained}");
}

#[test]
fn the_json_of_a_hit_tells_what_its_score_rests_on() {
    let (shown, _) = find_in_town("basis", &["--json", "good morning, perro perdido, not the parking permit"]);
    let report: Value = serde_json::from_str(&shown).unwrap();
    let first = &report["hits"][0];
    let understood = json!({"typed": "perro perdido", "matched": "lost dog", "how": "translation"});
    assert!(first["why"].as_array().unwrap().contains(&understood), "{report}");
    let basis = first["basis"].as_array().unwrap();
    let effects: Vec<f64> = basis.iter().map(|factor| factor["effect"].as_f64().unwrap().abs()).collect();
    assert!((1..=3).contains(&basis.len()) && effects.is_sorted_by(|a, b| a >= b), "{report}");
    assert_eq!(report["set_aside"], json!(["good morning"]));
    assert_eq!(report["not"], json!(["parking", "permit"]));
    let (number, _) = find_in_town("basis-number", &["--json", "555-0100"]);
    assert_eq!(serde_json::from_str::<Value>(&number).unwrap()["hits"][0].get("basis"), None);
}

#[test]
fn a_question_about_hours_is_answered_with_the_hours_first() {
    let find = |arguments: &[&str]| find_in_town("hours", arguments).0;
    let shown = find(&["until when is the dog park open"]);
    assert!(shown.starts_with("Dog park  · Every audience\n  ● Open · closes 6:00 PM CT\n"), "{shown}");
    assert!(shown.contains("\n  Hours   Mon–Fri 8:00 AM – 6:00 PM\n"), "{shown}");
    assert!(shown.contains("\n\n  1-800-555-0100\n"), "{shown}");
    assert!(find(&["dog park"]).starts_with("Dog park  · Every audience\n  1-800-555-0100\n"), "{shown}");
    let report = |query: &str| serde_json::from_str::<Value>(&find(&["--json", query])).unwrap();
    assert_eq!(report("is the dog park open on saturday")["asks_hours"], true);
    assert_eq!(report("dog park").get("asks_hours"), None);
}

#[test]
fn a_batch_prints_the_results_of_each_query_at_once() {
    let mut child = dialtree(&["find", "--json", "--batch", "--limit", "1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut queries = child.stdin.take().unwrap();
    let mut reports = BufReader::new(child.stdout.take().unwrap());
    let mut find = |query: &[u8]| {
        queries.write_all(query).unwrap();
        let mut line = String::new();
        reports.read_line(&mut line).unwrap();
        serde_json::from_str::<Value>(&line).unwrap()
    };
    assert_eq!(find(b"report fraud\n")["hits"][0]["target"], "tel:+18009773565");
    assert_eq!(find(b"lost id card\r\n")["query"], "lost id card");
    assert_eq!(find(b"\n")["hits"], json!([]));
    assert_eq!(find(b"\xff\xfe fraud\n")["hits"][0]["target"], "tel:+18009773565");
    let long = [&b"fraud ".repeat(50_000)[..], b"\n"].concat();
    assert_eq!(find(&long)["hits"][0]["target"], "tel:+18009773565");
    assert_eq!(find(b"cobra\n")["hits"][0]["target"], "tel:+18009772207/2");
    drop(queries);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_closed_output_pipe_ends_the_program_without_a_message() {
    let mut child = dialtree(&["find", "--json", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut queries = child.stdin.take().unwrap();
    // The program may exit before it reads all queries.
    let _ = queries.write_all(&b"fraud\n".repeat(1_000));
    drop(queries);
    // As for a program that SIGPIPE ends: some of the output is lost.
    assert_eq!(child.wait().unwrap().code(), Some(141));
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!(error, "");
}
