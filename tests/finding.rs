//! The find box: remarks, audiences, channels and recent results, as the user sees them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use dialtree::app::{App, Effect, Environment};
use support::{app, own, play, press, screen, session};

/// The titles of the results, in order.
fn titles(app: &App) -> Vec<&str> {
    let results = app.find.as_ref().unwrap().results.iter();
    results.map(|result| app.directory().title(result.id)).collect()
}

/// The line between the query and the results.
fn remark(keys: &str) -> String {
    let mut session = session(120, 40, Environment::default());
    play(&mut session, keys);
    let shown = screen(&session);
    let line: String = shown.lines().nth(3).unwrap().chars().skip(23).take(47).collect();
    line.trim().to_owned()
}

#[test]
fn the_remark_explains_how_words_were_understood() {
    for (keys, expected) in [
        ("/fruad", "fruad → fraud"),
        ("/broker payout", "payout → commission"),
        ("/commission", "2 best matches, for different audiences"),
        ("/commissions small business", ""),
        ("/zzzzzz", "No match; try other words"),
        ("/dog grooming and boarding for a week", "no good match"),
        ("2/medicare commissions", ""),
        ("/", ""),
    ] {
        let remark = remark(keys);
        assert!(
            if expected.is_empty() { !remark.contains('→') } else { remark == expected },
            "{remark:?} after {keys}"
        );
    }
}

const TOWN: &str = r#"(
    schema: 2, id: "town", name: "Town hall", organisation: "Town", source: "Leaflet", transcribed: "2026-11-23",
    zone: "America/Chicago",
    audiences: [(id: "all", name: "Residents", short: "Residents")],
    contacts: [(
        id: "dogs", name: "Dog park", source: "Leaflet", needs: ["dog bite", "lost dog", "tax form 1099"], hours: "Mo-Fr 08:00-18:00",
        channels: [(phone: "1-800-555-0100")],
    )],
    elsewhere: [(phrases: ["dog license"], note: "City Hall")],
)"#;

#[test]
fn the_remark_says_what_is_known_to_be_elsewhere() {
    let mut session = own(TOWN, 120, 40, Environment::default());
    play(&mut session, "/license for my dog");
    let shown = screen(&session);
    assert!(shown.contains("\"dog license\" is not listed here: City Hall"), "{shown}");
    assert!(shown.contains("?Dog park"), "the other results are weak:\n{shown}");
}

#[test]
fn the_remark_tells_what_was_dictated_or_translated() {
    for (keys, expected) in
        [("/perro perdido ", "perro → dog · perdido → lost"), ("/ten ninety nine ", "ten ninety nine → 1099")]
    {
        let mut session = own(TOWN, 120, 40, Environment::default());
        play(&mut session, keys);
        assert!(screen(&session).contains(expected), "{keys}\n{}", screen(&session));
    }
}

#[test]
fn the_card_of_a_question_about_hours_begins_with_the_hours() {
    let mut session = own(TOWN, 120, 40, Environment::default());
    // The card is on the right.
    let lines_of = |session: &_, text: &str| {
        let in_card = |line: &str| line.chars().skip(72).collect::<String>().contains(text);
        screen(session).lines().position(in_card).unwrap()
    };
    play(&mut session, "/until when is the dog park open");
    assert!(lines_of(&session, "Mon–Fri 8:00 AM") < lines_of(&session, "1-800-555-0100"), "{}", screen(&session));
    play(&mut session, "<Enter>");
    assert!(lines_of(&session, "Mon–Fri 8:00 AM") < lines_of(&session, "1-800-555-0100"), "{}", screen(&session));
    play(&mut session, "<Esc>/dog park");
    assert!(lines_of(&session, "Mon–Fri 8:00 AM") > lines_of(&session, "1-800-555-0100"), "{}", screen(&session));
}

#[test]
fn the_chosen_audience_narrows_the_search_and_tab_widens_it() {
    let mut app = app(120, 40);
    press(&mut app, "2/commissions");
    assert_eq!(app.find.as_ref().unwrap().audience.map(|id| id.index), Some(1));
    assert_eq!(titles(&app)[0], "Commissions, contracting, appointments");
    assert!(!titles(&app).contains(&"Medicare Broker Services"));
    press(&mut app, "<Tab>");
    assert_eq!(app.find.as_ref().unwrap().audience, None);
    assert_eq!(titles(&app)[..2], ["Commissions", "Commissions, contracting, appointments"]);
    press(&mut app, "<Tab>");
    assert_eq!(app.find.as_ref().unwrap().audience.map(|id| id.index), Some(1));
}

