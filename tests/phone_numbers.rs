//! Phone numbers: what is accepted dials the number that libphonenumber reads, and nothing that is printed is dropped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use dialtree::directory::phone::{PhoneError, PhoneNumber, PhoneWarning, Region};
use proptest::prelude::*;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

/// Region and one example number in national, international, RFC 3966 and E.164 form. See `phone_numbers.py`.
const EXAMPLES: &str = include_str!("fixtures/phone_numbers.tsv");

fn examples() -> impl Iterator<Item = [&'static str; 5]> {
    EXAMPLES.lines().map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap())
}

fn region(code: &str) -> Region {
    Region::parse(code).unwrap_or_else(|error| panic!("{code} {error}"))
}

/// A number as it is shown: without the scheme of a link and the characters that take no space.
fn shown(printed: &str) -> String {
    let visible =
        printed.replace(['\u{ad}', '\u{200b}', '\u{200e}', '\u{202a}', '\u{202c}', '\u{2060}', '\u{feff}'], "");
    match visible.trim().split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tel:") => {
            rest.replace("%20", " ").replace("%2B", "+").replace("%2b", "+").trim().replace(";ext=", " x")
        }
        _ => visible.trim().to_owned(),
    }
}

#[track_caller]
fn dialled(code: &str, printed: &str) -> String {
    match PhoneNumber::parse_in(printed, region(code)) {
        Ok(number) => {
            assert_eq!(number.printed(), shown(printed));
            number.dial_string()
        }
        Err(error) => panic!("{code}: {printed} {error}"),
    }
}

#[test]
fn the_examples_of_30_regions_are_read_in_every_form() {
    let regions: std::collections::BTreeSet<&str> = examples().map(|[region, ..]| region).collect();
    assert_eq!((regions.len(), examples().count()), (30, 88));
    for [code, national, international, link, e164] in examples() {
        assert_eq!(dialled(code, national), e164);
        for region in [code, "US", "GB"] {
            for form in [international, link, e164] {
                assert_eq!(dialled(region, form), e164);
                assert_eq!(dialled(region, &format!("{form};ext=12")), format!("{e164},12"));
            }
        }
        let number = PhoneNumber::parse_in(national, region(code)).unwrap();
        assert_eq!(PhoneNumber::parse(&number.link()).unwrap().dialled(), e164);
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        assert_eq!(number.digits(), [&e164[1..], &*digits(national)]);
        assert_eq!(number.warning(), None, "{e164}");
    }
}

#[test]
fn a_trunk_prefix_after_the_country_code_is_not_dialled() {
    for (printed, e164) in [
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+44(0)20 7946 0958", "+442079460958"),
        ("+44 020 7946 0958", "+442079460958"),
        ("(+44) 20 7946 0958", "+442079460958"),
        ("+49 (0)30 123456", "+4930123456"),
        ("+33 (0)1 42 68 53 00", "+33142685300"),
        ("+61 (0)2 9374 4000", "+61293744000"),
        ("+7 (8) 495 123-45-67", "+74951234567"),
        ("+36 (06) 1 234 5678", "+3612345678"),
        ("tel:+44(0)2079460958", "+442079460958"),
        // The 0 of an Italian number is part of it.
        ("+39 06 6982 1234", "+390669821234"),
        ("+39 (0)6 6982 1234", "+390669821234"),
    ] {
        for code in ["US", "GB", "DE"] {
            assert_eq!(dialled(code, printed), e164);
        }
    }
}

#[test]
fn numbers_without_a_country_code_are_those_of_the_region() {
    for (code, printed, e164) in [
        ("GB", "0800 1111", "+448001111"),
        ("GB", "020 7946 0958", "+442079460958"),
        ("GB", "(020) 7946 0958", "+442079460958"),
        ("GB", "00 44 20 7946 0958", "+442079460958"),
        ("GB", "00 1 800 909 3447", "+18009093447"),
        ("GB", "44 20 7946 0958", "+442079460958"),
        ("US", "011 44 20 7946 0958", "+442079460958"),
        ("US", "011 44 (0)20 7946 0958", "+442079460958"),
        ("CA", "416-555-0123", "+14165550123"),
        ("DE", "030 123456", "+4930123456"),
        ("IT", "06 6982 1234", "+390669821234"),
        ("IN", "98765 43210", "+919876543210"),
        ("AU", "13 14 44", "+61131444"),
        ("AU", "0011 44 20 7946 0958", "+442079460958"),
        ("JP", "010 44 20 7946 0958", "+442079460958"),
        ("AR", "011 15-2345-6789", "+5491123456789"),
        ("BR", "(11) 96123-4567", "+5511961234567"),
    ] {
        assert_eq!(dialled(code, printed), e164);
    }
}

