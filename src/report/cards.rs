//! Entries for people: a card for each, as in the navigator; for search results that fit less well, a line each; and QR
//! codes for a phone's camera.

use jiff::Timestamp;
use ratatui::layout::Size;
use textwrap::core::display_width;

use crate::directory::{Directory, EntryId, Scope};
use crate::present::card::Card;
use crate::present::card_page::card_page;
use crate::present::display::Display;
use crate::present::explanation::explanation;
use crate::present::page::{Page, Piece, TextStyle, capitalized};
use crate::present::qr::Qr;
use crate::present::results::{LACKS_CHANNEL, NO_GOOD_MATCH, NO_MATCH, equal_matches, not_listed};
use crate::present::share::{QrLink, QrLinkError};
use crate::search::{Catalog, SearchResult, SearchResults};

/// Who reads a page, and when.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// Symbols, colours and the reader's own time zone.
    pub display: &'a Display,
    /// The moment for which hours are shown.
    pub now: Timestamp,
    /// The width of the page, in columns.
    pub width: u16,
}

/// The indent of a card below its title.
const INDENT: u16 = 2;

/// The height of a small terminal without the caption and the prompt: a code must be visible whole to be scanned.
const CODE_HEIGHT: u16 = 21;

/// Search results, laid out for a reader.
pub fn cards(catalog: &Catalog, found: &SearchResults, with_reasons: bool, reader: &Reader<'_>) -> Page {
    let explained = with_reasons.then_some(found);
    let mut pages = Pages { catalog, explained, reader, page: Page::new(reader.width) };
    let is_sure = found.results.first().is_some_and(|first| !first.weak);
    let shown = if is_sure { found.by_audience.clamp(1, found.results.len()) } else { 0 };
    let elsewhere = found.elsewhere.and_then(|id| catalog.elsewhere(id));
    if let Some((phrase, note)) = elsewhere {
        pages.page.text(&not_listed(phrase, note), TextStyle::Strong);
    }
    if shown > 1 {
        pages.page.text(&equal_matches(&found.results[..shown]), TextStyle::Quiet);
    }
    let (cards, others) = found.results.split_at(shown);
    for result in cards {
        pages.page.gap();
        let card = pages.card(result.id).with_hours_first(found.asks_hours);
        pages.title(&card, result);
        pages.body(&card);
    }
    if let Some(outside) = &found.outside {
        pages.list("Fits better, for another audience", std::slice::from_ref(outside));
    }
    match (is_sure, others.is_empty()) {
        (true, _) => pages.list("Others", others),
        (false, false) => pages.list(&format!("{}; the closest:", capitalized(NO_GOOD_MATCH)), others),
        (false, true) if found.outside.is_some() || elsewhere.is_some() => {}
        (false, true) => pages.page.text(NO_MATCH, TextStyle::Strong),
    }
    pages.page
}

/// A card for each entry, under its title.
pub fn show(catalog: &Catalog, ids: &[EntryId], reader: &Reader<'_>) -> Page {
    let mut pages = Pages { catalog, explained: None, reader, page: Page::new(reader.width) };
    for id in ids {
        pages.page.gap();
        match pages.card(*id) {
            card @ Card::Contact(_) => {
                pages.heading(&card);
                pages.body(&card);
            }
            // The page of a notice begins with its title.
            card @ Card::Notice(_) => pages.page.lines.extend(card_page(&card, reader.display, reader.width).lines),
        }
    }
    pages.page
}

/// The texts of notices and of sections; without any, the list of notices, each with its id and those of its sections.
pub fn notices(catalog: &Catalog, scope: Scope, ids: &[EntryId], reader: &Reader<'_>) -> Page {
    if !ids.is_empty() {
        return show(catalog, ids, reader);
    }
    let mut page = Page::new(reader.width);
    for directory in catalog.within(scope) {
        for notice in directory.notice_ids() {
            page.gap();
            let whose = directory.whose().map(|name| format!("{name}: ")).unwrap_or_default();
            page.text(&format!("{whose}{}", directory.title(notice)), TextStyle::Strong);
            page.entry(&directory.text_id(notice), "the whole notice");
            for section in directory.children(notice) {
                page.entry(&directory.text_id(section), directory.title(section));
            }
        }
    }
    page
}

/// Why a QR code is not printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // The messages are the documentation.
pub enum QrError {
    #[error("{}: {why}", title.trim_end_matches('.'))]
    NoLink { title: String, why: QrLinkError },
    #[error("the QR code of {link} needs {needed} columns, and there are {width}; widen the terminal")]
    TooNarrow { link: String, needed: u16, width: u16 },
}

/// The QR codes of entries, one for each distinct link, with the titles of its entries and its number in words below
/// it.
///
/// # Errors
/// When no link reaches an entry, or a code is wider than the page.
pub fn qr(catalog: &Catalog, ids: &[EntryId], reader: &Reader<'_>) -> Result<Page, QrError> {
    let mut links: Vec<(&Directory, QrLink, Vec<&str>)> = Vec::new();
    for id in ids {
        let directory = catalog.directory(*id);
        let card = Card::new(directory, *id, None);
        let title = card.title();
        let link = QrLink::new(directory, &card).map_err(|why| QrError::NoLink { title: title.to_owned(), why })?;
        match links.iter_mut().find(|(_, known, _)| known.link == link.link) {
            Some((.., titles)) if titles.contains(&title) => {}
            Some((.., titles)) => titles.push(title),
            None => links.push((directory, link, vec![title])),
        }
    }
    let mut page = Page::new(reader.width);
    for (directory, link, titles) in links {
        page.lines.extend(qr_of_link(directory, link, &titles.join(", "), reader)?.lines);
    }
    Ok(page)
}

