//! Compares the printed hours with the evaluated ones.

use dialtree::directory::hours::OnHolidays;

use super::*;

/// Hours as printed on the page.
struct Printed {
    opens: Time,
    closes: Time,
    states_zone: bool,
    excludes_holidays: bool,
}

pub(super) fn hours(directory: &Directory, fact: &Fact) -> Check {
    let contact = only(directory, &fact.section)?;
    audience(directory, contact, fact)?;
    let Hours::Listed(schedule) = &contact.details.hours else { return Err("no hours are listed".to_owned()) };
    let printed = parse_hours(&fact.value).ok_or("the printed hours cannot be parsed")?;
    zone(schedule, &printed)?;
    week(&contact.details.hours, &printed)?;
    holidays(&contact.details.hours, &printed)
}

fn parse_hours(printed: &str) -> Option<Printed> {
    let printed_words: Vec<&str> = printed.split_whitespace().collect();
    let times: Vec<Time> = printed_words.windows(2).filter_map(|pair| parse_time(pair[0], pair[1])).collect();
    let [opens, closes] = times[..] else { return None };
    if !printed.starts_with("Monday through Friday") {
        return None;
    }
    let (states_zone, excludes_holidays) = (printed.contains("Pacific time"), printed.contains("excluding holidays"));
    Some(Printed { opens, closes, states_zone, excludes_holidays })
}

/// Parses `9:00` and `a.m.`.
fn parse_time(clock: &str, period: &str) -> Option<Time> {
    let offset = match period.get(..4)? {
        "a.m." => 0,
        "p.m." => 12,
        _ => return None,
    };
    let (hour, minute) = clock.split_once(':')?;
    Time::new(hour.parse::<i8>().ok()? % 12 + offset, minute.parse().ok()?, 0, 0).ok()
}

fn zone(schedule: &Schedule, printed: &Printed) -> Check {
    let zone = schedule.zone().ok_or("its hours have no zone")?;
    same("zone", zone.rules.iana_name(), "America/Los_Angeles")?;
    ensure(zone.stated == printed.states_zone, format!("`stated` of its zone is {}", zone.stated))
}

/// Checks a week in standard time and one in daylight saving time, both without a holiday.
fn week(hours: &Hours, printed: &Printed) -> Check {
    for monday in [date(2026, 11, 16), date(2026, 7, 13)] {
        for day in 0..7 {
            let day = monday + day.days();
            let weekend = day.weekday().to_monday_zero_offset() > 4;
            let second = 1.second();
            for (time, open) in [
                (printed.opens - second, false),
                (printed.opens, true),
                (printed.closes - second, true),
                (printed.closes, false),
            ] {
                is_open(hours, day, time, open && !weekend)?;
            }
        }
    }
    Ok(())
}

fn holidays(hours: &Hours, printed: &Printed) -> Check {
    // Thanksgiving, Christmas and New Year's Day, none of them on a weekend.
    for day in [date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1)] {
        is_open(hours, day, printed.opens, !printed.excludes_holidays)?;
        let now = hours.at(moment(day, printed.opens));
        ensure(now.is_holiday(), format!("{day} is not a holiday"))?;
        let Hours::Listed(schedule) = hours else { return Err("no hours are listed".into()) };
        let excluded = schedule.on_holidays() == OnHolidays::Closed;
        ensure(excluded == printed.excludes_holidays, format!("whether its hours exclude holidays is {excluded}"))?;
    }
    Ok(())
}

pub(super) fn is_open(hours: &Hours, day: Date, time: Time, open: bool) -> Check {
    let status = hours.at(moment(day, time)).open;
    let matches = if open { matches!(status, OpenStatus::Open(_)) } else { matches!(status, OpenStatus::Closed(_)) };
    ensure(
        matches,
        format!("on weekday {} {day} at {time} its status is {status:?}", day.weekday().to_monday_one_offset()),
    )
}

fn moment(day: Date, time: Time) -> jiff::Timestamp {
    let pacific = TimeZone::get("America/Los_Angeles").unwrap();
    day.to_datetime(time).to_zoned_datetime(pacific).unwrap().timestamp()
}
