//! Runs the commands of documentation and help texts as a user would: in a shell, in an empty home directory.

use std::fs;
use std::io::{Read, Write as _};
use std::path::PathBuf;
use std::process::Command;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_dialtree");

/// A temporary directory that holds the program and the files that examples read. Removed when dropped.
pub(crate) struct Playground(PathBuf);

impl Playground {
    /// `name` must differ between tests, as they run at the same time.
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("dialtree-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("queries.txt"), "commission\nlost id card\n").unwrap();
        let team = "Team,Phone,Phone 2,Email\nBilling,312-555-0142,312-555-0143,billing@acme.example\n";
        fs::write(folder.join("team.csv"), team).unwrap();
        let card = "BEGIN:VCARD\nVERSION:4.0\nFN:Billing\nTEL:312-555-0142\nEND:VCARD\n";
        fs::write(folder.join("team.vcf"), card).unwrap();
        fs::copy(PROGRAM, folder.join("dialtree")).unwrap();
        for file in ["mine.ron", "yours.ron"] {
            fs::copy("data/healthnet.ron", folder.join(file)).unwrap();
        }
        Self(folder)
    }

    fn environment(&self) -> [(&str, String); 10] {
        let folder = self.0.to_string_lossy().into_owned();
        let path = format!("{folder}:{}", std::env::var("PATH").unwrap());
        [
            ("HOME", folder.clone()),
            ("PATH", path),
            ("XDG_DATA_HOME", folder.clone() + "/data"),
            ("XDG_CONFIG_HOME", folder.clone() + "/config"),
            ("XDG_STATE_HOME", folder + "/state"),
            ("DIALTREE_CONFIG", String::new()),
            ("DIALTREE_DATA", String::new()),
            ("TERM", "xterm-256color".to_owned()),
            ("VISUAL", String::new()),
            ("EDITOR", "true".to_owned()),
        ]
    }

    /// Runs a command line, which must succeed and write nothing to standard error, but for the summary of an import. The navigator runs in a terminal and
    /// is quit again. Of `dialtree serve`, only the options are checked; `tests/ssh` tests the server.
    pub(crate) fn run(&self, example: &str) {
        if let Some((_, file)) = example.split_once("> ") {
            let file = self.0.join(file.trim_start_matches("~/"));
            fs::create_dir_all(file.parent().unwrap()).unwrap();
        }
        if example.starts_with("dialtree serve") {
            // Options are parsed before `--help` is handled.
            if cfg!(feature = "ssh") {
                self.run(&format!(": && {example} --help"));
            }
            return;
        }
        let opens_navigator = !example.split(' ').skip(1).any(|word| !word.starts_with("--") && !word.contains('.'));
        if opens_navigator && !example.contains("--version") {
            return self.run_in_terminal(example);
        }
        let run = Command::new("bash").args(["-c", example]).current_dir(&self.0).envs(self.environment()).output();
        let run = run.unwrap();
        let error = String::from_utf8_lossy(&run.stderr);
        let has_summary = example.contains("dialtree import") && run.status.success();
        assert_eq!((run.status.code(), if has_summary { "" } else { &*error }), (Some(0), ""), "{example}");
    }

    fn run_in_terminal(&self, example: &str) {
        let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new("bash");
        command.args(["-c", example]);
        command.cwd(&self.0);
        self.environment().into_iter().for_each(|(name, value)| command.env(name, value));
        let mut child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let (mut output, mut reader) = (Vec::new(), pty.master.try_clone_reader().unwrap());
        let mut writer = pty.master.take_writer().unwrap();
        let mut chunk = [0; 4096];
        while !String::from_utf8_lossy(&output).contains("What does the caller need?") {
            let count = reader.read(&mut chunk).unwrap();
            assert!(count > 0, "{example}: {}", String::from_utf8_lossy(&output));
            output.extend_from_slice(&chunk[..count]);
        }
        writer.write_all(b"\x11").unwrap();
        while reader.read(&mut chunk).is_ok_and(|count| count > 0) {}
        assert!(child.wait().unwrap().success(), "{example}");
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
