//! The week as a strip: a row for each day, a column for each hour, and a mark for now.

use jiff::Timestamp;

use super::display::{Clock, Display, Glyphs};
use super::hours::{HoursCard, WEEKDAYS, weekday};
use super::page::{LABEL_WIDTH, Page, Piece, TextStyle};
use crate::directory::hours::DayHours;

/// The half hours of a day.
const DAY: usize = 48;
/// The narrowest page that the strip fits on, in columns.
const MIN_WIDTH: usize = LABEL_WIDTH + DAY / 2;

/// Whether the entry is open in a half hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum HalfHour {
    #[default]
    Closed,
    Uncertain,
    Open,
}

/// Adds the standing week of an entry whose hours are listed.
pub fn week_strip(hours: &HoursCard<'_>, display: &Display, page: &mut Page) {
    let Some((schedule, (now, _))) = hours.schedule.zip(hours.status.as_ref()) else { return };
    if usize::from(page.width()) < MIN_WIDTH {
        return;
    }
    let here = schedule.zone().map(|zone| now.to_zoned_datetime(zone.rules.clone()));
    let scale = match display.clock {
        Clock::TwelveHour => "12a   6a    12p   6p",
        Clock::TwentyFourHour => "0     6     12    18",
    };
    page.hang(&" ".repeat(LABEL_WIDTH), TextStyle::Plain, scale, TextStyle::Quiet);
    for (name, day) in WEEKDAYS.into_iter().zip(half_hours(&schedule.week(*now))) {
        let now =
            here.as_ref().filter(|here| weekday(here) == name).map(|here| usize::from(here.hour().unsigned_abs()));
        page.lines.push(row(name, &day, now, &display.glyphs));
    }
}

/// The half hours of each day. Those past midnight are on the next day.
fn half_hours(week: &[Vec<DayHours>; 7]) -> [[HalfHour; DAY]; 7] {
    let mut days = [[HalfHour::Closed; DAY]; 7];
    let mut fill = |day: usize, from: (u32, u32), until: (u32, u32), state: HalfHour| {
        let half = |(hour, minute): (u32, u32)| usize::try_from(hour * 2 + minute / 30).unwrap_or(DAY);
        let (from, end) = (half(from), half(until) + usize::from(!until.1.is_multiple_of(30)));
        let end = if end <= from { end + DAY } else { end };
        for index in from..end {
            days[(day + index / DAY) % 7][index % DAY] = state;
        }
    };
    for (index, day) in week.iter().enumerate() {
        for hours in day {
            match *hours {
                DayHours::AllDay => fill(index, (0, 0), (0, 0), HalfHour::Open),
                DayHours::Between { from, until } => fill(index, from, until, HalfHour::Open),
                DayHours::AtLeast { from, until } => {
                    fill(index, from, until, HalfHour::Open);
                    fill(index, until, (0, 0), HalfHour::Uncertain);
                }
                DayHours::From(from) => fill(index, from, (0, 0), HalfHour::Uncertain),
                DayHours::Unknown { from, until } => fill(index, from, until, HalfHour::Uncertain),
            }
        }
    }
    days
}

/// The row of a day. `now` is the hour, if it is today.
fn row(name: &str, day: &[HalfHour; DAY], now: Option<usize>, glyphs: &Glyphs) -> Vec<Piece> {
    let (mark, style) = match now {
        Some(_) => (glyphs.then, TextStyle::Strong),
        None => (" ", TextStyle::Quiet),
    };
    let mut line = vec![Piece { text: format!("{mark} {name:<width$}", width = LABEL_WIDTH - 2), style }];
    for (hour, halves) in day.chunks(2).enumerate() {
        let (text, style) = match (now == Some(hour), halves) {
            (true, _) => (glyphs.now, TextStyle::Strong),
            (_, [HalfHour::Open, HalfHour::Open]) => (glyphs.hour_open, TextStyle::Open),
            (_, [HalfHour::Open, _]) => (glyphs.half_open[0], TextStyle::Open),
            (_, [_, HalfHour::Open]) => (glyphs.half_open[1], TextStyle::Open),
            (_, [HalfHour::Closed, HalfHour::Closed]) => (glyphs.leader, TextStyle::Faint),
            _ => (glyphs.hour_uncertain, TextStyle::Quiet),
        };
        match line.last_mut().filter(|piece| piece.style == style && hour > 0) {
            Some(piece) => piece.text += text,
            None => line.push(Piece { text: text.to_owned(), style }),
        }
    }
    line
}

/// The public holidays of the next weeks and the dates on which the hours are other ones, in words.
pub fn days_ahead(hours: &HoursCard<'_>, now: Timestamp) -> Vec<String> {
    let Some(schedule) = hours.schedule else { return Vec::new() };
    let holidays = schedule.holidays_ahead(now).into_iter().map(|(date, is_everywhere)| {
        let name = WEEKDAYS[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
        format!("{name} {date}  {}", if is_everywhere { "public holiday" } else { "regional holiday" })
    });
    holidays.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::hours::{Hours, Schedule, Zone};
    use jiff::tz::TimeZone;

    fn strip(text: &str, glyphs: Glyphs) -> Vec<String> {
        let zone = Some(Zone { rules: TimeZone::get("America/Los_Angeles").unwrap(), stated: true });
        let hours = Hours::Listed(Schedule::parse(text, zone, None).unwrap());
        let mut page = Page::new(40);
        let display = Display { glyphs, ..Display::default() };
        week_strip(&HoursCard::new(&hours, Some("2026-11-24T10:42:00-08:00".parse().unwrap())), &display, &mut page);
        page.plain().lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_strip_shows_the_hours_and_now() {
        let strip = strip("Mo-Fr 08:30-17:00; Sa 20:00-02:00", Glyphs::UNICODE);
        assert_eq!(strip[0], "        12a   6a    12p   6p");
        assert_eq!(strip[1], "  Mon   ········╺━━━━━━━━·······");
        assert_eq!(strip[2], "▸ Tue   ········╺━◆━━━━━━·······");
        assert_eq!(strip[6], "  Sat   ····················━━━━");
        assert_eq!(strip[7], "  Sun   ━━······················", "hours past midnight are on the next day");
    }

    #[test]
    fn an_open_end_is_shown_as_uncertain() {
        let strip = strip("Mo 08:00-12:00+", Glyphs::ASCII);
        assert_eq!(strip[1], "  Mon   ........====????????????");
    }
}
