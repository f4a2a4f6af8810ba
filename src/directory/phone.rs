//! Phone numbers and the keys of a phone menu.

use std::fmt;

/// Why a text is not a phone number. The message continues a sentence that starts with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// A character that printed numbers do not have, such as a letter.
    #[error("may contain only digits, spaces, hyphens, dots, slashes and parentheses")]
    Characters,
    /// The number starts with `+`, but is not an E.164 number.
    #[error("must have a country code after the + and 8 to 15 digits in all")]
    International,
    /// A North American area code or exchange that starts with 0 or 1.
    #[error(
        "has an area code or exchange that starts with 0 or 1; outside North America, write + and the country code"
    )]
    AreaCode,
    /// A North American number with too few or too many digits.
    #[error("must have ten digits including the area code; outside North America, write + and the country code")]
    Length,
}

/// A phone number, kept as printed and as E.164 (`+18009093447`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber {
    printed: Box<str>,
    e164: Box<str>,
}

impl PhoneNumber {
    /// Parses a number as printed. A number that starts with `+` has a country code and 8 to 15 digits (ITU-T E.164).
    /// Any other belongs to the North American Numbering Plan: ten digits after an optional `1`, with an area code and
    /// an exchange that each start with 2 to 9.
    ///
    /// # Errors
    /// Returns the rule that the number breaks.
    pub fn parse(printed: &str) -> Result<Self, PhoneError> {
        let printed = printed.trim();
        let (international, rest) = match printed.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, printed),
        };
        if rest.contains(|c: char| !(c.is_ascii_digit() || " -.()/".contains(c))) {
            return Err(PhoneError::Characters);
        }
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        let e164 = if international {
            if !(8..=15).contains(&digits.len()) || digits.starts_with('0') {
                return Err(PhoneError::International);
            }
            digits.strip_prefix('1').map_or(Ok(()), Self::check_north_american)?;
            format!("+{digits}")
        } else {
            let national = if digits.len() == 11 { digits.strip_prefix('1').unwrap_or(&digits) } else { &digits };
            Self::check_north_american(national)?;
            format!("+1{national}")
        };
        Ok(Self { printed: printed.into(), e164: e164.into() })
    }

    fn check_north_american(national: &str) -> Result<(), PhoneError> {
        let digits = national.as_bytes();
        match digits.len() {
            10 if digits[0] >= b'2' && digits[3] >= b'2' => Ok(()),
            10 => Err(PhoneError::AreaCode),
            _ => Err(PhoneError::Length),
        }
    }

    /// The number as the source prints it, for display.
    pub fn printed(&self) -> &str {
        &self.printed
    }

    /// The number in E.164, for links.
    pub fn e164(&self) -> &str {
        &self.e164
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.printed)
    }
}

/// A key on a phone: `0` to `9`, `*` or `#`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u8);

impl Key {
    /// The key 0.
    pub const ZERO: Self = Self(b'0');

    /// The key with a character; `None` if phones have no such key.
    pub fn new(c: char) -> Option<Self> {
        match c {
            '0'..='9' | '*' | '#' => u8::try_from(c).ok().map(Self),
            _ => None,
        }
    }

    /// The character on the key.
    pub fn as_char(self) -> char {
        char::from(self.0)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Write::write_char(f, self.as_char())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_printed_form_and_e164() {
        for (printed, e164) in [
            ("1-800-909-3447", "+18009093447"),
            ("(916) 935-4522", "+19169354522"),
            ("+44 20 7946 0958", "+442079460958"),
            ("+1 800.909.3447", "+18009093447"),
        ] {
            let number = PhoneNumber::parse(printed).unwrap();
            assert_eq!((number.printed(), number.e164()), (printed, e164));
        }
    }

    #[test]
    fn numbers_that_cannot_be_dialled_are_rejected() {
        for wrong in
            ["", "935-4522", "1-800-909-344", "1-800-FLOWERS", "0-800-909-3447", "1-800-109-3447", "+0123456789"]
        {
            assert!(PhoneNumber::parse(wrong).is_err(), "{wrong}");
        }
    }
}
