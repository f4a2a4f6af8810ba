//! What the user has set and kept: the configuration file, and the pins, recent answers and private notes in the state
//! folder; and the options of the server. Frontends pass it on as values; kiosks and servers have none of it.

mod file;
mod options;
pub mod seen;
#[cfg(feature = "ssh")]
mod serve;
pub mod store;
mod themes;
mod values;

pub use file::{ConfigError, ConfigFile};
pub use options::{Config, DEFAULT, DirectoryName};
#[cfg(feature = "ssh")]
pub use serve::{Auth, LogFormat, MaxStartups, NoHomeDirectory, ServeOptions};
