//! Measures loading and checking the built-in directory, one with 100,000 contacts, and a folder of 200 with 50 contacts
//! each. The latter two are compared with `ron::from_str` of the same text into plain strings. A missed bound is printed
//! but does not fail the run.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use dialtree::directory::{Directory, EMBEDDED};
use dialtree::search::Catalog;
use dialtree::source::Sources;
use serde::Deserialize;

const CONTACT_COUNT: u32 = 100_000;
/// The directories in a folder, and the contacts of each.
const MANY: u32 = 200;
const CONTACTS_OF_EACH: u32 = 50;
/// The maximum time to load all of them, in milliseconds.
const MAX_MANY: f64 = 250.0;

/// The file as plain strings. Reading it checks nothing and keeps no positions for error messages.
#[derive(Deserialize)]
#[allow(dead_code)] // Only the time to read it matters.
struct Bare {
    schema: u32,
    id: String,
    name: String,
    organisation: String,
    source: String,
    transcribed: String,
    zone: String,
    holidays: String,
    audiences: Vec<BareAudience>,
    contacts: Vec<BareContact>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct BareAudience {
    id: String,
    name: String,
    short: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct BareContact {
    id: String,
    name: String,
    source: String,
    needs: Vec<String>,
    audiences: Vec<String>,
    hours: String,
    channels: Vec<BareChannel>,
    notes: Vec<String>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct BareChannel {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    menu: Vec<BareOption>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct BareOption {
    key: String,
    label: String,
    #[serde(default)]
    needs: Vec<String>,
}

fn main() -> anyhow::Result<()> {
    // `cargo test --all-targets` runs benchmarks too, without this argument and in a profile whose times are meaningless.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let embedded = median(200, || Ok(Directory::load("embedded", EMBEDDED).map(drop)?))?;
    report(
        &format!("load and check the built-in directory {:.2} ms", milliseconds(embedded)),
        "<= 2 ms",
        milliseconds(embedded) <= 2.0,
    );
    let text = generate(CONTACT_COUNT, 0);
    let bare = median(5, || {
        black_box(ron::from_str::<Bare>(&text)?);
        Ok(())
    })?;
    let loaded = median(5, || Ok(Directory::load("generated", &text).map(drop)?))?;
    let ratio = loaded.as_secs_f64() / bare.as_secs_f64();
    let megabytes = text.len() as f64 / 1e6;
    report(
        &format!(
            "{CONTACT_COUNT} contacts, {megabytes:.0} MB: bare ron::from_str {:.0} ms, load and check {:.0} ms, {ratio:.2} x",
            milliseconds(bare),
            milliseconds(loaded)
        ),
        "<= 3 x bare",
        ratio <= 3.0,
    );
    load_many()
}

/// Measures what a start with many directories takes: loading their files, and indexing them for the first search.
fn load_many() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let texts: Vec<String> = (0..MANY).map(|index| generate(CONTACTS_OF_EACH, index)).collect();
    for (index, text) in texts.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{index:03}.ron")), text)?;
    }
    let sources = Sources::choose(&[folder.path().to_owned()], false, Vec::new());
    let bare = median(10, || {
        for text in &texts {
            black_box(ron::from_str::<Bare>(text)?);
        }
        Ok(())
    })?;
    let loaded = median(10, || {
        black_box(sources.load()?);
        Ok(())
    })?;
    let catalog = sources.load()?.catalog;
    anyhow::ensure!(catalog.directories().len() == texts.len());
    let indexed = median(5, || {
        Catalog::new(catalog.directories().to_vec()).prepare();
        Ok(())
    })?;
    let [bare, loaded, indexed] = [bare, loaded, indexed].map(milliseconds);
    report(
        &format!(
            "{MANY} directories of {CONTACTS_OF_EACH} contacts: bare ron::from_str {bare:.0} ms, load and check \
             {loaded:.0} ms; index {indexed:.0} ms"
        ),
        &format!("load <= {MAX_MANY} ms"),
        loaded <= MAX_MANY,
    );
    Ok(())
}

#[allow(clippy::print_stdout)] // The results are printed to standard output.
fn report(measurement: &str, bound: &str, is_met: bool) {
    println!("{measurement}   {bound}: {}", if is_met { "met" } else { "missed" });
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn median(run_count: usize, mut run: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let mut times = Vec::with_capacity(run_count);
    for _ in 0..run_count {
        let start = Instant::now();
        run()?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[times.len() / 2])
}

/// Generates a directory whose contacts have a phone menu of three options, an email address, hours, needs and a note.
fn generate(contact_count: u32, index: u32) -> String {
    let mut text = format!(
        "(schema: 1, id: \"generated-{index}\", name: \"Generated\", organisation: \"Nobody {index}\", source: \"A benchmark\",\n\
         transcribed: \"2026-11-23\", zone: \"America/Los_Angeles\", holidays: \"US\",\n\
         audiences: [(id: \"one\", name: \"One\", short: \"One\"), (id: \"two\", name: \"Two\", short: \"Two\")],\n\
         contacts: [\n",
    );
    for number in 0..contact_count {
        let (audience, last) = (if number % 2 == 0 { "one" } else { "two" }, number % 10_000);
        let exchange = 200 + number / 10_000;
        let _ = write!(
            text,
            "    (id: \"contact-{number}\", name: \"Contact {number}\", source: \"Section {exchange}\",\n\
             \x20       needs: [\"need {number}\", \"something else\"], audiences: [\"{audience}\"],\n\
             \x20       hours: \"Mo-Fr 08:00-17:00\",\n\
             \x20       channels: [(phone: \"1-800-{exchange}-{last:04}\", menu: [\n\
             \x20           (key: \"1\", label: \"Status of {number}\"),\n\
             \x20           (key: \"2\", label: \"Billing of {number}\", needs: [\"pay {number}\"]),\n\
             \x20           (key: \"3\", label: \"Anything else\"),\n\
             \x20       ]), (email: \"contact{number}@example.com\")],\n\
             \x20       notes: [\"Made from a number.\"]),\n"
        );
    }
    text + "])\n"
}
