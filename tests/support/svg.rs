//! Draws a terminal screen as an SVG picture, for the README.
//!
//! Borders and bars are drawn as shapes, not as characters, so that they join whatever the font's line height is. Text
//! is split into short runs, each with its own position and `textLength`, so that columns stay aligned in a font whose
//! characters are wider or narrower than expected.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dialtree::present::theme::Theme;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

/// The size of a cell, of the font and of the frame around the cells, in SVG units.
const CELL_WIDTH: f64 = 8.4;
const CELL_HEIGHT: f64 = 18.0;
const FONT_SIZE: f64 = 14.0;
const BASELINE: f64 = 13.2;
const MARGIN: f64 = 14.0;
const TITLE_BAR: f64 = 40.0;

const FONTS: &str = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

/// The CSS class of a foreground colour, by its role in the theme; `k` and `w` are the black and white of a QR code.
fn class(color: Color, theme: &Theme) -> char {
    let Theme { text, dim, accent, open, closed, link, border, .. } = *theme;
    let roles = [(text, 't'), (dim, 'd'), (accent, 'a'), (open, 'o'), (closed, 'c'), (link, 'l'), (border, 'b')];
    let codes = [(Color::Indexed(16), 'k'), (Color::Indexed(231), 'w')];
    let found = roles.into_iter().chain(codes).find(|(role, _)| *role == color);
    found.unwrap_or_else(|| panic!("the picture has no colour for {color:?}")).1
}

/// A colour as `#rrggbb`.
fn hex(color: Color) -> String {
    match color {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        Color::Indexed(16) => "#000".to_owned(),
        Color::Indexed(231) => "#fff".to_owned(),
        other => panic!("the picture has no colour for {other:?}"),
    }
}

/// What is drawn, by layer: backgrounds and blocks, borders, text.
struct Layers {
    fills: String,
    /// Path data by CSS class.
    lines: BTreeMap<String, String>,
    text: String,
}

/// Draws a screen of a theme in a window with this title. `label` describes the picture to a screen reader.
pub(crate) fn svg(buffer: &Buffer, theme: &Theme, title: &str, label: &str) -> String {
    let mut layers = Layers { lines: BTreeMap::new(), fills: String::new(), text: String::new() };
    for (row, cells) in rows(buffer).enumerate() {
        draw_row(cells, row as f64 * CELL_HEIGHT, theme, &mut layers);
    }
    window(buffer.area, theme, label, "", &caption(buffer.area, title), &layers.into_elements())
}

/// The rows of a screen.
pub(crate) fn rows(buffer: &Buffer) -> impl Iterator<Item = &[Cell]> {
    buffer.content.chunks(usize::from(buffer.area.width))
}

/// Draws one row of a screen, counted from 0.
pub(crate) fn row(cells: &[Cell], row: usize, theme: &Theme) -> String {
    let mut layers = Layers { lines: BTreeMap::new(), fills: String::new(), text: String::new() };
    draw_row(cells, row as f64 * CELL_HEIGHT, theme, &mut layers);
    layers.into_elements()
}

/// The title of a window around a screen of this size.
pub(crate) fn caption(area: Rect, title: &str) -> String {
    let middle = f64::from(area.width) * CELL_WIDTH / 2.0 + MARGIN;
    format!("<text class=\"d\" x=\"{middle:.1}\" y=\"22\" text-anchor=\"middle\">{}</text>\n", escape(title))
}

impl Layers {
    fn into_elements(self) -> String {
        let lines = self.lines.iter().map(|(class, path)| format!("<path class=\"{class}\" d=\"{path}\"/>\n"));
        self.fills + &lines.collect::<String>() + &self.text
    }
}

