//! The keymap: the table of keys with a user's changes. Resolves a key to an action, and names the keys of an action
//! for the footer, the palette and `docs/keys.md`.

pub use super::action::{Action, InputMode, Modes};
pub use super::bindings::CHAPTERS;
use super::bindings::{Keys, ROWS, Row};
use super::event::{Code, KeyPress};
pub use super::key_change::{Change, Problem, ProblemKind};
use super::key_change::{Parsed, parse};
use super::keyboard::on_other_layouts;

/// A set of keys to start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// Letters are always a query.
    #[default]
    Standard,
    /// Letters are keys as in vi; `/` begins a query.
    Vim,
}

/// A row of the table with its keys.
#[derive(Clone, Debug)]
struct Binding {
    row: &'static Row,
    keys: Vec<KeyPress>,
}

impl Binding {
    /// The action of a key.
    fn action(&self, press: KeyPress) -> Option<Action> {
        match (&self.row.keys, press) {
            (Keys::Named(.., action), _) => self.keys.contains(&press).then_some(*action),
            (
                Keys::Range(_, action) | Keys::Letters(_, action),
                KeyPress { code: Code::Char(c), ctrl: false, alt: false },
            ) => action(c),
            _ => None,
        }
    }

    /// The action of its keys, unless each has one of its own.
    fn own_action(&self) -> Option<Action> {
        match self.row.keys {
            Keys::Named(.., action) => Some(action),
            Keys::Range(..) | Keys::Letters(..) => None,
        }
    }
}

/// A line of the list of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLine {
    /// The name of the action in the configuration; empty if each key has an action of its own.
    pub name: &'static str,
    /// What the keys do.
    pub help: &'static str,
    /// The names of the keys.
    pub keys: Vec<String>,
    /// The action, unless each key has one of its own.
    pub action: Option<Action>,
}

/// A hint for the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The name of the key.
    pub key: String,
    /// What it does, in a word.
    pub word: &'static str,
    /// The action, unless each key has one of its own.
    pub action: Option<Action>,
}

/// The keys of all actions.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::preset(Preset::default())
    }
}

impl Keymap {
    /// The keys of a preset with changes. What cannot be applied is returned, and the keymap is without it.
    pub fn new(preset: Preset, changes: &[Change]) -> (Self, Vec<Problem>) {
        let mut keymap = Self::preset(preset);
        let (parsed, mut problems) = parse(changes);
        // Before any is given a new key, so that two actions can exchange theirs.
        let is_changed = |binding: &&mut Binding| parsed.iter().any(|change| change.action == binding.row.name);
        keymap.bindings.iter_mut().filter(is_changed).for_each(|binding| binding.keys.clear());
        for Parsed { action, change, keys } in &parsed {
            for (key, press) in keys {
                if let Err(kind) = keymap.bind(action, *press) {
                    problems.push(Problem { change: *change, key: Some(*key), kind });
                }
            }
        }
        // An action whose new keys are all refused keeps those of the preset that no other action has now.
        let refused = |change: &&Parsed<'_>| !change.keys.is_empty() && keymap.keys(change.action).is_empty();
        let refused: Vec<&str> = parsed.iter().filter(refused).map(|change| change.action).collect();
        for action in refused {
            for press in Self::preset(preset).keys(action) {
                let _ = keymap.bind(action, press);
            }
        }
        problems.sort_by_key(|problem| (problem.change, problem.key));
        (keymap, problems)
    }

    /// The keys of an action.
    fn keys(&self, name: &str) -> Vec<KeyPress> {
        self.bindings.iter().filter(|binding| binding.row.name == name).flat_map(|own| own.keys.clone()).collect()
    }

