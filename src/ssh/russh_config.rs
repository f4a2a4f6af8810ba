//! The configuration of russh: authentication methods, algorithms, buffer sizes and keepalives.

use std::borrow::Cow;
use std::time::Duration;

use russh::keys::{Algorithm, PrivateKey};
use russh::{MethodKind, MethodSet, Preferred, SshId};

use crate::config::ServeOptions;

/// The maximum number of failed authentication attempts: six keys as with OpenSSH's server, because an agent offers all
/// of its keys, and the `none` request with which every client begins, which russh counts as an attempt.
const MAX_AUTH_ATTEMPTS: usize = 1 + 6;

/// The delay before a failed attempt is answered, which slows guessing down.
const AUTH_REJECTION_DELAY: Duration = Duration::from_secs(1);

/// The number of bytes that a client may send on a channel before it has to wait for russh to process them.
const WINDOW_SIZE: u32 = 64 << 10;

/// The maximum size of a packet that a client may send, in bytes.
const MAX_PACKET_SIZE: u32 = 32 << 10;

/// Detects dead peers: a keepalive at each interval without traffic, and the end after this many without an answer.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);
const MAX_UNANSWERED_KEEPALIVES: usize = 3;

/// Ends a connection without any traffic. A keepalive resets this timer only when it is answered.
const INACTIVITY_TIMEOUT: Duration = Duration::from_secs(120);

/// Returns the configuration of russh for the server's options.
pub(super) fn russh_config(host_key: PrivateKey, options: &ServeOptions) -> russh::server::Config {
    use russh::{cipher, compression, mac};
    // Public keys are offered even if anyone may log in: some clients try nothing else.
    let methods = match options.allows_anyone() {
        true => &[MethodKind::None, MethodKind::PublicKey][..],
        false => &[MethodKind::PublicKey],
    };
    russh::server::Config {
        server_id: SshId::Standard(Cow::Borrowed(concat!("SSH-2.0-dialtree_", env!("CARGO_PKG_VERSION")))),
        methods: MethodSet::from(methods),
        auth_rejection_time: AUTH_REJECTION_DELAY,
        // Every client begins with a `none` request to learn the methods; delaying that would delay every login.
        auth_rejection_time_initial: Some(Duration::ZERO),
        max_auth_attempts: MAX_AUTH_ATTEMPTS,
        keys: vec![host_key],
        window_size: WINDOW_SIZE,
        maximum_packet_size: MAX_PACKET_SIZE,
        // Small, because messages that wait here hold memory for each connection.
        channel_buffer_size: 8,
        event_buffer_size: 4,
        // Only algorithms without a known weakness; tests/ssh-audit.sh checks them.
        preferred: Preferred {
            kex: Cow::Owned(key_exchanges(options.post_quantum_only)),
            key: Cow::Owned(signature_algorithms()),
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
        inactivity_timeout: Some(INACTIVITY_TIMEOUT),
        keepalive_interval: Some(KEEPALIVE_INTERVAL),
        keepalive_max: MAX_UNANSWERED_KEEPALIVES,
        // The listener sets TCP_NODELAY itself; russh would do so only in `run_on_address`, which is not used.
        nodelay: false,
        ..russh::server::Config::default()
    }
}

/// The key exchanges that are offered, best first. Clients without the post-quantum one, such as OpenSSH before 9.9,
/// use Curve25519, which only a quantum computer could break.
fn key_exchanges(post_quantum_only: bool) -> Vec<russh::kex::Name> {
    use russh::kex;
    let classic = (!post_quantum_only).then_some(kex::CURVE25519);
    let extensions = [kex::EXTENSION_SUPPORT_AS_SERVER, kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER];
    [kex::MLKEM768X25519_SHA256].into_iter().chain(classic).chain(extensions).collect()
}

/// The signature algorithms that clients may log in with: RSA only with SHA-2.
fn signature_algorithms() -> Vec<Algorithm> {
    use russh::keys::{EcdsaCurve, HashAlg};
    let rsa = [HashAlg::Sha512, HashAlg::Sha256].map(|hash| Algorithm::Rsa { hash: Some(hash) });
    let curves = [EcdsaCurve::NistP256, EcdsaCurve::NistP384, EcdsaCurve::NistP521];
    let ecdsa = curves.map(|curve| Algorithm::Ecdsa { curve });
    [Algorithm::Ed25519].into_iter().chain(ecdsa).chain(rsa).collect()
}
