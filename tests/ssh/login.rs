//! Who comes in, and who does not.

use std::os::unix::fs::PermissionsExt;

use nix::sys::signal::Signal;
use russh::client;
use russh::keys::{Algorithm, HashAlg, PrivateKey, PrivateKeyWithHashAlg};
use std::sync::Arc;

use crate::harness::{Broker, Folder, Server, Trusting, command, key, only, public_line, write_private};

/// A server that lets in whoever has a key of a file, and the file.
fn with_keys(keys: &str) -> Server {
    let folder = Folder::new();
    let file = folder.file("keys");
    std::fs::write(&file, keys).unwrap();
    let command = command(&folder, &["--authorized-keys", file.to_str().unwrap()]);
    Server::start(command, folder)
}

/// What a server says that does not start.
fn refusal(folder: &Folder, args: &[&str]) -> String {
    let output = command(folder, args).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whoever_has_a_key_comes_in_and_nobody_else() {
    let (first, second, stranger) = (key(), key(), key());
    let server = with_keys(&format!("# brokers\n\n{}restrict {}", public_line(&first), public_line(&second)));
    for known in [first, second] {
        let broker = Broker::try_key(&server, &known).await.expect("to be let in");
        broker.open(80, 24).await.see("Broker line").await;
    }
    assert!(Broker::try_key(&server, &stranger).await.is_none());
    let mut client = client::connect(Arc::default(), server.address, Trusting).await.unwrap();
    assert!(!client.authenticate_none("broker").await.unwrap().success());
    let mut client = client::connect(Arc::default(), server.address, Trusting).await.unwrap();
    assert!(!client.authenticate_password("broker", "secret").await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_sixth_key_of_an_agent_may_be_the_right_one_and_the_seventh_may_not() {
    let known = key();
    let server = with_keys(&public_line(&known));
    for (wrong, is_let_in) in [(5, true), (6, false)] {
        let mut client = client::connect(Arc::default(), server.address, Trusting).await.unwrap();
        // As every client does first.
        assert!(!client.authenticate_none("broker").await.unwrap().success());
        let mut end = false;
        for tried in (0..wrong).map(|_| key()).chain([known.clone()]) {
            let tried = PrivateKeyWithHashAlg::new(Arc::new(tried), None);
            end = client.authenticate_publickey("broker", tried).await.is_ok_and(|end| end.success());
        }
        assert_eq!(end, is_let_in, "after {wrong} wrong keys");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn who_is_not_let_in_is_counted_and_logged_and_who_only_looks_is_not() {
    let mut server = with_keys(&public_line(&key()));
    drop(client::connect(Arc::default(), server.address, Trusting).await.unwrap());
    let wrong = key();
    assert!(Broker::try_key(&server, &wrong).await.is_none());
    let line = server.logged("was not let in");
    assert!(line.contains(&wrong.public_key().fingerprint(HashAlg::Sha256).to_string()), "{line}");
    assert!(line.contains("user=\"broker\"") && line.contains("peer=127.0.0.1"), "{line}");
    server.counts("connections", |connections| connections == 0);
    assert_eq!((server.number("logins_refused_total"), server.number("logins_total")), (1, 0));
    assert!(!server.log().contains("left"), "{}", server.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn rsa_comes_in_with_sha_2_and_not_with_sha_1() {
    let rsa = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Rsa { hash: None }).unwrap();
    let server = with_keys(&public_line(&rsa));
    for (hash, is_let_in) in [(Some(HashAlg::Sha512), true), (Some(HashAlg::Sha256), true), (None, false)] {
        let mut client = client::connect(Arc::default(), server.address, Trusting).await.unwrap();
        let key = PrivateKeyWithHashAlg::new(Arc::new(rsa.clone()), hash);
        let let_in = client.authenticate_publickey("broker", key).await.is_ok_and(|end| end.success());
        assert_eq!(let_in, is_let_in, "{hash:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn old_ways_to_exchange_keys_are_not_offered() {
    let server = Server::open(&[]);
    for kex in [russh::kex::DH_G14_SHA1, russh::kex::DH_G14_SHA256, russh::kex::ECDH_SHA2_NISTP256] {
        assert!(client::connect(Arc::new(only(kex)), server.address, Trusting).await.is_err());
    }
    for kex in [russh::kex::CURVE25519, russh::kex::MLKEM768X25519_SHA256] {
        assert!(client::connect(Arc::new(only(kex)), server.address, Trusting).await.is_ok());
    }
    let strict = Server::open(&["--post-quantum-only"]);
    for (kex, is_offered) in [(russh::kex::CURVE25519, false), (russh::kex::MLKEM768X25519_SHA256, true)] {
        let end = client::connect(Arc::new(only(kex)), strict.address, Trusting).await;
        assert_eq!(end.is_ok(), is_offered, "{kex:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_hangup_signal_reads_the_keys_again() {
    let (old, new) = (key(), key());
    let mut server = with_keys(&public_line(&old));
    std::fs::write(server.folder.file("keys"), public_line(&new)).unwrap();
    server.signal(Signal::SIGHUP);
    server.logged("read the keys again");
    assert!(Broker::try_key(&server, &new).await.is_some());
    assert!(Broker::try_key(&server, &old).await.is_none());
    // A file that is wrong changes nothing.
    std::fs::write(server.folder.file("keys"), "nonsense\n").unwrap();
    server.signal(Signal::SIGHUP);
    let line = server.logged("the keys stay as they were");
    assert!(line.contains("line 1: this is no public key"), "{line}");
    assert!(Broker::try_key(&server, &new).await.is_some());
}

#[test]
fn a_file_of_keys_that_cannot_be_obeyed_whole_is_refused() {
    let folder = Folder::new();
    let file = folder.file("keys");
    for (text, why) in [
        (format!("from=\"192.0.2.*\" {}", public_line(&key())), "line 1: the option \"from\" cannot be obeyed"),
        (format!("{}ssh-ed25519 AAAA\n", public_line(&key())), "line 2: this is no public key"),
        ("# nobody yet\n".to_owned(), "there is no key in this file"),
    ] {
        std::fs::write(&file, text).unwrap();
        let said = refusal(&folder, &["--authorized-keys", file.to_str().unwrap()]);
        assert!(said.contains(why), "{said}");
    }
    assert!(refusal(&folder, &["--authorized-keys", "/nonexistent"]).contains("cannot read the keys"));
}

#[test]
fn somebody_has_to_say_who_may_come_in() {
    let folder = Folder::new();
    assert!(refusal(&folder, &[]).contains("--authorized-keys <FILE>"));
    let said = refusal(&folder, &["--auth", "none", "--listen", "0.0.0.0:0"]);
    assert!(said.contains("--auth none lets in anyone who reaches 0.0.0.0:0") && said.contains("--public"), "{said}");
    let said = refusal(&folder, &["--auth", "none", "--admin", "0.0.0.0:0"]);
    assert!(said.contains("--admin 0.0.0.0:0 would show the numbers to the network"), "{said}");
    Server::start(command(&folder, &["--auth", "none", "--listen", "0.0.0.0:0", "--public"]), Folder::new());
}

#[test]
fn what_is_wrong_with_an_option_is_said_with_what_would_be_right() {
    let folder = Folder::new();
    for (args, says) in [
        (&["--auth", "none", "--listen", "127.0.0.1"][..], "write an address and a port, such as 127.0.0.1:2222"),
        (&["--auth", "none", "--trusted-proxy", "foo"], "write a range of addresses, such as 10.0.0.0/8"),
        (&["--auth", "none", "--connections", "0"], "write a whole number above zero"),
        (&["--auth", "none", "--idle-time", "10"], "write a time such as 20s, 15m or 8h"),
        (&[], "<--authorized-keys <FILE>|--auth <AUTH>>"),
        (&["--public", "--authorized-keys", "keys"], "cannot be used with"),
        (&["--authorized-keys", "/nowhere/keys"], "/nowhere/keys: cannot read the keys"),
    ] {
        let said = refusal(&folder, args);
        assert!(said.contains(says), "{args:?}: {said}");
    }
    assert!(!folder.file("host_key").exists(), "nothing is made for a server that does not start");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn servers_that_start_together_have_one_host_key() {
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
async fn the_host_key_is_made_once_and_kept_from_others() {
    let folder = Folder::new();
    let file = folder.file("host_key");
    let fingerprint = |server: &mut Server| {
        let line = server.logged("listening");
        line.split_once("host_key=").unwrap().1.split(' ').next().unwrap().to_owned()
    };
    let first = fingerprint(&mut Server::start(command(&folder, &["--auth", "none"]), Folder::new()));
    assert!(first.starts_with("SHA256:"), "{first}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    assert_eq!(fingerprint(&mut Server::start(command(&folder, &["--auth", "none"]), Folder::new())), first);

    write_private(&file, &key(), 0o640);
    let said = refusal(&folder, &["--auth", "none"]);
    assert!(said.contains("others on this machine can read this host key") && said.contains("chmod 600"), "{said}");
    let rsa = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Rsa { hash: None }).unwrap();
    write_private(&file, &rsa, 0o600);
    assert!(refusal(&folder, &["--auth", "none"]).contains("an Ed25519 key without a passphrase"));
    std::fs::write(&file, "nonsense").unwrap();
    assert!(refusal(&folder, &["--auth", "none"]).contains("no private key of OpenSSH"));
}