    fn preset(preset: Preset) -> Self {
        let parse = |keys: &'static str| keys.split_whitespace().filter_map(KeyPress::parse);
        let binding = |row: &'static Row| {
            let keys = match (&row.keys, preset) {
                (Keys::Named(keys, _, _), Preset::Standard) => parse(keys).collect(),
                (Keys::Named(keys, vim, _), Preset::Vim) => parse(vim).chain(parse(keys)).collect(),
                (Keys::Range(..), _) | (Keys::Letters(..), Preset::Standard) => Vec::new(),
                (Keys::Letters(..), Preset::Vim) => return None,
            };
            Some(Binding { row, keys })
        };
        Self { bindings: ROWS.iter().filter_map(binding).collect() }
    }

    /// Adds a key to the action of a name, unless the key has another meaning in one of its modes.
    fn bind(&mut self, name: &str, press: KeyPress) -> Result<(), ProblemKind> {
        let modes: Vec<Modes> =
            self.bindings.iter().filter(|own| own.row.name == name).map(|own| own.row.modes).collect();
        let is_shared = |row: &Row| InputMode::all().any(|mode| (row.modes)(mode) && modes.iter().any(|own| own(mode)));
        let is_taken =
            |other: &&Binding| other.row.name != name && other.action(press).is_some() && is_shared(other.row);
        if let Some(other) = self.bindings.iter().find(is_taken) {
            return Err(match other.own_action() {
                Some(_) => ProblemKind::TakenKey(press, other.row.name),
                None => ProblemKind::TypedKey(press),
            });
        }
        for own in self.bindings.iter_mut().filter(|own| own.row.name == name) {
            if !own.keys.contains(&press) {
                own.keys.push(press);
            }
        }
        Ok(())
    }

    /// The action of a key in a mode. A character without one stands for the key in its position on a US keyboard, so
    /// that chords work on a Cyrillic keyboard, and the digits of a French one without Shift.
    pub fn resolve(&self, press: KeyPress, mode: InputMode) -> Option<Action> {
        let press = press.normalized();
        let find = |press: KeyPress| self.here(mode).find_map(|binding| binding.action(press));
        let KeyPress { code: Code::Char(c), .. } = press else { return find(press) };
        let elsewhere = || on_other_layouts(c).find_map(|c| find(KeyPress { code: Code::Char(c), ..press }));
        find(press).or_else(elsewhere)
    }

    fn here(&self, mode: InputMode) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |binding| (binding.row.modes)(mode))
    }

    /// The names of a binding's keys that have its meaning in one of some modes: in a query, letters are text.
    fn names(&self, binding: &Binding, modes: &dyn Fn(InputMode) -> bool) -> Vec<String> {
        match &binding.row.keys {
            Keys::Named(.., action) => {
                let means = |key: KeyPress, mode| modes(mode) && self.resolve(key, mode) == Some(*action);
                let keys = binding.keys.iter().filter(|key| InputMode::all().any(|mode| means(**key, mode)));
                keys.map(|key| key.name()).collect()
            }
            Keys::Range(name, _) | Keys::Letters(name, _) => vec![(*name).to_owned()],
        }
    }

    /// The hints of the footer for a mode, one for each word.
    pub fn hints(&self, mode: InputMode) -> Vec<Hint> {
        let mut hints: Vec<Hint> = Vec::new();
        for binding in self.here(mode) {
            let word = binding.row.hint;
            if !word.is_empty() && hints.iter().all(|hint| hint.word != word) {
                let first = self.names(binding, &|other| other == mode).into_iter().next();
                hints.extend(first.map(|key| Hint { key, word, action: binding.own_action() }));
            }
        }
        hints
    }

    /// The lines of the list of keys for some modes.
    pub fn lines(&self, modes: impl Fn(InputMode) -> bool) -> Vec<KeyLine> {
        let here = |binding: &&Binding| InputMode::all().any(|mode| modes(mode) && (binding.row.modes)(mode));
        let line = |binding: &Binding| {
            let keys = self.names(binding, &modes);
            KeyLine { name: binding.row.name, help: binding.row.help, keys, action: binding.own_action() }
        };
        self.bindings.iter().filter(here).map(line).collect()
    }

    /// Whether a letter in a pane begins a query.
    pub fn letters_search(&self) -> bool {
        self.bindings.iter().any(|binding| matches!(binding.row.keys, Keys::Letters(..)))
    }

    /// The name of the first key of an action, for messages; the name of the palette's key if it has none.
    pub fn key_name(&self, action: Action) -> String {
        let first = |action| {
            let own = self.bindings.iter().filter(|binding| binding.own_action() == Some(action));
            own.flat_map(|binding| self.names(binding, &|_| true)).next()
        };
        first(action).or_else(|| first(Action::Palette)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::{Edit, Motion};
    use crate::app::layout::Pane;

    const TREE: InputMode = InputMode::Pane(Pane::Tree);

    fn key(name: &str) -> KeyPress {
        KeyPress::parse(name).unwrap()
    }

    fn change(action: &str, keys: &[&str]) -> Change {
        Change { action: action.into(), keys: keys.iter().map(|key| (*key).to_owned()).collect() }
    }

    fn says(changes: &[Change]) -> (Keymap, Vec<String>) {
        let (keymap, problems) = Keymap::new(Preset::Standard, changes);
        let text = |problem: Problem| format!("{}.{:?}: {}", problem.change, problem.key, problem.kind);
        (keymap, problems.into_iter().map(text).collect())
    }

    #[test]
    fn no_key_has_two_meanings_in_a_mode() {
        for preset in [Preset::Standard, Preset::Vim] {
            for mode in InputMode::all() {
                let keymap = Keymap::preset(preset);
                let mut seen: Vec<KeyPress> = Vec::new();
                for press in keymap.here(mode).flat_map(|binding| &binding.keys) {
                    assert!(!seen.contains(press), "{} twice in {mode:?}, {preset:?}", press.name());
                    seen.push(*press);
                }
            }
        }
    }

    #[test]
    fn every_key_of_the_table_has_a_name() {
        for row in ROWS {
            let Keys::Named(keys, vim, _) = row.keys else { continue };
            for name in keys.split_whitespace().chain(vim.split_whitespace()) {
                assert!(KeyPress::parse(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn letters_search_digits_dial_and_chords_act_everywhere() {
        let keymap = Keymap::default();
        let at = |name: &str, mode| keymap.resolve(key(name), mode);
        let one = crate::directory::phone::Key::new('1').map(Action::Press);
        for (name, mode, action) in [
            ("1", InputMode::Pane(Pane::Audience), Some(Action::Choose(0))),
            ("1", TREE, one),
            ("1", InputMode::Find, Some(Action::Edit(Edit::Insert('1')))),
            ("1", InputMode::LinkWarning, None),
            ("q", TREE, Some(Action::Search('q'))),
            ("é", TREE, Some(Action::Search('é'))),
            ("(", TREE, crate::directory::phone::Key::new('5').map(Action::Press)),
            ("é", InputMode::Copy, Some(Action::CopyItem(1))),
            ("q", InputMode::Copy, None),
            ("?", InputMode::Find, Some(Action::Edit(Edit::Insert('?')))),
            ("?", InputMode::Qr, Some(Action::Palette)),
        ] {
            assert_eq!(at(name, mode), action, "{name} in {mode:?}");
        }
        for mode in InputMode::all().filter(|mode| *mode != InputMode::Loading) {
            // Caps Lock, and Ctrl with the key in the position of Y on a Russian, Greek and Hebrew keyboard.
            for name in ["ctrl-y", "ctrl-Y", "ctrl-н", "ctrl-Н", "ctrl-υ", "ctrl-ט"] {
                assert_eq!(at(name, mode), Some(Action::Copy), "{name} in {mode:?}");
            }
            assert_eq!(at("ctrl-l", mode), Some(Action::NewCaller), "{mode:?}");
        }
    }

    #[test]
    fn the_preset_vim_has_letters_where_no_text_is_typed() {
        let vim = Keymap::preset(Preset::Vim);
        for (name, mode, action) in [
            ("y", TREE, Some(Action::Copy)),
            ("j", TREE, Some(Action::Go(Motion::Down))),
            ("о", TREE, Some(Action::Go(Motion::Down))),
            ("é", TREE, crate::directory::phone::Key::new('2').map(Action::Press)),
            ("q", TREE, Some(Action::Quit)),
            ("q", InputMode::Qr, Some(Action::Back)),
            ("q", InputMode::Find, Some(Action::Edit(Edit::Insert('q')))),
            ("q", InputMode::Palette, Some(Action::Edit(Edit::Insert('q')))),
            ("x", TREE, None),
        ] {
            assert_eq!(vim.resolve(key(name), mode), action, "{name} in {mode:?}");
        }
    }

    #[test]
    fn a_change_replaces_the_keys_of_an_action() {
        let (keymap, problems) = says(&[change("copy", &["f5", "alt-enter"]), change("quit", &["ctrl-v"])]);
        assert_eq!(problems, [""; 0]);
        assert_eq!(keymap.resolve(key("f5"), InputMode::Find), Some(Action::Copy));
        assert_eq!(keymap.resolve(key("alt-enter"), TREE), Some(Action::Copy));
        assert_eq!(keymap.resolve(key("ctrl-y"), TREE), None);
        assert_eq!(keymap.key_name(Action::Quit), "Ctrl-V");
        assert_eq!(keymap.resolve(key("ctrl-c"), TREE), None);
        // Two actions can exchange their keys, and an action can have none.
        let (keymap, problems) =
            says(&[change("copy", &["ctrl-r"]), change("qr", &["ctrl-y"]), change("suspend", &[])]);
        assert_eq!(problems, [""; 0]);
        assert_eq!(keymap.resolve(key("ctrl-r"), TREE), Some(Action::Copy));
        assert_eq!(keymap.resolve(key("ctrl-y"), TREE), Some(Action::ShowQr));
        assert_eq!(keymap.resolve(key("ctrl-z"), TREE), None);
        assert_eq!(keymap.key_name(Action::Suspend), "F1", "the palette has it");
    }

    #[test]
    fn problems_name_the_change_and_the_rest_is_applied() {
        let (keymap, problems) = says(&[
            change("copi", &["f5"]),
            change("nonsense", &["f5"]),
            change("copy", &["f5", "hyper-y", "ctrl-q", "y", "5"]),
            change("person", &["f5", "f9"]),
            change("copy", &["f9"]),
            change("back", &["escape"]),
            change("keys", &["ctrl-q"]),
            change("quit", &[]),
        ]);
        let expected = [
            "0.None: there is no action \"copi\"; did you mean \"copy\"?",
            "1.None: there is no action \"nonsense\"",
            "2.Some(1): there is no key \"hyper-y\"; write \"ctrl-y\", \"f5\" or \"pgup\"",
            "2.Some(2): Ctrl-Q is the key of \"quit\" already",
            "2.Some(3): y is typed or dialled; use a key with Ctrl or Alt",
            "2.Some(4): 5 is typed or dialled; use a key with Ctrl or Alt",
            "3.Some(0): F5 is the key of \"copy\" already",
            "4.None: the keys of \"copy\" are listed twice",
            "5.Some(0): there is no key \"escape\"; write \"ctrl-y\", \"f5\" or \"pgup\"",
            "6.Some(0): Ctrl-Q is the key of \"quit\" already",
            "7.None: \"quit\" must have a key",
        ];
        assert_eq!(problems, expected);
        assert_eq!(keymap.resolve(key("f5"), TREE), Some(Action::Copy));
        assert_eq!(keymap.resolve(key("f9"), TREE), Some(Action::Operator));
        assert_eq!(keymap.resolve(key("esc"), TREE), Some(Action::Back), "its only new key is unknown");
        assert_eq!(keymap.resolve(key("f1"), TREE), Some(Action::Palette), "its only new key is taken");
        assert_eq!(keymap.resolve(key("ctrl-q"), TREE), Some(Action::Quit), "it cannot be without a key");
    }
}
