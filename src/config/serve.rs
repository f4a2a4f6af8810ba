//! The options of `dialtree serve`, which one frontend parses and another uses. It is also the definition of the
//! command's options, so that an option, its default and its help are in one place.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{ArgGroup, Args, ValueEnum};
use ipnet::IpNet;
use jiff::SignedDuration;

/// The options of `dialtree serve`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(group(ArgGroup::new("authentication").required(true).args(["authorized_keys", "auth"])))]
#[command(before_help = "\
Examples:
  dialtree serve --authorized-keys brokers.pub
  dialtree serve --listen 0.0.0.0:22 --authorized-keys brokers.pub --admin 127.0.0.1:9222
  dialtree serve --authorized-keys brokers.pub --check
  dialtree serve --auth none")]
pub struct ServeOptions {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:2222", value_parser = address)]
    pub listen: SocketAddr,

    /// Addresses of load balancers, which must send a PROXY header (version 2)
    #[arg(long, value_name = "RANGE", value_delimiter = ',', value_parser = address_range)]
    pub trusted_proxy: Vec<IpNet>,

    /// Private key of the server, created if missing; without it, dialtree/ssh_host_ed25519_key in the data folder
    #[arg(long, value_name = "FILE")]
    pub host_key: Option<PathBuf>,

    /// Accept the public keys in this file, one per line as in OpenSSH's authorized_keys
    #[arg(long, value_name = "FILE", conflicts_with = "public")]
    pub authorized_keys: Option<PathBuf>,

    /// Accept clients without a key; on addresses other than loopback, this requires --public
    #[arg(long, value_enum)]
    pub auth: Option<Auth>,

    /// Allow --auth none on addresses other than loopback
    #[arg(long, requires = "auth")]
    pub public: bool,

    /// Refuse clients without a post-quantum key exchange, such as OpenSSH before 9.9
    #[arg(long)]
    pub post_quantum_only: bool,

    /// End the sessions of keys that are removed from the file or that expire
    #[arg(long, requires = "authorized_keys")]
    pub end_revoked: bool,

    /// Check the options, the keys, the host key and the directory, print what was found, and exit with 0 or 2
    #[arg(long)]
    pub check: bool,

    /// Print a unit for systemd that starts the server with these options, and exit
    #[arg(long)]
    pub print_unit: bool,

    /// Do not confine the server to its own files and to harmless system calls
    #[arg(long)]
    pub no_sandbox: bool,

    /// Keep a copy of the last good directory in this file, and start with it if the directory is bad
    #[arg(long, value_name = "FILE")]
    pub last_good: Option<PathBuf>,

    /// Serve entries that are marked as internal, too
    #[arg(long)]
    pub internal: bool,

    /// Maximum number of open connections
    #[arg(long, value_name = "N", default_value = "1000", value_parser = positive::<NonZeroUsize>)]
    pub max_connections: NonZeroUsize,

    /// Maximum number of open connections per address (per /64 for IPv6)
    #[arg(long, value_name = "N", default_value = "100", value_parser = positive::<NonZeroUsize>)]
    pub max_connections_per_address: NonZeroUsize,

    /// Maximum number of new connections per second and address
    #[arg(long, value_name = "N", default_value = "10", value_parser = positive::<NonZeroU32>)]
    pub max_connection_rate: NonZeroU32,

    /// Limits of connections before login: number from which they are dropped at random, percentage dropped then,
    /// number from which all are dropped
    #[arg(long, value_name = "START:RATE:FULL", default_value = "100:30:300")]
    pub max_startups: MaxStartups,

    /// Addresses that are not refused after failed logins, such as those of monitoring
    #[arg(long, value_name = "RANGE", value_delimiter = ',', value_parser = address_range)]
    pub penalty_exempt: Vec<IpNet>,

    /// Memory that the server may use: sessions and commands are refused before it is exceeded
    #[arg(long, value_name = "SIZE", default_value = "900M", value_parser = size)]
    pub max_memory: usize,

