//! What keys can do, and where keys go.

use super::layout::Pane;
use crate::directory::phone::Key;

/// Where keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputMode {
    /// A pane.
    Pane(Pane),
    /// The find box, with nothing typed.
    EmptyFind,
    /// The find box, with a query.
    Find,
    /// The palette: the list of actions.
    Palette,
    /// The box of a private note.
    Note,
    /// A notice before a link opens.
    LinkWarning,
    /// The copy menu.
    Copy,
    /// A QR code.
    Qr,
    /// The problems with the directory's file.
    Problems,
    /// What has changed since the directory was last open.
    Changes,
    /// The window in which a directory is chosen.
    Directories,
    /// The first directory is being loaded.
    Loading,
}

impl InputMode {
    /// All modes.
    pub fn all() -> impl Iterator<Item = Self> {
        use InputMode::{
            Changes, Copy, Directories, EmptyFind, Find, LinkWarning, Loading, Note, Palette, Problems, Qr,
        };
        let others = [EmptyFind, Find, Palette, Note, LinkWarning, Copy, Qr, Problems, Changes, Directories, Loading];
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

/// An edit of the query, or of the palette's filter.
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
    /// Clear the query, the path, the scope and the card.
    NewCaller,
    /// Focus the next pane, after the last the first.
    NextPane,
    /// Focus the previous pane, before the first the last.
    PreviousPane,
    /// Open the find box.
    Find,
    /// Open the find box with the first character of a query.
    Search(char),
    /// Search the next audience of the audience pane, after the last one everyone.
    NextAudience,
    /// Search the previous audience of the audience pane.
    PreviousAudience,
    /// Edit the query.
    Edit(Edit),
    /// Copy the number or the address.
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
    /// Pin the card's entry, or unpin it.
    Pin,
    /// Open the box of the private note about the card's entry.
    Note,
    /// Prepare a message to the owner of the directory about the card's entry.
    Report,
    /// Open an editor at the card's entry.
    EditEntry,
    /// Open the palette.
    Palette,
    /// List the problems with the directory's file.
    Problems,
    /// List what has changed since the directory was last open.
    Changes,
    /// Choose another directory, or all of them.
    Directories,
    /// Suspend the program.
    Suspend,
    /// End the program.
    Quit,
}
