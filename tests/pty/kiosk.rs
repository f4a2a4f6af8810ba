//! The kiosk: what an anonymous SSH client can do, and what it cannot.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Output};

use dialtree::directory::EMBEDDED;

use crate::harness::{CTRL_C, CTRL_Z, DIALTREE, MONDAY, ScreenText, Terminal};
use crate::support::folder;

/// Runs the program as sshd does under ForceCommand for a client that requests a command.
fn kiosk(command: impl AsRef<OsStr>) -> Output {
    let mut program = Command::new(DIALTREE);
    program.args(["--kiosk", "--at", MONDAY]).env("SSH_ORIGINAL_COMMAND", command).env("XDG_DATA_HOME", "nowhere");
    program.output().unwrap()
}

/// Runs the same command on the command line.
fn local(arguments: &[&str]) -> Output {
    let mut program = Command::new(DIALTREE);
    program.args(["--at", MONDAY]).args(arguments).env("XDG_DATA_HOME", "nowhere").env_remove("DIALTREE_DATA");
    program.output().unwrap()
}

#[test]
fn a_kiosk_prints_what_the_command_line_prints() {
    for command in ["find --json commission", "lost id card", "show ifp-line/1/1", "tree", "notice important", "shwo"] {
        let (kiosk, local) = (kiosk(command), local(&command.split(' ').collect::<Vec<_>>()));
        assert_eq!(kiosk, local, "{command}");
    }
    assert_eq!(
        kiosk("find 'lost id card'").stdout,
        local(&["find", "lost id card"]).stdout,
        "quotes keep words together"
    );
}

#[test]
fn a_login_shell_is_a_kiosk() {
    let shell = Command::new(DIALTREE).args(["-c", "find --plain fraud"]).output().unwrap();
    assert_eq!(shell.stdout, local(&["find", "--plain", "fraud"]).stdout);
    // The last is the name of a command, which is the value of `-c` here.
    for options in ["--version", "--version --verbose", "--help", "-V", "tree"] {
        let shell = Command::new(DIALTREE).args(["-c", options]).output().unwrap();
        assert_eq!(shell, kiosk(options), "{options}");
        assert!(shell.status.success(), "{shell:?}");
    }
    let shell = Command::new(DIALTREE).arg0("-dialtree").output().unwrap();
    let help = String::from_utf8(shell.stdout).unwrap();
    assert!(shell.status.success() && help.contains("ssh HOST lost id card"), "no terminal, and no command: {help}");
}

#[test]
fn a_kiosk_runs_the_command_of_its_own_command_line() {
    let own = |arguments: &[&str]| {
        let mut program = Command::new(DIALTREE);
        program.args(["--kiosk", "--at", MONDAY]).args(arguments).env("XDG_DATA_HOME", "nowhere");
        program.env("SSH_ORIGINAL_COMMAND", "tree").output().unwrap()
    };
    for arguments in [&["find", "--plain", "fraud"][..], &["lost", "id", "card"], &["show", "nobody"], &["--version"]] {
        assert_eq!(own(arguments), local(arguments), "{arguments:?}");
    }
    for arguments in [&["export", "--format", "ron"][..], &["check", "/etc/passwd"], &["tree", "--data", "/etc/passwd"]]
    {
        let output = own(arguments);
        assert_eq!((output.status.code(), &*output.stdout), (Some(2), &b""[..]), "{arguments:?}");
        assert!(output.stderr.starts_with(b"dialtree: "), "{arguments:?}");
    }
}

#[test]
fn a_kiosk_runs_no_other_commands() {
    let long = "a".repeat(100 << 10);
    for command in [
        "; id",
        "$(id)",
        "`id`",
        "find fraud > /tmp/x",
        "--data /etc/passwd tree",
        "tree --data /etc/passwd",
        "check /etc/passwd",
        "export --format ron",
        "man",
        "completions bash",
        "find --json --batch",
        "/usr/lib/openssh/sftp-server",
        "scp -t /tmp",
        "find 'fraud",
        &long,
    ] {
        let Output { status, stdout, stderr } = kiosk(command);
        let output = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
        // A shell command is a query like any other text.
        assert!(!output.contains("uid=") && !output.contains("root:"), "{command}: {output}");
        assert!(!output.contains("/etc") && !output.contains("/usr/lib"), "{command}: {output}");
        assert!(matches!(status.code(), Some(0..=2)), "{command}");
    }
    let bad = kiosk(OsStr::from_bytes(b"find \xff\xfe"));
    assert_eq!(bad.status.code(), Some(2));
    assert_eq!(bad.stderr, b"dialtree: this command is not UTF-8 text\n");
}

