//! Numbering plans: which number some digits are, in a region.
//!
//! North American numbers, which have one length, are settled here. For any other the metadata of libphonenumber
//! decides. Loading it takes some milliseconds, so it must not be reached for a directory of North American numbers.

use regex_lite::Regex;
use rlibphonenumber::{
    CountryCodeSource, NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber, PhoneNumberFormat, ValidationError,
};

use super::error::{PhoneError, Plan};
use super::notation::Notation;
use super::region::Region;

const NORTH_AMERICA: u16 = 1;
/// The digits that start an international call in North America.
const NORTH_AMERICAN_IDD: &str = "011";
/// A printed number with fewer digits may be one without its area code: those have at most eight.
const MIN_LEN_WITHOUT_TRUNK_PREFIX: usize = 9;

/// What to dial.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dialled {
    /// The number in E.164, or a short code.
    pub(super) number: Box<str>,
    /// The digits of a full number within its country, with the trunk prefix; those of a short code.
    pub(super) national: Box<str>,
}

impl Dialled {
    fn north_american(national: &str) -> Self {
        Self { number: format!("+1{national}").into(), national: national.into() }
    }

    fn full(number: &PhoneNumber) -> Self {
        Self {
            number: number.format_as(PhoneNumberFormat::E164).into(),
            national: digits(&number.format_as(PhoneNumberFormat::National)).into(),
        }
    }
}

/// Finds what a printed number dials. The region is that of a number without a country code.
pub(super) fn resolve(notation: &Notation, region: Region) -> Result<Dialled, PhoneError> {
    let is_north_american = match notation.is_international {
        true => notation.digits.starts_with('1'),
        false => region.calling_code() == NORTH_AMERICA && !notation.digits.starts_with(NORTH_AMERICAN_IDD),
    };
    let full = if is_north_american { north_american(notation) } else { by_metadata(notation, region) };
    full.or_else(|error| short_code(notation, region).ok_or(error))
}

/// A number of ten digits after an optional 1, with an area code and an exchange that each start with 2 to 9.
fn north_american(notation: &Notation) -> Result<Dialled, PhoneError> {
    let national = match (notation.is_international, notation.digits.len()) {
        (true, _) | (false, 11) => notation.digits.strip_prefix('1').unwrap_or(&notation.digits),
        _ => &notation.digits,
    };
    match national.as_bytes() {
        digits if digits.len() != 10 && notation.has_letters => Err(PhoneError::Spelling),
        digits if digits.len() != 10 => Err(PhoneError::Length),
        [b'0' | b'1', ..] | [_, _, _, b'0' | b'1', ..] => Err(PhoneError::AreaCode),
        _ => Ok(Dialled::north_american(national)),
    }
}

/// A number that the metadata of libphonenumber knows, or one of a possible length, of which [`is_in_plan`] warns:
/// plans grow. Such a number must have its country code or its trunk prefix, as otherwise it may be one of another
/// country.
fn by_metadata(notation: &Notation, region: Region) -> Result<Dialled, PhoneError> {
    let plus = if notation.is_international { "+" } else { "" };
    let library_region = rlibphonenumber::Region::from_code(region.code()).ok();
    let found = PHONE_NUMBER_UTIL.parse_and_keep_raw_input(format!("{plus}{}", notation.digits), library_region);
    let number = found.map_err(|error| parse_error(notation, region, &error))?;
    let length = number.is_possible_with_reason();
    let national = digits(&number.format_as(PhoneNumberFormat::National));
    let has_trunk_prefix = notation.digits == national && national != number.get_national_significant_number();
    let is_complete = is_international(&number) || has_trunk_prefix;
    let may_be_new = is_complete && !notation.has_letters && length == Ok(NumberLengthType::IsPossible);
    if !may_be_new && !number.is_valid() {
        return Err(length_error(&number, region, length));
    }
    check_digits(&number, &notation.digits)?;
    if number.country_code == i32::from(NORTH_AMERICA) {
        // After an international prefix. The metadata also knows numbers of seven digits, which only Canada can dial.
        let digits = format!("{NORTH_AMERICA}{}", number.get_national_significant_number());
        return north_american(&Notation { is_international: true, digits, extension: None, ..*notation });
    }
    Ok(Dialled::full(&number))
}

/// Whether the number is printed with its country code, after a + or an international prefix such as 00.
fn is_international(number: &PhoneNumber) -> bool {
    use CountryCodeSource::{FromNumberWithIdd, FromNumberWithPlusSign};
    matches!(number.country_code_source(), FromNumberWithPlusSign | FromNumberWithIdd)
}

