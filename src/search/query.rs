//! Parses a query: words with everything they may stand for, numbers and addresses, and the audience and channel that
//! it names.

use super::MatchKind;
use super::channel::{self, Kind};
use super::inverted_index::InvertedIndex;
use super::lexicon::{Guess, WordId};
use super::lookup::{LookedUp, Number, address, number};
use super::names::{Meaning, Names};
use super::text::{folded, is_stop_word, words};
use super::weights::WEIGHTS;
use crate::directory::{AudienceId, Directory};

/// The part of a query that is used: characters, words, and characters of a word. More is pasted by accident.
const MAX_TYPED: usize = 1_000;
const MAX_WORDS: usize = 48;
const MAX_WORD: usize = 40;
/// The shortest prefix that carries information, in characters.
const SHORTEST: usize = 3;
/// The longest name of an audience or synonym, in words.
const MAX_NAME: usize = 5;
/// The number of known words whose synonyms are looked up for a typed one.
const MAX_SYNONYMS: usize = 4;
/// The number of parts of addresses that are looked up.
const MAX_ADDRESSES: usize = 4;

/// What is looked for.
#[derive(Default)]
pub(super) struct ParsedQuery {
    pub(super) slots: Vec<Slot>,
    /// The number that was typed; none of the words matter then.
    pub(super) number: Option<Number>,
    /// The audiences that were named.
    pub(super) audiences: Vec<AudienceId>,
    /// The channel that was named.
    pub(super) channel: Option<Kind>,
    /// Whether all words say nothing, so that they are looked for all the same.
    only_fillers: bool,
}

impl ParsedQuery {
    /// Who names an audience and nothing else asks for what it has.
    fn settle(&mut self) {
        if self.slots.iter().all(|slot| slot.role != WordRole::Informative) {
            let named = self.slots.iter_mut().filter(|slot| slot.role == WordRole::Audience);
            named.for_each(|slot| slot.role = WordRole::Informative);
        }
    }

    /// Whether there is but the beginning of a word, and that so short that it may be any.
    pub(super) fn is_vague(&self) -> bool {
        let mut informative = self.slots.iter().filter(|slot| slot.role == WordRole::Informative);
        let (Some(only), None) = (informative.next(), informative.next()) else { return false };
        let mut plain =
            only.readings.iter().filter(|reading| reading.how.is_none()).flat_map(|reading| reading.parts.iter());
        only.typed.len() < SHORTEST && plain.all(|part| part.iter().all(|guess| guess.how == MatchKind::Prefix))
    }

    /// Whether a fax, an email or a page is wanted, and nothing else is said.
    pub(super) fn names_channel_only(&self) -> bool {
        let mut informative = self.slots.iter().filter(|slot| slot.role == WordRole::Informative);
        matches!(self.channel, Some(Kind::Fax | Kind::Email | Kind::Web)) && informative.all(|slot| slot.share < 1.0)
    }

    /// How many of the words say something by themselves.
    pub(super) fn informative(&self) -> usize {
        if self.only_fillers { 0 } else { self.slots.iter().filter(|slot| slot.role == WordRole::Informative).count() }
    }
}

/// A word or a few that belong together, and what they may stand for.
pub(super) struct Slot {
    /// As typed.
    pub(super) typed: String,
    pub(super) readings: Vec<Reading>,
    /// Whose the address is that was typed, in place of readings.
    pub(super) address: Vec<LookedUp>,
    /// How much it counts beside its rarity.
    pub(super) share: f32,
    /// What it is for.
    pub(super) role: WordRole,
}

/// What a word is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordRole {
    /// It carries information: a document without it is trusted less.
    Informative,
    /// It names an audience and steers the ranking.
    Audience,
    /// It says nothing by itself.
    Filler,
}

impl Slot {
    fn new(typed: impl Into<String>, readings: Vec<Reading>) -> Self {
        Self { typed: typed.into(), readings, address: Vec::new(), share: 1.0, role: WordRole::Informative }
    }

    /// All that it may stand for.
    pub(super) fn guesses(&self) -> impl Iterator<Item = &Guess> {
        self.readings.iter().flat_map(|reading| reading.parts.iter().flatten())
    }
}

/// One way to understand a slot.
pub(super) struct Reading {
    /// All of these, each by any of its guesses.
    pub(super) parts: Vec<Vec<Guess>>,
    /// How likely it is meant, from 0 to 1.
    pub(super) sure: f32,
    /// What it is called, where that is not plain.
    pub(super) how: Option<MatchKind>,
}

