//! Notation: which digits a printed number stands for, before any numbering plan is consulted.
//!
//! libphonenumber reads a number wherever it can: it drops text in front, reads any word as digits and ignores what it
//! does not know behind. A directory must not, as a reader would then dial something else than was printed. So the text
//! is taken apart here, character by character, everything unknown is refused, and the numbering plan gets only digits.

use std::borrow::Cow;

use super::error::PhoneError;

/// The longest extension. What is longer after a comma is a second number.
const MAX_EXTENSION_LEN: usize = 9;
/// The fewest letters of a word that stands for digits, and the fewest digits before it. Fewer letters are a letter for
/// a digit (`1-8OO`) or a mark behind the number (`3447B`).
const MIN_LETTERS: usize = 3;
const MIN_DIGITS_BEFORE_LETTERS: usize = 3;
/// The words before an extension. Longer ones come first, as the others end them.
const EXTENSION_LABELS: [&str; 6] = ["extension", "extn", "ext", "x", "#", ","];
/// The words before an option of a phone menu. Of words that spell digits, they are no part: `1-800-OPTIONS`.
const OPTION_WORDS: [&str; 6] = ["option", "opt", "press", "then", "select", "prompt"];

/// A printed number, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Notation {
    /// Whether a `+` and so a country code starts the number.
    pub(super) is_international: bool,
    /// The digits, with each letter as the key that it is on.
    pub(super) digits: String,
    /// Whether some digits are printed as letters.
    pub(super) has_letters: bool,
    /// Whether the digits stand together or in groups of one size, as those of short codes do: `116 123`, not `555-01`.
    pub(super) is_evenly_grouped: bool,
    /// The digits to dial after the call is answered.
    pub(super) extension: Option<Box<str>>,
}

impl Notation {
    /// Takes a number as printed, or as a `tel:` link, apart.
    pub(super) fn parse(printed: &str) -> Result<Self, PhoneError> {
        let text = fold(printed);
        let text = strip_scheme(text.trim())?;
        let (text, parameter) = strip_parameters(&text)?;
        let (number, label) = split_extension(&text);
        let extension = match (parameter, label) {
            (extension, "") | ("", extension) => extension,
            _ => return Err(PhoneError::Extension),
        };
        if extension.len() > MAX_EXTENSION_LEN {
            return Err(PhoneError::Extension);
        }
        if names_option(number) {
            return Err(PhoneError::MenuOption);
        }
        check_characters(number)?;
        if has_misplaced_letters(number) {
            return Err(PhoneError::Letters);
        }
        let groups = || number.split(|c: char| !c.is_ascii_alphanumeric()).filter(|group| !group.is_empty());
        let group_len = groups().next().ok_or(PhoneError::NoDigits)?.len();
        Ok(Self {
            is_international: number.contains('+'),
            digits: number.chars().filter_map(key).collect(),
            has_letters: number.contains(|c: char| c.is_ascii_alphabetic()),
            is_evenly_grouped: groups().all(|group| group.len() == group_len),
            extension: Some(extension).filter(|extension| !extension.is_empty()).map(Into::into),
        })
    }
}

/// Whether a word after the number says that an option of a phone menu follows it.
fn names_option(number: &str) -> bool {
    let mut words =
        number.split(|c: char| !c.is_ascii_alphanumeric()).skip_while(|word| !word.contains(char::is_numeric));
    words.any(|word| OPTION_WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// Whether a character takes no space. Web pages put such ones into numbers to break lines or to set the direction.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A printed number as it is shown to people: without `tel:`, the percent signs of links and invisible characters.
pub(super) fn shown(printed: &str) -> String {
    let visible = printed.replace(is_invisible, "");
    let number = strip_scheme(visible.trim()).unwrap_or(Cow::Borrowed(&visible));
    let is_link = number.len() < visible.trim().len();
    if is_link { number.replace(";ext=", " x") } else { number.into_owned() }
}

/// Folds the typography of web pages into ASCII: dashes, spaces and full-width forms. Invisible characters go.
fn fold(printed: &str) -> Cow<'_, str> {
    if printed.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return printed.into();
    }
    let folded = printed.chars().filter_map(|c| match c {
        c if is_invisible(c) => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => Some('-'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    });
    folded.collect::<String>().into()
}

/// The text without `tel:`, in which links may have percent signs. No other word may come before the number.
fn strip_scheme(text: &str) -> Result<Cow<'_, str>, PhoneError> {
    match text.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tel") => {
            Ok(rest.replace("%20", " ").replace("%2B", "+").replace("%2b", "+").trim().to_owned().into())
        }
        Some((word, _)) if !word.contains(|c: char| c.is_ascii_digit()) => Err(PhoneError::TextBefore),
        _ => Ok(text.into()),
    }
}

