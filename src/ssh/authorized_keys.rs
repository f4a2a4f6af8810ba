//! The keys and certificates that clients may log in with. A line that cannot be used is reported and admits nobody;
//! the other lines count all the same, so that a typo neither locks users out nor keeps a removed key valid.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;
use std::path::Path;

use jiff::Timestamp;
use russh::keys::ssh_key::PublicKey;
use russh::keys::ssh_key::certificate::CertType;
use russh::keys::ssh_key::public::KeyData;
use russh::keys::{Algorithm, Certificate};

use super::key_file::{self, KeyFileError};
use super::key_options::{AddressList, KeyOptions, OptionError, options_end};
use super::log::client_text;

/// The minimum length of an RSA key, in bits.
const MIN_RSA_BITS: u32 = 3072;

/// The keys of a file.
#[derive(Debug, Default)]
pub(super) struct AuthorizedKeys {
    keys: HashMap<KeyData, Vec<Line>>,
    /// The keys that sign certificates.
    authorities: HashMap<KeyData, Vec<Line>>,
    /// The lines that are not used.
    pub(super) bad_lines: Vec<BadLine>,
    /// The file cannot be read, so that no one can log in, but it is not known which keys are removed.
    pub(super) is_unreadable: bool,
    /// Differs for different texts.
    pub(super) text_hash: u64,
}

/// A line of the file, without its key.
#[derive(Debug)]
struct Line {
    options: KeyOptions,
    comment: String,
}

/// A line that is not used, and why. Lines are counted from 1.
#[derive(Debug)]
pub(super) struct BadLine {
    pub(super) line: usize,
    pub(super) error: LineError,
}

/// Why a line is not used.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // The messages are the documentation.
pub(super) enum LineError {
    #[error("not a public key; expected a line such as `ssh-ed25519 AAAA… broker@example.com`")]
    NotAKey,
    #[error("ssh-dss keys are too weak; create an Ed25519 key")]
    Dss,
    #[error("an RSA key of {0} bits is too weak; the minimum is {MIN_RSA_BITS}")]
    ShortRsa(u32),
    #[error("a certificate; list the key of its authority with the option cert-authority")]
    Certificate,
    #[error("the server cannot see whether a security key was touched; allow its use without with no-touch-required")]
    Touch,
    #[error(transparent)]
    Options(#[from] OptionError),
}

/// What a client proves to hold.
#[derive(Clone, Debug)]
pub(super) enum Credential {
    Key(KeyData),
    Certificate(Box<Certificate>),
}

/// What a client that logs in may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grant {
    /// The comment of the line, or the identity of the certificate. Safe to log.
    pub(super) comment: String,
    /// The command that runs whatever the client asks for.
    pub(super) command: Option<String>,
}

/// Why a client may not log in. Goes to the log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // The messages are the documentation.
pub(super) enum Refusal {
    #[error("no key was offered")]
    NoKey,
    #[error("a health check cannot log in")]
    HealthCheck,
    #[error("unknown key")]
    UnknownKey,
    #[error("from= excludes the address")]
    Address,
    #[error("the key has expired")]
    Expired,
    #[error("unknown certificate authority")]
    UnknownAuthority,
    #[error("the certificate is for hosts")]
    HostCertificate,
    #[error("the certificate is not valid at this time")]
    CertificateTime,
    #[error("the certificate is for other principals")]
    Principal,
    #[error("the certificate has a critical option that is not supported")]
    CriticalOption,
    #[error("the certificate's source-address excludes the address")]
    SourceAddress,
    #[error("the certificate has another command than the authority's line")]
    Command,
    #[error("the certificate's key or signature is too weak")]
    Weak,
}

/// A client that wants to log in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client<'a> {
    /// None for a health check of a proxy.
    pub(super) address: Option<IpAddr>,
    pub(super) user: &'a str,
    pub(super) now: Timestamp,
}

impl AuthorizedKeys {
    /// Reads a file in the format of OpenSSH's `authorized_keys`.
    pub(super) fn read(path: &Path) -> Result<Self, KeyFileError> {
        Ok(Self::parse(&key_file::read(path)?))
    }

