//! Parses the command line, hands over to a command or a host, and turns the end into an exit code.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

use dialtree::cli::afar::{self, Served};
use dialtree::cli::{self, Look};
use dialtree::local;
use dialtree::origin::Origin;
use dialtree::search::Index;
use jiff::Timestamp;

fn main() -> ExitCode {
    let cli::Arguments { command, look, version, kiosk, asked } = cli::parse();
    let end = match command {
        _ if kiosk => serve_as_kiosk(&look, asked),
        _ if version => cli::version(&mut io::stdout(), &look.origin().described()).map(ExitCode::from),
        None => {
            let origin = look.origin();
            local::run(&origin, look.environment(&origin), look.at)
        }
        Some(command) => command.run(&look).map(ExitCode::from),
    };
    end.unwrap_or_else(|error| cli::fail(&error).into())
}

/// Where sshd says what the client asked for, under ForceCommand.
const ASKED: &str = "SSH_ORIGINAL_COMMAND";

/// The navigator or one answer for a stranger, out of the built-in directory: no file or program that they, or the
/// environment that they sent, could name is looked at.
fn serve_as_kiosk(look: &Look, asked: Option<OsString>) -> anyhow::Result<ExitCode> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let mut environment = look.environment_afar(&Origin::BuiltIn);
    let asked = asked.or_else(|| set(ASKED));
    if asked.is_none() && io::stdin().is_terminal() && io::stdout().is_terminal() {
        environment.colors &= set("NO_COLOR").is_none() && set("TERM").is_some_and(|term| term != "dumb");
        return local::run(&Origin::BuiltIn, environment, look.at);
    }
    environment.colors = look.color == cli::Color::Always;
    let directory = Arc::new(Origin::BuiltIn.load()?);
    let index = Arc::new(Index::new(Arc::clone(&directory)));
    let now = look.at.unwrap_or_else(Timestamp::now);
    let served = Served { directory, index, environment, width: afar::WIDTH, now };
    let line = asked.unwrap_or_default();
    let outcome = afar::answer_line(line.as_encoded_bytes(), served, &mut io::stdout(), &mut io::stderr());
    Ok(outcome.into())
}
