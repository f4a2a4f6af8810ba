//! The profile of the user, as a value.

use super::saved::Saved;

/// What the user has set and kept. A kiosk and a server have the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// What is focused at the start.
    pub start: StartView,
    /// What callers often need, in their words: queries.
    pub common_needs: Vec<String>,
    /// Whether pins, recent answers and notes are kept. If not, recent answers last for the session, and there are no
    /// pins or notes.
    pub keeps: bool,
    /// What is kept.
    pub saved: Saved,
}

/// What is focused at the start of the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartView {
    /// The audiences.
    #[default]
    Audiences,
    /// The tree.
    Tree,
    /// The find box.
    Find,
}
