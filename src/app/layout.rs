//! Where the panes are. Pure arithmetic, so that a click, a page step and the drawing agree.

use ratatui::layout::{Constraint, Layout as Split, Margin, Rect, Size};

/// The smallest screen that is drawn: below it, nothing fits.
pub const SMALLEST: Size = Size { width: 20, height: 5 };

/// From this width on the three panes stand side by side.
const WIDE: u16 = 100;
/// From this size on the card stands below the other two; under it there is one pane at a time.
const STACKED: Size = Size { width: 60, height: 16 };
/// From this height on panes have borders.
const BORDERED: u16 = 8;
/// The width of the audience pane, with room for full names from [`ROOMY`] on.
const AUDIENCE: [u16; 2] = [22, 30];
const ROOMY: u16 = 112;

/// A pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// Who the caller asks for.
    Audience,
    /// Contacts and options, or what was found.
    Tree,
    /// The answer.
    Card,
}

impl Pane {
    /// From left to right.
    pub const ALL: [Self; 3] = [Self::Audience, Self::Tree, Self::Card];
}

/// Where everything is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The line at the top.
    pub header: Rect,
    /// What is between the lines at the top and the bottom.
    pub body: Rect,
    /// The line at the bottom.
    pub footer: Rect,
    /// Panes have borders.
    pub bordered: bool,
    /// The panes in view, with their borders, in the order of [`Pane::ALL`].
    panes: [Option<Rect>; 3],
}

impl Layout {
    /// Lays out a screen; `focus` is the pane that is shown where there is room for one only. `None` where the screen
    /// is too small.
    pub fn new(screen: Size, focus: Pane) -> Option<Self> {
        if screen.width < SMALLEST.width || screen.height < SMALLEST.height {
            return None;
        }
        let area = Rect::from((ratatui::layout::Position::ORIGIN, screen));
        let [header, body, footer] =
            Split::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)]).areas(area);
        let audience = Constraint::Length(AUDIENCE[usize::from(screen.width >= ROOMY)]);
        let mut panes = [None; 3];
        if screen.width >= WIDE {
            let [audience, tree, card] =
                Split::horizontal([audience, Constraint::Fill(1), Constraint::Fill(1)]).areas(body);
            panes = [Some(audience), Some(tree), Some(card)];
        } else if screen.width >= STACKED.width && screen.height >= STACKED.height {
            let [upper, card] = Split::vertical([Constraint::Fill(1), Constraint::Fill(1)]).areas(body);
            let [audience, tree] = Split::horizontal([audience, Constraint::Fill(1)]).areas(upper);
            panes = [Some(audience), Some(tree), Some(card)];
        } else {
            panes[focus as usize] = Some(body);
        }
        Some(Self { header, body, footer, bordered: screen.height >= BORDERED, panes })
    }

    /// Where a pane is, with its borders; `None` where it is not in view.
    pub fn pane(&self, pane: Pane) -> Option<Rect> {
        self.panes[pane as usize]
    }

    /// The room for a pane's lines. Rows of lists go from border to border, text keeps off.
    pub fn inner(&self, pane: Pane) -> Option<Rect> {
        let rect = self.pane(pane)?;
        let beside = if pane == Pane::Card { 2 } else { 1 };
        Some(if self.bordered { rect.inner(Margin::new(beside, 1)) } else { rect })
    }

    /// Whether all panes are in view.
    pub fn shows_all(&self) -> bool {
        self.panes.iter().all(Option::is_some)
    }

    /// The room of a window over the panes, for so many lines of text at the most.
    pub fn window(&self, lines: u16) -> Rect {
        let width = self.body.width.min(76);
        let frame = if self.bordered { 2 } else { 0 };
        let height = self.body.height.min(lines.saturating_add(frame));
        self.body.centered(Constraint::Length(width), Constraint::Length(height))
    }

    /// The room for the lines of a window.
    pub fn window_inner(&self, lines: u16) -> Rect {
        let window = self.window(lines);
        if self.bordered { window.inner(Margin::new(2, 1)) } else { window }
    }
}
