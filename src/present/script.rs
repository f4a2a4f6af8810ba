//! The steps from dialling to the right person: a number or address and the keys to press, in words and as links.

use serde::Serialize;

use crate::directory::phone::PhoneNumber;
use crate::directory::target::Target;
use crate::directory::{Channel, Directory, EntryId, KeypadEntry, MenuOption, Step};

/// How to reach an entry by one of its channels.
#[derive(Clone, Debug)]
pub struct Script<'a> {
    /// The channel.
    pub channel: &'a Channel,
    /// What the caller does once the line answers, in order.
    pub steps: Vec<&'a MenuOption>,
    /// The machine name; `None` where the source states no number or address.
    pub target: Option<Target>,
}

/// A number with its keys to dial, in three forms. RFC 3966 has no form for keys in a `tel:` link, so the strict link is
/// the number alone. Each form stops before the first step that only the caller can take. Serialized as it stands in
/// JSON reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dial {
    /// The number: `tel:+18009093447`.
    pub link: String,
    /// The number and its keys as phones accept them in practice, a comma for a pause of about two seconds:
    /// `tel:+18009093447,,1,,1`. `None` if a key is `*` or `#`, which phones refuse in a link.
    #[serde(rename = "link_with_keys")]
    pub paused: Option<String>,
    /// The number and its keys for manual dialling, a semicolon where the phone waits: `+18009093447;1;1`.
    #[serde(rename = "by_hand")]
    pub manual: String,
    /// The number of steps that these forms take.
    #[serde(skip)]
    pub step_count: usize,
}

/// The length of a pause in a dial string, in seconds.
const PAUSE_SECONDS: u16 = 2;

impl Dial {
    fn new<'s>(number: &PhoneNumber, steps: impl Iterator<Item = &'s Step>) -> Self {
        let link = number.link();
        let mut manual = number.dial_string();
        // A phone dials an extension after a pause, which the form of RFC 3966 leaves to it.
        let mut paused = format!("tel:{manual}");
        let (mut step_count, mut pauses, mut fits_a_link) = (0, 0, true);
        for (index, step) in steps.enumerate() {
            match step {
                Step::Press(key) => {
                    paused += &",".repeat(1 + usize::from(pauses.max(1)));
                    paused.push(key.as_char());
                    manual += &format!(";{key}");
                    fits_a_link &= key.as_char().is_ascii_digit();
                    (step_count, pauses) = (index + 1, 0);
                }
                Step::Wait(Some(seconds)) => pauses += seconds.div_ceil(PAUSE_SECONDS),
                Step::Wait(None) | Step::Say(_) | Step::Enter(_) => break,
            }
        }
        Self { link, paused: fits_a_link.then_some(paused), manual, step_count }
    }

    /// The most complete link: with the keys where a link can hold them.
    pub fn best(&self) -> &str {
        self.paused.as_deref().unwrap_or(&self.link)
    }
}

/// What the caller does, in words: `press 1`, `say "billing"`, `enter the member ID (10 digits), then #`.
pub fn step_words(step: &Step) -> String {
    match step {
        Step::Press(key) => format!("press {key}"),
        Step::Say(words) => format!("say \"{words}\""),
        Step::Enter(KeypadEntry { what, digits, end }) => {
            let digits = digits.map_or_else(String::new, |count| format!(" ({count} digits)"));
            let end = end.map_or_else(String::new, |key| format!(", then {key}"));
            format!("enter the {what}{digits}{end}")
        }
        Step::Wait(Some(seconds)) => format!("wait {seconds} seconds"),
        Step::Wait(None) => "stay on the line".to_owned(),
    }
}

impl<'a> Script<'a> {
    /// The script of an entry by its channel; `None` where it has none.
    pub fn new(directory: &'a Directory, id: EntryId) -> Option<Self> {
        let channel = directory.channel(id)?;
        Some(Self { channel, steps: directory.steps(id), target: directory.target(id) })
    }

    /// The script in words: `1-800-909-3447, press 1, then 1`, or the address; `None` where none is stated.
    pub fn say(&self) -> Option<String> {
        Some(self.channel.printed()?.to_owned() + &self.say_steps(0))
    }

    /// The steps from one on in words, each after a comma.
    fn say_steps(&self, from: usize) -> String {
        let mut words = String::new();
        let mut after_key = false;
        for option in &self.steps[from..] {
            match &option.step {
                Step::Press(key) if after_key => words += &format!(", then {key}"),
                step => words += &format!(", {}", step_words(step)),
            }
            after_key = option.step.key().is_some();
        }
        words
    }

    /// What is left to do by hand after the best link has been dialled, in words; `None` if nothing is.
    pub fn after_dialling(&self) -> Option<String> {
        let dial = self.dial()?;
        if dial.paused.is_none() {
            return Some("A link cannot hold * or #: press the keys by hand.".to_owned());
        }
        let words = self.say_steps(dial.step_count);
        (!words.is_empty()).then(|| format!("Then, by hand: {}.", words.trim_start_matches(", ")))
    }

    /// The same with the kind of a number that must not be called as a voice line: `Fax (916) 935-4522`.
    pub fn say_with_kind(&self) -> Option<String> {
        Some(self.channel.with_kind(&self.say()?))
    }

    /// What to dial; `None` where the channel is not a line that people talk on.
    pub fn dial(&self) -> Option<Dial> {
        let number = self.channel.number().filter(|_| self.channel.kind.is_called())?;
        Some(Dial::new(number, self.steps.iter().map(|option| &option.step)))
    }

    /// The link by which a phone calls, writes to or opens the channel. `None` for a fax, which has no link, and for a
    /// page whose address is not stated.
    pub fn link(&self) -> Option<String> {
        self.dial().map(|dial| dial.best().to_owned()).or_else(|| self.channel.link())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::phone::Key;

    fn dial(keys: &str) -> Dial {
        let steps: Vec<Step> = keys.chars().filter_map(Key::new).map(Step::Press).collect();
        Dial::new(&PhoneNumber::parse("1-800-909-3447").unwrap(), steps.iter())
    }

    #[test]
    fn keys_follow_the_number_in_each_form() {
        assert_eq!(dial("11").link, "tel:+18009093447");
        assert_eq!(dial("11").best(), "tel:+18009093447,,1,,1");
        assert_eq!(dial("11").manual, "+18009093447;1;1");
        assert_eq!(dial("").best(), "tel:+18009093447");
    }

    #[test]
    fn a_link_holds_no_star_and_no_hash() {
        let dial = dial("1#");
        assert_eq!((dial.paused.as_deref(), dial.best()), (None, "tel:+18009093447"));
        assert_eq!(dial.manual, "+18009093447;1;#");
    }

    #[test]
    fn dialling_stops_before_a_step_of_the_caller() {
        let number = PhoneNumber::parse("1-800-909-3447").unwrap();
        let press = |key| Step::Press(Key::new(key).unwrap());
        let entry = Step::Enter(KeypadEntry { what: "member ID".into(), digits: Some(10), end: Key::new('#') });
        let dial = Dial::new(&number, [press('1'), Step::Wait(Some(6)), press('2'), entry, press('3')].iter());
        assert_eq!(dial.best(), "tel:+18009093447,,1,,,,2");
        assert_eq!((&*dial.manual, dial.step_count), ("+18009093447;1;2", 3));
    }
}
