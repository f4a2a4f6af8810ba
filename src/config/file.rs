//! Where the configuration file is, and reading it.

use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::options::Config;
use super::store::is_missing;
use crate::directory::problem::Problems;
use crate::directory::text::sanitized;

/// The environment variable that names the configuration file.
const VARIABLE: &str = "DIALTREE_CONFIG";

/// The file in the user's configuration folder: `~/.config/dialtree/config.ron` (XDG Base Directory).
const IN_CONFIG_FOLDER: &str = "dialtree/config.ron";

/// The configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    path: PathBuf,
    /// The user named it, so that it must exist.
    is_named: bool,
}

/// What is wrong with the configuration file. The rest of it applies.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read as text.
    #[error("{file}: {}", reason(.error))]
    #[allow(missing_docs)] // The message is the documentation.
    Unreadable { file: String, error: io::Error },
    /// It has problems.
    #[error("{0}")]
    Problems(Problems),
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::InvalidData => "this is not UTF-8 text".to_owned(),
        _ => format!("this file cannot be read: {error}"),
    }
}

impl ConfigError {
    /// What a user is told who did not ask for the configuration: the first problem, and that the rest applies.
    pub fn notice(&self) -> String {
        match self {
            Self::Unreadable { .. } => format!("the configuration {}; the defaults apply", self.summary()),
            Self::Problems(_) => format!("{}; `dialtree config check` lists all", self.summary()),
        }
    }

    /// The first problem in one line that starts with the name of the file without its folders.
    pub fn summary(&self) -> String {
        let short = |file: &str| Path::new(file).file_name().unwrap_or_default().to_string_lossy().into_owned();
        match self {
            Self::Unreadable { file, error } => format!("{}: {}", short(file), reason(error)),
            Self::Problems(problems) => problems.summary(&short(&problems.file)),
        }
    }
}

impl ConfigFile {
    /// The file that the option names, else the variable, else the one in the configuration folder. `None` if there is
    /// no home directory. An empty variable counts as unset.
    pub fn choose(option: Option<PathBuf>) -> Option<Self> {
        let variable = || std::env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
        if let Some(path) = option.or_else(variable) {
            return Some(Self { path, is_named: true });
        }
        let base = etcetera::choose_base_strategy().ok()?;
        Some(Self { path: base.config_dir().join(IN_CONFIG_FOLDER), is_named: false })
    }

    /// Its path, safe to print.
    pub fn name(&self) -> String {
        sanitized(&self.path.to_string_lossy()).into_owned()
    }

    /// Whether there is a file, or should be one because the user named it.
    pub fn is_expected(&self) -> bool {
        self.is_named || self.path.exists()
    }

    /// Reads the configuration: the defaults where there is no file or where it is wrong, and what is wrong.
    pub fn load(&self) -> (Config, Option<ConfigError>) {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if is_missing(&error) && !self.is_named => return Default::default(),
            Err(error) => {
                return (Config::unreadable(), Some(ConfigError::Unreadable { file: self.name(), error }));
            }
        };
        let (config, problems) = Config::parse(&self.name(), &text);
        (config, (!problems.list.is_empty()).then_some(ConfigError::Problems(problems)))
    }
}
