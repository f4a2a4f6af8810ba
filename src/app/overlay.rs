//! Overlays: the windows that cover the panes and take the keys. [`window`](super::window) says what they show and do.

use tui_input::Input;

use super::action::InputMode;
use super::cursor::Cursor;
use crate::directory::{Directory, EntryId};

/// An open overlay.
#[derive(Clone, Debug)]
pub(super) struct Overlay {
    pub(super) kind: OverlayKind,
    /// The first visible line, and the selected one in a list.
    pub(super) cursor: Cursor,
}

#[derive(Clone, Debug)]
pub(super) enum OverlayKind {
    Palette(Palette),
    LinkWarning(LinkWarning),
    /// The list of texts that can be copied.
    CopyMenu,
    Qr,
    Note(NoteBox),
    /// The list of problems with the directory's file.
    Problems,
    /// The list of what has changed since the directory was last open.
    Changes,
    /// The list of directories, and what is typed to filter it.
    Directories(Input),
}

/// The box of a private note.
#[derive(Clone, Debug)]
pub(super) struct NoteBox {
    pub(super) entry: EntryId,
    /// What is typed.
    pub(super) input: Input,
}

/// The list of actions and their keys.
#[derive(Clone, Debug)]
pub(super) struct Palette {
    /// Where the action will apply.
    pub(super) mode: InputMode,
    /// What is typed to filter the list.
    pub(super) filter: Input,
}

impl Overlay {
    pub(super) fn new(kind: OverlayKind) -> Self {
        Self { kind, cursor: Cursor::default() }
    }

    pub(super) fn mode(&self) -> InputMode {
        match self.kind {
            OverlayKind::Palette(_) => InputMode::Palette,
            OverlayKind::LinkWarning(_) => InputMode::LinkWarning,
            OverlayKind::CopyMenu => InputMode::Copy,
            OverlayKind::Qr => InputMode::Qr,
            OverlayKind::Note(_) => InputMode::Note,
            OverlayKind::Problems => InputMode::Problems,
            OverlayKind::Changes => InputMode::Changes,
            OverlayKind::Directories(_) => InputMode::Directories,
        }
    }
}

/// The notice that is shown before a link opens.
#[derive(Clone, Debug)]
pub struct LinkWarning {
    /// The notice.
    pub notice: EntryId,
    /// The link that opens if the user continues.
    pub link: String,
    /// Whether the choice to continue is marked; at first, the choice to cancel is.
    pub go_on: bool,
}

impl LinkWarning {
    /// The two choices in the words of the notice: cancel and continue.
    pub fn choices<'a>(&self, directory: &'a Directory) -> [&'a str; 2] {
        match directory.notice(self.notice).map(|notice| &notice.choices[..]) {
            Some([go_on, stay]) => [stay, go_on],
            _ => ["Cancel", "Continue"],
        }
    }
}
