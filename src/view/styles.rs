//! Styles: what the roles of a theme look like, with bold, dim, underline and reverse video where a role has no colour.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;
use ratatui::text::{Line, Span};
use textwrap::core::display_width;

use crate::present::display::{Display, Glyphs};
use crate::present::page::TextStyle;
use crate::present::theme::Theme;

pub(super) struct Styles {
    pub(super) glyphs: Glyphs,
    theme: Theme,
    /// Whether panes and windows have borders.
    bordered: bool,
    /// Text on the background.
    pub(super) base: Style,
    pub(super) accent: Style,
    pub(super) key: Style,
    pub(super) quiet: Style,
    pub(super) strong: Style,
    pub(super) link: Style,
    pub(super) alert: Style,
    pub(super) faint: Style,
    pub(super) mark: Style,
    /// A pressed key.
    pub(super) pressed: Style,
}

/// The black and white of a QR code: themes may change the first sixteen of the 256 colours, but not these two.
const BLACK: Color = Color::Indexed(16);
const WHITE: Color = Color::Indexed(231);

/// Borders for terminals without Unicode: of a pane, and of the focused one.
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
const ASCII_FOCUSED: border::Set<'static> = border::Set {
    top_left: "#",
    top_right: "#",
    bottom_left: "#",
    bottom_right: "#",
    vertical_left: "#",
    vertical_right: "#",
    horizontal_top: "=",
    horizontal_bottom: "=",
};

impl Styles {
    pub(super) fn new(display: &Display, bordered: bool) -> Self {
        let theme = if display.colors { display.theme } else { Theme::PLAIN };
        // A role without a colour is shown by a modifier.
        let or = |color, modifier| match color {
            Color::Reset => Style::new().add_modifier(modifier),
            color => Style::new().fg(color),
        };
        let (none, bold) = (Modifier::empty(), Modifier::BOLD);
        let key = or(theme.accent, bold);
        let is_flat = theme.selection == Color::Reset;
        Self {
            glyphs: display.glyphs,
            theme,
            bordered,
            base: Style::new().fg(theme.text).bg(theme.background),
            // Many terminals draw bold magenta brighter, which cannot be read on white.
            accent: if theme.background == Color::Reset { key } else { key.add_modifier(bold) },
            key,
            quiet: or(theme.dim, Modifier::DIM),
            strong: Style::new().add_modifier(bold),
            link: or(theme.link, none),
            alert: or(theme.closed, none).add_modifier(bold),
            faint: or(theme.border, Modifier::DIM),
            mark: Style::new().add_modifier(bold | Modifier::UNDERLINED),
            pressed: if is_flat { Style::new().add_modifier(Modifier::REVERSED) } else { key.bg(theme.selection) },
        }
    }

    /// Whether the screen has another background than the terminal's own.
    pub(super) fn has_background(&self) -> bool {
        self.theme.background != Color::Reset
    }

    pub(super) fn text(&self, style: TextStyle) -> Style {
        let colored = |color| if color == Color::Reset { Style::new() } else { Style::new().fg(color) };
        match style {
            TextStyle::Plain | TextStyle::Block => Style::new(),
            TextStyle::Quiet => self.quiet,
            TextStyle::Strong | TextStyle::Number => self.strong,
            TextStyle::Key => self.key,
            TextStyle::PresentKey => self.pressed,
            TextStyle::Link => self.link,
            TextStyle::Alert => self.alert,
            TextStyle::Open => colored(self.theme.open),
            TextStyle::Closed => colored(self.theme.closed),
            TextStyle::Faint => self.faint,
            TextStyle::Paper => Style::new().fg(BLACK).bg(WHITE),
            TextStyle::Ink => Style::new().fg(WHITE).bg(BLACK),
        }
    }

    /// Marks the cells of a selected row, all in one style: on the background of a selection, else in reverse video
    /// without any colour. Underlining marks the matched characters, so it stays.
    pub(super) fn select(&self, area: Rect, buffer: &mut Buffer) {
        if self.theme.selection != Color::Reset {
            return buffer.set_style(area, self.strong.bg(self.theme.selection));
        }
        let all = Modifier::all() - Modifier::UNDERLINED;
        let flat = Style::new().fg(Color::Reset).remove_modifier(all).add_modifier(Modifier::REVERSED);
        buffer.set_style(area, flat);
    }

    /// Dims what a window covers, so that it stands out.
    pub(super) fn dim(&self, area: Rect, buffer: &mut Buffer) {
        let dimmed = self.base.remove_modifier(Modifier::all()).patch(self.faint);
        buffer.set_style(area, dimmed);
    }

    /// A frame with its title in the upper border; that of the focused pane is heavier.
    pub(super) fn frame(&self, is_focused: bool, title: &str, area: Rect, buffer: &mut Buffer) {
        if !self.bordered || area.is_empty() {
            return;
        }
        let set = match (self.glyphs.ascii_borders, is_focused) {
            (false, false) => border::ROUNDED,
            (false, true) => border::THICK,
            (true, false) => ASCII,
            (true, true) => ASCII_FOCUSED,
        };
        let style = if is_focused { self.key.remove_modifier(Modifier::BOLD) } else { self.faint };
        draw_border(&set, style, area, buffer);
        if title.is_empty() || area.width < 8 {
            return;
        }
        let title_style = if is_focused { self.accent } else { self.quiet };
        let title = self.fit(Line::raw(title), usize::from(area.width - 6));
        let title = Line::from_iter(std::iter::once(Span::raw(" ")).chain(title.spans).chain([Span::raw(" ")]));
        let width = u16::try_from(title.width()).unwrap_or(area.width);
        // A dim border must not dim the title.
        let place = Rect { x: area.x + 2, width, height: 1, ..area };
        buffer.set_style(place, self.base.remove_modifier(Modifier::all()));
        self.draw(title.style(title_style), place, buffer);
    }

