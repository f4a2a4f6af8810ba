//! From what was typed to what is looked for: words with all that they may stand for, numbers and addresses, the
//! audience and the channel that were named.

use std::collections::HashMap;
use std::ops::Range;

use super::How;
use super::channel::{self, Kind};
use super::lexicon::{Guess, Lexicon, WordId, is_form};
use super::lookup::{Line, Whose};
use super::tables::Tables;
use super::text::{folded, is_stop_word, words};
use crate::directory::{Answer, AudienceSet, Directory};

/// As much of a need as is looked at; more is no need but an accident.
const MOST_TYPED: usize = 1_000;
const MOST_WORDS: usize = 48;
const LONGEST_WORD: usize = 40;
/// The most words that a name or a synonym is looked for in.
const LONGEST_NAME: usize = 5;
/// Digits alone that may be part of a number, and digits among words.
const FEWEST_DIGITS: usize = 3;
const FEWEST_DIGITS_AMONG_WORDS: usize = 4;
/// The digits of a number without its area code.
const LOCAL_NUMBER: usize = 7;
/// As many numbers or addresses as are looked at; a part of more says nothing.
const MOST_FOUND: usize = 64;
/// How much a word counts that says nothing by itself: it tells apart what is said in much the same words.
const FILLER: f32 = 0.4;
/// How sure it is that a word means what the directory's table says.
const MEANING: f32 = 0.85;
/// How sure it must be that a name of an audience was typed.
const LIKELY: f32 = 0.75;
/// As many known words as are looked up among the synonyms for a typed one.
const MOST_SYNONYMS: usize = 4;
/// How sure it is that a typed address is but a word of a name.
const IN_A_NAME: f32 = 0.5;
/// The digits of a whole number (ITU-T E.164).
const WHOLE_NUMBER: Range<usize> = 8..16;

/// What is looked for.
#[derive(Default)]
pub(super) struct Query {
    pub(super) slots: Vec<Slot>,
    /// Whose the number is that was typed; none of the words matter then.
    pub(super) number: Option<Vec<Found>>,
    /// The audiences that were named.
    pub(super) audiences: AudienceSet,
    /// The channel that was named.
    pub(super) channel: Option<Kind>,
    /// Whether all words say nothing, so that they are looked for all the same.
    only_fillers: bool,
}

impl Query {
    /// How many of the words say something by themselves.
    pub(super) fn telling(&self) -> usize {
        if self.only_fillers { 0 } else { self.slots.iter().filter(|slot| !slot.is_filler).count() }
    }
}

/// A word or a few that belong together, and what they may stand for.
pub(super) struct Slot {
    /// As typed.
    pub(super) typed: String,
    pub(super) readings: Vec<Reading>,
    /// Whose the address is that was typed, in place of readings.
    pub(super) address: Vec<Found>,
    /// How much it counts beside its rarity.
    pub(super) share: f32,
    /// Whether it says nothing by itself, so that an answer is no less trusted without it.
    pub(super) is_filler: bool,
}

impl Slot {
    /// All that it may stand for.
    pub(super) fn guesses(&self) -> impl Iterator<Item = &Guess> {
        self.readings.iter().flat_map(|reading| reading.parts.iter().flatten())
    }
}

/// One way to understand a slot.
pub(super) struct Reading {
    /// All of these, each by any of its guesses.
    pub(super) parts: Vec<Vec<Guess>>,
    /// How sure it is, from 0 to 1.
    pub(super) sure: f32,
    /// What it is called, where that is not plain.
    pub(super) how: Option<How>,
}

/// Whose a number or an address is, and how well it fits, from 0 to 1.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) whose: Whose,
    pub(super) fit: f32,
    pub(super) matched: String,
}

/// The names of audiences and the synonyms of a directory, by the stems of their words.
#[derive(Default)]
pub(super) struct Names {
    audiences: HashMap<String, AudienceSet>,
    meanings: HashMap<String, Vec<Meaning>>,
}

/// What a directory says that words mean.
struct Meaning {
    /// As they stand in its table, in lower case.
    said: Vec<String>,
    means: Vec<WordId>,
    /// The audiences with such a name.
    audiences: AudienceSet,
}

