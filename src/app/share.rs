//! Handing an entry over: to a clipboard, to a phone's camera, to a browser.

use ratatui::layout::Size;
use textwrap::core::display_width;

use super::action::Action;
use super::layout::{Layout, MAX_TEXT_WIDTH};
use super::overlay::{LinkWarning, OverlayKind};
use super::state::{App, Effect};
use crate::directory::{Entry, EntryId};
use crate::present::correction::Correction;
use crate::present::page::{Page, Piece, TextStyle, capitalized};
use crate::present::qr::Qr;
use crate::present::share::{self, CopyItem, QrLink, QrLinkError};

/// The longest OSC 52 sequence that every terminal accepts in full, in bytes; mosh truncates longer ones.
const MAX_OSC52_LEN: usize = 4096;
/// The bytes that OSC 52 puts around a text in base64.
const OSC52_OVERHEAD: usize = 9;
/// The widest column of names in the copy menu.
const MAX_NAME_WIDTH: usize = 20;
/// The number of lines of the copy menu that have a digit.
const MAX_DIGITS: usize = 9;

impl App {
    /// The texts of the card that can be copied.
    pub fn copy_items(&self) -> Vec<CopyItem> {
        let Some(card) = self.card() else { return Vec::new() };
        share::copy_items(self.catalog.directory(card.id()), &card, &self.environment.display)
    }

    pub(super) fn copy_page(&self, width: u16) -> Page {
        let items = self.copy_items();
        let names = items.iter().map(|item| display_width(&item.name)).max().unwrap_or(0).min(MAX_NAME_WIDTH);
        let mut page = Page::new(width);
        for (i, CopyItem { name, text, .. }) in items.iter().enumerate() {
            let digit = if i < MAX_DIGITS { format!("{} ", i + 1) } else { "  ".to_owned() };
            let pad = " ".repeat(names.saturating_sub(display_width(name)) + 2);
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let pieces =
                [(digit, TextStyle::Key), (format!("{name}{pad}"), TextStyle::Plain), (text, TextStyle::Quiet)];
            page.lines.push(pieces.into_iter().map(|(text, style)| Piece { text, style }).collect());
        }
        page
    }

    /// The card's number or address, as it is copied.
    pub(super) fn first_copy_item(&self) -> Option<CopyItem> {
        let card = self.card_at(None)?;
        share::copy_item(self.catalog.directory(card.id()), &card)
    }

    pub(super) fn copy(&mut self) {
        match self.first_copy_item() {
            Some(item) => self.copy_to_clipboard(item),
            None => self.tell("There is no number or address to copy"),
        }
    }

    pub(super) fn open_copy_menu(&mut self) {
        match self.entry() {
            Some(_) => self.open_overlay(OverlayKind::CopyMenu),
            None => self.tell("There is nothing to copy"),
        }
    }

    pub(super) fn copy_item(&mut self, index: usize) {
        let mut items = self.copy_items();
        if index >= items.len() {
            return self.tell(format!("There is no line {}; choose 1 to {}", index + 1, items.len()));
        }
        self.overlay = None;
        self.copy_to_clipboard(items.swap_remove(index))
    }

    /// Copies a text to the clipboard that the frontend has. Says what is copied, where it is sent, and what is not
    /// copied.
    pub(super) fn copy_to_clipboard(&mut self, item: CopyItem) {
        let clipboard = self.environment.clipboard;
        if clipboard.is_terminal() && item.text.len().div_ceil(3) * 4 + OSC52_OVERHEAD > MAX_OSC52_LEN {
            let instead = self.shorter_to_copy();
            return self.tell(format!("Not copied: too long to send through a terminal{instead}"));
        }
        let mut lines = item.text.lines().filter(|line| !line.is_empty());
        let mut message = format!("{}: {}", clipboard.says(), lines.next().unwrap_or_default());
        match lines.count() {
            0 => {}
            more => message += &format!(", and {more} more lines"),
        }
        message.extend(item.rest.iter().map(|rest| format!(" (not copied: {rest})")));
        if let Some(advice) = clipboard.advice().filter(|_| !self.is_advised) {
            self.is_advised = true;
            message += &format!("; {advice}");
        }
        self.message = Some(message);
        self.effects.push(Effect::Copy(item));
    }

