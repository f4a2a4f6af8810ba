//! Imports any bytes in every format. What comes of it is an error or a data file that loads.
#![no_main]

use dialtree::import::{Format, ImportError, Input, Options, import};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Csv, Format::Vcard, Format::Hsds, Format::Json] {
        let input = Input { name: "fuzz".to_owned(), bytes: bytes.to_vec(), ..Input::default() };
        let options = Options { format: Some(format), today: jiff::civil::date(2026, 11, 23), ..Options::default() };
        if let Err(ImportError::Unloadable(problems)) = import(&[input], &options) {
            panic!("{problems}");
        }
    }
});
