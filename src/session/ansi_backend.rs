//! A ratatui backend that writes ANSI escape sequences to any writer.
//!
//! The backend never queries the terminal: the frontend passes in the size, and the backend tracks the cursor itself.
//! It therefore works over any connection and never waits for a reply that may be late or lost. Frames are kept short
//! for slow connections: relative cursor moves, combined attributes, and erased rather than printed runs of blanks.

use std::borrow::Cow;
use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use unicode_width::UnicodeWidthStr;

use super::sgr::Sgr;
use super::shown::{Shown, is_in_words};

/// Enters the alternate screen and enables bracketed paste and mouse buttons in SGR coordinates (xterm control
/// sequences). Mouse motion is not reported, because it would flood a remote connection. The keypad types digits
/// (DECKPNM): crossterm does not know its keys in application mode. Sent before the first frame.
pub const ENTER_SCREEN: &str = "\x1b[?1049h\x1b[?2004h\x1b[?1000h\x1b[?1006h\x1b>";
/// Undoes [`ENTER_SCREEN`] in reverse order, resets the attributes and shows the cursor.
pub const LEAVE_SCREEN: &str = "\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";

/// A terminal at the other end of a writer.
pub struct AnsiBackend<W: Write> {
    out: W,
    /// The sequences that are not written yet. A frame is written at once, so that no other output can split it.
    frame: Vec<u8>,
    size: Size,
    sgr: Sgr,
    /// The cursor's position, if it is known.
    cursor: Option<Position>,
    cursor_is_shown: Option<bool>,
    shown: Shown,
}

/// The minimum number of blank cells for which ECH (erase characters) takes fewer bytes than spaces.
const MIN_ERASED: u16 = 6;

impl<W: Write> AnsiBackend<W> {
    /// Creates a backend for a terminal of the given size in cells, whose state is unknown.
    pub fn new(out: W, size: Size) -> Self {
        let shown = Shown::new(size);
        Self { out, frame: Vec::new(), size, sgr: Sgr::UNKNOWN, cursor: None, cursor_is_shown: None, shown }
    }

    /// Sets the size in cells, after the terminal was resized.
    pub fn set_size(&mut self, size: Size) {
        self.size = size;
        self.shown = Shown::new(size);
        self.forget();
    }

    /// The underlying writer. What is written to it must not move the cursor or change the attributes.
    pub fn writer(&mut self) -> &mut W {
        &mut self.out
    }

    /// Adds a sequence to the start of the next frame.
    pub fn lead_with(&mut self, sequence: &str) {
        self.frame.extend_from_slice(sequence.as_bytes());
    }

    /// Discards what is known about the terminal's state, after another program has written to it.
    pub fn forget(&mut self) {
        (self.sgr, self.cursor, self.cursor_is_shown) = (Sgr::UNKNOWN, None, None);
        self.shown.forget();
    }

    fn move_to(&mut self, to: Position) -> io::Result<()> {
        match self.cursor {
            Some(at) if at == to => {}
            Some(at) if at.y == to.y && at.x < to.x => match to.x - at.x {
                // One to three spaces over blank cells are shorter than a cursor move.
                gap @ 1..=3 if self.sgr.leaves_blanks() && self.shown.is_blank(at.y, at.x..to.x) => {
                    self.frame.write_all(&b"   "[..usize::from(gap)])?;
                }
                1 => self.frame.write_all(b"\x1b[C")?,
                gap => write!(self.frame, "\x1b[{gap}C")?,
            },
            _ => write!(self.frame, "\x1b[{};{}H", to.y + 1, to.x + 1)?,
        }
        self.cursor = Some(to);
        Ok(())
    }

    fn print(&mut self, at: Position, cell: &Cell) -> io::Result<()> {
        self.move_to(at)?;
        self.sgr.change(cell, &mut self.frame)?;
        self.frame.write_all(cell.symbol().as_bytes())?;
        let width = u16::try_from(cell.symbol().width()).unwrap_or(1);
        self.shown.print(at.y, at.x, cell, width);
        // Terminals disagree about the width of some characters, and about the cursor after the last column. The next
        // cell is then addressed absolutely.
        let is_known = width == 1 && at.x + 1 < self.size.width;
        self.cursor = is_known.then_some(Position { x: at.x + 1, y: at.y });
        Ok(())
    }

