//! Hours: whether an entry is open at a moment, until when, what is not certain about it, and the words for all of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use dialtree::directory::hours::{
    Change, Closure, Hours, HoursError, HoursWarning, OnHolidays, OpenStatus, Schedule, Status, Zone,
};
use dialtree::present::display::Clock;
use dialtree::present::hours::{Caution, HoursCard};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

fn schedule(text: &str) -> Schedule {
    parse(text, "America/New_York").unwrap()
}

fn parse(text: &str, zone: &str) -> Result<Schedule, HoursError> {
    let zone = Zone { rules: TimeZone::get(zone).unwrap(), stated: true };
    Schedule::parse(text, Some(zone), "US".parse().ok())
}

fn hours(text: &str) -> Hours {
    Hours::Listed(schedule(text))
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn at(text: &str, when: &str) -> Status {
    hours(text).at(moment(when))
}

/// What the card says: `closed, opens Mon 9:00 AM ET, public holiday today: assumed to be observed`.
fn words_of(hours: &Hours, when: &str) -> String {
    let card = HoursCard::new(hours, Some(moment(when)));
    let status = [Some(card.status_words().to_owned()), card.change_words()].into_iter().flatten();
    let cautions = card.cautions().map(|caution| caution.words().to_owned());
    status.chain(cautions).chain(card.closures()).collect::<Vec<_>>().join(", ")
}

fn words(text: &str, when: &str) -> String {
    words_of(&hours(text), when)
}

fn closure(from: &str, until: &str, reason: &str) -> Closure {
    Closure { from: from.parse().unwrap(), until: until.parse().unwrap(), reason: reason.into() }
}

#[test]
fn hours_with_two_meanings_are_rejected_with_the_probable_one() {
    for (text, meant) in [
        ("Mon-Fri 08:30-4:30", "Mo-Fr 08:30-16:30"),
        ("Mo-Fr 09:00-5:00", "Mo-Fr 09:00-17:00"),
        ("Mo-Fr 12-5", "Mo-Fr 12:00-17:00"),
        ("Mon-Fri 9am-5pm, Fri 6pm-9pm", "Mo-Fr 09:00-17:00, Fr 18:00-21:00"),
        ("M-F 9-5", "Mo-Fr 09:00-17:00"),
        ("9-5 EST", "09:00-17:00"),
    ] {
        let error = parse(text, "America/New_York").unwrap_err().to_string();
        assert!(error.ends_with(&format!("did you mean \"{meant}\"?")), "{text}: {error}");
    }
    assert!(parse("Mon-Fri 9am-5pm closed", "America/New_York").is_err());
}

#[test]
fn a_rule_that_a_later_one_undoes_is_a_warning() {
    for (text, rule) in [
        ("We off; Mo-Fr 09:00-17:00", "We off"),
        ("PH 10:00-12:00; Mo-Fr 09:00-17:00", "PH 10:00-12:00"),
        ("PH unknown; Mo-Fr 09:00-17:00", "PH unknown"),
    ] {
        assert_eq!(schedule(text).warning(), Some(HoursWarning::RuleUndone(rule.into())), "{text}");
    }
    assert_eq!(schedule("Mo-Fr 09:00-17:00; We 09:00-12:00; PH off").warning(), None);
    // The card does not promise hours of their own for holidays that have none.
    let undone = hours("PH 10:00-12:00; Mo-Fr 09:00-17:00");
    let card = HoursCard::new(&undone, Some(moment("2026-11-26T15:00-05:00")));
    assert_eq!(card.zone_words().unwrap(), "ET; not certain on public holidays");
    assert!(words_of(&undone, "2026-11-26T15:00-05:00").ends_with("public holiday today: hours may differ"));
}

#[test]
fn an_open_end_has_no_closing_time() {
    let monday = "2026-11-23T15:00-05:00";
    assert_eq!(words("Mo-Fr 09:00+", monday), "not certain: no closing time listed");
    assert_eq!(words("Mo-Fr 08:00-12:00,12:00+", "2026-11-23T10:00-05:00"), "open, closes 12:00 PM ET or later");
    assert_eq!(words("Mo-Fr 09:00+", "2026-11-23T03:00-05:00"), "closed, opens 9:00 AM ET");
    assert_eq!(words("Mo-Fr 09:00-17:00+", monday), "open, closes 5:00 PM ET or later");
    assert_eq!(words("Mo-Fr 09:00-17:00+", "2026-11-23T18:00-05:00"), "not certain: no closing time listed");
    // A night that began with an open end may go on after midnight.
    assert_eq!(words("Mo-Fr 22:00+", "2026-11-24T01:00-05:00"), "not certain: no closing time listed");
}

#[test]
fn hours_that_never_change() {
    let monday = "2026-11-23T15:00-05:00";
    assert_eq!(words("24/7", monday), "open, never closes");
    assert_eq!(words("2040 Mo-Fr 09:00-17:00", monday), "closed, does not open within a year");
    assert_eq!(words("Mo-Fr 09:00-17:00; Sa 10:00-12:00 unknown", "2026-11-27T18:00-05:00"), {
        "closed, may open Sat 10:00 AM ET"
    });
    assert_eq!(words("Sa 10:00-12:00 unknown", "2026-11-28T11:00-05:00"), "open or closed: not certain");
}

#[test]
fn a_closure_closes_whatever_the_hours_say() {
    let closures =
        [closure("2026-12-24", "2026-12-26", "Office move"), closure("2027-03-01", "2027-03-01", "Training")];
    let closed = |text: &str| hours(text).with_closures(&closures, None);
    let weekdays = closed("Mo-Fr 09:00-17:00");
    let status = weekdays.at(moment("2026-12-24T10:00-05:00"));
    assert_eq!(status.closure.as_ref(), Some(&closures[0]));
    let office_move = "closed 2026-12-24 to 2026-12-26: Office move";
    assert_eq!(words_of(&weekdays, "2026-12-24T10:00-05:00"), format!("closed, opens Mon 9:00 AM ET, {office_move}"));
    // On the evening before, the next opening is the one after the closure.
    assert_eq!(words_of(&weekdays, "2026-12-23T18:00-05:00"), format!("closed, opens Mon 9:00 AM ET, {office_move}"));
    assert_eq!(words_of(&weekdays, "2026-12-01T10:00-05:00"), "open, closes 5:00 PM ET");
    // Around the clock, the closure is what closes and opens.
    let always = closed("24/7");
    assert_eq!(words_of(&always, "2026-12-23T18:00-05:00"), format!("open, closed from 2026-12-24, {office_move}"));
    assert_eq!(words_of(&always, "2026-12-24T18:00-05:00"), format!("closed, opens Sun 12:00 AM ET, {office_move}"));
    assert_eq!(words_of(&always, "2027-03-01T10:00-05:00"), {
        "closed, opens Tue 12:00 AM ET, closed 2027-03-01: Training"
    });
    assert_eq!(always.at(moment("2027-03-02T10:00-05:00")).open, OpenStatus::Open(Change::NotWithinYear));
}

/// The shift before a closure ends in the morning, and the one of its last day does not begin.
#[test]
fn a_closure_removes_the_shifts_that_begin_on_its_days() {
    let closures = [closure("2026-12-24", "2026-12-24", "Office move")];
    let nights = hours("Mo-Su 22:00-06:00").with_closures(&closures, None);
    assert!(words_of(&nights, "2026-12-24T03:00-05:00").starts_with("open, closes 6:00 AM ET"));
    assert!(words_of(&nights, "2026-12-24T23:00-05:00").starts_with("closed, opens Fri 10:00 PM ET"));
    assert!(words_of(&nights, "2026-12-25T03:00-05:00").starts_with("closed, opens 10:00 PM ET"));
}

#[test]
fn a_closure_is_shown_where_no_hours_are_listed() {
    let closures =
        [closure("2026-12-24", "2026-12-26", "Office move"), closure("2027-01-02", "2027-01-02", "Training")];
    let hours = Hours::NotListed.with_closures(&closures, None);
    let office_move = "closed 2026-12-24 to 2026-12-26: Office move";
    assert_eq!(words_of(&hours, "2026-12-23T10:00-05:00"), {
        format!("hours not listed, {office_move}, closed 2027-01-02: Training")
    });
    assert_eq!(words_of(&hours, "2026-12-25T10:00-05:00"), {
        format!("closed, {office_move}, closed 2027-01-02: Training")
    });
}

#[test]
fn closures_that_meet_are_one_to_the_caller() {
    let closures =
        [closure("2026-12-26", "2026-12-27", "Stocktaking"), closure("2026-12-24", "2026-12-25", "Office move")];
    let hours = hours("24/7").with_closures(&closures, None);
    assert!(words_of(&hours, "2026-12-24T10:00-05:00").starts_with("closed, opens Mon 12:00 AM ET"));
}

#[test]
fn the_next_season_and_its_week() {
    let seasons = hours("Apr-Oct Mo-Fr 08:00-18:00; Nov-Mar Mo-Fr 09:00-16:00");
    let card = HoursCard::new(&seasons, Some(moment("2026-11-23T10:00-05:00")));
    assert_eq!(card.week("–"), ["Mon–Fri 9:00 AM – 4:00 PM"]);
    assert_eq!(card.next_season("–"), ["from 2027-04-01: Mon–Fri 8:00 AM – 6:00 PM"]);
    let enrollment = hours("Mo-Fr 09:00-17:00; Oct 15-Dec 7 Mo-Su 08:00-20:00; PH off");
    let card = HoursCard::new(&enrollment, Some(moment("2026-07-23T10:00-04:00")));
    assert_eq!(card.next_season("–"), ["from 2026-10-15: Every day 8:00 AM – 8:00 PM"]);
    for text in ["Mo-Fr 09:00-17:00", "Mo-Fr 09:00-17:00; Dec 25 off", "Mo-Fr 09:00-17:00; Dec 24 10:00-12:00"] {
        let hours = hours(text);
        assert_eq!(HoursCard::new(&hours, Some(moment("2026-11-23T10:00-05:00"))).next_season("–"), [""; 0], "{text}");
    }
}

#[test]
fn the_week_is_the_rule_and_exceptions_have_dates() {
    let week = |text: &str, when: &str| HoursCard::new(&hours(text), Some(moment(when))).week("–");
    assert_eq!(
        week("Mo-Fr 09:00-17:00; Dec 24 10:00-14:00; Dec 25 off", "2026-12-22T10:00-05:00"),
        ["Mon–Fri 9:00 AM – 5:00 PM", "Thu 2026-12-24: 10:00 AM – 2:00 PM", "Fri 2026-12-25: closed",]
    );
    assert_eq!(
        week("Mo-Fr 09:00-17:00; Dec 24-Jan 02 off", "2026-12-22T10:00-05:00"),
        ["Mon–Fri 9:00 AM – 5:00 PM", "2026-12-24 to 2027-01-01: closed",]
    );
    assert_eq!(week("Mo[1] 10:00-12:00", "2026-11-23T10:00-05:00"), ["Mon 2026-12-07: 10:00 AM – 12:00 PM"]);
    assert_eq!(
        week("week 1-53/2 We 09:00-17:00", "2026-12-14T10:00-05:00"),
        ["Wed 2026-12-16: 9:00 AM – 5:00 PM", "Wed 2026-12-30: 9:00 AM – 5:00 PM", "Wed 2027-01-06: 9:00 AM – 5:00 PM",]
    );
    // In the week in which the season changes, the hours of the present one are shown.
    let seasons = "Apr-Oct Mo-Fr 08:00-18:00; Nov-Mar Mo-Fr 09:00-16:00";
    assert_eq!(week(seasons, "2027-03-30T10:00-04:00"), ["Mon–Fri 9:00 AM – 4:00 PM"]);
    assert_eq!(week(seasons, "2027-04-01T10:00-04:00"), ["Mon–Fri 8:00 AM – 6:00 PM"]);
}

#[test]
fn hours_of_holidays_are_shown() {
    let week = |text: &str| HoursCard::new(&hours(text), Some(moment("2026-11-23T10:00-05:00"))).week("–");
    let weekdays = "Mon–Fri 9:00 AM – 5:00 PM";
    assert_eq!(week("Mo-Fr 09:00-17:00; PH 10:00-12:00"), [weekdays, "Holidays 10:00 AM – 12:00 PM"]);
    assert_eq!(week("Mo-Fr,PH 09:00-17:00"), [weekdays, "Holidays 9:00 AM – 5:00 PM"]);
    assert_eq!(week("Mo-Fr 09:00-17:00; PH off"), [weekdays]);
}

#[test]
fn what_closes_at_midnight_closes_today() {
    assert_eq!(words("Mo-Su 08:00-24:00", "2026-11-23T20:00-05:00"), "open, closes midnight ET");
    assert_eq!(words("Mo 08:00-24:00; Tu 00:00-24:00", "2026-11-23T20:00-05:00"), "open, closes Tue midnight ET");
    let hours = hours("Mo-Su 08:00-24:00");
    let card = HoursCard::new(&hours, Some(moment("2026-11-23T20:00-05:00")));
    let own_time = |zone: &str| card.own_time_words(Some(&TimeZone::get(zone).unwrap())).unwrap();
    assert_eq!(own_time("Europe/London"), "Tue 5:00 AM your time");
    assert_eq!(own_time("America/Chicago"), "11:00 PM your time");
}

#[test]
fn the_week_says_what_is_not_certain() {
    let week = |text: &str| HoursCard::new(&hours(text), Some(moment("2026-11-23T10:00-05:00"))).week("–");
    assert_eq!(week("Mo-Fr 09:00+"), ["Mon–Fri from 9:00 AM (no closing time listed)"]);
    assert_eq!(week("Mo-Fr 22:00+"), ["Mon–Fri from 10:00 PM (no closing time listed)"]);
    assert_eq!(week("Mo-Fr 09:00-17:00+"), ["Mon–Fri 9:00 AM – 5:00 PM or later"]);
    assert_eq!(week("Mo-Fr 09:00-17:00; Sa unknown"), ["Mon–Fri 9:00 AM – 5:00 PM", "Sat not certain"]);
}

#[test]
fn a_24_hour_clock() {
    let hours = hours("Mo-Fr 09:00-17:00; Sa 10:00-24:00");
    let card = HoursCard::new(&hours, Some(moment("2026-11-23T10:00-05:00"))).with_clock(Clock::TwentyFourHour);
    assert_eq!(card.change_words().unwrap(), "closes 17:00 ET");
    assert_eq!(card.week("–"), ["Mon–Fri 09:00 – 17:00", "Sat 10:00 – 24:00"]);
    let reader = TimeZone::get("Europe/Berlin").unwrap();
    assert_eq!(card.own_time_words(Some(&reader)).unwrap(), "23:00 your time");
}

#[test]
fn a_change_in_the_hour_that_the_clock_skips_or_repeats() {
    // On 14 March 2027 at 2:00 the clock goes to 3:00.
    let status = at("Mo-Su 02:30-17:00", "2027-03-14T01:00-05:00");
    assert_eq!(change_of(&status), Some(moment("2027-03-14T03:00-04:00")));
    // On 1 November 2026 at 2:00 it goes back to 1:00.
    let status = at("Mo-Su 01:30-17:00", "2026-11-01T01:15-05:00");
    assert_eq!(change_of(&status), Some(moment("2026-11-01T01:30-05:00")));
}

#[test]
fn what_the_clock_skips_never_happens() {
    // Everywhere, the clock jumps over the time at which the rules end or begin.
    for (rule, zone, when, change) in [
        ("Mo-Su 01:30-02:30", "America/Los_Angeles", "2027-03-14T01:45-08:00", "2027-03-14T03:00-07:00"),
        ("Mo-Su 02:15-02:45", "America/Los_Angeles", "2027-03-14T01:45-08:00", "2027-03-15T02:15-07:00"),
        ("Mo-Su 02:15-02:45", "Europe/Berlin", "2027-03-28T01:45+01:00", "2027-03-29T02:15+02:00"),
        ("Mo-Su 01:30-02:15", "Australia/Lord_Howe", "2026-10-04T01:45+10:30", "2026-10-04T02:30+11:00"),
        ("Mo-Su 01:30-17:00", "America/Los_Angeles", "2026-11-01T01:45-07:00", "2026-11-01T01:00-08:00"),
    ] {
        let status = Hours::Listed(parse(rule, zone).unwrap()).at(moment(when));
        assert_eq!(change_of(&status), Some(moment(change)), "{rule} {zone}");
    }
}

/// The next change is the first minute at which the state is another, whatever the clock does that day.
#[test]
fn the_next_change_is_that_of_a_minute_by_minute_evaluation() {
    for (zone, day) in [
        ("America/Los_Angeles", "2027-03-14T10:00Z"),
        ("America/Los_Angeles", "2026-11-01T09:00Z"),
        ("Europe/Berlin", "2027-03-28T01:00Z"),
        ("Europe/Berlin", "2026-10-25T01:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T15:30Z"),
        ("Australia/Lord_Howe", "2027-04-03T15:00Z"),
        // The whole of 30 December 2011 was skipped, and on the other days the clock jumps at midnight.
        ("Pacific/Apia", "2011-12-30T10:00Z"),
        ("America/Sao_Paulo", "2018-11-04T03:00Z"),
        ("America/Sao_Paulo", "2018-02-18T02:00Z"),
    ] {
        let jump = moment(day);
        let minutes: Vec<Timestamp> = (-300..300).map(|minute| jump + minute.minutes()).collect();
        for rule in [
            "Mo-Su 01:30-02:30",
            "Mo-Su 02:15-02:45",
            "Mo-Su 00:00-00:30,01:15-01:45,03:00-03:10",
            "Mo-Su 22:00-02:30",
            "Mo-Su 23:30-24:00",
            "Fr-Sa 02:00-03:00; Su 00:30-02:10 unknown",
            "24/7; Su 01:00-01:59 off",
        ] {
            let hours = Hours::Listed(parse(rule, zone).unwrap());
            let statuses: Vec<Status> = minutes.iter().map(|minute| hours.at(*minute)).collect();
            let state = |index: usize| std::mem::discriminant(&statuses[index].open);
            for (index, status) in statuses.iter().enumerate() {
                let Some(change) = change_of(status) else { continue };
                let next = (index..minutes.len()).find(|next| state(*next) != state(index)).map(|next| minutes[next]);
                let found = Some(change).filter(|change| change <= minutes.last().unwrap());
                assert_eq!(found, next, "{rule} in {zone} at {}: {status:?}", minutes[index]);
            }
        }
    }
}

#[test]
fn hours_before_1900_are_those_of_the_rules() {
    for (rule, when, expected) in [
        ("24/7", "1850-06-03T12:00Z", "open"),
        ("Mo-Fr 09:00-17:00", "1899-12-29T12:00-05:00", "open"),
        ("Mo-Fr 09:00-17:00", "1899-12-31T12:00-05:00", "closed"),
    ] {
        assert!(words(rule, when).starts_with(expected), "{rule} {when}: {}", words(rule, when));
    }
    let status = at("Mo-Fr 09:00-17:00", "1899-12-31T12:00-05:00");
    assert_eq!(change_of(&status), Some(moment("1900-01-01T09:00-05:00")));
}

fn change_of(status: &Status) -> Option<Timestamp> {
    match &status.open {
        OpenStatus::Open(change) | OpenStatus::Closed(change) => change.moment().map(|moment| moment.timestamp()),
        _ => None,
    }
}

/// What opening_hours.js says, for each rule and moment; see `tests/opening_hours_js`.
#[test]
fn the_state_is_that_of_opening_hours_js() {
    let mut lines = include_str!("opening_hours_js/answers.tsv").lines();
    let moments: Vec<&str> = lines.next().unwrap().split('\t').skip(1).collect();
    let mut compared = 0;
    for line in lines {
        let mut cells = line.split('\t');
        let rule = cells.next().unwrap();
        let hours = Hours::Listed(parse(rule, "UTC").unwrap());
        for (moment, theirs) in moments.iter().zip(cells) {
            let ours = match hours.at(format!("{moment}:00Z").parse().unwrap()).open {
                OpenStatus::Open(_) => "o",
                OpenStatus::Closed(_) => "c",
                _ => "u",
            };
            assert_eq!(ours, expected(rule, moment, theirs), "{rule} at {moment}; opening_hours.js says {theirs}");
            compared += 1;
        }
    }
    assert_eq!(compared, 40 * 200);
}

/// Where dialtree says something else than opening_hours.js, and why.
struct Difference {
    rules: &'static [&'static str],
    /// Empty for every day.
    days: &'static [&'static str],
    times: &'static [&'static str],
    theirs: &'static [&'static str],
    ours: &'static str,
}

