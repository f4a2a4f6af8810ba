//! The commands as people type them: what each prints, told as a session in a shell, and every example of the README
//! and of each `--help`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dialtree");

#[test]
fn sessions_are_as_told() {
    trycmd::TestCases::new()
        .env("XDG_DATA_HOME", "nowhere")
        .env("DIALTREE_DATA", "")
        .env("TZ", "America/Los_Angeles")
        .case("tests/commands/*.md")
        .case("README.md");
}

/// A folder to play in, gone afterwards, with the files that examples read.
struct Playground(PathBuf);

impl Playground {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("dialtree-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("needs.txt"), "commission\nlost id card\n").unwrap();
        fs::copy(PROGRAM, folder.join("dialtree")).unwrap();
        for file in ["mine.ron", "yours.ron"] {
            fs::copy("data/healthnet.ron", folder.join(file)).unwrap();
        }
        Self(folder)
    }

    fn environment(&self) -> [(&str, String); 5] {
        let folder = self.0.to_string_lossy().into_owned();
        let path = format!("{folder}:{}", std::env::var("PATH").unwrap());
        [
            ("HOME", folder.clone()),
            ("PATH", path),
            ("XDG_DATA_HOME", folder + "/data"),
            ("DIALTREE_DATA", String::new()),
            ("TERM", "xterm-256color".to_owned()),
        ]
    }

    /// Runs a line in a shell: the navigator in a terminal, where it is quit again, all else without one.
    fn run(&self, example: &str) {
        if let Some((_, file)) = example.split_once("> ") {
            let file = self.0.join(file.trim_start_matches("~/"));
            fs::create_dir_all(file.parent().unwrap()).unwrap();
        }
        if example.starts_with("dialtree serve") {
            // What it does stands in the tests of the server; here, that it is understood.
            return self.run(&format!(": && {example} --help"));
        }
        let opens_navigator = !example.split(' ').skip(1).any(|word| !word.starts_with("--") && !word.contains('.'));
        if opens_navigator && !example.contains("--version") {
            return self.run_in_terminal(example);
        }
        let run = Command::new("bash").args(["-c", example]).current_dir(&self.0).envs(self.environment()).output();
        let run = run.unwrap();
        let wrong = String::from_utf8_lossy(&run.stderr);
        assert_eq!((run.status.code(), &*wrong), (Some(0), ""), "{example}");
    }

    fn run_in_terminal(&self, example: &str) {
        let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new("bash");
        command.args(["-c", example]);
        command.cwd(&self.0);
        self.environment().into_iter().for_each(|(name, value)| command.env(name, value));
        let mut child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let (mut shown, mut reader) = (Vec::new(), pty.master.try_clone_reader().unwrap());
        let mut writer = pty.master.take_writer().unwrap();
        let mut some = [0; 4096];
        while !String::from_utf8_lossy(&shown).contains("Audience") {
            let read = reader.read(&mut some).unwrap();
            assert!(read > 0, "{example}: {}", String::from_utf8_lossy(&shown));
            shown.extend_from_slice(&some[..read]);
        }
        writer.write_all(b"q").unwrap();
        while reader.read(&mut some).is_ok_and(|read| read > 0) {}
        assert!(child.wait().unwrap().success(), "{example}");
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn help(command: &[&str]) -> String {
    let help = Command::new(PROGRAM).args(command).arg("--help").output().unwrap();
    assert!(help.status.success() && help.stderr.is_empty());
    String::from_utf8(help.stdout).unwrap()
}

#[test]
fn every_help_begins_with_examples_that_work() {
    let playground = Playground::new("help");
    let all = help(&[]);
    let commands = all.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() >= 8, "{commands:?}");
    let helps = commands.iter().filter(|name| **name != "help").map(|name| help(&[name]));
    for help in helps.chain([all.clone()]) {
        assert!(help.starts_with("Examples:\n  dialtree"), "{help}");
        let examples = help.lines().skip(1).take_while(|line| line.starts_with("  dialtree"));
        examples.for_each(|example| playground.run(example.trim()));
    }
}

#[test]
fn every_example_of_the_readme_works() {
    let playground = Playground::new("readme");
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let mut examples = 0;
    for block in readme.split("```sh\n").skip(1) {
        let lines = block.lines().take_while(|line| !line.starts_with("```"));
        let lines = lines.map(|line| line.split("  #").next().unwrap_or_default().trim());
        for example in lines.filter(|line| line.starts_with("dialtree")) {
            playground.run(example);
            examples += 1;
        }
    }
    assert!(examples >= 5, "the README has examples");
}
