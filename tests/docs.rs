//! Keeps the documentation correct: pictures, key tables and option tables match the program, every example works, and
//! every relative link leads to a file.
//!
//! `DIALTREE_BLESS=1 cargo test --test docs` writes the pictures and the table of keys, `TRYCMD=overwrite` the output of
//! the `console` examples.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/animation.rs"]
mod animation;
#[path = "support/playground.rs"]
mod playground;
mod support;
#[path = "support/svg.rs"]
mod svg;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use animation::{Frame, animated};
use dialtree::app::keymap::{CHAPTERS, KeyLine, Keymap, Preset};
use dialtree::config::Config;
use dialtree::directory::Directory;
use dialtree::present::display::Display;
use dialtree::present::theme::Theme;
use dialtree::session::Session;
use playground::{PROGRAM, Playground};
use ratatui::backend::TestBackend;
use support::{keys, monday, play, session};
use svg::svg;

/// The largest picture, in bytes.
const MAX_SVG_SIZE: usize = 150_000;
/// The largest animated picture, in bytes.
const MAX_ANIMATION_SIZE: usize = 300_000;
/// The longest README, in lines.
const MAX_README_LINES: usize = 200;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every page of documentation, by its path from the root of the repository.
fn pages() -> BTreeMap<String, String> {
    let mut names: BTreeSet<String> =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "data/README.md"].map(String::from).into();
    for entry in fs::read_dir(path("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            names.insert(format!("docs/{name}"));
        }
    }
    names.into_iter().map(|name| (name.clone(), read(&name))).collect()
}

/// The code blocks of a page in this language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(found) = line.trim_start().strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != "```").collect();
        if found == language {
            blocks.push(block.join("\n"));
        }
    }
    blocks
}

/// Compares a file with what it should hold, or writes it.
fn assert_file(name: &str, expected: &str) {
    if std::env::var_os("DIALTREE_BLESS").is_some() {
        fs::write(path(name), expected).unwrap();
    }
    let is_current = fs::read_to_string(path(name)).is_ok_and(|found| found == expected);
    assert!(is_current, "{name} is out of date; run `DIALTREE_BLESS=1 cargo test --test docs` and review it");
}

/// The pictures: a name, the size of the screen, the keys, and what a screen reader says.
const PICTURES: [(&str, (u16, u16), &str, &str); 5] = [
    (
        "screen",
        (120, 40),
        "111",
        "dialtree in a terminal. Left: the audiences. Middle: the phone menu of the broker line, where 1 and 1 have been \
         pressed, and a keypad that shows it. Right: the card for Commissions: the number in large digits, a warning that \
         it is not for Medicare, and the keys to press.",
    ),
    (
        "find",
        (120, 30),
        "/fruad hotlien",
        "The find box with a misspelled query. Left: the results, the fraud hotline first. Right: its card.",
    ),
    (
        "wide",
        (200, 44),
        "3",
        "The navigator on a wide screen, with a fourth column: a QR code that dials the number, the week as a strip with a \
         mark for now, and what can be copied.",
    ),
    (
        "copy",
        (120, 30),
        "112<Ctrl-K>",
        "The copy menu over the dimmed navigator: the number with its keys, a dial link and the whole card.",
    ),
    (
        "small",
        (80, 24),
        "25",
        "The navigator on a screen of 80 by 24: the audiences are one line, below it the tree beside the card.",
    ),
];

#[test]
fn pictures_are_drawn_by_the_program() {
    for (name, (width, height), keys, label) in PICTURES {
        for (shade, theme) in [("dark", Theme::DARK), ("light", Theme::LIGHT)] {
            let environment = support::drawn(Display { theme, ..Display::default() });
            let mut session = session(width, height, environment);
            play(&mut session, keys);
            let picture = svg(session.backend().buffer(), &theme, &format!("$ dialtree --theme {shade}"), label);
            let file = format!("docs/{name}-{shade}.svg");
            assert!(picture.len() < MAX_SVG_SIZE, "{file} has {} bytes", picture.len());
            assert_file(&file, &picture);
        }
    }
}