const WORKING_HOURS: &[&str] = &["09:00", "11:30", "13:30", "16:59"];
const COLUMBUS_DAY_AND_GOOD_FRIDAY: &[&str] = &["2026-10-12", "2026-04-03"];

// opening_hours.js counts Columbus Day as a holiday of every state and Good Friday as one of none. Both are holidays in
// some states only, so the first entries are not certain where hours depend on it.
const DIFFERENCES: &[Difference] = &[
    Difference {
        rules: &[
            "Mo-Fr 09:00-17:00; PH off",
            "Mo-Sa 09:00-17:00; PH off",
            "Mo-Fr 09:00-17:00; PH,Su off",
            "Mo-Fr 09:00-17:00; PH Off",
            "Mo-Fr 09:00-17:00; Sa,Su unknown; PH off",
            "Mo-Fr 09:00-17:00, PH off",
        ],
        days: COLUMBUS_DAY_AND_GOOD_FRIDAY,
        times: WORKING_HOURS,
        theirs: &["o", "c"],
        ours: "u",
    },
    Difference {
        rules: &["Mo-Fr 09:00-17:00; PH 10:00-12:00"],
        days: COLUMBUS_DAY_AND_GOOD_FRIDAY,
        times: &["09:00", "13:30", "16:59"],
        theirs: &["o", "c"],
        ours: "u",
    },
    Difference {
        rules: &["24/7; PH off"],
        days: COLUMBUS_DAY_AND_GOOD_FRIDAY,
        times: &["00:30", "03:00", "08:30", "09:00", "11:30", "13:30", "16:59", "22:30"],
        theirs: &["o", "c"],
        ours: "u",
    },
    Difference {
        rules: &["Mo-Fr 22:00-06:00; PH off"],
        days: COLUMBUS_DAY_AND_GOOD_FRIDAY,
        times: &["22:30"],
        theirs: &["o", "c"],
        ours: "u",
    },
    Difference {
        rules: &["Mo-Fr 22:00-06:00; PH off"],
        days: &["2026-04-03"],
        times: &["00:30", "03:00"],
        theirs: &["o"],
        ours: "u",
    },
    Difference {
        rules: &["Apr-Oct Mo-Fr 08:00-18:00; Nov-Mar Mo-Fr 09:00-16:00; PH off"],
        days: COLUMBUS_DAY_AND_GOOD_FRIDAY,
        times: &["08:30", "09:00", "11:30", "13:30", "16:59"],
        theirs: &["o", "c"],
        ours: "u",
    },
    // Both say that an open end after 17:00 is not known until 03:00, but opening_hours.js only after midnight.
    Difference {
        rules: &["Mo-Fr 09:00-17:00+"],
        days: &[
            "2026-11-23",
            "2026-11-24",
            "2026-11-25",
            "2026-11-26",
            "2026-11-27",
            "2026-12-24",
            "2026-12-25",
            "2026-12-31",
            "2027-01-01",
            "2027-07-05",
            "2027-12-24",
            "2026-10-12",
            "2026-06-19",
            "2026-07-03",
            "2026-04-03",
            "2028-02-29",
        ],
        times: &["22:30"],
        theirs: &["c"],
        ours: "u",
    },
];

