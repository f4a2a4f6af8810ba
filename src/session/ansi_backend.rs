//! A ratatui backend that writes ANSI escape sequences to any writer.
//!
//! The backend never queries the terminal: the frontend passes in the size, and the backend tracks the cursor itself.
//! It therefore works over any connection and never waits for a reply that may be late or lost. Frames are kept short
//! for slow connections: relative cursor moves, combined attributes, and erased rather than printed runs of blanks.

use std::io::{self, Write};
use std::ops::Range;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use unicode_width::UnicodeWidthStr;

use super::sgr::Sgr;

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
    /// Whether each cell is known to be blank, row by row.
    empty: Vec<bool>,
}

/// The minimum number of blank cells for which ECH (erase characters) takes fewer bytes than spaces.
const MIN_ERASED: u16 = 6;

impl<W: Write> AnsiBackend<W> {
    /// Creates a backend for a terminal of the given size in cells, whose state is unknown.
    pub fn new(out: W, size: Size) -> Self {
        let empty = vec![false; size.area() as usize];
        Self { out, frame: Vec::new(), size, sgr: Sgr::UNKNOWN, cursor: None, cursor_is_shown: None, empty }
    }

    /// Sets the size in cells, after the terminal was resized.
    pub fn set_size(&mut self, size: Size) {
        self.size = size;
        self.empty = vec![false; size.area() as usize];
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
        self.empty.fill(false);
    }

    /// The indices in `empty` of a range of columns in a row.
    fn indices(&self, y: u16, columns: Range<u16>) -> Range<usize> {
        let start = usize::from(y) * usize::from(self.size.width);
        start + usize::from(columns.start)..start + usize::from(columns.end.min(self.size.width))
    }

    fn is_empty(&self, y: u16, columns: Range<u16>) -> bool {
        self.empty.get(self.indices(y, columns)).is_some_and(|cells| cells.iter().all(|empty| *empty))
    }

    fn set_empty(&mut self, y: u16, columns: Range<u16>, empty: bool) {
        let indices = self.indices(y, columns);
        self.empty.get_mut(indices).unwrap_or_default().fill(empty);
    }

    fn move_to(&mut self, to: Position) -> io::Result<()> {
        match self.cursor {
            Some(at) if at == to => {}
            Some(at) if at.y == to.y && at.x < to.x => match to.x - at.x {
                // One to three spaces over blank cells are shorter than a cursor move.
                gap @ 1..=3 if self.sgr.leaves_blanks() && self.is_empty(at.y, at.x..to.x) => {
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
        self.set_empty(at.y, at.x..at.x.saturating_add(width), Sgr::is_blank(cell));
        // Terminals disagree about the width of some characters, and about the cursor after the last column. The next
        // cell is then addressed absolutely.
        let is_known = width == 1 && at.x + 1 < self.size.width;
        self.cursor = is_known.then_some(Position { x: at.x + 1, y: at.y });
        Ok(())
    }

    /// Draws a run of blank cells, of which `cell` is the first.
    fn blank(&mut self, at: Position, cell: &Cell, cell_count: u16) -> io::Result<()> {
        if cell_count < MIN_ERASED {
            return (0..cell_count).try_for_each(|offset| self.print(Position { x: at.x + offset, y: at.y }, cell));
        }
        self.move_to(at)?;
        self.sgr.change(cell, &mut self.frame)?;
        self.set_empty(at.y, at.x..at.x + cell_count, true);
        write!(self.frame, "\x1b[{cell_count}X")
    }
}

impl<W: Write> Backend for AnsiBackend<W> {
    type Error = io::Error;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> io::Result<()> {
        let mut content = content.peekable();
        while let Some((x, y, cell)) = content.next() {
            let at = Position { x, y };
            if !Sgr::is_blank(cell) {
                self.print(at, cell)?;
                continue;
            }
            // Ratatui passes changed cells only. Unchanged cells in between may be erased too if they are blank.
            let mut end = x + 1;
            while let Some((next, ..)) =
                content.next_if(|(next, row, cell)| *row == y && Sgr::is_blank(cell) && self.is_empty(y, end..*next))
            {
                end = next + 1;
            }
            self.blank(at, cell, end - x)?;
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
        self.empty.fill(true);
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
