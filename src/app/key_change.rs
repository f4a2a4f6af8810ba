//! A user's changes of the keymap, and what can be wrong with them. The configuration says where each stands in its
//! file.

use std::fmt::{self, Display, Formatter};

use super::bindings::ROWS;
use super::event::KeyPress;

/// The actions that must have a key.
const WITH_KEY: [&str; 2] = ["quit", "keys"];

/// The least similarity of a name that may be meant, from 0 to 1.
const MIN_SIMILARITY: f64 = 0.8;

/// A user's change: the keys of an action instead of those of the preset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The name of the action.
    pub action: String,
    /// The names of its keys; none for an action that is only in the palette.
    pub keys: Vec<String>,
}

/// A part of a change that is not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The index of the change.
    pub change: usize,
    /// The index of the key in the change; `None` if the problem is the action.
    pub key: Option<usize>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What is wrong with a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// No action has the name; a similar one may be meant.
    UnknownAction(String, Option<&'static str>),
    /// An earlier change is for the same action.
    RepeatedAction(String),
    /// The action must have a key, so that there is a way out and a way to all others.
    NeedsKey(&'static str),
    /// No key has the name.
    UnknownKey(String),
    /// The key has another action already.
    TakenKey(KeyPress, &'static str),
    /// The character is typed into a query, or is a key of the phone.
    TypedKey(KeyPress),
}

impl Display for ProblemKind {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownAction(name, None) => write!(out, "there is no action {name:?}"),
            Self::UnknownAction(name, Some(similar)) => {
                write!(out, "there is no action {name:?}; did you mean {similar:?}?")
            }
            Self::RepeatedAction(name) => write!(out, "the keys of {name:?} are listed twice"),
            Self::NeedsKey(name) => write!(out, "{name:?} must have a key"),
            Self::UnknownKey(name) => write!(out, "there is no key {name:?}; write \"ctrl-y\", \"f5\" or \"pgup\""),
            Self::TakenKey(key, action) => write!(out, "{} is the key of {action:?} already", key.name()),
            Self::TypedKey(key) => write!(out, "{} is typed or dialled; use a key with Ctrl or Alt", key.name()),
        }
    }
}

/// A change whose action exists, with those of its keys that do.
pub(super) struct Parsed<'a> {
    pub(super) action: &'a str,
    /// The index of the change.
    pub(super) change: usize,
    /// The keys, each with its index in the change.
    pub(super) keys: Vec<(usize, KeyPress)>,
}

/// Parses changes. An action whose keys are all unknown keeps those that it has.
pub(super) fn parse(changes: &[Change]) -> (Vec<Parsed<'_>>, Vec<Problem>) {
    let (mut parsed, mut problems): (Vec<Parsed<'_>>, Vec<Problem>) = (Vec::new(), Vec::new());
    for (change, Change { action, keys: names }) in changes.iter().enumerate() {
        let needs_key = WITH_KEY.into_iter().find(|needed| needed == action && names.is_empty());
        if let Some(kind) = action_problem(action, &parsed).or(needs_key.map(ProblemKind::NeedsKey)) {
            problems.push(Problem { change, key: None, kind });
            continue;
        }
        let mut keys = Vec::new();
        for (i, name) in names.iter().enumerate() {
            match KeyPress::parse(name) {
                Some(press) => keys.push((i, press)),
                None => problems.push(Problem { change, key: Some(i), kind: ProblemKind::UnknownKey(name.clone()) }),
            }
        }
        if !keys.is_empty() || names.is_empty() {
            parsed.push(Parsed { action, change, keys });
        }
    }
    (parsed, problems)
}

fn action_problem(name: &str, before: &[Parsed<'_>]) -> Option<ProblemKind> {
    if before.iter().any(|change| change.action == name) {
        return Some(ProblemKind::RepeatedAction(name.to_owned()));
    }
    let is_known = names().any(|known| known == name);
    (!is_known).then(|| ProblemKind::UnknownAction(name.to_owned(), similar(name)))
}

/// The names of all actions.
fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.name).filter(|name| !name.is_empty())
}

/// The name of an action that is spelled nearly as a name that no action has.
fn similar(name: &str) -> Option<&'static str> {
    let near = names().map(|known| (strsim::jaro_winkler(known, name), known));
    near.filter(|(similarity, _)| *similarity > MIN_SIMILARITY)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
}