/// What dialtree says where opening_hours.js says `theirs`.
fn expected<'a>(rule: &str, moment: &str, theirs: &'a str) -> &'a str {
    let (day, time) = moment.split_once('T').unwrap();
    let difference = DIFFERENCES.iter().find(|difference| {
        difference.rules.contains(&rule)
            && (difference.days.is_empty() || difference.days.contains(&day))
            && difference.times.contains(&time)
            && difference.theirs.contains(&theirs)
    });
    difference.map_or(theirs, |difference| difference.ours)
}

const PARTS: [&str; 52] = [
    "Mo",
    "Fr",
    "-",
    ",",
    ";",
    " ",
    "09:00",
    "17:00",
    "24:00",
    "26:00",
    "00:00",
    "02:30",
    "off",
    "open",
    "closed",
    "unknown",
    "PH",
    "SH",
    "24/7",
    "Jan",
    "Dec",
    "29",
    "31",
    "week",
    "2026",
    "+",
    "||",
    "Su[-1]",
    "Sa[2]",
    "easter",
    "\"",
    "/",
    "sunrise",
    "1",
    "Mo-Fr 08:00-17:00",
    "year",
    "am",
    "pm",
    "9",
    "noon",
    "Mon",
    "closed Sundays",
    "to",
    "Mo-Fr 22:00-06:00",
    "; PH off",
    "Apr-Oct ",
    "Mo-Su 09:00+",
    ", Sa 10:00-14:00+",
    "Mo-Sa 18:00-23:00+",
    "PH,Su off",
    ":",
    "–",
];

