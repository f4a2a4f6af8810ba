//! Authorised keys and certificates: which lines count, and what happens when the file changes.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use nix::sys::signal::Signal;
use russh::client;
use russh::keys::ssh_key::certificate::{Builder, CertType};
use russh::keys::{Certificate, PrivateKey};

use crate::harness::{AcceptAnyHostKey, Broker, Folder, Server, command, key, public_line, wait_for};

/// Starts a server that accepts the keys of a file.
pub(crate) fn with_keys_and(keys: &str, args: &[&str]) -> Server {
    let folder = Folder::new();
    let file = folder.file("keys");
    fs::write(&file, keys).unwrap();
    let command = command(&folder, &[&["--authorized-keys", file.to_str().unwrap()], args].concat());
    Server::start(command, folder)
}

/// Replaces a file as an editor does.
pub(crate) fn replace(file: &Path, text: &str) {
    let beside = file.with_file_name("beside");
    fs::write(&beside, text).unwrap();
    fs::rename(&beside, file).unwrap();
}

pub(crate) fn replace_with_pipe(file: &Path) {
    let beside = file.with_file_name("pipe");
    nix::unistd::mkfifo(&beside, nix::sys::stat::Mode::S_IRUSR | nix::sys::stat::Mode::S_IWUSR).unwrap();
    fs::rename(&beside, file).unwrap();
}

