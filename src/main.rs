//! Parses the command line, hands over to a command or a host, and turns the end into an exit code.

use std::process::ExitCode;

use dialtree::cli::{self, Command};
use dialtree::local;

fn main() -> ExitCode {
    let cli::Arguments { command, look } = cli::parse();
    let end = match command {
        None => local::run(&look.origin(), look.environment(&look.origin()), look.at),
        Some(Command::Find(arguments)) => cli::find::run(&arguments, &look),
    };
    end.unwrap_or_else(|error| cli::fail(&error))
}
