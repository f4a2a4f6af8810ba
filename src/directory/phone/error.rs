//! What is wrong with a number, for the person who wrote it.

use std::fmt;

use super::region::Region;

/// Why a text is not a phone number. The message continues a sentence that starts with the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// A character that printed numbers do not have.
    #[error(
        "may not contain {0:?}; write digits, spaces, hyphens, dots, slashes and parentheses, and an extension as x123"
    )]
    Character(char),
    /// A scheme other than `tel:`, or a label such as `Phone:`.
    #[error("has text before the number; write only the number")]
    TextBefore,
    /// Letters that do not spell the end of a number.
    #[error("has letters that do not spell part of the number, as 1-800-FLOWERS does; write only the number")]
    Letters,
    /// An option of a phone menu after the number, such as `option 3`.
    #[error("names an option of a phone menu; write only the number, and the option in its `menu`")]
    MenuOption,
    /// Letters that spell too many or too few digits.
    #[error("has letters, but does not spell a whole number; write it in digits")]
    Spelling,
    /// A `+` after the first digit.
    #[error("has a + after its first digit; write one number per channel")]
    Plus,
    /// No digits.
    #[error("has no digits")]
    NoDigits,
    /// Something after a semicolon that is neither an extension nor a country code.
    #[error("has {0:?} after a semicolon, which may only be an extension such as ;ext=123")]
    Parameter(Box<str>),
    /// An extension that is not 1 to 9 digits, or two extensions.
    #[error("must have one extension of 1 to 9 digits, such as x123")]
    Extension,
    /// The number starts with `+`, but is not an E.164 number.
    #[error("must have a country code after the + and 8 to 15 digits in all")]
    International,
    /// No country has the digits after the `+` as its code.
    #[error("has no known country code after the +")]
    CountryCode,
    /// A North American area code or exchange that starts with 0 or 1.
    #[error(
        "has an area code or exchange that starts with 0 or 1; outside North America, write + and the country code"
    )]
    AreaCode,
    /// A North American number with too few or too many digits.
    #[error("must have ten digits including the area code; outside North America, write + and the country code")]
    Length,
    /// Fewer digits than any number of the plan has.
    #[error("has too few digits for {0}")]
    TooShort(Plan),
    /// More digits than any number of the plan has.
    #[error("has too many digits for {0}")]
    TooLong(Plan),
    /// A number that the plan does not have.
    #[error("is not a number of {0}")]
    NotInPlan(Plan),
    /// A number without the trunk prefix, so short that its area code may be missing too.
    #[error("must have {0} and the area code, or + and the country code")]
    NoTrunkPrefix(Box<str>),
    /// The numbering plan reads another number in it, without some of the digits.
    #[error("reads as {0}, which leaves out some of its digits; if that is the number, write it so")]
    UnusedDigits(Box<str>),
}

/// The numbering plan that a number was read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// That of the country code that the number has.
    CountryCode(u16),
    /// That of the directory's region, as the number has no country code.
    Region(Region),
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CountryCode(code) => write!(f, "country code +{code}"),
            Self::Region(region) => write!(f, "region {region}; outside it, write + and the country code"),
        }
    }
}

/// What is doubtful about a number that is accepted. The message continues a sentence that starts with the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneWarning {
    /// The number has a possible length, but the numbering plan assigns it to nobody.
    #[error("is not in use according to the numbering plan of its country; check the digits")]
    NotInPlan,
    /// A short code of other regions.
    #[error("is a short code that cannot be dialled in region {0}; set the `region` of the directory")]
    NotInRegion(Region),
    /// A short code that is listed as a phone.
    #[error("is a short code for messages, which phones cannot call; write it as `sms`")]
    MessagesOnly,
}
