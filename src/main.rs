//! Parses the command line, hands over to a command or a host, and turns the end into an exit code.

use std::process::ExitCode;

use dialtree::cli::{self, Command};
use dialtree::local;

fn main() -> ExitCode {
    let cli::Arguments { command, look } = cli::parse();
    let end = match command {
        None => local::run(&look.origin(), look.environment(&look.origin()), look.at).map(|()| ExitCode::SUCCESS),
        Some(Command::Find(arguments)) => cli::find::run(&arguments, &look),
        #[cfg(feature = "ssh")]
        Some(Command::Serve(arguments)) => {
            settings(&arguments, &look).and_then(dialtree::ssh::run).map(|()| ExitCode::SUCCESS)
        }
    };
    end.unwrap_or_else(|error| cli::fail(&error))
}

/// The server's settings: the hosts know nothing of one another, so what one parses is told the other here.
#[cfg(feature = "ssh")]
fn settings(arguments: &cli::serve::Arguments, look: &cli::Look) -> anyhow::Result<dialtree::ssh::Config> {
    use dialtree::ssh::{Answered, Config, Limits, Logs, Timers, Who};
    let (origin, at) = (look.origin(), look.at);
    Ok(Config {
        listen: arguments.listen,
        admin: arguments.admin,
        host_key: arguments.host_key()?,
        who: arguments.authorized_keys.clone().map_or(Who::Anyone, Who::Keys),
        public: arguments.public,
        limits: Limits {
            connections: arguments.connections,
            per_address: arguments.per_address,
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
            cli::serve::Logs::Text => Logs::Text,
            cli::serve::Logs::Json => Logs::Json,
        },
        environment: look.served_environment(&origin),
        origin,
        at,
        answer: Box::new(move |words, current, environment| {
            let (out, error, code) = cli::remote::answer(words, &current.directory, &current.index, environment, at);
            Answered { out, error, code }
        }),
    })
}