/// Hours that are always accepted, and some that often are.
fn any_hours() -> impl Strategy<Value = String> {
    let rule = proptest::sample::select(vec![
        "Mo-Fr 09:00-17:00",
        "Mo-Sa 22:00-06:00",
        "24/7",
        "PH off",
        "PH,Su off",
        "PH 10:00-12:00",
        "Mo-Fr 09:00+",
        "Mo-Su 18:00+",
        "Mo-Fr 08:00-12:00,13:00-17:00+",
        "Sa unknown",
        "Apr-Oct Mo-Fr 08:00-18:00",
        "Dec 24-26 off",
        "Oct 15-Dec 7 08:00-20:00",
        "Fr[-1] 10:00-12:00",
        "2026-2027 Mo 09:00-12:00",
        "Mo-Su 00:00-24:00",
        "Mo-Su 02:30-03:30",
        "PH unknown",
        "week 10-20 Tu 09:00-12:00",
    ]);
    prop_oneof![
        3 => proptest::collection::vec(rule, 1..4).prop_map(|rules| rules.join("; ")),
        1 => proptest::collection::vec(proptest::sample::select(PARTS.to_vec()), 1..8).prop_map(|parts| parts.concat()),
        1 => "\\PC{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text is rejected with a message or can be evaluated and put into words at any moment.
    #[test]
    fn no_text_panics(text in any_hours(), second in -300_000_000_000..250_000_000_000_i64) {
        match parse(&text, "America/Los_Angeles") {
            Ok(schedule) => {
                schedule.warning();
                let hours = Hours::Listed(schedule);
                let card = HoursCard::new(&hours, Some(Timestamp::from_second(second).unwrap()));
                let words = (card.week("-"), card.next_season("-"), card.zone_words(), card.change_words());
                prop_assert!(words.2.is_some());
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    /// Until the next change the state stays, and then it is the other one, with and without closures.
    #[test]
    fn the_state_lasts_until_the_next_change(
        text in any_hours(), second in 1_750_000_000..1_850_000_000_i64, days in 0..500_i32, length in 0..5_i32,
    ) {
        let Ok(schedule) = parse(&text, "America/Los_Angeles") else { return Ok(()) };
        let from = jiff::civil::date(2025, 7, 1) + days.days();
        let closures = [Closure { from, until: from + length.days(), reason: Arc::from("Closed") }];
        let hours = Hours::Listed(schedule);
        for hours in [hours.clone(), hours.with_closures(&closures, None)] {
            let now = Timestamp::from_second(second).unwrap();
            let status = hours.at(now);
            let Some(change) = change_of(&status) else { continue };
            prop_assert!(change > now, "{text}: {status:?}");
            // At a time that the clock shows twice, the same local time comes before and after the change.
            if is_repeated(change) || is_repeated(now) { continue }
            let state = |moment: Timestamp| std::mem::discriminant(&hours.at(moment).open);
            let uncertain = std::mem::discriminant(&OpenStatus::Uncertain);
            for before in [change - 1.second(), now + (change - now) / 2] {
                // In between, a holiday of some states can make it not certain for a while.
                let stays = state(before) == state(now) || state(before) == uncertain;
                prop_assert!(stays || is_repeated(before), "{text}: {status:?}, but at {before} {:?}", hours.at(before));
            }
            prop_assert!(state(change) != state(now), "{text} at {now}: {status:?}");
        }
    }

    /// The words agree with the state.
    #[test]
    fn words_never_contradict_the_state(text in any_hours(), second in 1_750_000_000..1_850_000_000_i64) {
        let Ok(schedule) = parse(&text, "America/Los_Angeles") else { return Ok(()) };
        let on_holidays = schedule.on_holidays();
        let hours = Hours::Listed(schedule);
        let now = Timestamp::from_second(second).unwrap();
        let card = HoursCard::new(&hours, Some(now));
        let (status, change) = (card.status_words(), card.change_words());
        match card.open_status() {
            OpenStatus::Open(_) => prop_assert!(status == "open" && !change.unwrap().contains("open")),
            OpenStatus::Closed(_) => prop_assert!(status == "closed" && !change.unwrap().contains("close")),
            _ => prop_assert!(status.contains("not certain") && change.is_none()),
        }
        let is_holiday = card.status.as_ref().unwrap().1.is_holiday();
        if is_holiday && on_holidays == OnHolidays::Closed {
            // The night before may go on into the holiday only where the rules say so, and they say it is closed.
            prop_assert!(card.is_closed(), "{text} at {now}: {:?}", card.status);
        }
        if is_holiday && on_holidays == OnHolidays::NotMentioned {
            prop_assert!(card.cautions().any(|caution| caution == Caution::HolidayToday));
        }
    }
}

/// Whether the clock in Los Angeles shows this time twice.
fn is_repeated(moment: Timestamp) -> bool {
    let zone = TimeZone::get("America/Los_Angeles").unwrap();
    let near = [moment - 1.hour(), moment, moment + 1.hour()];
    let local: Vec<_> = near.into_iter().map(|moment| zone.to_datetime(moment)).collect();
    local[0] == local[1] || local[1] == local[2] || zone.to_offset(near[0]) > zone.to_offset(near[2])
}