    /// The keys of a file that cannot be used: none.
    pub(super) fn unusable(is_unreadable: bool) -> Self {
        Self { is_unreadable, ..Self::default() }
    }

    /// Parses the text of a file. A byte order mark and comments that are not UTF-8 do no harm.
    pub(super) fn parse(text: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let mut keys = Self { text_hash: hasher.finish(), ..Self::default() };
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let line = String::from_utf8_lossy(line);
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match parse_line(line) {
                Ok((key, line)) => {
                    let kind = if line.options.is_authority { &mut keys.authorities } else { &mut keys.keys };
                    kind.entry(key).or_default().push(line);
                }
                Err(error) => keys.bad_lines.push(BadLine { line: index + 1, error }),
            }
        }
        keys
    }

    /// The number of keys, and of authorities.
    pub(super) fn len(&self) -> usize {
        self.keys.len() + self.authorities.len()
    }

    /// Whether a client that offers a key may go on to prove that it holds it. Where certificates may log in, any may:
    /// russh does not tell whether the client offers a key or its certificate.
    pub(super) fn may_offer(&self, key: &PublicKey, client: Client<'_>) -> Result<(), Refusal> {
        match self.grant(&Credential::Key(key.key_data().clone()), client) {
            Err(_) if !self.authorities.is_empty() => Ok(()),
            end => end.map(|_| ()),
        }
    }

    /// Decides whether a client that holds a credential may log in: whether one of its lines allows it.
    pub(super) fn grant(&self, credential: &Credential, client: Client<'_>) -> Result<Grant, Refusal> {
        let (lines, unknown) = match credential {
            Credential::Key(key) => (self.keys.get(key), Refusal::UnknownKey),
            Credential::Certificate(certificate) => {
                (self.authorities.get(certificate.signature_key()), Refusal::UnknownAuthority)
            }
        };
        // The first refusal is the reason if no line allows it.
        let mut refusal = unknown;
        for line in lines.into_iter().flatten() {
            match line.grant(credential, client) {
                Ok(grant) => return Ok(grant),
                Err(first) if refusal == unknown => refusal = first,
                Err(_) => {}
            }
        }
        Err(refusal)
    }
}

impl Line {
    /// Decides whether this line, whose key it is, allows a client to log in.
    fn grant(&self, credential: &Credential, client: Client<'_>) -> Result<Grant, Refusal> {
        self.check(client)?;
        match credential {
            Credential::Key(_) => Ok(Grant { comment: self.comment.clone(), command: self.options.command.clone() }),
            Credential::Certificate(certificate) => self.grant_certificate(certificate, client),
        }
    }

    /// Checks the options that apply to keys and to authorities.
    fn check(&self, client: Client<'_>) -> Result<(), Refusal> {
        let is_allowed = |from: &AddressList| client.address.is_some_and(|address| from.contains(address));
        if !self.options.from.as_ref().is_none_or(is_allowed) {
            return Err(Refusal::Address);
        }
        let has_expired = self.options.expires.is_some_and(|expires| client.now >= expires);
        if has_expired { Err(Refusal::Expired) } else { Ok(()) }
    }

