//! Times of day as people write them.

/// A time of day as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WrittenTime {
    pub(super) hour: u8,
    pub(super) minute: u8,
    /// am or pm, where it is written.
    pub(super) half: Option<Half>,
    /// Whether it can only be one time of day: with am or pm, past noon, or with a zero as in `09:00`.
    pub(super) is_clear: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Morning,
    Afternoon,
}

impl WrittenTime {
    /// `17:00`
    pub(super) fn clock(self, half: Option<Half>) -> Option<String> {
        let hour = match half {
            Some(half) if (1..=12).contains(&self.hour) => {
                self.hour % 12 + if half == Half::Afternoon { 12 } else { 0 }
            }
            None => self.hour,
            Some(_) => return None,
        };
        Some(format!("{hour:02}:{:02}", self.minute))
    }
}

/// Whether two times without am or pm can only be on a 24-hour clock.
pub(super) fn is_24_hour_clock(from: WrittenTime, until: WrittenTime) -> bool {
    let is_overnight = from.hour > until.hour;
    if until.is_clear {
        from.is_clear || !is_overnight
    } else {
        // After 08:30, 11:30 is before noon, but 4:30 and 9:30 may be after it. After 22:00, 6:00 is in the morning.
        from.is_clear && if is_overnight { until.hour + 12 <= from.hour } else { until.hour >= 10 }
    }
}

/// Whether a closing in hours such as `Mo-Fr 09:00-5:00` may be in the morning or in the afternoon. The parser, which
/// accepts them, takes it for the morning.
pub(super) fn has_doubtful_closing(text: &str) -> bool {
    let mut sides = text.split('-').map(str::trim).peekable();
    std::iter::from_fn(|| Some((sides.next()?, *sides.peek()?))).any(|(from, until)| {
        let from = from.rsplit([' ', ',']).next().unwrap_or_default();
        match (time(from), time(until)) {
            (Some((opens, "")), Some((closes, _))) if from.contains(':') && until.get(1..2) == Some(":") => {
                !is_24_hour_clock(opens, closes)
            }
            _ => false,
        }
    })
}

/// The time that a text begins with, and what follows it: `9`, `9am`, `9:30 pm`, `09.30`, `0930`.
pub(super) fn time(text: &str) -> Option<(WrittenTime, &str)> {
    let (digits, mut rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let (hour, mut minute) = match digits.len() {
        1 | 2 => (digits, None),
        4 => (&digits[..2], Some(&digits[2..])),
        _ => return None,
    };
    let after_mark = rest.strip_prefix([':', '.']).filter(|_| minute.is_none());
    if let Some((two, after)) = after_mark.and_then(|after| after.split_at_checked(2))
        && two.bytes().all(|byte| byte.is_ascii_digit())
    {
        (minute, rest) = (Some(two), after);
    }
    let halves = [("am", Half::Morning), ("pm", Half::Afternoon)];
    let half = halves.into_iter().find_map(|(name, half)| Some((half, rest.trim_start().strip_prefix(name)?)));
    if let Some((_, after)) = half {
        rest = after;
    }
    let half = half.map(|(half, _)| half);
    let is_padded = hour.starts_with('0');
    let hour = hour.parse().ok().filter(|hour| *hour <= 24)?;
    let time = WrittenTime {
        hour,
        minute: minute.unwrap_or("0").parse().ok().filter(|minute| *minute < 60)?,
        half,
        is_clear: half.is_some() || hour > 12 || is_padded,
    };
    Some((time, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closing_that_may_be_morning_or_afternoon() {
        for text in ["Mo-Fr 09:00-5:00", "Mo-Fr 9:00-5:00", "Mo-Fr 08:00-12:00,13:00 - 5:00", "Mo-Fr 12:00-5:00"] {
            assert!(has_doubtful_closing(text), "{text}");
        }
        for text in
            ["Mo-Fr 9:00-17:00", "Mo-Fr 22:00-6:00", "Mo-Fr 09:00-05:00", "Dec 8-9 off", "Mo-Fr 8:00-12:00", "24/7"]
        {
            assert!(!has_doubtful_closing(text), "{text}");
        }
    }
}
