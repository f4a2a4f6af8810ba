//! Phone numbers and the keys of a phone menu.
//!
//! A number is kept as printed and as what a phone dials: a full number in E.164, or a short code such as 988. Parsing
//! has two steps: `notation` finds the digits and the extension in the text, and `plan` finds out which number they are
//! in a region. A number that either does not understand in full is refused: a wrong number is worse than none.

mod error;
mod notation;
mod plan;
mod region;

use std::fmt;

pub use error::{PhoneError, PhoneWarning, Plan};
pub use region::{Region, RegionError};

use notation::Notation;

/// A phone number, kept as printed and as it is dialled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber {
    printed: Box<str>,
    dialled: Box<str>,
    national: Box<str>,
    extension: Option<Box<str>>,
    /// The region of the directory that it is printed in.
    region: Region,
}

impl PhoneNumber {
    /// Parses a number as printed in a directory without a region, whose numbers are those of the United States.
    ///
    /// # Errors
    /// As for [`PhoneNumber::parse_in`].
    pub fn parse(printed: &str) -> Result<Self, PhoneError> {
        Self::parse_in(printed, Region::US)
    }

    /// Parses a number as printed in a region: with a country code, in the national form of the region, or as one of
    /// its short codes. It may have letters (`1-800-FLOWERS`), an extension (`x123`) and the typography of a web page,
    /// and may be a `tel:` link.
    ///
    /// # Errors
    /// When it is not a number, or when some of its characters would be left out of what is dialled.
    pub fn parse_in(printed: &str, region: Region) -> Result<Self, PhoneError> {
        let notation = Notation::parse(printed)?;
        let dialled = plan::resolve(&notation, region)?;
        Ok(Self {
            printed: notation::shown(printed).into(),
            dialled: dialled.number,
            national: dialled.national,
            extension: notation.extension,
            region,
        })
    }

    /// The number as the source prints it, for display, without `tel:` and invisible characters.
    pub fn printed(&self) -> &str {
        &self.printed
    }

    /// What a phone dials, without the extension: the number in E.164, or the short code.
    pub fn dialled(&self) -> &str {
        &self.dialled
    }

    /// Whether it is a short code, such as 988 or 116 123, which can be dialled only in its region.
    pub fn is_short_code(&self) -> bool {
        !self.dialled.starts_with('+')
    }

    /// The digits to dial after the call is answered.
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// What names the number in ids: its digits with the country code, and its extension: `18009093447`,
    /// `13125550140x5`.
    pub fn segment(&self) -> String {
        let extension = self.extension().map(|extension| format!("x{extension}"));
        format!("{}{}", self.dialled.trim_start_matches('+'), extension.unwrap_or_default())
    }

    /// Whether it is a short code to which messages can be sent but which no phone calls: in North America, the codes
    /// of more than three digits that not all of Europe shares.
    pub fn is_message_code(&self) -> bool {
        self.is_short_code() && plan::is_message_code(&self.dialled, self.region)
    }

    /// The digits that people type to find the number: with the country code, and as they are dialled within the
    /// country, with the trunk prefix. Both are the same for a short code.
    pub fn digits(&self) -> [&str; 2] {
        [self.dialled.trim_start_matches('+'), &self.national]
    }

    /// The link to call it (RFC 3966): `tel:+18009093447;ext=123`, `tel:988`.
    pub fn link(&self) -> String {
        let extension = self.extension().map(|extension| format!(";ext={extension}"));
        format!("tel:{}{}", self.dialled, extension.unwrap_or_default())
    }

    /// What to enter on a phone, with a pause before the extension: `+18009093447,123`.
    pub fn dial_string(&self) -> String {
        let extension = self.extension().map(|extension| format!(",{extension}"));
        format!("{}{}", self.dialled, extension.unwrap_or_default())
    }

    /// The digits of a number that is printed with letters, to show beside it: `1-800-356-9377` for `1-800-FLOWERS`.
    pub fn spelled_digits(&self) -> Option<String> {
        let has_letters = Notation::parse(&self.printed).is_ok_and(|notation| notation.has_letters);
        has_letters.then(|| plan::grouped(&self.dialled)).flatten()
    }

    /// What is doubtful about the number. The answer is in the metadata of all numbering plans, whose loading takes
    /// some milliseconds: this is for checking a directory, not for loading it.
    pub fn warning(&self) -> Option<PhoneWarning> {
        let is_short_code = self.is_short_code();
        if is_short_code && !plan::is_short_code(&self.dialled, self.region) {
            return Some(PhoneWarning::NotInRegion(self.region));
        }
        (!is_short_code && !plan::is_in_plan(&self.dialled)).then_some(PhoneWarning::NotInPlan)
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

    fn number(printed: &str) -> PhoneNumber {
        PhoneNumber::parse(printed).unwrap_or_else(|error| panic!("{printed} {error}"))
    }

    #[test]
    fn numbers_keep_their_printed_form_and_what_is_dialled() {
        for (printed, dialled) in [
            ("1-800-909-3447", "+18009093447"),
            ("(916) 935-4522", "+19169354522"),
            ("+44 20 7946 0958", "+442079460958"),
            ("+1 800.909.3447", "+18009093447"),
            ("011 44 20 7946 0958", "+442079460958"),
            ("741741", "741741"),
        ] {
            let number = number(printed);
            assert_eq!((number.printed(), number.dialled()), (printed, dialled));
        }
    }

    #[test]
    fn numbers_that_cannot_be_dialled_are_rejected() {
        for wrong in
            ["", "935-4522", "1-800-909-344", "1-800-MEDICARE", "0-800-909-3447", "1-800-109-3447", "+0123456789"]
        {
            assert!(PhoneNumber::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn links_and_dial_strings_have_the_extension() {
        let line = number("1-800-909-3447 x123");
        assert_eq!(line.extension(), Some("123"));
        assert_eq!(line.link(), "tel:+18009093447;ext=123");
        assert_eq!(line.dial_string(), "+18009093447,123");
        let code = number("741741");
        assert_eq!(code.link(), "tel:741741");
        assert_eq!((code.is_short_code(), code.dial_string().as_str()), (true, "741741"));
    }

    #[test]
    fn letters_can_be_shown_as_digits() {
        assert_eq!(number("1-800-FLOWERS x5").spelled_digits().as_deref(), Some("1-800-356-9377"));
        assert_eq!(number("1-800-356-9377 x5").spelled_digits(), None);
    }

    #[test]
    fn the_plan_is_asked_only_for_warnings() {
        assert_eq!(number("1-800-909-3447").warning(), None);
        assert_eq!(number("988").warning(), None);
        assert_eq!(number("1-211-555-0100").warning(), Some(PhoneWarning::NotInPlan));
        assert_eq!(number("+44 20 9946 0958").warning(), Some(PhoneWarning::NotInPlan));
    }
}
