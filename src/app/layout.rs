//! The layout of the screen. Pure arithmetic, so that clicks, page steps and drawing agree.

use ratatui::layout::{Margin, Position, Rect, Size};

/// The smallest screen that is drawn.
pub const MIN_SCREEN: Size = Size { width: 20, height: 5 };

/// The narrowest screen with the three panes side by side, in columns.
const WIDE: u16 = 100;
/// The narrowest screen with a fourth column.
const VERY_WIDE: u16 = 180;
/// The smallest screen with the tree beside the card, under a line of audiences; a smaller one shows one pane at a
/// time.
const BESIDE: Size = Size { width: 60, height: 16 };
/// The lowest screen with lines of their own for the query and for messages.
const TALL: u16 = 16;
/// The minimum height of a screen whose panes have borders, in rows.
const BORDERED: u16 = 8;
/// The width of the audience pane on a screen narrower than [`ROOMY`] and on a wider one, which fits full names.
const AUDIENCE: [u16; 2] = [22, 30];
const ROOMY: u16 = 132;
/// The widest tree: beyond, numbers would be far from their names.
const MAX_TREE_WIDTH: u16 = 64;
/// The width of a card whose number has large digits, where there is room for one, and of the widest card.
const CARD_WIDTH: u16 = 54;
const MAX_CARD_WIDTH: u16 = 80;
/// The narrowest tree beside a card with large digits.
const MIN_TREE_WIDTH: u16 = 40;
/// The lowest area below the audiences that is used, in rows.
const MIN_SIDE_HEIGHT: u16 = 5;
/// The narrowest fourth column, which fits a number with two keys.
const ASIDE_WIDTH: u16 = 48;

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
    /// The line at the top: what is shown, the path to the selection and the time.
    pub header: Rect,
    /// The line of the query; on a low screen, the header while there is a query.
    pub prompt: Rect,
    /// The area of the panes.
    pub body: Rect,
    /// The line of messages; on a low screen, the last line of the body.
    pub message: Rect,
    /// The line of hints at the bottom.
    pub footer: Rect,
    /// Panes have borders.
    pub bordered: bool,
    /// The audience pane is a line without a border.
    pub has_tabs: bool,
    /// The visible panes and their areas with the borders, from left to right.
    pub panes: Vec<(Pane, Rect)>,
    /// The area below the audiences.
    pub side: Option<Rect>,
    /// The column to the right of the card.
    pub aside: Option<Rect>,
}

impl Layout {
    /// Lays out a screen. `focus` is the pane that is shown where only one fits. `None` where the screen is too small.
    pub fn new(screen: Size, focus: Pane) -> Option<Self> {
        if screen.width < MIN_SCREEN.width || screen.height < MIN_SCREEN.height {
            return None;
        }
        let Size { width, height } = screen;
        let row = |y| Rect { x: 0, y, width, height: 1 };
        let is_tall = height >= TALL;
        let (first, last) = if is_tall { (2, height - 2) } else { (1, height - 1) };
        let body = Rect { x: 0, y: first, width, height: last - first };
        let mut layout = Self {
            header: row(0),
            prompt: row(first - 1),
            body,
            message: row(if is_tall { last } else { last - 1 }),
            footer: row(height - 1),
            bordered: height >= BORDERED,
            has_tabs: false,
            panes: vec![(focus, body)],
            side: None,
            aside: None,
        };
        if width >= WIDE {
            layout.split(body);
        } else if width >= BESIDE.width && height >= BESIDE.height {
            let (tabs, below) = upper(body, 1);
            let (tree, card) = left(below, width / 2);
            layout.has_tabs = true;
            layout.panes = vec![(Pane::Audience, tabs), (Pane::Tree, tree), (Pane::Card, card)];
        }
        Some(layout)
    }

    /// Divides an area into columns for the three panes, and a fourth where there is room.
    fn split(&mut self, area: Rect) {
        let (audience, mut rest) = left(area, AUDIENCE[usize::from(area.width >= ROOMY)]);
        if area.width >= VERY_WIDE {
            let panes = (rest.width - ASIDE_WIDTH).min(MAX_TREE_WIDTH + MAX_CARD_WIDTH);
            let (inside, aside) = left(rest, panes);
            (rest, self.aside) = (inside, Some(aside));
        }
        let is_roomy = rest.width >= MIN_TREE_WIDTH + CARD_WIDTH;
        let widest = if is_roomy { rest.width - CARD_WIDTH } else { rest.width };
        let (tree, card) = left(rest, (rest.width / 2).min(widest).min(MAX_TREE_WIDTH));
        self.panes = vec![(Pane::Audience, audience), (Pane::Tree, tree), (Pane::Card, card)];
    }

    /// Makes room below the audiences, which take a number of lines, where they have a pane that is high enough.
    pub fn shorten_audience(&mut self, lines: usize) {
        let height = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2);
        if self.is_split()
            && !self.has_tabs
            && let Some((Pane::Audience, area)) = self.panes.first_mut()
            && area.height >= height.saturating_add(MIN_SIDE_HEIGHT)
        {
            let (audience, side) = upper(*area, height);
            (*area, self.side) = (audience, Some(side));
        }
    }

    /// The area of a pane with its borders; `None` where it is not visible.
    pub fn pane(&self, pane: Pane) -> Option<Rect> {
        self.panes.iter().find(|(shown, _)| *shown == pane).map(|(_, area)| *area)
    }

    /// The area of a pane's lines. Rows of lists extend from border to border; text has a space on each side.
    pub fn inner(&self, pane: Pane) -> Option<Rect> {
        let rect = self.pane(pane)?;
        let is_line = pane == Pane::Audience && self.has_tabs;
        Some(if is_line { rect } else { self.inside(rect, if pane == Pane::Card { 2 } else { 1 }) })
    }

    /// The area inside the border of another one, with this many columns on each side.
    pub fn inside(&self, area: Rect, beside: u16) -> Rect {
        if self.bordered { area.inner(Margin::new(beside, 1)) } else { area }
    }

    /// Whether several panes are visible at a time, the card among them.
    pub fn is_split(&self) -> bool {
        self.panes.len() > 1
    }

    /// The area of a window for a text of the given size, as far as it fits on the screen.
    pub fn window(&self, text: Size) -> Rect {
        let frame = if self.bordered { WINDOW } else { Size::ZERO };
        let all = Rect { y: self.header.bottom(), height: self.footer.y - self.header.bottom(), ..self.header };
        let width = all.width.min(text.width.saturating_add(frame.width));
        let height = all.height.min(text.height.saturating_add(frame.height));
        Rect { x: all.x + (all.width - width) / 2, y: all.y + (all.height - height) / 2, width, height }
    }

    /// The area of the text in a window.
    pub fn window_inner(&self, text: Size) -> Rect {
        let window = self.window(text);
        if self.bordered { window.inner(Margin::new(WINDOW.width / 2, WINDOW.height / 2)) } else { window }
    }

    /// The smallest screen with borders that fits a window for a text of the given size.
    pub fn screen_for(text: Size) -> Size {
        let width = text.width.saturating_add(WINDOW.width);
        // Above the window is the header, below it the hints.
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