/// The text without the parameters of RFC 3966, and the extension among them, which may be empty. The context of a
/// number is its country code, and is put before it; that of a private network is no number.
fn strip_parameters(text: &str) -> Result<(Cow<'_, str>, &str), PhoneError> {
    let mut parts = text.split(';');
    let mut number = Cow::from(parts.next().unwrap_or_default());
    let mut extension = "";
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match &*name.trim().to_ascii_lowercase() {
            "ext" if !extension.is_empty() || value.is_empty() => return Err(PhoneError::Extension),
            "ext" if value.bytes().all(|byte| byte.is_ascii_digit()) => extension = value,
            "ext" => return Err(PhoneError::Extension),
            "phone-context" if value.starts_with('+') => number = format!("{value} {number}").into(),
            _ => return Err(PhoneError::Parameter(part.trim().into())),
        }
    }
    Ok((number, extension))
}

/// Splits an extension with its label from the end: `x123`, `ext. 5`, `(extension 5)`, `#5`, `,5`. It is empty where
/// there is none.
fn split_extension(text: &str) -> (&str, &str) {
    let (body, is_bracketed) = text.strip_suffix(')').map_or((text, false), |body| (body, true));
    let head = body.trim_end_matches(|c: char| c.is_ascii_digit());
    let extension = &body[head.len()..];
    let head = head.trim_end_matches([' ', '.', ':']);
    for label in EXTENSION_LABELS.into_iter().filter(|_| !extension.is_empty()) {
        let split = head.len().checked_sub(label.len()).and_then(|middle| head.split_at_checked(middle));
        let Some((before, _)) = split.filter(|(_, end)| end.eq_ignore_ascii_case(label)) else { continue };
        let number = before.trim_end_matches([' ', ',']);
        let number = if is_bracketed { number.strip_suffix('(').map(str::trim_end) } else { Some(number) };
        let Some((number, last)) = number.and_then(|number| Some((number, number.chars().next_back()?))) else {
            continue;
        };
        // The x of 1-800-FEDEX is no label: a label after a letter has a space before it.
        let is_apart = number.len() < before.len() || !label.starts_with(|c: char| c.is_ascii_alphabetic());
        if last.is_ascii_digit() || last == ')' || (last.is_ascii_alphabetic() && is_apart) {
            return (number, extension);
        }
    }
    (text, "")
}

/// Refuses what is neither digit, letter nor punctuation, and a `+` after the first digit.
fn check_characters(number: &str) -> Result<(), PhoneError> {
    if let Some(c) = number.chars().find(|c| !(c.is_ascii_alphanumeric() || " +-.()/[]".contains(*c))) {
        return Err(PhoneError::Character(c));
    }
    let before_plus = number.rfind('+').map_or("", |plus| &number[..plus]);
    let is_first = !before_plus.contains(|c: char| c.is_ascii_alphanumeric() || c == '+');
    if is_first { Ok(()) } else { Err(PhoneError::Plus) }
}

/// Whether letters stand for anything else than the digits that follow some others, as in `1-800-FLOWERS`.
fn has_misplaced_letters(number: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let Some(first) = number.find(is_letter) else { return false };
    let digit_count_before = number[..first].matches(|c: char| c.is_ascii_digit()).count();
    let letter_count = number.matches(is_letter).count();
    let is_odd = |token: &str| {
        let letters = token.matches(is_letter).count();
        let is_mixed = letters > 0 && letters < token.len();
        (is_mixed && letters < MIN_LETTERS) || EXTENSION_LABELS.contains(&&*token.to_ascii_lowercase())
    };
    letter_count < MIN_LETTERS
        || digit_count_before < MIN_DIGITS_BEFORE_LETTERS
        || number.split(|c: char| !c.is_ascii_alphanumeric()).any(is_odd)
}

