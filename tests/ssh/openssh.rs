//! OpenSSH: its client with `dialtree serve`, and its server with `dialtree --kiosk`.

use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{Folder, Server, TIMEOUT, command};
use crate::terminal::{DIALTREE, MONDAY, ScreenText as _, Terminal};

/// Whether programs are installed. In CI, a missing one fails the test.
fn are_installed(programs: &[&str]) -> bool {
    let is_missing = |program: &&&str| {
        let found = Command::new("sh").args(["-c", "command -v \"$0\"", program]).output().unwrap();
        !found.status.success()
    };
    let missing: Vec<&&str> = programs.iter().filter(is_missing).collect();
    assert!(missing.is_empty() || std::env::var_os("CI").is_none(), "{missing:?} is not installed");
    if !missing.is_empty() {
        eprintln!("skipped: {missing:?} is not installed");
    }
    missing.is_empty()
}

/// Creates a key with `ssh-keygen`.
fn create_key(path: &Path) {
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path).output().unwrap();
    assert!(made.status.success(), "{made:?}");
}

/// OpenSSH's client with a key.
struct Client {
    key: PathBuf,
    known_hosts: PathBuf,
    port: u16,
    user: String,
}

impl Client {
    fn new(folder: &Folder, port: u16, user: &str) -> Self {
        Self { key: folder.file("key"), known_hosts: folder.file("known_hosts"), port, user: user.to_owned() }
    }

    /// The options of every OpenSSH program, which also disable the configuration of the user who runs the tests.
    fn options(&self) -> Vec<OsString> {
        let known_hosts = format!("UserKnownHostsFile={}", self.known_hosts.display());
        let (user, port) = (format!("User={}", self.user), format!("Port={}", self.port));
        let mut options: Vec<OsString> = ["-F", "none", "-i"].map(OsString::from).into();
        options.push(self.key.clone().into());
        for option in [
            "StrictHostKeyChecking=accept-new",
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "BatchMode=yes",
            "ConnectTimeout=10",
            "LogLevel=ERROR",
            &known_hosts,
            &user,
            &port,
        ] {
            options.extend(["-o".into(), option.into()]);
        }
        options
    }

    fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(self.options()).env_remove("SSH_AUTH_SOCK").stdin(Stdio::null());
        command
    }

    /// Runs `ssh` with more options before the host and a command after it.
    fn ssh(&self, options: &[&str], words: &[&str]) -> Output {
        run(self.program("ssh").args(options).arg("127.0.0.1").args(words))
    }

    /// Opens a session in a terminal.
    fn open(&self) -> Terminal {
        let mut arguments = self.options();
        arguments.extend(["-t", "127.0.0.1"].map(OsString::from));
        let terminal = Terminal::spawn("ssh", arguments, (120, 40), &[]);
        terminal.wait_for(|screen| screen.alternate_screen() && screen.is_selected("5 Everyone"));
        terminal
    }
}

/// Runs a program to its end; fails the test if it takes longer than [`TIMEOUT`].
fn run(command: &mut Command) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let end = Instant::now() + TIMEOUT;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            child.kill().unwrap();
            panic!("{command:?} hangs: {:?}", child.wait_with_output().unwrap());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a command on the local command line.
fn local(words: &[&str]) -> Output {
    Command::new(DIALTREE).args(words).env_clear().stdin(Stdio::null()).output().unwrap()
}

/// Asserts that commands have the same output and exit code over SSH as on the local command line.
#[track_caller]
fn assert_same_as_local(client: &Client) {
    for (words, code) in [
        (&["find", "commission", "--json"][..], 0),
        (&["show", "--plain", "ifp-line/1/1"], 0),
        (&["find", "zzzz"], 1),
        (&["show", "ifp-line/1/9"], 1),
        (&["find", "--nonsense"], 2),
        (&["find", "--audience", "nobody", "card"], 2),
    ] {
        let at = ["--at", MONDAY];
        let (remote, local) = (client.ssh(&[], &[words, &at].concat()), local(&[words, &at].concat()));
        assert_eq!((remote.status.code(), local.status.code()), (Some(code), Some(code)), "{words:?}: {remote:?}");
        assert_eq!(
            (text(&remote.stdout), text(&remote.stderr)),
            (text(&local.stdout), text(&local.stderr)),
            "{words:?}"
        );
    }
}

