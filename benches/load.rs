//! How long loading and checking takes: the built-in directory, and one of 100,000 contacts beside a bare
//! `ron::from_str` of the same text into plain strings, in one run. Prints figures and bounds; never fails on time.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use dialtree::directory::{Directory, EMBEDDED};
use serde::Deserialize;

const CONTACTS: u32 = 100_000;

/// The file as plain strings: what reading costs when nothing is checked and no place is kept.
#[derive(Deserialize)]
#[allow(dead_code)] // Read, never looked at.
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
    // `cargo test --all-targets` runs benches too, without this word; measuring there would only cost time.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let embedded = median(200, || Ok(Directory::load("embedded", EMBEDDED).map(drop)?))?;
    report(
        &format!("load and check the built-in directory {:.2} ms", milliseconds(embedded)),
        "<= 2 ms",
        milliseconds(embedded) <= 2.0,
    );
    let text = generate();
    let bare = median(5, || {
        black_box(ron::from_str::<Bare>(&text)?);
        Ok(())
    })?;
    let loaded = median(5, || Ok(Directory::load("generated", &text).map(drop)?))?;
    let ratio = loaded.as_secs_f64() / bare.as_secs_f64();
    let megabytes = text.len() as f64 / 1e6;
    report(
        &format!(
            "{CONTACTS} contacts, {megabytes:.0} MB: bare ron::from_str {:.0} ms, load and check {:.0} ms, {ratio:.2} x",
            milliseconds(bare),
            milliseconds(loaded)
        ),
        "<= 3 x bare",
        ratio <= 3.0,
    );
    Ok(())
}

#[allow(clippy::print_stdout)] // A benchmark speaks on standard output.
fn report(measured: &str, bound: &str, met: bool) {
    println!("{measured}   {bound}: {}", if met { "met" } else { "missed" });
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn median(times: usize, mut run: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let mut taken = Vec::with_capacity(times);
    for _ in 0..times {
        let start = Instant::now();
        run()?;
        taken.push(start.elapsed());
    }
    taken.sort();
    Ok(taken[taken.len() / 2])
}

/// A file of many contacts, each with a phone line of three options, an email, hours, needs and a note.
fn generate() -> String {
    let mut text = String::from(
        "(schema: 1, id: \"generated\", name: \"Generated\", organisation: \"Nobody\", source: \"A benchmark\",\n\
         transcribed: \"2026-11-23\", zone: \"America/Los_Angeles\", holidays: \"US\",\n\
         audiences: [(id: \"one\", name: \"One\", short: \"One\"), (id: \"two\", name: \"Two\", short: \"Two\")],\n\
         contacts: [\n",
    );
    for number in 0..CONTACTS {
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
