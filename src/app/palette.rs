//! The palette: the actions that apply where the user is, each with its keys. Typing filters them, Enter does one.

use std::cmp::Reverse;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use textwrap::core::display_width;
use tui_input::Input;

use super::action::Action;
use super::keymap::KeyLine;
use super::overlay::{Overlay, OverlayKind, Palette};
use super::state::App;
use crate::present::page::{Page, Piece, TextStyle};

/// What is said where no action matches the filter.
const NO_ACTION: &str = "No action matches";

/// The least space between an action and its keys, in columns.
const GAP: usize = 2;

impl App {
    /// Opens the palette in place of any other window, or closes it.
    pub(super) fn toggle_palette(&mut self) {
        if let Some(Overlay { kind: OverlayKind::Palette(_), .. }) = self.overlay.take() {
            return;
        }
        let palette = Palette { mode: self.mode(), filter: Input::default() };
        self.open_overlay(OverlayKind::Palette(palette));
    }

    /// The filter of the palette or of the list of directories, if it is open.
    pub(super) fn palette_filter(&mut self) -> Option<&mut Input> {
        match &mut self.overlay.as_mut()?.kind {
            OverlayKind::Palette(palette) => Some(&mut palette.filter),
            OverlayKind::Directories(filter) => Some(filter),
            _ => None,
        }
    }

    /// The lines of the palette that match its filter, the best first; without a filter, in the order of the table.
    pub(super) fn palette_lines(&self, palette: &Palette) -> Vec<KeyLine> {
        let filter = palette.filter.value().trim().to_lowercase();
        if filter.is_empty() {
            return self.offered_actions(palette);
        }
        let fit = |line: KeyLine| Some((fit(&line, &filter)?, line));
        let mut found: Vec<(Fit, KeyLine)> = self.palette_actions(palette).filter_map(fit).collect();
        found.sort_by_key(|(fit, _)| *fit);
        // What only resembles the filter is not run in place of what has its words.
        let is_certain = found.first().is_some_and(|(fit, _)| !matches!(fit, Fit::Similar(_)));
        found.retain(|(fit, _)| !is_certain || !matches!(fit, Fit::Similar(_)));
        found.into_iter().map(|(_, line)| line).collect()
    }

    /// The actions of the mode in which the palette was opened, also those that can do nothing now and then say why.
    fn palette_actions(&self, palette: &Palette) -> impl Iterator<Item = KeyLine> {
        let lines = self.environment.keymap.lines(|mode| mode == palette.mode);
        // Without a shell to return to, nothing can be suspended.
        let never = |action| match action {
            Action::Palette => true,
            Action::Suspend => !self.environment.may_suspend,
            Action::EditEntry => !self.environment.may_edit,
            Action::Directories => !self.catalog.has_several(),
            _ => false,
        };
        lines.into_iter().filter(move |line| !line.action.is_some_and(never))
    }

    fn offered_actions(&self, palette: &Palette) -> Vec<KeyLine> {
        self.palette_actions(palette).filter(|line| line.action.is_none_or(|action| self.offers(action))).collect()
    }

    /// The title of the palette: what is typed, or that something can be.
    pub(super) fn palette_title(&self, palette: &Palette) -> String {
        match palette.filter.value() {
            "" => format!("Actions {} type to filter", self.environment.display.glyphs.dot),
            filter => format!("Actions: {filter}"),
        }
    }

    /// The lines of the palette, and all lines that it has without a filter, which its window has space for.
    pub(super) fn palette_pages(&self, palette: &Palette, width: u16) -> [Page; 2] {
        let all: Vec<KeyLine> = self.offered_actions(palette);
        let line_width = |line: &KeyLine| display_width(line.help) + GAP + display_width(&line.keys.join(" "));
        let widest = all.iter().map(line_width).max().unwrap_or(0).min(usize::from(width));
        [self.palette_lines(palette), all].map(|lines| {
            let mut page = Page::new(u16::try_from(widest).unwrap_or(width));
            page.lines =
                lines.iter().map(|line| pieces(line, widest, self.environment.display.glyphs.ellipsis)).collect();
            if lines.is_empty() {
                page.row(NO_ACTION, TextStyle::Quiet);
            }
            page
        })
    }

    /// Does what is selected in the palette.
    pub(super) fn run_selected(&mut self) {
        let Some(Overlay { kind: OverlayKind::Palette(palette), cursor }) = &self.overlay else { return };
        let line = self.palette_lines(palette).into_iter().nth(cursor.selected);
        match line {
            None => self.tell(format!("{NO_ACTION}; Backspace deletes, Esc closes")),
            Some(KeyLine { action: Some(action), .. }) => {
                self.overlay = None;
                self.act(action);
            }
            Some(KeyLine { keys, help, .. }) => {
                self.overlay = None;
                self.tell(format!("{}: {help}", keys.join(" ")));
            }
        }
    }
}

/// How a line fits the filter, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It has the key.
    Key,
    /// It has words that begin with those of the filter.
    Words,
    /// It has the letters in this order, with a score.
    Similar(Reverse<i64>),
}

fn fit(line: &KeyLine, filter: &str) -> Option<Fit> {
    let help = line.help.to_lowercase();
    let begins = |part: &str| help.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(part));
    if line.keys.iter().any(|key| key.to_lowercase() == filter) {
        Some(Fit::Key)
    } else if line.name.starts_with(filter) || filter.split_whitespace().all(begins) {
        Some(Fit::Words)
    } else {
        let similar = SkimMatcherV2::default().ignore_case().fuzzy_match(&help, filter);
        similar.map(|score| Fit::Similar(Reverse(score)))
    }
}

/// A line of the palette: what is done, and the keys at the right end, shortened where they do not fit.
fn pieces(line: &KeyLine, width: usize, ellipsis: &str) -> Vec<Piece> {
    let space = width.saturating_sub(GAP + line.keys.first().map_or(0, |key| display_width(key)));
    let help = if line.help.chars().count() <= space {
        line.help.to_owned()
    } else {
        line.help.chars().take(space.saturating_sub(display_width(ellipsis))).collect::<String>() + ellipsis
    };
    let mut keys = String::new();
    for key in &line.keys {
        let is_first = keys.is_empty();
        if is_first || display_width(&help) + GAP + display_width(&keys) + 1 + display_width(key) <= width {
            keys += if is_first { "" } else { " " };
            keys += key;
        }
    }
    let pad = " ".repeat(width.saturating_sub(display_width(&help) + display_width(&keys)));
    vec![Piece { text: help + &pad, style: TextStyle::Plain }, Piece { text: keys, style: TextStyle::Key }]
}
