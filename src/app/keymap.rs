//! The keymap: one table that resolves keys to actions and generates the footer, the list of keys and `docs/keys.md`.

use super::event::{Code, KeyPress};
use super::layout::Pane;
use crate::directory::phone::Key;
use crate::directory::text::is_control_like;

/// Where keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputMode {
    /// A pane.
    Pane(Pane),
    /// The find box.
    Find,
    /// The list of keys.
    Help,
    /// A notice before a link opens.
    LinkWarning,
    /// The copy menu.
    Copy,
    /// A QR code.
    Qr,
    /// The first directory is being loaded.
    Loading,
}

impl InputMode {
    fn all() -> impl Iterator<Item = Self> {
        let others = [Self::Find, Self::Help, Self::LinkWarning, Self::Copy, Self::Qr, Self::Loading];
        Pane::ALL.into_iter().map(Self::Pane).chain(others)
    }
}

/// Tells in which modes a binding applies.
pub type Modes = fn(InputMode) -> bool;

/// A motion in a list or a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the documentation.
pub enum Motion {
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
}

/// An edit of the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the documentation.
pub enum Edit {
    Insert(char),
    DeleteBack,
    DeleteForward,
    DeleteWord,
    Clear,
    Left,
    Right,
    Home,
    End,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Move in the list or the text.
    Go(Motion),
    /// Choose a line of the audience pane, counted from 0, and focus its tree.
    Choose(usize),
    /// Press a key of the phone.
    Press(Key),
    /// Take back the last key of the phone.
    Unpress,
    /// Take back all keys of the phone.
    StartAgain,
    /// Expand the selected entry, or focus the pane to the right.
    Into,
    /// Collapse the selected entry, or focus the pane to the left.
    Out,
    /// Toggle between collapsed and expanded.
    Fold,
    /// Open what is selected, or take the marked choice.
    Enter,
    /// One step back.
    Back,
    /// Focus the next pane, after the last the first.
    NextPane,
    /// Focus the previous pane, before the first the last.
    PreviousPane,
    /// Open the find box.
    Find,
    /// Toggle between searching the chosen audience and all of them.
    Narrow,
    /// Edit the query.
    Edit(Edit),
    /// Copy the number and its keys, or the address.
    Copy,
    /// Open the copy menu.
    CopyMenu,
    /// Copy a line of the menu, counted from 0.
    CopyItem(usize),
    /// Show the QR code of the card's number or address.
    ShowQr,
    /// Open the card's link.
    OpenLink,
    /// Go to the option that reaches a person on the line.
    Operator,
    /// Mark the other choice of a notice.
    OtherChoice,
    /// Show the keys.
    Help,
    /// Suspend the program.
    Suspend,
    /// End the program.
    Quit,
}

