//! Regions: which numbering plan a number without a country code belongs to.

/// One row per region: its code, its country calling code and the pattern of its short codes, separated by tabs. Taken
/// from the metadata of libphonenumber, Copyright (C) The Libphonenumber Authors, Apache License 2.0, by
/// `tests/phone_numbers.py`, which also checks it.
const TABLE: &str = include_str!("../../../data/phone_regions.tsv");

/// Codes that people write for a region, and the code that it has.
const MISTAKES: [(&str, &str); 4] = [("UK", "GB"), ("GBR", "GB"), ("USA", "US"), ("EN", "GB")];

/// A region with a numbering plan of its own, such as US or GB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Region {
    code: &'static str,
    calling_code: u16,
}

/// Why a text is not a region. The message continues a sentence that starts with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegionError {
    /// The text is nearly a code, which is given.
    #[error("is not the code of a region; did you mean {0}?")]
    Near(&'static str),
    /// The text is nothing like a code.
    #[error("is not the two-letter code of a region, such as US or GB")]
    Unknown,
}

impl Region {
    /// The United States, to which the numbers of a directory without a region belong.
    pub const US: Self = Self { code: "US", calling_code: 1 };

    /// Finds a region by its two-letter code (ISO 3166-1), in capitals.
    ///
    /// # Errors
    /// When there is no such region; the message suggests `GB` for `UK` and capitals for small letters.
    pub fn parse(code: &str) -> Result<Self, RegionError> {
        if let Some((code, calling_code, _)) = row(code) {
            return Ok(Self { code, calling_code });
        }
        let capitals = code.trim().to_ascii_uppercase();
        let meant = MISTAKES.iter().find(|(mistake, _)| *mistake == capitals).map(|(_, code)| *code);
        let near = meant.or_else(|| row(&capitals).map(|(code, ..)| code));
        Err(near.map_or(RegionError::Unknown, RegionError::Near))
    }

    /// The two-letter code: `US`.
    pub fn code(self) -> &'static str {
        self.code
    }

    /// The country calling code: 44 for `GB`, 1 for all of North America.
    pub(super) fn calling_code(self) -> u16 {
        self.calling_code
    }

    /// The regular expression of the region's short codes; empty where it has none.
    pub(super) fn short_codes(self) -> &'static str {
        row(self.code).map_or("", |(.., short_codes)| short_codes)
    }
}

impl Default for Region {
    fn default() -> Self {
        Self::US
    }
}

impl std::fmt::Display for Region {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code)
    }
}

/// The row of a region: code, calling code, short codes.
fn row(code: &str) -> Option<(&'static str, u16, &'static str)> {
    let mut rows = TABLE.lines().filter_map(|line| {
        let (code, rest) = line.split_once('\t')?;
        let (calling_code, short_codes) = rest.split_once('\t')?;
        Some((code, calling_code, short_codes))
    });
    let (code, calling_code, short_codes) = rows.find(|row| row.0 == code)?;
    Some((code, calling_code.parse().ok()?, short_codes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_region_and_its_pattern_compiles() {
        assert_eq!(TABLE.lines().count(), 245);
        for code in TABLE.lines().map(|line| line.split('\t').next().unwrap()) {
            let region = Region::parse(code).unwrap();
            assert_eq!((region.code(), region.calling_code > 0), (code, true));
            assert!(regex_lite::Regex::new(region.short_codes()).is_ok(), "{code}");
        }
        assert_eq!(Region::parse("US"), Ok(Region::US));
    }

    #[test]
    fn a_wrong_code_suggests_the_right_one() {
        for (wrong, error) in [
            ("UK", RegionError::Near("GB")),
            ("usa", RegionError::Near("US")),
            ("gb", RegionError::Near("GB")),
            ("", RegionError::Unknown),
            ("XX", RegionError::Unknown),
            ("U", RegionError::Unknown),
            ("Germany", RegionError::Unknown),
        ] {
            assert_eq!(Region::parse(wrong), Err(error), "{wrong}");
        }
        assert_eq!(RegionError::Near("GB").to_string(), "is not the code of a region; did you mean GB?");
    }
}
