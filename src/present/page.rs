//! Text laid out to a width: lines of pieces, each with a style. The view maps styles to colours; frontends without a
//! screen print the same lines.

use std::collections::HashMap;

use textwrap::core::display_width;

/// What a piece of text means, for its colour and weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextStyle {
    /// Plain text.
    #[default]
    Plain,
    /// Labels and asides: dim.
    Quiet,
    /// Emphasis: bold.
    Strong,
    /// A number or address.
    Number,
    /// A number in large digits.
    Block,
    /// A key to press.
    Key,
    /// The key of the present step.
    PresentKey,
    /// An address that can be opened or written to.
    Link,
    /// The sign of a warning.
    Alert,
    /// The status of an open entry.
    Open,
    /// The status of a closed entry.
    Closed,
    /// What is only decoration.
    Faint,
    /// A QR code: black on white.
    Paper,
    /// The dark modules of a QR code made of spaces.
    Ink,
}

/// A run of text in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Its style.
    pub style: TextStyle,
}

/// Text laid out to a width.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// From top to bottom.
    pub lines: Vec<Vec<Piece>>,
    /// The indices of the lines that another page lacked, in ascending order.
    pub changed: Vec<usize>,
    width: usize,
    /// The index of the first line of the foot.
    foot: Option<usize>,
}

/// The width of the column of labels.
pub(super) const LABEL_WIDTH: usize = 8;

/// The width of the column of keys in a list of keys, and the least space after keys that are longer.
const KEYS_WIDTH: usize = 18;
const KEYS_GAP: usize = 2;

/// The narrowest page on which a field has its label beside its text.
const MIN_FIELD_WIDTH: usize = 30;

/// The narrowest label beside the key of a step; a narrower one goes below it.
const MIN_LABEL_WIDTH: usize = 14;

/// The narrowest page on which keys have their description beside them.
const MIN_ENTRY_WIDTH: usize = 36;

impl Page {
    /// An empty page of the given width, in columns.
    pub fn new(width: u16) -> Self {
        Self { width: usize::from(width).max(8), ..Self::default() }
    }

    /// Its width, in columns.
    pub fn width(&self) -> u16 {
        u16::try_from(self.width).unwrap_or(u16::MAX)
    }

