//! Measures the latency of a search by kind of query and per key press, the time to build the index, and the memory that
//! the index adds. Runs on the built-in directory and on generated directories of 1,000, 10,000 and 100,000 options; and on 200 directories at once.
//!
//! The same run measures two fuzzy matchers that scan every text, `SkimMatcherV2` and `nucleo-matcher`, and compares how
//! often each ranks a right result first on the development queries. Prints measurements and their bounds; a bound that
//! is missed does not fail the run.

#![allow(clippy::print_stdout)] // A benchmark prints its results.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use dialtree::directory::{Directory, EMBEDDED, EntryId};
use dialtree::present::script::Script;
use dialtree::search::{Catalog, Query};
use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32String};
use serde::Deserialize;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// The maximum p99 of a search per key press in the built-in directory.
const MAX_BUILT_IN_KEY_TIME: Duration = Duration::from_micros(250);
/// Bounds for the largest generated directory: the p99 of a search per key press, the time to build the index, the
/// memory that it adds, and how many times faster than nucleo a whole query must be.
const MAX_KEY_TIME: Duration = Duration::from_millis(4);
const MAX_BUILD_TIME: Duration = Duration::from_millis(500);
const MAX_MEGABYTES: f64 = 150.0;
const MIN_SPEEDUP: f64 = 10.0;
/// The number of directories in one index, the contacts of each, and the options of each contact: twice as many as in the
/// built-in directory.
const MANY: u32 = 200;
const CONTACTS_OF_EACH: usize = 50;
const OPTIONS_OF_EACH: usize = 1;
/// The maximum p99 of a search per key press in all of them.
const MAX_KEY_TIME_OF_MANY: Duration = Duration::from_millis(1);
/// The maximum time of any query, however hostile, in any directory.
const MAX_QUERY_TIME: Duration = Duration::from_millis(20);

const DEVELOPMENT: &str = include_str!("../tests/queries/dev.jsonl");

fn main() -> anyhow::Result<()> {
    // `cargo test --all-targets` also runs benches, but without `--bench`: do not measure then.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let directory = Directory::load("embedded", EMBEDDED)?;
    println!("built-in directory, {} entries", texts(&directory).len());
    let queries: Vec<String> = development()?.into_iter().map(|query| query.q).collect();
    let catalog = build(directory)?.0;
    relevance(&catalog)?;
    let times = measure_keys(&catalog, &queries);
    check_time("p99 per key", times.p99, MAX_BUILT_IN_KEY_TIME);
    measure_hostile(&catalog);
    for option_count in SIZES {
        measure_generated(option_count)?;
    }
    measure_many()
}

/// Measures many directories in one index, with queries of which every second one names an organisation.
fn measure_many() -> anyhow::Result<()> {
    let mut random = Random(u64::from(MANY));
    let words = generate_words(&mut random);
    let directories = (0..MANY).map(|index| {
        let text = generate_directory(CONTACTS_OF_EACH * OPTIONS_OF_EACH, OPTIONS_OF_EACH, &words, &mut random);
        let text = text.replacen("\"None\"", &format!("\"{} mutual {index}\"", words[index as usize]), 1);
        Directory::load("generated", &text)
    });
    let directories: Vec<Directory> = directories.collect::<Result<_, _>>()?;
    println!("\n{MANY} generated directories of {CONTACTS_OF_EACH} contacts");
    let mut queries = Vec::new();
    for directory in directories.iter().step_by(4) {
        let direct = generate_queries(directory, &mut random).swap_remove(0).1.swap_remove(0);
        queries.extend([format!("{} {direct}", directory.organisation), direct]);
    }
    let catalog = Catalog::new(directories);
    println!("  index built in {}", show(time(|| catalog.prepare())));
    let times = measure_keys(&catalog, &queries);
    check_time("p99 per key", times.p99, MAX_KEY_TIME_OF_MANY);
    // What other programs take is not the search's.
    let best = |typed: &str| (0..3).map(|_| time(|| find(&catalog, typed))).min().unwrap_or_default();
    let times = Times::of(prefixes(&queries).map(best));
    println!("  best of three runs of each: p50 {}, p99 {}", show(times.p50), show(times.p99));
    Ok(())
}

