//! A text laid out for a width: lines of pieces, each with a style. The view gives roles their colours; a host without
//! a screen prints the same lines.

/// What a piece of text is, for its look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextStyle {
    /// Plain text.
    #[default]
    Plain,
    /// Labels and asides.
    Quiet,
    /// What stands out.
    Strong,
    /// A number or address to use.
    Number,
    /// A key to press.
    Key,
    /// What to beware of.
    Alert,
    /// A QR code: black characters on white.
    Paper,
    /// The dark squares of one that is made of spaces.
    Ink,
}

/// A run of text with one look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Its look.
    pub style: TextStyle,
}

/// A text laid out for a width.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// From the top.
    pub lines: Vec<Vec<Piece>>,
    width: usize,
    /// The first line of the foot.
    foot: Option<usize>,
}

/// The column that labels take, with the space after them.
const LABEL: usize = 8;

/// The column that keys take in a list of keys.
const ENTRY: usize = 18;

impl Page {
    /// An empty page, so many columns wide.
    pub fn new(width: u16) -> Self {
        Self { lines: Vec::new(), width: usize::from(width).max(8), foot: None }
    }

    /// How wide it is.
    pub fn width(&self) -> u16 {
        u16::try_from(self.width).unwrap_or(u16::MAX)
    }

    /// An empty line, unless the page is empty or already ends with one.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(Vec::new());
        }
    }

    /// What follows is the foot of the page.
    pub fn start_foot(&mut self) {
        self.gap();
        self.foot = Some(self.lines.len());
    }

    /// Spreads the page over a room so many lines high: a headline stands alone between empty lines, the foot at the
    /// end.
    pub fn settle(&mut self, height: u16) {
        let mut spare = usize::from(height).saturating_sub(self.lines.len());
        let is_headline = |line: &Vec<Piece>| line.iter().any(|piece| piece.style == TextStyle::Number);
        if spare >= 2 && self.lines.first().is_some_and(is_headline) {
            self.lines.insert(0, Vec::new());
            let below = self.lines.iter().skip(1).take_while(|line| is_headline(line)).count() + 1;
            let is_alone = self.lines.get(below).is_none_or(Vec::is_empty);
            self.lines.splice(below..below, vec![Vec::new(); usize::from(!is_alone)]);
            let added = 1 + usize::from(!is_alone);
            (spare, self.foot) = (spare - added, self.foot.map(|foot| foot + added));
        }
        if let Some(foot) = self.foot.take() {
            self.lines.splice(foot..foot, vec![Vec::new(); spare]);
        }
    }

    /// Puts a number or address above everything else.
    pub fn head(&mut self, text: &str) {
        let mut head = Self::new(self.width());
        head.text(text, TextStyle::Number);
        head.gap();
        self.lines.splice(0..0, head.lines);
    }

    /// Puts every line in the middle.
    pub fn center(&mut self) {
        for line in &mut self.lines {
            let width: usize = line.iter().map(|piece| textwrap::core::display_width(&piece.text)).sum();
            let text = " ".repeat(self.width.saturating_sub(width) / 2);
            line.insert(0, Piece { text, style: TextStyle::Plain });
        }
    }

    /// Its text, without looks.
    pub fn plain(&self) -> String {
        let text = |line: &Vec<Piece>| line.iter().map(|piece| piece.text.as_str()).collect::<String>();
        self.lines.iter().map(|line| text(line).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }

    /// A text of its own, wrapped.
    pub fn text(&mut self, text: &str, style: TextStyle) {
        for line in wrap(text, self.width) {
            self.lines.push(vec![Piece { text: line, style }]);
        }
    }

    /// A title and a text beside it, or below it where the page is narrow.
    pub fn pair(&mut self, title: &str, dot: &str, text: &str) {
        let before = [(title.to_owned(), TextStyle::Strong), (format!(" {dot} "), TextStyle::Quiet)];
        let width: usize = before.iter().map(|(text, _)| textwrap::core::display_width(text)).sum();
        if width + textwrap::core::display_width(text) > self.width {
            self.text(title, TextStyle::Strong);
            self.text(text, TextStyle::Plain);
            return;
        }
        let pieces = before.into_iter().chain([(text.to_owned(), TextStyle::Plain)]);
        self.lines.push(pieces.map(|(text, style)| Piece { text, style }).collect());
    }

    /// A key and what it is for: `[1] Brokers`, indented.
    pub fn key(&mut self, key: &str, label: &str) {
        let bracketed = format!("  [{key}] ");
        self.hang(&bracketed, TextStyle::Key, label, TextStyle::Plain);
    }

    /// A label and what it stands for, wrapped beside it. The text goes below where the page is narrow, and where that
    /// keeps an address in one piece.
    pub fn field(&mut self, label: &str, text: &str, style: TextStyle) {
        let longest = text.split(' ').map(textwrap::core::display_width).max().unwrap_or(0);
        if self.width < 30 || (longest + LABEL > self.width && longest < self.width) {
            if !label.is_empty() {
                self.text(label, TextStyle::Quiet);
            }
            self.hang(" ", TextStyle::Plain, text, style);
        } else {
            self.hang(&format!("{label:LABEL$}"), TextStyle::Quiet, text, style);
        }
    }

    /// Keys and what they do, side by side, or one under the other where the page is narrow.
    pub fn entry(&mut self, keys: &str, does: &str) {
        if self.width < 36 {
            self.text(keys, TextStyle::Key);
            self.hang("  ", TextStyle::Plain, does, TextStyle::Plain);
        } else {
            self.hang(&format!("{keys:ENTRY$}"), TextStyle::Key, does, TextStyle::Plain);
        }
    }

    /// A text behind something, the text's further lines under its first.
    pub fn hang(&mut self, before: &str, before_role: TextStyle, text: &str, style: TextStyle) {
        let indent = textwrap::core::display_width(before);
        for (place, line) in wrap(text, self.width.saturating_sub(indent).max(1)).into_iter().enumerate() {
            let before = if place == 0 { before.to_owned() } else { " ".repeat(indent) };
            self.lines.push(vec![Piece { text: before, style: before_role }, Piece { text: line, style }]);
        }
    }
}

/// A text in lines of a width.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    // A number is not cut at its hyphens.
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
    fn a_narrow_page_puts_the_text_below_the_label() {
        let mut page = Page::new(20);
        page.field("Email", "Brokers@healthnet.com", TextStyle::Number);
        assert_eq!(lines(&page), ["Email", " Brokers@healthnet.c", " om"]);
    }
}