    /// Time to log in, and then to start a session or command
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = duration)]
    pub login_timeout: Duration,

    /// Time without input after which a session is closed
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = duration)]
    pub idle_timeout: Duration,

    /// Maximum duration of a connection
    #[arg(long, value_name = "TIME", default_value = "8h", value_parser = duration)]
    pub session_timeout: Duration,

    /// Time that a client may leave a frame unread before it is disconnected
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub write_timeout: Duration,

    /// Time for open sessions to end after SIGTERM
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub drain_timeout: Duration,

    /// Loopback address and port for /healthz, /readyz and /metrics over HTTP
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub admin: Option<SocketAddr>,

    /// Format of the log on standard error
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// Ways to log in other than with an authorised key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Auth {
    /// No authentication
    None,
}

/// The limits of connections before login, as in OpenSSH's `MaxStartups`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxStartups {
    start: usize,
    rate: u32,
    full: usize,
}

impl MaxStartups {
    /// The percentage of new connections to drop while there are a number of others.
    pub fn drop_percentage(self, count: usize) -> u32 {
        let Self { start, rate, full } = self;
        match count {
            _ if count < start => 0,
            _ if count >= full => 100,
            // Below 100, and `full` is above `start` here.
            _ => rate + (100 - rate) * u32::try_from(100 * (count - start) / (full - start)).unwrap_or(0) / 100,
        }
    }
}

impl FromStr for MaxStartups {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers: Option<Vec<u32>> = text.split(':').map(|number| number.parse().ok()).collect();
        match numbers.as_deref() {
            Some(&[start, rate @ 1..=100, full]) if 0 < start && start <= full => {
                Ok(Self { start: start as usize, rate, full: full as usize })
            }
            _ => Err(ValueError::MaxStartups),
        }
    }
}

/// The format of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One line per event
    #[default]
    Text,
    /// One JSON object per line
    Json,
}

/// The default location of the host key is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no home directory to keep the host key in; name a file with --host-key")]
pub struct NoHomeDirectory;

impl ServeOptions {
    /// Whether clients may log in without a key.
    pub fn allows_anyone(&self) -> bool {
        self.auth == Some(Auth::None)
    }

    /// The file of the host key: the one that was named, or `dialtree/ssh_host_ed25519_key` in the user's data folder.
    ///
    /// # Errors
    /// No file was named and the user has no home directory.
    pub fn host_key_path(&self) -> Result<PathBuf, NoHomeDirectory> {
        use etcetera::BaseStrategy as _;
        if let Some(path) = &self.host_key {
            return Ok(path.clone());
        }
        let base = etcetera::choose_base_strategy().map_err(|_| NoHomeDirectory)?;
        Ok(base.data_dir().join("dialtree/ssh_host_ed25519_key"))
    }
}

/// The value of an option cannot be parsed. clap names the option and the value in front of these messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// An address with a port
    #[error("expected an address and a port, such as 127.0.0.1:2222")]
    Address,
    /// A range of addresses
    #[error("expected a range of addresses, such as 10.0.0.0/8 or 10.0.0.10/32")]
    AddressRange,
    /// `--max-startups`
    #[error("expected START:RATE:FULL, such as 100:30:300, with 0 < START <= FULL and a RATE from 1 to 100")]
    MaxStartups,
    /// A positive number
    #[error("expected a whole number above zero")]
    Number,
    /// A size in bytes
    #[error("expected a size such as 900M or 2G")]
    Size,
    /// A positive duration
    #[error("expected a duration above zero, such as 20s, 15m or 8h")]
    Duration,
}

fn address(text: &str) -> Result<SocketAddr, ValueError> {
    text.parse().map_err(|_| ValueError::Address)
}

fn address_range(text: &str) -> Result<IpNet, ValueError> {
    text.parse().map_err(|_| ValueError::AddressRange)
}

fn positive<N: FromStr>(text: &str) -> Result<N, ValueError> {
    text.parse().map_err(|_| ValueError::Number)
}

/// A number of megabytes or gigabytes, as systemd reads `MemoryMax`.
fn size(text: &str) -> Result<usize, ValueError> {
    let units = [("M", 1 << 20), ("G", 1 << 30)];
    let size =
        units.iter().find_map(|(unit, bytes)| text.strip_suffix(unit)?.parse::<usize>().ok()?.checked_mul(*bytes));
    size.filter(|size| *size > 0).ok_or(ValueError::Size)
}

fn duration(text: &str) -> Result<Duration, ValueError> {
    let duration: SignedDuration = text.parse().map_err(|_| ValueError::Duration)?;
    Duration::try_from(duration).ok().filter(|duration| !duration.is_zero()).ok_or(ValueError::Duration)
}
