//! Parses the command line, hands over to a host, and turns the end into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    dialtree::cli::main()
}
