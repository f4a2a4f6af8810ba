//! Keyboard layouts: which key of a US keyboard is in the position of a character on another one.
//!
//! Terminals report characters, not positions. Chords, single-letter keys and digits are named by the characters of a
//! US keyboard, so a character that has no meaning of its own stands for the one in its position.

/// The keys of a US keyboard, row by row, and the same keys on other keyboards.
const US: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./";
const OTHERS: &[&str] = &[
    // Russian, Ukrainian, Greek and Hebrew.
    "ёйцукенгшщзхъфывапролджэячсмитьбю.",
    "'йцукенгшщзхїфівапролджєячсмитьбю.",
    "`;ςερτυθιοπ[]ασδφγηξκλ΄'ζχψωβνμ,./",
    ";/'קראטוןםפ][שדגכעיחלךף,זסבהנמצתץ.",
];
/// The digits of a US keyboard, and what the same keys type on a French one without Shift.
const DIGITS: &str = "1234567890";
const FRENCH_DIGITS: &str = "&é\"'(-è_çà";

/// The characters of a US keyboard in the position of a character on other keyboards.
pub(super) fn on_other_layouts(c: char) -> impl Iterator<Item = char> {
    let digit = at(FRENCH_DIGITS, DIGITS, c);
    OTHERS.iter().filter_map(move |other| at(other, US, c)).filter(move |_| !c.is_ascii()).chain(digit)
}

/// A text as the same keys type it on a US keyboard; `None` unless each of its letters is from another alphabet.
pub(super) fn on_us_layout(text: &str) -> Option<String> {
    let is_foreign = |c: char| c.is_alphabetic() && !c.is_ascii();
    let key = |other: &str, c: char| if c.is_ascii_digit() || c == ' ' { Some(c) } else { at(other, US, c) };
    let lower = text.to_lowercase();
    let is_typed = lower.chars().any(is_foreign) && !lower.chars().any(|c| c.is_ascii_alphabetic());
    OTHERS.iter().filter(|_| is_typed).find_map(|other| lower.chars().map(|c| key(other, c)).collect())
}

/// The character of one row of keys in the position of a character in another.
fn at(from: &str, to: &str, c: char) -> Option<char> {
    from.chars().position(|other| other == c).and_then(|position| to.chars().nth(position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layout_has_a_character_for_each_key() {
        for other in OTHERS {
            assert_eq!(other.chars().count(), US.chars().count(), "{other}");
        }
        assert_eq!(DIGITS.chars().count(), FRENCH_DIGITS.chars().count());
    }

    #[test]
    fn a_text_in_another_layout_is_what_the_keys_say() {
        for (typed, meant) in [
            ("сщььшыышщт", Some("commission")),
            ("Сщь", Some("com")),
            ("ψομμισσιον", Some("commission")),
            ("בםצצןדדןםמ", Some("commission")),
            ("куттуцфд 977", Some("rennewal 977")),
            ("renewal", None),
            ("977", None),
            ("com сщь", None),
            ("電話", None),
            ("", None),
        ] {
            assert_eq!(on_us_layout(typed).as_deref(), meant, "{typed}");
        }
    }
}
