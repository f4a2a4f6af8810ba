//! Several directories at once: where they come from, whose a result is, and which of them is in scope.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use dialtree::app::event::{DataProblems, Event};
use dialtree::app::{Environment, Profile};
use dialtree::directory::{Directory, Scope};
use dialtree::present::display::Glyphs;
use dialtree::search::{Catalog, Query};
use dialtree::session::Session;
use dialtree::session::line::LineSession;
use dialtree::source::watch::{WatchEvent, WatchHandle, WatchOptions, watch};
use dialtree::source::{Loaded, Sources};
use ratatui::backend::TestBackend;
use serde_json::Value;
use support::{folder, monday, play, screen};

/// The directory of a carrier with an id and a name.
fn carrier(id: &str, name: &str, exchange: u32) -> String {
    format!(
        r#"(schema: 1, id: "{id}", name: "{name} key contacts", organisation: "{name}", source: "The wall",
    transcribed: "2026-11-23", zone: "America/New_York",
    audiences: [(id: "brokers", name: "Brokers", short: "Brokers"), (id: "members", name: "Members", short: "Members")],
    contacts: [
        (id: "pay", name: "Commission desk", audiences: ["brokers"], source: "Desk", needs: ["commission statement"],
            channels: [(phone: "1-800-{exchange}-0100", menu: [(key: "1", label: "Late commission")])]),
        (id: "cards", name: "Member cards", audiences: ["members"], source: "Desk", needs: ["lost card"],
            channels: [(phone: "1-800-{exchange}-0200")]),
    ])"#
    )
}

fn acme() -> String {
    carrier("acme", "Acme Health", 555)
}

fn mutual() -> String {
    carrier("mutual", "Example Mutual", 556)
}

fn catalog(texts: &[String]) -> Arc<Catalog> {
    let directories = texts.iter().map(|text| Directory::load("own.ron", text).unwrap());
    Arc::new(Catalog::new(directories.collect()))
}

fn two(width: u16, environment: Environment) -> Session<TestBackend> {
    Session::new(catalog(&[acme(), mutual()]), environment, TestBackend::new(width, 40), monday()).unwrap()
}

/// The folder of both carriers.
fn both(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    fs::write(folder.join("acme.ron"), acme()).unwrap();
    fs::write(folder.join("mutual.ron"), mutual()).unwrap();
    folder
}

/// What the program prints: exit code, standard output, standard error.
fn run(data: &[&Path], arguments: &[&str]) -> (Option<i32>, String, String) {
    run_with(data, arguments, &[])
}

