//! Another organisation's directory: what Health Net's does not have.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use dialtree::app::Environment;
use dialtree::directory::Answer;
use dialtree::session::{Session, believable};
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use support::{play, screen};

const OWN: &str = r##"(
    schema: 1, id: "own", name: "電話帳 of Café Zoë", organisation: "Own", source: "The wall", transcribed: "2026-11-23",
    zone: "America/Los_Angeles",
    audiences: [(id: "guests", name: "お客様 and other guests", short: "お客様"), (id: "none", name: "Nobody", short: "None")],
    contacts: [
        (
            id: "desk", name: "受付 Reception", audiences: ["guests"], source: "Desk", hours: "Mo-Fr 08:00-17:00",
            channels: [
                (phone: "+81 3 1234 5678", menu: [
                    (key: "*", label: "Cafe\u{301} テーブル", also: ["none"]),
                    (key: "#", label: "Night bell", hours: "not stated"),
                ]),
            ],
        ),
        (id: "silent", name: "Silent", source: "Cellar"),
    ],
    notices: [(id: "one", title: "Rules", source: "Door", text: ["Before the section."],
        sections: [(title: "Only", text: ["In the section."])])],
)"##;

fn own(width: u16, height: u16) -> Session<TestBackend> {
    support::own(OWN, width, height, Environment::default())
}

#[test]
fn wide_and_combining_characters_stay_aligned() {
    for keys in [
        "1",
        "/cafe",
        "/テーブル",
        "/電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話",
    ] {
        let mut session = own(80, 24);
        play(&mut session, keys);
        let buffer = session.backend().buffer();
        for row in 1..12 {
            let edge: Vec<&str> = [21, 22, 79].map(|column| buffer.cell((column, row)).unwrap().symbol()).into();
            let is_border = |symbol: &&str| "│╭╮╰╯─".contains(*symbol);
            assert!(edge.iter().all(is_border), "row {row} after {keys}: {edge:?}\n{}", screen(&session));
        }
    }
}

#[test]
fn hours_that_are_not_stated_are_not_those_of_the_line() {
    let mut session = own(120, 24);
    play(&mut session, "1*");
    assert!(screen(&session).contains("Open · closes 5:00 PM PT"), "{}", screen(&session));
    play(&mut session, "<Backspace>#");
    assert!(screen(&session).contains("Hours   not listed"), "{}", screen(&session));
}

#[test]
fn a_notice_of_one_section_is_shown_whole() {
    let mut session = own(120, 24);
    play(&mut session, "4");
    for text in ["Rules", "Before the section.", "Only", "In the section."] {
        assert!(screen(&session).contains(text), "{text} is not on\n{}", screen(&session));
    }
}

#[test]
fn a_contact_with_nothing_and_an_audience_with_little_are_shown_as_they_are() {
    let mut session = own(120, 24);
    play(&mut session, "3");
    assert!(screen(&session).contains("No number or address listed"), "{}", screen(&session));
    play(&mut session, "y");
    assert!(screen(&session).contains("There is no number or address to copy"), "{}", screen(&session));
    play(&mut session, "<Esc>2");
    assert!(screen(&session).contains("+81 3 1234 5678 ▸ *"), "{}", screen(&session));
    let (directory, answer) = (session.app().directory(), Answer::Option(0, 0));
    assert_eq!(directory.target(answer).unwrap().to_string(), "tel:+81312345678/*");
    assert_eq!(directory.say(answer).unwrap(), "+81 3 1234 5678, press *");
}

#[test]
fn sizes_that_cannot_be_are_not_believed() {
    let size = |width, height| Size { width, height };
    assert_eq!(believable(size(0, 0)), size(80, 24));
    assert_eq!(believable(size(120, 40)), size(120, 40));
    assert_eq!(believable(size(u16::MAX, u16::MAX)), size(500, 200));
}