    /// Draws the changed cells of a row, and with them the words that they are a part of: a screen reader reads what is
    /// drawn, and half a word makes no sense.
    fn draw_row(&mut self, changed: &[(u16, u16, &Cell)]) -> io::Result<()> {
        let Some((_, y, _)) = changed.first().copied() else { return Ok(()) };
        let mut cells: Vec<(u16, Cow<'_, Cell>)> = Vec::with_capacity(changed.len());
        let (mut start, mut is_in_word) = (0, false);
        for (x, _, cell) in changed {
            let touches = cell.symbol().chars().all(is_in_words) || self.shown.is_in_word(y, *x);
            let gap = start..*x;
            let after = if is_in_word { self.word_len(y, gap.clone()) } else { 0 };
            let before = if touches { self.word_len(y, gap.rev()) } else { 0 };
            let unchanged = (start..start + after).chain((start + after).max(x - before)..*x);
            cells.extend(unchanged.filter_map(|x| Some((x, Cow::Owned(self.shown.in_word(y, x)?)))));
            cells.push((*x, Cow::Borrowed(*cell)));
            (start, is_in_word) = (x + 1, touches);
        }
        if is_in_word {
            let after = start..start + self.word_len(y, start..self.size.width);
            cells.extend(after.filter_map(|x| Some((x, Cow::Owned(self.shown.in_word(y, x)?)))));
        }
        let mut cells = cells.into_iter().peekable();
        while let Some((x, cell)) = cells.next() {
            let at = Position { x, y };
            if !Sgr::is_blank(&cell) {
                self.print(at, &cell)?;
                continue;
            }
            // Unchanged cells in between may be erased too if they are blank.
            let mut end = x + 1;
            while let Some((next, _)) =
                cells.next_if(|(next, cell)| Sgr::is_blank(cell) && self.shown.is_blank(y, end..*next))
            {
                end = next + 1;
            }
            self.blank(at, &cell, end - x)?;
        }
        Ok(())
    }

    /// The number of first columns that are known to be parts of a word.
    fn word_len(&self, y: u16, columns: impl Iterator<Item = u16>) -> u16 {
        let len = columns.take_while(|x| self.shown.is_in_word(y, *x)).count();
        u16::try_from(len).unwrap_or(u16::MAX)
    }

    /// Draws a run of blank cells, of which `cell` is the first.
    fn blank(&mut self, at: Position, cell: &Cell, cell_count: u16) -> io::Result<()> {
        if cell_count < MIN_ERASED {
            return (0..cell_count).try_for_each(|offset| self.print(Position { x: at.x + offset, y: at.y }, cell));
        }
        self.move_to(at)?;
        self.sgr.change(cell, &mut self.frame)?;
        self.shown.erase(at.y, at.x..at.x + cell_count);
        write!(self.frame, "\x1b[{cell_count}X")
    }
}

impl<W: Write> Backend for AnsiBackend<W> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        let changed: Vec<(u16, u16, &Cell)> = content.collect();
        for row in changed.chunk_by(|(_, y, _), (_, next, _)| y == next) {
            self.draw_row(row)?;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor_is_shown.replace(false) != Some(false) {
            self.frame.write_all(b"\x1b[?25l")?;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.cursor_is_shown.replace(true) != Some(true) {
            self.frame.write_all(b"\x1b[?25h")?;
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.move_to(position.into())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.forget();
        self.shown.erase_all();
        self.frame.write_all(b"\x1b[m\x1b[2J")
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        match region {
            ClearType::All => self.clear(),
            ClearType::AfterCursor => self.frame.write_all(b"\x1b[J"),
            ClearType::BeforeCursor => self.frame.write_all(b"\x1b[1J"),
            ClearType::CurrentLine => self.frame.write_all(b"\x1b[2K"),
            ClearType::UntilNewLine => self.frame.write_all(b"\x1b[K"),
        }
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.out.write_all(&self.frame).and_then(|()| self.out.flush());
        self.frame.clear();
        result
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::layout::Rect;
    use ratatui::widgets::Widget;

    use super::*;

    /// The bytes that replace a text on the screen with another.
    fn replaced(before: &str, after: &str) -> String {
        let size = Size { width: 40, height: 1 };
        let mut terminal = Terminal::new(AnsiBackend::new(Vec::new(), size)).unwrap();
        terminal.resize(Rect::from((Position::ORIGIN, size))).unwrap();
        for text in [before, after] {
            terminal.backend_mut().writer().clear();
            terminal.draw(|frame| text.render(frame.area(), frame.buffer_mut())).unwrap();
        }
        String::from_utf8(terminal.backend_mut().writer().clone()).unwrap()
    }

    #[test]
    fn words_of_which_a_part_changes_are_drawn_whole() {
        for (before, after, drawn) in [
            ("1-800-708-7646", "1-800-708-7656", "1-800-708-7656"),
            ("Eligibility and account billing", "Availability and account billing", "Availability"),
            ("press 14 now", "press 4 now", "4"),
            ("ten pages", "ten page", "page"),
        ] {
            let bytes = replaced(before, after);
            assert!(bytes.contains(drawn), "{after}: {bytes:?}");
        }
        let bytes = replaced("Open today and closed tomorrow", "Open later and closed tomorrow");
        assert!(!bytes.contains("Open") && !bytes.contains("closed"), "no more than the word: {bytes:?}");
    }
}