fn run_with(data: &[&Path], arguments: &[&str], variables: &[(&str, &Path)]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dialtree"));
    command.env("XDG_DATA_HOME", "nowhere").env("XDG_CONFIG_HOME", "nowhere").env("LC_ALL", "C.UTF-8");
    for name in ["DIALTREE_DATA", "VISUAL", "EDITOR"] {
        command.env_remove(name);
    }
    for path in data {
        command.arg("--data").arg(path);
    }
    let output = command.args(arguments).envs(variables.iter().copied()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The names of the sources that `--version` lists.
fn sources(out: &str) -> Vec<&str> {
    let names = out.lines().filter_map(|line| line.strip_prefix("directory: "));
    names.map(|name| name.rsplit('/').next().unwrap()).collect()
}

#[test]
fn sources_are_files_folders_and_the_built_in_directory() {
    let folder = both("many_sources");
    let (one, two) = (folder.join("acme.ron"), folder.join("mutual.ron"));
    fs::write(folder.join(".hidden.ron"), "(").unwrap();
    fs::write(folder.join("notes.txt"), "(").unwrap();
    let versions = |data: &[&Path], more: &[&str], variables: &[(&str, &Path)]| {
        let (code, out, error) = run_with(data, &[&["--version"], more].concat(), variables);
        assert_eq!((code, error.as_str()), (Some(0), ""));
        sources(&out).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(versions(&[&folder], &[], &[]), ["acme.ron (--data)", "mutual.ron (--data)"]);
    assert_eq!(versions(&[&two, &one], &[], &[]), ["mutual.ron (--data)", "acme.ron (--data)"]);
    assert_eq!(versions(&[&two, &folder], &[], &[]), ["mutual.ron (--data)", "acme.ron (--data)"], "each once");
    assert_eq!(versions(&[&one], &["--with-built-in"], &[]), ["acme.ron (--data)", "built in"]);
    assert_eq!(versions(&[], &[], &[]), ["built in"]);
    let paths = std::env::join_paths([&two, &one]).unwrap();
    let variable = [("DIALTREE_DATA", Path::new(&paths))];
    assert_eq!(versions(&[], &[], &variable), ["mutual.ron (DIALTREE_DATA)", "acme.ron (DIALTREE_DATA)"]);
    fs::create_dir(folder.join("dialtree")).unwrap();
    fs::write(folder.join("dialtree/b.ron"), acme()).unwrap();
    fs::write(folder.join("dialtree/a.ron"), mutual()).unwrap();
    let home = [("XDG_DATA_HOME", &*folder)];
    assert_eq!(versions(&[], &[], &home), ["a.ron (in the data folder)", "b.ron (in the data folder)"]);
    // The configuration says in which order, and what they are called.
    let config = folder.join("config.ron.txt");
    fs::write(&config, r#"(directories: {"mutual.ron": "The Mutual"})"#).unwrap();
    let configured = ["--config", config.to_str().unwrap()];
    let given = [&*one, &*two];
    assert_eq!(versions(&given, &configured, &[]), ["mutual.ron (--data)", "acme.ron (--data)"]);
    let (_, out, _) = run(&given, &[&configured[..], &["find", "the mutual lost card"]].concat());
    assert!(out.starts_with("Member cards  · The Mutual: Members\n"), "{out}");
}

#[test]
fn each_result_says_whose_it_is() {
    let folder = both("many_results");
    let (code, out, _) = run(&[&folder], &["find", "example mutual commission statement"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.starts_with("Commission desk  · Example Mutual: Brokers\n"), "{out}");
    let (_, out, _) = run(&[&folder], &["find", "--plain", "lost card acme health"]);
    assert!(out.starts_with("1-800-555-0200\tMember cards\tAcme Health: Members\ttel:+18005550200\tsure\n"), "{out}");
    let (_, out, _) = run(&[&folder], &["find", "--json", "mutual lost card"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["hits"][0]["directory"], "mutual", "its id names it, too: {out}");
    let (_, out, _) = run(&[&folder.join("acme.ron")], &["find", "--json", "lost card"]);
    assert!(!out.contains("directory") && !out.contains("Acme"), "with one directory, nothing of this shows: {out}");
}

#[test]
fn a_command_can_be_limited_to_one_directory() {
    let folder = both("many_limited");
    let run = |arguments: &[&str]| run(&[&folder], arguments);
    for arguments in [&["find", "lost card"][..], &["tree"], &["show", "cards"], &["export", "--format", "csv"]] {
        let (code, out, error) = run(&[arguments, &["--directory", "mutual"]].concat());
        assert_eq!((code, error.as_str()), (Some(0), ""), "{arguments:?}");
        assert!(out.contains("556-0200") && !out.contains("555-0"), "{arguments:?}: {out}");
    }
    let (_, out, _) = run(&["tree", "--directory", "acme", "members"]);
    assert!(out.contains("555-0200") && !out.contains("0100") && !out.contains("556-"), "{out}");
    let (_, out, _) = run(&["export", "--format", "ron", "--directory", "Example Mutual"]);
    assert_eq!(out, mutual(), "a name does as well");
    let (code, _, error) = run(&["find", "lost card", "--directory", "zenith"]);
    assert_eq!((code, &*error), (Some(2), "dialtree: there is no directory \"zenith\"; use one of acme, mutual\n"));
    let (code, _, error) = run(&["export", "--format", "ron"]);
    assert_eq!((code, &*error), (Some(2), "dialtree: --format ron writes one data file; name it with --directory\n"));
}

#[test]
fn an_id_that_directories_share_shows_both_and_edits_neither() {
    let folder = both("many_shared");
    let (code, out, _) = run(&[&folder], &["show", "cards"]);
    assert_eq!(code, Some(0));
    let whose = ["Member cards  · Acme Health: Members", "Member cards  · Example Mutual: Members"];
    assert!(whose.iter().all(|line| out.contains(line)), "{out}");
    let editor = [("EDITOR", Path::new("true"))];
    let (code, _, error) = run_with(&[&folder], &["edit", "cards"], &editor);
    let expected = "dialtree: \"cards\" is in several directories; add --directory with one of acme, mutual\n";
    assert_eq!((code, &*error), (Some(2), expected));
    assert_eq!(run_with(&[&folder], &["edit", "cards", "--directory", "acme"], &editor).0, Some(0));
}

#[test]
fn directories_with_one_id_get_two() {
    let folder = folder("many_twins");
    fs::write(folder.join("a.ron"), acme()).unwrap();
    fs::write(folder.join("b.ron"), acme()).unwrap();
    let (code, out, error) = run(&[&folder], &["show", "cards"]);
    assert_eq!((code, &*error), (Some(0), "dialtree: a.ron and b.ron have the same id; the second is acme-2\n"));
    assert!(out.contains("Acme Health (acme):") && out.contains("Acme Health (acme-2):"), "{out}");
    assert_eq!(run(&[&folder], &["show", "cards", "--directory", "acme-2"]).0, Some(0));
}

#[test]
fn a_bad_file_is_left_out_unless_there_is_no_other() {
    let folder = both("many_bad");
    let bad = folder.join("bad.ron");
    fs::write(&bad, "(schema: 1,\n    nam: \"x\")").unwrap();
    let (code, out, error) = run(&[&folder], &["find", "lost card"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("Acme Health") && out.contains("Example Mutual"), "{out}");
    assert!(
        error.contains("bad.ron:2:5: unknown field `nam`") && error.ends_with("this file is left out\n"),
        "{error}"
    );
    let alone = run(&[&bad], &["find", "lost card"]);
    assert!(alone.0 == Some(2) && alone.2.contains("bad.ron:2:5") && !alone.2.contains("left out"), "{}", alone.2);
    let missing = folder.join("missing.ron");
    let (code, _, error) = run(&[&bad, &missing], &["tree"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("bad.ron:2:5") && error.contains("missing.ron: there is no such file"), "{error}");
    let empty = folder.join("empty");
    fs::create_dir(&empty).unwrap();
    let (code, _, error) = run(&[&empty], &["tree"]);
    assert_eq!(code, Some(2));
    assert!(error.ends_with("empty: this folder has no data file (*.ron)\n"), "{error}");
}

/// The best result of a query, with its directory.
fn best(catalog: &Catalog, text: &str, scope: Scope) -> Option<(usize, String, bool)> {
    let found = catalog.find(&Query { text, scope, limit: 5 });
    let first = found.results.first()?;
    Some((first.id.directory, catalog.directory(first.id).title(first.id).to_owned(), first.weak))
}

#[test]
fn the_name_of_an_organisation_steers() {
    let catalog = catalog(&[acme(), mutual()]);
    for (text, directory) in [
        ("acme health commission statement", 0),
        ("example mutual commission statement", 1),
        ("commission statement at mutual", 1),
        ("exmaple mutual commission statement", 1),
    ] {
        let expected = Some((directory, "Commission desk".to_owned(), false));
        assert_eq!(best(&catalog, text, Scope::All), expected, "{text}");
    }
    // What is named is not what is searched, so that nothing there can be trusted.
    let (directory, _, weak) = best(&catalog, "example mutual commission statement", Scope::Directory(0)).unwrap();
    assert!((directory, weak) == (0, true));
    let found =
        catalog.find(&Query { text: "example mutual commission statement", scope: Scope::Directory(0), limit: 5 });
    assert_eq!(found.outside.map(|outside| outside.id.directory), Some(1));
}

#[test]
fn a_word_of_many_names_does_not_steer() {
    let texts: Vec<String> = (0..12)
        .map(|number| carrier(&format!("c{number}"), &format!("Carrier{number} Mutual"), 560 + number))
        .collect();
    let catalog = catalog(&texts);
    let expected = Some((7, "Commission desk".to_owned(), false));
    assert_eq!(best(&catalog, "carrier7 mutual commission statement", Scope::All), expected);
    assert_eq!(best(&catalog, "carrier7 commission statement", Scope::All), expected);
    let (_, title, _) = best(&catalog, "mutual commission statement", Scope::All).unwrap();
    assert_eq!(title, "Commission desk", "the word is in every name, so it says nothing");
}

/// The directory of a carrier with other contacts.
fn carrier_with(id: &str, name: &str, contacts: &str) -> String {
    format!(
        r#"(schema: 2, id: "{id}", name: "{name} contacts", organisation: "{name}", source: "The wall",
    transcribed: "2026-11-23", zone: "America/New_York",
    audiences: [(id: "brokers", name: "Brokers", short: "Brokers"), (id: "members", name: "Members", short: "Members")],
    contacts: [{contacts}])"#
    )
}

/// A carrier that has a fraud hotline, among others.
fn with_hotline(number: u32, needs: &str) -> String {
    let contacts = format!(
        r#"(id: "fraud", name: "Fraud hotline", source: "Desk", needs: [{needs}],
            channels: [(phone: "1-800-555-{}")]),
        (id: "cards", name: "Enrollment", source: "Desk", needs: ["lost id card"],
            channels: [(phone: "1-800-555-{}"), (email: "enroll@carrier{number}.example")])"#,
        1000 + number,
        2000 + number
    );
    carrier_with(&format!("carrier{number}"), &format!("Carrier{number} Health"), &contacts)
}

#[test]
fn equal_results_of_several_directories_are_shown_together() {
    for count in [2, 4, 5, 6, 12] {
        let texts: Vec<String> = (0..count).map(|number| with_hotline(number, "")).collect();
        let catalog = catalog(&texts);
        let found = catalog.find(&Query { text: "fraud", scope: Scope::All, limit: 20 });
        let best = &found.results[..found.by_audience];
        let directories: Vec<usize> = best.iter().map(|result| result.id.directory).collect();
        assert_eq!(directories, (0..texts.len()).collect::<Vec<_>>(), "{count} carriers");
        assert!(best.iter().all(|result| !result.weak && result.score == best[0].score), "{count} carriers: {best:?}");
        assert_eq!(catalog.answer("fraud", Scope::All), None, "no carrier answers for the others");
        assert!(catalog.answer("fraud", Scope::Directory(1)).is_some());
        // One that is named is trusted alone.
        let found = catalog.find(&Query { text: "carrier1 fraud", scope: Scope::All, limit: 20 });
        assert!(found.by_audience == 0 && found.results[0].id.directory == 1 && !found.results[0].weak, "{found:?}");
        assert!(found.results[1..].iter().all(|other| other.weak), "{found:?}");
    }
    // Outside the chosen directory, nothing says which of the others is meant.
    let mut texts: Vec<String> = (0..3).map(|number| with_hotline(number, "")).collect();
    texts.push(acme());
    let found = catalog(&texts).find(&Query { text: "fraud", scope: Scope::Directory(3), limit: 5 });
    assert_eq!(found.outside, None);
}

#[test]
fn a_directory_that_repeats_a_word_is_not_trusted_before_others() {
    let texts = [with_hotline(0, ""), with_hotline(1, r#""suspected fraud", "report fraud", "fraud""#)];
    let catalog = catalog(&texts);
    for text in ["fraud", "fraud hotline"] {
        let found = catalog.find(&Query { text, scope: Scope::All, limit: 5 });
        assert_eq!(found.by_audience, 2, "{found:?}");
        assert!(!found.results[..2].iter().any(|result| result.weak), "{found:?}");
    }
}

#[test]
fn nothing_outside_the_chosen_audience_is_in_scope() {
    let catalog = catalog(&[acme(), mutual()]);
    let brokers = Scope::Audience(catalog.directories()[0].audience_id(0));
    let found = catalog.find(&Query { text: "example mutual lost card", scope: brokers, limit: 20 });
    let titles: Vec<&str> = found.results.iter().map(|result| catalog.directory(result.id).title(result.id)).collect();
    assert!(!titles.contains(&"Member cards"), "{titles:?}");
}

#[test]
fn an_audience_that_directories_share_can_be_excluded() {
    let contacts = r#"(id: "b", name: "Statements for brokers", audiences: ["brokers"], source: "Desk",
            needs: ["statement"], channels: [(phone: "1-800-555-3001")]),
        (id: "m", name: "Member statements", audiences: ["members"], source: "Desk", needs: ["statement"],
            channels: [(phone: "1-800-555-3002")])"#;
    let texts = ["one", "two"].map(|id| carrier_with(id, &format!("Carrier {id}"), contacts));
    let catalog = catalog(&texts);
    let found = catalog.find(&Query { text: "statement, not brokers", scope: Scope::All, limit: 20 });
    let titles: Vec<&str> = found.results.iter().map(|result| catalog.directory(result.id).title(result.id)).collect();
    assert_eq!(titles[..2], ["Member statements"; 2], "{titles:?}");
    assert_eq!(found.by_audience, 2, "{found:?}");
}

#[test]
fn what_means_the_same_is_found_beside_many_others() {
    let near: String = (0..300)
        .map(|number| format!(r#"(id: "n{number}", name: "Physician {number}", source: "Desk", channels: [(phone: "1-800-556-{}")]),"#, 1000 + number))
        .collect();
    let one = r#"(id: "doc", name: "Physician", source: "Desk", channels: [(phone: "1-800-557-1000")])"#;
    let texts = [carrier_with("many", "Many", &near), carrier_with("few", "Few", one)];
    let found = catalog(&texts).find(&Query { text: "pediatrician", scope: Scope::Directory(1), limit: 5 });
    assert_eq!(found.results.len(), 1, "{found:?}");
}

#[test]
fn the_name_of_an_organisation_chooses_no_channel() {
    for count in [1, 3] {
        let texts: Vec<String> = (0..count).map(|number| with_hotline(number, "")).collect();
        let catalog = catalog(&texts);
        for (text, channel) in [
            ("carrier0 lost id card", None),
            ("carrier0 enrollment phone", Some(0)),
            ("carrier0 enrollment email", Some(1)),
            ("enroll@carrier0.example", Some(1)),
        ] {
            let found = catalog.find(&Query { text, scope: Scope::All, limit: 1 });
            assert_eq!(found.results[0].id.channel, channel, "{text}, {count} directories");
        }
    }
}

#[test]
fn the_chosen_directory_is_marked_and_searched() {
    let mut session = two(120, Environment::default());
    let line = |session: &Session<TestBackend>, text: &str| {
        let shown = screen(session);
        assert!(shown.lines().take(6).any(|line| line.contains(text)), "{text}\n{shown}");
    };
    play(&mut session, "");
    line(&session, "All directories");
    play(&mut session, "<ctrl-x>mut<Enter>");
    line(&session, " Example Mutual");
    assert_eq!(session.app().scope(), Scope::Directory(1));
    play(&mut session, "lost card");
    let shown = screen(&session);
    assert!(shown.contains("Find · Example Mutual") && shown.contains("Example Mutual: Members"), "{shown}");
    assert!(!shown.contains("Acme Health: Members"), "{shown}");
    // The query stays when another is chosen.
    play(&mut session, "<ctrl-x><Enter>");
    assert_eq!(session.app().scope(), Scope::All);
    let shown = screen(&session);
    assert!(shown.contains("Find · all directories") && shown.contains("Acme Health: Members"), "{shown}");
    // A new caller may ask for any.
    play(&mut session, "<f3>acme<Enter>");
    assert_eq!(session.app().scope(), Scope::Directory(0));
    play(&mut session, "<ctrl-l>");
    assert_eq!(session.app().scope(), Scope::All);
    line(&session, "All directories");
}

#[test]
fn results_of_other_directories_are_set_apart() {
    let mut session = two(120, Environment::default());
    play(&mut session, "<ctrl-x>acme<Enter>example mutual lost card");
    let shown = screen(&session);
    assert!(shown.contains("Outside Acme Health") && shown.contains("Example Mutual: Members"), "{shown}");
    let app = session.app();
    let outside = app.find.as_ref().unwrap().outside().unwrap();
    (0..outside).for_each(|_| play(&mut session, "<Down>"));
    play(&mut session, "<Enter>");
    assert_eq!(session.app().scope(), Scope::Directory(1), "opening one goes to its directory");
    assert!(screen(&session).contains("Now in Example Mutual"), "{}", screen(&session));
}

#[test]
fn an_audience_belongs_to_its_directory() {
    let mut session = two(120, Environment::default());
    play(&mut session, "2");
    let members = Scope::Audience(session.app().catalog.directories()[0].audience_id(1));
    assert_eq!((session.app().scope(), session.app().directory_line()), (members, Some("Acme Health")));
    play(&mut session, "commission<Tab>");
    assert_eq!(session.app().scope(), Scope::All, "everyone is the caller of any directory");
}

#[test]
fn the_line_above_the_audiences_opens_the_list() {
    let mut session = two(120, Environment::default());
    play(&mut session, "");
    let shown = screen(&session);
    let row = shown.lines().position(|line| line.contains("All directories")).unwrap();
    session.feed(Event::Click { column: 5, row: u16::try_from(row).unwrap() }, monday());
    session.draw().unwrap();
    let shown = screen(&session);
    assert!(shown.contains("Directories · type to filter"), "{shown}");
    let (row, line) = shown.lines().enumerate().filter(|(_, line)| line.contains("Example Mutual")).last().unwrap();
    let column = line.split("Example Mutual").next().unwrap().chars().count();
    session.feed(Event::Click { column: u16::try_from(column).unwrap(), row: u16::try_from(row).unwrap() }, monday());
    assert_eq!(session.app().scope(), Scope::Directory(1));
}

#[test]
fn with_one_directory_there_is_nothing_to_choose() {
    let mut session = support::own(&acme(), 120, 40, Environment::default());
    play(&mut session, "<ctrl-x>");
    let shown = screen(&session);
    assert!(shown.contains("There is only one directory here"), "{shown}");
    play(&mut session, "<F1>direct");
    let shown = screen(&session);
    assert!(!shown.contains("All directories") && !shown.contains("choose another directory"), "{shown}");
}

#[test]
fn pins_of_every_directory_are_listed_with_its_name() {
    let profile = Profile { keeps: true, ..Profile::default() };
    let mut session = two(120, Environment { profile, ..Environment::default() });
    play(&mut session, "mutual lost card<Enter><ctrl-t><ctrl-l>acme lost card<Enter><ctrl-t><ctrl-l>/");
    let shown = screen(&session);
    assert!(shown.contains("Acme Health: Members") && shown.contains("Example Mutual: Members"), "{shown}");
    // A directory that is gone takes its pins with it, and brings them back.
    session.reload(catalog(&[mutual()]));
    session.draw().unwrap();
    assert!(!screen(&session).contains("Acme"), "{}", screen(&session));
    session.reload(catalog(&[mutual(), acme()]));
    session.draw().unwrap();
    assert!(screen(&session).contains("Acme Health: Members"), "{}", screen(&session));
}

#[test]
fn a_reload_keeps_the_chosen_directory_by_its_id() {
    let mut session = two(120, Environment::default());
    play(&mut session, "<ctrl-x>mutual<Enter>");
    session.reload(catalog(&[carrier("zenith", "Zenith", 557), acme(), mutual()]));
    assert_eq!(session.app().scope(), Scope::Directory(2));
    session.reload(catalog(&[acme(), carrier("zenith", "Zenith", 557)]));
    assert_eq!(session.app().scope(), Scope::All, "it is gone");
    session.reload(catalog(&[acme()]));
    assert_eq!(session.app().directory_line(), None);
}

#[test]
fn problems_of_several_files_are_listed_by_file() {
    let mut session = two(120, Environment::default());
    let wrong = |file: &str, lines: &[usize]| DataProblems {
        file: file.to_owned(),
        first: format!("{file}:1:1: unknown field `nam`"),
        list: lines
            .iter()
            .map(|line| dialtree::directory::problem::Problem { line: *line, column: 5, message: "unknown".into() })
            .collect(),
        has_earlier: false,
    };
    session.feed(Event::DataWrong(vec![wrong("a.ron", &[2, 7]), wrong("b.ron", &[9])]), monday());
    session.draw().unwrap();
    assert!(screen(&session).contains("the file is left out"), "nothing of it is shown: {}", screen(&session));
    play(&mut session, "<F4>");
    let shown = screen(&session);
    for text in ["3 problems in 2 files", "a.ron:2:5: unknown", "a.ron:7:5: unknown", "b.ron:9:5: unknown"] {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
}

#[test]
fn lines_choose_a_directory_too() {
    let mut environment = Environment::default();
    environment.display.glyphs = Glyphs::ASCII;
    let mut session = LineSession::new(catalog(&[acme(), mutual()]), environment.clone(), 80, monday());
    assert!(
        session.greeting().contains("All directories; \"directory\" chooses one.\n1. Brokers\n"),
        "{}",
        session.greeting()
    );
    let reply = session.answer("directory", monday()).text;
    assert_eq!(reply, "1. All directories\n2. Acme Health\n3. Example Mutual\n");
    let reply = session.answer("3", monday()).text;
    assert!(
        reply.starts_with("Now in Example Mutual\nExample Mutual; \"directory\" chooses one.\n1. Brokers\n"),
        "{reply}"
    );
    let reply = session.answer("lost card", monday()).text;
    assert!(reply.contains("1. Member cards; Example Mutual: Members; 1-800-556-0200"), "{reply}");
    let mut one = LineSession::new(catalog(&[acme()]), environment, 80, monday());
    assert!(!one.greeting().contains("directory") && !one.answer("help", monday()).text.contains("another directory"));
}

fn watched(sources: Sources) -> (WatchHandle, Receiver<WatchEvent>) {
    let (sender, events) = mpsc::channel();
    let handle = watch(sources, WatchOptions::default(), move |event| drop(sender.send(event)));
    (handle, events)
}

/// The next event other than progress: the names of the directories, or what is wrong.
fn next(events: &Receiver<WatchEvent>) -> Result<Vec<String>, String> {
    loop {
        match events.recv_timeout(Duration::from_secs(10)).unwrap() {
            WatchEvent::Ready(Loaded { catalog, .. }) => {
                return Ok(catalog.directories().iter().map(|own| own.organisation.to_string()).collect());
            }
            WatchEvent::Failed(problems) => return Err(problems.summary()),
            WatchEvent::Progress(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn each_file_of_a_folder_is_reloaded_by_itself() {
    let folder = both("many_watched");
    let (_handle, events) = watched(Sources::choose(std::slice::from_ref(&folder), false, Vec::new()));
    assert_eq!(next(&events).unwrap(), ["Acme Health", "Example Mutual"]);
    let write = |name: &str, text: &str| {
        fs::write(folder.join(".new"), text).unwrap();
        fs::rename(folder.join(".new"), folder.join(name)).unwrap();
    };
    write("acme.ron", &carrier("acme", "Acme Life", 555));
    assert_eq!(next(&events).unwrap(), ["Acme Life", "Example Mutual"]);
    write("between.ron", &carrier("between", "Between", 557));
    assert_eq!(next(&events).unwrap(), ["Acme Life", "Between", "Example Mutual"]);
    // A bad change keeps what was there, whatever happens to the others.
    write("between.ron", "(");
    assert!(next(&events).unwrap_err().starts_with("between.ron:1:"));
    fs::remove_file(folder.join("acme.ron")).unwrap();
    assert_eq!(next(&events).unwrap(), ["Between", "Example Mutual"]);
    assert!(next(&events).unwrap_err().starts_with("between.ron:1:"), "it is still bad");
    fs::remove_file(folder.join("between.ron")).unwrap();
    assert_eq!(next(&events).unwrap(), ["Example Mutual"]);
    fs::remove_file(folder.join("mutual.ron")).unwrap();
    assert!(next(&events).unwrap_err().ends_with("this folder has no data file (*.ron)"), "the last one stays");
    write("mutual.ron", &mutual());
    assert_eq!(next(&events).unwrap(), ["Example Mutual"]);
}

#[test]
fn a_new_file_that_is_bad_is_reported_and_the_others_stay() {
    let folder = both("many_new_bad");
    let (_handle, events) = watched(Sources::choose(std::slice::from_ref(&folder), false, Vec::new()));
    assert_eq!(next(&events).unwrap().len(), 2);
    fs::write(folder.join("bad.ron"), "(").unwrap();
    assert!(next(&events).unwrap_err().starts_with("bad.ron:1:"));
    fs::remove_file(folder.join("bad.ron")).unwrap();
    assert_eq!(next(&events).unwrap().len(), 2, "the problem is gone with its file");
}

#[test]
fn a_narrow_screen_says_whose_each_number_is() {
    for (width, height) in [(120, 40), (80, 24), (40, 10)] {
        let mut session = Session::new(
            catalog(&[acme(), mutual()]),
            Environment::default(),
            TestBackend::new(width, height),
            monday(),
        )
        .unwrap();
        play(&mut session, "lost card");
        let shown = screen(&session);
        assert!(shown.contains("Acme Health") && shown.contains("Example Mut"), "{width}: {shown}");
        play(&mut session, "<Down><Enter><Right>");
        let shown = screen(&session);
        assert!(shown.contains("Example Mutual") && !shown.contains("Acme Health ·"), "{width}: {shown}");
    }
}