/// Asserts that files cannot be copied in either direction, with the SFTP or the old SCP protocol.
#[track_caller]
fn assert_no_file_transfer(client: &Client, folder: &Folder) {
    let (kept, stolen) = (folder.file("kept"), folder.file("stolen"));
    fs::write(&kept, "mine").unwrap();
    let there = format!("127.0.0.1:{}", stolen.display());
    for protocol in [&[][..], &["-O"]] {
        let put = run(client.program("scp").args(protocol).arg(&kept).arg(&there));
        assert!(!put.status.success(), "{put:?}");
        let got = run(client.program("scp").args(protocol).arg(format!("127.0.0.1:{}", kept.display())).arg(&stolen));
        assert!(!got.status.success(), "{got:?}");
        assert!(!stolen.exists());
    }
    let sftp = run(client.program("sftp").arg("127.0.0.1"));
    assert!(!sftp.status.success(), "{sftp:?}");
}

/// Asserts that every kind of forwarding fails.
#[track_caller]
fn assert_no_forwarding(client: &Client) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let target = listener.local_addr().unwrap().to_string();
    let back = format!("0:{target}");
    for options in [&["-W", &target][..], &["-N", "-o", "ExitOnForwardFailure=yes", "-R", &back]] {
        let output = client.ssh(options, &[]);
        assert_eq!(output.status.code(), Some(255), "{options:?}: {output:?}");
        assert!(text(&output.stderr).contains("forwarding"), "{output:?}");
    }
    assert!(listener.accept().is_err(), "no connection was forwarded");
}

/// Starts a server that accepts one key, and its client.
fn start() -> Option<(Server, Client)> {
    start_with(&[])
}

fn start_with(args: &[&str]) -> Option<(Server, Client)> {
    if !are_installed(&["ssh", "ssh-keygen", "scp", "sftp"]) {
        return None;
    }
    let folder = Folder::new();
    create_key(&folder.file("key"));
    let keys = folder.file("key.pub");
    let command = command(&folder, &[&["--authorized-keys", keys.to_str().unwrap()], args].concat());
    let server = Server::start(command, folder);
    let client = Client::new(&server.folder, server.address.port(), "broker");
    Some((server, client))
}

#[test]
fn a_session_works_with_the_openssh_client() {
    let Some((server, client)) = start() else { return };
    let mut terminal = client.open();
    terminal.keys("111");
    terminal.shows(&["Commissions for all California market", "IFP ▸ 1 ▸ 1"]);
    terminal.keys("\x19");
    terminal.shows(&["Sent to the terminal's clipboard: +18009093447 (not copied: press 1, then 1)"]);
    // OSC 52 with the text in base64.
    terminal.sends("\x1b]52;c;KzE4MDA5MDkzNDQ3");
    terminal.keys("/lost id card");
    terminal.shows(&["› lost id card", "Outside IFP"]);
    terminal.keys("\x1b");
    terminal.shows(&["Broker line", "IFP ▸ 1 ▸ 1"]);
    terminal.resize((40, 10));
    terminal.wait_for(|screen| screen.has("dialtree") && !screen.has("╭─"));
    terminal.resize((120, 40));
    terminal.wait_for(|screen| screen.has("╭─"));
    terminal.keys("\x1b\x1b6\x0f");
    terminal.shows(&["You are now leaving HealthNet.com"]);
    terminal.keys("\t\r");
    terminal.shows(&["No browser can be opened here; the address is https://myhealthnetca.com"]);
    terminal.keys("\x11");
    let (status, screen) = terminal.end();
    assert_eq!(status.exit_code(), 0);
    assert!(screen.is_restored());
    server.wait_for_metric("sessions", |sessions| sessions == 0);
}

#[test]
fn openssh_restores_its_terminal_when_the_server_shuts_down() {
    let Some((mut server, client)) = start() else { return };
    let terminal = client.open();
    server.signal(nix::sys::signal::Signal::SIGTERM);
    terminal.shows(&["The server will shut down within"]);
    server.signal(nix::sys::signal::Signal::SIGTERM);
    let (status, screen) = terminal.end();
    assert_eq!(status.exit_code(), 0);
    assert!(screen.is_restored());
    assert!(screen.contents().contains("dialtree: the server is shutting down. Connect again to continue."));
    assert!(server.wait().success());
}

#[test]
fn openssh_says_at_once_that_an_idle_session_has_ended() {
    let Some((server, client)) = start_with(&["--idle-timeout", "2s"]) else { return };
    let (status, screen) = client.open().end();
    assert_eq!(status.exit_code(), 0);
    assert!(screen.is_restored());
    assert!(screen.contents().contains("session closed: no key was pressed for too long."), "{}", screen.contents());
    server.wait_for_metric("sessions", |sessions| sessions == 0);
}

#[test]
fn openssh_commands_have_the_output_of_the_command_line() {
    let Some((_server, client)) = start() else { return };
    assert_same_as_local(&client);
}

