//! How long a search takes, at the built-in directory and at 1,000, 10,000 and 100,000 options made from a seed, by kind
//! of need and letter by letter; how long the index takes to build and what it adds to the memory of the process. In the
//! same run, beside it, two fuzzy matchers that go through all texts, `SkimMatcherV2` and `nucleo-matcher`, and how
//! often each has the right answer first on the development queries. Prints figures and bounds; never fails on time.

#![allow(clippy::print_stdout)] // A benchmark speaks on standard output.

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
/// The bounds that are held against the built-in directory and the largest made one.
const BUILT_IN_KEY: Duration = Duration::from_micros(200);
const MAX_KEY: Duration = Duration::from_millis(3);
const MAX_BUILD: Duration = Duration::from_millis(400);
const MAX_MEGABYTES: f64 = 150.0;
const TIMES_FASTER: f64 = 10.0;
/// No need may take longer, whatever it is.
const SLOWEST: Duration = Duration::from_millis(20);

const DEVELOPMENT: &str = include_str!("../tests/queries/dev.jsonl");

fn main() -> anyhow::Result<()> {
    // `cargo test --all-targets` runs benches too, without this word; measuring there would only cost time.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let directory = Directory::load("embedded", EMBEDDED)?;
    println!("{} options, the built-in directory", texts(&directory).len());
    let needs: Vec<String> = development()?.into_iter().map(|query| query.q).collect();
    let catalog = built(directory)?.0;
    relevance(&catalog)?;
    let times = by_letter(&catalog, &needs);
    bound("p99 a key", times.p99, BUILT_IN_KEY);
    hostile(&catalog);
    for options in SIZES {
        let mut random = Random(options as u64);
        let words = made_words(&mut random);
        let directory = Directory::load("made", &made(options, &words, &mut random))?;
        println!("\n{options} options, made");
        let (catalog, build, megabytes) = built(directory)?;
        let directory = &catalog.directories()[0];
        let kinds = needs_of(directory, &mut random);
        for (kind, needs) in &kinds {
            let times = Times::of(needs.iter().map(|need| timed(|| find(&catalog, need))));
            println!("  {kind:10} p50 {:>9}  p99 {:>9}", show(times.p50), show(times.p99));
        }
        let all: Vec<String> = kinds.into_iter().flat_map(|(_, needs)| needs).collect();
        let sample: Vec<&String> = all.iter().step_by(all.len() / 100).collect();
        let few: Vec<String> = sample.into_iter().cloned().collect();
        let own = by_letter(&catalog, &few);
        let [skim, nucleo] = peers(directory, &few);
        println!("  a whole need: Skim p50 {}, nucleo p50 {}", show(skim.p50), show(nucleo.p50));
        if options == SIZES[SIZES.len() - 1] {
            bound("p99 a key", own.p99, MAX_KEY);
            hostile(&catalog);
            bound("build", build, MAX_BUILD);
            met(
                "memory added, the directory not counted",
                megabytes <= MAX_MEGABYTES,
                &format!("{megabytes:.0} MB"),
                &format!("{MAX_MEGABYTES} MB"),
            );
            let whole = Times::of(few.iter().map(|need| timed(|| find(&catalog, need))));
            let times = nucleo.p50.as_secs_f64() / whole.p50.as_secs_f64();
            met(
                "faster than nucleo, p50 of whole needs",
                times >= TIMES_FASTER,
                &format!("{times:.0} x"),
                &format!("{TIMES_FASTER} x"),
            );
        }
    }
    Ok(())
}

/// Needs that nobody has: without end, without words, with nothing but words that are nowhere.
fn hostile(catalog: &Catalog) {
    let needs = [
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
    let times = Times::of(needs.iter().map(|need| timed(|| find(catalog, need))));
    bound("the slowest of needs up to 4 MB that make no sense", times.most, SLOWEST);
}

fn find(catalog: &Catalog, text: &str) -> usize {
    catalog.find(&Query { text, audience: None, limit: 50 }).results.len()
}

fn built(directory: Directory) -> anyhow::Result<(Catalog, Duration, f64)> {
    let catalog = Catalog::from(directory);
    let before = megabytes("VmRSS")?;
    let build = timed(|| catalog.prepare());
    let added = megabytes("VmHWM")? - before;
    println!("  index built in {}, at most {added:.1} MB more than before", show(build));
    Ok((catalog, build, added.max(0.0)))
}

/// A line of `/proc/self/status`; nothing where there is no such file.
fn megabytes(line: &str) -> anyhow::Result<f64> {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return Ok(0.0) };
    let found =
        status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':')).context("no memory figure")?;
    Ok(found.trim().trim_end_matches("kB").trim().parse::<f64>()? / 1024.0)
}

