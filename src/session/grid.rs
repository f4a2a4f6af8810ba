//! The cells that a terminal shows.

use std::io::{self, Write};

use ratatui::buffer::Cell;
use ratatui::layout::Size;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::sgr::Attributes;

/// A cell in four bytes, because a server keeps a grid for every session: the lower 21 bits are a character or stand for
/// a cluster, the upper 11 bits for attributes.
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
}

impl Grid {
    /// A terminal of which nothing is known.
    pub(super) fn new(size: Size) -> Self {
        let glyphs = vec![Glyph::UNKNOWN; size.area() as usize];
        Self { width: usize::from(size.width), glyphs, clusters: Vec::new(), attributes: vec![Attributes::DEFAULT] }
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
        let cells: Vec<(Glyph, Glyph)> = old.iter().copied().zip(new.iter().copied()).collect();
        let is_in_word = |(old, new): &(Glyph, Glyph)| old.is_in_word() || new.is_in_word();
        let parts = cells.chunk_by(|cell, next| is_in_word(cell) == is_in_word(next));
        let drawn = parts.flat_map(|part| {
            let is_word = part.first().is_some_and(is_in_word);
            let is_changed = part.iter().any(|(old, new)| old != new);
            part.iter().map(move |(old, new)| if is_word { is_changed } else { old != new })
        });
        let drawn = drawn.collect();
        old.copy_from_slice(new);
        drawn
    }

    /// The glyph of a cell.
    pub(super) fn glyph(&mut self, cell: &Cell) -> Glyph {
        let attributes = Attributes::of(cell);
        let symbol = cell.symbol();
        if symbol == " " && attributes.leaves_blanks() {
            return Glyph::BLANK;
        }
        let mut characters = symbol.chars();
        let symbol = match (characters.next(), characters.next()) {
            (Some(character), None) => u32::from(character),
            _ => FIRST_CLUSTER.saturating_add(index_of(
                &mut self.clusters,
                |known| known == symbol,
                || symbol.to_owned(),
            )),
        };
        let attributes = index_of(&mut self.attributes, |known| *known == attributes, || attributes);
        // No theme has as many; what is too much has the default ones.
        let attributes = if attributes as usize >= MAX_ATTRIBUTES { 0 } else { attributes };
        Glyph(symbol.min(SYMBOL_MASK - 2) | attributes << SYMBOL_BITS)
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
        match (char::from_u32(glyph.symbol()), self.cluster(glyph)) {
            (Some(' '..='~'), _) => 1,
            (Some(character), _) => character.width().unwrap_or(0),
            (None, cluster) => cluster.map_or(0, UnicodeWidthStr::width),
        }
    }

    /// Writes the symbol of a glyph.
    pub(super) fn write(&self, glyph: Glyph, out: &mut impl Write) -> io::Result<()> {
        match (char::from_u32(glyph.symbol()), self.cluster(glyph)) {
            (Some(character), _) => out.write_all(character.encode_utf8(&mut [0; 4]).as_bytes()),
            (None, cluster) => out.write_all(cluster.unwrap_or_default().as_bytes()),
        }
    }
}

/// The index of an element, which is added if it is not found.
fn index_of<T>(known: &mut Vec<T>, is_it: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> u32 {
    let index = known.iter().position(is_it).unwrap_or_else(|| {
        known.push(make());
        known.len() - 1
    });
    u32::try_from(index).unwrap_or(u32::MAX)
}
