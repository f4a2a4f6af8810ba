//! A message to the owner of a directory about an entry that may be wrong.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::card::Card;
use super::card_page::card_page;
use super::display::Display;
use crate::directory::Directory;
use crate::directory::address::Email;

/// The width of the card in the message, in columns.
const CARD_WIDTH: u16 = 72;

/// What is encoded in a `mailto:` link (RFC 6068).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The owner, as the directory names it.
    pub owner: String,
    subject: String,
    body: String,
}

impl Correction {
    /// The message about the entry of a card, as it is at a moment; `None` if the directory names no owner. Private
    /// notes are not in it.
    pub fn new(directory: &Directory, card: &Card<'_>, display: &Display, now: Timestamp) -> Option<Self> {
        let owner = directory.owner.as_deref()?.to_owned();
        let zone = directory.zone.as_ref().map_or(TimeZone::UTC, |zone| zone.rules.clone());
        let say = card.say_with_kind().unwrap_or_else(|| "no number or address".to_owned());
        let (titles, checked) = match card {
            Card::Contact(card) => (card.titles.join(" > "), card.facts.checked),
            Card::Notice(card) => (card.title().to_owned(), card.checked),
        };
        let Directory { name, id, transcribed, .. } = directory;
        let mut unmarked = card.clone();
        if let Card::Contact(card) = &mut unmarked {
            card.present_step = None;
        }
        let body = [
            "What is wrong:".to_owned(),
            String::new(),
            String::new(),
            format!("Entry: {titles} ({})", directory.text_id(card.id())),
            format!("Number or address: {say}"),
            format!("Directory: {name} ({id}), transcribed {transcribed}"),
            format!("Last checked: {checked}"),
            format!("Seen: {}, in dialtree {}", now.to_zoned_datetime(zone).date(), env!("CARGO_PKG_VERSION")),
            String::new(),
            "The card:".to_owned(),
            String::new(),
            card_page(&unmarked, display, CARD_WIDTH).plain(),
        ];
        Some(Self { owner, subject: format!("Wrong number? {titles}, {say}"), body: body.join("\n") })
    }

    /// The link that opens the message in a mail program; `None` if the owner has no email address.
    pub fn link(&self) -> Option<String> {
        let words = self.owner.split(|c: char| c.is_whitespace() || ",;<>()".contains(c));
        let address = words.filter_map(|word| Email::parse(word.trim_end_matches('.')).ok()).next()?;
        let (subject, body) = (encoded(&self.subject), encoded(&self.body.replace('\n', "\r\n")));
        Some(format!("{}?subject={subject}&body={body}", address.link()))
    }

    /// The whole message, to be pasted.
    pub fn text(&self) -> String {
        format!("To: {}\nSubject: {}\n\n{}", self.owner, self.subject, self.body)
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}