/// Every need typed letter by letter.
fn by_letter(catalog: &Catalog, needs: &[String]) -> Times {
    let keys = needs.iter().flat_map(|need| need.char_indices().map(move |(start, c)| &need[..start + c.len_utf8()]));
    let times = Times::of(keys.map(|typed| timed(|| find(catalog, typed))));
    println!("  a key      p50 {:>9}  p99 {:>9}  slowest {}", show(times.p50), show(times.p99), show(times.most));
    times
}

fn peers(directory: &Directory, needs: &[String]) -> [Times; 2] {
    let texts: Vec<String> = texts(directory).into_iter().map(|(_, text)| text).collect();
    let skim = SkimMatcherV2::default();
    let of_skim = Times::of(
        needs.iter().map(|need| timed(|| texts.iter().filter_map(|text| skim.fuzzy_match(text, need)).max())),
    );
    let wide: Vec<Utf32String> = texts.iter().map(|text| Utf32String::from(text.as_str())).collect();
    let mut matcher = Matcher::new(Config::DEFAULT);
    let of_nucleo = Times::of(needs.iter().map(|need| {
        let pattern = Pattern::parse(need, CaseMatching::Ignore, Normalization::Smart);
        timed(|| wide.iter().filter_map(|text| pattern.score(text.slice(..), &mut matcher)).max())
    }));
    [of_skim, of_nucleo]
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

/// How often the first answer is right, and how often none is given where none is wanted.
fn relevance(catalog: &Catalog) -> anyhow::Result<()> {
    let queries = development()?;
    let directory = &catalog.directories()[0];
    let texts = texts(directory);
    let skim = SkimMatcherV2::default();
    let mut matcher = Matcher::new(Config::DEFAULT);
    let own = |query: &TestQuery| {
        let id_of = |id: &String| catalog.audiences().find(|(_, audience)| *audience.id == **id).map(|(id, _)| id);
        let audience = query.audience.as_ref().and_then(id_of);
        let found = catalog.find(&Query { text: &query.q, audience, limit: 1 });
        found.results.into_iter().next().filter(|result| !result.weak).map(|result| result.id)
    };
    let best = |scores: &mut dyn Iterator<Item = (i64, EntryId)>| {
        scores.max_by_key(|(score, id)| (*score, std::cmp::Reverse(*id))).map(|(_, id)| id)
    };
    let by_skim = |query: &TestQuery| {
        best(&mut texts.iter().filter_map(|(answer, text)| Some((skim.fuzzy_match(text, &query.q)?, *answer))))
    };
    let mut by_nucleo = |query: &TestQuery| {
        let pattern = Pattern::parse(&query.q, CaseMatching::Ignore, Normalization::Smart);
        best(&mut texts.iter().filter_map(|(answer, text)| {
            let wide = Utf32String::from(text.as_str());
            Some((pattern.score(wide.slice(..), &mut matcher)?.into(), *answer))
        }))
    };
    let mut right = [0_usize; 3];
    for query in &queries {
        for (place, found) in [own(query), by_skim(query), by_nucleo(query)].into_iter().enumerate() {
            right[place] += usize::from(is_right(directory, query, found));
        }
    }
    let share = right.map(|right| right as f64 / queries.len() as f64);
    println!(
        "first answer right on {} development queries: dialtree {:.3}, Skim {:.3}, nucleo {:.3}",
        queries.len(),
        share[0],
        share[1],
        share[2]
    );
    Ok(())
}

/// Whether an entry is one that is wanted. The matchers know no channels, so any channel of a contact counts.
fn is_right(directory: &Directory, query: &TestQuery, found: Option<EntryId>) -> bool {
    let Some(id) = found else { return query.want.is_empty() };
    let is_whole_contact = id.channel.is_none() && directory.contact(id).is_some() && directory.option(id).is_none();
    let ids = if is_whole_contact { directory.by_each_channel(id).collect() } else { vec![id] };
    let targets = ids.into_iter().filter_map(|id| directory.target(id));
    targets.into_iter().any(|target| query.want.contains(&target.to_string()))
}

/// Every entry with everything known about it in one text.
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

/// Times in order: the middle, the one that 99 of 100 do not pass, and the longest.
struct Times {
    p50: Duration,
    p99: Duration,
    most: Duration,
}

impl Times {
    fn of(times: impl Iterator<Item = Duration>) -> Self {
        let mut times: Vec<Duration> = times.collect();
        times.sort_unstable();
        let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).copied();
        let at = |share| at(share).unwrap_or_default();
        Self { p50: at(50), p99: at(99), most: at(100) }
    }
}

