//! The server's host key.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context as _, bail};
use russh::keys::ssh_key::{LineEnding, PublicKey};
use russh::keys::{Algorithm, HashAlg, PrivateKey};
use tempfile::NamedTempFile;

use crate::config::store::create_private_folder;
use crate::directory::text::sanitized;

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
    read_host_key(path)
}

/// Reads the host key.
pub(super) fn read_host_key(path: &Path) -> anyhow::Result<PrivateKey> {
    let file = path.display();
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
    create_private_folder(folder)?;
    let key = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519).map_err(io::Error::other)?;
    let text = key.to_openssh(LineEnding::LF).map_err(io::Error::other)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    File::open(folder)?.sync_all()?;
    tracing::info!(file = %sanitized(&path.to_string_lossy()), "created a host key");
    Ok(key)
}