/// Checks that each printed digit is part of the number or of a known prefix: libphonenumber drops carrier codes and
/// outdated mobile prefixes, and the reader of the printed number would dial them.
fn check_digits(number: &PhoneNumber, printed: &str) -> Result<(), PhoneError> {
    let (code, significant) = (number.country_code.to_string(), number.get_national_significant_number());
    let national = digits(&number.format_as(PhoneNumberFormat::National));
    let trunk_prefix = national.strip_suffix(&significant).unwrap_or_default();
    let is_code = |text: &str| text.strip_prefix(&code).is_some_and(|rest| rest.is_empty() || rest == trunk_prefix);
    let is_accounted = |before: &str| match number.country_code_source() {
        CountryCodeSource::FromNumberWithPlusSign | CountryCodeSource::FromNumberWithoutPlusSign => is_code(before),
        CountryCodeSource::FromNumberWithIdd => (1..before.len()).any(|end| is_code(&before[end..])),
        _ => before.is_empty() || before == trunk_prefix,
    };
    // An Argentine mobile is 011 15-2345-6789 at home and +54 9 11 2345-6789 abroad: only the plan knows that they are
    // one.
    let is_national = printed == national && !is_international(number);
    match printed.strip_suffix(&significant) {
        _ if is_national => Ok(()),
        Some("") if !trunk_prefix.is_empty() && printed.len() < MIN_LEN_WITHOUT_TRUNK_PREFIX => {
            Err(PhoneError::NoTrunkPrefix(trunk_prefix.into()))
        }
        Some(before) if is_accounted(before) => Ok(()),
        _ => Err(PhoneError::UnusedDigits(number.format_as(PhoneNumberFormat::International).into())),
    }
}

/// A short code of the region or of all Europe: digits without an extension, which stand together or in even groups.
fn short_code(notation: &Notation, region: Region) -> Option<Dialled> {
    let is_plain = !notation.is_international && !notation.has_letters && notation.extension.is_none();
    let is_code = || is_short_code(&notation.digits, region) || is_european_code(&notation.digits);
    let code = || notation.digits.as_str().into();
    (is_plain && notation.is_evenly_grouped && is_code()).then(|| Dialled { number: code(), national: code() })
}

/// Whether a region has a short code.
pub(super) fn is_short_code(digits: &str, region: Region) -> bool {
    let pattern = region.short_codes();
    !pattern.is_empty() && Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|pattern| pattern.is_match(digits))
}

/// Whether a short code of a region is only for messages. The metadata of North America has any such digits as one.
pub(super) fn is_message_code(digits: &str, region: Region) -> bool {
    region.calling_code() == NORTH_AMERICA && digits.len() > 3 && !is_european_code(digits)
}

/// Whether digits are one of the codes of six digits that European countries share, such as 116 123. A directory
/// without a region may list them: in North America no number starts so, thus it cannot be another one with digits
/// missing.
fn is_european_code(digits: &str) -> bool {
    digits.len() == 6 && digits.starts_with("116")
}

/// Whether the numbering plan of its country has a number, given in E.164.
pub(super) fn is_in_plan(e164: &str) -> bool {
    PHONE_NUMBER_UTIL.parse(e164, None).is_ok_and(|number| number.is_valid())
}

/// The number in the usual groups: `1-800-356-9377`, `+44 20 7946 0958`.
pub(super) fn grouped(e164: &str) -> Option<String> {
    if let Some(national) = e164.strip_prefix("+1") {
        return Some(format!("1-{}-{}-{}", national.get(..3)?, national.get(3..6)?, national.get(6..)?));
    }
    let number = PHONE_NUMBER_UTIL.parse(e164, None).ok()?;
    Some(number.format_as(PhoneNumberFormat::International).into())
}

fn plan(number: &PhoneNumber, region: Region) -> Plan {
    let code = u16::try_from(number.country_code).ok().filter(|_| is_international(number));
    code.map_or(Plan::Region(region), Plan::CountryCode)
}

/// Why digits are not a number at all.
fn parse_error(notation: &Notation, region: Region, error: &ParseError) -> PhoneError {
    let plan = Plan::Region(region);
    let is_e164_length = (8..=15).contains(&notation.digits.len());
    match error {
        _ if notation.is_international && !is_e164_length => PhoneError::International,
        ParseError::InvalidCountryCode if notation.is_international => match notation.digits.starts_with('0') {
            true => PhoneError::International,
            false => PhoneError::CountryCode,
        },
        ParseError::TooLongNsn => PhoneError::TooLong(plan),
        ParseError::TooShortNsn | ParseError::TooShortAfterIdd => PhoneError::TooShort(plan),
        ParseError::NotANumber(_) | ParseError::InvalidCountryCode => PhoneError::NotInPlan(plan),
    }
}

/// Why a number is not one of its plan.
fn length_error(number: &PhoneNumber, region: Region, length: Result<NumberLengthType, ValidationError>) -> PhoneError {
    let plan = plan(number, region);
    match length {
        Err(ValidationError::TooShort) | Ok(NumberLengthType::IsPossibleLocalOnly) => PhoneError::TooShort(plan),
        Err(ValidationError::TooLong) => PhoneError::TooLong(plan),
        Err(ValidationError::InvalidCountryCode) => PhoneError::CountryCode,
        Err(ValidationError::InvalidLength) | Ok(NumberLengthType::IsPossible) => PhoneError::NotInPlan(plan),
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
