//! Hours and time zones.

use jiff::tz::TimeZone;

use super::loader::{Loader, NOT_STATED};
use crate::directory::hours::{Hours, HoursError, Schedule, Zone};
use crate::directory::record::Text;

/// Abbreviations that the time zone database has as zones without summer time, and what people mean by them.
const WITHOUT_SUMMER_TIME: [(&str, &str); 2] = [("EST", "America/New_York"), ("MST", "America/Denver")];

impl<'a> Loader<'a> {
    pub(super) fn hours(&mut self, text: Option<Text<'a>>, zone: Option<Text<'a>>) -> Hours {
        let key = text.map(|text| (text.0, zone.map(|zone| zone.0)));
        if let Some(known) = key.and_then(|key| self.schedules.get(&key)) {
            return known.clone();
        }
        let problems_before = self.problems.len();
        let stated = self.zone(zone).map(|rules| Zone { rules, stated: true });
        let listed = self.optional(text);
        let Some(listed) = listed.as_deref().filter(|listed| *listed != NOT_STATED) else {
            if stated.is_some() && !self.has_channel_hours {
                self.report_at(zone, "a zone has no effect without hours; add hours or omit the zone");
            }
            return if listed.is_some() { Hours::NotStated } else { Hours::NotListed };
        };
        match Schedule::parse(listed, stated.or_else(|| self.zone.clone()), self.holidays) {
            Ok(mut schedule) => {
                schedule.share(&self.calendar);
                if let (true, Some(warning), Some(text)) = (self.wants_warnings, schedule.warning(), text) {
                    self.warnings.report(text.0, format!("the hours `{listed}` {warning}"));
                }
                if let (None, Some(text)) = (schedule.zone(), text) {
                    self.warn_of_no_zone(text);
                }
                let hours = Hours::Listed(schedule);
                // Hours with an invalid zone are not cached, so that the zone is reported at every contact that has it.
                if let (Some(key), true) = (key, self.problems.len() == problems_before) {
                    self.schedules.insert(key, hours.clone());
                }
                hours
            }
            // The invalid country is reported where it is.
            Err(HoursError::NoHolidayCountry) if self.has_invalid_holidays => Hours::NotListed,
            // Version 1 files load as before, but hours that would be wrong are not shown.
            Err(error) if self.is_schema_1 && error.is_new() => {
                if let (true, Some(text)) = (self.wants_warnings, text) {
                    self.warnings
                        .report(text.0, format!("the hours `{listed}` {error}; until then, they are not shown"));
                }
                Hours::NotStated
            }
            Err(error) => {
                self.report_at(text, format!("the hours `{listed}` {error}"));
                Hours::NotListed
            }
        }
    }

    fn warn_of_no_zone(&mut self, hours: Text<'a>) {
        if self.wants_warnings && !std::mem::replace(&mut self.has_warned_of_zone, true) {
            let message = "no time zone is known for these hours, so cards cannot say whether it is open; write the `zone` \
                 that applies, such as \"America/Los_Angeles\", at the top of the directory or beside the hours";
            self.warnings.report(hours.0, message);
        }
    }

    pub(super) fn zone(&mut self, text: Option<Text<'a>>) -> Option<TimeZone> {
        let name = self.optional(text).filter(|name| &**name != NOT_STATED)?;
        let own = self.zone.as_ref().map(|zone| &zone.rules).filter(|own| own.iana_name() == Some(&*name));
        let zone = own.cloned().or_else(|| TimeZone::get(&name).ok()).filter(|zone| zone.iana_name().is_some());
        if let Some((_, with_summer)) = WITHOUT_SUMMER_TIME.iter().find(|(short, _)| **short == *name)
            && self.wants_warnings
            && let Some(text) = text
        {
            let message = format!("`{name}` is the same all year, without summer time; did you mean `{with_summer}`?");
            self.warnings.report(text.0, message);
        }
        if zone.is_none() {
            self.report_at(text, format!("`{name}` is not a time zone; write one such as America/Los_Angeles"));
        }
        zone
    }
}
