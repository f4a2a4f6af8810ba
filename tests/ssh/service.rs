//! What a service manager sees of the server, and what confines it.

use std::fs;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};

use nix::sys::signal::Signal;

use crate::harness::{Broker, Folder, Server, TIMEOUT, command, wait_for};

#[test]
fn the_service_manager_is_told_the_state() {
    let folder = Folder::new();
    let socket = UnixDatagram::bind(folder.file("notify")).unwrap();
    socket.set_read_timeout(Some(TIMEOUT)).unwrap();
    let mut command = command(&folder, &["--auth", "none"]);
    command.env("NOTIFY_SOCKET", folder.file("notify")).env("WATCHDOG_USEC", "200000");
    let mut server = Server::start(command, folder);
    // Signs of life come in between.
    let next = |wanted: &str| {
        wait_for(wanted, || {
            let mut message = [0; 256];
            let count = socket.recv(&mut message).unwrap();
            String::from_utf8_lossy(&message[..count]).contains(wanted).then_some(())
        })
        .unwrap();
    };
    next("READY=1");
    next("WATCHDOG=1");
    next("WATCHDOG=1");
    server.signal(Signal::SIGHUP);
    next("RELOADING=1\nMONOTONIC_USEC=");
    next("READY=1");
    server.signal(Signal::SIGTERM);
    next("STOPPING=1");
    assert!(server.wait().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_socket_of_the_service_manager_is_used() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let folder = Folder::new();
    let inner = command(&folder, &["--auth", "none", "--listen", "192.0.2.1:1"]);
    // The shell moves the socket from standard input to where systemd passes it.
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\" 3<&0 0</dev/null"]);
    shell.arg(inner.get_program()).args(inner.get_args()).env_clear().env("XDG_DATA_HOME", "/nonexistent");
    shell.stdin(Stdio::from(OwnedFd::from(listener))).stderr(Stdio::piped());
    let server = Server::start(shell, folder);
    assert_eq!(server.address, address);
    Broker::connect(&server).await.open(80, 24).await.see("Broker line").await;
}

#[test]
fn a_socket_open_to_the_network_needs_the_option_public() {
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let folder = Folder::new();
    let inner = command(&folder, &["--auth", "none"]);
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\" 3<&0 0</dev/null"]);
    shell.arg(inner.get_program()).args(inner.get_args()).env_clear().env("XDG_DATA_HOME", "/nonexistent");
    let output = shell.stdin(Stdio::from(OwnedFd::from(listener))).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && error.contains("--auth none admits anyone"), "{error}");
}

#[test]
fn a_unit_is_printed_with_the_options() {
    let folder = Folder::new();
    let keys = folder.file("keys");
    let mut command = command(&folder, &["--print-unit", "--authorized-keys", keys.to_str().unwrap()]);
    let output = command.stdout(Stdio::piped()).output().unwrap();
    let unit = String::from_utf8(output.stdout).unwrap();
    let line = unit.lines().find(|line| line.starts_with("ExecStart=")).unwrap();
    assert!(output.status.success() && !line.contains("--print-unit"), "{line}");
    assert!(line.contains(&format!("--authorized-keys {}", keys.display())), "{line}");
    assert!(unit.contains(&format!("{} --check\n", line.replace("ExecStart=", "ExecStartPre="))), "{unit}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_server_is_confined_unless_that_is_turned_off() {
    let base = Folder::new();
    let folder = base.file("data");
    fs::create_dir(&folder).unwrap();
    let data = folder.join("directory.ron");
    let named = |name: &str| dialtree::directory::EMBEDDED.replacen("Health Net broker", name, 1);
    fs::write(base.file("secret.ron"), named("Secret broker")).unwrap();
    for (confines, given) in [(true, &data), (false, &data), (true, &folder)] {
        let _ = fs::remove_file(&data);
        fs::write(&data, named("Old broker")).unwrap();
        let args = ["--data", given.to_str().unwrap()];
        let mut server = Server::open(&[&args[..], if confines { &[] } else { &["--no-sandbox"] }].concat());
        let line = server.logged("confined");
        let has_landlock = line.contains("Landlock") && !line.contains("no Landlock");
        let has_seccomp = line.contains(", seccomp");
        assert!(confines || !(has_landlock || has_seccomp), "{line}");
        assert_eq!(server.status("Seccomp:"), if has_seccomp { "2" } else { "0" });
        assert_eq!(server.limit("Max core file size"), "0");
        // Whoever can write a link into the folder of the data must not get other files served.
        let beside = folder.join("beside");
        symlink(base.file("secret.ron"), &beside).unwrap();
        fs::rename(&beside, &data).unwrap();
        if has_landlock {
            server.logged("permission denied");
        } else {
            server.logged("reloaded the directory");
        }
        let shown = if has_landlock { "Old broker key contacts" } else { "Secret broker key contacts" };
        Broker::connect(&server).await.open(120, 40).await.see(shown).await;
    }
}

/// Every metric that the alerts and the dashboard use exists.
#[test]
fn alerts_and_dashboard_use_the_metrics_of_the_server() {
    let folder = Folder::new();
    let keys = folder.file("keys");
    fs::write(&keys, crate::harness::public_line(&crate::harness::key())).unwrap();
    let data = folder.file("directory.ron");
    fs::write(&data, dialtree::directory::EMBEDDED).unwrap();
    let args = ["--authorized-keys", keys.to_str().unwrap(), "--data", data.to_str().unwrap()];
    let server = Server::start(command(&folder, &args), folder);
    let metrics = server.page("/metrics").1;
    for file in ["prometheus-rules.yml", "grafana-dashboard.json"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging").join(file);
        let text = fs::read_to_string(path).unwrap();
        assert!(!file.ends_with("json") || serde_json::from_str::<serde_json::Value>(&text).is_ok());
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let used: Vec<&str> = words.filter(|word| word.starts_with("dialtree_")).collect();
        assert!(used.len() >= 5);
        for name in used {
            let is_metric =
                |line: &str| line.starts_with(&format!("{name} ")) || line.starts_with(&format!("{name}{{"));
            assert!(metrics.lines().any(is_metric), "{file}: {name}");
        }
    }
}

#[test]
fn a_copy_of_the_last_good_directory_needs_one_file() {
    let folder = Folder::new();
    let data = folder.file("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("one.ron"), dialtree::directory::EMBEDDED).unwrap();
    let copy = folder.file("copy.ron");
    let args = ["--check", "--auth", "none", "--data", data.to_str().unwrap(), "--last-good", copy.to_str().unwrap()];
    let output = command(&folder, &args).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!output.status.success() && text.contains("name that file with --data, not its folder"), "{text}");
}