/// A window with elements for its title bar and for its screen, and further rules of style.
pub(crate) fn window(area: Rect, theme: &Theme, label: &str, style: &str, title: &str, screen: &str) -> String {
    let (width, height) = (f64::from(area.width) * CELL_WIDTH, f64::from(area.height) * CELL_HEIGHT);
    let (full_width, full_height) = (width + 2.0 * MARGIN, height + TITLE_BAR + MARGIN);
    let (background, text, border) = (hex(theme.background), hex(theme.text), hex(theme.border));
    let mut classes = String::new();
    let colors = [('d', theme.dim), ('a', theme.accent), ('o', theme.open), ('c', theme.closed), ('l', theme.link)];
    for (class, color) in colors.into_iter().chain([('b', theme.border), ('t', theme.text)]) {
        let _ = write!(classes, ".{class}{{fill:{0}}}.p{class}{{stroke:{0}}}", hex(color));
    }
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {full_width:.1} {full_height:.1}\" \
         width=\"{full_width:.1}\" height=\"{full_height:.1}\" role=\"img\" aria-labelledby=\"label\">\n\
         <title id=\"label\">{}</title>\n\
         <style>\n\
         text{{font:{FONT_SIZE}px {FONTS};fill:{text}}}\n\
         {classes}.B{{font-weight:700}}.U{{text-decoration:underline}}\n\
         path{{fill:none}}.h{{stroke-width:2.2}}\n\
         {style}</style>\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"{:.1}\" height=\"{:.1}\" rx=\"9\" fill=\"{background}\" stroke=\"{border}\"/>\n",
        escape(label),
        full_width - 1.0,
        full_height - 1.0,
    );
    for button in 0..3 {
        let _ = writeln!(svg, "<circle cx=\"{}\" cy=\"17\" r=\"5\" fill=\"{border}\"/>", 20 + 18 * button);
    }
    svg += title;
    let _ = writeln!(svg, "<g transform=\"translate({MARGIN} {TITLE_BAR})\">");
    svg + screen + "</g>\n</svg>\n"
}

fn draw_row(cells: &[Cell], top: f64, theme: &Theme, layers: &mut Layers) {
    let run = |from: usize, same: &dyn Fn(&Cell) -> bool| cells[from..].iter().take_while(|cell| same(cell)).count();
    let mut column = 0;
    while column < cells.len() {
        let background = cells[column].bg;
        let count = run(column, &|cell| cell.bg == background);
        if background != theme.background {
            fill(&format!("fill=\"{}\"", hex(background)), column, count, (top, CELL_HEIGHT), layers);
        }
        column += count;
    }
    column = 0;
    while column < cells.len() {
        let cell = &cells[column];
        let (symbol, x) = (cell.symbol(), column as f64 * CELL_WIDTH);
        let half = CELL_HEIGHT / 2.0;
        let block = match symbol {
            "█" => Some((top, CELL_HEIGHT)),
            "▀" => Some((top, half)),
            "▄" => Some((top + half, half)),
            _ => None,
        };
        if let Some(rows) = block {
            let count = run(column, &|next| next.symbol() == symbol && next.fg == cell.fg);
            let color = match class(cell.fg, theme) {
                'k' => "fill=\"#000\"".to_owned(),
                class => format!("class=\"{class}\""),
            };
            fill(&color, column, count, rows, layers);
            column += count;
        } else if symbol == "▌" {
            let _ = writeln!(
                layers.fills,
                "<rect class=\"{}\" x=\"{x:.1}\" y=\"{top}\" width=\"{:.1}\" height=\"{CELL_HEIGHT}\"/>",
                class(cell.fg, theme),
                CELL_WIDTH / 2.0
            );
            column += 1;
        } else if let Some((path, is_heavy)) = border(symbol, x, top) {
            let class = format!("p{}{}", class(cell.fg, theme), if is_heavy { " h" } else { "" });
            layers.lines.entry(class).or_default().push_str(&path);
            column += 1;
        } else {
            column += draw_text(&cells[column..], x, top, theme, layers);
        }
    }
}

