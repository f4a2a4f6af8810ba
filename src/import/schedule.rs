//! Schedules of Open Referral (a part of iCalendar's recurrence rules) as opening hours.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use super::json_value::text;

/// The days as iCalendar and as opening_hours write them, from Monday.
const DAYS: [(&str, &str); 7] =
    [("MO", "Mo"), ("TU", "Tu"), ("WE", "We"), ("TH", "Th"), ("FR", "Fr"), ("SA", "Sa"), ("SU", "Su")];

/// The hours of several schedules together, and what is not in them: each schedule in words with the reason.
pub(super) fn hours(schedules: &[&Value], today: Date) -> (Option<String>, Vec<(String, String)>) {
    let mut week: [Vec<String>; 7] = Default::default();
    let mut left_out = Vec::new();
    for schedule in schedules {
        match weekly(schedule, today) {
            Ok(Some((days, times))) => days.into_iter().for_each(|day| {
                if !week[day].contains(&times) {
                    week[day].push(times.clone());
                }
            }),
            Ok(None) => {}
            Err(why) => left_out.push((described(schedule), why)),
        }
    }
    week.iter_mut().for_each(|day| day.sort());
    (written(&week), left_out)
}

/// The days and the times of a schedule that repeats every week; none where it has no times at all.
fn weekly(schedule: &Value, today: Date) -> Result<Option<(Vec<usize>, String)>, String> {
    let get = |name| text(schedule, name);
    let (opens, closes) = (get("opens_at"), get("closes_at"));
    if opens.is_none() && closes.is_none() {
        return Ok(None);
    }
    let opens = time(opens.as_deref().ok_or("it has no opening")?)?;
    for name in ["until", "count", "byweekno", "bymonthday", "byyearday"] {
        if let Some(value) = get(name) {
            return Err(format!("`{name}: {value}` is not every week"));
        }
    }
    if let Some(until) = get("valid_to") {
        return Err(format!("it is valid until {until} only"));
    }
    if let Some(from) = get("valid_from") {
        let begins = from.get(..10).and_then(|day| day.parse::<Date>().ok()).ok_or("`valid_from` is not a date")?;
        if begins > today {
            return Err(format!("it is valid from {from} only"));
        }
    }
    if let Some(interval) = get("interval").filter(|interval| interval != "1") {
        return Err(format!("`interval: {interval}` is not every week"));
    }
    let frequency = get("freq").map(|name| name.to_ascii_uppercase());
    let days = match (get("byday"), frequency.as_deref()) {
        (Some(days), None | Some("WEEKLY" | "DAILY")) => days.split(',').map(day).collect::<Result<Vec<_>, _>>()?,
        (None, Some("DAILY")) => (0..DAYS.len()).collect(),
        (None, _) => return Err("it has no days".to_owned()),
        (Some(_), Some(other)) => return Err(format!("`freq: {other}` is not every week")),
    };
    let times = match closes.as_deref().map(time).transpose()? {
        Some(closes) if closes == "00:00" => format!("{opens}-24:00"),
        Some(closes) => format!("{opens}-{closes}"),
        None => format!("{opens}+"),
    };
    Ok(Some((days, times)))
}

fn day(name: &str) -> Result<usize, String> {
    let name = name.trim().to_ascii_uppercase();
    DAYS.iter().position(|(own, _)| *own == name).ok_or_else(|| format!("the day `{name}` is not one of every week"))
}

/// A time as `09:00`. One with an offset from UTC is refused, as opening hours follow a time zone.
fn time(text: &str) -> Result<String, String> {
    let invalid = || format!("`{text}` is not a local time such as 09:00");
    let mut parts = text.trim().split(':');
    let mut number = || parts.next().filter(|part| (1..=2).contains(&part.len()))?.parse::<u8>().ok();
    let (hour, minute, second) = (number().ok_or_else(invalid)?, number().ok_or_else(invalid)?, number());
    let has_rest = text.matches(':').count() > 2 || (text.matches(':').count() == 2 && second != Some(0));
    if hour > 24 || minute > 59 || has_rest {
        return Err(invalid());
    }
    Ok(format!("{hour:02}:{minute:02}"))
}

