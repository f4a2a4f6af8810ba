//! Any bytes as a data file: it is loaded or refused with places that lie in it, and what is loaded can be written and
//! loaded again.
#![no_main]

use dialtree::directory::Directory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    match Directory::load("fuzz", &text) {
        Ok(directory) => {
            let written = directory.to_ron(None);
            let again = Directory::load("again", &written).expect("what was written loads");
            assert_eq!(again.to_ron(None), written);
        }
        Err(problems) => {
            let lines = text.split('\n').count();
            assert!(!problems.list.is_empty());
            assert!(problems.list.iter().all(|problem| (1..=lines).contains(&problem.line) && problem.column > 0));
        }
    }
});
