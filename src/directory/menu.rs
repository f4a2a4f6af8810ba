//! Phone trees: what a caller does once a number has answered.

use super::audience::AudienceSet;
use super::details::Details;
use super::phone::Key;

/// One option of a phone menu, or one step on the way through it.
#[derive(Clone, Debug)]
pub struct MenuOption {
    /// What the caller does to take it.
    pub step: Step,
    /// The label in the menu.
    pub label: Box<str>,
    /// Other audiences that it serves.
    pub also: AudienceSet,
    /// Audiences that it does not serve.
    pub not_for: AudienceSet,
    /// The index in [`Contact::channels`](super::Contact::channels) of the line whose menu it belongs to.
    pub channel: usize,
    /// The index in [`Contact::options`](super::Contact::options) of the option above it; `None` at the top of the
    /// menu.
    pub parent: Option<usize>,
    /// Whether it can be taken anywhere in the menu of its line, such as 0 for a person. Its parent is `None`.
    pub is_anywhere: bool,
    /// Where it leads, if that is not a menu of its own.
    pub goto: Option<Goto>,
    /// Whether it reaches a person.
    pub is_operator: bool,
    /// The language that the line continues in.
    pub language: Option<Box<str>>,
    /// The fields that contacts and options share.
    pub details: Details,
}

/// What a caller does to take an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Presses a key.
    Press(Key),
    /// Says a word or a phrase.
    Say(Box<str>),
    /// Enters a number on the keypad.
    Enter(KeypadEntry),
    /// Waits a number of seconds; `None` to stay on the line until it goes on.
    Wait(Option<u16>),
}

/// A number that the caller enters on the keypad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeypadEntry {
    /// What is entered: `member ID`.
    pub what: Box<str>,
    /// How many digits it has.
    pub digits: Option<u16>,
    /// The key that ends it.
    pub end: Option<Key>,
}

/// Where an option leads that has no menu of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goto {
    /// The top of the menu.
    MainMenu,
    /// The menu before the one that it is in.
    Back,
    /// The menu that it is in, which is read again.
    Repeat,
    /// An option of the same contact, by index.
    Option(usize),
}

impl Step {
    /// The key, if one is pressed.
    pub fn key(&self) -> Option<Key> {
        match self {
            Self::Press(key) => Some(*key),
            Self::Say(_) | Self::Enter(_) | Self::Wait(_) => None,
        }
    }

    /// The shortest sign of the step, for lists: the key, or `say`, `enter` or `wait`.
    pub fn sign(&self) -> String {
        match self {
            Self::Press(key) => key.to_string(),
            Self::Say(_) => "say".to_owned(),
            Self::Enter(_) => "enter".to_owned(),
            Self::Wait(_) => "wait".to_owned(),
        }
    }

    /// What names the step in ids and targets, unique among the options of a menu: `1`, `say-billing`, `enter`, `wait`.
    pub fn segment(&self) -> String {
        match self {
            Self::Press(key) => key.to_string(),
            Self::Say(words) => {
                let words: Vec<String> = words.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
                let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
                format!("say-{}", words.join("-"))
            }
            Self::Enter(_) => "enter".to_owned(),
            Self::Wait(_) => "wait".to_owned(),
        }
    }
}
