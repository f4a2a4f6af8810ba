//! The find box: what was typed, what was found, and what was found before.

use tui_input::Input;

use super::tree::{Cursor, Shelf};
use super::{App, Layer};
use crate::directory::Answer;
use crate::search::{Found, Hit, Question};

/// The lines above the answers: what is typed, and what is to be said about the answers.
pub const FIND_HEAD: usize = 2;
/// As many answers as a search shows.
const MOST_HITS: usize = 50;
/// As many finds as are remembered while the program runs.
const MOST_RECENT: usize = 9;
/// An answer outside the searched audience comes first when its score is so many times that of the best inside.
const FAR_BETTER: f32 = 1.6;
/// Answers whose scores, of 1, differ by less keep their order while one types on.
const NEAR: f32 = 0.03;

/// The find box and what was found.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// What was typed.
    pub input: Input,
    /// The only audience that is searched, in `Directory::audiences`.
    pub audience: Option<usize>,
    /// The answers, best first; the recent ones while nothing is typed.
    pub hits: Vec<Hit>,
    /// How many of the first are as good as each other, each for other audiences.
    pub by_audience: usize,
    /// The one of the hits that is better, but not for the audience that is searched.
    pub outside: Option<usize>,
    /// Where the user stands in them.
    pub cursor: Cursor,
    pub(super) card_top_before: usize,
}

impl Find {
    /// The hit the user stands on.
    pub fn hit(&self) -> Option<&Hit> {
        self.hits.get(self.cursor.selected)
    }

    /// Whether nothing has been typed, so that the hits are recent ones.
    pub fn is_empty(&self) -> bool {
        self.input.value().trim().is_empty()
    }

    /// Takes what was found, in an order that does not jump while one types on.
    fn take(&mut self, found: Found, before: &[Answer]) {
        self.hits = found.hits;
        let place = |hit: &Hit| before.iter().position(|answer| *answer == hit.answer).unwrap_or(usize::MAX);
        for end in 1..self.hits.len() {
            let jumps = |pair: &[Hit]| {
                pair[0].weak == pair[1].weak
                    && pair[0].score - pair[1].score < NEAR
                    && place(&pair[1]) < place(&pair[0])
            };
            let mut here = end;
            while here > 0 && jumps(&self.hits[here - 1..=here]) {
                self.hits.swap(here - 1, here);
                here -= 1;
            }
        }
        self.by_audience = found.by_audience;
        self.outside = found.outside.map(|outside| {
            let is_far_better = |first: &Hit| first.weak || outside.score > first.score * FAR_BETTER;
            let place = if self.hits.first().is_none_or(is_far_better) { 0 } else { self.hits.len() };
            self.hits.insert(place, outside);
            place
        });
        self.cursor = Cursor::default();
    }
}

impl App {
    /// Opens the find box. Whoever has chosen an audience searches there; else everywhere.
    pub(super) fn open_find(&mut self) {
        let find = Find { audience: self.chosen, card_top_before: self.card_top, ..Find::default() };
        self.over = Some(Layer::Find(find));
        self.search();
    }

    /// Takes the audience whose shelf the user goes into as chosen.
    pub(super) fn choose_audience(&mut self) {
        self.chosen = match self.tree.shelf() {
            Shelf::Audience(audience) => Some(audience),
            _ => None,
        };
    }

    /// Searches the chosen audience only, or again all of them.
    pub(super) fn narrow(&mut self) {
        let Some(Layer::Find(find)) = &mut self.over else { return };
        match (find.audience, self.chosen) {
            (None, None) => self.message = Some("No audience is chosen; all are searched".into()),
            (None, chosen) => find.audience = chosen,
            (Some(_), _) => find.audience = None,
        }
        // What was first for one audience is no guide to all.
        find.hits.clear();
        self.search();
    }

    /// Searches for what is in the box.
    pub(super) fn search(&mut self) {
        let Some(Layer::Find(find)) = &mut self.over else { return };
        let before: Vec<Answer> = find.hits.iter().map(|hit| hit.answer).collect();
        let found = if find.is_empty() {
            Found { hits: self.recent.clone(), ..Found::default() }
        } else {
            let question = Question { need: find.input.value(), audience: find.audience, most: MOST_HITS };
            self.index.find(&question)
        };
        find.take(found, &before);
        self.card_top = 0;
    }

    /// Remembers the hit that the user goes to.
    pub(super) fn remember(&mut self, hit: &Hit) {
        self.recent.retain(|recent| recent.answer != hit.answer);
        let plain = Hit { marks: Vec::new(), why: Vec::new(), weak: false, ..hit.clone() };
        self.recent.insert(0, plain);
        self.recent.truncate(MOST_RECENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(place: usize, score: f32) -> Hit {
        let answer = Answer::Contact(place);
        Hit { answer, channel: None, score, weak: false, lacks_channel: false, marks: Vec::new(), why: Vec::new() }
    }

    #[test]
    fn only_answers_that_are_nearly_as_good_keep_their_order() {
        let before = [Answer::Contact(1), Answer::Contact(0), Answer::Contact(2)];
        let mut find = Find::default();
        let hits = vec![hit(0, 0.80), hit(1, 0.79), hit(3, 0.78), hit(2, 0.50)];
        find.take(Found { hits, ..Found::default() }, &before);
        let order: Vec<Answer> = find.hits.iter().map(|hit| hit.answer).collect();
        assert_eq!(order, [1, 0, 3, 2].map(Answer::Contact));
    }
}
