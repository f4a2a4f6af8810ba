//! The real OpenSSH: its client before `dialtree serve`, and its server before `dialtree --kiosk`.

use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{Folder, PATIENCE, Server, command};
use crate::terminal::{DIALTREE, MONDAY, ScreenText as _, Terminal};

/// Whether these programs of OpenSSH are here. Where everything must be installed, one that is missing is a failure.
fn are_here(programs: &[&str]) -> bool {
    let is_missing = |program: &&&str| {
        let found = Command::new("sh").args(["-c", "command -v \"$0\"", program]).output().unwrap();
        !found.status.success()
    };
    let missing: Vec<&&str> = programs.iter().filter(is_missing).collect();
    assert!(missing.is_empty() || std::env::var_os("CI").is_none(), "{missing:?} is not installed");
    if !missing.is_empty() {
        eprintln!("not checked: {missing:?} is not installed");
    }
    missing.is_empty()
}

/// Makes a key with `ssh-keygen`.
fn make_key(path: &Path) {
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path).output().unwrap();
    assert!(made.status.success(), "{made:?}");
}

/// Somebody with OpenSSH's client and a key.
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

    /// What is said before the host to each of its programs; no settings of whoever runs the tests count.
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

    /// What `ssh` says when it is asked for this, with options before the host.
    fn ssh(&self, options: &[&str], words: &[&str]) -> Output {
        run(self.program("ssh").args(options).arg("127.0.0.1").args(words))
    }

    /// The navigator in a terminal.
    fn sit_down(&self) -> Terminal {
        let mut arguments = self.options();
        arguments.extend(["-t", "127.0.0.1"].map(OsString::from));
        let terminal = Terminal::spawn("ssh", arguments, (120, 40), &[]);
        terminal.wait_for(|screen| screen.alternate_screen() && screen.is_selected("1 IFP"));
        terminal
    }
}

/// Runs a program to its end, which has to come soon.
fn run(command: &mut Command) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let end = Instant::now() + PATIENCE;
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

/// What the command line says to the same words.
fn here(words: &[&str]) -> Output {
    Command::new(DIALTREE).args(words).env_clear().stdin(Stdio::null()).output().unwrap()
}

/// Asks for the same here and from remote: the answers and the codes are one.
#[track_caller]
fn answers_as_here(client: &Client) {
    for (words, code) in [
        (&["find", "commission", "--json"][..], 0),
        (&["show", "--plain", "ifp-line/1/1"], 0),
        (&["find", "zzzz"], 1),
        (&["show", "ifp-line/1/9"], 1),
        (&["find", "--nonsense"], 2),
        (&["find", "--audience", "nobody", "card"], 2),
    ] {
        let at = ["--at", MONDAY];
        let (asked, here) = (client.ssh(&[], &[words, &at].concat()), here(&[words, &at].concat()));
        assert_eq!((asked.status.code(), here.status.code()), (Some(code), Some(code)), "{words:?}: {asked:?}");
        assert_eq!((text(&asked.stdout), text(&asked.stderr)), (text(&here.stdout), text(&here.stderr)), "{words:?}");
    }
}

/// Copies files both ways, in the new manner and in the old one, and looks whether anything came or went.
#[track_caller]
fn moves_no_files(client: &Client, folder: &Folder) {
    let (kept, stolen) = (folder.file("kept"), folder.file("stolen"));
    fs::write(&kept, "mine").unwrap();
    let there = format!("127.0.0.1:{}", stolen.display());
    for manner in [&[][..], &["-O"]] {
        let put = run(client.program("scp").args(manner).arg(&kept).arg(&there));
        assert!(!put.status.success(), "{put:?}");
        let got = run(client.program("scp").args(manner).arg(format!("127.0.0.1:{}", kept.display())).arg(&stolen));
        assert!(!got.status.success(), "{got:?}");
        assert!(!stolen.exists());
    }
    let sftp = run(client.program("sftp").arg("127.0.0.1"));
    assert!(!sftp.status.success(), "{sftp:?}");
}