    /// Checks a certificate that the key of this line has signed. russh has checked the signatures.
    fn grant_certificate(&self, certificate: &Certificate, client: Client<'_>) -> Result<Grant, Refusal> {
        let options = &self.options;
        let is_touch_optional = options.is_touch_optional && certificate.extensions().contains_key("no-touch-required");
        let is_sha1 = matches!(certificate.signature().algorithm(), Algorithm::Rsa { hash: None });
        if is_sha1 || check_strength(certificate.public_key(), is_touch_optional).is_err() {
            return Err(Refusal::Weak);
        }
        if certificate.cert_type() != CertType::User {
            return Err(Refusal::HostCertificate);
        }
        let now = u64::try_from(client.now.as_second()).unwrap_or(0);
        if now < certificate.valid_after() || now >= certificate.valid_before() {
            return Err(Refusal::CertificateTime);
        }
        let is_principal = |name: &String| match &options.principals {
            Some(names) => names.contains(name),
            None => name == client.user,
        };
        if !certificate.valid_principals().iter().any(is_principal) {
            return Err(Refusal::Principal);
        }
        let mut command = options.command.clone();
        for (name, value) in certificate.critical_options().iter() {
            match name.as_str() {
                "force-command" if command.as_ref().is_some_and(|command| command != value) => {
                    return Err(Refusal::Command);
                }
                "force-command" => command = Some(value.clone()),
                "source-address" => {
                    let list = AddressList::parse(value).map_err(|_| Refusal::SourceAddress)?;
                    if !client.address.is_some_and(|address| list.contains(address)) {
                        return Err(Refusal::SourceAddress);
                    }
                }
                _ => return Err(Refusal::CriticalOption),
            }
        }
        Ok(Grant { comment: client_text(certificate.key_id()), command })
    }
}

/// Parses a line: a public key, which may have options in front and a comment behind.
fn parse_line(line: &str) -> Result<(KeyData, Line), LineError> {
    // No option begins like the name of a kind of key.
    let has_options = !["ssh-", "ecdsa-", "sk-", "rsa-"].iter().any(|kind| line.starts_with(kind));
    let (options, key) = line.split_at(if has_options { options_end(line) } else { 0 });
    let mut words = key.trim_start().splitn(3, char::is_whitespace);
    let (kind, blob) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if kind == "ssh-dss" {
        return Err(LineError::Dss);
    }
    if kind.ends_with("-cert-v01@openssh.com") {
        return Err(LineError::Certificate);
    }
    let key = PublicKey::from_openssh(&format!("{kind} {blob}")).map_err(|_| LineError::NotAKey)?;
    let options = if options.is_empty() { KeyOptions::default() } else { KeyOptions::parse(options)? };
    // An authority signs certificates, which nobody touches it for at the time of a login.
    check_strength(key.key_data(), options.is_touch_optional || options.is_authority)?;
    let comment = client_text(words.next().unwrap_or_default().trim());
    Ok((key.key_data().clone(), Line { options, comment }))
}

/// Checks that a key is strong enough, and that the server can check what its kind promises: russh does not pass on the
/// flags of a security key's signature, one of which says whether the user has touched it.
fn check_strength(key: &KeyData, is_touch_optional: bool) -> Result<(), LineError> {
    match key {
        KeyData::Rsa(rsa) if rsa.key_size() < MIN_RSA_BITS => Err(LineError::ShortRsa(rsa.key_size())),
        KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_) if !is_touch_optional => Err(LineError::Touch),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";

    proptest! {
        /// Whatever is in the file: nothing panics, each line is a key, a comment or reported, and what is not a line
        /// of a key never becomes one.
        #[test]
        fn each_line_is_used_or_reported(lines in prop::collection::vec(prop_oneof![
            any::<Vec<u8>>(),
            "[a-z=\",\\\\ -]{0,40}".prop_map(String::into_bytes),
            "(from|command|expiry-time|principals|cert-authority|restrict)(=\"?[0-9a-f.:*!,/\\\\]{0,12}\"?)?".prop_map(String::into_bytes),
        ], 0..8)) {
            let text: Vec<u8> = lines.iter().flat_map(|line| [line, &b" "[..], KEY.as_bytes(), b"\n"].concat()).collect();
            let keys = AuthorizedKeys::parse(&text);
            let is_line = |line: &&[u8]| {
                let line = String::from_utf8_lossy(line);
                !line.trim().is_empty() && !line.trim().starts_with('#')
            };
            let count = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text).split(|byte| *byte == b'\n').filter(is_line).count();
            let used: usize = keys.keys.values().chain(keys.authorities.values()).map(Vec::len).sum();
            prop_assert_eq!(used + keys.bad_lines.len(), count);
            prop_assert!(keys.len() <= 2, "the key, and the same as an authority");
        }
    }
}
