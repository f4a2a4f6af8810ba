//! What a terminal is known to show, so that words of which a part has changed are drawn whole and blanks are not drawn
//! again.

use std::ops::Range;

use ratatui::buffer::Cell;
use ratatui::layout::Size;
use ratatui::style::Style;

use super::sgr::Sgr;

/// The most different styles that are remembered.
const MAX_STYLES: usize = 255;

/// The cells of a terminal, four bytes each, because a server keeps them for every session.
pub(super) struct Shown {
    width: usize,
    cells: Vec<Known>,
    styles: Vec<Style>,
}

/// What is known of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    Nothing,
    Blank,
    /// A character of the basic plane, one column wide, with the index of its style.
    Character(u16, u8),
}

impl Shown {
    /// A terminal of which nothing is known.
    pub(super) fn new(size: Size) -> Self {
        let cells = vec![Known::Nothing; size.area() as usize];
        Self { width: usize::from(size.width), cells, styles: Vec::new() }
    }

    pub(super) fn forget(&mut self) {
        self.cells.fill(Known::Nothing);
    }

    pub(super) fn erase_all(&mut self) {
        self.cells.fill(Known::Blank);
    }

    fn range(&self, y: u16, columns: Range<u16>) -> Range<usize> {
        let start = usize::from(y) * self.width;
        start + usize::from(columns.start)..start + usize::from(columns.end).min(self.width)
    }

    pub(super) fn is_blank(&self, y: u16, columns: Range<u16>) -> bool {
        self.cells.get(self.range(y, columns)).is_some_and(|cells| cells.iter().all(|cell| *cell == Known::Blank))
    }

    /// A number of cells from a column is erased.
    pub(super) fn erase(&mut self, y: u16, columns: Range<u16>) {
        let range = self.range(y, columns);
        self.cells.get_mut(range).unwrap_or_default().fill(Known::Blank);
    }

    /// A cell is printed, in its width.
    pub(super) fn print(&mut self, y: u16, x: u16, cell: &Cell, width: u16) {
        let known = match u16::try_from(u32::from(cell.symbol().chars().next().unwrap_or_default())) {
            _ if Sgr::is_blank(cell) => Known::Blank,
            Ok(character) if width == 1 && cell.symbol().chars().nth(1).is_none() => {
                self.style_index(cell.style()).map_or(Known::Nothing, |style| Known::Character(character, style))
            }
            _ => Known::Nothing,
        };
        let range = self.range(y, x..x.saturating_add(width));
        self.cells.get_mut(range).unwrap_or_default().fill(known);
    }

    fn style_index(&mut self, style: Style) -> Option<u8> {
        let known = self.styles.iter().rposition(|known| *known == style);
        if known.is_none() && self.styles.len() < MAX_STYLES {
            self.styles.push(style);
        }
        known.or(self.styles.len().checked_sub(1).filter(|last| self.styles[*last] == style))?.try_into().ok()
    }

    /// The cell, if it is known to be a part of a word.
    pub(super) fn in_word(&self, y: u16, x: u16) -> Option<Cell> {
        let Known::Character(character, style) = *self.cells.get(self.range(y, x..x + 1).start)? else { return None };
        let character = char::from_u32(character.into()).filter(|character| is_in_words(*character))?;
        let mut cell = Cell::default();
        cell.set_char(character).set_style(*self.styles.get(usize::from(style))?);
        Some(cell)
    }
}

/// Whether a character is a part of words: not a space and not one of those that are drawn with.
pub(super) fn is_in_words(character: char) -> bool {
    !matches!(character, ' ' | '·' | '\u{2500}'..='\u{259f}')
}