fn qr_of_link(directory: &Directory, link: QrLink, title: &str, reader: &Reader<'_>) -> Result<Page, QrError> {
    let modules = reader.display.glyphs.modules;
    let area = Size { width: reader.width, height: CODE_HEIGHT };
    let code =
        Qr::new(&link.link, area, modules).or_else(|| Qr::new(&link.link, Size { height: u16::MAX, ..area }, modules));
    let Some(code) = code else {
        let needed = Qr::min_size(&link.link, modules).map_or(u16::MAX, |size| size.width);
        return Err(QrError::TooNarrow { link: link.link, needed, width: reader.width });
    };
    let mut page = Page::new(reader.width);
    page.lines = code.lines();
    page.text(&format!("{title}: {}", link.say), TextStyle::Strong);
    if let Some(rest) = &link.rest {
        page.text(rest, TextStyle::Alert);
    }
    if let Some(notice) = link.notice.and_then(|notice| directory.notices.get(notice)) {
        page.text(&format!("An outside page: read `dialtree notice {}` before it.", notice.id), TextStyle::Quiet);
    }
    Ok(page)
}

/// A page of cards under construction.
struct Pages<'a> {
    catalog: &'a Catalog,
    /// The search whose results are explained.
    explained: Option<&'a SearchResults>,
    reader: &'a Reader<'a>,
    page: Page,
}

impl<'a> Pages<'a> {
    fn card(&self, id: EntryId) -> Card<'a> {
        Card::new(self.catalog.directory(id), id, Some(self.reader.now))
    }

    /// The text of a card, indented.
    fn body(&mut self, card: &Card<'_>) {
        let width = self.reader.width.saturating_sub(INDENT);
        let indent = Piece { text: " ".repeat(usize::from(INDENT)), style: TextStyle::Plain };
        let lines = card_page(card, self.reader.display, width).lines.into_iter();
        self.page.lines.extend(lines.map(|line| match line.is_empty() {
            true => line,
            false => std::iter::once(indent.clone()).chain(line).collect(),
        }));
    }

    fn list(&mut self, heading: &str, results: &[SearchResult]) {
        if results.is_empty() {
            return;
        }
        self.page.gap();
        self.page.text(heading, TextStyle::Quiet);
        for result in results {
            // No moment: evaluating the hours of every result would take most of the time of a search.
            let card = Card::new(self.catalog.directory(result.id), result.id, None);
            self.title(&card, result);
            if card.contact().is_some() {
                let say = card.say_with_kind().unwrap_or_else(|| "address not stated".to_owned());
                self.page.text(&format!("  {say}"), TextStyle::Number);
            }
        }
    }

    /// The title of an entry, whose it is where there are several directories, and the audiences it is for.
    fn heading(&mut self, card: &Card<'_>) {
        let (title, dot) = (card.title(), self.reader.display.glyphs.dot);
        let audiences = format!("  {dot} {}", card.audience_names());
        if display_width(title) + display_width(&audiences) <= usize::from(self.reader.width) {
            let title = Piece { text: title.to_owned(), style: TextStyle::Strong };
            self.page.lines.push(vec![title, Piece { text: audiences, style: TextStyle::Quiet }]);
        } else {
            self.page.text(title, TextStyle::Strong);
            self.page.text(&audiences, TextStyle::Quiet);
        }
    }

    /// The heading of a result, and why it was found.
    fn title(&mut self, card: &Card<'_>, result: &SearchResult) {
        self.heading(card);
        if result.lacks_channel {
            self.page.text(&format!("  {LACKS_CHANNEL}"), TextStyle::Alert);
        } else if result.weak {
            self.page.text("  weak match", TextStyle::Quiet);
        }
        if let Some(found) = self.explained {
            let parts = explanation(self.catalog.trust(), found, result);
            self.page.hang("  ", TextStyle::Plain, &parts.join("; "), TextStyle::Quiet);
        }
    }
}

/// Which styles are written as SGR sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorMode {
    /// All of them.
    All,
    /// Those of QR codes only, which no camera reads unless they are black on white.
    CodesOnly,
    /// None: the output is not a terminal.
    None,
}

/// A page as lines of text, its styles as SGR sequences (ECMA-48) where colours are wanted.
pub fn painted(page: &Page, mode: ColorMode) -> String {
    let mut text = String::new();
    for line in &page.lines {
        for piece in line {
            let is_code = matches!(piece.style, TextStyle::Paper | TextStyle::Ink);
            match sgr(piece.style).filter(|_| mode == ColorMode::All || mode == ColorMode::CodesOnly && is_code) {
                Some(sgr) => text += &format!("\x1b[{sgr}m{}\x1b[0m", piece.text),
                None => text += &piece.text,
            }
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}

/// The look of a style, as on the screen of the navigator.
fn sgr(style: TextStyle) -> Option<&'static str> {
    Some(match style {
        TextStyle::Plain | TextStyle::Link => return None,
        TextStyle::Quiet | TextStyle::Faint => "2",
        TextStyle::Strong | TextStyle::Number | TextStyle::Block => "1",
        TextStyle::Key | TextStyle::PresentKey => "35",
        TextStyle::Alert => "1;31",
        TextStyle::Open => "32",
        TextStyle::Closed => "31",
        TextStyle::Paper => "38;5;16;48;5;231",
        TextStyle::Ink => "38;5;231;48;5;16",
    })
}