/// The animated picture: keys, each of which is a frame, how long the frame of each key is shown, how long the last one
/// stays in addition, in seconds, and what the title bar says.
const DEMO: [(&str, f64, f64, &str); 8] = [
    ("", 0.0, 2.4, "Who do I contact about this, and which keys do I press?"),
    ("fruad hot", 0.16, 1.6, "Type what the caller needs: typos are understood"),
    ("<Enter>", 0.0, 2.6, "Enter: the card of the first result"),
    ("<Ctrl-L>", 0.0, 1.4, "Ctrl-L: the next caller"),
    ("2", 0.0, 1.8, "2: the caller asks about Small Business"),
    ("5", 0.0, 2.4, "5: the key that the phone menu asks for"),
    ("<Ctrl-R>", 0.0, 2.2, "Ctrl-R: a code to dial it from a phone"),
    ("<Esc><Ctrl-Y>", 0.0, 3.2, "Ctrl-Y: the number is on the clipboard"),
];

#[test]
fn the_animated_picture_is_drawn_by_the_program() {
    let label = "dialtree in a terminal. A misspelled query finds the fraud hotline, whose card is opened. For the next \
                 caller, 2 chooses Small Business, and 5 follows the phone menu to Commissions. A QR code of the number \
                 is shown, and the number is copied.";
    for (shade, theme) in [("dark", Theme::DARK), ("light", Theme::LIGHT)] {
        let mut session = session(100, 28, support::drawn(Display { theme, ..Display::default() }));
        let mut frames = Vec::new();
        for (script, seconds, last, title) in DEMO {
            let mut show = |session: &Session<TestBackend>, seconds| {
                frames.push(Frame { screen: session.backend().buffer().clone(), seconds, title });
            };
            for event in keys(script) {
                session.feed(event, monday());
                session.draw().unwrap();
                if seconds > 0.0 {
                    show(&session, seconds);
                }
            }
            session.draw().unwrap();
            show(&session, last);
        }
        let picture = animated(&frames, &theme, label);
        let file = format!("docs/demo-{shade}.svg");
        assert!(picture.len() < MAX_ANIMATION_SIZE, "{file} has {} bytes", picture.len());
        assert_file(&file, &picture);
    }
}

#[test]
fn the_table_of_keys_is_the_keymap() {
    let page = read("docs/keys.md");
    let (before, rest) = page.split_once("<!-- keys -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /keys -->").unwrap();
    let mut tables = String::new();
    for (heading, modes) in CHAPTERS {
        tables += &format!("## {heading}\n\n| key | also with `vim` | action |\n|---|---|---|\n");
        let vim = Keymap::new(Preset::Vim, &[]).0;
        let names = |keys: &[String]| keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" ");
        for KeyLine { keys, help, .. } in Keymap::default().lines(*modes) {
            let in_vim =
                vim.lines(*modes).into_iter().find(|line| line.help == help).map_or_else(Vec::new, |line| line.keys);
            let further: Vec<String> = in_vim.into_iter().filter(|key| !keys.contains(key)).collect();
            if !(keys.is_empty() && further.is_empty()) {
                tables += &format!("| {} | {} | {help} |\n", names(&keys), names(&further));
            }
        }
        tables.push('\n');
    }
    assert_file("docs/keys.md", &format!("{before}<!-- keys -->\n{tables}<!-- /keys -->{after}"));
}

