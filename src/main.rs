//! Parses the command line, hands over to a command or a host, and turns the end into an exit code.

use std::process::ExitCode;

use dialtree::cli;
use dialtree::local;

fn main() -> ExitCode {
    let cli::Arguments { command, look, version } = cli::parse();
    let end = match command {
        _ if version => cli::version(&mut std::io::stdout(), &look.origin().described()).map(ExitCode::from),
        None => {
            let origin = look.origin();
            local::run(&origin, look.environment(&origin), look.at)
        }
        Some(command) => command.run(&look).map(ExitCode::from),
    };
    end.unwrap_or_else(|error| cli::fail(&error).into())
}