/// Every way that `ssh` has to forward something ends with its failure.
#[track_caller]
fn forwards_nothing(client: &Client) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let target = listener.local_addr().unwrap().to_string();
    let back = format!("0:{target}");
    for options in [&["-W", &target][..], &["-N", "-o", "ExitOnForwardFailure=yes", "-R", &back]] {
        let output = client.ssh(options, &[]);
        assert_eq!(output.status.code(), Some(255), "{options:?}: {output:?}");
        assert!(text(&output.stderr).contains("forwarding"), "{output:?}");
    }
    assert!(listener.accept().is_err(), "nothing came through");
}

/// A server that lets in one key, and who has it.
fn served() -> Option<(Server, Client)> {
    if !are_here(&["ssh", "ssh-keygen", "scp", "sftp"]) {
        return None;
    }
    let folder = Folder::new();
    make_key(&folder.file("key"));
    let keys = folder.file("key.pub");
    let command = command(&folder, &["--authorized-keys", keys.to_str().unwrap()]);
    let server = Server::start(command, folder);
    let client = Client::new(&server.folder, server.address.port(), "broker");
    Some((server, client))
}

#[test]
fn a_broker_works_with_the_client_of_openssh() {
    let Some((server, client)) = served() else { return };
    let mut terminal = client.sit_down();
    terminal.keys("111");
    terminal.shows(&["Commissions for all California market", "IFP ▸ 1 ▸ 1"]);
    terminal.keys("y");
    terminal.shows(&["Sent to the terminal's clipboard: 1-800-909-3447, press 1, then 1"]);
    // OSC 52 with the text in base64.
    terminal.sends("\x1b]52;c;MS04MDAtOTA5LTM0NDcsIHByZXNzIDEsIHRoZW4gMQ==");
    terminal.keys("/lost id card");
    terminal.shows(&["/ lost id card", "ID cards"]);
    terminal.keys("\x1b");
    terminal.shows(&["Broker line", "IFP ▸ 1 ▸ 1"]);
    terminal.resize((40, 10));
    terminal.wait_for(|screen| screen.has("dialtree") && !screen.has("╮╭"));
    terminal.resize((120, 40));
    terminal.wait_for(|screen| screen.has("╮╭"));
    terminal.keys("\x1b\x1b6o");
    terminal.shows(&["You are now leaving HealthNet.com"]);
    terminal.keys("\t\r");
    terminal.shows(&["The address is https://myhealthnetca.com"]);
    terminal.keys("q");
    let (status, screen) = terminal.end();
    assert_eq!(status.exit_code(), 0);
    assert!(screen.is_given_back());
    server.counts("sessions", |sessions| sessions == 0);
}

#[test]
fn openssh_gets_its_terminal_back_when_the_server_ends() {
    let Some((mut server, client)) = served() else { return };
    let terminal = client.sit_down();
    server.signal(nix::sys::signal::Signal::SIGTERM);
    terminal.shows(&["The server closes within"]);
    server.signal(nix::sys::signal::Signal::SIGTERM);
    let (status, screen) = terminal.end();
    assert_eq!(status.exit_code(), 0);
    assert!(screen.is_given_back());
    assert!(screen.contents().contains("dialtree: the server closes. Connect again to go on."));
    assert!(server.ended().success());
}

#[test]
fn a_command_of_openssh_is_answered_as_on_the_command_line() {
    let Some((_server, client)) = served() else { return };
    answers_as_here(&client);
}

#[test]
fn without_a_terminal_and_a_command_openssh_shows_help() {
    let Some((_server, client)) = served() else { return };
    let help = client.ssh(&["-T"], &[]);
    assert_eq!((help.status.code(), text(&help.stderr)), (Some(0), String::new()));
    let help = text(&help.stdout);
    assert!(help.contains("ssh -t HOST") && !help.contains('\x1b'), "{help}");
}

#[test]
fn openssh_gets_no_files_and_no_ways_through() {
    let Some((server, client)) = served() else { return };
    moves_no_files(&client, &server.folder);
    forwards_nothing(&client);
    answers_as_here(&client);
}