#[test]
fn short_codes_are_those_of_the_region() {
    for (code, printed, short) in [
        ("US", "211", "211"),
        ("US", "tel:911", "911"),
        ("US", "988", "988"),
        ("US", "7-1-1", "711"),
        ("US", "741741", "741741"),
        ("US", "741-741", "741741"),
        ("GB", "116 123", "116123"),
        ("GB", "999", "999"),
        ("DE", "116 117", "116117"),
        ("FR", "30 19", "3019"),
        ("AU", "000", "000"),
    ] {
        let number = PhoneNumber::parse_in(printed, region(code)).unwrap_or_else(|error| panic!("{printed} {error}"));
        assert_eq!((number.dialled(), number.is_short_code(), number.warning()), (short, true, None));
        assert_eq!((number.digits(), number.link()), ([short, short], format!("tel:{short}")));
    }
    for (code, printed) in
        [("US", "999 x5"), ("GB", "741741"), ("US", "555-01"), ("US", "+211"), ("GB", "211"), ("DE", "12")]
    {
        assert!(PhoneNumber::parse_in(printed, region(code)).is_err(), "{code} {printed}");
    }
}

/// libphonenumber reads a number in each of these, and drops or invents digits.
#[test]
fn what_would_dial_something_else_is_refused_with_what_to_write() {
    for (code, printed, message) in [
        ("US", "1-800-909-3447B", "has letters that do not spell part of the number"),
        ("US", "call 1-800-909-3447", "has letters that do not spell"),
        (
            "US",
            "1-800-909-3447 option 5",
            "names an option of a phone menu; write only the number, and the option in its `menu`",
        ),
        ("US", "1-800-MEDICARE", "has letters, but does not spell a whole number; write it in digits"),
        ("US", "1-800-909-3447 or 1-800-909-3448", "has letters that do not spell"),
        ("US", "1-800-909-3447 / x48", "has letters that do not spell"),
        ("US", "1-800-909-3447\\x5", "may not contain '\\\\'"),
        ("US", "1-800-909-3447;isub=5", "has \"isub=5\" after a semicolon"),
        ("US", "310-1234", "must have ten digits"),
        ("US", "0800 1111", "must have ten digits"),
        ("US", "00 44 20 7946 0958", "must have ten digits"),
        ("US", "1-100-555-0100", "has an area code or exchange that starts with 0 or 1"),
        ("US", "+1 1 800 909 3447", "must have ten digits"),
        ("US", "+44 20", "has too few digits for country code +44"),
        ("US", "+999 123 4567", "has no known country code after the +"),
        ("US", "+44 20 7946", "has too few digits for country code +44"),
        ("US", "+44 20 7946 0958 12", "has too many digits for country code +44"),
        ("US", "+52 1 55 1234 5678", "has too many digits for country code +52"),
        ("GB", "7946 0958", "has too few digits for region GB; outside it, write + and the country code"),
        ("GB", "1-800-909-3447", "for region GB; outside it, write + and the country code"),
        ("GB", "20 9946 0958", "is not a number of region GB; outside it, write + and the country code"),
        ("GB", "00 1 310 1234", "must have ten digits"),
        ("DE", "893 4567", "must have 0 and the area code, or + and the country code"),
        ("AR", "0 11 15-2345-678", "is not a number of region AR"),
        ("BR", "0 15 11 96123-4567", "reads as +55 11 96123-4567, which leaves out some of its digits"),
        ("AG", "460-1234", "must have ten digits"),
    ] {
        match PhoneNumber::parse_in(printed, region(code)) {
            Ok(number) => panic!("{code}: {printed} is accepted as {}", number.dial_string()),
            Err(error) => assert!(error.to_string().contains(message), "{code}: {printed} {error}"),
        }
    }
}

#[test]
fn a_number_that_the_plan_does_not_know_has_a_warning() {
    for printed in ["1-211-555-0100", "+44 20 9946 0958"] {
        let number = PhoneNumber::parse(printed).unwrap();
        assert_eq!(number.warning(), Some(PhoneWarning::NotInPlan), "{printed}");
    }
    let national = PhoneNumber::parse_in("020 9946 0958", region("GB")).unwrap();
    assert_eq!((national.dialled(), national.warning()), ("+442099460958", Some(PhoneWarning::NotInPlan)));
    let samaritans = PhoneNumber::parse("116 123").unwrap();
    assert_eq!(samaritans.warning(), Some(PhoneWarning::NotInRegion(Region::US)));
    let mexican = PhoneNumber::parse("+52 1 55 1234 5678").unwrap_err();
    assert!(matches!(mexican, PhoneError::TooLong(_)));
}

/// Every region that libphonenumber knows.
fn any_region() -> impl Strategy<Value = Region> {
    let codes = include_str!("../data/phone_regions.tsv").lines();
    proptest::sample::select(codes.map(|line| region(&line[..2])).collect::<Vec<_>>())
}

