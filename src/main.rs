//! Parses the command line, hands over to a host, and turns the end into an exit code.

use std::process::ExitCode;

use dialtree::{cli, local};

fn main() -> ExitCode {
    let arguments = cli::parse();
    let options = local::Options { at: arguments.at, colors: arguments.color.as_bool(), ascii: arguments.ascii };
    match local::run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cli::fail(&error),
    }
}