    /// What to copy where the text is too long, after a semicolon.
    fn shorter_to_copy(&self) -> &'static str {
        let has_sections = |id: EntryId| !self.catalog.directory(id).children(id).is_empty();
        match self.entry() {
            Some(id) if id.entry.is_contact() => "; copy the number or an address",
            Some(id) if matches!(id.entry, Entry::Notice(_)) && has_sections(id) => "; copy its sections one by one",
            _ => "",
        }
    }

    /// The link in the QR code of the card's number or address.
    pub(super) fn qr_link(&self) -> Result<QrLink, QrLinkError> {
        // The footer asks with every frame, so the hours are not evaluated.
        let card = self.card_at(None).ok_or(QrLinkError::NoAddress)?;
        QrLink::new(self.catalog.directory(card.id()), &card)
    }

    pub(super) fn show_qr(&mut self) {
        match self.qr_link() {
            Ok(_) => self.open_overlay(OverlayKind::Qr),
            Err(error) => self.tell(capitalized(&error.to_string())),
        }
    }

    /// The QR code with its caption; where it does not fit, the link and the screen size that it needs.
    pub(super) fn qr_page(&self, layout: &Layout) -> Page {
        let modules = self.environment.display.glyphs.modules;
        let area = layout.window_inner(Size::MAX).as_size();
        let width = area.width.min(MAX_TEXT_WIDTH);
        let mut page = Page::new(width);
        let link = match self.qr_link() {
            Ok(link) => link,
            Err(error) => {
                page.text(&capitalized(&error.to_string()), TextStyle::Strong);
                return page;
            }
        };
        let rows = |page: &Page| u16::try_from(page.lines.len()).unwrap_or(u16::MAX);
        let caption = self.qr_caption(&link, width);
        let above = Size { height: area.height.saturating_sub(rows(&caption)), ..area };
        if let Some(qr) = Qr::new(&link.link, above, modules) {
            page = Page::new(width.max(qr.size().width));
            page.lines = qr.lines();
            page.lines.extend(caption.lines);
            page.center();
            return page;
        }
        page.text(&link.link, TextStyle::Number);
        page.lines.extend(caption.lines);
        page.gap();
        let need = match Qr::min_size(&link.link, modules) {
            Some(code) => {
                let below = rows(&self.qr_caption(&link, code.width.min(MAX_TEXT_WIDTH)));
                let screen = Layout::screen_for(Size { height: code.height.saturating_add(below), ..code });
                format!("The QR code needs {} columns and {} rows.", screen.width, screen.height)
            }
            None => "This is too long for a QR code.".to_owned(),
        };
        page.text(&need, TextStyle::Strong);
        page
    }

    /// The text below a QR code: the entry, its number in words, and what the link leaves out.
    pub(super) fn qr_caption(&self, link: &QrLink, width: u16) -> Page {
        let mut page = Page::new(width);
        let card = self.card();
        let title = card.as_ref().map_or("", |card| card.title());
        page.pair(title, self.environment.display.glyphs.dot, &link.say);
        if let Some(rest) = &link.rest {
            page.text(rest, TextStyle::Alert);
        }
        // The notice of a notice's own site is on the screen already.
        if link.notice.is_some() && card.is_some_and(|card| card.contact().is_some()) {
            let open = self.key_name(Action::OpenLink);
            page.text(&format!("An outside page: {open} shows the notice before it."), TextStyle::Quiet);
        }
        page
    }

    /// Prepares a message to the owner of the directory about the card's entry: opens it in a mail program, else copies
    /// it.
    pub(super) fn report(&mut self) {
        let opens_links = self.environment.opens_links;
        let link = self.correction().and_then(|correction| Some((correction.owner.clone(), correction.link()?)));
        match link.filter(|_| opens_links) {
            Some((owner, link)) => {
                self.tell(format!("Opening an email to {owner}"));
                self.effects.push(Effect::OpenLink(link));
            }
            None => self.copy_report(),
        }
    }

    pub(super) fn copy_report(&mut self) {
        match self.correction() {
            Some(correction) => {
                self.copy_to_clipboard(CopyItem { name: "Report".to_owned(), text: correction.text(), rest: None })
            }
            None => match self.entry().map(|id| &self.catalog.directory(id).name) {
                Some(name) => self.tell(format!("{name} names no owner to report mistakes to")),
                None => self.tell("There is no entry to report"),
            },
        }
    }

    fn correction(&self) -> Option<Correction> {
        let card = self.card()?;
        Correction::new(self.catalog.directory(card.id()), &card, &self.environment.display, self.now)
    }

    /// The link of the card, and the notice that comes before it.
    pub(super) fn link(&self) -> Option<(String, Option<EntryId>)> {
        let id = self.entry()?;
        let directory = self.catalog.directory(id);
        let page = directory.page(id)?;
        let notice = directory.notice_before(page.host()).map(|notice| directory.id_of(Entry::Notice(notice)));
        Some((page.to_string(), notice))
    }

    /// Opens the card's link, or shows the notice that comes before it.
    pub(super) fn open_link(&mut self) {
        match self.link() {
            None => self.tell("There is no link here"),
            Some((link, Some(notice))) => {
                self.open_overlay(OverlayKind::LinkWarning(LinkWarning { notice, link, go_on: false }));
            }
            Some((link, None)) => self.open(link),
        }
    }

    pub(super) fn open(&mut self, link: String) {
        if self.environment.opens_links {
            self.tell(format!("Opening {link}"));
            self.effects.push(Effect::OpenLink(link));
        } else {
            self.tell_link(&link);
        }
    }

    /// Shows a link that no browser opens.
    pub(super) fn tell_link(&mut self, link: &str) {
        self.tell(format!("No browser can be opened here; the address is {link}"));
    }
}
