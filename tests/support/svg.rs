//! Draws a terminal screen as an SVG picture, for the README.
//!
//! Borders and bars are drawn as shapes, not as characters, so that they join whatever the font's line height is. Text
//! is split into short runs, each with its own position and `textLength`, so that columns stay aligned in a font whose
//! characters are wider or narrower than expected.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

/// The colours of a picture, as `#rrggbb`.
pub(crate) struct Palette {
    pub(crate) background: &'static str,
    pub(crate) selection: &'static str,
    pub(crate) border: &'static str,
    pub(crate) text: &'static str,
    pub(crate) dim: &'static str,
    pub(crate) accent: &'static str,
    pub(crate) warning: &'static str,
}

pub(crate) const DARK: Palette = Palette {
    background: "#16181d",
    selection: "#2c3445",
    border: "#434b5a",
    text: "#e4e7ec",
    dim: "#98a1b0",
    accent: "#f2b45c",
    warning: "#ff8a8a",
};

pub(crate) const LIGHT: Palette = Palette {
    background: "#fbfaf7",
    selection: "#e3eaf6",
    border: "#b9c0cc",
    text: "#1e222a",
    dim: "#59616f",
    accent: "#8f4a00",
    warning: "#b3261e",
};

/// The size of a cell, of the font and of the frame around the cells, in SVG units.
const CELL_WIDTH: f64 = 8.4;
const CELL_HEIGHT: f64 = 18.0;
const FONT_SIZE: f64 = 14.0;
const BASELINE: f64 = 13.2;
const MARGIN: f64 = 14.0;
const TITLE_BAR: f64 = 40.0;

const FONTS: &str = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

/// The CSS class that colours a cell: `t`ext, `d`im, `a`ccent or `w`arning.
fn class(cell: &Cell) -> char {
    match (cell.fg, cell.modifier.contains(Modifier::DIM)) {
        (Color::Magenta, _) => 'a',
        (Color::Red, _) => 'w',
        (Color::Reset, true) => 'd',
        (Color::Reset, false) => 't',
        (other, _) => panic!("the picture has no colour for {other:?}"),
    }
}

/// What is drawn, by layer: selected rows, borders and bars, text.
struct Layers {
    /// Path data by CSS class.
    lines: BTreeMap<&'static str, String>,
    fills: String,
    text: String,
}

/// Draws a screen in a window with this title. `label` describes the picture to a screen reader.
pub(crate) fn svg(buffer: &Buffer, palette: &Palette, title: &str, label: &str) -> String {
    let area = buffer.area;
    let (width, height) = (f64::from(area.width) * CELL_WIDTH, f64::from(area.height) * CELL_HEIGHT);
    let (full_width, full_height) = (width + 2.0 * MARGIN, height + TITLE_BAR + MARGIN);
    let mut layers = Layers { lines: BTreeMap::new(), fills: String::new(), text: String::new() };
    for (row, cells) in buffer.content.chunks(usize::from(area.width)).enumerate() {
        draw_row(cells, row, &mut layers);
    }
    let Palette { background, selection, border, text, dim, accent, warning } = palette;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {full_width:.1} {full_height:.1}\" \
         width=\"{full_width:.1}\" height=\"{full_height:.1}\" role=\"img\" aria-labelledby=\"label\">\n\
         <title id=\"label\">{}</title>\n\
         <style>\n\
         text{{font:{FONT_SIZE}px {FONTS};fill:{text}}}\n\
         .d{{fill:{dim}}}.a{{fill:{accent}}}.w{{fill:{warning}}}.b{{font-weight:700}}.u{{text-decoration:underline}}\n\
         path{{fill:none;stroke:{border}}}.la{{stroke:{accent};stroke-width:1.4}}\n\
         .s{{fill:{selection}}}\n\
         </style>\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"{:.1}\" height=\"{:.1}\" rx=\"9\" fill=\"{background}\" stroke=\"{border}\"/>\n",
        escape(label),
        full_width - 1.0,
        full_height - 1.0,
    );
    for button in 0..3 {
        let _ = writeln!(svg, "<circle cx=\"{}\" cy=\"17\" r=\"5\" fill=\"{border}\"/>", 20 + 18 * button);
    }
    let _ = writeln!(
        svg,
        "<text class=\"d\" x=\"{:.1}\" y=\"22\" text-anchor=\"middle\">{}</text>",
        full_width / 2.0,
        escape(title)
    );
    let _ = writeln!(svg, "<g transform=\"translate({MARGIN} {TITLE_BAR})\">");
    svg += &layers.fills;
    for (class, path) in &layers.lines {
        let _ = writeln!(svg, "<path class=\"{class}\" d=\"{path}\"/>");
    }
    svg + &layers.text + "</g>\n</svg>\n"
}

