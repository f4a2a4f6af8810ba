//! `dialtree serve`: what the command line says of the server. Whoever starts it makes its settings of this.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{ArgGroup, Args, ValueEnum};
use ipnet::IpNet;
use jiff::SignedDuration;

/// What `dialtree serve` takes.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(group(ArgGroup::new("who").required(true).args(["authorized_keys", "auth"])))]
#[command(before_help = "\
Examples:
  dialtree serve --authorized-keys brokers.pub
  dialtree serve --listen 0.0.0.0:22 --authorized-keys brokers.pub --admin 127.0.0.1:9222
  dialtree serve --auth none")]
pub struct Arguments {
    /// Listen here
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:2222", value_parser = address)]
    pub listen: SocketAddr,

    /// The server's own key, made on the first run; the data folder's dialtree/ssh_host_ed25519_key, if not given
    #[arg(long, value_name = "FILE")]
    pub host_key: Option<PathBuf>,

    /// Let in whoever has a key of this file, a public key a line as in OpenSSH's authorized_keys
    #[arg(long, value_name = "FILE", conflicts_with = "public")]
    pub authorized_keys: Option<PathBuf>,

    /// Let in anyone, without a key; on other addresses than loopback only with --public
    #[arg(long, value_enum)]
    pub auth: Option<Auth>,

    /// Let in anyone from other machines, too
    #[arg(long, requires = "auth")]
    pub public: bool,

    /// Keep out clients that lack a key exchange which withstands quantum computers, such as OpenSSH before 9.9
    #[arg(long)]
    pub post_quantum_only: bool,

    /// EntryId /healthz, /readyz and /metrics over HTTP here, on loopback
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub admin: Option<SocketAddr>,

    /// Write the log so
    #[arg(long, value_enum, default_value_t)]
    pub logs: LogFormat,

    /// Balancers: they begin each connection with a PROXY header of version 2
    #[arg(long, value_name = "RANGE", value_delimiter = ',', value_parser = range)]
    pub trusted_proxy: Vec<IpNet>,

    /// Connections in all
    #[arg(long, value_name = "N", default_value = "1000", value_parser = count::<NonZeroUsize>)]
    pub connections: NonZeroUsize,

    /// Connections from one address, or from one /64 of IPv6
    #[arg(long, value_name = "N", default_value = "100", value_parser = count::<NonZeroUsize>)]
    pub per_address: NonZeroUsize,

    /// New connections a second from one address
    #[arg(long, value_name = "N", default_value = "10", value_parser = count::<NonZeroU32>)]
    pub per_second: NonZeroU32,

    /// Time to log in, and to open a channel
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = time)]
    pub login_time: Duration,

    /// Time without a key of the user
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = time)]
    pub idle_time: Duration,

    /// Time of a connection as a whole
    #[arg(long, value_name = "TIME", default_value = "8h", value_parser = time)]
    pub longest_time: Duration,

    /// Time until a frame is taken
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = time)]
    pub stalled_time: Duration,

    /// Time to leave once the server ends
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = time)]
    pub drain_time: Duration,
}

/// Who is let in without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Auth {
    /// Anyone
    None,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line an event
    #[default]
    Text,
    /// A JSON object a line
    Json,
}

impl Arguments {
    /// The file of the server's key.
    ///
    /// # Errors
    /// There is no data folder and none was named.
    pub fn host_key(&self) -> anyhow::Result<PathBuf> {
        use etcetera::BaseStrategy as _;
        if let Some(path) = &self.host_key {
            return Ok(path.clone());
        }
        let base = etcetera::choose_base_strategy().map_err(|_| {
            anyhow::anyhow!("there is no home folder to keep a host key in; name a file with --host-key")
        })?;
        Ok(base.data_dir().join("dialtree/ssh_host_ed25519_key"))
    }
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "write an address and a port, such as 127.0.0.1:2222")
}

fn range(text: &str) -> Result<IpNet, &'static str> {
    text.parse().map_err(|_| "write a range of addresses, such as 10.0.0.0/8 or 10.0.0.10/32")
}

fn count<N: FromStr>(text: &str) -> Result<N, &'static str> {
    text.parse().map_err(|_| "write a whole number above zero")
}

fn time(text: &str) -> Result<Duration, &'static str> {
    let time: SignedDuration = text.parse().map_err(|_| "write a time such as 20s, 15m or 8h")?;
    Duration::try_from(time).ok().filter(|time| !time.is_zero()).ok_or("write a time above zero")
}
