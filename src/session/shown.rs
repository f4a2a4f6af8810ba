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
    /// The index of the style that was printed last.
    last: u8,
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
        Self { width: usize::from(size.width), cells, styles: Vec::new(), last: 0 }
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
        // Cells beside each other mostly have one style.
        let known = if self.styles.get(usize::from(self.last)) == Some(&style) {
            usize::from(self.last)
        } else {
            self.styles.iter().position(|known| *known == style).unwrap_or(self.styles.len())
        };
        if known == self.styles.len() && known < MAX_STYLES {
            self.styles.push(style);
        }
        self.last = u8::try_from(known).ok().filter(|last| usize::from(*last) < self.styles.len())?;
        Some(self.last)
    }

    fn character(&self, y: u16, x: u16) -> Option<(char, u8)> {
        let Known::Character(character, style) = *self.cells.get(usize::from(y) * self.width + usize::from(x))? else {
            return None;
        };
        let character = char::from_u32(character.into()).filter(|character| is_in_words(*character))?;
        (usize::from(x) < self.width).then_some((character, style))
    }

    /// Whether the cell is known to be a part of a word.
    pub(super) fn is_in_word(&self, y: u16, x: u16) -> bool {
        self.character(y, x).is_some()
    }

    /// The cell, if it is known to be a part of a word.
    pub(super) fn in_word(&self, y: u16, x: u16) -> Option<Cell> {
        let (character, style) = self.character(y, x)?;
        let mut cell = Cell::default();
        cell.set_char(character).set_style(*self.styles.get(usize::from(style))?);
        Some(cell)
    }
}

/// Whether a character is a part of words: not a space and not one of those that are drawn with.
pub(super) fn is_in_words(character: char) -> bool {
    !matches!(character, ' ' | '·' | '\u{2500}'..='\u{259f}')
}