/// Fills some cells of a row, or their upper or lower halves.
fn fill(color: &str, column: usize, count: usize, (y, height): (f64, f64), layers: &mut Layers) {
    let (x, width) = (column as f64 * CELL_WIDTH, count as f64 * CELL_WIDTH);
    let _ = writeln!(layers.fills, "<rect {color} x=\"{x:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"{height}\"/>");
}

/// Draws the run of text that starts in the first of some cells, and returns how many cells it takes. A run has one
/// style, and ends before two spaces.
fn draw_text(cells: &[Cell], x: f64, top: f64, theme: &Theme, layers: &mut Layers) -> usize {
    let style = |cell: &Cell| {
        let has = |modifier| cell.modifier.contains(modifier);
        (class(cell.fg, theme), has(Modifier::BOLD), has(Modifier::UNDERLINED))
    };
    if cells[0].symbol() == " " {
        return 1;
    }
    let first = style(&cells[0]);
    let (mut run, mut used) = (String::new(), 0);
    while let Some(cell) = cells.get(used) {
        let is_gap = cell.symbol() == " " && cells.get(used + 1).is_none_or(|next| next.symbol() == " ");
        if is_gap || style(cell) != first || border(cell.symbol(), x, top).is_some() {
            break;
        }
        run += cell.symbol();
        // The second cell of a wide character is empty.
        used += cell.symbol().width().max(1);
    }
    let run = run.trim_end();
    let (color, is_bold, is_underlined) = first;
    let color = if color == 't' { String::new() } else { color.to_string() };
    let names = [color.as_str(), if is_bold { "B" } else { "" }, if is_underlined { "U" } else { "" }];
    let class = names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
    let class = if class.is_empty() { class } else { format!(" class=\"{class}\"") };
    let _ = writeln!(
        layers.text,
        "<text{class} x=\"{x:.1}\" y=\"{:.1}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
        top + BASELINE,
        run.width() as f64 * CELL_WIDTH,
        escape(run)
    );
    used
}

/// The path of a border character in the cell at a position, and whether it is a heavy one.
fn border(symbol: &str, x: f64, top: f64) -> Option<(String, bool)> {
    let (middle_x, middle_y) = (x + CELL_WIDTH / 2.0, top + CELL_HEIGHT / 2.0);
    let (right, bottom) = (x + CELL_WIDTH, top + CELL_HEIGHT);
    let round = |from_x: f64, to_y: f64| {
        format!("M{from_x:.1} {middle_y:.1}Q{middle_x:.1} {middle_y:.1} {middle_x:.1} {to_y:.1}")
    };
    let sharp = |from_x: f64, to_y: f64| format!("M{from_x:.1} {middle_y:.1}H{middle_x:.1}V{to_y:.1}");
    let horizontal = |from: f64, to: f64| format!("M{from:.1} {middle_y:.1}H{to:.1}");
    let vertical = |from: f64, to: f64| format!("M{middle_x:.1} {from:.1}V{to:.1}");
    let path = match symbol {
        "─" | "━" => horizontal(x, right),
        "╸" => horizontal(x, middle_x),
        "╺" => horizontal(middle_x, right),
        "│" | "┃" => vertical(top, bottom),
        "╭" => round(right, bottom),
        "╮" => round(x, bottom),
        "╰" => round(right, top),
        "╯" => round(x, top),
        "┏" => sharp(right, bottom),
        "┓" => sharp(x, bottom),
        "┗" => sharp(right, top),
        "┛" => sharp(x, top),
        "┬" => horizontal(x, right) + &vertical(middle_y, bottom),
        "┴" => horizontal(x, right) + &vertical(top, middle_y),
        "├" => vertical(top, bottom) + &horizontal(middle_x, right),
        "┤" => vertical(top, bottom) + &horizontal(x, middle_x),
        "┼" => vertical(top, bottom) + &horizontal(x, right),
        _ => return None,
    };
    Some((path, "━╸╺┃┏┓┗┛".contains(symbol)))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
