//! The layout of the screen. Pure arithmetic, so that clicks, page steps and drawing agree.

use ratatui::layout::{Margin, Position, Rect, Size};

/// The smallest screen that is drawn.
pub const MIN_SCREEN: Size = Size { width: 20, height: 5 };

/// The narrowest screen with the three panes side by side, in columns.
const WIDE: u16 = 100;
/// The smallest screen with the card below the other two panes; a smaller one shows one pane at a time.
const STACKED: Size = Size { width: 60, height: 16 };
/// The minimum height of a screen whose panes have borders, in rows.
const BORDERED: u16 = 8;
/// The width of the audience pane on a screen narrower than [`ROOMY`] and on a wider one, which fits full names.
const AUDIENCE: [u16; 2] = [22, 30];
const ROOMY: u16 = 132;

/// The size that the borders of a window and the space beside its text take.
const WINDOW: Size = Size { width: 4, height: 2 };
/// The widest text in a window, in columns.
pub const MAX_TEXT_WIDTH: u16 = 72;

/// A pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The sections of the directory.
    Audience,
    /// Contacts and options, or search results.
    Tree,
    /// The entry.
    Card,
}

impl Pane {
    /// From left to right.
    pub const ALL: [Self; 3] = [Self::Audience, Self::Tree, Self::Card];

    /// The pane to the right.
    pub fn right(self) -> Option<Self> {
        Self::ALL.get(self.index() + 1).copied()
    }

    /// The pane to the left.
    pub fn left(self) -> Option<Self> {
        Self::ALL.get(self.index().checked_sub(1)?).copied()
    }

    fn index(self) -> usize {
        Self::ALL.iter().position(|pane| *pane == self).unwrap_or(0)
    }
}

/// The areas of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The line at the top.
    pub header: Rect,
    /// The area between header and footer.
    pub body: Rect,
    /// The line at the bottom.
    pub footer: Rect,
    /// Panes have borders.
    pub bordered: bool,
    /// The visible panes and their areas with the borders, from left to right.
    pub panes: Vec<(Pane, Rect)>,
}

impl Layout {
    /// Lays out a screen. `focus` is the pane that is shown where only one fits. `None` where the screen is too small.
    pub fn new(screen: Size, focus: Pane) -> Option<Self> {
        if screen.width < MIN_SCREEN.width || screen.height < MIN_SCREEN.height {
            return None;
        }
        let Size { width, height } = screen;
        let header = Rect { x: 0, y: 0, width, height: 1 };
        let body = Rect { x: 0, y: 1, width, height: height - 2 };
        let footer = Rect { x: 0, y: height - 1, width, height: 1 };
        let beside = AUDIENCE[usize::from(width >= ROOMY)];
        let panes = if width >= WIDE {
            let (audience, rest) = left(body, beside);
            let (tree, card) = left(rest, rest.width / 2);
            vec![(Pane::Audience, audience), (Pane::Tree, tree), (Pane::Card, card)]
        } else if width >= STACKED.width && height >= STACKED.height {
            let (upper, card) = upper(body, body.height / 2);
            let (audience, tree) = left(upper, beside);
            vec![(Pane::Audience, audience), (Pane::Tree, tree), (Pane::Card, card)]
        } else {
            vec![(focus, body)]
        };
        Some(Self { header, body, footer, bordered: screen.height >= BORDERED, panes })
    }

    /// The area of a pane with its borders; `None` where it is not visible.
    pub fn pane(&self, pane: Pane) -> Option<Rect> {
        self.panes.iter().find(|(shown, _)| *shown == pane).map(|(_, area)| *area)
    }

    /// The area of a pane's lines. Rows of lists extend from border to border; text has a space on each side.
    pub fn inner(&self, pane: Pane) -> Option<Rect> {
        let rect = self.pane(pane)?;
        let beside = if pane == Pane::Card { 2 } else { 1 };
        Some(if self.bordered { rect.inner(Margin::new(beside, 1)) } else { rect })
    }

    /// Whether several panes are visible at a time, the card among them.
    pub fn is_split(&self) -> bool {
        self.panes.len() > 1
    }

    /// The area of a window for a text of the given size, as far as it fits on the screen.
    pub fn window(&self, text: Size) -> Rect {
        let frame = if self.bordered { WINDOW } else { Size::ZERO };
        let width = self.body.width.min(text.width.saturating_add(frame.width));
        let height = self.body.height.min(text.height.saturating_add(frame.height));
        let (x, y) = (self.body.x + (self.body.width - width) / 2, self.body.y + (self.body.height - height) / 2);
        Rect { x, y, width, height }
    }

    /// The area of the text in a window.
    pub fn window_inner(&self, text: Size) -> Rect {
        let window = self.window(text);
        if self.bordered { window.inner(Margin::new(WINDOW.width / 2, WINDOW.height / 2)) } else { window }
    }

    /// The smallest screen with borders that fits a window for a text of the given size.
    pub fn screen_for(text: Size) -> Size {
        let width = text.width.saturating_add(WINDOW.width);
        // Above and below the window are the first and the last line of the screen.
        let height = text.height.saturating_add(WINDOW.height + 2);
        Size { width: width.max(MIN_SCREEN.width), height: height.max(BORDERED) }
    }
}

/// Splits an area at a number of columns from its left.
pub fn left(area: Rect, width: u16) -> (Rect, Rect) {
    let width = width.min(area.width);
    (Rect { width, ..area }, Rect { x: area.x + width, width: area.width - width, ..area })
}

/// Splits an area at a number of rows from its top.
fn upper(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    (Rect { height, ..area }, Rect { y: area.y + height, height: area.height - height, ..area })
}

/// The line of an area in the row of a cell.
pub(super) fn line_at(area: Rect, at: Position) -> Option<usize> {
    (area.top()..area.bottom()).contains(&at.y).then(|| usize::from(at.y - area.y))
}
