//! Phone numbers and the keys of a phone menu.

use std::fmt;

/// A phone number, kept as printed and as E.164 (`+18009093447`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber {
    printed: Box<str>,
    e164: Box<str>,
}

impl PhoneNumber {
    /// Reads a number as printed. One that starts with `+` carries its country code and has 8 to 15 digits (ITU-T
    /// E.164); any other is of the North American plan: ten digits, perhaps a `1` before them, area code and exchange
    /// each starting with 2 to 9.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence that starts with the number.
    pub fn parse(printed: &str) -> Result<Self, &'static str> {
        let printed = printed.trim();
        let (international, rest) = match printed.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, printed),
        };
        if rest.contains(|c: char| !(c.is_ascii_digit() || " -.()/".contains(c))) {
            return Err("may hold digits, spaces, hyphens, dots, slashes and parentheses only");
        }
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        let e164 = if international {
            if !(8..=15).contains(&digits.len()) || digits.starts_with('0') {
                return Err("needs a country code and 8 to 15 digits in all");
            }
            digits.strip_prefix('1').map_or(Ok(()), Self::north_american)?;
            format!("+{digits}")
        } else {
            let national = if digits.len() == 11 { digits.strip_prefix('1').unwrap_or(&digits) } else { &digits };
            Self::north_american(national)?;
            format!("+1{national}")
        };
        Ok(Self { printed: printed.into(), e164: e164.into() })
    }

    fn north_american(national: &str) -> Result<(), &'static str> {
        let digits = national.as_bytes();
        match digits.len() {
            10 if digits[0] >= b'2' && digits[3] >= b'2' => Ok(()),
            10 => Err("has an area code or exchange that starts with 0 or 1, which no North American number has"),
            _ => Err("needs ten digits with its area code; outside North America write + and the country code"),
        }
    }

    /// As the source prints it; what people see.
    pub fn printed(&self) -> &str {
        &self.printed
    }

    /// `+` and digits; what machines use.
    pub fn e164(&self) -> &str {
        &self.e164
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.printed)
    }
}

/// A key of a phone: `0` to `9`, `*` or `#`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u8);

impl Key {
    /// The key 0.
    pub const ZERO: Self = Self(b'0');

    /// The key of a character; `None` where no phone has such a key.
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
    fn numbers_are_kept_as_printed_and_as_e164() {
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
    fn what_cannot_be_dialled_is_refused() {
        for wrong in
            ["", "935-4522", "1-800-909-344", "1-800-FLOWERS", "0-800-909-3447", "1-800-109-3447", "+0123456789"]
        {
            assert!(PhoneNumber::parse(wrong).is_err(), "{wrong}");
        }
    }
}
