//! What the protocol's library is told: who may log in how, with which algorithms, and how much it holds.

use std::borrow::Cow;
use std::time::Duration;

use russh::keys::{Algorithm, PrivateKey};
use russh::{MethodKind, MethodSet, Preferred, SshId};

use super::{Authentication, Config};

/// Six keys may be tried, as with OpenSSH's server: agents offer all that they have. Before them, every client asks what
/// it may do, which counts, too.
const MAX_ATTEMPTS: usize = 1 + 6;

/// Everything that the protocol's library is told.
pub(super) fn settings(key: PrivateKey, config: &Config) -> russh::server::Config {
    use russh::{cipher, compression, mac};
    let methods = match config.who {
        Authentication::Keys(_) => MethodSet::from(&[MethodKind::PublicKey][..]),
        Authentication::Anyone => MethodSet::from(&[MethodKind::None, MethodKind::PublicKey][..]),
    };
    russh::server::Config {
        server_id: SshId::Standard(Cow::Borrowed(concat!("SSH-2.0-dialtree_", env!("CARGO_PKG_VERSION")))),
        methods,
        auth_rejection_time: Duration::from_secs(1),
        // Every client asks first whether it may come in without anything.
        auth_rejection_time_initial: Some(Duration::ZERO),
        max_auth_attempts: MAX_ATTEMPTS,
        keys: vec![key],
        window_size: 64 << 10,
        maximum_packet_size: 32 << 10,
        channel_buffer_size: 8,
        event_buffer_size: 4,
        // What has no known weakness.
        preferred: Preferred {
            kex: Cow::Owned(exchanges(config.post_quantum_only)),
            key: Cow::Owned(signatures()),
            cipher: Cow::Borrowed(&[
                cipher::CHACHA20_POLY1305,
                cipher::AES_256_GCM,
                cipher::AES_128_GCM,
                cipher::AES_256_CTR,
                cipher::AES_128_CTR,
            ]),
            mac: Cow::Borrowed(&[mac::HMAC_SHA512_ETM, mac::HMAC_SHA256_ETM]),
            compression: Cow::Borrowed(&[compression::NONE]),
            ..Preferred::default()
        },
        inactivity_timeout: Some(Duration::from_secs(120)),
        keepalive_interval: Some(Duration::from_secs(30)),
        keepalive_max: 3,
        // Set on the socket itself.
        nodelay: false,
        ..russh::server::Config::default()
    }
}

/// How keys are exchanged. Clients that lack the first way, OpenSSH's before 9.9 among them, take the second: only a
/// quantum computer could undo it.
fn exchanges(post_quantum_only: bool) -> Vec<russh::kex::Name> {
    use russh::kex;
    let classic = (!post_quantum_only).then_some(kex::CURVE25519);
    let extensions = [kex::EXTENSION_SUPPORT_AS_SERVER, kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER];
    [kex::MLKEM768X25519_SHA256].into_iter().chain(classic).chain(extensions).collect()
}

/// The signatures that are taken: RSA only with SHA-2.
fn signatures() -> Vec<Algorithm> {
    use russh::keys::{EcdsaCurve, HashAlg};
    let rsa = [HashAlg::Sha512, HashAlg::Sha256].map(|hash| Algorithm::Rsa { hash: Some(hash) });
    let curves = [EcdsaCurve::NistP256, EcdsaCurve::NistP384, EcdsaCurve::NistP521];
    let ecdsa = curves.map(|curve| Algorithm::Ecdsa { curve });
    [Algorithm::Ed25519].into_iter().chain(ecdsa).chain(rsa).collect()
}
