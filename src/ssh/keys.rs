//! The server's host key and the keys that clients may log in with.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use russh::keys::ssh_key::public::KeyData;
use russh::keys::ssh_key::{LineEnding, PublicKey};
use russh::keys::{Algorithm, HashAlg, PrivateKey};
use tempfile::NamedTempFile;

/// The host key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HostKeyError {
    /// There is no key, and none can be created.
    #[error("{path}: cannot create a host key here")]
    Create {
        /// The file of the key.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The file cannot be read.
    #[error("{path}: cannot read this host key")]
    Read {
        /// The file of the key.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The file is not a private key in OpenSSH's format.
    #[error("{path}: not an OpenSSH private key; name a file that does not exist, and a key is created there")]
    Format {
        /// The file of the key.
        path: PathBuf,
    },
    /// The key is of another type, or encrypted.
    #[error(
        "{path}: the host key must be an Ed25519 key without a passphrase; name a file that does not exist, and a key \
         is created there"
    )]
    Kind {
        /// The file of the key.
        path: PathBuf,
    },
    /// Other users of the machine can read the file.
    #[error("{path}: other users can read this host key; run `chmod 600 {path}`, or replace the key")]
    Permissions {
        /// The file of the key.
        path: PathBuf,
    },
}

/// A file of authorised keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizedKeysError {
    /// The file cannot be read.
    #[error(
        "{path}: cannot read the authorized keys; the file holds one public key per line, such as the contents of \
         ~/.ssh/id_ed25519.pub"
    )]
    Read {
        /// The file of the keys.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A line is wrong.
    #[error("{path}, line {line}")]
    Line {
        /// The file of the keys.
        path: PathBuf,
        /// The number of the line, counted from 1.
        line: usize,
        /// What is wrong with it.
        source: KeyLineError,
    },
    /// The file holds no key.
    #[error("{path}: there is no key in this file, so no one could log in")]
    Empty {
        /// The file of the keys.
        path: PathBuf,
    },
}

/// A line of a file of authorised keys is wrong.
#[derive(Debug, thiserror::Error)]
pub enum KeyLineError {
    /// The line holds no public key.
    #[error("not a public key; expected a line such as `ssh-ed25519 AAAA… broker@example.com`")]
    NotAKey,
    /// The key has an option that the server cannot enforce.
    #[error("the option {0:?} is not supported; remove it from the line")]
    Option(String),
}

/// The SHA-256 fingerprint of a key, as OpenSSH shows it.
pub(super) fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// Reads the host key, or creates it if the file does not exist.
pub(super) fn host_key(path: &Path) -> Result<PrivateKey, HostKeyError> {
    let owned = || path.to_owned();
    if !path.exists() {
        match create_host_key(path) {
            // Another server has created it in the meantime; both then use the same key.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map_err(|source| HostKeyError::Create { path: owned(), source }),
        }
    }
    let cannot_read = |source| HostKeyError::Read { path: owned(), source };
    let text = fs::read(path).map_err(cannot_read)?;
    let key = PrivateKey::from_openssh(text).map_err(|_| HostKeyError::Format { path: owned() })?;
    if key.algorithm() != Algorithm::Ed25519 || key.is_encrypted() {
        return Err(HostKeyError::Kind { path: owned() });
    }
    if fs::metadata(path).map_err(cannot_read)?.permissions().mode() & 0o077 != 0 {
        return Err(HostKeyError::Permissions { path: owned() });
    }
    Ok(key)
}

/// Creates a host key. The key is written to a temporary file with mode 0600 in the same folder and renamed once it is
/// on disk, so that no other process ever sees half a key; an existing key is never replaced.
fn create_host_key(path: &Path) -> io::Result<PrivateKey> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let key = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519).map_err(io::Error::other)?;
    let text = key.to_openssh(LineEnding::LF).map_err(io::Error::other)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    File::open(folder)?.sync_all()?;
    tracing::info!(file = %path.display(), "created a host key");
    Ok(key)
}

/// The keys that clients may log in with.
#[derive(Debug, Default)]
pub(super) struct AuthorizedKeys(HashSet<KeyData>);

impl AuthorizedKeys {
    pub(super) fn contains(&self, key: &PublicKey) -> bool {
        self.0.contains(key.key_data())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Reads a file in the format of OpenSSH's `authorized_keys`. A line with an option that the server cannot enforce
    /// is an error: ignoring `from="…"`, for example, would admit clients that the file's author meant to exclude.
    pub(super) fn read(path: &Path) -> Result<Self, AuthorizedKeysError> {
        let text =
            fs::read_to_string(path).map_err(|source| AuthorizedKeysError::Read { path: path.to_owned(), source })?;
        let mut keys = HashSet::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let key = parse_line(line).map_err(|source| AuthorizedKeysError::Line {
                path: path.to_owned(),
                line: index + 1,
                source,
            })?;
            keys.insert(key.key_data().clone());
        }
        if keys.is_empty() {
            return Err(AuthorizedKeysError::Empty { path: path.to_owned() });
        }
        Ok(Self(keys))
    }
}

/// Options of OpenSSH that forbid only what this server does not offer anyway.
const HARMLESS_OPTIONS: &[&str] =
    &["restrict", "no-agent-forwarding", "no-port-forwarding", "no-user-rc", "no-x11-forwarding", "pty"];

/// Parses a line: a public key, which may have options in front.
fn parse_line(line: &str) -> Result<PublicKey, KeyLineError> {
    if let Ok(key) = PublicKey::from_openssh(line) {
        return Ok(key);
    }
    // Options end at the first space outside quotes.
    let mut is_quoted = false;
    let end = line.find(|letter: char| {
        is_quoted ^= letter == '"';
        letter.is_whitespace() && !is_quoted
    });
    let (options, key) = line.split_at(end.unwrap_or(line.len()));
    let key = PublicKey::from_openssh(key.trim_start()).map_err(|_| KeyLineError::NotAKey)?;
    let is_harmless = |option: &str| HARMLESS_OPTIONS.iter().any(|harmless| harmless.eq_ignore_ascii_case(option));
    if let Some(option) = options.split(',').find(|option| !is_harmless(option)) {
        let name = option.split('=').next().unwrap_or_default();
        return Err(KeyLineError::Option(name.to_owned()));
    }
    Ok(key)
}
