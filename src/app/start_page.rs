//! What the card pane shows before anything is chosen: how to begin, what callers often need, and what the signs mean.

use ratatui::layout::Size;

use super::action::Action;
use super::listed::MAX_NEEDS;
use super::state::App;
use crate::present::page::{Page, TextStyle};
use crate::present::results::TYPE_A_NEED;

/// The number of audiences that a digit chooses.
const MAX_DIGITS: usize = 9;

impl App {
    /// The page for an area, with as much as it has room for.
    pub(super) fn start_page(&self, area: Size) -> Page {
        let mut page = Page::new(area.width);
        page.text(&self.how_to_begin(), TextStyle::Plain);
        page.gap();
        page.insert_in_spare(area.height, |page| self.often_needed(page));
        page.insert_in_spare(area.height, |page| self.first_keys(page));
        page.insert_in_spare(area.height, |page| self.signs(page));
        page
    }

    fn how_to_begin(&self) -> String {
        let slash = format!("{} begins a query", self.key_name(Action::Find));
        let type_it = if self.environment.keymap.letters_search() { TYPE_A_NEED } else { &slash };
        let choose = match self.directory().audiences.len() {
            0 => String::new(),
            1 => ", or press 1 for the caller's audience".to_owned(),
            count => format!(", or press 1 to {} for the caller's audience", count.min(MAX_DIGITS)),
        };
        format!("{type_it}{choose}.")
    }

    /// Without the answers: looking for them would build the index of the search before the first frame.
    fn often_needed(&self, page: &mut Page) {
        let mut needs: Vec<&str> = Vec::new();
        for (need, _) in self.common_needs().into_iter().take(MAX_NEEDS) {
            if !needs.contains(&need) {
                needs.push(need);
            }
        }
        if !needs.is_empty() {
            page.text("Callers often ask for", TextStyle::Quiet);
            page.hang("  ", TextStyle::Plain, &needs.join(", "), TextStyle::Plain);
        }
    }

    fn first_keys(&self, page: &mut Page) {
        page.text("Keys", TextStyle::Quiet);
        meaning("0-9 * #", TextStyle::Key, "press that key, once a phone menu is chosen", page);
        let several = (Action::Directories, "choose one of several directories");
        let several = self.catalog.has_several().then_some(several);
        let keys = [
            (Action::Copy, "copy the number or the address"),
            (Action::ShowQr, "show a QR code for a phone"),
            (Action::NewCaller, "start again with a new caller"),
            (Action::Palette, "all actions and their keys"),
        ];
        for (action, does) in several.into_iter().chain(keys) {
            meaning(&self.key_name(action), TextStyle::Key, does, page);
        }
    }

    fn signs(&self, page: &mut Page) {
        let glyphs = &self.environment.display.glyphs;
        page.text("Signs", TextStyle::Quiet);
        for (sign, means) in [
            (format!("{then} 1 {then} 2", then = glyphs.then), "the keys to press, in order"),
            ("+2".to_owned(), "and two more audiences"),
            ("?".to_owned(), "a weak match: do not rely on it"),
            ("!".to_owned(), "a warning, or who an entry is not for"),
            (format!("{} {}", glyphs.open, glyphs.closed), "open and closed now"),
        ] {
            meaning(&sign, TextStyle::Plain, means, page);
        }
    }
}

/// Adds a key or sign with what it means.
fn meaning(sign: &str, style: TextStyle, means: &str, page: &mut Page) {
    page.hang(&format!("  {sign:<9} "), style, means, TextStyle::Plain);
}
