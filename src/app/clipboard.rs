//! The clipboards, and what is said about a text that was sent to one. Nothing is said that is not known.

/// The clipboard that a frontend copies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clipboard {
    /// None: the text is shown for the user to copy.
    None,
    /// A command of the user's, which takes the text on its standard input.
    Command,
    /// The desktop's, on the same machine.
    Desktop,
    /// The buffer of the tmux that the program runs in, which sends it to the clipboard of its own terminal.
    Tmux,
    /// The same, where the terminal of tmux takes no text for a clipboard.
    TmuxBuffer,
    /// The user's, through the terminal (OSC 52), which never confirms a copy.
    Terminal,
    /// The same, where the terminal is tmux, which may withhold it.
    TmuxTerminal,
}

impl Clipboard {
    /// The clipboard of a terminal by its name (`TERM`), through which texts are sent.
    pub fn of_terminal(term: &str) -> Self {
        if term.starts_with("tmux") { Self::TmuxTerminal } else { Self::Terminal }
    }

    /// Whether the text is sent through the terminal.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Terminal | Self::TmuxTerminal)
    }

    /// What is known of where a text is, in words.
    pub(super) fn says(self) -> &'static str {
        match self {
            Self::None => "No clipboard can be reached from here; to copy",
            Self::Command => "Passed to the clipboard command",
            Self::Desktop => "Copied",
            Self::Tmux => "Copied to tmux and sent to its terminal's clipboard",
            Self::TmuxBuffer => "Copied to tmux's buffer only",
            Self::Terminal | Self::TmuxTerminal => "Sent to the terminal's clipboard",
        }
    }

    /// What the user can do where tmux withholds a text from the clipboard.
    pub fn advice(self) -> Option<&'static str> {
        match self {
            Self::TmuxBuffer => Some("for its terminal's clipboard too: tmux set -as terminal-features ',*:clipboard'"),
            Self::TmuxTerminal => Some("if it does not arrive: tmux set -s set-clipboard on"),
            _ => None,
        }
    }
}
