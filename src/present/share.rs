//! What can be shared of an entry: texts to copy, and the link in a QR code.

use super::card::Card;
use super::card_page::card_page;
use super::display::Display;
use crate::directory::{ChannelKind, Directory};

/// The width of a copied card, in columns.
const CARD_WIDTH: u16 = 76;

/// A text that can be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyItem {
    /// What it is: `Dial link`.
    pub name: String,
    /// What is copied.
    pub text: String,
    /// What belongs to it but is not copied, in words: the keys to press by hand.
    pub rest: Option<String>,
}

impl CopyItem {
    fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), rest: None }
    }
}

/// The texts of an entry that can be copied: of the card's number or address and of its other ones, the line to say,
/// the digits alone and the link to dial; then the whole card.
pub fn copy_items(directory: &Directory, card: &Card<'_>, display: &Display) -> Vec<CopyItem> {
    let mut items = Vec::new();
    // Where the caller is in the script is of no use to others.
    let mut unmarked = card.clone();
    if let Card::Contact(card) = &mut unmarked {
        card.present_step = None;
    }
    let page = card_page(&unmarked, display, CARD_WIDTH).plain();
    match card {
        Card::Contact(card) => {
            for script in &card.scripts {
                let Some(say) = script.say() else { continue };
                let kind = script.channel.kind.name();
                items.push(match card.channel_label(script.channel) {
                    Some(label) => CopyItem::new(format!("{kind}, {label}"), say),
                    None => CopyItem::new(kind, say),
                });
                items.extend(script.digits().map(|digits| CopyItem::new("Digits", digits)));
                if let Some(dial) = script.dial() {
                    let name = if dial.paused.is_some() { "Dial link" } else { "Link, no keys" };
                    items.push(CopyItem::new(name, dial.best()));
                }
            }
            items.push(CopyItem::new("Whole card", format!("{}\n\n{page}", card.title())));
        }
        Card::Notice(card) => {
            items.extend(directory.page(card.id).map(|site| CopyItem::new("Web", site.to_string())));
            // The page of a notice begins with its title.
            items.push(CopyItem::new("Whole card", page));
        }
    }
    items
}

/// What a phone's camera reads from the QR code of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrLink {
    /// The link to dial, write to or open.
    pub link: String,
    /// The same in words.
    pub say: String,
    /// What is left to do by hand after the link has been dialled, in words.
    pub rest: Option<String>,
    /// The index in [`Directory::notices`] of the notice that is shown before the page.
    pub notice: Option<usize>,
}

/// Why an entry has no QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QrLinkError {
    /// The channel is a fax, for which there is no link.
    #[error("a phone's camera cannot dial a fax; copy its number")]
    Fax,
    /// The channel is a postal address, for which there is no link.
    #[error("a phone's camera cannot open a postal address; copy it")]
    Post,
    /// The source states no number or address.
    #[error("there is no number or address for a QR code")]
    NoAddress,
}

impl QrLink {
    /// The link of a card's entry by its channel.
    ///
    /// # Errors
    /// When no link reaches it.
    pub fn new(directory: &Directory, card: &Card<'_>) -> Result<Self, QrLinkError> {
        let script = card.contact().and_then(|card| card.script());
        let Some(script) = script else {
            let page = directory.page(card.id()).ok_or(QrLinkError::NoAddress)?;
            let notice = directory.notice_before(page.host());
            return Ok(Self { link: page.to_string(), say: page.printed().to_owned(), rest: None, notice });
        };
        if script.channel.endpoint.is_some() && script.link().is_none() {
            let is_fax = script.channel.kind == ChannelKind::Fax;
            return Err(if is_fax { QrLinkError::Fax } else { QrLinkError::Post });
        }
        Ok(Self {
            link: script.link().ok_or(QrLinkError::NoAddress)?,
            say: script.say_with_kind().ok_or(QrLinkError::NoAddress)?,
            rest: script.after_dialling(),
            notice: script.channel.page().and_then(|page| directory.notice_before(page.host())),
        })
    }
}

/// The number or the address of a card's entry, to be pasted into a softphone, a mail program or a browser; for a
/// notice, the link of its site. Softphones differ in what they make of keys after a number, and some dial them as a
/// part of it: the keys stay for the user to press.
pub fn copy_item(directory: &Directory, card: &Card<'_>) -> Option<CopyItem> {
    let script = card.contact().and_then(|card| card.script());
    if let Some((script, digits)) = script.and_then(|script| Some((script, script.digits()?))) {
        return Some(CopyItem { rest: script.steps_by_hand(), ..CopyItem::new("Digits", digits) });
    }
    let address = script.and_then(|script| script.say());
    let address = address.or_else(|| directory.page(card.id()).map(ToString::to_string))?;
    Some(CopyItem::new("Address", address))
}