    /// Adds an empty line, unless the page is empty or ends with one.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(Vec::new());
        }
    }

    /// Starts the foot of the page.
    pub fn start_foot(&mut self) {
        self.gap();
        self.foot = Some(self.lines.len());
    }

    /// Spreads the page over a height: an empty line before the headline, the foot at the end.
    pub fn fill_height(&mut self, height: u16) {
        let mut spare = usize::from(height).saturating_sub(self.lines.len());
        let is_headline =
            |line: &Vec<Piece>| line.iter().any(|piece| matches!(piece.style, TextStyle::Number | TextStyle::Block));
        if spare >= 1 && self.lines.first().is_some_and(is_headline) {
            self.lines.insert(0, Vec::new());
            (spare, self.foot) = (spare - 1, self.foot.map(|foot| foot + 1));
        }
        if let Some(foot) = self.foot.take() {
            self.lines.splice(foot..foot, vec![Vec::new(); spare]);
        }
    }

    /// Adds lines above the foot, unless they and an empty line after the headline exceed a height.
    pub fn insert_in_spare(&mut self, height: u16, add: impl FnOnce(&mut Self)) {
        let mut extra = Self::new(self.width());
        add(&mut extra);
        extra.gap();
        let at = self.foot.unwrap_or(self.lines.len());
        if self.lines.len() + extra.lines.len() < usize::from(height) {
            self.foot = self.foot.map(|foot| foot + extra.lines.len());
            self.lines.splice(at..at, extra.lines);
        }
    }

    /// Marks the lines whose text another page of the same width lacks. Large digits are marked as a whole.
    pub fn mark_changes(&mut self, old: &Self) {
        let mut left: HashMap<String, usize> = HashMap::new();
        old.lines.iter().for_each(|line| *left.entry(line_text(line)).or_default() += 1);
        let mut is_new = |line: &Vec<Piece>| {
            let text = line_text(line);
            match left.get_mut(&text) {
                Some(count @ 1..) => {
                    *count -= 1;
                    false
                }
                _ => !text.is_empty(),
            }
        };
        let mut is_changed: Vec<bool> = self.lines.iter().map(&mut is_new).collect();
        let is_block = |line: &Vec<Piece>| line.iter().any(|piece| piece.style == TextStyle::Block);
        if self.lines.iter().zip(&is_changed).any(|(line, is_changed)| *is_changed && is_block(line)) {
            self.lines.iter().zip(&mut is_changed).for_each(|(line, is_changed)| *is_changed |= is_block(line));
        }
        self.changed = (0..self.lines.len()).filter(|line| is_changed[*line]).collect();
    }

    /// Puts a number or address at the top.
    pub fn prepend_headline(&mut self, text: &str) {
        let mut head = Self::new(self.width());
        head.text(text, TextStyle::Number);
        head.gap();
        self.lines.splice(0..0, head.lines);
    }

    /// Centres every line.
    pub fn center(&mut self) {
        for line in &mut self.lines {
            let width: usize = line.iter().map(|piece| display_width(&piece.text)).sum();
            let text = " ".repeat(self.width.saturating_sub(width) / 2);
            line.insert(0, Piece { text, style: TextStyle::Plain });
        }
    }

    /// Its text, without styles.
    pub fn plain(&self) -> String {
        self.lines.iter().map(|line| line_text(line)).collect::<Vec<_>>().join("\n")
    }

    /// Adds a text as one line, which is cut where it is drawn.
    pub fn row(&mut self, text: &str, style: TextStyle) {
        self.lines.push(vec![Piece { text: text.to_owned(), style }]);
    }

    /// Adds a warning.
    pub fn warning(&mut self, text: &str) {
        self.hang("! ", TextStyle::Alert, text, TextStyle::Strong);
    }

    /// Adds a wrapped text.
    pub fn text(&mut self, text: &str, style: TextStyle) {
        for line in wrap(text, self.width) {
            self.lines.push(vec![Piece { text: line, style }]);
        }
    }

    /// Adds a title with a text beside it, or below it where the page is narrow.
    pub fn pair(&mut self, title: &str, dot: &str, text: &str) {
        let before = [(title.to_owned(), TextStyle::Strong), (format!(" {dot} "), TextStyle::Quiet)];
        let width: usize = before.iter().map(|(text, _)| display_width(text)).sum();
        if width + display_width(text) > self.width {
            self.text(title, TextStyle::Strong);
            self.text(text, TextStyle::Plain);
            return;
        }
        let pieces = before.into_iter().chain([(text.to_owned(), TextStyle::Plain)]);
        self.lines.push(pieces.map(|(text, style)| Piece { text, style }).collect());
    }

    /// Adds a numbered step with a key and whether the caller has come to it: `2  Press [1] Brokers`. The label goes
    /// below it where the page is narrow.
    pub fn step(&mut self, number: &str, words: &str, key: (&str, bool), (label, style): (&str, TextStyle)) {
        let (before, sign) = (format!("{number}{words} "), format!("[{}]", key.0));
        let (before_style, key_style) =
            if key.1 { (TextStyle::Key, TextStyle::PresentKey) } else { (TextStyle::Quiet, TextStyle::Key) };
        let indent = display_width(&before) + display_width(&sign) + 1;
        let pieces = [(before, before_style), (sign, key_style), (" ".to_owned(), TextStyle::Plain)];
        let pieces = pieces.map(|(text, style)| Piece { text, style });
        let first = self.lines.len();
        if self.width < indent + MIN_LABEL_WIDTH {
            self.lines.push(pieces.into());
            return self.hang(&" ".repeat(display_width(number)), TextStyle::Plain, label, style);
        }
        self.hang(&" ".repeat(indent), TextStyle::Plain, label, style);
        if let Some(line) = self.lines.get_mut(first) {
            line.splice(..1, pieces);
        }
    }

    /// Adds a key or step and its label: `[1] Brokers`, indented. The label goes below a step with which it does not
    /// fit on one line.
    pub fn key(&mut self, key: &str, label: &str) {
        let bracketed = format!("  [{key}] ");
        let is_long = display_width(key) > 1 && display_width(&bracketed) + display_width(label) > self.width;
        if is_long {
            self.hang("  ", TextStyle::Plain, bracketed.trim(), TextStyle::Key);
            return self.hang("      ", TextStyle::Plain, label, TextStyle::Plain);
        }
        self.hang(&bracketed, TextStyle::Key, label, TextStyle::Plain);
    }

    /// Adds a label with a text wrapped beside it. The text goes below the label where the page is narrow, and where
    /// that keeps an address in one piece.
    pub fn field(&mut self, label: &str, text: &str, style: TextStyle) {
        let longest = text.split(' ').map(display_width).max().unwrap_or(0);
        if self.width < MIN_FIELD_WIDTH || (longest + LABEL_WIDTH > self.width && longest < self.width) {
            if !label.is_empty() {
                self.text(label, TextStyle::Quiet);
            }
            self.hang(" ", TextStyle::Plain, text, style);
        } else {
            // A label as wide as its column keeps a gap.
            let label = format!("{label:width$} ", width = LABEL_WIDTH - 1);
            self.hang(&label, TextStyle::Quiet, text, style);
        }
    }

    /// Adds keys with what they do beside them, or below them where the page is narrow or the keys are long.
    pub fn entry(&mut self, keys: &str, does: &str) {
        let column = if self.width < MIN_ENTRY_WIDTH { KEYS_GAP } else { KEYS_WIDTH };
        let used = display_width(keys) + KEYS_GAP;
        if used <= column || column == KEYS_WIDTH && used + display_width(does) <= self.width {
            let gap = " ".repeat(column.max(used) + KEYS_GAP - used);
            self.hang(&format!("{keys}{gap}"), TextStyle::Key, does, TextStyle::Plain);
        } else {
            self.text(keys, TextStyle::Key);
            self.hang(&" ".repeat(column), TextStyle::Plain, does, TextStyle::Plain);
        }
    }

    /// Adds a text after a prefix, its further lines aligned under the first.
    pub fn hang(&mut self, before: &str, before_style: TextStyle, text: &str, style: TextStyle) {
        let indent = display_width(before);
        for (i, line) in wrap(text, self.width.saturating_sub(indent).max(1)).into_iter().enumerate() {
            let before = if i == 0 { before.to_owned() } else { " ".repeat(indent) };
            self.lines.push(vec![Piece { text: before, style: before_style }, Piece { text: line, style }]);
        }
    }
}

