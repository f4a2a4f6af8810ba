//! Runs any bytes as the command line of a remote client. It may not panic, nor print anything that a terminal would
//! interpret, other than colours that the client asks for.
#![no_main]

mod output;

use std::sync::{Arc, LazyLock};

use dialtree::app::Environment;
use dialtree::cli::Context;
use dialtree::cli::remote::{Running, start_line};
use dialtree::directory::{Directory, EMBEDDED};
use dialtree::search::Catalog;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

static CATALOG: LazyLock<Arc<Catalog>> =
    LazyLock::new(|| Arc::new(Directory::load("built in", EMBEDDED).expect("the built-in directory loads").into()));

fuzz_target!(|line: &[u8]| {
    let now = Timestamp::from_second(1_795_000_000).expect("a valid time");
    let Running { out, error, .. } = start_line(line, Context::remote(CATALOG.clone(), Environment::default(), now));
    // vCards end their lines with CR LF.
    output::check(&out.collect::<String>(), "\r\n\t");
    output::check(&error, "\n");
});