/// Measures a generated directory; for the largest one, checks the bounds.
fn measure_generated(option_count: usize) -> anyhow::Result<()> {
    let mut random = Random(option_count as u64);
    let words = generate_words(&mut random);
    let directory = Directory::load("generated", &generate_directory(option_count, 10, &words, &mut random))?;
    println!("\ngenerated directory, {option_count} options");
    let (catalog, build_time, megabytes) = build(directory)?;
    let directory = &catalog.directories()[0];
    let kinds = generate_queries(directory, &mut random);
    for (kind, queries) in &kinds {
        let times = Times::of(queries.iter().map(|query| time(|| find(&catalog, query))));
        println!("  {kind:10} p50 {:>9}  p99 {:>9}", show(times.p50), show(times.p99));
    }
    let all: Vec<String> = kinds.into_iter().flat_map(|(_, queries)| queries).collect();
    let sample: Vec<String> = all.iter().step_by(all.len() / 100).cloned().collect();
    let key_times = measure_keys(&catalog, &sample);
    let [skim, nucleo] = measure_peers(directory, &sample);
    println!("  whole query: Skim p50 {}, nucleo p50 {}", show(skim.p50), show(nucleo.p50));
    if option_count == SIZES[SIZES.len() - 1] {
        check_time("p99 per key", key_times.p99, MAX_KEY_TIME);
        measure_hostile(&catalog);
        check_time("index build", build_time, MAX_BUILD_TIME);
        let (measured, bound) = (format!("{megabytes:.0} MB"), format!("{MAX_MEGABYTES} MB"));
        check("memory added by the index", megabytes <= MAX_MEGABYTES, &measured, &bound);
        let whole = Times::of(sample.iter().map(|query| time(|| find(&catalog, query))));
        let speedup = nucleo.p50.as_secs_f64() / whole.p50.as_secs_f64();
        let (measured, bound) = (format!("{speedup:.0} x"), format!("{MIN_SPEEDUP} x"));
        check("speed vs. nucleo, p50 of whole queries", speedup >= MIN_SPEEDUP, &measured, &bound);
    }
    Ok(())
}

/// Measures queries of up to 4 MB that no user types: very long, without words, or of unknown words only.
fn measure_hostile(catalog: &Catalog) {
    let queries = [
        "a".repeat(1 << 20),
        "commission ".repeat(100_000),
        "!?".repeat(1 << 19),
        "1".repeat(1 << 20),
        "電話".repeat(200_000),
        "a@b.c ".repeat(10_000),
        (0..10_000).map(|number| format!("w{number} ")).collect(),
        (0..10_000).map(|number| format!("wrod{} ", "abcdefghij".repeat(number % 4))).collect(),
        (0..0x11_0000).filter_map(char::from_u32).collect(),
    ];
    let times = Times::of(queries.iter().map(|query| time(|| find(catalog, query))));
    check_time("slowest hostile query of up to 4 MB", times.max, MAX_QUERY_TIME);
}

fn find(catalog: &Catalog, text: &str) -> usize {
    catalog.find(&Query { text, scope: dialtree::directory::Scope::All, limit: 50 }).results.len()
}

/// Builds the index of a directory; returns the time that it took and the memory that it added at its peak, in MB.
fn build(directory: Directory) -> anyhow::Result<(Catalog, Duration, f64)> {
    // What a directory prepares for itself is not part of the index.
    directory.prepare();
    let catalog = Catalog::from(directory);
    let before = process_memory("VmRSS")?;
    let build_time = time(|| catalog.prepare());
    let added = process_memory("VmHWM")? - before;
    println!("  index built in {}, adding at most {added:.1} MB", show(build_time));
    Ok((catalog, build_time, added.max(0.0)))
}

/// A field of `/proc/self/status`, in MB; 0 on systems without that file.
fn process_memory(field: &str) -> anyhow::Result<f64> {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return Ok(0.0) };
    let value = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let value = value.with_context(|| format!("/proc/self/status has no {field}"))?;
    Ok(value.trim().trim_end_matches("kB").trim().parse::<f64>()? / 1024.0)
}

/// Every prefix of every query.
fn prefixes(queries: &[String]) -> impl Iterator<Item = &str> {
    queries.iter().flat_map(|query| query.char_indices().map(move |(start, c)| &query[..start + c.len_utf8()]))
}

/// Searches for every prefix of every query, as happens while a user types.
fn measure_keys(catalog: &Catalog, queries: &[String]) -> Times {
    let times = Times::of(prefixes(queries).map(|typed| time(|| find(catalog, typed))));
    println!("  per key    p50 {:>9}  p99 {:>9}  max {}", show(times.p50), show(times.p99), show(times.max));
    times
}

/// The times of Skim and of nucleo over the same entries and queries.
fn measure_peers(directory: &Directory, queries: &[String]) -> [Times; 2] {
    let texts: Vec<String> = texts(directory).into_iter().map(|(_, text)| text).collect();
    let skim = SkimMatcherV2::default();
    let skim_times = Times::of(
        queries.iter().map(|query| time(|| texts.iter().filter_map(|text| skim.fuzzy_match(text, query)).max())),
    );
    let texts: Vec<Utf32String> = texts.iter().map(|text| Utf32String::from(text.as_str())).collect();
    let mut matcher = Matcher::new(Config::DEFAULT);
    let nucleo_times = Times::of(queries.iter().map(|query| {
        let pattern = Pattern::parse(query, CaseMatching::Ignore, Normalization::Smart);
        time(|| texts.iter().filter_map(|text| pattern.score(text.slice(..), &mut matcher)).max())
    }));
    [skim_times, nucleo_times]
}

