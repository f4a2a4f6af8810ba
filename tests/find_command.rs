//! `dialtree find` as a shell, a script and the next tool see it.
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

fn said(arguments: &[&str]) -> String {
    String::from_utf8(run(arguments).stdout).unwrap()
}

fn report(arguments: &[&str]) -> Value {
    let arguments = [&["find", "--json"], arguments].concat();
    serde_json::from_str(&said(&arguments)).unwrap()
}

#[test]
fn the_code_says_whether_there_is_an_answer() {
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
fn people_get_cards() {
    let shown = said(&["find", "lost", "id", "card"]);
    let start = "Members: provider, ID card, address  · Small Business\n  1-800-447-8812\n    [7] Members: provider, ID card, address\n";
    assert!(shown.starts_with(start), "{shown}");
    assert!(shown.contains("  Source  Small Business Groups, checked 2026-11-23\n"), "{shown}");
    assert!(!shown.contains('\x1b'), "no colours into a pipe");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    assert!(said(&["find", "--color", "always", "fraud"]).contains("\x1b[1;35m1-800-977-3565\x1b[0m"));
    assert!(said(&["find", "--ascii", "--at", "2026-11-23T10:42:00-08:00", "medicare", "team"]).is_ascii());
}

#[test]
fn answers_as_good_for_different_audiences_are_shown_together() {
    let shown = said(&["find", "commission"]);
    assert!(shown.starts_with("2 fit alike; it depends on the caller's audience.\n"), "{shown}");
    assert!(shown.contains("\nCommissions  · IFP, Small Business, Large Group\n  1-800-909-3447\n"), "{shown}");
    assert!(
        shown.contains("\nCommissions, contracting, appointments  · Small Business\n  1-800-447-8812\n"),
        "{shown}"
    );
}

#[test]
fn what_is_not_listed_is_not_trusted() {
    for need in ["800", "fax", "cobra fax", "fraud email", "broker services phone", "1-800-909-3447 9", "1 3", "pr"] {
        assert_eq!(run(&["find", need]).status.code(), Some(1), "{need}");
    }
    let shown = said(&["find", "cobra", "fax"]);
    assert!(
        shown.contains("COBRA Department  · Every audience\n  the channel you asked for is not listed\n"),
        "{shown}"
    );
}

#[test]
fn a_fax_is_called_one() {
    let line = said(&["find", "--plain", "--limit", "1", "ifp", "billing"]);
    assert!(line.starts_with("Fax (916) 935-4522\tIFP Billing Department\t"), "{line}");
}

#[test]
fn weak_answers_get_no_card() {
    let shown = said(&["find", "which", "museum", "can", "I", "visit", "with", "a", "doctor", "in", "Paris"]);
    assert!(shown.starts_with("Nothing fits well; the nearest\n"), "{shown}");
    assert!(shown.contains("\n  weak match\n") && !shown.contains("Source"), "{shown}");
}

#[test]
fn plain_is_a_line_an_answer() {
    assert_eq!(
        said(&["find", "--plain", "--limit", "1", "fruad"]),
        "1-800-977-3565\tFraud hotline\tEvery audience\ttel:+18009773565\tsure\n"
    );
    assert_eq!(
        said(&["find", "--plain", "--limit", "1", "--explain", "individual", "commision"]),
        "1-800-909-3447, press 1, then 1\tCommissions\tIFP, Small Business, Large Group\ttel:+18009093447/1/1\tsure\t\
         individual is individual; commision is nearly commission\n"
    );
    assert_eq!(said(&["find", "--plain", "zebra xylophone"]), "");
}

#[test]
fn an_audience_narrows_and_a_better_answer_outside_is_told() {
    let inside = said(&["find", "--plain", "--audience", "small-business", "--limit", "1", "commissions"]);
    assert!(inside.starts_with("1-800-447-8812, press 5\t"), "{inside}");
    let both = said(&["find", "--plain", "--audience", "small-business", "medicare", "commissions"]);
    let outside = "1-800-708-7646\tMedicare Broker Services\tMedicare\ttel:+18007087646\toutside\n";
    assert!(both.ends_with(outside), "{both}");
    let report = report(&["--audience", "small-business", "medicare commissions"]);
    assert_eq!(report["audience"], "small-business");
    assert_eq!(report["outside"]["target"], "tel:+18007087646");
    assert!(
        said(&["find", "--audience", "small-business", "medicare", "commissions"])
            .contains("Fits better, for another audience\nMedicare Broker Services")
    );
    let error = String::from_utf8(run(&["find", "--audience", "nobody", "x"]).stderr).unwrap();
    assert_eq!(
        error,
        "dialtree: there is no audience \"nobody\"; there are ifp, small-business, medicare, large-group\n"
    );
}

#[test]
fn json_is_schema_1() {
    let report = report(&["--limit", "1", "individual", "comission"]);
    let expected = json!({
        "schema": 1,
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
            "why": [
                {"typed": "individual", "matched": "individual", "how": "exact"},
                {"typed": "comission", "matched": "commission", "how": "typo"},
            ],
            "channels": [{"kind": "phone", "value": "1-800-909-3447", "uri": "tel:+18009093447"}],
        }],
    });
    assert_eq!(report, expected);
    let score = report["hits"][0]["score"].as_f64().unwrap();
    assert!((0.5..=1.0).contains(&score), "{score}");
}

