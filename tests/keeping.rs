//! Keeping a directory true: what changed, what is stale, what `check` says, the editor, exports and reports to the owner.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use calcard::vcard::{VCard, VCardProperty};
use dialtree::app::event::Event;
use dialtree::app::{Effect, Environment};
use dialtree::cli::remote::run_words;
use dialtree::cli::{Context, Outcome};
use dialtree::directory::Directory;
use dialtree::present::diff::change::ChangeKind;
use dialtree::present::diff::changes;
use dialtree::search::Catalog;
use support::{folder, keys, monday, play, screen};

const OLD: &str = include_str!("fixtures/keeping/old.ron");

fn load(text: &str) -> Directory {
    Directory::load("x.ron", text).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The old directory with texts in place of others.
#[track_caller]
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(OLD.to_owned(), |text, (before, after)| {
        assert!(text.contains(before), "{before}");
        text.replacen(before, after, 1)
    })
}

/// What changed, one line each.
fn words(old: &str, new: &str) -> Vec<String> {
    changes(&load(old), &load(new)).iter().map(|change| change.words()).collect()
}

#[track_caller]
fn assert_changes(edits: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(words(OLD, &edited(edits)), expected);
}

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dialtree"));
    command.args(arguments).env("XDG_DATA_HOME", "nowhere").env("TZ", "UTC").env("LC_ALL", "C.UTF-8");
    for name in ["DIALTREE_DATA", "VISUAL", "EDITOR"] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_key_that_moved_is_told_once_and_not_for_what_is_under_it() {
    assert_changes(
        &[(r#"(press: "1", label: "Invoices""#, r#"(press: "5", label: "Invoices""#)],
        &["Billing > Invoices (billing/5): press 5 (was 1)"],
    );
    assert_changes(
        &[(r#"(press: "3", label: "Fraud")"#, r#"(say: "fraud", label: "Fraud")"#)],
        &[r#"Billing > Fraud (billing/say-fraud): say "fraud" (was press 3)"#],
    );
}

#[test]
fn keys_that_were_swapped_are_two_moves() {
    let swapped = [
        (r#""2", label: "Refunds""#, r#""3", label: "Refunds""#),
        (r#""3", label: "Fraud""#, r#""2", label: "Fraud""#),
    ];
    assert_changes(
        &swapped,
        &["Billing > Refunds (billing/3): press 3 (was 2)", "Billing > Fraud (billing/2): press 2 (was 3)"],
    );
}

#[test]
fn a_new_label_on_the_same_key_is_a_new_name() {
    assert_changes(
        &[(r#"label: "Refunds""#, r#"label: "Refunds and credits""#)],
        &["Billing > Refunds and credits (billing/2): renamed (was Refunds)"],
    );
}

#[test]
fn numbers_and_addresses_that_changed_came_or_went() {
    assert_changes(
        &[
            ("1-800-555-0109", "1-800-555-0108"),
            (r#", (fax"#, r#", (sms: "741741"), (fax"#),
            ("billing@acme.example", "pay@acme.example"),
        ],
        &[
            "Billing (billing): email pay@acme.example (was billing@acme.example)",
            "Billing (billing): sms 741741 is new",
            "Billing (billing): fax 1-800-555-0108 (was 1-800-555-0109)",
        ],
    );
    assert_changes(
        &[(r#"label: "Old fax""#, r#"label: "Fax", note: "At night""#)],
        &[
            "Billing (billing): label of 1-800-555-0109 Fax (was Old fax)",
            "Billing (billing): note of 1-800-555-0109 At night is new",
        ],
    );
    assert_changes(
        &[
            (r#"(email: "billing@acme.example"), "#, ""),
            ("Old fax\"),", "Old fax\"), (email: \"billing@acme.example\"),"),
        ],
        &["Billing (billing): order of numbers and addresses 1-800-555-0100; 1-800-555-0109; billing@acme.example \
           (was 1-800-555-0100; billing@acme.example; 1-800-555-0109)"],
    );
}

/// Options have the hours of their line, and closures are part of the hours of everything that they close.
#[test]
fn hours_are_told_where_they_changed() {
    assert_changes(
        &[("Mo-Fr 08:00", "Mo-Fr 09:00")],
        &["Billing (billing): hours Mo-Fr 09:00-18:00; PH off (was Mo-Fr 08:00-18:00; PH off)"],
    );
    assert_changes(
        &[("    notices:", "    closures: [(from: \"2026-12-24\", reason: \"Move\")],\n    notices:")],
        &["The directory: closures closed 2026-12-24: Move is new"],
    );
    assert_changes(
        &[(
            "    notices:",
            "    closures: [(from: \"2026-12-24\", reason: \"Move\", entries: [\"billing/1\"])],\n    notices:",
        )],
        &["Billing > Invoices (billing/1): closures closed 2026-12-24: Move is new"],
    );
    assert_changes(
        &[(r#"label: "Refunds""#, r#"label: "Refunds", hours: "Mo 09:00-10:00""#)],
        &["Billing > Refunds (billing/2): hours Mo 09:00-10:00 (was Mo-Fr 08:00-18:00; PH off)"],
    );
}

#[test]
fn of_a_list_only_what_differs_is_told() {
    assert_changes(
        &[(r#""change payment method""#, r#""pay", "pay by card""#)],
        &["Billing (billing): needs pay; pay by card (was change payment method)"],
    );
    assert_changes(
        &[(r#"name: "Claims","#, r#"name: "Claims", languages: ["English", "Spanish"],"#)],
        &["Claims (claims): languages English; Spanish is new"],
    );
}

#[test]
fn entries_that_came_or_went_are_told_with_their_numbers_but_not_what_is_under_them() {
    let claims = OLD.lines().find(|line| line.contains("\"claims\"")).unwrap();
    let without = OLD.replace(&format!("{claims}\n"), "");
    assert_eq!(words(OLD, &without), ["Claims (claims): removed: 1-800-555-0111"]);
    assert_eq!(words(&without, OLD), ["Claims (claims): new: 1-800-555-0111"]);
    assert_changes(
        &[(
            r#"(press: "3", label: "Fraud")"#,
            r#"(press: "3", label: "Fraud"), (press: "4", label: "More", menu: [(press: "1", label: "Most")])"#,
        )],
        &["Billing > More (billing/4): new: 1-800-555-0100, press 4"],
    );
}

#[test]
fn a_directory_does_not_differ_from_itself() {
    for text in [OLD, dialtree::directory::EMBEDDED] {
        assert_eq!(words(text, text), [""; 0]);
    }
    for file in fs::read_dir("data/examples").unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert_eq!(words(&text, &text), [""; 0]);
    }
}

/// Every change of one version to the other is one of the other direction.
#[test]
fn changes_are_the_same_in_both_directions() {
    let (old, new) = (load(OLD), load(include_str!("fixtures/keeping/new.ron")));
    let count = |kind: ChangeKind, of: &[dialtree::present::diff::change::Change]| {
        of.iter().filter(|change| change.kind == kind).count()
    };
    let (forth, back) = (changes(&old, &new), changes(&new, &old));
    assert!(forth.len() > 10);
    for (kind, opposite) in [
        (ChangeKind::Added, ChangeKind::Removed),
        (ChangeKind::Removed, ChangeKind::Added),
        (ChangeKind::Renamed, ChangeKind::Renamed),
        (ChangeKind::Moved, ChangeKind::Moved),
        (ChangeKind::Changed, ChangeKind::Changed),
    ] {
        assert_eq!(count(kind, &forth), count(opposite, &back), "{kind:?}");
    }
}

#[test]
fn many_contacts_are_compared_in_a_moment() {
    let directory = |count: usize| {
        let contacts = (0..count).map(|i| format!("(id: \"c{i}\", name: \"Contact {i}\", source: \"S\"),\n"));
        let contacts: String = contacts.collect();
        format!(
            "(schema: 2, id: \"x\", name: \"N\", organisation: \"O\", source: \"S\", transcribed: \"2026-11-23\", audiences: [], contacts: [{contacts}])"
        )
    };
    let (old, new) = (directory(20_000), directory(20_001));
    let (old, new) = (load(&old), load(&new));
    let start = std::time::Instant::now();
    assert_eq!(changes(&old, &new).len(), 1);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

/// A file in a folder of its own.
fn file(test: &str, text: &str) -> PathBuf {
    let path = folder(test).join("mine.ron");
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn stale_entries_are_listed_from_the_oldest_with_their_lines() {
    let text = edited(&[
        (r#"name: "Claims","#, r#"name: "Claims", checked: "2026-11-01","#),
        (r#"label: "Refunds""#, r#"label: "Refunds", checked: "2025-01-01""#),
    ]);
    let path = file("stale", &text);
    let path = path.to_str().unwrap();
    let check = |arguments: &[&str]| run(&[&["check", path, "--at", "2026-11-30T12:00:00Z"], arguments].concat(), &[]);
    let (code, out, _) = check(&["--stale", "90d"]);
    let lines: Vec<&str> = out.lines().filter_map(|line| line.strip_prefix(path)).collect();
    assert_eq!(
        lines,
        [
            ":17:10: never checked: Claims B (claims2)",
            ":11:22: last checked 2025-01-01, 698 days ago: Refunds (billing/2)",
            ":6:10: last checked 2026-01-02, 332 days ago: Billing (billing)",
            ": no problems, 3 stale; 3 contacts, 5 options, 1 notice",
        ]
    );
    assert_eq!(code, Some(0));
    for (age, count) in [("12w", 3), ("10mo", 3), ("11mo", 2), ("1y", 2), ("2y", 1), ("4w", 4), ("5w", 3)] {
        let (_, out, _) = check(&["--stale", age]);
        assert_eq!(out.lines().count() - 1, count, "{age}: {out}");
    }
    assert_eq!(check(&["--stale", "90d", "--strict"]).0, Some(1));
    assert_eq!(check(&["--strict"]).0, Some(0));
    for age in ["90", "d", "3h", "-1d", "1.5y", "99999999999y"] {
        let (code, _, error) = check(&[&format!("--stale={age}")]);
        assert!(code == Some(2) && error.contains("90d, 12w, 6mo or 1y"), "{age}: {error}");
    }
}

#[test]
fn strict_checks_fail_on_warnings() {
    for (test, edit, warning) in [
        ("warn-number", ("1-800-555-0111", "1-999-555-0111"), "is not in use according to the numbering plan"),
        ("warn-zone", (r#" zone: "America/Chicago","#, ""), "no time zone is known for these hours"),
        ("warn-est", ("America/Chicago", "EST"), "did you mean `America/New_York`?"),
        (
            "warn-holidays",
            ("08:00-18:00; PH off", "08:00-18:00, PH off; Mo-Fr 08:00-18:00"),
            "a later rule opens them again",
        ),
    ] {
        let path = file(test, &edited(&[edit]));
        let path = path.to_str().unwrap();
        let (code, out, _) = run(&["check", path], &[]);
        assert!(code == Some(0) && out.contains(": warning: ") && out.contains(warning), "{out}");
        assert_eq!(run(&["check", "--strict", path], &[]).0, Some(1), "{test}");
    }
    let path = file("warn-error", "(");
    assert_eq!(run(&["check", "--strict", path.to_str().unwrap()], &[]).0, Some(2));
}

/// An editor that writes its arguments to a file, by the name of a real one.
fn editor(folder: &Path, name: &str, ending: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\nprintf '%s\\n' \"$*\" > \"$0.arguments\"\n{ending}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_editor_opens_at_the_line_of_the_entry() {
    let path = file("edit", OLD);
    let (folder, path) = (path.parent().unwrap(), path.to_str().unwrap());
    let arguments = |editor: &str| fs::read_to_string(format!("{editor}.arguments")).unwrap().trim_end().to_owned();
    let vim = editor(folder, "vim", "");
    for (entry, line) in [
        ("billing", 6),
        ("billing/1/1", 10),
        ("billing/0", 13),
        ("claims2", 17),
        ("1-800-555-0111", 16),
        ("privacy/2", 19),
    ] {
        let (code, out, error) = run(&["--data", path, "edit", entry], &[("EDITOR", &vim)]);
        assert_eq!((code, &*out, &*error), (Some(0), "", ""), "{entry}");
        assert_eq!(arguments(&vim), format!("+{line} {path}"), "{entry}");
    }
    let code = editor(folder, "code", "");
    assert_eq!(
        run(&["--data", path, "edit", "claims"], &[("EDITOR", &vim), ("VISUAL", &format!("{code} -n"))]).0,
        Some(0)
    );
    assert_eq!(arguments(&code), format!("-n -g {path}:16 --wait"), "VISUAL comes first");
    assert_eq!(run(&["--data", path, "edit", "nobody"], &[("EDITOR", &vim)]).0, Some(1));
    let (code, _, error) = run(&["--data", path, "edit", "claims"], &[]);
    assert!(code == Some(2) && error.contains(&format!("the entry is at {path}:16")), "{error}");
}

#[test]
fn the_file_is_checked_after_it_was_edited_and_a_broken_one_opens_at_its_problem() {
    let path = file("edit-broken", OLD);
    let (folder, path) = (path.parent().unwrap(), path.to_str().unwrap());
    let breaking = editor(folder, "breaking", &format!("sed -i 's/1-800-555-0111/1-800/' {path}"));
    let (code, _, error) = run(&["--data", path, "edit", "billing"], &[("EDITOR", &breaking)]);
    assert!(code == Some(2) && error.contains(":16:") && error.contains("must have ten digits"), "{error}");
    let vim = editor(folder, "vim", "");
    run(&["--data", path, "edit", "billing"], &[("EDITOR", &vim)]);
    assert_eq!(fs::read_to_string(format!("{vim}.arguments")).unwrap(), format!("+16 {path}\n"));
    let failing = editor(folder, "failing", "exit 3");
    let (code, _, error) = run(&["--data", path, "edit", "billing"], &[("EDITOR", &failing)]);
    assert!(code == Some(2) && error.contains("ended with exit status: 3"), "{error}");
}

#[test]
fn what_cannot_be_edited_is_copied_first() {
    let (code, _, error) = run(&["edit", "ifp-line/1/1"], &[("EDITOR", "true")]);
    assert_eq!(code, Some(2));
    assert!(
        error.contains("`dialtree export --format ron > mine.ron`, then `dialtree --data mine.ron edit ifp-line/1/1`"),
        "{error}"
    );
    let path = file("edit-read-only", OLD);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let path = path.to_str().unwrap();
    let (code, _, error) = run(&["--data", path, "edit", "claims"], &[("EDITOR", "true")]);
    assert!(code == Some(2) && error.contains(&format!("dialtree --data {path} export --format ron")), "{error}");
}

#[test]
fn remote_clients_can_neither_compare_edit_nor_check() {
    let catalog: Arc<Catalog> = Arc::new(load(OLD).into());
    for line in [
        "diff a.ron b.ron",
        "diff /etc/passwd /etc/shadow",
        "edit billing",
        "check --stale 1d x.ron",
        "export --format markdown",
    ] {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let (mut out, mut error) = (Vec::new(), Vec::new());
        let context = Context::remote(Arc::clone(&catalog), Environment::default(), monday());
        assert_eq!(run_words(&words, context, &mut out, &mut error), Outcome::Failed, "{line}");
        assert_eq!((&*out, &*error), (&b""[..], &b"dialtree: only find, show, tree and notice can be run here\n"[..]));
    }
}

#[test]
fn a_vcard_of_version_3_is_read_by_another_parser() {
    let path = file("vcard", OLD);
    let (code, out, _) =
        run(&["--data", path.to_str().unwrap(), "export", "--format", "vcard", "--vcard-version", "3.0"], &[]);
    assert_eq!(code, Some(0));
    assert!(out.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{out}");
    let cards: Vec<&str> = out.split_inclusive("END:VCARD\r\n").collect();
    assert_eq!(cards.len(), 8);
    for card in &cards {
        assert!(
            card.starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\n") && card.contains("\r\nN:") && !card.contains("KIND"),
            "{card}"
        );
        let card = VCard::parse(card).unwrap();
        for name in [VCardProperty::N, VCardProperty::Fn, VCardProperty::Tel] {
            assert!(card.entries.iter().any(|entry| entry.name == name), "{name:?}");
        }
    }
    for line in [
        "TEL;TYPE=VOICE,WORK,PREF:+18005550100",
        "TEL;TYPE=VOICE,WORK:+18005550100\\,\\,1\\,\\,1",
        "TEL;TYPE=FAX,WORK:+18005550109",
        "EMAIL;TYPE=INTERNET:billing@acme.example",
    ] {
        assert!(out.lines().any(|written| written == line), "{line} is not in\n{out}");
    }
    let (code, _, error) = run(&["export", "--format", "csv", "--vcard-version", "3.0"], &[]);
    assert!(code == Some(2) && error.contains("--format vcard"), "{error}");
}

#[test]
fn a_sheet_to_print_has_the_numbers_and_the_phone_menus() {
    let text = edited(&[(
        r#"name: "Claims","#,
        r##"name: "Claims *#1*", alert: (text: "Lines are down."), notes: ["<Ask> for [A]"],"##,
    )]);
    let path = file("markdown", &text);
    let (code, out, _) =
        run(&["--data", path.to_str().unwrap(), "export", "--format", "markdown", "--at", "2026-11-23T18:00:00Z"], &[]);
    assert_eq!(code, Some(0));
    assert!(
        out.starts_with(
            "# Acme support contacts\n\nAcme. Source: Handbook, transcribed 2026-11-01. Printed 2026-11-23.\n"
        ),
        "{out}"
    );
    for part in [
        "\n## Home customers\n\n### Billing\n\n- Phone **1-800-555-0100**\n- Email **billing@acme.example**\n",
        "- Hours: Mon–Fri 8:00 AM – 6:00 PM (time zone not stated, CT assumed; ",
        "\nPhone menu:\n\n- **1** Invoices\n  - **1** Copies\n- **2** Refunds\n- **3** Fraud\n- **0** A person (a person)\n",
        "### Claims \\*\\#1\\*\n",
        "- Warning: Lines are down.\n",
        "- Note: \\<Ask> for \\[A\\]\n",
        "\n## Notices\n\n### Privacy\n\n#### One\n\nText.\n",
    ] {
        assert!(out.contains(part), "{part} is not in\n{out}");
    }
    assert!(!out.contains("\n\n\n"), "{out}");
}

/// A session in which links can be opened or not.
fn reporting(text: &str, opens_links: bool) -> dialtree::session::Session<ratatui::backend::TestBackend> {
    support::own(text, 120, 30, Environment { opens_links, ..Environment::default() })
}

fn effects(session: &mut dialtree::session::Session<ratatui::backend::TestBackend>, typed: &str) -> Vec<Effect> {
    let effects = keys(typed).into_iter().flat_map(|key| session.feed(key, monday())).collect();
    session.draw().unwrap();
    effects
}

#[test]
fn a_wrong_number_is_reported_to_the_owner_by_email() {
    let mut session = reporting(OLD, true);
    play(&mut session, "12");
    let effects = effects(&mut session, "<F6>");
    let [Effect::OpenLink(link)] = &effects[..] else { panic!("{effects:?}") };
    let decoded = percent_encoding::percent_decode_str(link).decode_utf8().unwrap();
    assert!(
        decoded.starts_with(
            "mailto:it@acme.example?subject=Wrong number? Billing > Refunds, 1-800-555-0100, press 2&body="
        ),
        "{decoded}"
    );
    for part in [
        "What is wrong:\r\n",
        "\r\nEntry: Billing > Refunds (billing/2)\r\n",
        "\r\nNumber or address: 1-800-555-0100, press 2\r\n",
        "\r\nDirectory: Acme support contacts (acme), transcribed 2026-11-01\r\n",
        "\r\nLast checked: 2026-01-02\r\n",
        "\r\nSeen: 2026-11-23, in dialtree ",
        "\r\nThe card:\r\n",
    ] {
        assert!(decoded.contains(part), "{part} is not in\n{decoded}");
    }
    assert!(!link.contains([' ', '\n']) && link.matches('&').count() == 1, "{link}");
    assert!(screen(&session).contains("Opening an email to it@acme.example"), "{}", screen(&session));
    // Without a mail program, it is copied.
    let copied = session.feed(Event::OpenFailed(link.clone()), monday());
    assert!(
        matches!(&copied[..], [Effect::Copy(item)] if item.text.starts_with("To: it@acme.example\nSubject: Wrong number?"))
    );
}

#[test]
fn where_nothing_can_be_opened_the_report_is_copied() {
    for (text, opens_links, to) in [
        (OLD.to_owned(), false, "To: it@acme.example\n"),
        (edited(&[("it@acme.example", "the help desk, room 5")]), true, "To: the help desk, room 5\n"),
    ] {
        let mut session = reporting(&text, opens_links);
        play(&mut session, "12");
        let effects = effects(&mut session, "<F6>");
        let [Effect::Copy(item)] = &effects[..] else { panic!("{effects:?}") };
        assert!(item.text.starts_with(to) && item.text.contains("(billing/2)"), "{}", item.text);
    }
}

#[test]
fn a_directory_without_an_owner_says_so() {
    let mut session = reporting(&edited(&[(r#", owner: "it@acme.example""#, "")]), true);
    assert_eq!(effects(&mut session, "<F6>"), []);
    assert!(screen(&session).contains("There is no entry to report"), "{}", screen(&session));
    assert_eq!(effects(&mut session, "12<F6>"), []);
    assert!(screen(&session).contains("Acme support contacts names no owner"), "{}", screen(&session));
}
