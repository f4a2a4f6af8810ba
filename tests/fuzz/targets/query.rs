//! Searches for any bytes. The scores and marks of the results must be within bounds.
#![no_main]

use std::sync::LazyLock;

use dialtree::directory::{Directory, EMBEDDED};
use dialtree::search::{Catalog, Query};
use libfuzzer_sys::fuzz_target;

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Directory::load("built in", EMBEDDED).expect("the built-in directory loads").into());

fuzz_target!(|bytes: &[u8]| {
    let Some((audience, text)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    let audience = CATALOG.audiences().nth(usize::from(*audience)).map(|(id, _)| id);
    let found = CATALOG.find(&Query { text: &text, scope: audience.into(), limit: 10 });
    for result in found.results.iter().chain(&found.outside) {
        assert!((0.0..=1.0).contains(&result.score));
        let title_length = CATALOG.directory(result.id).title(result.id).chars().count();
        assert!(result.marks.iter().all(|mark| *mark < title_length));
    }
});
