//! The steps from dialling to the right person: a number or address and the keys to press, in words and as links.

use crate::directory::phone::{Key, PhoneNumber};
use crate::directory::target::Target;
use crate::directory::{Channel, Directory, Endpoint, EntryId, MenuOption};

/// How to reach an entry by one of its channels.
#[derive(Clone, Debug)]
pub struct Script<'a> {
    /// The channel.
    pub channel: &'a Channel,
    /// The options whose keys are pressed once the line answers, in order.
    pub presses: Vec<&'a MenuOption>,
    /// The machine name; `None` where the source states no number or address.
    pub target: Option<Target>,
}

/// A number with its keys to dial, in three forms. RFC 3966 has no form for keys in a `tel:` link, so the strict link is
/// the number alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    /// The number: `tel:+18009093447`.
    pub link: String,
    /// The number and its keys as phones accept them in practice, a comma for a pause of about two seconds:
    /// `tel:+18009093447,,1,,1`. `None` if a key is `*` or `#`, which phones refuse in a link.
    pub paused: Option<String>,
    /// The number and its keys for manual dialling, a semicolon where the phone waits: `+18009093447;1;1`.
    pub manual: String,
}

impl Dial {
    fn new(number: &PhoneNumber, keys: &[Key]) -> Self {
        let e164 = number.e164();
        let with_keys =
            |start: &str, pause: &str| keys.iter().fold(start.to_owned(), |text, key| text + pause + &key.to_string());
        let link = format!("tel:{e164}");
        let fits_a_link = keys.iter().all(|key| key.as_char().is_ascii_digit());
        Self { paused: fits_a_link.then(|| with_keys(&link, ",,")), manual: with_keys(e164, ";"), link }
    }

    /// The most complete link: with the keys where a link can hold them.
    pub fn best(&self) -> &str {
        self.paused.as_deref().unwrap_or(&self.link)
    }
}

impl<'a> Script<'a> {
    /// The script of an entry by its channel; `None` where it has none.
    pub fn new(directory: &'a Directory, id: EntryId) -> Option<Self> {
        let channel = directory.channel(id)?;
        Some(Self { channel, presses: directory.pressed(id), target: directory.target(id) })
    }

    /// The script in words: `1-800-909-3447, press 1, then 1`, or the address; `None` where none is stated.
    pub fn say(&self) -> Option<String> {
        let mut words = self.channel.printed()?.to_owned();
        for (i, option) in self.presses.iter().enumerate() {
            words += if i == 0 { ", press " } else { ", then " };
            words.push(option.key.as_char());
        }
        Some(words)
    }

    /// The same with the kind of a number that must not be called as a voice line: `Fax (916) 935-4522`.
    pub fn say_with_kind(&self) -> Option<String> {
        Some(self.channel.with_kind(&self.say()?))
    }

    /// What to dial; `None` where the channel is not a line that people talk on.
    pub fn dial(&self) -> Option<Dial> {
        let number = self.channel.number().filter(|_| self.channel.kind.is_spoken())?;
        let keys: Vec<Key> = self.presses.iter().map(|option| option.key).collect();
        Some(Dial::new(number, &keys))
    }

    /// The link by which a phone calls, writes to or opens the channel. `None` for a fax, which has no link, and for a
    /// page whose address is not stated.
    pub fn link(&self) -> Option<String> {
        if let Some(dial) = self.dial() {
            return Some(dial.best().to_owned());
        }
        match self.channel.endpoint.as_ref().filter(|_| self.channel.kind.has_link())? {
            Endpoint::Number(_) => Some(self.channel.target()?.to_string()),
            Endpoint::Email(address) => Some(address.link()),
            Endpoint::Web(page) => Some(page.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dial(keys: &str) -> Dial {
        let keys: Vec<Key> = keys.chars().filter_map(Key::new).collect();
        Dial::new(&PhoneNumber::parse("1-800-909-3447").unwrap(), &keys)
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
}