#[test]
fn openssh_without_a_terminal_prints_help() {
    let Some((_server, client)) = start() else { return };
    let help = client.ssh(&["-T"], &[]);
    assert_eq!((help.status.code(), text(&help.stderr)), (Some(0), String::new()));
    let help = text(&help.stdout);
    assert!(help.contains("ssh -t HOST") && !help.contains('\x1b'), "{help}");
}

#[test]
fn openssh_cannot_transfer_files_or_forward() {
    let Some((server, client)) = start() else { return };
    assert_no_file_transfer(&client, &server.folder);
    assert_no_forwarding(&client);
    assert_same_as_local(&client);
}

#[test]
fn openssh_with_an_unknown_key_is_refused() {
    let Some((server, mut client)) = start() else { return };
    client.key = server.folder.file("stranger");
    create_key(&client.key);
    let refused = client.ssh(&[], &["find", "commission"]);
    assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(255), String::new()));
    assert!(text(&refused.stderr).contains("Permission denied (publickey)"), "{refused:?}");
    assert_eq!(server.metric("logins_total"), 0);
}

/// An OpenSSH server, configured for the kiosk as in `docs/ssh.md`.
struct Sshd {
    child: Child,
    port: u16,
    folder: Folder,
}

/// The name of the user who runs the tests.
fn user() -> String {
    text(&run(Command::new("id").arg("-un")).stdout).trim().to_owned()
}

/// The block for `sshd_config` in `docs/ssh.md`, changed to start this program for this user.
fn documented_configuration(user: &str) -> String {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ssh.md")).unwrap();
    let (_, rest) = page.split_once("```sshd_config\nMatch User dialtree\n").expect("a block for sshd_config");
    let block = rest.split("```").next().unwrap();
    assert!(block.contains("/usr/local/bin/dialtree --kiosk\n"), "{block}");
    format!("Match User {user}\n{}", block.replace("/usr/local/bin/dialtree", DIALTREE))
}

impl Sshd {
    fn start() -> Option<Self> {
        const PROGRAM: &str = "/usr/sbin/sshd";
        if !are_installed(&[PROGRAM, "ssh", "ssh-keygen", "scp", "sftp"]) {
            return None;
        }
        // sshd needs this folder when root starts it; the package's service creates it.
        let _ = fs::create_dir_all("/run/sshd");
        let folder = Folder::new();
        create_key(&folder.file("key"));
        create_key(&folder.file("host_key"));
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nUsePAM no\n\
             StrictModes no\nSubsystem sftp internal-sftp\n{}",
            folder.file("host_key").display(),
            folder.file("key.pub").display(),
            documented_configuration(&user())
        );
        let path = folder.file("sshd_config");
        fs::write(&path, config).unwrap();
        let log = fs::File::create(folder.file("log")).unwrap();
        let child = Command::new(PROGRAM).args(["-D", "-e", "-f"]).arg(path).stderr(log).spawn().unwrap();
        let mut sshd = Self { child, port, folder };
        let end = Instant::now() + TIMEOUT;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let has_failed = sshd.child.try_wait().unwrap().is_some() || Instant::now() > end;
            assert!(!has_failed, "sshd did not start: {}", fs::read_to_string(sshd.folder.file("log")).unwrap());
            std::thread::sleep(Duration::from_millis(5));
        }
        Some(sshd)
    }

    fn client(&self) -> Client {
        Client::new(&self.folder, self.port, &user())
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_documented_configuration_of_openssh_serves_a_kiosk() {
    let Some(sshd) = Sshd::start() else { return };
    let client = sshd.client();
    assert_same_as_local(&client);
    let help = client.ssh(&["-T"], &[]);
    assert!(help.status.success() && text(&help.stdout).contains("ssh -t HOST"), "{help:?}");

    let mut terminal = client.open();
    terminal.keys("111\x19");
    terminal.shows(&["Commissions for all California market", "Sent to the terminal's clipboard"]);
    terminal.sends("\x1b]52;c;KzE4MDA5MDkzNDQ3");
    terminal.keys("\x1a");
    terminal.shows(&["There is no shell to suspend to"]);
    terminal.resize((40, 10));
    terminal.wait_for(|screen| screen.has("dialtree") && !screen.has("╭─"));
    terminal.keys("\x11");
    let (status, screen) = terminal.end();
    assert_eq!(status.exit_code(), 0);
    assert!(screen.is_restored());
}

#[test]
fn the_kiosk_cannot_transfer_files_or_forward() {
    let Some(sshd) = Sshd::start() else { return };
    let client = sshd.client();
    assert_no_file_transfer(&client, &sshd.folder);
    assert_no_forwarding(&client);
    assert_same_as_local(&client);
}
