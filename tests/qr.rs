//! QR codes, decoded from the cells of the screen by an independent decoder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use dialtree::app::Environment;
use dialtree::present::display::{Display, Glyphs};
use dialtree::session::Session;
use ratatui::backend::TestBackend;
use ratatui::style::Color;
use support::{drawn, own, play, screen, session};

const OWN: &str = r##"(
    schema: 1, id: "own", name: "Own", organisation: "Own", source: "The wall", transcribed: "2026-11-23",
    audiences: [(id: "guests", name: "Guests", short: "Guests")],
    contacts: [
        (
            id: "desk", name: "Desk", audiences: ["guests"], source: "Desk",
            channels: [(phone: "1-800-909-3447", menu: [
                (key: "1", label: "Rooms", menu: [(key: "*", label: "Night bell")]),
            ])],
        ),
        (id: "mail", name: "Mail", audiences: ["guests"], source: "Desk", channels: [(email: "desk#1@hotel.example")]),
        (id: "tty", name: "Typed", audiences: ["guests"], source: "Desk", channels: [(tty: "1-800-909-3449")]),
    ],
)"##;

/// The side of a half cell in pixels: decoders need more than one pixel per module.
const SCALE: usize = 4;

/// Decodes the codes on the screen of a terminal with a dark or light background.
fn read(session: &Session<TestBackend>, own_background: u8) -> Vec<String> {
    let buffer = session.backend().buffer();
    let (width, height) = (usize::from(buffer.area.width), usize::from(buffer.area.height));
    let light = |color: Color| match color {
        Color::Indexed(16) => 0,
        Color::Indexed(231) => 255,
        _ => own_background,
    };
    let pixel = |x: usize, y: usize| {
        let cell = &buffer.content[y / SCALE / 2 * width + x / SCALE];
        let is_upper = (y / SCALE).is_multiple_of(2);
        let is_ink = match cell.symbol() {
            "█" => true,
            "▀" => is_upper,
            "▄" => !is_upper,
            _ => false,
        };
        light(if is_ink { cell.fg } else { cell.bg })
    };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width * SCALE, height * 2 * SCALE, pixel);
    image.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect()
}

#[track_caller]
fn assert_reads(session: &Session<TestBackend>, link: &str) {
    for own_background in [0, 255] {
        assert_eq!(read(session, own_background), [link], "{}", screen(session));
    }
}

#[test]
fn the_code_holds_the_link_of_the_card() {
    for (width, height) in [(120, 40), (80, 24), (60, 25)] {
        for (keys, link) in [
            ("1", "tel:+18009093447"),
            ("111", "tel:+18009093447,,1,,1"),
            ("115", "tel:+18009093447,,1,,5"),
            ("/ifp billing email<Enter>", "mailto:IFPMembership@healthnet.com"),
            ("6", "https://myhealthnetca.com"),
            ("7", "https://medicare.gov"),
            ("5", "tel:+18005472967"),
        ] {
            let mut session = session(width, height, Environment::default());
            play(&mut session, &format!("{keys}<Ctrl-R>"));
            assert_reads(&session, link);
        }
    }
}

#[test]
fn the_code_is_black_on_white_without_colours_and_in_ascii() {
    let plain = drawn(Display { colors: false, ..Display::default() });
    let ascii = drawn(Display { glyphs: Glyphs::ASCII, ..Display::default() });
    for environment in [plain, ascii] {
        let mut session = session(120, 42, environment.clone());
        play(&mut session, "111<Ctrl-R>");
        assert_reads(&session, "tel:+18009093447,,1,,1");
        assert!(environment.display.glyphs != Glyphs::ASCII || screen(&session).is_ascii());
    }
}

#[test]
fn the_caption_has_the_number_in_words_and_what_the_link_leaves_out() {
    for (keys, link, says) in [
        ("11", "tel:+18009093447,,1", &["Rooms · 1-800-909-3447, press 1"][..]),
        (
            "11*",
            "tel:+18009093447",
            &["Night bell · 1-800-909-3447, press 1, then *", "A link cannot hold * or #. By hand: press 1, then *."],
        ),
        ("1<End>", "tel:+18009093449", &["Typed · TTY 1-800-909-3449"]),
        ("1<End><Up>", "mailto:desk%231@hotel.example", &["Mail · desk#1@hotel.example"]),
    ] {
        let mut session = own(OWN, 80, 24, Environment::default());
        play(&mut session, &format!("{keys}<Ctrl-R>"));
        assert_reads(&session, link);
        // Below the last line of the code, each on a line of its own.
        let lines: Vec<String> = screen(&session).lines().map(str::to_owned).collect();
        let code_ends = lines.iter().rposition(|line| line.contains('▀')).unwrap();
        for text in says {
            let is_it = |line: &String| line.split('┃').nth(1).is_some_and(|inside| inside.trim() == *text);
            assert!(lines[code_ends..].iter().any(is_it), "{text} is not below\n{}", screen(&session));
        }
    }
    let mut session = session(80, 24, Environment::default());
    play(&mut session, "6<Ctrl-R>");
    assert!(screen(&session).contains("An outside page: Ctrl-O shows the notice before it."), "{}", screen(&session));
}

#[test]
fn a_code_that_does_not_fit_names_the_screen_it_needs() {
    let ascii = drawn(Display { glyphs: Glyphs::ASCII, ..Display::default() });
    let (phone, email) = ("tel:+18009093447,,1,,1", "mailto:IFPMembership@healthnet.com");
    for (keys, link, environment, (width, height)) in [
        ("111<Ctrl-R>", phone, Environment::default(), (37, 23)),
        ("111<Ctrl-R>", phone, ascii.clone(), (70, 38)),
        ("/ifp billing email<Enter><Ctrl-R>", email, Environment::default(), (41, 25)),
        ("/ifp billing email<Enter><Ctrl-R>", email, ascii, (78, 42)),
    ] {
        let needs = format!("The QR code needs {width} columns and {height} rows.");
        for (width, height) in [(20, 5), (40, 10), (width - 1, 50), (width, height - 1)] {
            let mut session = session(width, height, environment.clone());
            play(&mut session, keys);
            assert_eq!(read(&session, 0), [""; 0]);
            // A page longer than the window scrolls line by line and to the end.
            let mut shown = String::new();
            if height == 5 {
                for _ in 0..20 {
                    shown += screen(&session).lines().nth(1).unwrap();
                    play(&mut session, "<Down>");
                }
            }
            shown += &screen(&session);
            shown.retain(|c| !c.is_whitespace() && !"┃#".contains(c));
            assert!(shown.contains(link) && shown.contains(&needs.replace(' ', "")), "{shown}");
        }
        let mut session = session(width, height, environment);
        play(&mut session, keys);
        assert_reads(&session, link);
    }
}
