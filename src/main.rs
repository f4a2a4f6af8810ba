//! Parses the command line, runs a command or a frontend, and turns the result into an exit code.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

#[cfg(feature = "ssh")]
use dialtree::cli::Command;
use dialtree::cli::remote::{self, RemoteContext};
use dialtree::cli::{self, GlobalOptions};
use dialtree::local;
use dialtree::source::Source;
use jiff::Timestamp;

fn main() -> ExitCode {
    let cli::Arguments { command, options, version, kiosk, asked } = match cli::parse() {
        Ok(arguments) => arguments,
        Err(end) => return end.into(),
    };
    let end = match command {
        _ if kiosk => run_kiosk(&options, asked),
        _ if version => cli::version(&mut io::stdout(), &options.source().described()).map(ExitCode::from),
        None => {
            let source = options.source();
            local::run(&source, options.environment(&source), options.at)
        }
        #[cfg(feature = "ssh")]
        Some(Command::Serve(arguments)) => {
            settings(&arguments, &options).and_then(dialtree::ssh::run).map(|()| ExitCode::SUCCESS)
        }
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

/// The server's settings: the hosts know nothing of one another, so what one parses is told the other here.
#[cfg(feature = "ssh")]
fn settings(arguments: &cli::serve::Arguments, options: &cli::GlobalOptions) -> anyhow::Result<dialtree::ssh::Config> {
    use dialtree::app::Environment;
    use dialtree::present::display::Display;
    use dialtree::ssh::{Authentication, CommandOutput, Config, Limits, LogFormat, Timers};
    let (source, at) = (options.source(), options.at);
    Ok(Config {
        listen: arguments.listen,
        admin: arguments.admin,
        host_key: arguments.host_key()?,
        who: arguments.authorized_keys.clone().map_or(Authentication::Anyone, Authentication::Keys),
        public: arguments.public,
        post_quantum_only: arguments.post_quantum_only,
        limits: Limits {
            connections: arguments.connections.get(),
            per_address: arguments.per_address.get(),
            per_second: arguments.per_second,
        },
        timers: Timers {
            login: arguments.login_time,
            idle: arguments.idle_time,
            longest: arguments.longest_time,
            stalled: arguments.stalled_time,
            drain: arguments.drain_time,
        },
        trusted_proxies: arguments.trusted_proxy.clone(),
        logs: match arguments.logs {
            cli::serve::LogFormat::Text => LogFormat::Text,
            cli::serve::LogFormat::Json => LogFormat::Json,
        },
        environment: options.remote_environment(&source),
        source,
        at,
        answer: Box::new(move |line, current, environment| {
            let remote_context = RemoteContext {
                catalog: Arc::clone(current),
                // Whatever reads this is no terminal, as far as anyone knows.
                environment: Environment {
                    display: Display { colors: false, ..environment.display.clone() },
                    ..environment.clone()
                },
                width: remote::WIDTH,
                now: at.unwrap_or_else(Timestamp::now),
            };
            let (mut out, mut error) = (Vec::new(), Vec::new());
            let code = remote::answer_line(line, remote_context, &mut out, &mut error) as u8;
            let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
            CommandOutput { out: text(out), error: text(error), code }
        }),
    })
}
