//! The server's host key and the keys that clients may log in with.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use russh::keys::ssh_key::public::KeyData;
use russh::keys::ssh_key::{LineEnding, PublicKey};
use russh::keys::{Algorithm, HashAlg, PrivateKey};
use tempfile::NamedTempFile;

/// The SHA-256 fingerprint of a key, as OpenSSH shows it.
pub(super) fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// Reads the host key, or creates it if the file does not exist.
pub(super) fn host_key(path: &Path) -> anyhow::Result<PrivateKey> {
    let file = path.display();
    if !path.exists() {
        match create_host_key(path) {
            // Another server has created it in the meantime; both then use the same key.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.with_context(|| format!("{file}: cannot create a host key here")),
        }
    }
    let cannot_read = || format!("{file}: cannot read this host key");
    let text = fs::read(path).with_context(cannot_read)?;
    let Ok(key) = PrivateKey::from_openssh(text) else {
        bail!("{file}: not an OpenSSH private key; name a file that does not exist, and a key is created there");
    };
    if key.algorithm() != Algorithm::Ed25519 || key.is_encrypted() {
        bail!(
            "{file}: the host key must be an Ed25519 key without a passphrase; name a file that does not exist, and a \
             key is created there"
        );
    }
    if fs::metadata(path).with_context(cannot_read)?.permissions().mode() & 0o077 != 0 {
        bail!("{file}: other users can read this host key; run `chmod 600 {file}`, or replace the key");
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
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let file = path.display();
        let text = fs::read_to_string(path).map_err(|error| {
            let advice = match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::InvalidData => {
                    "; name a file with one public key per line, such as the contents of ~/.ssh/id_ed25519.pub"
                }
                _ => "",
            };
            anyhow!("{file}: cannot read the authorized keys: {error}{advice}")
        })?;
        let mut keys = HashSet::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let key = parse_line(line).with_context(|| format!("{file}, line {}", index + 1))?;
            keys.insert(key.key_data().clone());
        }
        if keys.is_empty() {
            bail!("{file}: there is no key in this file, so no one could log in");
        }
        Ok(Self(keys))
    }
}

/// Options of OpenSSH that forbid only what this server does not offer anyway.
const HARMLESS_OPTIONS: &[&str] =
    &["restrict", "no-agent-forwarding", "no-port-forwarding", "no-user-rc", "no-x11-forwarding", "pty"];

/// Parses a line: a public key, which may have options in front.
fn parse_line(line: &str) -> anyhow::Result<PublicKey> {
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
    let key = PublicKey::from_openssh(key.trim_start())
        .map_err(|_| anyhow!("not a public key; expected a line such as `ssh-ed25519 AAAA… broker@example.com`"))?;
    let is_harmless = |option: &str| HARMLESS_OPTIONS.iter().any(|harmless| harmless.eq_ignore_ascii_case(option));
    if let Some(option) = options.split(',').find(|option| !is_harmless(option)) {
        let name = option.split('=').next().unwrap_or_default();
        bail!("the option {name:?} is not supported; remove it from the line");
    }
    Ok(key)
}
