//! The one table of keys. Keys are resolved by it; the footer, the help screen and the README's key table are made
//! from it.

use super::event::{Code, KeyPress};
use crate::directory::phone::Key;

/// Where the keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputMode {
    /// The audience pane.
    Audience,
    /// The tree of contacts and options.
    Tree,
    /// The card.
    Card,
    /// The find box.
    Find,
    /// The help screen.
    Help,
    /// A notice before a link opens.
    LinkWarning,
    /// The menu of what can be copied.
    Copy,
    /// A QR code.
    Qr,
    /// The directory is being loaded, and there is nothing else to show.
    Loading,
}

/// A step in a list or a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names say it.
pub enum Motion {
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
}

/// A change to the text in the find box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names say it.
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

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Move in the list or the text.
    Go(Motion),
    /// Choose a line of the audience pane, counted from 0, and go to its tree.
    Choose(usize),
    /// Press a key of the phone.
    Press(Key),
    /// Take back the last key of the phone.
    Unpress,
    /// Take back all keys of the phone.
    StartAgain,
    /// Into what is selected: unfold it, or go right.
    Into,
    /// Out of what is selected: fold it, or go left.
    Out,
    /// Fold or unfold.
    Fold,
    /// Take what is selected.
    Enter,
    /// One step back.
    Back,
    /// The pane to the right, from the last to the first.
    NextPane,
    /// The pane to the left, from the first to the last.
    PreviousPane,
    /// Open the find box.
    Find,
    /// Search the chosen audience only, or all.
    Narrow,
    /// Change the text in the find box.
    Edit(Edit),
    /// Copy the number and its keys, or the address.
    Copy,
    /// Show what can be copied.
    CopyMenu,
    /// Copy a line of that menu, counted from 0.
    CopyItem(usize),
    /// Show the QR code of what the card is about.
    ShowQr,
    /// Open the card's link.
    OpenLink,
    /// The other of a notice's two choices.
    OtherChoice,
    /// Show the keys.
    Help,
    /// Stop the program and give the terminal back to the shell.
    Suspend,
    /// Leave.
    Quit,
}