/// The text of a line, without the spaces at its end.
fn line_text(line: &[Piece]) -> String {
    line.iter().map(|piece| piece.text.as_str()).collect::<String>().trim_end().to_owned()
}

/// A text with its first letter in upper case.
pub fn capitalized(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

/// Wraps a text to a width, in columns.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    // A phone number is not broken at its hyphens.
    let options = textwrap::Options::new(width)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).into_iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(page: &Page) -> Vec<String> {
        page.plain().lines().map(str::to_owned).collect()
    }

    #[test]
    fn fields_hang_and_wide_characters_count_twice() {
        let mut page = Page::new(30);
        page.field("Notes", "電話 電話 電話 電話 電話", TextStyle::Plain);
        page.field("", "more", TextStyle::Plain);
        assert_eq!(lines(&page), ["Notes   電話 電話 電話 電話", "        電話", "        more"]);
    }

    #[test]
    fn a_number_is_not_cut() {
        let mut page = Page::new(34);
        page.field("Instead", "Fraud hotline, 1-800-977-3565", TextStyle::Plain);
        assert_eq!(lines(&page), ["Instead Fraud hotline,", "        1-800-977-3565"]);
    }

    #[test]
    fn long_keys_do_not_run_into_their_text() {
        let mut page = Page::new(40);
        page.entry("Up, k", "up");
        page.entry("privacy-statement", "the whole notice");
        page.entry("Tab, Left, Right, Shift-Tab", "other choice");
        assert_eq!(
            lines(&page),
            [
                "Up, k             up",
                "privacy-statement  the whole notice",
                "Tab, Left, Right, Shift-Tab",
                "                  other choice",
            ]
        );
    }

    #[test]
    fn a_narrow_page_puts_the_text_below_the_label() {
        let mut page = Page::new(20);
        page.field("Email", "Brokers@healthnet.com", TextStyle::Number);
        assert_eq!(lines(&page), ["Email", " Brokers@healthnet.c", " om"]);
    }
}
