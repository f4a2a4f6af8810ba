//! The README's picture and key table are the program's own. `DIALTREE_BLESS=1 cargo test --test readme` writes them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;

use dialtree::app::Environment;
use dialtree::app::keymap::{CHAPTERS, lines};
use support::{play, screen, session};

/// Compares the part of the README between two marks with what it should be, or writes it.
fn hold(mark: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (open, close) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->"));
    let start = readme.find(&open).unwrap() + open.len();
    let end = readme.find(&close).unwrap();
    if std::env::var_os("DIALTREE_BLESS").is_some() {
        fs::write(&path, format!("{}{expected}{}", &readme[..start], &readme[end..])).unwrap();
    } else {
        assert_eq!(&readme[start..end], expected, "the README's {mark} is out of date");
    }
}

// One test, since two would write the file at once.
#[test]
fn the_picture_and_the_keys_are_the_programs_own() {
    let mut session = session(120, 24, Environment::default());
    play(&mut session, "111");
    hold("picture", &format!("```text\n{}\n```\n", screen(&session)));

    let mut table = String::new();
    for (heading, modes) in CHAPTERS {
        table += &format!("| {heading} | |\n|---|---|\n");
        for (keys, does) in lines(modes) {
            let keys = keys.split(", ").map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" ");
            table += &format!("| {keys} | {does} |\n");
        }
        table.push('\n');
    }
    hold("keys", &table);
}