pub(crate) async fn may_enter(server: &Server, key: &PrivateKey) -> bool {
    Broker::try_key(server, key).await.is_some()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_bad_line_does_not_keep_a_removed_key_valid() {
    let (kept, removed, new) = (key(), key(), key());
    let mut server = with_keys_and(&(public_line(&kept) + &public_line(&removed)), &[]);
    assert!(may_enter(&server, &removed).await);
    // No signal: the file is watched.
    replace(&server.folder.file("keys"), &format!("{}ssh-ed25519 AAAA\n{}", public_line(&kept), public_line(&new)));
    let line = server.logged("a line of the authorized keys is not used");
    assert!(line.contains("line=2") && line.contains("not a public key"), "{line}");
    assert!(!may_enter(&server, &removed).await);
    assert!(may_enter(&server, &kept).await && may_enter(&server, &new).await);
    assert_eq!((server.metric("authorized_keys"), server.metric("authorized_keys_bad_lines")), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_keys_file_that_cannot_be_used_lets_no_one_in_until_it_can() {
    let known = key();
    let server = with_keys_and(&public_line(&known), &[]);
    let file = server.folder.file("keys");
    let breakages: [(&str, &dyn Fn()); 5] = [
        ("there is no key", &|| fs::write(&file, "").unwrap()),
        ("there is no such file", &|| fs::remove_file(&file).unwrap()),
        ("a pipe or a device", &|| replace_with_pipe(&file)),
        ("other users may write", &|| {
            replace(&file, &public_line(&known));
            fs::set_permissions(&file, Permissions::from_mode(0o666)).unwrap();
        }),
        ("not a public key", &|| fs::write(&file, "nonsense\n").unwrap()),
    ];
    for (count, (why, break_it)) in breakages.iter().enumerate() {
        break_it();
        // A file may pass through another bad state, so failures are not counted one by one.
        wait_for(why, || Some(server.page("/readyz")).filter(|page| page.1.contains(why))).unwrap();
        let (status, page) = server.page("/readyz");
        assert!(status == 503 && page.starts_with("not ready\n"), "{page}");
        assert!(!may_enter(&server, &known).await, "{why}");
        assert_eq!(server.metric("authorized_keys_ok"), 0);
        assert!(server.metric("authorized_keys_load_failures_total") > count as u64);
        let _ = fs::remove_file(&file);
        replace(&file, &public_line(&known));
        server.wait_for_metric("authorized_keys_ok", |ok| ok == 1);
        assert!(may_enter(&server, &known).await, "after {why}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_newest_of_many_changes_wins() {
    let known = key();
    let server = with_keys_and(&public_line(&known), &[]);
    for number in 0..50 {
        let text = if number % 2 == 0 { public_line(&key()) } else { public_line(&known) };
        replace(&server.folder.file("keys"), &text);
        server.signal(Signal::SIGHUP);
    }
    let (last, file) = (key(), server.folder.file("keys"));
    replace(&file, &public_line(&last));
    server.signal(Signal::SIGHUP);
    let end = std::time::Instant::now() + crate::harness::TIMEOUT;
    while !may_enter(&server, &last).await {
        assert!(std::time::Instant::now() < end);
    }
    assert!(!may_enter(&server, &known).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn sessions_of_a_removed_key_end_only_if_asked_for() {
    for ends in [true, false] {
        let (removed, kept) = (key(), key());
        let args: &[&str] = if ends { &["--end-revoked"] } else { &[] };
        let mut server = with_keys_and(&(public_line(&removed) + &public_line(&kept)), args);
        let (first, second) =
            (Broker::try_key(&server, &removed).await.unwrap(), Broker::try_key(&server, &kept).await.unwrap());
        let (mut first_open, mut second_open) = (first.open(80, 24).await, second.open(80, 24).await);
        first_open.see("Broker line").await;
        second_open.see("Broker line").await;
        replace(&server.folder.file("keys"), &public_line(&kept));
        server.logged("reloaded the authorized keys");
        if ends {
            first_open.see("dialtree: session closed: your key is no longer authorized.").await;
            first_open.closes().await;
            server.wait_for_metric("connections", |connections| connections == 1);
        } else {
            first_open.press("111").await;
            first_open.see("IFP ▸ 1 ▸ 1").await;
        }
        second_open.press("111").await;
        second_open.see("IFP ▸ 1 ▸ 1").await;
    }
}

#[test]
fn a_signal_while_the_server_loads_does_not_end_it() {
    let folder = Folder::new();
    let data = folder.file("directory.ron");
    // Large enough to load for a while.
    let embedded = dialtree::directory::EMBEDDED;
    let (head, contacts) = embedded.split_once("contacts: [").unwrap();
    let first = contacts.trim_start();
    let mut text = format!("{head}contacts: [");
    for number in 0..40_000 {
        text += &format!(
            "(id: \"c{number}\", name: \"Contact {number}\", source: \"p. 1\", channels: [(email: \"c{number}@example.com\")]),\n"
        );
    }
    fs::write(&data, text + first).unwrap();
    let mut server = command(&folder, &["--auth", "none", "--data", data.to_str().unwrap()]).spawn().unwrap();
    let handles_hangup = || {
        let status = fs::read_to_string(format!("/proc/{}/status", server.id())).ok()?;
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?;
        (u64::from_str_radix(mask.trim(), 16).unwrap() & 1 == 1).then_some(())
    };
    wait_for("a handler of SIGHUP", handles_hangup).unwrap();
    let pid = nix::unistd::Pid::from_raw(i32::try_from(server.id()).unwrap());
    nix::sys::signal::kill(pid, Signal::SIGHUP).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert!(server.try_wait().unwrap().is_none());
    // Nor does it wait for the load when it is told to end.
    nix::sys::signal::kill(pid, Signal::SIGTERM).unwrap();
    let end = server.wait_with_output().unwrap();
    let log = String::from_utf8(end.stderr).unwrap();
    assert!(end.status.success() && !log.contains("listening"), "{:?} {log}", end.status);
}

#[test]
fn check_says_what_a_server_would_find_and_does_not_listen() {
    let folder = Folder::new();
    let (keys, data, copy) = (folder.file("keys"), folder.file("mine.ron"), folder.file("copy.ron"));
    let check = |args: &[&str]| {
        let options = ["--check", "--authorized-keys", keys.to_str().unwrap(), "--data", data.to_str().unwrap()];
        let mut command = command(&folder, &[&options, args].concat());
        let output = command.stdout(std::process::Stdio::piped()).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    fs::write(&keys, format!("{}ssh-ed25519 AAAA\n", public_line(&key()))).unwrap();
    fs::write(&data, dialtree::directory::EMBEDDED).unwrap();
    let (code, text) = check(&[]);
    for found in
        ["1 keys, 1 lines that are not used", "line 2: warning: not a public key", "no host key yet", "no errors"]
    {
        assert!(text.contains(found), "{text}");
    }
    assert_eq!(code, 0);
    assert!(!folder.file("host_key").exists());
    fs::write(&data, "nonsense").unwrap();
    fs::write(&copy, dialtree::directory::EMBEDDED).unwrap();
    assert!(matches!(check(&[]), (2, text) if text.contains("mine.ron:1:1")));
    let (code, text) = check(&["--last-good", copy.to_str().unwrap()]);
    assert!(code == 0 && text.contains("the last good copy"), "{text}");
    fs::write(&keys, "").unwrap();
    assert_eq!(check(&["--last-good", copy.to_str().unwrap()]).0, 2);
    fs::write(folder.file("host_key"), "nonsense").unwrap();
    assert!(check(&[]).1.contains("not an OpenSSH private key"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn options_of_a_key_are_honoured() {
    let [anywhere, here, elsewhere, expired, later, forced] = [(); 6].map(|()| key());
    let mut text = b"\xef\xbb\xbf# a byte order mark, and a name in Latin-1: Jos\xe9\n".to_vec();
    for (options, key) in [
        ("restrict", &anywhere),
        ("from=\"127.0.0.0/8,!127.0.0.2\"", &here),
        ("from=\"192.0.2.*\"", &elsewhere),
        ("expiry-time=\"20260101Z\"", &expired),
        ("expiry-time=\"29990101\"", &later),
        ("command=\"find commission --json\"", &forced),
    ] {
        text.extend(format!("{options} {} Jos", public_line(key).trim()).bytes());
        text.extend(b"\xe9\r\n");
    }
    let folder = Folder::new();
    fs::write(folder.file("keys"), text).unwrap();
    let args = ["--authorized-keys", folder.file("keys").to_str().unwrap()].map(ToOwned::to_owned);
    let mut server = Server::start(command(&folder, &[&args[0], &args[1]]), folder);
    for (key, expected) in [(&anywhere, true), (&here, true), (&elsewhere, false), (&expired, false), (&later, true)] {
        assert_eq!(may_enter(&server, key).await, expected);
    }
    assert!(server.logged("from= excludes the address").contains("login refused"));
    assert!(server.logged("the key has expired").contains("login refused"));
    // The log names the key by its comment.
    assert!(server.logged("logged in").contains("comment=\"Jos\u{fffd}\""), "{}", server.log());
    let broker = Broker::try_key(&server, &forced).await.unwrap();
    assert!(broker.run("tree").await.out.starts_with('{'));
    assert_eq!(server.metric("authorized_keys_bad_lines"), 0);
}

#[test]
fn weak_keys_and_exposed_files_are_refused_with_a_reason() {
    let folder = Folder::new();
    let inner = folder.file("inner");
    fs::create_dir(&inner).unwrap();
    let file = inner.join("keys");
    let error = || {
        let output = command(&folder, &["--authorized-keys", file.to_str().unwrap()]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let rsa = russh::keys::ssh_key::private::RsaKeypair::random(&mut russh::keys::key::safe_rng(), 2048).unwrap();
    let sk = "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAICFo/k5LU8863u66YC9eUO2170QduohPURkQnbLa/dczAAAABHNzaDo=";
    for (line, why) in [
        (PrivateKey::from(rsa).public_key().to_openssh().unwrap(), "an RSA key of 2048 bits is too weak"),
        ("ssh-dss AAAAB3NzaC1kc3MAAACBAIM".to_owned(), "ssh-dss keys are too weak"),
        (sk.to_owned(), "cannot see whether a security key was touched"),
        (format!("verify-required {sk}"), "\"verify-required\" is not supported"),
        (format!("permitopen=\"a:1\" {}", public_line(&key())), "\"permitopen\" is not supported"),
    ] {
        fs::write(&file, line).unwrap();
        assert!(error().contains(why), "{}", error());
    }
    // OpenSSH's StrictModes.
    fs::write(&file, public_line(&key())).unwrap();
    fs::set_permissions(&inner, Permissions::from_mode(0o775)).unwrap();
    assert!(error().contains("inner; run `chmod go-w` on it"), "{}", error());
    fs::set_permissions(&inner, Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o646)).unwrap();
    assert!(error().contains("other users may write to"), "{}", error());
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    if nix::unistd::geteuid().is_root() {
        nix::unistd::chown(&file, Some(12345.into()), None).unwrap();
        assert!(error().contains("belongs to another user (uid 12345)"), "{}", error());
        nix::unistd::chown(&file, Some(0.into()), None).unwrap();
    }
    fs::write(&file, format!("no-touch-required {sk}")).unwrap();
    Server::start(command(&folder, &["--authorized-keys", file.to_str().unwrap()]), Folder::new());
}

/// A certificate of a key for an hour, with changes.
fn certificate(authority: &PrivateKey, key: &PrivateKey, change: impl FnOnce(&mut Builder)) -> Certificate {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let rng = &mut russh::keys::key::safe_rng();
    let mut builder = Builder::new_with_random_nonce(rng, key.public_key(), now - 60, now + 3600).unwrap();
    builder.key_id("eve@example.com").unwrap();
    change(&mut builder);
    builder.sign(authority).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn certificates_of_an_authority_log_in() {
    let (authority, other, user) = (key(), key(), key());
    let line = |options: &str| format!("cert-authority{options} {}", public_line(&authority));
    let try_certificate = async |server: &Server, certificate: Certificate| {
        let mut client = client::connect(Arc::default(), server.address, AcceptAnyHostKey).await.unwrap();
        let end = client.authenticate_openssh_cert("broker", Arc::new(user.clone()), certificate).await;
        end.is_ok_and(|end| end.success()).then_some(Broker { client })
    };
    let principal = |name: &'static str| move |builder: &mut Builder| _ = builder.valid_principal(name).unwrap();
    let option = |name: &'static str, value: &'static str| {
        move |builder: &mut Builder| {
            builder.valid_principal("broker").unwrap().critical_option(name, value).unwrap();
        }
    };

    let mut server = with_keys_and(&line(""), &[]);
    let broker = try_certificate(&server, certificate(&authority, &user, principal("broker"))).await.unwrap();
    assert!(server.logged("logged in").contains("comment=\"eve@example.com\""));
    broker.open(80, 24).await.see("Broker line").await;
    let forced = certificate(&authority, &user, option("force-command", "find commission --json"));
    let broker = try_certificate(&server, forced).await.unwrap();
    assert!(broker.run("tree").await.out.starts_with('{'));
    assert!(
        try_certificate(&server, certificate(&authority, &user, option("source-address", "127.0.0.0/8")))
            .await
            .is_some()
    );
    for (refused, why) in [
        (certificate(&other, &user, principal("broker")), "unknown certificate authority"),
        (certificate(&authority, &user, principal("someone")), "for other principals"),
        (certificate(&authority, &user, |builder| _ = builder.all_principals_valid().unwrap()), "for other principals"),
        (certificate(&authority, &user, option("source-address", "192.0.2.0/24")), "source-address excludes"),
        (certificate(&authority, &user, option("verify-required", "")), "a critical option"),
        (
            certificate(&authority, &user, |builder| {
                builder.cert_type(CertType::Host).unwrap().valid_principal("broker").unwrap();
            }),
            "for hosts",
        ),
    ] {
        assert!(try_certificate(&server, refused).await.is_none(), "{why}");
        server.logged(why);
    }
    // The key of the certificate alone, and that of the authority, do not log in.
    assert!(!may_enter(&server, &user).await && !may_enter(&server, &authority).await);
    // An expired one.
    let rng = &mut russh::keys::key::safe_rng();
    let mut builder = Builder::new_with_random_nonce(rng, user.public_key(), 1_000_000, 1_000_060).unwrap();
    builder.key_id("old").unwrap().valid_principal("broker").unwrap();
    assert!(try_certificate(&server, builder.sign(&authority).unwrap()).await.is_none());

    let server = with_keys_and(&line(",principals=\"sales,support\""), &[]);
    for (name, is_accepted) in [("support", true), ("broker", false)] {
        let end = try_certificate(&server, certificate(&authority, &user, principal(name))).await;
        assert_eq!(end.is_some(), is_accepted, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn bad_data_are_reported_and_good_ones_return() {
    let folder = Folder::new();
    let data = folder.file("directory.ron");
    let named = |name: &str| dialtree::directory::EMBEDDED.replacen("Health Net broker", name, 1);
    fs::write(&data, named("Old broker")).unwrap();
    let server = Server::open(&["--data", data.to_str().unwrap()]);
    assert_eq!((server.metric("data_ok"), server.metric("data_load_failures_total")), (1, 0));
    assert!(server.metric("data_last_good_timestamp_seconds") > 1_700_000_000);
    assert!(server.metric("data_age_seconds") < 100);
    assert_eq!(server.page("/readyz"), (200, "ready\n".to_owned()));
    let broker = Broker::connect(&server).await;
    for (number, (why, break_it)) in [
        ("directory.ron:1:1", (&|| replace(&data, "nonsense")) as &dyn Fn()),
        ("a pipe or a device", &|| replace_with_pipe(&data)),
    ]
    .into_iter()
    .enumerate()
    {
        break_it();
        server.wait_for_metric("data_ok", |ok| ok == 0);
        let (status, page) = server.page("/readyz");
        assert!(status == 200 && page.starts_with("ready\n") && page.contains(why), "{page}");
        assert_eq!(server.metric("data_load_failures_total"), number as u64 + 1);
        let name = format!("New broker {number}");
        replace(&data, &named(&name));
        server.wait_for_metric("data_ok", |ok| ok == 1);
        broker.open(120, 40).await.see(&name).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_server_starts_with_the_last_good_copy() {
    let folder = Folder::new();
    let (data, copy) = (folder.file("directory.ron"), folder.file("copy.ron"));
    let named = |name: &str| dialtree::directory::EMBEDDED.replacen("Health Net broker", name, 1);
    let args = ["--data", data.to_str().unwrap(), "--last-good", copy.to_str().unwrap()];
    fs::write(&data, named("Old broker")).unwrap();
    drop(Server::open(&args));
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    fs::write(&data, "nonsense").unwrap();
    let mut server = Server::open(&args);
    assert!(server.logged("serving the last good copy").contains("directory.ron:1:1"), "{}", server.log());
    Broker::connect(&server).await.open(120, 40).await.see("Old broker key contacts").await;
    assert_eq!(server.metric("data_ok"), 0);
    assert!(server.page("/readyz").1.contains("directory.ron:1:1"));
    replace(&data, &named("New broker"));
    server.wait_for_metric("data_ok", |ok| ok == 1);
    assert_eq!(fs::read_to_string(&copy).unwrap(), named("New broker"));
    // Without a copy, bad data keep a server from starting.
    fs::write(&data, "nonsense").unwrap();
    fs::write(&copy, "nonsense").unwrap();
    let output = command(&server.folder, &[&["--auth", "none"], &args[..]].concat()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