impl Names {
    pub(super) fn new(directory: &Directory, lexicon: &Lexicon) -> Self {
        let stems = |text: &str, all: bool| {
            let stems = words(text).map(folded).filter(|word| all || !is_stop_word(word));
            stems.map(|word| lexicon.stem(&word)).collect::<Vec<_>>().join(" ")
        };
        let mut names = Self::default();
        for (place, audience) in directory.audiences.iter().enumerate() {
            for text in [&audience.name, &audience.short].into_iter().chain(&audience.aliases) {
                names.audiences.entry(stems(text, false)).or_default().insert(place);
            }
        }
        for synonym in &directory.synonyms {
            let means: Vec<WordId> = words(&synonym.means).map(folded).filter_map(|word| lexicon.id(&word)).collect();
            let audiences = names.audiences.get(&stems(&synonym.means, false)).copied().unwrap_or_default();
            for typed in &synonym.words {
                let said = words(typed).map(|word| folded(word).into_owned()).collect();
                let meaning = Meaning { said, means: means.clone(), audiences };
                names.meanings.entry(stems(typed, true)).or_default().push(meaning);
            }
        }
        names
    }

    /// What words mean besides themselves. Words with the same stem are not always the same: `insured`, `insurance`.
    fn meanings<'a>(&'a self, stems: &str, typed: &'a [&str]) -> impl Iterator<Item = &'a Meaning> {
        self.meanings.get(stems).into_iter().flatten().filter(move |meaning| {
            meaning.said.len() == typed.len()
                && meaning.said.iter().zip(typed).all(|(said, typed)| is_form(said, typed))
        })
    }
}

/// A typed word.
struct Token {
    text: String,
    /// What it most likely stands for.
    meant: String,
    /// The stem of that.
    stem: String,
    guesses: Vec<Guess>,
    is_stop: bool,
}

/// Reads what was typed.
pub(super) fn read(need: &str, tables: &Tables, names: &Names, directory: &Directory) -> Query {
    let end = need.char_indices().nth(MOST_TYPED).map_or(need.len(), |(end, _)| end);
    let need = &need[..end];
    let mut query = Query::default();
    let rest = match number(need, tables, directory) {
        Some(found) => {
            query.number = Some(found);
            return query;
        }
        None => addresses(need, tables, &mut query),
    };
    let mut texts: Vec<String> = words(&rest).map(|word| folded(word).into_owned()).collect();
    texts.retain(|word| !word.is_empty() && word.len() <= LONGEST_WORD);
    texts.truncate(MOST_WORDS);
    let is_growing = need.ends_with(|c: char| c.is_alphanumeric());
    let last = texts.len().saturating_sub(1);
    let only_fillers = texts.iter().all(|word| is_stop_word(word));
    let tokens: Vec<Token> = texts
        .into_iter()
        .enumerate()
        .map(|(place, text)| token(text, is_growing && place == last, only_fillers, &tables.lexicon))
        .collect();
    name_audiences(&tokens, names, &mut query);
    let mut place = 0;
    while place < tokens.len() {
        // Said twice is said.
        if tokens[..place].iter().any(|before| before.text == tokens[place].text) {
            place += 1;
            continue;
        }
        let used = together(&tokens[place..], tables, names, &mut query);
        if used == 0 {
            single(&tokens[place], tables, names, &mut query);
        }
        place += used.max(1);
    }
    query.only_fillers = only_fillers && query.slots.iter().all(|slot| slot.address.is_empty());
    query
}

fn token(text: String, is_growing: bool, keep_stops: bool, lexicon: &Lexicon) -> Token {
    let is_stop = !keep_stops && is_stop_word(&text);
    let guesses = if is_stop { lexicon.same(&text) } else { lexicon.guesses(&text, is_growing) };
    let best = guesses.first().filter(|guess| guess.how != How::Fuzzy);
    let meant = match best {
        Some(guess) if guess.how == How::Typo => lexicon.text(guess.word).to_owned(),
        _ => text.clone(),
    };
    Token { stem: lexicon.stem(&meant), meant, text, guesses, is_stop }
}

/// The audiences that are named: the longest names first.
fn name_audiences(tokens: &[Token], names: &Names, query: &mut Query) {
    let said: Vec<&str> = tokens.iter().filter(|token| !token.is_stop).map(|token| &*token.stem).collect();
    let mut place = 0;
    while place < said.len() {
        let most = LONGEST_NAME.min(said.len() - place);
        let named = (1..=most)
            .rev()
            .find_map(|length| Some((length, names.audiences.get(&said[place..place + length].join(" "))?)));
        if let Some((_, set)) = named {
            query.audiences = query.audiences.union(*set);
        }
        place += named.map_or(1, |(length, _)| length);
    }
}

