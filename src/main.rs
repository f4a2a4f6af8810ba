//! Parses the command line, hands over to a command or a host, and turns the end into an exit code.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

#[cfg(feature = "ssh")]
use dialtree::app::Environment;
#[cfg(feature = "ssh")]
use dialtree::cli::Command;
use dialtree::cli::remote::{self, Served};
use dialtree::cli::{self, GlobalOptions};
#[cfg(feature = "ssh")]
use dialtree::config::serve::ServeOptions;
use dialtree::local;
use dialtree::search::Index;
use dialtree::source::Source;
#[cfg(feature = "ssh")]
use dialtree::ssh::{self, CommandOutput, Config, Current};
use jiff::Timestamp;

fn main() -> ExitCode {
    let cli::Arguments { command, look, version, kiosk, asked } = match cli::parse() {
        Ok(arguments) => arguments,
        Err(end) => return end.into(),
    };
    let end = match command {
        _ if kiosk => serve_as_kiosk(&look, asked),
        _ if version => cli::version(&mut io::stdout(), &look.source().described()).map(ExitCode::from),
        None => {
            let source = look.source();
            local::run(&source, look.environment(&source), look.at)
        }
        #[cfg(feature = "ssh")]
        Some(Command::Serve(options)) => serve(*options, &look),
        Some(command) => command.run(&look).map(ExitCode::from),
    };
    end.unwrap_or_else(|error| cli::fail(&error).into())
}

/// Where sshd says what the client asked for, under ForceCommand.
const ASKED: &str = "SSH_ORIGINAL_COMMAND";

/// The navigator or one answer for a stranger, out of the built-in directory: no file or program that they, or the
/// environment that they sent, could name is looked at.
fn serve_as_kiosk(look: &GlobalOptions, asked: Option<OsString>) -> anyhow::Result<ExitCode> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let mut environment = look.environment_afar(&Source::BuiltIn);
    let asked = asked.or_else(|| set(ASKED));
    if asked.is_none() && io::stdin().is_terminal() && io::stdout().is_terminal() {
        environment.colors &= set("NO_COLOR").is_none() && set("TERM").is_some_and(|term| term != "dumb");
        return local::run(&Source::BuiltIn, environment, look.at);
    }
    environment.colors = look.color == cli::Color::Always;
    let directory = Arc::new(Source::BuiltIn.load()?);
    let index = Arc::new(Index::new(Arc::clone(&directory)));
    let now = look.at.unwrap_or_else(Timestamp::now);
    let served = Served { directory, index, environment, width: remote::WIDTH, now };
    let line = asked.unwrap_or_default();
    let outcome = remote::answer_line(line.as_encoded_bytes(), served, &mut io::stdout(), &mut io::stderr());
    Ok(outcome.into())
}

/// Runs the SSH server. Frontends do not import one another, so the command line is connected to the server here.
#[cfg(feature = "ssh")]
fn serve(options: ServeOptions, global: &GlobalOptions) -> anyhow::Result<ExitCode> {
    let (source, at) = (global.source(), global.at);
    let run_command = move |line: &[u8], current: &Current, environment: &Environment| {
        let served = Served {
            directory: Arc::clone(&current.directory),
            index: Arc::clone(&current.index),
            // The output may go to a file or a program; SSH does not tell.
            environment: Environment { colors: false, ..environment.clone() },
            width: remote::WIDTH,
            now: at.unwrap_or_else(Timestamp::now),
        };
        let (mut out, mut error) = (Vec::new(), Vec::new());
        let code = remote::answer_line(line, served, &mut out, &mut error) as u8;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        CommandOutput { out: text(out), error: text(error), code }
    };
    let environment = global.environment_afar(&source);
    ssh::run(Config { options, source, environment, at, run_command: Box::new(run_command) })?;
    Ok(ExitCode::SUCCESS)
}
