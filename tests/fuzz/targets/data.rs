//! Loads any bytes as a data file. Every entry of a valid directory must have a card, and every problem of an invalid one
//! a position within the file.
#![no_main]

use dialtree::directory::Directory;
use dialtree::present::card::Card;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    match Directory::load("fuzz", &text) {
        // No index in a directory that was loaded may be out of range.
        Ok(directory) => {
            for id in directory.entries() {
                let _ = Card::new(&directory, id, None);
            }
        }
        Err(problems) => {
            let lines = text.split('\n').count();
            assert!(!problems.list.is_empty());
            assert!(problems.list.iter().all(|problem| (1..=lines).contains(&problem.line) && problem.column > 0));
        }
    }
});