/// The configuration's page has every option as a heading, each action with its keys, and examples without a problem.
#[test]
fn the_configuration_is_documented() {
    let page = read("docs/config.md");
    let headings: BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')).collect();
    assert_eq!(headings, Config::option_names().into_iter().collect());
    let examples = blocks(&page, "ron");
    assert!(examples.len() >= headings.len(), "only {} examples were found", examples.len());
    for example in examples {
        assert_eq!(Config::parse("example", &format!("({example})")).1.to_string(), "", "{example}");
    }
    let (before, rest) = page.split_once("<!-- actions -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /actions -->").unwrap();
    let mut table = "| action | keys | also with `vim` | what it does |\n|---|---|---|---|\n".to_owned();
    let (standard, vim) = (Keymap::default().lines(|_| true), Keymap::new(Preset::Vim, &[]).0.lines(|_| true));
    let mut names: Vec<&str> = Vec::new();
    for KeyLine { name, .. } in &standard {
        if !name.is_empty() && !names.contains(name) {
            names.push(name);
        }
    }
    for name in names {
        let keys = |lines: &[KeyLine]| {
            let mut keys: Vec<String> = Vec::new();
            for key in lines.iter().filter(|line| line.name == name).flat_map(|line| &line.keys) {
                if !keys.contains(key) {
                    keys.push(key.clone());
                }
            }
            keys
        };
        let (keys, further) = (keys(&standard), keys(&vim).into_iter().filter(|key| !keys(&standard).contains(key)));
        let code = |keys: Vec<String>| keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" ");
        let help = standard.iter().find(|line| line.name == name).unwrap().help;
        table += &format!("| `{name}` | {} | {} | {help} |\n", code(keys), code(further.collect()));
    }
    assert_file("docs/config.md", &format!("{before}<!-- actions -->\n{table}<!-- /actions -->{after}"));
}

#[test]
fn the_readme_is_short() {
    let count = read("README.md").lines().count();
    assert!(count <= MAX_README_LINES, "{count} lines; details belong in docs/");
}

/// The examples in `console` blocks print what the page says they print.
#[test]
fn console_examples_print_what_they_show() {
    let cases = trycmd::TestCases::new();
    cases.env("XDG_DATA_HOME", "nowhere").env("DIALTREE_DATA", "").env("TZ", "America/Los_Angeles");
    cases.env("DIALTREE_CLOCK", "12h").env("XDG_CONFIG_HOME", "/nonexistent").env("DIALTREE_CONFIG", "");
    for (name, page) in pages() {
        if page.contains("```console\n") {
            cases.case(name);
        }
    }
}

/// The commands in `sh` blocks, and the one that the systemd unit starts, succeed.
#[test]
fn shell_examples_work() {
    let playground = Playground::new("docs");
    let mut count = 0;
    for page in pages().values() {
        for block in blocks(page, "sh").into_iter().chain(blocks(page, "ini")) {
            let block = block.replace("\\\n", " ");
            let lines = block.lines().map(|line| line.split("  #").next().unwrap_or_default().trim());
            let lines = lines.map(|line| line.trim_start_matches("ExecStart=/usr/local/bin/"));
            for example in lines.filter(|line| line.starts_with("dialtree")) {
                playground.run(example);
                count += 1;
            }
        }
    }
    assert!(count >= 20, "only {count} examples were found");
}

/// The unit that is shipped is the one that the documentation shows.
#[test]
fn the_packaged_unit_is_the_documented_one() {
    assert_eq!(blocks(&read("docs/ssh.md"), "ini"), [read("packaging/dialtree.service").trim_end()]);
}

/// The examples of the data format load. Each is a whole directory, a contact, or fields of a directory; the missing
/// parts are added.
#[test]
fn data_examples_load() {
    let examples = blocks(&read("docs/data.md"), "ron");
    assert!(examples.len() >= 5, "only {} examples were found", examples.len());
    for example in examples {
        let directory = whole_directory(&example);
        if let Err(problems) = Directory::load("example.ron", &directory) {
            panic!("{problems}\n\n{directory}");
        }
    }
}