/// The days with their times, those with the same times together: `Mo-Fr 09:00-12:00,13:00-17:00; Sa 10:00-14:00`.
fn written(week: &[Vec<String>; 7]) -> Option<String> {
    let mut by_times: BTreeMap<usize, (Vec<usize>, String)> = BTreeMap::new();
    for (day, times) in week.iter().enumerate().filter(|(_, times)| !times.is_empty()) {
        let times = times.join(",");
        let same = by_times.values_mut().find(|(_, known)| *known == times);
        match same {
            Some((days, _)) => days.push(day),
            None => drop(by_times.insert(day, (vec![day], times))),
        }
    }
    let rules = by_times.values().map(|(days, times)| format!("{} {times}", ranges(days)));
    Some(rules.collect::<Vec<_>>().join("; ")).filter(|hours| !hours.is_empty())
}

/// Days in order, those that follow one another as ranges.
fn ranges(days: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *day => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    let name = |day: usize| DAYS[day].1;
    let runs = runs.iter().map(|(first, last)| match last - first {
        0 => name(*first).to_owned(),
        1 => format!("{},{}", name(*first), name(*last)),
        _ => format!("{}-{}", name(*first), name(*last)),
    });
    runs.collect::<Vec<_>>().join(",")
}

/// A schedule in words.
fn described(schedule: &Value) -> String {
    let fields = ["freq", "byday", "bymonthday", "opens_at", "closes_at"];
    let values = fields.iter().filter_map(|name| Some(format!("{name} {}", text(schedule, name)?)));
    format!("schedule: {}", values.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn weekly_schedules_become_one_week() {
        let week = |byday: &str, opens: &str, closes: &str| json!({"freq": "WEEKLY", "byday": byday, "opens_at": opens, "closes_at": closes});
        let today = jiff::civil::date(2026, 11, 23);
        for (schedules, expected) in [
            (vec![week("MO,TU,WE,TH,FR", "09:00", "17:00")], "Mo-Fr 09:00-17:00"),
            (
                vec![week("MO,TU", "13:00", "17:00:00"), week("MO", "09:00", "12:00")],
                "Mo 09:00-12:00,13:00-17:00; Tu 13:00-17:00",
            ),
            (vec![week("MO,WE,SA,SU", "9:00", "00:00")], "Mo,We,Sa,Su 09:00-24:00"),
            (vec![json!({"freq": "DAILY", "opens_at": "08:00"})], "Mo-Su 08:00+"),
        ] {
            let found = hours(&schedules.iter().collect::<Vec<_>>(), today);
            assert_eq!(found, (Some(expected.to_owned()), Vec::new()));
        }
    }

    #[test]
    fn other_schedules_are_left_out_with_their_reason() {
        let today = jiff::civil::date(2026, 11, 23);
        let base = json!({"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"});
        for (name, value, why) in [
            ("freq", json!("MONTHLY"), "MONTHLY"),
            ("interval", json!(2), "interval"),
            ("byday", json!("1MO"), "1MO"),
            ("valid_to", json!("2027-01-01"), "2027-01-01"),
            ("valid_from", json!("2027-01-01"), "2027-01-01"),
            ("opens_at", json!("09:00Z"), "09:00Z"),
            ("opens_at", json!("09:00-08:00"), "09:00-08:00"),
            ("byday", json!(null), "no days"),
        ] {
            let mut schedule = base.clone();
            schedule[name] = value;
            let (found, left_out) = hours(&[&schedule], today);
            assert_eq!(found, None, "{schedule}");
            assert!(left_out[0].1.contains(why), "{left_out:?}");
        }
    }
}