#[test]
fn a_kiosk_ignores_the_data_files_of_the_environment() {
    let folder = folder("kiosk");
    let file = folder.join("own.ron");
    fs::write(&file, "(").unwrap();
    fs::create_dir_all(folder.join("dialtree")).unwrap();
    fs::write(folder.join("dialtree/directory.ron"), "(").unwrap();
    let mut program = Command::new(DIALTREE);
    program.arg("--kiosk").env("SSH_ORIGINAL_COMMAND", "find --plain fraud");
    let output = program.env("DIALTREE_DATA", &file).env("XDG_DATA_HOME", &folder).output().unwrap();
    assert_eq!(output.stdout, local(&["find", "--plain", "fraud"]).stdout);
}

#[test]
fn a_kiosk_refuses_data_files_that_others_can_change() {
    let folder = folder("kiosk_data");
    let file = folder.join("own.ron");
    fs::write(&file, EMBEDDED).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    for data in [&file, &folder, &folder.join("missing.ron")] {
        let mut program = Command::new(DIALTREE);
        let output =
            program.args(["--kiosk", "--data"]).arg(data).env("SSH_ORIGINAL_COMMAND", "tree").output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        let is_refused = error.contains("root alone can change") || error.contains("cannot be read");
        assert!(output.status.code() == Some(2) && output.stdout.is_empty() && is_refused, "{data:?}: {error}");
    }
}

#[test]
fn a_kiosk_reads_the_data_files_of_root() {
    let folder = folder("kiosk_root");
    let file = folder.join("own.ron");
    fs::write(&file, EMBEDDED.replacen("Fraud hotline", "Root's hotline", 1)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    // Only where the tests run as root in a folder of root's.
    if fs::canonicalize(&file).unwrap().ancestors().all(is_of_root) {
        let mut program = Command::new(DIALTREE);
        let output =
            program.args(["--kiosk", "--data"]).arg(&file).env("SSH_ORIGINAL_COMMAND", "tree").output().unwrap();
        assert!(String::from_utf8(output.stdout).unwrap().contains("Root's hotline"));
    }
}

#[test]
fn a_kiosk_leaves_out_what_only_the_organisation_may_see() {
    let folder = folder("kiosk_internal");
    let file = folder.join("own.ron");
    let internal = "audiences: [\"brokers\"], internal: true, source: \"Desk\",";
    let contact = |id: &str, more: &str| {
        format!("(id: \"{id}\", name: \"{id} desk\", {more} channels: [(phone: \"1-800-555-0100\")])")
    };
    let public = contact("public", "audiences: [\"brokers\"], source: \"Desk\",");
    let text = format!(
        "(schema: 1, id: \"acme\", name: \"Acme contacts\", organisation: \"Acme\", source: \"The wall\",
        transcribed: \"2026-11-23\", zone: \"America/New_York\",
        audiences: [(id: \"brokers\", name: \"Brokers\", short: \"Brokers\")],
        contacts: [{public}, {}])",
        contact("secret", internal)
    );
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    if !fs::canonicalize(&file).unwrap().ancestors().all(is_of_root) {
        return;
    }
    let mut program = Command::new(DIALTREE);
    let output = program.args(["--kiosk", "--data"]).arg(&file).env("SSH_ORIGINAL_COMMAND", "tree").output().unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(tree.contains("public desk") && !tree.contains("secret desk"), "{tree}");
    let terminal = Terminal::spawn(DIALTREE, ["--kiosk", "--data", file.to_str().unwrap()], (120, 40), &[]);
    let screen = terminal.wait_for(|screen| screen.contents().contains("public desk"));
    assert!(!screen.contents().contains("secret desk"));
    for command in [&["-c", "find fraud"][..], &["tree"]] {
        let output = Command::new(DIALTREE).args(["--kiosk", "--data"]).arg(&file).args(command).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.stdout.is_empty() && error.contains("cannot be combined with a command"), "{error}");
    }
}

/// Whether only root can change a file.
fn is_of_root(path: &std::path::Path) -> bool {
    let metadata = fs::metadata(path).unwrap();
    metadata.uid() == 0 && metadata.mode() & 0o022 == 0
}

/// The system calls in a trace that a kiosk must not make.
fn violations(trace: &str) -> Vec<&str> {
    let mut programs = 0;
    let is_violation = |line: &&str| {
        let call = line.split_once(' ').map_or(*line, |(_, call)| call.trim_start());
        if call.starts_with("execve") {
            programs += 1;
            return programs > 1;
        }
        let is_open = call.starts_with("open") || call.starts_with("creat");
        let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "creat("].iter().any(|mark| call.contains(mark));
        let is_terminal = call.contains("\"/dev/tty\"") || call.contains("\"/dev/pts/");
        let is_process = call.starts_with("fork") || call.starts_with("vfork");
        // Threads are allowed.
        let is_process = is_process || (call.starts_with("clone") && !call.contains("CLONE_THREAD"));
        let changes =
            ["unlink", "rename", "mkdir", "connect", "bind", "kill("].iter().any(|name| call.starts_with(name));
        (is_open && writes && !is_terminal) || is_process || changes
    };
    trace.lines().filter(is_violation).collect()
}

