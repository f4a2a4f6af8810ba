//! The steps from dialling to the right person: a number or address and the keys to press, in words and as links.

use serde::Serialize;

use crate::directory::phone::PhoneNumber;
use crate::directory::target::Target;
use crate::directory::{Channel, Directory, EntryId, Goto, KeypadEntry, MenuOption, Step};

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

/// A number with its keys to dial, in three forms. RFC 3966 has no form for keys in a `tel:` link, so the strict link
/// is the number alone. Each form stops before the first step that only the caller can take. Serialized as it stands in
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
            let digits = digits.map_or_else(String::new, |count| format!(" ({})", counted(count, "digit")));
            let end = end.map_or_else(String::new, |key| format!(", then {key}"));
            let first = what.split(' ').next().unwrap_or_default().to_lowercase();
            let the = if ["the", "a", "an", "your", "my"].contains(&&*first) { "" } else { "the " };
            format!("enter {the}{what}{digits}{end}")
        }
        Step::Wait(Some(seconds)) => format!("wait {}", counted(*seconds, "second")),
        Step::Wait(None) => "stay on the line".to_owned(),
    }
}

fn counted(count: u16, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A step in brackets of a list: `1`, `say "billing"`, `enter 8 digits, #`, `wait 5 seconds`.
pub fn step_sign(step: &Step) -> String {
    match step {
        Step::Press(key) => key.to_string(),
        Step::Enter(KeypadEntry { digits: Some(count), end, .. }) => {
            let end = end.map_or_else(String::new, |key| format!(", {key}"));
            format!("enter {}{end}", counted(*count, "digit"))
        }
        step => step_words(step),
    }
}

/// Where an option leads and in which language, in words: `continues in Spanish, leads to the main menu`. `None` where
/// its own menu follows. `options` are those of its contact.
pub fn outcome(option: &MenuOption, options: &[MenuOption]) -> Option<String> {
    let language = option.language.as_ref().map(|language| format!("continues in {language}"));
    let words = [language, goal(option, options)].into_iter().flatten().collect::<Vec<_>>().join(", ");
    (!words.is_empty()).then_some(words)
}

/// Where an option leads that has no menu of its own, in words: `leads to Billing`.
pub fn goal(option: &MenuOption, options: &[MenuOption]) -> Option<String> {
    Some(match option.goto? {
        Goto::MainMenu => "leads to the main menu".to_owned(),
        Goto::Back => "leads back to the menu before".to_owned(),
        Goto::Repeat => "repeats the menu".to_owned(),
        Goto::Option(target) => format!("leads to {}", options.get(target)?.label),
    })
}

/// Why no way to a person is shown for an entry.
pub fn no_operator(directory: &Directory, id: EntryId) -> &'static str {
    match directory.has_menu(id) {
        true => "the source does not say how to reach a person on this line",
        false => "no phone menu is listed for this line",
    }
}

impl<'a> Script<'a> {
    /// The script of an entry by its channel; `None` where it has none.
    pub fn new(directory: &'a Directory, id: EntryId) -> Option<Self> {
        let channel = directory.channel(id)?;
        Some(Self { channel, steps: directory.steps(id), target: directory.target(id) })
    }

    /// The script with the steps of a way that the caller has taken, by index, in place of the shortest one.
    pub fn along(self, directory: &'a Directory, id: EntryId, way: &[usize]) -> Self {
        Self { steps: directory.steps_on(id, way), ..self }
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
        let (start, from) = match dial.paused {
            None => ("A link cannot hold * or #. By hand", 0),
            Some(_) => ("Then, by hand", dial.step_count),
        };
        let words = self.say_steps(from);
        (!words.is_empty()).then(|| format!("{start}: {}.", words.trim_start_matches(", ")))
    }

    /// The same with the kind of a number that must not be called as a voice line: `Fax (916) 935-4522`.
    pub fn say_with_kind(&self) -> Option<String> {
        Some(self.channel.with_kind(&self.say()?))
    }

    /// The number alone, as phones and softphones take it: `+18009093447`, with a pause before an extension. `None` for
    /// an address.
    pub fn digits(&self) -> Option<String> {
        self.channel.number().map(PhoneNumber::dial_string)
    }

    /// What the caller does after the number has been dialled, in words: `press 1, then 1`. `None` if nothing.
    pub fn steps_by_hand(&self) -> Option<String> {
        let words = self.say_steps(0);
        (!words.is_empty()).then(|| words.trim_start_matches(", ").to_owned())
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
    fn steps_read_as_english() {
        let enter = |what: &str, digits, end| Step::Enter(KeypadEntry { what: what.into(), digits, end });
        for (step, words) in [
            (enter("PIN", Some(1), None), "enter the PIN (1 digit)"),
            (enter("your member ID", None, None), "enter your member ID"),
            (Step::Wait(Some(1)), "wait 1 second"),
        ] {
            assert_eq!(step_words(&step), words);
        }
        assert_eq!(step_sign(&enter("PIN", Some(8), Key::new('#'))), "enter 8 digits, #");
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
