//! Parses the command line, runs a command or a frontend, and turns the result into an exit code.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::process::ExitCode;
#[cfg(feature = "ssh")]
use std::sync::Arc;

#[cfg(feature = "ssh")]
use dialtree::app::Environment;
#[cfg(feature = "ssh")]
use dialtree::cli::Command;
use dialtree::cli::remote::{self, RemoteContext};
use dialtree::cli::{self, GlobalOptions};
#[cfg(feature = "ssh")]
use dialtree::config::ServeOptions;
use dialtree::local;
#[cfg(feature = "ssh")]
use dialtree::present::display::Display;
#[cfg(feature = "ssh")]
use dialtree::search::Catalog;
use dialtree::source::Source;
#[cfg(feature = "ssh")]
use dialtree::ssh::{self, CommandOutput, Config};
use jiff::Timestamp;

fn main() -> ExitCode {
    let cli::Arguments { command, options, version, kiosk, asked } = match cli::parse() {
        Ok(arguments) => arguments,
        Err(end) => return end.into(),
    };
    let end = match command {
        _ if kiosk => run_kiosk(&options, asked),
        _ if version => cli::version(&mut io::stdout(), &options.source().description()).map(ExitCode::from),
        None => {
            let source = options.source();
            local::run(&source, options.environment(&source), options.at)
        }
        #[cfg(feature = "ssh")]
        Some(Command::Serve(serve_options)) => serve(*serve_options, &options),
        Some(command) => command.run(&options).map(ExitCode::from),
    };
    end.unwrap_or_else(|error| cli::fail(&error).into())
}

/// The variable in which sshd passes the command of the client to a ForceCommand.
const CLIENT_COMMAND: &str = "SSH_ORIGINAL_COMMAND";

/// Runs the navigator or one read-only command for a remote user. Only the built-in directory is used: no file or
/// program is opened that the user, or the environment that the client sent, could name.
fn run_kiosk(options: &GlobalOptions, asked: Option<OsString>) -> anyhow::Result<ExitCode> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let mut environment = options.remote_environment(&Source::BuiltIn);
    let asked = asked.or_else(|| set(CLIENT_COMMAND));
    if asked.is_none() && io::stdin().is_terminal() && io::stdout().is_terminal() {
        environment.display.colors &= set("NO_COLOR").is_none() && set("TERM").is_some_and(|term| term != "dumb");
        return local::run(&Source::BuiltIn, environment, options.at);
    }
    environment.display.colors = options.color == cli::Color::Always;
    let catalog = Source::BuiltIn.catalog()?;
    let now = options.at.unwrap_or_else(Timestamp::now);
    let remote_context = RemoteContext { catalog, environment, width: remote::WIDTH, now };
    let line = asked.unwrap_or_default();
    let outcome = remote::answer_line(line.as_encoded_bytes(), remote_context, &mut io::stdout(), &mut io::stderr());
    Ok(outcome.into())
}

/// Runs the SSH server. Frontends do not import one another, so the command line is connected to the server here.
#[cfg(feature = "ssh")]
fn serve(options: ServeOptions, global: &GlobalOptions) -> anyhow::Result<ExitCode> {
    let (source, at) = (global.source(), global.at);
    let run_command = move |line: &[u8], catalog: &Arc<Catalog>, environment: &Environment| {
        // The output may go to a file or a program; SSH does not say.
        let display = Display { colors: false, ..environment.display.clone() };
        let context = RemoteContext {
            catalog: Arc::clone(catalog),
            environment: Environment { display, ..environment.clone() },
            width: remote::WIDTH,
            now: at.unwrap_or_else(Timestamp::now),
        };
        let (mut out, mut error) = (Vec::new(), Vec::new());
        let code = remote::answer_line(line, context, &mut out, &mut error) as u8;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        CommandOutput { out: text(out), error: text(error), code }
    };
    let environment = global.remote_environment(&source);
    ssh::run(Config { options, source, environment, at, run_command: Box::new(run_command) })?;
    Ok(ExitCode::SUCCESS)
}