impl Reading {
    fn plain(parts: Vec<Vec<Guess>>) -> Self {
        Self { parts, sure: 1.0, how: None }
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
    /// Whether it is part of an audience's name.
    is_audience: bool,
}

/// Reads what was typed.
pub(super) fn read(need: &str, index: &InvertedIndex, names: &Names, directories: &[Directory]) -> ParsedQuery {
    let end = need.char_indices().nth(MAX_TYPED).map_or(need.len(), |(end, _)| end);
    let need = &need[..end];
    if let Some(number) = number(need, index, directories) {
        return ParsedQuery { number: Some(number), ..ParsedQuery::default() };
    }
    let mut reader = Reader { index, names, query: ParsedQuery::default() };
    let rest = reader.addresses(need);
    let mut tokens = reader.tokens(&rest, need.ends_with(|c: char| c.is_alphanumeric()));
    reader.audiences(&mut tokens);
    let mut place = 0;
    while let Some(token) = tokens.get(place) {
        let is_said = tokens[..place].iter().any(|before| before.text == token.text);
        // Said twice is said.
        let used = if is_said { 1 } else { reader.together(&tokens[place..]) };
        if used == 0 {
            reader.single(token);
        }
        place += used.max(1);
    }
    reader.query.settle();
    reader.query
}

/// What was understood so far.
struct Reader<'a> {
    index: &'a InvertedIndex,
    names: &'a Names,
    query: ParsedQuery,
}