fn whole_directory(example: &str) -> String {
    if example.contains("schema:") {
        return example.to_owned();
    }
    let is_contact = example.starts_with('(');
    let contact = if is_contact { example } else { r#"(id: "one", name: "One", source: "S")"# };
    let mut fields = if is_contact { String::new() } else { format!("{example}\n") };
    fields += &format!("contacts: [{contact}],\n");
    if !fields.contains("audiences: [(") {
        fields += r#"audiences: [(id: "ifp", name: "I", short: "I"), (id: "medicare", name: "M", short: "M")],"#;
    }
    let head = r#"schema: 1, id: "example", name: "N", organisation: "O", source: "S", transcribed: "2026-11-23","#;
    format!("({head}\n{fields}\n)")
}

/// The long options of a command by name, with the default that its help states.
fn options(command: &[&str]) -> BTreeMap<String, Option<String>> {
    let help = Command::new(PROGRAM).args(command).arg("--help").env("COLUMNS", "100").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let mut options = BTreeMap::new();
    let mut last = String::new();
    for line in help.lines().skip_while(|line| *line != "Options:") {
        // Descriptions are indented by ten columns, options by fewer.
        let is_option = !line.starts_with("          ");
        if let Some((_, name)) = line.split_once("--").filter(|_| is_option) {
            last = format!("--{}", name.split([' ', '<']).next().unwrap());
            options.insert(last.clone(), None);
        }
        if let Some((_, default)) = line.split_once("[default: ") {
            options.insert(last.clone(), Some(default.split(']').next().unwrap().to_owned()));
        }
    }
    options.remove("--help");
    options
}

/// The options in the first table after a heading, each with the default that the table states.
fn documented(page: &str, heading: &str) -> BTreeMap<String, Option<String>> {
    let (_, section) = page.split_once(heading).unwrap_or_else(|| panic!("there is no heading {heading:?}"));
    let rows = section.lines().skip_while(|line| !line.starts_with("| `-")).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let option = row.split_once("`-").unwrap().1.split(['`', ' ']).next().unwrap();
        let default = row.rsplit_once("[default: `").map(|(_, rest)| rest.split('`').next().unwrap().to_owned());
        (format!("-{option}"), default)
    })
    .collect()
}

/// Options and defaults in the tables are those of the program.
#[test]
fn tables_of_options_are_complete() {
    let (cli, ssh) = (read("docs/cli.md"), read("docs/ssh.md"));
    let global = documented(&cli, "## Global options");
    let without_global = |command: &str| {
        let mut options = options(&[command]);
        options.retain(|name, _| {
            !["--at", "--color", "--theme", "--ascii", "--clock", "--config", "--data", "--with-built-in"]
                .contains(&&**name)
        });
        options
    };
    assert_eq!(global, options(&[]), "docs/cli.md");
    for command in ["find", "show", "export", "check", "import"] {
        assert_eq!(
            documented(&cli, &format!("## `dialtree {command}")),
            without_global(command),
            "docs/cli.md, {command}"
        );
    }
    if cfg!(feature = "ssh") {
        let mut serve = documented(&ssh, "## Options");
        serve.append(&mut documented(&ssh, "### Limits and timeouts"));
        assert_eq!(serve, without_global("serve"), "docs/ssh.md");
    }
}

/// Relative links lead to files, and their anchors to headings.
#[test]
fn every_link_resolves() {
    let mut count = 0;
    for (name, page) in pages() {
        let folder = path(&name).parent().unwrap().to_owned();
        let mut targets: Vec<&str> = page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
        for attribute in ["src=\"", "srcset=\""] {
            targets.extend(page.split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap()));
        }
        for target in targets.into_iter().filter(|target| !target.contains("://")) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path(&name) } else { folder.join(file) };
            assert!(file.exists(), "{name}: {target} does not exist");
            if !anchor.is_empty() {
                let text = fs::read_to_string(&file).unwrap();
                assert!(anchors(&text).contains(anchor), "{name}: there is no heading for {target}");
            }
            count += 1;
        }
    }
    assert!(count >= 20, "only {count} links were found");
}

/// Files and directories that a page names in code style exist. `NAME` stands for a name to choose.
#[test]
fn every_path_exists() {
    let mut missing = Vec::new();
    for (name, page) in pages() {
        let quoted = page.split('`').skip(1).step_by(2).filter(|text| !text.contains("NAME"));
        let roots = ["src/", "tests/", "data/", "benches/", "examples/", "docs/", ".ci/"];
        for text in quoted.filter(|text| roots.iter().any(|root| text.starts_with(root)) && !text.contains(' ')) {
            if !path(text).exists() {
                missing.push(format!("{name}: {text}"));
            }
        }
    }
    assert!(missing.is_empty(), "these do not exist: {missing:#?}");
}

/// The anchors that GitHub gives to the headings of a page.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|heading| {
            let text = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = text.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}