/// Takes words that mean something together only: a synonym of several words, or one word written as two. How many were
/// taken comes back.
fn together(tokens: &[Token], tables: &Tables, names: &Names, query: &mut Query) -> usize {
    for length in (2..=LONGEST_NAME.min(tokens.len())).rev() {
        let run = &tokens[..length];
        let stems: Vec<&str> = run.iter().map(|token| &*token.stem).collect();
        let mut readings = Vec::new();
        let meant: Vec<&str> = run.iter().map(|token| &*token.meant).collect();
        for meaning in names.meanings(&stems.join(" "), &meant) {
            readings.push(synonym(meaning, 1.0, query, tables));
        }
        let joined: String = run.iter().map(|token| &*token.text).collect();
        if length == 2
            && !run.iter().all(|token| token.is_stop)
            && let Some(word) = tables.lexicon.id(&joined)
        {
            let guess = Guess { word, likeness: 0.95, how: How::Split };
            readings.push(Reading { parts: vec![vec![guess]], sure: 1.0, how: None });
            for meaning in names.meanings(&tables.lexicon.stem(&joined), &[&joined]) {
                readings.push(synonym(meaning, 1.0, query, tables));
            }
            name_channel(&joined, query);
        }
        if readings.is_empty() {
            continue;
        }
        let parts: Vec<Vec<Guess>> =
            run.iter().filter(|token| !token.guesses.is_empty()).map(|token| token.guesses.clone()).collect();
        if !parts.is_empty() {
            readings.push(Reading { parts, sure: 1.0, how: None });
        }
        let typed = run.iter().map(|token| &*token.text).collect::<Vec<_>>().join(" ");
        query.slots.push(Slot { typed, readings, address: Vec::new(), share: 1.0, is_filler: false });
        return length;
    }
    0
}

/// Takes one word.
fn single(token: &Token, tables: &Tables, names: &Names, query: &mut Query) {
    let mut readings = Vec::new();
    if token.is_stop {
        if !token.guesses.is_empty() {
            readings.push(Reading { parts: vec![token.guesses.clone()], sure: 1.0, how: None });
            query.slots.push(Slot {
                typed: token.text.clone(),
                readings,
                address: Vec::new(),
                share: FILLER,
                is_filler: true,
            });
        }
        return;
    }
    let is_known =
        token.guesses.iter().any(|guess| matches!(guess.how, How::Exact | How::Stem | How::Prefix | How::Typo));
    if !is_known && let Some(halves) = tables.lexicon.halves(&token.text) {
        readings.push(Reading { parts: halves.map(|guess| vec![guess]).to_vec(), sure: 1.0, how: None });
    } else if !token.guesses.is_empty() {
        readings.push(Reading { parts: vec![token.guesses.clone()], sure: 1.0, how: None });
    }
    // A synonym may be mistyped, or still be growing.
    let guessed = token.guesses.iter().filter(|guess| matches!(guess.how, How::Typo | How::Prefix)).take(MOST_SYNONYMS);
    let said = guessed.map(|guess| (tables.lexicon.text(guess.word), guess.likeness));
    for (text, likeness) in std::iter::once((&*token.text, 1.0)).chain(said) {
        for meaning in names.meanings(&tables.lexicon.stem(text), &[text]) {
            readings.push(synonym(meaning, likeness, query, tables));
        }
    }
    let channel = name_channel(&token.stem, query);
    let share = if channel.is_some() { channel::SHARE } else { 1.0 };
    let is_filler = channel == Some(Kind::Phone);
    query.slots.push(Slot { typed: token.text.clone(), readings, address: Vec::new(), share, is_filler });
}

/// The reading of a word as what the directory's table says it means.
fn synonym(meaning: &Meaning, likeness: f32, query: &mut Query, tables: &Tables) -> Reading {
    if likeness > LIKELY {
        query.audiences = query.audiences.union(meaning.audiences);
    }
    let lexicon = &tables.lexicon;
    let parts = meaning.means.iter().map(|word| {
        let text = lexicon.text(*word);
        name_channel(&lexicon.stem(text), query);
        lexicon.guesses(text, false)
    });
    Reading { parts: parts.collect(), sure: likeness * MEANING, how: Some(How::Synonym) }
}

fn name_channel(stem: &str, query: &mut Query) -> Option<Kind> {
    let named = channel::named(stem);
    // Nearly every need says call; whoever says fax too wants the fax.
    if named.is_some() && !matches!(query.channel, Some(kind) if kind != Kind::Phone) {
        query.channel = named;
    }
    named
}

