//! Hours as printed against hours as evaluated.

use dialtree::directory::hours::OnHolidays;

use super::*;

/// Hours as printed.
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
    let printed = read_hours(&fact.value).ok_or("the printed hours cannot be read")?;
    zone(schedule, &printed)?;
    week(&contact.details.hours, &printed)?;
    holidays(&contact.details.hours, &printed)
}

fn read_hours(printed: &str) -> Option<Printed> {
    let printed_words: Vec<&str> = printed.split_whitespace().collect();
    let times: Vec<Time> = printed_words.windows(2).filter_map(|pair| read_time(pair[0], pair[1])).collect();
    let [opens, closes] = times[..] else { return None };
    if !printed.starts_with("Monday through Friday") {
        return None;
    }
    let (states_zone, excludes_holidays) = (printed.contains("Pacific time"), printed.contains("excluding holidays"));
    Some(Printed { opens, closes, states_zone, excludes_holidays })
}

/// `9:00` and `a.m.`
fn read_time(clock: &str, half: &str) -> Option<Time> {
    let later = match half.get(..4)? {
        "a.m." => 0,
        "p.m." => 12,
        _ => return None,
    };
    let (hour, minute) = clock.split_once(':')?;
    Time::new(hour.parse::<i8>().ok()? % 12 + later, minute.parse().ok()?, 0, 0).ok()
}

fn zone(schedule: &Schedule, printed: &Printed) -> Check {
    let zone = schedule.zone().ok_or("its hours are in no zone")?;
    same("zone", zone.rules.iana_name(), "America/Los_Angeles")?;
    ensure(zone.stated == printed.states_zone, format!("the zone is stated: {}", zone.stated))
}

/// Monday to Sunday of a week in winter time and of one in summer time, neither with a holiday.
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
    // Thanksgiving, Christmas and New Year's Day, none of them at a weekend.
    for day in [date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1)] {
        is_open(hours, day, printed.opens, !printed.excludes_holidays)?;
        let now = hours.at(moment(day, printed.opens));
        ensure(now.is_holiday, format!("{day} is no holiday"))?;
        let Hours::Listed(schedule) = hours else { return Err("no hours are listed".into()) };
        let listed = schedule.on_holidays() == OnHolidays::Closed;
        ensure(listed == printed.excludes_holidays, format!("the hours speak of holidays: {listed}"))?;
    }
    Ok(())
}

pub(super) fn is_open(hours: &Hours, day: Date, time: Time, open: bool) -> Check {
    let standing = hours.at(moment(day, time)).open;
    let fits = if open { matches!(standing, OpenStatus::Open(_)) } else { matches!(standing, OpenStatus::Closed(_)) };
    ensure(fits, format!("on {} {day} at {time} it is {standing:?}", day.weekday().to_monday_one_offset()))
}

fn moment(day: Date, time: Time) -> jiff::Timestamp {
    let pacific = TimeZone::get("America/Los_Angeles").unwrap();
    day.to_datetime(time).to_zoned_datetime(pacific).unwrap().timestamp()
}
