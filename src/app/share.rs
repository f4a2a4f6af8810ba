//! Handing an answer over: to a clipboard, to a phone's camera, to a browser.

use ratatui::layout::Size;
use textwrap::core::display_width;

use super::card::card;
use super::layout::{Layout, READING};
use super::page::{Page, Piece, TextStyle};
use super::qr::{LACKS_KEYS, Qr, Scan};
use super::tree::Cursor;
use super::{App, Clipboard, Effect, LinkWarning, Overlay};
use crate::directory::{Channel, EntryId};

/// The bytes of a sequence that every terminal takes whole; mosh cuts longer ones.
const MAX_SENT: usize = 4096;
/// The bytes that OSC 52 puts around a text in base64.
const AROUND: usize = 9;
/// The width that a card is copied at.
const COPIED: u16 = 76;
/// The widest column of names in the copy menu.
const NAMES: usize = 20;

/// A thing that can be copied of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is: `Dial link`.
    pub name: String,
    /// What is copied.
    pub text: String,
}

impl Item {
    fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}

impl App {
    /// What can be copied of the answer: what the card is about, its other numbers and addresses, and the card.
    pub fn items(&self) -> Vec<Item> {
        let Some(answer) = self.answer() else { return Vec::new() };
        let directory = &self.directory;
        let channels = directory.contact(answer).map_or(&[][..], |contact| &contact.channels);
        let main = self.channel();
        let is_main = |channel: &&Channel| main.is_some_and(|main| std::ptr::eq(main, *channel));
        let others = channels.iter().filter(|channel| !is_main(channel));
        let mut items = Vec::new();
        for channel in channels.iter().filter(is_main).chain(others) {
            let Some(text) = directory.say_by(answer, channel) else { continue };
            let kind = channel.reach.kind();
            let alike = channels.iter().filter(|other| other.reach.kind() == kind).count();
            items.push(match &channel.label {
                Some(label) if alike > 1 => Item::new(format!("{kind}, {label}"), text),
                _ => Item::new(kind, text),
            });
            if let Some(dial) = directory.dial(answer, channel) {
                items.push(Item::new(if dial.paused.is_some() { "Dial link" } else { "Link, no keys" }, dial.best()));
            }
        }
        if let (None, Some(site)) = (directory.contact(answer), directory.page(answer)) {
            items.push(Item::new("Web", site.to_string()));
        }
        let page = card(directory, answer, main, self.now, &self.environment, COPIED);
        // A notice's card has its title.
        let title = directory.contact(answer).map(|_| format!("{}\n\n", directory.title(answer)));
        items.push(Item::new("Whole card", title.unwrap_or_default() + &page.plain()));
        items
    }

    /// The menu of what can be copied.
    pub(super) fn menu(&self, width: u16) -> Page {
        let items = self.items();
        let names = items.iter().map(|item| display_width(&item.name)).max().unwrap_or(0).min(NAMES);
        let mut page = Page::new(width);
        for (place, Item { name, text }) in items.iter().enumerate() {
            let digit = if place < 9 { format!("{} ", place + 1) } else { "  ".to_owned() };
            let pad = " ".repeat(names.saturating_sub(display_width(name)) + 2);
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let pieces =
                [(digit, TextStyle::Key), (format!("{name}{pad}"), TextStyle::Plain), (text, TextStyle::Quiet)];
            page.lines.push(pieces.into_iter().map(|(text, style)| Piece { text, style }).collect());
        }
        page
    }

    /// Where the user stands in the menu of what can be copied, if it is open.
    pub fn copying(&self) -> Option<Cursor> {
        match &self.over {
            Some(Overlay::Copy(cursor)) => Some(*cursor),
            _ => None,
        }
    }

    /// What the card is about, to be copied: its number and keys, or its address.
    pub(super) fn copyable(&self) -> Option<String> {
        let answer = self.answer()?;
        let said = self.channel().and_then(|channel| self.directory.say_by(answer, channel));
        said.or_else(|| self.directory.page(answer).map(ToString::to_string))
    }

    pub(super) fn copy(&mut self) -> Vec<Effect> {
        match self.copyable() {
            Some(text) => self.give(text),
            None => self.tell("There is no number or address to copy"),
        }
    }

    pub(super) fn open_menu(&mut self) -> Vec<Effect> {
        if self.answer().is_none() {
            return self.tell("There is nothing to copy");
        }
        self.over = Some(Overlay::Copy(Cursor::default()));
        Vec::new()
    }

    /// Copies a line of the menu.
    pub(super) fn take(&mut self, place: usize) -> Vec<Effect> {
        let mut items = self.items();
        if place >= items.len() {
            return self.tell(&format!("There is no line {}; choose 1 to {}", place + 1, items.len()));
        }
        self.over = None;
        self.give(items.swap_remove(place).text)
    }