/// Whose number is in a need; `None` where there is none that could be one.
fn number(need: &str, tables: &Tables, directory: &Directory) -> Option<Vec<Found>> {
    let is_part = |c: char| c.is_ascii_digit() || " -.()/+,\u{a0}\u{2010}\u{2011}\u{2013}".contains(c);
    let has_words = need.contains(|c: char| !is_part(c));
    let fewest = if has_words { FEWEST_DIGITS_AMONG_WORDS } else { FEWEST_DIGITS };
    let digits_of = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let mut rest = need;
    let digits = loop {
        let (run, after) = rest.split_at(rest.find(|c: char| !is_part(c)).unwrap_or(rest.len()));
        let digits = digits_of(run);
        rest = after.trim_start_matches(|c: char| !is_part(c));
        if digits.len() >= fewest {
            break digits;
        }
        if rest.is_empty() {
            return None;
        }
    };
    let whole = with_keys(&digits, &digits_of(rest), tables, directory);
    if !whole.is_empty() {
        return Some(whole);
    }
    let fit = |line: &Line<'_>| {
        let is_end = line.place + digits.len() == line.text.len();
        // From the country code, the area code, the exchange or the line; or so much that it is no accident.
        let is_start = line.place == 0 || (line.text.starts_with('1') && [1, 4, 7].contains(&line.place));
        match (is_end, is_start) {
            (true, _) => Some(1.0),
            (_, true) => Some(0.9),
            _ => (digits.len() > FEWEST_DIGITS_AMONG_WORDS).then_some(0.7),
        }
    };
    let lines = tables.numbers.find(&digits).filter_map(|line| Some((fit(&line)?, line)));
    let found = best(lines);
    // Years, statutes and room numbers are words; a number that nobody has is no one's.
    (!found.is_empty() || (!has_words && digits.len() >= LOCAL_NUMBER)).then_some(found)
}

/// The lines that fit best, so many at the most.
fn best<'a>(lines: impl Iterator<Item = (f32, Line<'a>)>) -> Vec<Found> {
    let mut lines: Vec<(f32, Line<'a>)> = lines.collect();
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    let kept = lines.into_iter().take(MOST_FOUND);
    kept.map(|(fit, line)| Found { whose: line.whose, fit, matched: line.text.to_owned() }).collect()
}

/// Whose a whole number is, with the keys typed after it: among its digits, or in words, "press 1, then 2".
fn with_keys(digits: &str, keys_after: &str, tables: &Tables, directory: &Directory) -> Vec<Found> {
    for length in WHOLE_NUMBER.rev().filter(|length| *length <= digits.len()) {
        let (number, keys) = digits.split_at(length);
        let lines = tables.numbers.find(number).filter(|line| {
            line.place + length == line.text.len()
                && (line.place == 0 || (line.place == 1 && line.text.starts_with('1')))
        });
        let found: Vec<Found> = lines
            .map(|line| {
                let whose = walked(line.whose, keys.chars().chain(keys_after.chars()), tables, directory);
                Found { whose, fit: 1.0, matched: line.text.to_owned() }
            })
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The option that keys lead to, as far as there are such.
fn walked(whose: Whose, keys: impl Iterator<Item = char>, tables: &Tables, directory: &Directory) -> Whose {
    let Some(listed) = tables.answers.get(whose.0) else { return whose };
    let mut here = listed.answer;
    for key in keys {
        let next = directory
            .children(here)
            .into_iter()
            .find(|child| directory.option(*child).is_some_and(|option| option.key.as_char() == key));
        match next {
            Some(next) => here = next,
            None => break,
        }
    }
    match here {
        Answer::Option(_, option) => (whose.0 + 1 + option, None),
        _ => whose,
    }
}

/// Takes the parts of addresses out of a need; the rest comes back.
fn addresses(need: &str, tables: &Tables, query: &mut Query) -> String {
    let mut rest = String::with_capacity(need.len());
    for piece in need.split_whitespace().take(MOST_WORDS * 2) {
        let bare = piece.trim_matches(|c: char| !(c.is_alphanumeric() || c == '@' || c == '_')).to_lowercase();
        let bare = ["https://", "http://", "mailto:", "www."]
            .iter()
            .fold(&*bare, |text, start| text.strip_prefix(start).unwrap_or(text));
        let is_address = bare.len() > 3 && bare.len() < 256 && bare.contains(['@', '_', '.']);
        let found: Vec<Found> = if is_address { address(bare, tables) } else { Vec::new() };
        if found.is_empty() {
            if is_address && bare.contains('@') {
                query.channel = Some(Kind::Email);
            }
            rest += piece;
            rest.push(' ');
        } else {
            // It may be no more than a word of a name.
            let parts = words(bare).map(|word| tables.lexicon.same(word)).collect();
            let readings = vec![Reading { parts, sure: IN_A_NAME, how: None }];
            query.slots.push(Slot { typed: bare.to_owned(), readings, address: found, share: 2.0, is_filler: false });
        }
    }
    rest
}

fn address(part: &str, tables: &Tables) -> Vec<Found> {
    let fit = |line: &Line<'_>| match line.text[..line.place].chars().next_back() {
        None if line.text.len() == part.len() => 1.0,
        None => 0.95,
        Some('.' | '@' | '_') => 0.7,
        Some(_) => 0.5,
    };
    best(tables.addresses.find(part).map(|line| (fit(&line), line)))
}