fn timed<T>(run: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(run());
    start.elapsed()
}

fn show(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 1000.0 { format!("{micros:.0} us") } else { format!("{:.2} ms", micros / 1000.0) }
}

fn bound(what: &str, measured: Duration, bound: Duration) {
    met(what, measured <= bound, &show(measured), &show(bound));
}

fn met(what: &str, is_met: bool, measured: &str, bound: &str) {
    println!("  {what}: {measured}, bound {bound}: {}", if is_met { "met" } else { "missed" });
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or_default() % most
    }

    /// Few words are said often, and many seldom (Zipf).
    fn word<'a>(&mut self, words: &'a [String]) -> &'a str {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let place = (words.len() as f64).powf(share) - 1.0;
        &words[(place as usize).min(words.len() - 1)]
    }
}

/// As many words as a large organisation uses in such texts.
const WORDS: usize = 20_000;

fn made_words(random: &mut Random) -> Vec<String> {
    const SYLLABLES: &[&str] = &[
        "ba", "co", "di", "fe", "gra", "ho", "in", "ju", "ka", "lo", "mem", "ni", "or", "pre", "qui", "ren", "sta",
        "ti", "un", "ver", "wil", "ex", "ya", "zo", "bil", "pay", "ser", "for", "ment", "al",
    ];
    let word =
        |random: &mut Random| (0..2 + random.below(3)).map(|_| SYLLABLES[random.below(SYLLABLES.len())]).collect();
    (0..WORDS).map(|_| word(random)).collect()
}

fn phrase(words: &[String], random: &mut Random) -> String {
    let words: Vec<&str> = (0..2 + random.below(3)).map(|_| random.word(words)).collect();
    words.join(" ")
}

/// A directory of so many options, ten on a line, each with a label and three needs.
fn made(options: usize, words: &[String], random: &mut Random) -> String {
    let mut text = String::from(
        "(schema: 1, id: \"made\", name: \"Made\", organisation: \"Nobody\", source: \"A benchmark\",\n\
         transcribed: \"2026-11-23\",\n\
         audiences: [(id: \"one\", name: \"One\", short: \"One\"), (id: \"two\", name: \"Two\", short: \"Two\")],\n\
         contacts: [\n",
    );
    for line in 0..options / 10 {
        let audience = if line % 2 == 0 { "one" } else { "two" };
        let (exchange, last) = (200 + line / 10_000, line % 10_000);
        let _ = writeln!(
            text,
            "(id: \"line-{line}\", name: \"{}\", source: \"Page\", audiences: [\"{audience}\"], channels: [(phone: \"1-800-{exchange}-{last:04}\", menu: [",
            phrase(words, random)
        );
        for key in 0..10 {
            let needs: Vec<String> = (0..3).map(|_| format!("\"{}\"", phrase(words, random))).collect();
            let _ =
                writeln!(text, "(key: \"{key}\", label: \"{}\", needs: [{}]),", phrase(words, random), needs.join(","));
        }
        text += "])]),\n";
    }
    text + "])\n"
}

/// As many needs of each kind.
const NEEDS: usize = 300;

fn needs_of(directory: &Directory, random: &mut Random) -> Vec<(&'static str, Vec<String>)> {
    let need = |random: &mut Random| {
        let contact = &directory.contacts[random.below(directory.contacts.len())];
        let option = &contact.options[random.below(contact.options.len())];
        let about = &option.details.needs;
        about[random.below(about.len())].to_string()
    };
    let mut of = |kind: &'static str, make: &dyn Fn(String, &mut Random) -> String| {
        let needs = (0..NEEDS).map(|_| {
            let need = need(random);
            make(need, random)
        });
        (kind, needs.collect::<Vec<_>>())
    };
    vec![
        of("direct", &|need, _| need),
        of("partial", &|need, random| need.chars().take(1 + random.below(need.len())).collect()),
        of("typo", &|need, random| {
            let mut letters: Vec<char> = need.chars().collect();
            let place = random.below(letters.len() - 1);
            letters.swap(place, place + 1);
            letters.into_iter().collect()
        }),
        of("sentence", &|need, _| format!("who do I call when my client wants to know about {need} for her family")),
        of("number", &|_, random| format!("800-200-{:04}", random.below(10_000))),
        of("nonsense", &|need, _| need.chars().rev().collect()),
    ]
}
