//! Any bytes as a data file: it loads, and every entry has a card, or it is refused with problems at places inside
//! it.
#![no_main]

use dialtree::directory::Directory;
use dialtree::present::card::Card;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    match Directory::load("fuzz", &text) {
        // Whatever loads can be shown: no index of it is out of range.
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
