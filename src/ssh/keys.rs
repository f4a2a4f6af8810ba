//! The server's own key and the keys that may come in.

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

/// The SHA-256 fingerprint, as OpenSSH shows it.
pub(super) fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// The server's key, made where there is none.
pub(super) fn host_key(path: &Path) -> anyhow::Result<PrivateKey> {
    let name = path.display();
    if !path.exists() {
        match make_host_key(path) {
            // Another server was quicker; then both have its key.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.with_context(|| format!("{name}: cannot make a host key here")),
        }
    }
    let cannot_read = || format!("{name}: cannot read this host key");
    let text = fs::read(path).with_context(cannot_read)?;
    let key = PrivateKey::from_openssh(text)
        .map_err(|_| anyhow!("{name}: this is no private key of OpenSSH; name another file, and a key is made"))?;
    if key.algorithm() != Algorithm::Ed25519 || key.is_encrypted() {
        bail!("{name}: a host key is an Ed25519 key without a passphrase; name another file, and a key is made");
    }
    if fs::metadata(path).with_context(cannot_read)?.permissions().mode() & 0o077 != 0 {
        bail!("{name}: others on this machine can read this host key; run `chmod 600 {name}`, or remove it");
    }
    Ok(key)
}

/// Makes a key beside its place, for nobody else to read, and puts it there when it is whole on the disk; a key that is
/// there is never replaced.
fn make_host_key(path: &Path) -> io::Result<PrivateKey> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let key = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519).map_err(io::Error::other)?;
    let text = key.to_openssh(LineEnding::LF).map_err(io::Error::other)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    File::open(folder)?.sync_all()?;
    tracing::info!(file = %path.display(), "made a host key");
    Ok(key)
}

/// The keys that may come in.
#[derive(Debug, Default)]
pub(super) struct Authorized(HashSet<KeyData>);

impl Authorized {
    pub(super) fn allows(&self, key: &PublicKey) -> bool {
        self.0.contains(key.key_data())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Options of OpenSSH that forbid what no one can do here anyway.
const HARMLESS: &[&str] =
    &["restrict", "no-agent-forwarding", "no-port-forwarding", "no-user-rc", "no-x11-forwarding", "pty"];

/// The keys of a file in the format of OpenSSH's `authorized_keys`. A line that cannot be obeyed whole is refused: to
/// leave out half of a rule would let in more than its writer wanted.
pub(super) fn authorized(path: &Path) -> anyhow::Result<Authorized> {
    let name = path.display();
    let text = fs::read_to_string(path).with_context(|| {
        format!("{name}: cannot read the keys; write a public key a line, such as the one of ~/.ssh/id_ed25519.pub")
    })?;
    let mut keys = HashSet::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let key = entry(line).with_context(|| format!("{name}, line {}", number + 1))?;
        keys.insert(key.key_data().clone());
    }
    if keys.is_empty() {
        bail!("{name}: there is no key in this file, so nobody could come in");
    }
    Ok(Authorized(keys))
}

/// The key of a line, which may have options in front.
fn entry(line: &str) -> anyhow::Result<PublicKey> {
    if let Ok(key) = PublicKey::from_openssh(line) {
        return Ok(key);
    }
    let mut is_quoted = false;
    let end = line.find(|letter: char| {
        is_quoted ^= letter == '"';
        letter.is_whitespace() && !is_quoted
    });
    let (options, key) = line.split_at(end.unwrap_or(line.len()));
    let key = PublicKey::from_openssh(key.trim_start())
        .map_err(|_| anyhow!("this is no public key; one looks like `ssh-ed25519 AAAA… broker@example.com`"))?;
    let is_harmless = |option: &str| HARMLESS.iter().any(|harmless| harmless.eq_ignore_ascii_case(option));
    if let Some(option) = options.split(',').find(|option| !is_harmless(option)) {
        let option = option.split('=').next().unwrap_or_default();
        bail!("the option {option:?} cannot be obeyed here; write the key without it");
    }
    Ok(key)
}