#[derive(Deserialize)]
struct TestQuery {
    q: String,
    audience: Option<String>,
    want: Vec<String>,
}

fn development() -> anyhow::Result<Vec<TestQuery>> {
    DEVELOPMENT.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// Prints how often each matcher ranks a right result first, or returns none where none is right.
fn relevance(catalog: &Catalog) -> anyhow::Result<()> {
    let queries = development()?;
    let directory = &catalog.directories()[0];
    let texts = texts(directory);
    let skim = SkimMatcherV2::default();
    let mut matcher = Matcher::new(Config::DEFAULT);
    let by_dialtree = |query: &TestQuery| {
        let id_of = |id: &String| catalog.audiences().find(|(_, audience)| *audience.id == **id).map(|(id, _)| id);
        let audience = query.audience.as_ref().and_then(id_of);
        let found = catalog.find(&Query { text: &query.q, scope: audience.into(), limit: 1 });
        found.results.into_iter().next().filter(|result| !result.weak).map(|result| result.id)
    };
    let best = |scores: &mut dyn Iterator<Item = (i64, EntryId)>| {
        scores.max_by_key(|(score, id)| (*score, std::cmp::Reverse(*id))).map(|(_, id)| id)
    };
    let by_skim = |query: &TestQuery| {
        best(&mut texts.iter().filter_map(|(id, text)| Some((skim.fuzzy_match(text, &query.q)?, *id))))
    };
    let mut by_nucleo = |query: &TestQuery| {
        let pattern = Pattern::parse(&query.q, CaseMatching::Ignore, Normalization::Smart);
        best(&mut texts.iter().filter_map(|(id, text)| {
            let text = Utf32String::from(text.as_str());
            Some((pattern.score(text.slice(..), &mut matcher)?.into(), *id))
        }))
    };
    let mut right_counts = [0_usize; 3];
    for query in &queries {
        for (i, found) in [by_dialtree(query), by_skim(query), by_nucleo(query)].into_iter().enumerate() {
            right_counts[i] += usize::from(is_right(directory, query, found));
        }
    }
    let share = right_counts.map(|count| count as f64 / queries.len() as f64);
    println!(
        "first result right on {} development queries: dialtree {:.3}, Skim {:.3}, nucleo {:.3}",
        queries.len(),
        share[0],
        share[1],
        share[2]
    );
    Ok(())
}

/// Whether a result is right. The other matchers do not choose a channel, so any channel of the contact counts.
fn is_right(directory: &Directory, query: &TestQuery, found: Option<EntryId>) -> bool {
    let Some(id) = found else { return query.want.is_empty() };
    let is_whole_contact = id.channel.is_none() && directory.contact(id).is_some() && directory.option(id).is_none();
    let ids = if is_whole_contact { directory.by_each_channel(id).collect() } else { vec![id] };
    let targets = ids.into_iter().filter_map(|id| directory.target(id));
    targets.into_iter().any(|target| query.want.contains(&target.to_string()))
}

/// Every entry, with all its searchable text joined into one string.
fn texts(directory: &Directory) -> Vec<(EntryId, String)> {
    let mut texts = Vec::new();
    for id in directory.entries().filter(|id| id.entry.is_contact()) {
        let mut text = directory.title(id).to_owned();
        if let Some(details) = directory.details(id) {
            for part in details.aliases.iter().chain(&details.needs).chain(&details.services) {
                let _ = write!(text, " {part}");
            }
        }
        if let Some(say) = Script::new(directory, id).and_then(|script| script.say()) {
            let _ = write!(text, " {say}");
        }
        texts.push((id, text));
    }
    for (id, notice) in directory.notice_ids().zip(&directory.notices) {
        texts.push((id, format!("{} {}", notice.title, notice.needs.join(" "))));
    }
    texts
}

/// The distribution of measured times.
struct Times {
    p50: Duration,
    p99: Duration,
    max: Duration,
}

impl Times {
    fn of(times: impl Iterator<Item = Duration>) -> Self {
        let mut times: Vec<Duration> = times.collect();
        times.sort_unstable();
        let percentile = |percent: usize| {
            let index = (times.len() * percent / 100).min(times.len().saturating_sub(1));
            times.get(index).copied().unwrap_or_default()
        };
        Self { p50: percentile(50), p99: percentile(99), max: percentile(100) }
    }
}

fn time<T>(run: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(run());
    start.elapsed()
}

fn show(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 1000.0 { format!("{micros:.0} us") } else { format!("{:.2} ms", micros / 1000.0) }
}

fn check_time(what: &str, measured: Duration, bound: Duration) {
    check(what, measured <= bound, &show(measured), &show(bound));
}

/// Prints a measurement and whether it is within its bound.
fn check(what: &str, is_met: bool, measured: &str, bound: &str) {
    println!("  {what}: {measured}, bound {bound}: {}", if is_met { "met" } else { "missed" });
}

/// A pseudo-random generator (SplitMix64), so that every run generates the same data.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or_default() % bound
    }

    /// A word by Zipf's law: a few words are frequent, most are rare.
    fn word<'a>(&mut self, words: &'a [String]) -> &'a str {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let index = (words.len() as f64).powf(share) - 1.0;
        &words[(index as usize).min(words.len() - 1)]
    }
}