impl Reader<'_> {
    /// Takes the parts of addresses out of a need; the rest comes back.
    fn addresses(&mut self, need: &str) -> String {
        let mut rest = String::with_capacity(need.len());
        let mut looked_up = 0;
        for piece in need.split_whitespace() {
            let bare = piece.trim_matches(|c: char| !(c.is_alphanumeric() || c == '@' || c == '_')).to_lowercase();
            let bare = ["https://", "http://", "mailto:", "www."]
                .iter()
                .fold(&*bare, |text, start| text.strip_prefix(start).unwrap_or(text));
            let is_address = bare.len() > 3 && bare.contains(['@', '_', '.']) && looked_up < MAX_ADDRESSES;
            looked_up += usize::from(is_address);
            let found = if is_address { address(bare, self.index) } else { Vec::new() };
            if found.is_empty() {
                if bare.contains('@') {
                    self.query.channel = Some(Kind::Email);
                }
                rest += piece;
                rest.push(' ');
            } else {
                // It may be no more than a word of a name.
                let parts = words(bare).map(|word| self.index.lexicon.same(word)).collect();
                let readings = vec![Reading { sure: WEIGHTS.word_of_address, ..Reading::plain(parts) }];
                self.query.slots.push(Slot { address: found, share: WEIGHTS.address, ..Slot::new(bare, readings) });
            }
        }
        rest
    }

    fn tokens(&mut self, text: &str, is_growing: bool) -> Vec<Token> {
        let texts = words(text).map(|word| folded(word).into_owned());
        let texts: Vec<String> =
            texts.filter(|word| !word.is_empty() && word.len() <= MAX_WORD).take(MAX_WORDS).collect();
        // A digit or two alone are the beginning of a number, or keys without one.
        if texts.iter().all(|word| word.len() < 3 && word.bytes().all(|byte| byte.is_ascii_digit())) {
            return Vec::new();
        }
        let only_fillers = texts.iter().all(|word| is_stop_word(word));
        self.query.only_fillers = only_fillers && self.query.slots.is_empty();
        let last = texts.len().saturating_sub(1);
        let texts = texts.into_iter().enumerate();
        texts.map(|(place, text)| self.token(text, is_growing && place == last, only_fillers)).collect()
    }

    fn token(&self, text: String, is_growing: bool, keep_stops: bool) -> Token {
        let lexicon = &self.index.lexicon;
        let is_stop = !keep_stops && is_stop_word(&text);
        let guesses = if is_stop {
            lexicon.same(&text)
        } else {
            // A word that English has is not another one mistyped.
            lexicon.guesses(&text, is_growing, !self.names.is_english(&lexicon.stem(&text)))
        };
        let meant = match guesses.first() {
            Some(guess) if guess.how == MatchKind::Typo => lexicon.text(guess.word).to_owned(),
            _ => text.clone(),
        };
        Token { stem: lexicon.stem(&meant), meant, text, guesses, is_stop, is_audience: false }
    }

    /// Takes the audiences that are named: the longest names first.
    fn audiences(&mut self, tokens: &mut [Token]) {
        let mut tokens: Vec<&mut Token> = tokens.iter_mut().filter(|token| !token.is_stop).collect();
        let said: Vec<String> = tokens.iter().map(|token| token.stem.clone()).collect();
        let mut place = 0;
        while place < said.len() {
            let lengths = (1..=MAX_NAME.min(said.len() - place)).rev();
            let named = lengths
                .filter_map(|length| Some((length, self.names.audience(&said[place..place + length].join(" "))?)))
                .next();
            if let Some((length, set)) = named {
                self.query.audiences.extend_from_slice(set);
                tokens[place..place + length].iter_mut().for_each(|token| token.is_audience = true);
            }
            place += named.map_or(1, |(length, _)| length);
        }
    }

    /// Takes words that mean something together only: a synonym of several words, or one word written as two. How many
    /// were taken comes back.
    fn together(&mut self, tokens: &[Token]) -> usize {
        for length in (2..=MAX_NAME.min(tokens.len())).rev() {
            let run = &tokens[..length];
            let stems: Vec<&str> = run.iter().map(|token| &*token.stem).collect();
            let meant: Vec<&str> = run.iter().map(|token| &*token.meant).collect();
            let mut readings = self.synonyms(&stems.join(" "), &meant, 1.0);
            if length == 2 && !run.iter().all(|token| token.is_stop) {
                readings.extend(self.joined(&(run[0].text.clone() + &run[1].text)));
            }
            if readings.is_empty() {
                continue;
            }
            let parts = run.iter().filter(|token| !token.guesses.is_empty()).map(|token| token.guesses.clone());
            readings.push(Reading::plain(parts.collect()));
            let typed: Vec<&str> = run.iter().map(|token| &*token.text).collect();
            let is_name = run.iter().all(|token| token.is_stop || token.is_audience);
            let role = if is_name { WordRole::Audience } else { WordRole::Informative };
            self.query.slots.push(Slot { role, ..Slot::new(typed.join(" "), readings) });
            return length;
        }
        0
    }

    /// The readings of two words as one.
    fn joined(&mut self, text: &str) -> Vec<Reading> {
        let Some(word) = self.index.lexicon.id(text) else { return Vec::new() };
        let stem = self.index.lexicon.stem(text);
        self.name_channel(&stem);
        let mut readings = self.synonyms(&stem, &[text], 1.0);
        readings.push(Reading::plain(vec![vec![Guess { word, likeness: WEIGHTS.joined, how: MatchKind::Split }]]));
        readings
    }

    /// Takes one word.
    fn single(&mut self, token: &Token) {
        let Token { text, guesses, .. } = token;
        let lexicon = &self.index.lexicon;
        if token.is_stop {
            let readings = vec![Reading::plain(vec![guesses.clone()])];
            if !guesses.is_empty() {
                self.query.slots.push(Slot {
                    share: WEIGHTS.filler,
                    role: WordRole::Filler,
                    ..Slot::new(text, readings)
                });
            }
            return;
        }
        let mut readings = Vec::new();
        let is_clear = guesses.iter().any(|guess| guess.how != MatchKind::Fuzzy);
        if !is_clear && let Some(halves) = lexicon.halves(text) {
            readings.push(Reading::plain(halves.map(|guess| vec![guess]).to_vec()));
        } else if !guesses.is_empty() {
            readings.push(Reading::plain(vec![guesses.clone()]));
        }
        readings.extend(self.synonyms(&lexicon.stem(text), &[text], 1.0));
        // A synonym may be mistyped, or still be growing.
        let unsure =
            guesses.iter().filter(|guess| matches!(guess.how, MatchKind::Typo | MatchKind::Prefix)).take(MAX_SYNONYMS);
        for guess in unsure {
            let meant = lexicon.text(guess.word);
            readings.extend(self.synonyms(&lexicon.stem(meant), &[meant], guess.likeness));
        }
        if readings.is_empty() || guesses.iter().all(|guess| guess.how == MatchKind::Prefix) {
            let stem = lexicon.stem(text);
            readings.extend(self.names.english(&stem).map(|means| self.meaning(means, WEIGHTS.everyday_synonym)));
        }
        let channel = self.name_channel(&token.stem);
        let share = if channel.is_some() { WEIGHTS.channel_word } else { 1.0 };
        let role = match channel {
            Some(Kind::Phone) => WordRole::Filler,
            _ if token.is_audience => WordRole::Audience,
            _ => WordRole::Informative,
        };
        self.query.slots.push(Slot { share, role, ..Slot::new(text, readings) });
    }

    /// The readings of words as what the directory's table says they mean.
    fn synonyms(&mut self, stems: &str, typed: &[&str], likeness: f32) -> Vec<Reading> {
        let mut readings = Vec::new();
        for Meaning { means, audiences, .. } in self.names.meanings(stems, typed) {
            if likeness > WEIGHTS.min_audience_similarity {
                self.query.audiences.extend_from_slice(audiences);
            }
            for word in means {
                self.name_channel(&self.index.lexicon.stem(self.index.lexicon.text(*word)));
            }
            readings.push(self.meaning(means, likeness * WEIGHTS.synonym));
        }
        readings
    }

    fn meaning(&self, means: &[WordId], sure: f32) -> Reading {
        let lexicon = &self.index.lexicon;
        let parts = means.iter().map(|word| lexicon.guesses(lexicon.text(*word), false, false)).collect();
        Reading { parts, sure, how: Some(MatchKind::Synonym) }
    }

    fn name_channel(&mut self, stem: &str) -> Option<Kind> {
        let named = channel::named(stem);
        // Nearly every need says call; whoever says fax too wants the fax.
        if named.is_some() && self.query.channel.is_none_or(|kind| kind == Kind::Phone) {
            self.query.channel = named;
        }
        named
    }
}
