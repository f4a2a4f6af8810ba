//! A ratatui backend that writes ANSI escape sequences to any writer.
//!
//! The backend never queries the terminal: the frontend passes in the size, and the backend tracks the cursor itself.
//! It therefore works over any connection and never waits for a reply that may be late or lost. Frames are kept short
//! for slow connections: only cells that change, relative cursor moves, combined attributes, and erased rather than
//! printed runs of blanks.

use std::io::{self, Write};
use std::iter;
use std::ops::Range;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::grid::{Glyph, Grid};
use super::sgr::{Attributes, Sgr};

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
    grid: Grid,
}

/// The minimum number of blank cells for which ECH (erase characters) takes fewer bytes than spaces.
const MIN_ERASED: u16 = 6;

impl<W: Write> AnsiBackend<W> {
    /// Creates a backend for a terminal of the given size in cells, whose state is unknown.
    pub fn new(out: W, size: Size) -> Self {
        let grid = Grid::new(size);
        Self { out, frame: Vec::new(), size, sgr: Sgr::UNKNOWN, cursor: None, cursor_is_shown: None, grid }
    }

    /// Sets the size in cells, after the terminal was resized.
    pub fn set_size(&mut self, size: Size) {
        self.size = size;
        self.grid = Grid::new(size);
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
        self.grid.forget();
    }

    fn move_to(&mut self, to: Position) -> io::Result<()> {
        match self.cursor {
            Some(at) if at == to => {}
            Some(at) if at.y == to.y && at.x < to.x => match to.x - at.x {
                // One to three spaces over blank cells are shorter than a cursor move.
                gap @ 1..=3 if self.sgr.leaves_blanks() && self.is_blank(at.y, at.x..to.x) => {
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

    fn is_blank(&self, y: u16, columns: Range<u16>) -> bool {
        let columns = usize::from(columns.start)..usize::from(columns.end);
        self.grid.row(y).get(columns).is_some_and(|glyphs| glyphs.iter().all(|glyph| *glyph == Glyph::BLANK))
    }

    /// Draws what changes in a row.
    fn draw_row(&mut self, y: u16, row: &[Glyph]) -> io::Result<()> {
        if row == self.grid.row(y) {
            return Ok(());
        }
        let is_drawn = self.grid.replace(y, row);
        let mut rest = (0..).zip(row.iter().copied()).zip(is_drawn).peekable();
        while let Some(((x, glyph), is_drawn)) = rest.next() {
            match glyph {
                Glyph::UNKNOWN | Glyph::COVERED => {}
                _ if !is_drawn => {}
                Glyph::BLANK => {
                    // Blank cells in between that do not change may be erased too.
                    let mut end = x + 1;
                    while let Some(((x, _), is_drawn)) = rest.next_if(|((_, glyph), _)| *glyph == Glyph::BLANK) {
                        end = if is_drawn { x + 1 } else { end };
                    }
                    self.blank(Position { x, y }, end - x)?;
                }
                _ => self.print(Position { x, y }, glyph)?,
            }
        }
        Ok(())
    }

    fn print(&mut self, at: Position, glyph: Glyph) -> io::Result<()> {
        self.move_to(at)?;
        self.sgr.change(self.grid.attributes(glyph), &mut self.frame)?;
        let width = self.grid.width(glyph);
        if width > 1 && self.grid.cluster(glyph).is_some() {
            // A terminal to which it is narrower would leave what is in its other cells.
            self.frame.extend(iter::repeat_n(b' ', width));
            self.cursor = None;
            self.move_to(at)?;
        }
        self.grid.write(glyph, &mut self.frame)?;
        // Terminals disagree about the width of some characters, and about the cursor after the last column. The next
        // cell is then addressed absolutely.
        let is_known = width == 1 && at.x + 1 < self.size.width;
        self.cursor = is_known.then_some(Position { x: at.x + 1, y: at.y });
        Ok(())
    }

    /// Draws a run of blank cells. Only attributes that are visible on them matter.
    fn blank(&mut self, at: Position, cell_count: u16) -> io::Result<()> {
        self.move_to(at)?;
        if !self.sgr.leaves_blanks() {
            self.sgr.change(Attributes::DEFAULT, &mut self.frame)?;
        }
        if cell_count >= MIN_ERASED {
            return write!(self.frame, "\x1b[{cell_count}X");
        }
        self.frame.extend(iter::repeat_n(b' ', cell_count.into()));
        let end = at.x + cell_count;
        self.cursor = (end < self.size.width).then_some(Position { x: end, y: at.y });
        Ok(())
    }
}

impl<W: Write> Backend for AnsiBackend<W> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        self.grid.limit();
        let (mut row, mut row_y, mut end) = (Vec::new(), None, 0);
        for (x, y, cell) in content {
            if row_y != Some(y) {
                row_y.map_or(Ok(()), |y| self.draw_row(y, &row))?;
                row.clear();
                row.extend_from_slice(self.grid.row(y));
                (row_y, end) = (Some(y), 0);
            }
            let start = usize::from(x);
            // Cells that the wide symbol before them covers are not drawn.
            if start < end || start >= row.len() {
                continue;
            }
            row[start] = self.grid.glyph(cell);
            end = start + self.grid.width(row[start]).max(1);
            if end > start + 1 {
                row.iter_mut().take(end).skip(start + 1).for_each(|glyph| *glyph = Glyph::COVERED);
            }
        }
        row_y.map_or(Ok(()), |y| self.draw_row(y, &row))
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
        self.grid.erase();
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
