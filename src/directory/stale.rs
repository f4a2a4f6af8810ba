//! Entries that were not checked for some time.

use jiff::Span;
use jiff::civil::Date;

use super::entry_id::{Entry, EntryId};
use super::model::Directory;

/// The longest time since the last check, in the unit in which it is given.
#[derive(Clone, Copy, Debug)]
pub struct MaxAge(Span);

/// Two ages are equal if they are written with the same unit and number.
impl PartialEq for MaxAge {
    fn eq(&self, other: &Self) -> bool {
        self.0.fieldwise() == other.0.fieldwise()
    }
}

impl Eq for MaxAge {}

impl MaxAge {
    /// Parses an age: a number of days, weeks, months or years, such as `90d`, `12w`, `6mo` or `1y`. `None` for another
    /// text.
    pub fn parse(text: &str) -> Option<Self> {
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let number: i64 = text[..text.len() - unit.len()].parse().ok()?;
        let span = match unit {
            "d" => Span::new().try_days(number),
            "w" => Span::new().try_weeks(number),
            "mo" => Span::new().try_months(number),
            "y" => Span::new().try_years(number),
            _ => return None,
        };
        span.ok().map(Self)
    }

    /// The first day that is not too long ago.
    fn since(self, today: Date) -> Date {
        today.saturating_sub(self.0)
    }
}

impl Directory {
    /// The contacts, and the options with a date of their own, that were last checked longer ago than an age, each with
    /// that day: first those that have none, then the oldest.
    pub fn stale(&self, today: Date, age: MaxAge) -> Vec<(EntryId, Option<Date>)> {
        let own = |id: EntryId| self.details(id)?.extra.as_ref()?.checked;
        let entries = self.entries().filter(|id| id.entry.is_contact()).map(|id| (id, own(id)));
        let mut stale: Vec<_> = entries
            .filter(|(id, checked)| match checked {
                Some(day) => *day < age.since(today),
                None => matches!(id.entry, Entry::Contact(_)),
            })
            .collect();
        stale.sort_by_key(|(_, checked)| *checked);
        stale
    }
}