    /// Shows a note at the left of the lower border of an area.
    pub(super) fn note(&self, note: &str, inner: Rect, area: Rect, buffer: &mut Buffer) {
        if self.bordered && !note.is_empty() {
            self.on_border(
                &format!(" {note} "),
                Rect { y: area.bottom().saturating_sub(1), height: 1, ..inner },
                buffer,
            );
        }
    }

    /// Draws a text on a border, whose style is not that of the text.
    fn on_border(&self, text: &str, place: Rect, buffer: &mut Buffer) {
        let width = u16::try_from(display_width(text)).unwrap_or(u16::MAX).min(place.width);
        let place = Rect { width, ..place };
        buffer.set_style(place, self.base.remove_modifier(Modifier::all()));
        self.draw(Line::styled(text, self.quiet), place, buffer);
    }

    /// Shows in the lower border of an area which of its lines are visible, where not all are.
    pub(super) fn more(&self, lines: usize, top: usize, inner: Rect, area: Rect, buffer: &mut Buffer) {
        let shown = usize::from(inner.height);
        if !self.bordered || lines <= shown {
            return;
        }
        let text = format!(" {}-{} of {lines} ", top + 1, (top + shown).min(lines));
        let width = u16::try_from(text.len()).unwrap_or(u16::MAX).min(inner.width);
        let at = Rect { x: inner.right() - width, y: area.bottom().saturating_sub(1), width, height: 1 };
        self.on_border(&text, at, buffer);
    }

    /// Draws a line, cut to its area.
    pub(super) fn draw(&self, line: Line<'_>, area: Rect, buffer: &mut Buffer) {
        let line = self.fit(line, usize::from(area.width));
        if line.style != Style::new() {
            buffer.set_style(area, line.style);
        }
        let mut rest = area.intersection(buffer.area);
        for span in &line.spans {
            if rest.is_empty() {
                break;
            }
            let width = draw_span(span, line.style, rest, buffer).min(rest.width);
            rest = Rect { x: rest.x + width, width: rest.width - width, ..rest };
        }
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

    /// Cuts a title to a width: in the middle where another of the titles beside it has the same start.
    pub(super) fn fit_title(&self, title: &str, width: usize, others: &[&str]) -> String {
        if display_width(title) <= width {
            return title.to_owned();
        }
        let span = Span::raw(title);
        let graphemes: Vec<&str> = span.styled_graphemes(Style::new()).map(|grapheme| grapheme.symbol).collect();
        let fitting = |mut space: usize, symbols: &mut dyn Iterator<Item = &&str>| {
            let fits = |symbol: &&&str| {
                let rest = space.checked_sub(display_width(symbol));
                space = rest.unwrap_or(0);
                rest.is_some()
            };
            symbols.take_while(fits).count()
        };
        let space = width.saturating_sub(1);
        let start = graphemes[..fitting(space, &mut graphemes.iter())].concat();
        let is_shared = others.iter().any(|other| *other != title && other.starts_with(&start));
        if !is_shared {
            return start.trim_end().to_owned() + self.glyphs.ellipsis;
        }
        let end = graphemes.len() - fitting(space / 2, &mut graphemes.iter().rev());
        let start = fitting(space - space / 2, &mut graphemes.iter());
        graphemes[..start].concat() + self.glyphs.ellipsis + &graphemes[end..].concat()
    }
}

/// Draws a border. Only its own cells are visited: `Block` also visits those inside, which are most of the screen.
fn draw_border(set: &border::Set<'_>, style: Style, area: Rect, buffer: &mut Buffer) {
    let (left, right) = (area.x, area.right() - 1);
    let (top, bottom) = (area.y, area.bottom() - 1);
    let sides = (top..=bottom).flat_map(|y| [(left, y, set.vertical_left), (right, y, set.vertical_right)]);
    let edges = (left..=right).flat_map(|x| [(x, top, set.horizontal_top), (x, bottom, set.horizontal_bottom)]);
    let corners = [
        (left, top, set.top_left),
        (right, top, set.top_right),
        (left, bottom, set.bottom_left),
        (right, bottom, set.bottom_right),
    ];
    for (x, y, symbol) in sides.chain(edges).chain(corners) {
        if let Some(cell) = buffer.cell_mut((x, y)) {
            cell.set_symbol(symbol).set_style(style);
        }
    }
}

/// Draws a span and returns its width. In most text each character is a cell, so that drawing it needs no search for
/// the bounds of graphemes.
fn draw_span(span: &Span<'_>, base: Style, area: Rect, buffer: &mut Buffer) -> u16 {
    let style = base.patch(span.style);
    let is_cell = |character| matches!(character, ' '..='~' | '·' | '\u{2500}'..='\u{259f}');
    if !span.content.chars().all(is_cell) {
        let (end, _) = buffer.set_stringn(area.x, area.y, &*span.content, usize::from(area.width), style);
        return end - area.x;
    }
    let start = buffer.index_of(area.x, area.y);
    let cells = &mut buffer.content[start..start + usize::from(area.width)];
    let mut width = 0;
    for (cell, character) in cells.iter_mut().zip(span.content.chars()) {
        cell.set_char(character).set_style(style);
        width += 1;
    }
    width
}
