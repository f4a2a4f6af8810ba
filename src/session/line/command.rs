//! The commands of the navigator in lines.

use crate::app::keymap::Action;

/// A command: an action of the app, or what only lines have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Do(Action),
    Back,
    List,
    Hours,
    Notices,
    Link,
    Help,
}

use Command::{Back, Do, Help, Hours, Link, List, Notices};

/// The commands: their names and what they do.
pub(super) const COMMANDS: &[(&[&str], Command, &str)] = &[
    (&["back", "b"], Back, "one step back"),
    (&["copy", "c"], Do(Action::Copy), "copy the number or the address"),
    (&["copy as"], Do(Action::CopyMenu), "choose what to copy"),
    (&["hours"], Hours, "read the hours"),
    (&["list", "l"], List, "list the next steps, or the contacts of the audience"),
    (&["next"], Do(Action::Enter), "take the only next step of the phone menu"),
    (&["undo", "u"], Do(Action::Unpress), "take back the last key of the phone"),
    (&["again"], Do(Action::StartAgain), "start the phone menu again"),
    (&["person", "p"], Do(Action::Operator), "go to a person on this line"),
    (&["link"], Link, "read the link to dial or open on a phone"),
    (&["open"], Do(Action::OpenLink), "open the link"),
    (&["directory", "d"], Do(Action::Directories), "choose another directory, where there are several"),
    (&["notices"], Notices, "list the notices"),
    (&["new", "n"], Do(Action::NewCaller), "new caller"),
    (&["help", "?"], Help, "list the commands"),
    (&["quit", "q"], Do(Action::Quit), "quit"),
];

/// Whether a command is about the entry whose card has been read.
pub(super) fn needs_entry(command: Command) -> bool {
    match command {
        Do(action) => !matches!(action, Action::NewCaller | Action::Directories | Action::Quit),
        Hours | Link => true,
        Back | List | Notices | Help => false,
    }
}

/// The commands in words, and what else can be typed; `has_several` says whether there are several directories.
pub(super) fn help(has_several: bool) -> String {
    let mut text = "Type what the caller needs, a name or a number; with a slash before it if it is a command, as in \
                    /hours. A number chooses a line. With a phone number read out, digits, * and # press its keys. An \
                    empty line reads again.\n"
        .to_owned();
    let is_listed = |command: Command| has_several || command != Do(Action::Directories);
    for (names, _, does) in COMMANDS.iter().filter(|(_, command, _)| is_listed(*command)) {
        text += &format!("{}: {does}\n", names.join(" or "));
    }
    text
}