#[test]
fn the_target_is_the_channel_that_was_asked_for() {
    for (need, target, say) in [
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
        let report = report(&[need]);
        let first = &report["hits"][0];
        assert_eq!((first["target"].as_str(), first["say"].as_str()), (Some(target), Some(say)), "{need}");
        assert_eq!(first["channels"][0]["value"].as_str(), say.split(',').next(), "{need}");
    }
}

#[test]
fn what_a_terminal_would_obey_is_escaped() {
    let shown = said(&["find", "--json", "fraud \u{9b}2J\u{202e}\u{7f}"]);
    assert!(shown.starts_with(r#"{"schema":1,"query":"fraud \u009b2J\u202e\u007f","#), "{shown:?}");
    assert!(!shown.contains(['\u{9b}', '\u{202e}', '\u{7f}']), "{shown:?}");
    let query = serde_json::from_str::<Value>(&shown).unwrap();
    assert_eq!(query["query"], "fraud \u{9b}2J\u{202e}\u{7f}");
}

#[test]
fn what_is_not_stated_is_null() {
    let report = report(&["broker log-in page"]);
    let page = report["hits"].as_array().unwrap().iter().find(|hit| hit["title"] == "Broker login").unwrap();
    assert_eq!((&page["target"], &page["say"]), (&Value::Null, &Value::Null));
    assert_eq!(page["channels"], json!([{"kind": "web", "value": null, "uri": null}]));
}

#[test]
fn a_batch_answers_each_line_as_soon_as_it_comes() {
    let mut child = dialtree(&["find", "--json", "--batch", "--limit", "1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut needs = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    let mut ask = |need: &[u8]| {
        needs.write_all(need).unwrap();
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        serde_json::from_str::<Value>(&line).unwrap()
    };
    assert_eq!(ask(b"report fraud\n")["hits"][0]["target"], "tel:+18009773565");
    assert_eq!(ask(b"lost id card\r\n")["query"], "lost id card");
    assert_eq!(ask(b"\n")["hits"], json!([]));
    assert_eq!(ask(b"\xff\xfe fraud\n")["hits"][0]["target"], "tel:+18009773565");
    let long = [&b"fraud ".repeat(50_000)[..], b"\n"].concat();
    assert_eq!(ask(&long)["hits"][0]["target"], "tel:+18009773565");
    assert_eq!(ask(b"cobra\n")["hits"][0]["target"], "tel:+18009772207/2");
    drop(needs);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_that_has_gone_away_is_no_error() {
    let mut child = dialtree(&["find", "--json", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut needs = child.stdin.take().unwrap();
    // The program may be gone before all of it is written.
    let _ = needs.write_all(&b"fraud\n".repeat(1_000));
    drop(needs);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!(error, "");
}
