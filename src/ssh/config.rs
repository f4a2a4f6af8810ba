//! What a server is started with.

use std::sync::Arc;

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::app::Environment;
use crate::config::serve::ServeOptions;
use crate::search::Catalog;
use crate::source::Source;

/// The time that the server spends on ending a channel or a connection cleanly: restoring the client's terminal, the
/// exit status, the disconnect message.
pub(super) const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// What a server is started with.
pub struct Config {
    /// The options of `dialtree serve`.
    pub options: ServeOptions,
    /// Where the directory comes from.
    pub source: Source,
    /// The environment of every session. What a client reports about its terminal can only restrict it.
    pub environment: Environment,
    /// A fixed moment to show instead of the current time.
    pub at: Option<Timestamp>,
    /// Runs commands such as `ssh HOST find commission`.
    pub run_command: Box<CommandRunner>,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("options", &self.options).field("source", &self.source).finish_non_exhaustive()
    }
}

/// Runs a command as the command line would, but without access to files, programs or the environment. An empty command
/// asks for help. It is called on a thread that may block.
pub type CommandRunner = dyn Fn(&[u8], &Arc<Catalog>, &Environment) -> CommandOutput + Send + Sync;

/// The result of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandOutput {
    /// The text for standard output.
    pub out: String,
    /// The text for standard error.
    pub error: String,
    /// The exit code.
    pub code: u8,
}
