//! The cells that a terminal shows.

use std::io::{self, Write};

use ratatui::buffer::Cell;
use ratatui::layout::Size;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::sgr::Attributes;

/// A cell in four bytes, because a server keeps a grid for every session: the lower 21 bits are a character or stand
/// for a cluster, the upper 11 bits for attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph(u32);

const SYMBOL_BITS: u32 = 21;
const SYMBOL_MASK: u32 = (1 << SYMBOL_BITS) - 1;
/// The symbol of the first cluster, above all characters.
const FIRST_CLUSTER: u32 = 0x11_0000;
/// The most attributes that fit beside those of [`Glyph::UNKNOWN`].
const MAX_ATTRIBUTES: usize = (1 << (32 - SYMBOL_BITS)) - 1;
/// The number of clusters and of attributes above which a grid drops what it remembers.
const MAX_REMEMBERED: usize = 1_000;

impl Glyph {
    /// What a cell shows is not known.
    pub(super) const UNKNOWN: Self = Self(u32::MAX);
    /// An erased cell, or one that looks like it.
    pub(super) const BLANK: Self = Self(b' ' as u32);
    /// The right half of a wide symbol.
    pub(super) const COVERED: Self = Self(SYMBOL_MASK - 1);

    fn symbol(self) -> u32 {
        self.0 & SYMBOL_MASK
    }

    /// Whether a cell is a part of a word: not a space and not a line or a block.
    fn is_in_word(self) -> bool {
        let symbol = char::from_u32(self.symbol());
        symbol.is_some_and(|symbol| !matches!(symbol, ' ' | '·' | '\u{2500}'..='\u{259f}'))
    }
}

/// The cells of a terminal.
pub(super) struct Grid {
    width: usize,
    glyphs: Vec<Glyph>,
    /// The symbols of more than one character.
    clusters: Vec<String>,
    attributes: Vec<Attributes>,
    /// The index of the attributes of the last cell.
    last: usize,
}

impl Grid {
    /// A terminal of which nothing is known.
    pub(super) fn new(size: Size) -> Self {
        let glyphs = vec![Glyph::UNKNOWN; size.area() as usize];
        Self {
            width: usize::from(size.width),
            glyphs,
            clusters: Vec::new(),
            attributes: vec![Attributes::DEFAULT],
            last: 0,
        }
    }

    /// Nothing is known any longer.
    pub(super) fn forget(&mut self) {
        self.glyphs.fill(Glyph::UNKNOWN);
        self.clusters.clear();
        self.attributes.truncate(1);
    }

    /// All cells were erased.
    pub(super) fn erase(&mut self) {
        self.glyphs.fill(Glyph::BLANK);
    }

    /// Forgets everything if it has become too much. Glyphs from before are invalid then.
    pub(super) fn limit(&mut self) {
        if self.clusters.len().max(self.attributes.len()) > MAX_REMEMBERED {
            self.forget();
        }
    }

    /// The glyphs of a row; none below the last row.
    pub(super) fn row(&self, y: u16) -> &[Glyph] {
        self.glyphs.chunks(self.width.max(1)).nth(y.into()).unwrap_or_default()
    }

    /// Replaces a row, and returns which of its columns must be drawn: those that change, and with them the words that
    /// they are parts of. A screen reader reads what is drawn, and half a word makes no sense.
    pub(super) fn replace(&mut self, y: u16, new: &[Glyph]) -> Vec<bool> {
        let old = self.glyphs.chunks_mut(self.width.max(1)).nth(y.into()).unwrap_or_default();
        let is_in_word = |x: &usize| old[*x].is_in_word() || new[*x].is_in_word();
        let mut is_drawn = vec![false; new.len()];
        for x in 0..new.len() {
            if is_drawn[x] || old[x] == new[x] {
                continue;
            }
            let word_len = |columns: &mut dyn Iterator<Item = usize>| columns.take_while(is_in_word).count();
            let after = word_len(&mut (x..new.len())).max(1);
            let before = if is_in_word(&x) { word_len(&mut (0..x).rev()) } else { 0 };
            is_drawn[x - before..x + after].fill(true);
        }
        old.copy_from_slice(new);
        is_drawn
    }

    /// The glyph of a cell.
    pub(super) fn glyph(&mut self, cell: &Cell) -> Glyph {
        let attributes = Attributes::of(cell);
        // Cells beside each other mostly have the same attributes.
        if self.attributes.get(self.last) != Some(&attributes) {
            self.last = index_of(&mut self.attributes, |known| *known == attributes, || attributes);
        }
        // No theme has as many; what is too much has the default ones.
        let index = if self.last < MAX_ATTRIBUTES { self.last as u32 } else { 0 };
        let symbol = match cell.symbol().as_bytes() {
            b" " if attributes.leaves_blanks() => return Glyph::BLANK,
            [byte] => u32::from(*byte),
            _ => self.symbol(cell.symbol()),
        };
        Glyph(symbol | index << SYMBOL_BITS)
    }

    fn symbol(&mut self, text: &str) -> u32 {
        let mut characters = text.chars();
        if let (Some(character), None) = (characters.next(), characters.next()) {
            return character.into();
        }
        let index = index_of(&mut self.clusters, |known| known == text, || text.to_owned());
        u32::try_from(index).unwrap_or(u32::MAX).saturating_add(FIRST_CLUSTER).min(Glyph::COVERED.0 - 1)
    }

    /// The attributes of a glyph.
    pub(super) fn attributes(&self, glyph: Glyph) -> Attributes {
        self.attributes.get((glyph.0 >> SYMBOL_BITS) as usize).copied().unwrap_or(Attributes::DEFAULT)
    }

    /// The symbol of a glyph if it is a cluster: more than one character, about whose width terminals disagree.
    pub(super) fn cluster(&self, glyph: Glyph) -> Option<&str> {
        self.clusters.get(glyph.symbol().checked_sub(FIRST_CLUSTER)? as usize).map(String::as_str)
    }

    /// The width of a glyph in cells.
    pub(super) fn width(&self, glyph: Glyph) -> usize {
        match char::from_u32(glyph.symbol()) {
            Some(' '..='~') => 1,
            Some(character) => character.width().unwrap_or(0),
            None => self.cluster(glyph).map_or(0, UnicodeWidthStr::width),
        }
    }

    /// Writes the symbol of a glyph.
    pub(super) fn write(&self, glyph: Glyph, out: &mut impl Write) -> io::Result<()> {
        match char::from_u32(glyph.symbol()) {
            Some(character) => out.write_all(character.encode_utf8(&mut [0; 4]).as_bytes()),
            None => out.write_all(self.cluster(glyph).unwrap_or_default().as_bytes()),
        }
    }
}

/// The index of an element, which is added if it is not found.
fn index_of<T>(known: &mut Vec<T>, is_it: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> usize {
    known.iter().position(is_it).unwrap_or_else(|| {
        known.push(make());
        known.len() - 1
    })
}
