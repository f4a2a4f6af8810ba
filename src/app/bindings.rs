//! The table of keys: what each does, where, in words, and in which preset. Everything that shows or documents keys is
//! generated from it.

use super::action::{Action, Edit, InputMode, Modes, Motion};
use super::layout::Pane;
use crate::directory::phone::Key;
use crate::directory::text::is_control_like;

/// The keys of a row.
#[derive(Debug)]
pub(super) enum Keys {
    /// Named keys for one action: those of every preset, and the further ones of the preset `vim`.
    Named(&'static str, &'static str, Action),
    /// A range of characters by its displayed name, each for an action of its own.
    Range(&'static str, fn(char) -> Option<Action>),
    /// The same, except in the preset `vim`, where letters are keys.
    Letters(&'static str, fn(char) -> Option<Action>),
}

/// A row of the table.
#[derive(Debug)]
pub(super) struct Row {
    /// The name of the action in the configuration. Rows for the same action in other modes share it.
    pub(super) name: &'static str,
    /// The modes in which it applies.
    pub(super) modes: Modes,
    /// The keys and their action.
    pub(super) keys: Keys,
    /// What it does.
    pub(super) help: &'static str,
    /// A hint for the footer; empty for a row that the footer leaves out.
    pub(super) hint: &'static str,
}

const fn bind(
    name: &'static str,
    modes: Modes,
    [keys, vim]: [&'static str; 2],
    action: Action,
    help: &'static str,
    hint: &'static str,
) -> Row {
    Row { name, modes, keys: Keys::Named(keys, vim, action), help, hint }
}

const fn range(modes: Modes, keys: Keys, help: &'static str, hint: &'static str) -> Row {
    Row { name: "", modes, keys, help, hint }
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

/// The first character of a query in a find box that is open.
fn insert_first(c: char) -> Option<Action> {
    insert(c).filter(|_| !matches!(c, ' ' | '/' | '?'))
}

/// The first character of a query in a pane. Keys of the phone are pressed. A query does not begin with the six
/// punctuation marks that are on the digits of a French keyboard, so they are those digits.
fn search(c: char) -> Option<Action> {
    let is_first = !c.is_whitespace() && !is_control_like(c) && Key::new(c).is_none() && !"/?&\"'(-_".contains(c);
    is_first.then_some(Action::Search(c))
}

use Action::{
    Back, Changes, Copy, CopyMenu, Directories, Edit as Change, EditEntry, Enter, Find, Fold, Go, Into, NewCaller,
    NextAudience, NextPane, Note, OpenLink, Operator, OtherChoice, Out, Palette, Pin, PreviousAudience, PreviousPane,
    Problems, Quit, Report, ShowQr, StartAgain, Suspend, Unpress,
};
use Keys::{Letters, Range};

const PANES: Modes = |mode| matches!(mode, InputMode::Pane(_));
const AUDIENCE: Modes = |mode| mode == InputMode::Pane(Pane::Audience);
const CARD: Modes = |mode| mode == InputMode::Pane(Pane::Card);
const TREE: Modes = |mode| mode == InputMode::Pane(Pane::Tree);
/// The panes in which the keys of the phone work.
const PHONE: Modes = |mode| matches!(mode, InputMode::Pane(Pane::Tree | Pane::Card));
const FIND: Modes = |mode| matches!(mode, InputMode::Find | InputMode::EmptyFind);
const EMPTY_FIND: Modes = |mode| mode == InputMode::EmptyFind;
const QUERY: Modes = |mode| mode == InputMode::Find;
const PALETTE: Modes = |mode| mode == InputMode::Palette;
const NOTE: Modes = |mode| mode == InputMode::Note;
/// Where text is typed and edited.
const TYPED: Modes = |mode| FIND(mode) || PALETTE(mode) || NOTE(mode) || DIRECTORIES(mode);
const DIRECTORIES: Modes = |mode| mode == InputMode::Directories;
const WARNING: Modes = |mode| mode == InputMode::LinkWarning;
const MENU: Modes = |mode| mode == InputMode::Copy;
const QR: Modes = |mode| mode == InputMode::Qr;
const PROBLEMS: Modes = |mode| mode == InputMode::Problems;
const CHANGES: Modes = |mode| mode == InputMode::Changes;
const WINDOW: Modes = |mode| MENU(mode) || QR(mode) || WARNING(mode) || PROBLEMS(mode) || CHANGES(mode);
const LOADING: Modes = |mode| mode == InputMode::Loading;
const LISTS: Modes = |mode| PANES(mode) || MENU(mode) || QR(mode) || PROBLEMS(mode) || CHANGES(mode);
const ALL: Modes = |mode| !LOADING(mode);
const EVERYWHERE: Modes = |_| true;

/// The table, in the order of the palette and of the footer: what is needed while a caller waits comes first. Of
/// several rows with a key in a mode, the first applies.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    range(QUERY, Range("letters", insert), "type a query, a name or a number", ""),
    range(EMPTY_FIND, Range("letters", insert_first), "type a query, a name or a number", ""),
    range(PALETTE, Range("letters", insert), "type a part of an action or key", ""),
    range(DIRECTORIES, Range("letters", insert), "type a part of a name", ""),
    range(NOTE, Range("letters", insert), "type a note", ""),
    bind("open", NOTE, ["enter", ""], Enter, "keep the note", "keep"),
    bind("open", FIND, ["enter", ""], Enter, "go to the result", "open"),
    bind("open", MENU, ["enter", ""], Enter, "copy the marked line", "copy"),
    bind("open", WARNING, ["enter", ""], Enter, "take the marked choice", "choose"),
    bind("open", PALETTE, ["enter", ""], Enter, "do what is selected", "run"),
    bind("open", DIRECTORIES, ["enter", ""], Enter, "choose the directory", "choose"),
    bind("open", TREE, ["enter", ""], Enter, "open the selected entry, or take its only next step", "open"),
    bind("back", ALL, ["esc", ""], Back, "one step back", "back"),
    bind("keys", ALL, ["f1 ?", ""], Palette, "list the actions and their keys", "keys"),
    bind("copy", ALL, ["ctrl-y", "y"], Copy, "copy the number or the address", "copy"),
    range(PANES, Letters("a-z", search), "find what is typed", "search"),
    bind("find", |mode| PANES(mode) || EMPTY_FIND(mode), ["/", ""], Find, "find an entry, also by its number", "search"),
    range(AUDIENCE, Range("1-9", choose), "choose an audience", "audience"),
    range(PHONE, Range("0-9 * #", press), "press a key of the phone", ""),
    bind("open", AUDIENCE, ["enter", ""], Enter, "open the audience", "open"),
    bind("open", CARD, ["enter", ""], Enter, "mark the next step of the script", ""),
    range(MENU, Range("1-9", take), "copy a line", ""),
    bind("qr", |mode| ALL(mode) && !QR(mode), ["ctrl-r", "r"], ShowQr, "show a QR code for a phone", "QR"),
    bind("open-link", |mode| ALL(mode) && !WARNING(mode), ["ctrl-o", "o"], OpenLink, "open the link", "open link"),
    bind("last-key", PHONE, ["backspace", ""], Unpress, "take back the last key of the phone", "last key"),
    bind("new-caller", ALL, ["ctrl-l", ""], NewCaller, "new caller: clear query, path, audience and card", "new caller"),
    bind("copy-as", |mode| ALL(mode) && !MENU(mode), ["ctrl-k", "c"], CopyMenu, "copy as: choose what to copy", "copy as"),
    bind("pin", ALL, ["ctrl-t", "t"], Pin, "pin this entry, or unpin it", ""),
    bind("note", |mode| ALL(mode) && !NOTE(mode), ["f2", "n"], Note, "write a private note about this entry", ""),
    bind("problems", |mode| ALL(mode) && !PROBLEMS(mode), ["f4", ""], Problems, "list the problems in the data file", ""),
    bind("changes", |mode| ALL(mode) && !CHANGES(mode), ["f7", ""], Changes, "list what changed since last time", ""),
    bind("directories", |mode| ALL(mode) && !DIRECTORIES(mode), ["ctrl-x f3", ""], Directories, "choose another directory, where there are several", ""),
    bind("report", |mode| ALL(mode) && !WARNING(mode), ["f6", ""], Report, "report a wrong number to the owner", ""),
    bind("edit", ALL, ["f8", ""], EditEntry, "open an editor at this entry", ""),
    bind("next-audience", FIND, ["tab", ""], NextAudience, "search the next audience", "audience"),
    bind("previous-audience", FIND, ["shift-tab", ""], PreviousAudience, "search the previous audience", ""),
    bind("person", ALL, ["ctrl-g", "p"], Operator, "go to a person on this line", ""),
    bind("start-again", PHONE, ["ctrl-s", "s"], StartAgain, "start the phone menu again", ""),
    bind("other-choice", WARNING, ["tab left right shift-tab", "h l"], OtherChoice, "mark the other choice", "other choice"),
    bind("up", TYPED, ["up ctrl-p", ""], Go(Motion::Up), "to the previous line", ""),
    bind("down", TYPED, ["down ctrl-n", ""], Go(Motion::Down), "to the next line", ""),
    bind("up", |mode| LISTS(mode) || WARNING(mode), ["up", "k"], Go(Motion::Up), "up", ""),
    bind("down", |mode| LISTS(mode) || WARNING(mode), ["down", "j"], Go(Motion::Down), "down", ""),
    bind("page-up", ALL, ["pgup", ""], Go(Motion::PageUp), "up one page", ""),
    bind("page-down", ALL, ["pgdn", ""], Go(Motion::PageDown), "down one page", ""),
    bind("first", LISTS, ["home", "g"], Go(Motion::Home), "to the first", ""),
    bind("last", LISTS, ["end", "G"], Go(Motion::End), "to the last", ""),
    bind("expand", PANES, ["right", "l"], Into, "expand, or next pane", ""),
    bind("collapse", PANES, ["left", "h"], Out, "collapse, or previous pane", ""),
    bind("fold", TREE, ["space", ""], Fold, "collapse or expand", ""),
    bind("next-pane", PANES, ["tab", ""], NextPane, "next pane", ""),
    bind("previous-pane", PANES, ["shift-tab", ""], PreviousPane, "previous pane", ""),
    bind("left", TYPED, ["left ctrl-b", ""], Change(Edit::Left), "left one character", ""),
    bind("right", TYPED, ["right ctrl-f", ""], Change(Edit::Right), "right one character", ""),
    bind("line-start", TYPED, ["home ctrl-a", ""], Change(Edit::Home), "to the start", ""),
    bind("line-end", TYPED, ["end ctrl-e", ""], Change(Edit::End), "to the end", ""),
    bind("delete-back", TYPED, ["backspace ctrl-h", ""], Change(Edit::DeleteBack), "delete the previous character", ""),
    bind("delete-forward", TYPED, ["delete ctrl-d", ""], Change(Edit::DeleteForward), "delete the next character", ""),
    bind("delete-word", TYPED, ["ctrl-w", ""], Change(Edit::DeleteWord), "delete the previous word", ""),
    bind("clear", TYPED, ["ctrl-u", ""], Change(Edit::Clear), "clear the query", "clear"),
    bind("copy-as", MENU, ["ctrl-k", "c"], Back, "close the menu", ""),
    bind("qr", QR, ["ctrl-r", "r"], Back, "close the QR code", ""),
    bind("changes", CHANGES, ["f7", ""], Back, "close the list of changes", ""),
    bind("directories", DIRECTORIES, ["ctrl-x f3", ""], Back, "close the list of directories", ""),
    bind("problems", PROBLEMS, ["f4", ""], Back, "close the list of problems", ""),
    bind("close", WINDOW, ["", "q"], Back, "close the window", ""),
    bind("quit", |mode| PANES(mode) || TYPED(mode), ["ctrl-q ctrl-c", "q"], Quit, "quit", "quit"),
    bind("quit", WINDOW, ["ctrl-q ctrl-c", ""], Quit, "quit", "quit"),
    bind("cancel", LOADING, ["esc ctrl-q ctrl-c", "q"], Quit, "cancel loading", "cancel"),
    bind("suspend", EVERYWHERE, ["ctrl-z", ""], Suspend, "suspend; fg resumes", ""),
];

/// The chapters of the documentation of the keys: a heading and its modes.
pub const CHAPTERS: &[(&str, Modes)] = &[
    ("In the panes", PANES),
    ("In the find box", FIND),
    ("In the list of keys", PALETTE),
    ("In the list of directories", DIRECTORIES),
    ("In the note box", NOTE),
    ("In the copy menu", MENU),
    ("In a notice before a link", WARNING),
];
