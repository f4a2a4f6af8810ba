//! Authentication, host keys, and the options that must be right before the server starts.

use std::os::unix::fs::PermissionsExt;

use nix::sys::signal::Signal;
use russh::client;
use russh::keys::{Algorithm, HashAlg, PrivateKey, PrivateKeyWithHashAlg};
use std::sync::Arc;

use crate::harness::{AcceptAnyHostKey, Broker, Folder, Server, command, key, public_line, with_kex, write_private};

/// Starts a server that accepts the keys of a file.
fn with_keys(keys: &str) -> Server {
    let folder = Folder::new();
    let file = folder.file("keys");
    std::fs::write(&file, keys).unwrap();
    let command = command(&folder, &["--authorized-keys", file.to_str().unwrap()]);
    Server::start(command, folder)
}

/// The error message of a server that does not start.
fn start_error(folder: &Folder, args: &[&str]) -> String {
    let output = command(folder, args).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn only_authorized_keys_can_log_in() {
    let (first, second, stranger) = (key(), key(), key());
    let server = with_keys(&format!("# brokers\n\n{}restrict {}", public_line(&first), public_line(&second)));
    for known in [first, second] {
        let broker = Broker::try_key(&server, &known).await.expect("the key to be accepted");
        broker.open(80, 24).await.see("Broker line").await;
    }
    assert!(Broker::try_key(&server, &stranger).await.is_none());
    let mut client = client::connect(Arc::default(), server.address, AcceptAnyHostKey).await.unwrap();
    assert!(!client.authenticate_none("broker").await.unwrap().success());
    let mut client = client::connect(Arc::default(), server.address, AcceptAnyHostKey).await.unwrap();
    assert!(!client.authenticate_password("broker", "secret").await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_client_may_try_six_keys() {
    let known = key();
    let server = with_keys(&public_line(&known));
    for (wrong, is_accepted) in [(5, true), (6, false)] {
        let mut client = client::connect(Arc::default(), server.address, AcceptAnyHostKey).await.unwrap();
        // Every client begins with this request.
        assert!(!client.authenticate_none("broker").await.unwrap().success());
        let mut end = false;
        for tried in (0..wrong).map(|_| key()).chain([known.clone()]) {
            let tried = PrivateKeyWithHashAlg::new(Arc::new(tried), None);
            end = client.authenticate_publickey("broker", tried).await.is_ok_and(|end| end.success());
        }
        assert_eq!(end, is_accepted, "after {wrong} wrong keys");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn refused_logins_are_logged_each_and_port_scans_in_sums() {
    let mut server = with_keys(&public_line(&key()));
    drop(client::connect(Arc::default(), server.address, AcceptAnyHostKey).await.unwrap());
    let wrong = key();
    assert!(Broker::try_key(&server, &wrong).await.is_none());
    let line = server.logged("login refused");
    assert!(line.contains(&wrong.public_key().fingerprint(HashAlg::Sha256).to_string()), "{line}");
    assert!(line.contains("user=\"broker\"") && line.contains("peer=127.0.0.1"), "{line}");
    server.wait_for_metric("connections", |connections| connections == 0);
    assert_eq!((server.metric("logins_refused_total"), server.metric("logins_total")), (1, 0));
    assert!(!server.log().contains("disconnected"), "{}", server.log());
    // No common algorithm.
    let preferred = russh::Preferred { cipher: vec![russh::cipher::AES_128_CBC].into(), ..russh::Preferred::default() };
    let config = Arc::new(client::Config { preferred, ..client::Config::default() });
    assert!(client::connect(config, server.address, AcceptAnyHostKey).await.is_err());
    server.wait_for_metric("no_common_algorithm_total", |count| count == 1);
    let line = server.logged("no_attempt=");
    assert!(line.contains("WARN") && line.contains("clients refused"), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn rsa_keys_need_sha_2() {
    let rsa = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Rsa { hash: None }).unwrap();
    let server = with_keys(&public_line(&rsa));
    for (hash, is_accepted) in [(Some(HashAlg::Sha512), true), (Some(HashAlg::Sha256), true), (None, false)] {
        let mut client = client::connect(Arc::default(), server.address, AcceptAnyHostKey).await.unwrap();
        let key = PrivateKeyWithHashAlg::new(Arc::new(rsa.clone()), hash);
        let accepted = client.authenticate_publickey("broker", key).await.is_ok_and(|end| end.success());
        assert_eq!(accepted, is_accepted, "{hash:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn weak_key_exchanges_are_not_offered() {
    let server = Server::open(&[]);
    for kex in [russh::kex::DH_G14_SHA1, russh::kex::DH_G14_SHA256, russh::kex::ECDH_SHA2_NISTP256] {
        assert!(client::connect(Arc::new(with_kex(kex)), server.address, AcceptAnyHostKey).await.is_err());
    }
    for kex in [russh::kex::CURVE25519, russh::kex::MLKEM768X25519_SHA256] {
        assert!(client::connect(Arc::new(with_kex(kex)), server.address, AcceptAnyHostKey).await.is_ok());
    }
    let strict = Server::open(&["--post-quantum-only"]);
    for (kex, is_offered) in [(russh::kex::CURVE25519, false), (russh::kex::MLKEM768X25519_SHA256, true)] {
        let end = client::connect(Arc::new(with_kex(kex)), strict.address, AcceptAnyHostKey).await;
        assert_eq!(end.is_ok(), is_offered, "{kex:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn sighup_reloads_the_authorized_keys() {
    let (old, new) = (key(), key());
    let mut server = with_keys(&public_line(&old));
    std::fs::write(server.folder.file("keys"), public_line(&new)).unwrap();
    server.signal(Signal::SIGHUP);
    server.logged("reloaded the authorized keys");
    assert!(Broker::try_key(&server, &new).await.is_some());
    assert!(Broker::try_key(&server, &old).await.is_none());
}

#[test]
fn a_key_file_without_a_key_is_refused() {
    let folder = Folder::new();
    let file = folder.file("keys");
    for (text, why) in [
        ("from=\"*.example.com\" ssh-ed25519 AAAA\n", "line 1: not a public key"),
        ("# no keys yet\n", "there is no key in this file"),
    ] {
        std::fs::write(&file, text).unwrap();
        let error = start_error(&folder, &["--authorized-keys", file.to_str().unwrap()]);
        assert!(error.contains(why), "{error}");
    }
    assert!(start_error(&folder, &["--authorized-keys", "/nonexistent"]).contains("cannot read the authorized keys"));
}

#[test]
fn authentication_has_no_default() {
    let folder = Folder::new();
    assert!(start_error(&folder, &[]).contains("--authorized-keys <FILE>"));
    let error = start_error(&folder, &["--auth", "none", "--listen", "0.0.0.0:0"]);
    assert!(
        error.contains("--auth none admits anyone who can reach 0.0.0.0:0") && error.contains("--public"),
        "{error}"
    );
    let error = start_error(&folder, &["--auth", "none", "--admin", "0.0.0.0:0"]);
    assert!(error.contains("--admin 0.0.0.0:0 would expose the metrics to the network"), "{error}");
    Server::start(command(&folder, &["--auth", "none", "--listen", "0.0.0.0:0", "--public"]), Folder::new());
}

#[test]
fn errors_in_options_say_what_is_expected() {
    let folder = Folder::new();
    for (args, message) in [
        (&["--auth", "none", "--listen", "127.0.0.1"][..], "expected an address and a port, such as 127.0.0.1:2222"),
        (&["--auth", "none", "--trusted-proxy", "foo"], "expected a range of addresses, such as 10.0.0.0/8"),
        (&["--auth", "none", "--max-connections", "0"], "expected a whole number above zero"),
        (&["--auth", "none", "--idle-timeout", "10"], "expected a duration above zero, such as 20s, 15m or 8h"),
        (&[], "<--authorized-keys <FILE>|--auth <AUTH>>"),
        (&["--public", "--authorized-keys", "keys"], "cannot be used with"),
        (&["--authorized-keys", "/nowhere/keys"], "/nowhere/keys: cannot read the authorized keys"),
    ] {
        let error = start_error(&folder, args);
        assert!(error.contains(message), "{args:?}: {error}");
    }
    assert!(!folder.file("host_key").exists(), "a server that does not start creates no host key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn servers_that_start_at_once_share_one_host_key() {
    let folder = Folder::new();
    let start = || Server::start(command(&folder, &["--auth", "none"]), Folder::new());
    let keys: std::collections::HashSet<String> = std::thread::scope(|scope| {
        let starting: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
        let listening = |mut server: Server| server.logged("listening");
        let lines = starting.into_iter().map(|one| listening(one.join().unwrap()));
        lines.map(|line| line.split_once("host_key=").unwrap().1.split(' ').next().unwrap().to_owned()).collect()
    });
    assert_eq!(keys.len(), 1, "{keys:?}");
    assert_eq!(std::fs::read_dir(folder.file("host_key").parent().unwrap()).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_host_key_is_created_once_and_must_be_private() {
    let folder = Folder::new();
    let file = folder.file("host_key");
    let fingerprint = |server: &mut Server| {
        let line = server.logged("listening");
        line.split_once("host_key=").unwrap().1.split(' ').next().unwrap().to_owned()
    };
    let first = fingerprint(&mut Server::start(command(&folder, &["--auth", "none"]), Folder::new()));
    assert!(first.starts_with("SHA256:"), "{first}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "no temporary file is left");
    assert_eq!(fingerprint(&mut Server::start(command(&folder, &["--auth", "none"]), Folder::new())), first);

    write_private(&file, &key(), 0o640);
    let error = start_error(&folder, &["--auth", "none"]);
    assert!(error.contains("other users can read this host key") && error.contains("chmod 600"), "{error}");
    let rsa = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Rsa { hash: None }).unwrap();
    write_private(&file, &rsa, 0o600);
    assert!(start_error(&folder, &["--auth", "none"]).contains("an Ed25519 key without a passphrase"));
    std::fs::write(&file, "nonsense").unwrap();
    assert!(start_error(&folder, &["--auth", "none"]).contains("not an OpenSSH private key"));
}