fn draw_row(cells: &[Cell], row: usize, layers: &mut Layers) {
    let top = row as f64 * CELL_HEIGHT;
    let is_selected = |cell: &Cell| cell.modifier.contains(Modifier::REVERSED);
    let mut column = 0;
    while column < cells.len() {
        let cell = &cells[column];
        let x = column as f64 * CELL_WIDTH;
        if is_selected(cell) && (column == 0 || !is_selected(&cells[column - 1])) {
            let count = cells[column..].iter().take_while(|cell| is_selected(cell)).count();
            let width = count as f64 * CELL_WIDTH;
            let _ = writeln!(
                layers.fills,
                "<rect class=\"s\" x=\"{x:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{CELL_HEIGHT}\"/>"
            );
        }
        if let Some(path) = border(cell.symbol(), x, top) {
            let class = if class(cell) == 'a' { "la" } else { "l" };
            layers.lines.entry(class).or_default().push_str(&path);
            column += 1;
        } else if cell.symbol() == "▌" {
            let _ = writeln!(
                layers.fills,
                "<rect class=\"{}\" x=\"{x:.1}\" y=\"{top}\" width=\"{:.1}\" height=\"{CELL_HEIGHT}\"/>",
                class(cell),
                CELL_WIDTH / 2.0
            );
            column += 1;
        } else {
            column += draw_text(&cells[column..], x, top, layers);
        }
    }
}

/// Draws the run of text that starts in the first of some cells, and returns how many cells it takes. A run has one
/// style, and ends before two spaces.
fn draw_text(cells: &[Cell], x: f64, top: f64, layers: &mut Layers) -> usize {
    let style = |cell: &Cell| {
        let has = |modifier| cell.modifier.contains(modifier);
        (class(cell), has(Modifier::BOLD), has(Modifier::UNDERLINED))
    };
    let first = style(&cells[0]);
    if cells[0].symbol() == " " {
        return 1;
    }
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
    let mut class = if color == 't' { String::new() } else { color.to_string() };
    for (flag, name) in [(is_bold, "b"), (is_underlined, "u")] {
        if flag {
            class += if class.is_empty() { "" } else { " " };
            class += name;
        }
    }
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

/// The path of a border character in the cell at a position.
fn border(symbol: &str, x: f64, top: f64) -> Option<String> {
    let (middle_x, middle_y) = (x + CELL_WIDTH / 2.0, top + CELL_HEIGHT / 2.0);
    let (right, bottom) = (x + CELL_WIDTH, top + CELL_HEIGHT);
    let corner = |from_x: f64, to_y: f64| {
        format!("M{from_x:.1} {middle_y:.1}Q{middle_x:.1} {middle_y:.1} {middle_x:.1} {to_y:.1}")
    };
    Some(match symbol {
        "─" => format!("M{x:.1} {middle_y:.1}H{right:.1}"),
        "│" => format!("M{middle_x:.1} {top:.1}V{bottom:.1}"),
        "╭" => corner(right, bottom),
        "╮" => corner(x, bottom),
        "╰" => corner(right, top),
        "╯" => corner(x, top),
        _ => return None,
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