/// Which keys a binding is for.
pub enum Keys {
    /// These, each for the same action.
    These(&'static [KeyPress], Action),
    /// A range of characters, by the name that people see.
    Range(&'static str, fn(char) -> Option<Action>),
}

/// A line of the table.
pub struct Binding {
    /// The keys and what they mean.
    pub keys: Keys,
    /// Where they mean it.
    pub modes: &'static [InputMode],
    /// What they do, for the help screen.
    pub help: &'static str,
    /// A word for the footer, where it is worth the room.
    pub hint: &'static str,
}

impl Binding {
    /// The names of its keys, the footer's first.
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
    modes: &'static [InputMode],
    keys: &'static [KeyPress],
    action: Action,
    help: &'static str,
    hint: &'static str,
) -> Binding {
    Binding { keys: Keys::These(keys, action), modes, help, hint }
}

const fn range(
    modes: &'static [InputMode],
    name: &'static str,
    action: fn(char) -> Option<Action>,
    help: &'static str,
) -> Binding {
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
    (!c.is_control()).then_some(Action::Edit(Edit::Insert(c)))
}

use Action::{
    Back, Copy as CopyIt, CopyMenu, Edit as Change, Enter, Find as OpenFind, Fold, Go, Help as ShowHelp,
    Into as GoInto, Narrow, NextPane, OpenLink, OtherChoice, Out, PreviousPane, Quit, ShowQr, StartAgain, Suspend,
    Unpress,
};
use InputMode::{Audience, Card, Copy as Menu, Find, Help, LinkWarning, Loading, Qr, Tree};

const PANES: &[InputMode] = &[Audience, Tree, Card];
const LISTS: &[InputMode] = &[Audience, Tree, Card, Menu, Help, Qr];
const ALL: &[InputMode] = &[Audience, Tree, Card, Find, Menu, Help, LinkWarning, Qr];
const EVERYWHERE: &[InputMode] = &[Audience, Tree, Card, Find, Menu, Help, LinkWarning, Qr, Loading];

/// The table, in the order of the help screen and of the footer, where what is needed while a caller waits comes first;
/// the first line that fits counts.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    bind(PANES, &[letter('/')], OpenFind, "find by need", "find"),
    range(&[Audience], "1-9", choose, "choose an audience"),
    range(&[Tree, Card], "0-9 * #", press, "press the phone's key"),
    bind(PANES, &[key(Code::Enter)], Enter, "open what is selected", "open"),
    bind(PANES, &[letter('y')], CopyIt, "copy the number and its keys", "copy"),
    bind(&[Tree, Card], &[letter('s')], StartAgain, "wrong menu: start it again", "start again"),
    bind(PANES, &[letter('o')], OpenLink, "open the link", "open link"),
    bind(PANES, &[letter('?')], ShowHelp, "show the keys", "help"),
    bind(PANES, &[letter('r')], ShowQr, "show a QR code for a phone", "QR code"),
    bind(PANES, &[letter('c')], CopyMenu, "choose what to copy", "copy as"),
    range(&[Menu], "1-9", take, "copy a line"),
    bind(&[Menu], &[key(Code::Enter)], Enter, "copy the marked line", "copy"),
    bind(&[Find], &[key(Code::Enter)], Enter, "go to the answer", "go to it"),
    bind(&[Find], &[key(Code::Tab)], Narrow, "search the chosen audience only, or all", "narrow or widen"),
    bind(&[LinkWarning], &[key(Code::Enter)], Enter, "take the marked choice", "choose"),
    bind(&[LinkWarning], &[key(Code::Tab), key(Code::Left), key(Code::Right), key(Code::BackTab), letter('h'), letter('l')],
        OtherChoice, "mark the other choice", "other choice"),
    bind(&[Find], &[key(Code::Up), KeyPress::ctrl('p')], Go(Motion::Up), "up one answer", ""),
    bind(&[Find], &[key(Code::Down), KeyPress::ctrl('n')], Go(Motion::Down), "down one answer", ""),
    bind(&[Find, LinkWarning], &[key(Code::PageUp)], Go(Motion::PageUp), "up one page", ""),
    bind(&[Find, LinkWarning], &[key(Code::PageDown)], Go(Motion::PageDown), "down one page", ""),
    bind(&[LinkWarning], &[key(Code::Up), letter('k')], Go(Motion::Up), "up one line", ""),
    bind(&[LinkWarning], &[key(Code::Down), letter('j')], Go(Motion::Down), "down one line", ""),
    bind(LISTS, &[key(Code::Up), letter('k')], Go(Motion::Up), "up", ""),
    bind(LISTS, &[key(Code::Down), letter('j')], Go(Motion::Down), "down", ""),
    bind(LISTS, &[key(Code::PageUp)], Go(Motion::PageUp), "up one page", ""),
    bind(LISTS, &[key(Code::PageDown)], Go(Motion::PageDown), "down one page", ""),
    bind(LISTS, &[key(Code::Home), letter('g')], Go(Motion::Home), "to the first", ""),
    bind(LISTS, &[key(Code::End), letter('G')], Go(Motion::End), "to the last", ""),
    bind(PANES, &[key(Code::Right), letter('l')], GoInto, "unfold, or go right", ""),
    bind(PANES, &[key(Code::Left), letter('h')], Out, "fold, or go left", ""),
    bind(&[Tree], &[letter(' ')], Fold, "fold or unfold", ""),
    bind(PANES, &[key(Code::Tab)], NextPane, "next pane", ""),
    bind(PANES, &[key(Code::BackTab)], PreviousPane, "previous pane", ""),
    bind(&[Find], &[key(Code::Left), KeyPress::ctrl('b')], Change(Edit::Left), "left one letter", ""),
    bind(&[Find], &[key(Code::Right), KeyPress::ctrl('f')], Change(Edit::Right), "right one letter", ""),
    bind(&[Find], &[key(Code::Home), KeyPress::ctrl('a')], Change(Edit::Home), "to the start of the text", ""),
    bind(&[Find], &[key(Code::End), KeyPress::ctrl('e')], Change(Edit::End), "to the end of the text", ""),
    bind(&[Find], &[key(Code::Backspace), KeyPress::ctrl('h')], Change(Edit::DeleteBack), "delete the letter before", ""),
    bind(&[Find], &[key(Code::Delete), KeyPress::ctrl('d')], Change(Edit::DeleteForward), "delete the letter after", ""),
    bind(&[Find], &[KeyPress::ctrl('w')], Change(Edit::DeleteWord), "delete the word before", ""),
    bind(&[Find], &[KeyPress::ctrl('u')], Change(Edit::Clear), "clear the text", "clear"),
    range(&[Find], "letters", insert, "type a need, a name or a number"),
    bind(ALL, &[key(Code::Esc)], Back, "one step back", "back"),
    bind(&[Help], &[letter('q'), letter('?')], Back, "close the help", "close"),
    bind(&[Menu], &[letter('q'), letter('c')], Back, "close the menu", ""),
    bind(&[Qr], &[letter('q'), letter('r')], Back, "close the QR code", ""),
    bind(PANES, &[letter('q')], Quit, "quit", "quit"),
    bind(&[Tree, Card], &[key(Code::Backspace)], Unpress, "take back the last key", "key back"),
    bind(&[Loading], &[key(Code::Esc), letter('q')], Quit, "cancel the loading", "cancel"),
    bind(EVERYWHERE, &[KeyPress::ctrl('c')], Quit, "quit from anywhere", ""),
    bind(EVERYWHERE, &[KeyPress::ctrl('z')], Suspend, "stop, and come back with fg", ""),
];

/// What a key means in a mode.
pub fn resolve(press: KeyPress, mode: InputMode) -> Option<Action> {
    BINDINGS.iter().filter(|binding| binding.modes.contains(&mode)).find_map(|binding| match (&binding.keys, press) {
        (Keys::These(keys, action), _) => keys.contains(&press).then_some(*action),
        (Keys::Range(_, action), KeyPress { code: Code::Char(c), ctrl: false }) => action(c),
        (Keys::Range(..), _) => None,
    })
}

/// The footer's hints for a mode: an action, its first key and a word.
pub fn hints(mode: InputMode) -> impl Iterator<Item = (Action, String, &'static str)> {
    let here = move |binding: &&Binding| binding.modes.contains(&mode) && !binding.hint.is_empty();
    BINDINGS.iter().filter(here).filter_map(|binding| match binding.keys {
        Keys::These(keys, action) => Some((action, keys.first()?.name(), binding.hint)),
        Keys::Range(..) => None,
    })
}

/// The chapters of the help screen and of the README's key table: a heading and its modes.
pub const CHAPTERS: &[(&str, &[InputMode])] = &[
    ("In the panes", PANES),
    ("In the find box", &[Find]),
    ("In the copy menu", &[Menu]),
    ("In a notice before a link", &[LinkWarning]),
];

/// The lines of a chapter: keys and what they do.
pub fn lines(chapter: &'static [InputMode]) -> impl Iterator<Item = (String, &'static str)> {
    let here = move |binding: &&Binding| binding.modes.iter().any(|mode| chapter.contains(mode));
    BINDINGS.iter().filter(here).map(|binding| (binding.names().join(", "), binding.help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings_in_a_scene() {
        for mode in EVERYWHERE {
            let mut seen: Vec<KeyPress> = Vec::new();
            for binding in BINDINGS.iter().filter(|binding| binding.modes.contains(mode)) {
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
        assert_eq!(resolve(one, Audience), Some(Action::Choose(0)));
        assert_eq!(resolve(one, Tree), press('1'));
        assert_eq!(resolve(one, Find), Some(Change(Edit::Insert('1'))));
        assert_eq!(resolve(one, LinkWarning), None);
    }
}