#[test]
fn a_kiosk_starts_no_program_and_writes_only_to_its_terminal() {
    if Command::new("strace").arg("--version").output().is_err() {
        // CI installs strace, so a skipped check is a failure there.
        assert!(std::env::var_os("CI").is_none(), "strace is not installed");
        eprintln!("not checked: strace is not installed");
        return;
    }
    let trace = folder("kiosk-trace").join("trace");
    let path = trace.to_str().unwrap();
    let arguments =
        ["-f", "-qq", "-e", "trace=%file,%process,%network,kill", "-o", path, DIALTREE, "--kiosk", "--at", MONDAY];
    // As on a desktop, where the local navigator opens links and uses the desktop's clipboard.
    let environment = [("DISPLAY", ":0"), ("BROWSER", "/bin/touch"), ("EDITOR", "/bin/touch"), ("SHELL", "/bin/sh")];
    let mut terminal = Terminal::spawn("strace", arguments, (120, 40), &environment);
    terminal.wait_for(|screen| screen.is_selected("5 Everyone"));
    terminal.keys("111\x19");
    terminal.wait_for(|screen| screen.message().contains("Sent to the terminal's clipboard"));
    terminal.keys(CTRL_Z);
    terminal.wait_for(|screen| screen.message().contains("There is no shell to suspend to"));
    terminal.keys("/commission\r");
    terminal.keys("\x1b6\x1b[B\x0f");
    terminal.wait_for(|screen| screen.message().contains("No browser can be opened here; the address is https://"));
    terminal.keys("\x12");
    terminal.wait_for(|screen| screen.contents().contains("QR code"));
    terminal.keys(CTRL_C);
    assert!(terminal.end().0.success());
    let trace = fs::read_to_string(trace).unwrap();
    assert!(trace.contains("execve("), "nothing was traced");
    assert_eq!(violations(&trace), Vec::<&str>::new());
}

#[test]
fn violations_are_found_in_a_trace() {
    let trace = "1 execve(\"a\", [\"a\"]) = 0\n1 openat(AT_FDCWD, \"/dev/tty\", O_RDWR) = 3\n\
                 1 openat(AT_FDCWD, \"/tmp/x\", O_WRONLY|O_CREAT) = 4\n1 clone3({flags=CLONE_VM|CLONE_THREAD}) = 2\n\
                 2 execve(\"b\", [\"b\"]) = 0\n2 vfork() = 3\n1 openat(AT_FDCWD, \"/etc/x\", O_RDONLY) = 5";
    assert_eq!(violations(trace).len(), 3);
}
