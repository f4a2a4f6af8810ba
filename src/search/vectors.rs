//! The vectors of word pieces in `data/vectors`: texts whose vectors point the same way mean much the same.
//!
//! A word is split into the longest pieces that the table has, and the vector of a text is the sum of those of its
//! pieces. The file is embedded and read where it lies, so that a program that never asks for a vector never touches
//! it.

/// The table, with its format: see `data/vectors/README.md`.
#[cfg(feature = "semantic")]
const FILE: &[u8] = include_bytes!("../../data/vectors/words.vec");
#[cfg(not(feature = "semantic"))]
const FILE: &[u8] = &[];
const MAGIC: &[u8] = b"dtwords1";
/// The number of dimensions of a vector.
pub(super) const DIMENSIONS: usize = 192;
/// The number that stands for 0 in a component.
const ZERO: f32 = 8.0;

/// The sum of the vectors of word pieces.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Vector([f32; DIMENSIONS]);

impl Default for Vector {
    fn default() -> Self {
        Self([0.0; DIMENSIONS])
    }
}

impl Vector {
    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(sum, term)| *sum += term);
    }

    pub(super) fn dot(&self, other: &Self) -> f32 {
        // Eight sums at a time, which the compiler turns into vector instructions.
        let mut sums = [0.0_f32; 8];
        for (a, b) in self.0.chunks_exact(8).zip(other.0.chunks_exact(8)) {
            for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
                *sum += a * b;
            }
        }
        sums.iter().sum()
    }

    pub(super) fn length(&self) -> f32 {
        self.dot(self).sqrt()
    }
}

/// The parts of the file.
#[derive(Clone, Copy)]
pub(super) struct VectorTable {
    /// The byte index in `text` at which each piece starts, as little-endian `u32`, and the end of the last one.
    starts: &'static [u8],
    /// What the components of each vector are multiplied by, as little-endian `u16`.
    scales: &'static [u8],
    /// The components of each vector, two in a byte, the first in its low bits.
    components: &'static [u8],
    text: &'static [u8],
    /// The number of pieces that begin a word. They come first; each group is sorted.
    whole_count: usize,
    count: usize,
    /// The length of the longest piece in bytes.
    max_len: usize,
}

impl VectorTable {
    /// The embedded table; `None` without the feature `semantic`.
    pub(super) fn read() -> Option<Self> {
        let header = FILE.strip_prefix(MAGIC)?;
        let number = |index: usize| {
            let bytes = header.get(4 * index..4 * index + 4)?;
            Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
        };
        let (count, whole_count, dimensions, max_len, text_len) =
            (number(0)?, number(1)?, number(2)?, number(3)?, number(4)?);
        let (starts, rest) = header.get(24..)?.split_at_checked(4 * (count + 1))?;
        let (scales, rest) = rest.split_at_checked(2 * count)?;
        let (components, text) = rest.split_at_checked(count * DIMENSIONS / 2)?;
        let is_whole = dimensions == DIMENSIONS && text.len() == text_len && whole_count <= count;
        is_whole.then_some(Self { starts, scales, components, text, whole_count, count, max_len })
    }

    /// Whether a folded word is a piece by itself, as nearly all frequent English words are.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.find(word.as_bytes(), true).is_some()
    }

    fn start(&self, piece: usize) -> usize {
        let bytes = self.starts.get(4 * piece..4 * piece + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, |bytes| u32::from_le_bytes(bytes) as usize)
    }

    fn piece(&self, piece: usize) -> &[u8] {
        self.text.get(self.start(piece)..self.start(piece + 1)).unwrap_or_default()
    }

    /// The index of a piece among those that begin a word, or among the others.
    fn find(&self, text: &[u8], begins_word: bool) -> Option<usize> {
        let (mut low, mut high) = if begins_word { (0, self.whole_count) } else { (self.whole_count, self.count) };
        while low < high {
            let middle = low.midpoint(high);
            match self.piece(middle).cmp(text) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// The sum of the vectors of a folded word's pieces; zero if it has a part that is no piece.
    pub(super) fn word(&self, word: &str) -> Vector {
        let word = word.as_bytes();
        let mut sum = Vector::default();
        let mut start = 0;
        while start < word.len() {
            let ends = (start + 1..=word.len().min(start + self.max_len)).rev();
            let longest = ends.filter_map(|end| Some((self.find(word.get(start..end)?, start == 0)?, end))).next();
            let Some((piece, end)) = longest else { return Vector::default() };
            self.add(piece, &mut sum);
            start = end;
        }
        sum
    }

    fn add(&self, piece: usize, sum: &mut Vector) {
        let Some(scale) = self.scales.get(2 * piece..2 * piece + 2).and_then(|bytes| bytes.try_into().ok()) else {
            return;
        };
        let scale = f32::from(u16::from_le_bytes(scale));
        let components = self.components.get(piece * DIMENSIONS / 2..(piece + 1) * DIMENSIONS / 2).unwrap_or_default();
        for (pair, byte) in sum.0.chunks_exact_mut(2).zip(components) {
            for (sum, bits) in pair.iter_mut().zip([byte & 15, byte >> 4]) {
                *sum += scale * (f32::from(bits) - ZERO);
            }
        }
    }
}

#[cfg(all(test, feature = "semantic"))]
mod tests {
    use super::super::text::{folded, words};
    use super::*;

    fn vector(text: &str) -> Vector {
        let table = VectorTable::read().unwrap_or_else(|| unreachable!("the file is whole"));
        let mut sum = Vector::default();
        words(text).for_each(|word| sum.add(&table.word(&folded(word))));
        sum
    }

    #[test]
    fn cosines_are_those_of_the_table() {
        for line in include_str!("../../data/vectors/check.tsv").lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            let (Some(a), Some(b), Some(expected)) = (fields.next(), fields.next(), fields.next()) else { continue };
            let Ok(expected) = expected.parse::<f32>() else { continue };
            let (left, right) = (vector(a), vector(b));
            let lengths = left.length() * right.length();
            let cosine = if lengths > 0.0 { left.dot(&right) / lengths } else { 0.0 };
            assert!((cosine - expected).abs() < 0.001, "{a:?} and {b:?}: {cosine}, not {expected}");
        }
    }
}
