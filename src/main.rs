//! Parses the command line, runs a command or a frontend, and turns the result into an exit code.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use dialtree::app::{Clipboard, Environment};
use dialtree::cli::{self, CommandLine, Context, remote};
use dialtree::config::store::Store;
use dialtree::local;
use dialtree::present::display::Glyphs;
use dialtree::source::{LoadProblems, Source, Sources};
use jiff::Timestamp;

fn main() -> ExitCode {
    let command_line = match cli::parse() {
        Ok(command_line) => command_line,
        Err(end) => return end.into(),
    };
    let end = match command_line {
        CommandLine { kiosk: true, .. } => run_kiosk(&command_line),
        CommandLine { hold_clipboard: true, .. } => local::clipboard::hold().map(|()| ExitCode::SUCCESS),
        command_line => run(command_line),
    };
    end.unwrap_or_else(|error| cli::fail(&error).into())
}

fn run(CommandLine { command, options, version, verbose, line, .. }: CommandLine) -> anyhow::Result<ExitCode> {
    match command {
        _ if version => {
            let sources = options.sources(&options.config().0);
            let loaded = verbose.then(|| sources.load());
            let (description, left_out) = match &loaded {
                Some(Ok(loaded)) => {
                    let in_use: Vec<_> = loaded.sources.iter().map(Source::description).collect();
                    (in_use.join("\n"), loaded.problems.clone())
                }
                _ => (sources.description(), LoadProblems::default()),
            };
            let loaded = loaded.map(|loaded| loaded.map(|loaded| loaded.catalog));
            cli::version(&mut io::stdout(), &description, loaded, &left_out).map(ExitCode::from)
        }
        None => {
            let (config, problem) = options.config();
            let sources = options.sources(&config);
            let notice = problem.map(|problem| problem.notice());
            let user = local::Options {
                clipboard_command: config.clipboard.clone(),
                notices: notice.into_iter().collect(),
                store: if config.save { Store::in_state_folder() } else { None },
            };
            navigate(line, &sources, options.environment(&sources, config)?, options.at, user)
        }
        Some(cli::Command::Doctor(arguments)) => {
            arguments.run(&options, &local::clipboard::examine, &mut io::stdout()).map(ExitCode::from)
        }
        #[cfg(feature = "ssh")]
        Some(cli::Command::Serve(serve_options)) => server::run(*serve_options, &options),
        Some(command) => command.run(&options).map(ExitCode::from),
    }
}

/// Runs the navigator on the screen; in lines if that is asked for or the terminal draws nothing.
fn navigate(
    line: bool,
    sources: &Sources,
    environment: Environment,
    at: Option<Timestamp>,
    user: local::Options,
) -> anyhow::Result<ExitCode> {
    let has_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    if line || (has_terminal && !cli::draws_screens()) {
        return local::line::run(sources, environment, at, user);
    }
    local::run(sources, environment, at, user)
}

/// The variable in which sshd passes the command of the client to a ForceCommand.
const CLIENT_COMMAND: &str = "SSH_ORIGINAL_COMMAND";

/// Runs the navigator or one read-only command for a remote user: the command that a login shell is given, else the one
/// on the command line, else the client's. The built-in directory is used, or data files of the
/// administrator: no file or program is opened that the user, or the environment that the client sent, could name.
fn run_kiosk(command_line: &CommandLine) -> anyhow::Result<ExitCode> {
    let CommandLine { command, options, version, shell_command, .. } = command_line;
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let has_command = shell_command.is_none() && (command.is_some() || *version);
    let line = if has_command { None } else { shell_command.clone().or_else(|| set(CLIENT_COMMAND)) };
    let sources = options.kiosk_sources(has_command || shell_command.is_some())?;
    let mut environment = options.remote_environment(&sources)?;
    environment.display.clock = options.client_clock(|name| set(name)?.into_string().ok());
    if !has_command && line.is_none() && io::stdin().is_terminal() && io::stdout().is_terminal() {
        let text = |name: &str| set(name)?.into_string().ok();
        environment.display.glyphs = Glyphs::of_environment(text).unwrap_or(environment.display.glyphs);
        environment.clipboard = Clipboard::of_terminal(&text("TERM").unwrap_or_default());
        environment.display.colors &= set("NO_COLOR").is_none();
        return navigate(command_line.line, &sources, environment, options.at, local::Options::default());
    }
    let now = options.at.unwrap_or_else(Timestamp::now);
    let context = Context::remote(sources.load()?.catalog, environment, now).with_options(options);
    let (out, error_out) = (&mut io::stdout(), &mut io::stderr());
    Ok(match line {
        None if has_command => remote::run(command_line, context, out, error_out),
        line => remote::run_line(line.unwrap_or_default().as_encoded_bytes(), context, out, error_out),
    }
    .into())
}

/// Connects the command line to the SSH server, because frontends do not import one another.
#[cfg(feature = "ssh")]
mod server {
    use std::process::ExitCode;
    use std::sync::Arc;

    use dialtree::app::Environment;
    use dialtree::cli::{Context, GlobalOptions, remote};
    use dialtree::config::ServeOptions;
    use dialtree::search::Catalog;
    use dialtree::ssh::{self, CommandOutput, Config};
    use jiff::Timestamp;

    pub(super) fn run(options: ServeOptions, global: &GlobalOptions) -> anyhow::Result<ExitCode> {
        let (sources, at) = (global.sources(&dialtree::config::Config::default()), global.at);
        let run_command = move |line: &[u8], catalog: &Arc<Catalog>, environment: &Environment| {
            let now = at.unwrap_or_else(Timestamp::now);
            let context = Context::remote(Arc::clone(catalog), environment.clone(), now);
            let remote::Running { out, error, outcome } = remote::start_line(line, context);
            CommandOutput { out, error, code: outcome as u8 }
        };
        let environment = global.remote_environment(&sources)?;
        if options.print_unit {
            use std::io::Write as _;
            let program = std::env::current_exe()?;
            let words: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into()).collect();
            std::io::stdout().write_all(ssh::unit(&program.to_string_lossy(), &words).as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        if options.check {
            return Ok(ssh::check(&options, &sources, &mut std::io::stdout())?.into());
        }
        ssh::run(Config { options, sources, environment, at, run_command: Box::new(run_command) })?;
        Ok(ExitCode::SUCCESS)
    }
}