    /// Gives a text to the clipboard that the host has, and says so.
    pub(super) fn give(&mut self, text: String) -> Vec<Effect> {
        let to = match self.environment.clipboard {
            Clipboard::Desktop => "Copied",
            Clipboard::Terminal if text.len().div_ceil(3) * 4 + AROUND > MAX_SENT => {
                let instead = match self.answer() {
                    Some(EntryId::Contact(_) | EntryId::Option(..)) => "; copy the number or an address",
                    Some(notice) if !self.directory.children(notice).is_empty() => "; copy its sections one by one",
                    _ => "",
                };
                return self.tell(&format!("Not copied: too long to send through a terminal{instead}"));
            }
            Clipboard::Terminal => "Sent to the terminal's clipboard",
        };
        let mut lines = text.lines().filter(|line| !line.is_empty());
        let first = lines.next().unwrap_or_default();
        self.message = Some(match lines.count() {
            0 => format!("{to}: {first}"),
            more => format!("{to}: {first}, and {more} more lines"),
        });
        vec![Effect::Copy(text)]
    }

    /// Says a word to the user; there is nothing to do.
    fn tell(&mut self, word: &str) -> Vec<Effect> {
        self.message = Some(word.to_owned());
        Vec::new()
    }

    /// What a phone's camera is given of what the card is about.
    pub(super) fn scan(&self) -> Result<Scan, &'static str> {
        let answer = self.answer().ok_or("There is nothing here for a QR code")?;
        Scan::of(&self.directory, answer, self.channel())
    }

    pub(super) fn show_qr(&mut self) -> Vec<Effect> {
        match self.scan() {
            Ok(_) => self.over = Some(Overlay::Qr(0)),
            Err(why) => return self.tell(why),
        }
        Vec::new()
    }

    /// The QR code with its caption; where it does not fit, the link, and the screen that it needs.
    pub(super) fn qr_page(&self, layout: &Layout) -> Page {
        let modules = self.environment.glyphs.modules;
        let room = layout.window_inner(Size::MAX).as_size();
        let width = room.width.min(READING);
        let mut page = Page::new(width);
        let scan = match self.scan() {
            Ok(scan) => scan,
            Err(why) => {
                page.text(why, TextStyle::Strong);
                return page;
            }
        };
        let rows = |page: &Page| u16::try_from(page.lines.len()).unwrap_or(u16::MAX);
        let caption = self.caption(&scan, width);
        let above = Size { height: room.height.saturating_sub(rows(&caption)), ..room };
        if let Some(qr) = Qr::new(&scan.link, above, modules) {
            page = Page::new(width.max(qr.size().width));
            page.lines = qr.lines();
            page.lines.extend(caption.lines);
            page.center();
            return page;
        }
        page.text(&scan.link, TextStyle::Number);
        page.lines.extend(caption.lines);
        page.gap();
        let need = match Qr::least(&scan.link, modules) {
            Some(least) => {
                let below = rows(&self.caption(&scan, least.width.min(READING)));
                let screen = Layout::screen_for(Size { height: least.height.saturating_add(below), ..least });
                format!("The QR code needs {} columns and {} rows.", screen.width, screen.height)
            }
            None => "This is too long for a QR code.".to_owned(),
        };
        page.text(&need, TextStyle::Strong);
        page
    }

    /// What stands below a QR code: what it is of, in words, and what the link leaves out.
    fn caption(&self, scan: &Scan, width: u16) -> Page {
        let mut page = Page::new(width);
        let title = self.answer().map_or("", |answer| self.directory.title(answer));
        page.pair(title, self.environment.glyphs.dot, &scan.said);
        if scan.lacks_keys {
            page.text(LACKS_KEYS, TextStyle::Alert);
        }
        // That of a notice is the page that it stands before.
        if scan.gate.is_some() && self.channel().is_some() {
            page.text("An outside page: o shows the notice before it.", TextStyle::Quiet);
        }
        page
    }

    /// Opens the card's link, or shows the notice that comes before it.
    pub(super) fn open_link(&mut self) -> Vec<Effect> {
        let Some(page) = self.answer().and_then(|answer| self.directory.page(answer)) else {
            return self.tell("There is no link here");
        };
        let link = page.to_string();
        match self.directory.gate(page.host()) {
            Some(notice) => {
                self.over = Some(Overlay::LinkWarning(LinkWarning { notice, link, go_on: false, top: 0 }));
                Vec::new()
            }
            None => self.open(link),
        }
    }

    pub(super) fn open(&mut self, link: String) -> Vec<Effect> {
        if self.environment.opens_links {
            self.message = Some(format!("Opening {link}"));
            vec![Effect::OpenLink(link)]
        } else {
            self.tell(&format!("The address is {link}"))
        }
    }
}
