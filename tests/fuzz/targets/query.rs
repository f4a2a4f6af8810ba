//! Any bytes as a need: the search answers, and its scores and marks are within bounds.
#![no_main]

use std::sync::{Arc, LazyLock};

use dialtree::directory::{Directory, EMBEDDED};
use dialtree::search::{Index, Query};
use libfuzzer_sys::fuzz_target;

static LOADED: LazyLock<(Arc<Directory>, Index)> = LazyLock::new(|| {
    let directory = Arc::new(Directory::load("built in", EMBEDDED).expect("the built-in directory loads"));
    (Arc::clone(&directory), Index::new(directory))
});

fuzz_target!(|bytes: &[u8]| {
    let Some((audience, need)) = bytes.split_first() else { return };
    let (directory, index) = &*LOADED;
    let need = String::from_utf8_lossy(need);
    let audience = Some(usize::from(*audience)).filter(|audience| *audience < directory.audiences.len());
    let found = index.find(&Query { need: &need, audience, most: 10 });
    for hit in found.results.iter().chain(&found.outside) {
        assert!((0.0..=1.0).contains(&hit.score));
        let letters = directory.title(hit.id).chars().count();
        assert!(hit.marks.iter().all(|mark| *mark < letters));
    }
});