/// The digit of the key that a digit or letter is on (ITU-T E.161).
fn key(c: char) -> Option<char> {
    Some(match c.to_ascii_uppercase() {
        '0'..='9' => c,
        'A'..='C' => '2',
        'D'..='F' => '3',
        'G'..='I' => '4',
        'J'..='L' => '5',
        'M'..='O' => '6',
        'P'..='S' => '7',
        'T'..='V' => '8',
        'W'..='Z' => '9',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits_and_extension(printed: &str) -> (String, Option<Box<str>>) {
        let notation = Notation::parse(printed).unwrap_or_else(|error| panic!("{printed:?} {error}"));
        (notation.digits, notation.extension)
    }

    #[test]
    fn extensions_are_read_in_every_usual_form() {
        for printed in [
            "1-800-909-3447 x5",
            "1-800-909-3447x5",
            "1-800-909-3447 X 5",
            "1-800-909-3447 ext. 5",
            "1-800-909-3447, ext 5",
            "1-800-909-3447 (ext. 5)",
            "1-800-909-3447 Extension: 5",
            "1-800-909-3447 extn 5",
            "1-800-909-3447 #5",
            "1-800-909-3447,5",
            "1-800-909-3447,,5",
            "1-800-909-3447;ext=5",
            "tel:1-800-909-3447;ext=5",
            "TEL:1%20800%20909%203447;EXT=5",
            "1\u{a0}(800)\u{2009}909\u{2011}3447 \u{ff58}5",
        ] {
            assert_eq!(digits_and_extension(printed), ("18009093447".into(), Some("5".into())), "{printed}");
        }
    }

    #[test]
    fn words_are_digits_and_not_labels() {
        for (printed, digits, extension) in [
            ("1-800-FLOWERS", "18003569377", None),
            ("1-800-FEDEX 12", "18003333912", None),
            ("1-800-GO-FEDEX x12", "18004633339", Some("12".into())),
            ("1-800-4-A-CHILD", "18004224453", None),
        ] {
            assert_eq!(digits_and_extension(printed), (digits.into(), extension), "{printed}");
        }
    }

    #[test]
    fn anything_else_is_refused_by_name() {
        for (printed, error) in [
            ("", PhoneError::NoDigits),
            (" - ", PhoneError::NoDigits),
            ("Phone: 1-800-909-3447", PhoneError::TextBefore),
            ("https://x.example/18009093447", PhoneError::TextBefore),
            ("call 1-800-909-3447", PhoneError::Letters),
            ("1-800-909-3447 option 3", PhoneError::MenuOption),
            ("1-800-909-3447, then press 1", PhoneError::MenuOption),
            ("1-800-909-3447B", PhoneError::Letters),
            ("1-8OO-909-3447", PhoneError::Letters),
            ("1-800-9O9-EASY", PhoneError::Letters),
            ("l-800-909-3447", PhoneError::Letters),
            ("1-800-909-3447 / x48", PhoneError::Letters),
            ("1-800-909-3447 int 5x", PhoneError::Letters),
            ("1-800-EXT-1234", PhoneError::Letters),
            ("1-800-909-3447\\x5", PhoneError::Character('\\')),
            ("1-800-FL\u{d6}WERS", PhoneError::Character('\u{d6}')),
            ("1-800-909-3447#", PhoneError::Character('#')),
            ("*611", PhoneError::Character('*')),
            ("1-800-909-3447, 1-800-909-3448", PhoneError::Character(',')),
            ("1-800-909-3447, 8009093448", PhoneError::Extension),
            ("1-800-909-3447 x1;ext=2", PhoneError::Extension),
            ("1-800-909-3447;ext=", PhoneError::Extension),
            ("1-800-909-3447;ext=a", PhoneError::Extension),
            ("1-800-909-3447;5", PhoneError::Parameter("5".into())),
            ("tel:+18009093447;isub=12", PhoneError::Parameter("isub=12".into())),
            ("tel:5;phone-context=acme.example", PhoneError::Parameter("phone-context=acme.example".into())),
            ("++18009093447", PhoneError::Plus),
            ("+1 800 +909 3447", PhoneError::Plus),
        ] {
            assert_eq!(Notation::parse(printed), Err(error), "{printed}");
        }
    }
}