#[test]
fn openssh_with_a_wrong_key_is_refused() {
    let Some((server, mut client)) = served() else { return };
    client.key = server.folder.file("stranger");
    make_key(&client.key);
    let refused = client.ssh(&[], &["find", "commission"]);
    assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(255), String::new()));
    assert!(text(&refused.stderr).contains("Permission denied (publickey)"), "{refused:?}");
    assert_eq!(server.number("logins_total"), 0);
}

/// An OpenSSH server that gives its users a kiosk, configured as in `docs/ssh.md`.
struct Sshd {
    child: Child,
    port: u16,
    folder: Folder,
}

/// Who runs the tests.
fn user() -> String {
    text(&run(Command::new("id").arg("-un")).stdout).trim().to_owned()
}

/// The block for `sshd_config` in `docs/ssh.md`, changed to start this program for this user.
fn recipe(user: &str) -> String {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ssh.md")).unwrap();
    let (_, rest) = page.split_once("```sshd_config\nMatch User dialtree\n").expect("a block for sshd_config");
    let block = rest.split("```").next().unwrap();
    assert!(block.contains("/usr/local/bin/dialtree --kiosk\n"), "{block}");
    format!("Match User {user}\n{}", block.replace("/usr/local/bin/dialtree", DIALTREE))
}

impl Sshd {
    fn start() -> Option<Self> {
        const PROGRAM: &str = "/usr/sbin/sshd";
        if !are_here(&[PROGRAM, "ssh", "ssh-keygen", "scp", "sftp"]) {
            return None;
        }
        // Root's sshd needs this folder; the package's own service makes it before it starts.
        let _ = fs::create_dir_all("/run/sshd");
        let folder = Folder::new();
        make_key(&folder.file("key"));
        make_key(&folder.file("host_key"));
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nUsePAM no\n\
             StrictModes no\nSubsystem sftp internal-sftp\n{}",
            folder.file("host_key").display(),
            folder.file("key.pub").display(),
            recipe(&user())
        );
        let path = folder.file("sshd_config");
        fs::write(&path, config).unwrap();
        let log = fs::File::create(folder.file("log")).unwrap();
        let child = Command::new(PROGRAM).args(["-D", "-e", "-f"]).arg(path).stderr(log).spawn().unwrap();
        let mut sshd = Self { child, port, folder };
        let end = Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let is_over = sshd.child.try_wait().unwrap().is_some() || Instant::now() > end;
            assert!(!is_over, "sshd does not start: {}", fs::read_to_string(sshd.folder.file("log")).unwrap());
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
fn the_recipe_for_openssh_makes_a_kiosk() {
    let Some(sshd) = Sshd::start() else { return };
    let client = sshd.client();
    answers_as_here(&client);
    let help = client.ssh(&["-T"], &[]);
    assert!(help.status.success() && text(&help.stdout).contains("ssh -t HOST"), "{help:?}");

    let mut terminal = client.sit_down();
    terminal.keys("111y");
    terminal.shows(&["Commissions for all California market", "Sent to the terminal's clipboard"]);
    terminal.sends("\x1b]52;c;MS04MDAtOTA5LTM0NDcsIHByZXNzIDEsIHRoZW4gMQ==");
    terminal.keys("\x1a");
    terminal.shows(&["There is no shell here"]);
    terminal.resize((40, 10));
    terminal.wait_for(|screen| screen.has("dialtree") && !screen.has("╮╭"));
    terminal.keys("q");
    let (status, screen) = terminal.end();
    assert_eq!(status.exit_code(), 0);
    assert!(screen.is_given_back());
}

#[test]
fn the_recipe_for_openssh_gives_no_files_and_no_ways_through() {
    let Some(sshd) = Sshd::start() else { return };
    let client = sshd.client();
    moves_no_files(&client, &sshd.folder);
    forwards_nothing(&client);
    answers_as_here(&client);
}