/// Numbers of the examples with prefixes, extensions, words and single changes, in their region or another one.
fn printed() -> impl Strategy<Value = (String, Region)> {
    let example = proptest::sample::select(examples().collect::<Vec<_>>());
    let before = proptest::sample::select(vec!["", "", "", "", "tel:", "0", "00", "011", "1", "+", "8", "(", "call "]);
    let after = proptest::sample::select(vec![
        "", "", "", " x12", " ext. 5", ",7", "#7", " (ext 3)", ";ext=9", "B", " FLOWERS", " / x48", "12", " - 5", ".",
    ]);
    let change = proptest::option::of((any::<prop::sample::Index>(), prop_oneof!["[0-9A-Z+() .x,#;-]", "\\PC"]));
    let own = proptest::bool::weighted(0.8);
    (example, 1..5usize, before, after, change, own, any_region()).prop_map(
        |(example, form, before, after, change, is_own, other)| {
            let mut text = example[form].to_owned();
            if let Some((index, change)) = change {
                let start = index.index(text.len());
                text.replace_range(start..=start, &change);
            }
            (format!("{before}{text}{after}"), if is_own { region(example[0]) } else { other })
        },
    )
}

/// The digits of a text, with letters as their keys; a second implementation.
fn digits(text: &str) -> String {
    let fold = |c: char| match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap(),
        _ => c,
    };
    let key = |c: char| match c.to_ascii_lowercase() {
        c @ '0'..='9' => Some(c),
        c @ 'a'..='z' => "22233344455566677778889999".chars().nth(c as usize - 'a' as usize),
        _ => None,
    };
    text.chars().map(fold).filter_map(key).collect()
}

/// Checks that what is dialled is the end of what is printed, after a country code, and that the printed digits before it
/// are prefixes.
fn check_no_digit_is_invented(printed: &str, number: &PhoneNumber) {
    let mut text = printed.to_owned();
    for label in ["tel:", "extension", "ext", "x", "X"] {
        text = text.replace(label, "");
    }
    let mut printed_digits = digits(&text);
    if let Some(extension) = number.extension() {
        printed_digits.truncate(printed_digits.strip_suffix(extension).unwrap().len());
    }
    let [dialled, _] = number.digits();
    let shared = dialled.bytes().rev().zip(printed_digits.bytes().rev()).take_while(|(a, b)| a == b).count();
    let (code, before) = (&dialled[..dialled.len() - shared], &printed_digits[..printed_digits.len() - shared]);
    assert!(code.len() <= 3 && before.len() <= 8, "{printed}: {dialled}");
    let codes = || include_str!("../data/phone_regions.tsv").lines().map(|row| row.split('\t').nth(1).unwrap());
    assert!(code.is_empty() || codes().any(|known| known.starts_with(code)), "{printed}: {dialled}");
}

/// Checks that libphonenumber reads the printed text as the same number, where it reads a valid one.
fn check_the_library_agrees(printed: &str, region: Region, number: &PhoneNumber) {
    let code = rlibphonenumber::Region::from_code(region.code()).ok();
    let Ok(found) = PHONE_NUMBER_UTIL.parse(printed, code) else { return };
    if found.is_valid() && !number.is_short_code() {
        assert_eq!(number.dialled(), found.format_as(PhoneNumberFormat::E164), "{region}: {printed}");
        assert_eq!(number.extension(), found.extension.as_deref(), "{region}: {printed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn an_accepted_number_is_what_is_printed((text, region) in printed()) {
        if let Ok(number) = PhoneNumber::parse_in(&text, region) {
            prop_assert_eq!(number.printed(), shown(&text));
            check_no_digit_is_invented(&text, &number);
            check_the_library_agrees(&text, region, &number);
            let again = PhoneNumber::parse_in(&number.link(), region).unwrap();
            prop_assert_eq!((again.dialled(), again.extension()), (number.dialled(), number.extension()));
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,24}|[-+0-9A-Za-z ().,;#x/]{0,24}", region in any_region()) {
        match PhoneNumber::parse_in(&text, region) {
            Ok(number) => check_the_library_agrees(&text, region, &number),
            Err(error) => prop_assert!(!error.to_string().contains(char::is_control)),
        }
    }

    #[test]
    fn north_american_numbers_are_read_as_the_library_reads_them(digits in "1?[0-9]{10}|[2-9][0-9]{2}-[0-9]{3}-[0-9]{4}") {
        if let Ok(number) = PhoneNumber::parse(&digits) {
            check_no_digit_is_invented(&digits, &number);
            check_the_library_agrees(&digits, Region::US, &number);
            let found = PHONE_NUMBER_UTIL.parse(&digits, Some(rlibphonenumber::Region::US)).unwrap();
            prop_assert_eq!(number.warning().is_none(), found.is_valid());
        }
    }
}