/// The vocabulary of the generated directories: about that of a large organisation's directory.
const WORD_COUNT: usize = 20_000;

fn generate_words(random: &mut Random) -> Vec<String> {
    const SYLLABLES: &[&str] = &[
        "ba", "co", "di", "fe", "gra", "ho", "in", "ju", "ka", "lo", "mem", "ni", "or", "pre", "qui", "ren", "sta",
        "ti", "un", "ver", "wil", "ex", "ya", "zo", "bil", "pay", "ser", "for", "ment", "al",
    ];
    let word =
        |random: &mut Random| (0..2 + random.below(3)).map(|_| SYLLABLES[random.below(SYLLABLES.len())]).collect();
    (0..WORD_COUNT).map(|_| word(random)).collect()
}

fn phrase(words: &[String], random: &mut Random) -> String {
    let words: Vec<&str> = (0..2 + random.below(3)).map(|_| random.word(words)).collect();
    words.join(" ")
}

/// The text of a directory with some options per phone line, each with a label and three needs.
fn generate_directory(option_count: usize, per_line: usize, words: &[String], random: &mut Random) -> String {
    let mut text = String::from(
        "(schema: 1, id: \"made\", name: \"Generated\", organisation: \"None\", source: \"A benchmark\",\n\
         transcribed: \"2026-11-23\",\n\
         audiences: [(id: \"one\", name: \"One\", short: \"One\"), (id: \"two\", name: \"Two\", short: \"Two\")],\n\
         contacts: [\n",
    );
    for line in 0..option_count / per_line {
        let audience = if line % 2 == 0 { "one" } else { "two" };
        let (exchange, last) = (200 + line / 10_000, line % 10_000);
        let _ = writeln!(
            text,
            "(id: \"line-{line}\", name: \"{}\", source: \"Page\", audiences: [\"{audience}\"], channels: [(phone: \"1-800-{exchange}-{last:04}\", menu: [",
            phrase(words, random)
        );
        for key in 0..per_line {
            let needs: Vec<String> = (0..3).map(|_| format!("\"{}\"", phrase(words, random))).collect();
            let _ =
                writeln!(text, "(key: \"{key}\", label: \"{}\", needs: [{}]),", phrase(words, random), needs.join(","));
        }
        text += "])]),\n";
    }
    text + "])\n"
}

/// The number of queries of each kind.
const QUERY_COUNT: usize = 300;

/// Queries of each kind, made from the needs of random options.
fn generate_queries(directory: &Directory, random: &mut Random) -> Vec<(&'static str, Vec<String>)> {
    let random_need = |random: &mut Random| {
        let contact = &directory.contacts[random.below(directory.contacts.len())];
        let option = &contact.options[random.below(contact.options.len())];
        let needs = &option.details.needs;
        needs[random.below(needs.len())].to_string()
    };
    let mut generate = |kind: &'static str, query: &dyn Fn(String, &mut Random) -> String| {
        let queries = (0..QUERY_COUNT).map(|_| {
            let need = random_need(random);
            query(need, random)
        });
        (kind, queries.collect::<Vec<_>>())
    };
    vec![
        generate("direct", &|need, _| need),
        generate("partial", &|need, random| need.chars().take(1 + random.below(need.len())).collect()),
        generate("typo", &|need, random| {
            let mut letters: Vec<char> = need.chars().collect();
            let index = random.below(letters.len() - 1);
            letters.swap(index, index + 1);
            letters.into_iter().collect()
        }),
        generate("sentence", &|need, _| {
            format!("who do I call when my client wants to know about {need} for her family")
        }),
        generate("number", &|_, random| format!("800-200-{:04}", random.below(10_000))),
        generate("nonsense", &|need, _| need.chars().rev().collect()),
    ]
}