#[test]
fn without_a_chosen_audience_the_search_is_not_narrowed() {
    let mut app = app(120, 40);
    press(&mut app, "/commissions");
    assert_eq!(app.find.as_ref().unwrap().audience, None);
    press(&mut app, "<Esc>5/commissions<Tab>");
    assert_eq!(app.find.as_ref().unwrap().audience, None);
    assert_eq!(app.message.as_deref(), Some("No audience is chosen; all are searched"));
}

#[test]
fn opening_a_result_does_not_change_the_chosen_audience() {
    let mut app = app(120, 40);
    press(&mut app, "/ifp application fax<Enter>/");
    assert_eq!(app.find.as_ref().unwrap().audience, None);
    press(&mut app, "<Esc><Esc>2/fraud<Enter>/");
    assert_eq!(app.find.as_ref().unwrap().audience.map(|id| id.index), Some(1), "the caller is still the same");
}

#[test]
fn a_better_result_outside_the_chosen_audience_is_pointed_out() {
    let mut app = app(120, 40);
    press(&mut app, "2/medicare commissions");
    let outside = app.find.as_ref().unwrap().outside.unwrap();
    assert_eq!(titles(&app)[outside], "Medicare Broker Services");
    press(&mut app, "<Home>");
    assert_eq!(outside, 0, "an audience named in the query comes before the chosen one");
    press(&mut app, "<Enter>");
    assert_eq!(app.directory().title(app.entry().unwrap()), "Medicare Broker Services");
}

#[test]
fn the_requested_channel_is_on_the_card_and_copied() {
    for (keys, copied) in [
        ("/ifp billing", "(916) 935-4522"),
        ("/ifp billing email", "IFPMembership@healthnet.com"),
        ("/ifp billing email<Enter>", "IFPMembership@healthnet.com"),
        ("/ifp billing email<Enter><Down><Up>", "IFPMembership@healthnet.com"),
        ("/deaf caller<Enter>", "1-888-926-5180"),
        ("/hearing impaired<Enter>", "1-888-926-5180"),
        ("/lost id card<Enter>", "1-800-447-8812, press 7"),
    ] {
        let mut session = session(120, 40, Environment::default());
        play(&mut session, keys);
        let shown = screen(&session);
        let card: String = shown.lines().nth(3).unwrap().chars().skip(73).take(47).collect();
        assert!(card.contains(copied.split(',').next().unwrap()), "{card} leads the card after {keys}");
        if keys.ends_with('>') {
            let effects = session.feed(support::keys("y").remove(0), support::monday());
            assert_eq!(effects, [Effect::Copy(copied.to_owned())], "after {keys}");
        }
    }
}

#[test]
fn an_empty_query_shows_recent_results() {
    let mut app = app(120, 40);
    press(&mut app, "/");
    assert!(titles(&app).is_empty());
    press(&mut app, "lost id card<Enter>/fraud<Enter>/lost id card<Enter>/");
    assert_eq!(titles(&app), ["Members: provider, ID card, address", "Fraud hotline"]);
    press(&mut app, "<Down><Enter>");
    assert_eq!(app.directory().title(app.entry().unwrap()), "Fraud hotline");
    press(&mut app, "/commission<Esc>/");
    assert_eq!(titles(&app)[0], "Fraud hotline", "a result that was not opened is not remembered");
}

#[test]
fn the_results_keep_their_order_while_the_query_grows() {
    let mut app = app(120, 40);
    press(&mut app, "/");
    let mut first = Vec::new();
    for letter in "commissions".chars() {
        press(&mut app, &letter.to_string());
        first.push(titles(&app).first().map(ToString::to_string));
    }
    first.dedup();
    assert!(first.len() <= 3, "{first:?}");
    assert_eq!(first.last().unwrap().as_deref(), Some("Commissions"));
}