/// The keys of a binding.
pub enum Keys {
    /// Keys for one action.
    These(&'static [KeyPress], Action),
    /// A range of characters by its displayed name, each for an action of its own.
    Range(&'static str, fn(char) -> Option<Action>),
}

/// A line of the keymap.
pub struct Binding {
    /// The keys and their action.
    pub keys: Keys,
    /// The modes in which they apply.
    pub modes: Modes,
    /// What they do, for the list of keys.
    pub help: &'static str,
    /// A hint for the footer; empty for a binding that the footer leaves out.
    pub hint: &'static str,
}

impl Binding {
    /// The names of the keys; the footer shows the first.
    pub fn names(&self) -> Vec<String> {
        match &self.keys {
            Keys::These(keys, _) => keys.iter().map(|key| key.name()).collect(),
            Keys::Range(name, _) => vec![(*name).to_owned()],
        }
    }
}

const fn key(code: Code) -> KeyPress {
    KeyPress::plain(code)
}

const fn letter(c: char) -> KeyPress {
    KeyPress::plain(Code::Char(c))
}

const fn bind(
    modes: Modes,
    keys: &'static [KeyPress],
    action: Action,
    help: &'static str,
    hint: &'static str,
) -> Binding {
    Binding { keys: Keys::These(keys, action), modes, help, hint }
}

const fn range(modes: Modes, name: &'static str, action: fn(char) -> Option<Action>, help: &'static str) -> Binding {
    Binding { keys: Keys::Range(name, action), modes, help, hint: "" }
}

fn index(c: char) -> Option<usize> {
    usize::try_from(c.to_digit(10)?.checked_sub(1)?).ok()
}

fn choose(c: char) -> Option<Action> {
    index(c).map(Action::Choose)
}

fn take(c: char) -> Option<Action> {
    index(c).map(Action::CopyItem)
}

fn press(c: char) -> Option<Action> {
    Key::new(c).map(Action::Press)
}

fn insert(c: char) -> Option<Action> {
    (!is_control_like(c)).then_some(Action::Edit(Edit::Insert(c)))
}

use Action::{
    Back, Copy as CopyIt, CopyMenu, Edit as Change, Enter, Find as OpenFind, Fold, Go, Help as ShowHelp,
    Into as GoInto, Narrow, NextPane, OpenLink, Operator, OtherChoice, Out, PreviousPane, Quit, ShowQr, StartAgain,
    Suspend, Unpress,
};

const PANES: Modes = |mode| matches!(mode, InputMode::Pane(_));
const AUDIENCE: Modes = |mode| mode == InputMode::Pane(Pane::Audience);
const LISTED: Modes = |mode| matches!(mode, InputMode::Pane(Pane::Audience | Pane::Tree));
const CARD: Modes = |mode| mode == InputMode::Pane(Pane::Card);
const TREE: Modes = |mode| mode == InputMode::Pane(Pane::Tree);
/// The panes in which the keys of the phone work.
const PHONE: Modes = |mode| matches!(mode, InputMode::Pane(Pane::Tree | Pane::Card));
const FIND: Modes = |mode| mode == InputMode::Find;
const HELP: Modes = |mode| mode == InputMode::Help;
const WARNING: Modes = |mode| mode == InputMode::LinkWarning;
const MENU: Modes = |mode| mode == InputMode::Copy;
const QR: Modes = |mode| mode == InputMode::Qr;
const LOADING: Modes = |mode| mode == InputMode::Loading;
const LISTS: Modes = |mode| !(FIND(mode) || WARNING(mode) || LOADING(mode));
const ALL: Modes = |mode| !LOADING(mode);
const EVERYWHERE: Modes = |_| true;

/// The keymap, in the order of the list of keys and of the footer: what is needed while a caller waits comes first. Of
/// several bindings of a key in a mode, the first applies.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    bind(PANES, &[letter('/')], OpenFind, "find an entry", "find"),
    range(AUDIENCE, "1-9", choose, "choose an audience"),
    range(PHONE, "0-9 * #", press, "press a key of the phone menu"),
    bind(LISTED, &[key(Code::Enter)], Enter, "in the lists: open the selected entry, or take its next step if no key does", "open"),
    bind(CARD, &[key(Code::Enter)], Enter, "on the card: mark the next step of the script", ""),
    bind(PHONE, &[letter('p')], Operator, "go to a person on this line", ""),
    bind(PANES, &[letter('y')], CopyIt, "copy the number and its keys", "copy"),
    bind(PHONE, &[letter('s')], StartAgain, "start the phone menu again", "start again"),
    bind(PANES, &[letter('o')], OpenLink, "open the link", "open link"),
    bind(PANES, &[letter('?')], ShowHelp, "list the keys", "help"),
    bind(PANES, &[letter('r')], ShowQr, "show a QR code for a phone", "QR"),
    bind(PANES, &[letter('c')], CopyMenu, "open the copy menu", "copy menu"),
    range(MENU, "1-9", take, "copy a line"),
    bind(MENU, &[key(Code::Enter)], Enter, "copy the marked line", "copy"),
    bind(FIND, &[key(Code::Enter)], Enter, "go to the result", "open"),
    bind(FIND, &[key(Code::Tab)], Narrow, "search the chosen audience, or all", "one/all audiences"),
    bind(WARNING, &[key(Code::Enter)], Enter, "take the marked choice", "choose"),
    bind(WARNING, &[key(Code::Tab), key(Code::Left), key(Code::Right), key(Code::BackTab), letter('h'), letter('l')],
        OtherChoice, "mark the other choice", "other choice"),
    bind(FIND, &[key(Code::Up), KeyPress::ctrl('p')], Go(Motion::Up), "previous result", ""),
    bind(FIND, &[key(Code::Down), KeyPress::ctrl('n')], Go(Motion::Down), "next result", ""),
    bind(|mode| FIND(mode) || WARNING(mode), &[key(Code::PageUp)], Go(Motion::PageUp), "up one page", ""),
    bind(|mode| FIND(mode) || WARNING(mode), &[key(Code::PageDown)], Go(Motion::PageDown), "down one page", ""),
    bind(WARNING, &[key(Code::Up), letter('k')], Go(Motion::Up), "up one line", ""),
    bind(WARNING, &[key(Code::Down), letter('j')], Go(Motion::Down), "down one line", ""),
    bind(LISTS, &[key(Code::Up), letter('k')], Go(Motion::Up), "up", ""),
    bind(LISTS, &[key(Code::Down), letter('j')], Go(Motion::Down), "down", ""),
    bind(LISTS, &[key(Code::PageUp)], Go(Motion::PageUp), "up one page", ""),
    bind(LISTS, &[key(Code::PageDown)], Go(Motion::PageDown), "down one page", ""),
    bind(LISTS, &[key(Code::Home), letter('g')], Go(Motion::Home), "to the first", ""),
    bind(LISTS, &[key(Code::End), letter('G')], Go(Motion::End), "to the last", ""),
    bind(PANES, &[key(Code::Right), letter('l')], GoInto, "expand, or next pane", ""),
    bind(PANES, &[key(Code::Left), letter('h')], Out, "collapse, or previous pane", ""),
    bind(TREE, &[letter(' ')], Fold, "collapse or expand", ""),
    bind(PANES, &[key(Code::Tab)], NextPane, "next pane", ""),
    bind(PANES, &[key(Code::BackTab)], PreviousPane, "previous pane", ""),
    bind(FIND, &[key(Code::Left), KeyPress::ctrl('b')], Change(Edit::Left), "left one character", ""),
    bind(FIND, &[key(Code::Right), KeyPress::ctrl('f')], Change(Edit::Right), "right one character", ""),
    bind(FIND, &[key(Code::Home), KeyPress::ctrl('a')], Change(Edit::Home), "to the start", ""),
    bind(FIND, &[key(Code::End), KeyPress::ctrl('e')], Change(Edit::End), "to the end", ""),
    bind(FIND, &[key(Code::Backspace), KeyPress::ctrl('h')], Change(Edit::DeleteBack), "delete the previous character", ""),
    bind(FIND, &[key(Code::Delete), KeyPress::ctrl('d')], Change(Edit::DeleteForward), "delete the next character", ""),
    bind(FIND, &[KeyPress::ctrl('w')], Change(Edit::DeleteWord), "delete the previous word", ""),
    bind(FIND, &[KeyPress::ctrl('u')], Change(Edit::Clear), "clear the query", "clear"),
    range(FIND, "letters", insert, "type a query, a name or a number"),
    bind(ALL, &[key(Code::Esc)], Back, "one step back", "back"),
    bind(HELP, &[letter('q'), letter('?')], Back, "close the list of keys", "close"),
    bind(MENU, &[letter('q'), letter('c')], Back, "close the menu", ""),
    bind(QR, &[letter('q'), letter('r')], Back, "close the QR code", ""),
    bind(PANES, &[letter('q')], Quit, "quit", "quit"),
    bind(PHONE, &[key(Code::Backspace)], Unpress, "take back the last key pressed", "last key"),
    bind(LOADING, &[key(Code::Esc), letter('q')], Quit, "cancel loading", "cancel"),
    bind(EVERYWHERE, &[KeyPress::ctrl('c')], Quit, "quit from anywhere", ""),
    bind(EVERYWHERE, &[KeyPress::ctrl('z')], Suspend, "suspend; fg resumes", ""),
];

/// The action of a key in a mode.
pub fn resolve(press: KeyPress, mode: InputMode) -> Option<Action> {
    BINDINGS.iter().filter(|binding| (binding.modes)(mode)).find_map(|binding| match (&binding.keys, press) {
        (Keys::These(keys, action), _) => keys.contains(&press).then_some(*action),
        (Keys::Range(_, action), KeyPress { code: Code::Char(c), ctrl: false }) => action(c),
        (Keys::Range(..), _) => None,
    })
}

/// The hints of the footer for a mode: an action, its first key and a word.
pub fn hints(mode: InputMode) -> impl Iterator<Item = (Action, String, &'static str)> {
    let here = move |binding: &&Binding| (binding.modes)(mode) && !binding.hint.is_empty();
    BINDINGS.iter().filter(here).filter_map(|binding| match binding.keys {
        Keys::These(keys, action) => Some((action, keys.first()?.name(), binding.hint)),
        Keys::Range(..) => None,
    })
}

/// The chapters of the list of keys: a heading and its modes.
pub const CHAPTERS: &[(&str, Modes)] = &[
    ("In the panes", PANES),
    ("In the find box", FIND),
    ("In the copy menu", MENU),
    ("In a notice before a link", WARNING),
];

/// The lines of a chapter: the keys and what they do.
pub fn lines(chapter: Modes) -> impl Iterator<Item = (String, &'static str)> {
    let here = move |binding: &&Binding| InputMode::all().any(|mode| chapter(mode) && (binding.modes)(mode));
    BINDINGS.iter().filter(here).map(|binding| (binding.names().join(", "), binding.help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings_in_a_mode() {
        for mode in InputMode::all() {
            let mut seen: Vec<KeyPress> = Vec::new();
            for binding in BINDINGS.iter().filter(|binding| (binding.modes)(mode)) {
                if let Keys::These(keys, _) = binding.keys {
                    for key in keys {
                        assert!(!seen.contains(key), "{} twice in {mode:?}", key.name());
                        seen.push(*key);
                    }
                }
            }
        }
    }

    #[test]
    fn digits_choose_an_audience_or_press_the_phones_keys_or_are_typed() {
        let one = KeyPress::plain(Code::Char('1'));
        assert_eq!(resolve(one, InputMode::Pane(Pane::Audience)), Some(Action::Choose(0)));
        assert_eq!(resolve(one, InputMode::Pane(Pane::Tree)), press('1'));
        assert_eq!(resolve(one, InputMode::Find), Some(Change(Edit::Insert('1'))));
        assert_eq!(resolve(one, InputMode::LinkWarning), None);
    }
}
