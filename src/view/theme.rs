//! Styles. Only the terminal's own sixteen colours on its default background, so that light and dark both work, and one
//! accent: magenta, the only one of the sixteen with a contrast above 4 on black and on white. Without colours, bold,
//! dim, underline and reverse video carry the same meaning.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Widget};
use textwrap::core::display_width;

use crate::present::display::{Display, Glyphs};
use crate::present::page::TextStyle;

pub(super) struct Theme {
    pub(super) glyphs: Glyphs,
    /// Whether panes and windows have borders.
    bordered: bool,
    pub(super) accent: Style,
    pub(super) key: Style,
    pub(super) quiet: Style,
    pub(super) strong: Style,
    pub(super) alert: Style,
    pub(super) mark: Style,
    pub(super) selected: Style,
}

/// The black and white of a QR code: themes may change the first sixteen of the 256 colours, but not these two.
const BLACK: Color = Color::Indexed(16);
const WHITE: Color = Color::Indexed(231);

/// Borders for terminals without Unicode.
const ASCII: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

impl Theme {
    pub(super) fn new(display: &Display, bordered: bool) -> Self {
        let colored = |color: Color| if display.colors { Style::new().fg(color) } else { Style::new() };
        let bold = Modifier::BOLD;
        Self {
            glyphs: display.glyphs,
            bordered,
            accent: colored(Color::Magenta).add_modifier(bold),
            key: colored(Color::Magenta),
            quiet: Style::new().add_modifier(Modifier::DIM),
            strong: Style::new().add_modifier(bold),
            alert: colored(Color::Red).add_modifier(bold),
            mark: colored(Color::Magenta).add_modifier(bold | Modifier::UNDERLINED),
            selected: Style::new().add_modifier(Modifier::REVERSED),
        }
    }

    pub(super) fn text(&self, style: TextStyle) -> Style {
        match style {
            TextStyle::Plain => Style::new(),
            TextStyle::Quiet => self.quiet,
            TextStyle::Strong => self.strong,
            TextStyle::Number => self.accent,
            TextStyle::Key => self.key,
            TextStyle::Alert => self.alert,
            TextStyle::Paper => Style::new().fg(BLACK).bg(WHITE),
            TextStyle::Ink => Style::new().fg(WHITE).bg(BLACK),
        }
    }

    /// A frame with its title; the focused pane's frame stands out.
    pub(super) fn frame<'a>(&self, focused: bool, title: &str, style: Style, width: u16) -> Block<'a> {
        if !self.bordered {
            return Block::new();
        }
        let set = if self.glyphs.ascii_borders { ASCII } else { border::ROUNDED };
        let look = if focused { self.accent.remove_modifier(Modifier::BOLD) } else { self.quiet };
        let block = Block::new().borders(Borders::ALL).border_set(set).border_style(look);
        if title.is_empty() {
            return block;
        }
        let title = self.fit(Line::raw(title.to_owned()), usize::from(width.saturating_sub(4)));
        let padded = std::iter::once(Span::raw(" ")).chain(title.spans).chain([Span::raw(" ")]);
        block.title(Line::from_iter(padded).style(style))
    }

    /// Shows in the lower border of an area which of its lines are visible, where not all are.
    pub(super) fn more(&self, lines: usize, top: usize, inner: Rect, area: Rect, frame: &mut Frame<'_>) {
        let shown = usize::from(inner.height);
        if !self.bordered || lines <= shown {
            return;
        }
        let text = format!(" {}-{} of {lines} ", top + 1, (top + shown).min(lines));
        let width = u16::try_from(text.len()).unwrap_or(u16::MAX).min(inner.width);
        let at = Rect { x: inner.right() - width, y: area.bottom().saturating_sub(1), width, height: 1 };
        Line::styled(text, self.quiet).render(at, frame.buffer_mut());
    }

    /// Draws a line, cut to its area.
    pub(super) fn draw(&self, line: Line<'_>, area: Rect, frame: &mut Frame<'_>) {
        self.fit(line, usize::from(area.width)).render(area, frame.buffer_mut());
    }

    /// Cuts a line to a width, with an ellipsis.
    pub(super) fn fit<'a>(&self, line: Line<'a>, width: usize) -> Line<'a> {
        if line.width() <= width {
            return line;
        }
        let mut space = width.saturating_sub(1);
        let mut spans = Vec::with_capacity(line.spans.len());
        for span in line.spans {
            // A text can be narrower than its graphemes, so each is measured as it is drawn: by itself.
            let (mut kept, mut is_whole) = (String::new(), true);
            for grapheme in span.styled_graphemes(span.style) {
                let width = display_width(grapheme.symbol);
                is_whole = width <= space;
                if !is_whole {
                    break;
                }
                kept += grapheme.symbol;
                space -= width;
            }
            spans.push(Span::styled(kept, span.style));
            if !is_whole {
                spans.push(Span::styled(self.glyphs.ellipsis, span.style));
                break;
            }
        }
        Line::from(spans).style(line.style)
    }
}
