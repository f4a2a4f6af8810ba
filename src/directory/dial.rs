//! What a phone is told to dial: a number, and the keys to press once the line answers.

use super::phone::{Key, PhoneNumber};
use super::{Channel, Directory, Endpoint, EntryId};

/// The three forms of a number and its keys. RFC 3966 has no form for keys in a `tel:` link, so that the strict link
/// is the number alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    /// The number: `tel:+18009093447`.
    pub link: String,
    /// What phones take in practice, a comma for about two seconds: `tel:+18009093447,,1,,1`. `None` with a key `*` or
    /// `#`, which phones refuse in a link.
    pub paused: Option<String>,
    /// For whoever dials by hand, a semicolon where the phone waits for them: `+18009093447;1;1`.
    pub manual: String,
}

impl Dial {
    fn new(number: &PhoneNumber, keys: &[Key]) -> Self {
        let e164 = number.e164();
        let after = |start: String, pause: &str| keys.iter().fold(start, |text, key| format!("{text}{pause}{key}"));
        let link = format!("tel:{e164}");
        let fits_a_link = keys.iter().all(|key| key.as_char().is_ascii_digit());
        Self { paused: fits_a_link.then(|| after(link.clone(), ",,")), manual: after(e164.to_owned(), ";"), link }
    }

    /// The link that says most: with the keys where a link can hold them.
    pub fn best(&self) -> &str {
        self.paused.as_deref().unwrap_or(&self.link)
    }
}

impl Directory {
    /// What to dial for an answer by one of its channels; `None` where it is no line that people talk on.
    pub fn dial(&self, answer: EntryId, channel: &Channel) -> Option<Dial> {
        let (Endpoint::Phone(number) | Endpoint::Tty(number)) = &channel.reach else { return None };
        let keys: Vec<Key> = self.path(self.line(answer, channel)).iter().map(|option| option.key).collect();
        Some(Dial::new(number, &keys))
    }

    /// The link by which a phone reaches an answer by one of its channels: it dials, writes or opens. `None` for a fax,
    /// which has none, and for a page whose address is not stated.
    pub fn link(&self, answer: EntryId, channel: &Channel) -> Option<String> {
        match &channel.reach {
            Endpoint::Phone(_) | Endpoint::Tty(_) => self.dial(answer, channel).map(|dial| dial.best().to_owned()),
            Endpoint::Fax(_) => None,
            Endpoint::Email(address) => Some(address.link()),
            Endpoint::Web(page) => page.as_ref().map(ToString::to_string),
        }
    }

    /// The options that can be pressed next on a channel: those of an answer that stand on this line and no other.
    pub fn choices(&self, answer: EntryId, channel: &Channel) -> Vec<EntryId> {
        let mut children = self.children(answer);
        children.retain(|child| self.channel(*child).is_some_and(|own| std::ptr::eq(own, channel)));
        children
    }

    /// Whose keys are pressed after a channel's number: an option's only on its own line, as another line of the
    /// contact has another menu, or none.
    pub fn line(&self, answer: EntryId, channel: &Channel) -> EntryId {
        let is_own = self.channel(answer).is_some_and(|own| std::ptr::eq(own, channel));
        match answer {
            EntryId::Option(contact, _) if !is_own => EntryId::Contact(contact),
            _ => answer,
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
        let dial = dial("11");
        assert_eq!(dial.link, "tel:+18009093447");
        assert_eq!(dial.best(), "tel:+18009093447,,1,,1");
        assert_eq!(dial.manual, "+18009093447;1;1");
        assert_eq!(super::tests::dial("").best(), "tel:+18009093447");
    }

    #[test]
    fn a_link_holds_no_star_and_no_hash() {
        let dial = dial("1#");
        assert_eq!((dial.paused.as_deref(), dial.best()), (None, "tel:+18009093447"));
        assert_eq!(dial.manual, "+18009093447;1;#");
    }
}
