//! What a session draws on when there is a real terminal at the other end.

use std::io::{self, Write};
use std::ops::Range;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use unicode_width::UnicodeWidthStr;

use super::sgr::Sgr;

/// Other screen, bracketed paste, clicks and wheel in SGR coordinates (xterm's control sequences). Moves of the mouse
/// are not asked for: from remote they would flood the wire. It goes out in front of the first frame.
pub const ENTER_SCREEN: &str = "\x1b[?1049h\x1b[?2004h\x1b[?1000h\x1b[?1006h";
/// The same backwards, with the cursor shown and plain letters.
pub const LEAVE_SCREEN: &str = "\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";

/// A terminal at the other end of a writer. It is never asked anything: its size is what the host was told, its cursor
/// where it was last put. So it works over any wire, and no reply can be lost or waited for. A frame takes few bytes:
/// short moves, joined attributes, and runs of blanks erased rather than sent.
pub struct AnsiBackend<W: Write> {
    out: W,
    /// What has been drawn and not yet sent: a frame is one write, and what nobody sent is not sent by accident.
    frame: Vec<u8>,
    size: Size,
    sgr: Sgr,
    /// Where the next character goes, if that is sure.
    at: Option<Position>,
    cursor_is_shown: Option<bool>,
    /// The cells that are known to show nothing, row by row.
    empty: Vec<bool>,
}

/// From so many blanks on, erasing them (ECH) is shorter than sending them.
const ERASED: u16 = 6;

impl<W: Write> AnsiBackend<W> {
    /// A terminal of a size, in cells.
    pub fn new(out: W, size: Size) -> Self {
        let empty = vec![false; size.area() as usize];
        Self { out, frame: Vec::new(), size, sgr: Sgr::UNKNOWN, at: None, cursor_is_shown: None, empty }
    }

    /// The terminal has a new size.
    pub fn set_size(&mut self, size: Size) {
        self.size = size;
        self.empty = vec![false; size.area() as usize];
        self.forget();
    }

    /// Where everything goes; whoever writes here leaves the cursor and the attributes as they were.
    pub fn writer(&mut self) -> &mut W {
        &mut self.out
    }

    /// Sends a sequence in front of the next frame.
    pub fn lead_with(&mut self, sequence: &str) {
        self.frame.extend_from_slice(sequence.as_bytes());
    }

    /// Forgets how the terminal was left, after something else has written on it.
    pub fn forget(&mut self) {
        (self.sgr, self.at, self.cursor_is_shown) = (Sgr::UNKNOWN, None, None);
        self.empty.fill(false);
    }

    /// The place in `empty` of the cells of a row from one column up to another.
    fn cells(&self, y: u16, columns: Range<u16>) -> Range<usize> {
        let start = usize::from(y) * usize::from(self.size.width);
        start + usize::from(columns.start)..start + usize::from(columns.end.min(self.size.width))
    }

    fn is_empty(&self, y: u16, columns: Range<u16>) -> bool {
        self.empty.get(self.cells(y, columns)).is_some_and(|cells| cells.iter().all(|empty| *empty))
    }

    fn set_empty(&mut self, y: u16, columns: Range<u16>, empty: bool) {
        let cells = self.cells(y, columns);
        self.empty.get_mut(cells).unwrap_or_default().fill(empty);
    }

    fn move_to(&mut self, to: Position) -> io::Result<()> {
        match self.at {
            Some(at) if at == to => {}
            Some(at) if at.y == to.y && at.x < to.x => match to.x - at.x {
                // Sending what is not there is shorter than jumping over it.
                gap @ 1..=3 if self.sgr.leaves_blanks() && self.is_empty(at.y, at.x..to.x) => {
                    self.frame.write_all(&b"   "[..usize::from(gap)])?;
                }
                1 => self.frame.write_all(b"\x1b[C")?,
                gap => write!(self.frame, "\x1b[{gap}C")?,
            },
            _ => write!(self.frame, "\x1b[{};{}H", to.y + 1, to.x + 1)?,
        }
        self.at = Some(to);
        Ok(())
    }

    fn print(&mut self, at: Position, cell: &Cell) -> io::Result<()> {
        self.move_to(at)?;
        self.sgr.change(cell, &mut self.frame)?;
        self.frame.write_all(cell.symbol().as_bytes())?;
        let width = u16::try_from(cell.symbol().width()).unwrap_or(1);
        self.set_empty(at.y, at.x..at.x.saturating_add(width), Sgr::is_blank(cell));
        // Terminals differ over what is wide, and the last column keeps the cursor: there the place is not sure.
        let is_sure = width == 1 && at.x + 1 < self.size.width;
        self.at = is_sure.then_some(Position { x: at.x + 1, y: at.y });
        Ok(())
    }

    /// Blanks a run of cells, the first of which is given.
    fn blank(&mut self, at: Position, cell: &Cell, cells: u16) -> io::Result<()> {
        if cells < ERASED {
            return (0..cells).try_for_each(|along| self.print(Position { x: at.x + along, y: at.y }, cell));
        }
        self.move_to(at)?;
        self.sgr.change(cell, &mut self.frame)?;
        self.set_empty(at.y, at.x..at.x + cells, true);
        write!(self.frame, "\x1b[{cells}X")
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
        Ok(self.at.unwrap_or_default())
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
        let sent = self.out.write_all(&self.frame).and_then(|()| self.out.flush());
        self.frame.clear();
        sent
    }
}
