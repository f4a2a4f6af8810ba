//! The user's editor, opened at the line of an entry.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::{NamedBy, Source, SourceError};
use crate::directory::position::Positions;
use crate::directory::{Directory, Entry};

/// The variables that name the editor; the first that is set counts.
const VARIABLES: [&str; 2] = ["VISUAL", "EDITOR"];

/// An editor with its arguments.
#[derive(Debug)]
pub struct Editor(Vec<OsString>);

impl Editor {
    /// The user's editor, which opens a source at an entry; `find` returns the entry in the directory of the source.
    /// `name` is what the user calls the entry, for messages.
    ///
    /// # Errors
    /// When the source cannot be edited, with how to make a copy; when it has no such entry; when no editor is named.
    pub fn at(
        source: &Source,
        name: &str,
        find: impl FnOnce(Directory) -> anyhow::Result<Option<Entry>>,
    ) -> anyhow::Result<Self> {
        let Source::File(path, named_by) = source else {
            bail!("the built-in directory cannot be edited; {}", copy_advice("", name));
        };
        if is_read_only(path) {
            let data = if *named_by == NamedBy::Option { format!(" --data {}", source.name()) } else { String::new() };
            bail!("{} cannot be written; {}", source.name(), copy_advice(&data, name));
        }
        let line = line(source, find)?;
        let variables = VARIABLES.into_iter().filter_map(|variable| std::env::var(variable).ok());
        let Some(editor) = variables.into_iter().find(|editor| !editor.is_empty()) else {
            bail!("neither VISUAL nor EDITOR names an editor; the entry is at {}:{line}", source.name());
        };
        let words = command(&editor, path, line).with_context(|| format!("{editor:?} is not a command"))?;
        if words.is_empty() {
            bail!("{editor:?} is not a command");
        }
        Ok(Self(words))
    }

    /// Runs the editor in this terminal until it ends. It cannot be suspended: nobody would continue it.
    ///
    /// # Errors
    /// When it cannot be run, or ends with an error.
    pub fn run(&self) -> anyhow::Result<()> {
        let [program, arguments @ ..] = &self.0[..] else { return Ok(()) };
        let name = program.to_string_lossy();
        let child = Command::new(program).args(arguments).spawn().with_context(|| format!("cannot run {name}"))?;
        let child = Pid::from_raw(i32::try_from(child.id())?);
        loop {
            match waitpid(child, Some(WaitPidFlag::WUNTRACED)) {
                Ok(WaitStatus::Stopped(..)) => kill(child, Signal::SIGCONT)?,
                Ok(WaitStatus::Exited(_, 0)) => return Ok(()),
                Ok(WaitStatus::Exited(_, code)) => bail!("{name} ended with exit status: {code}"),
                Ok(WaitStatus::Signaled(_, signal, _)) => bail!("{name} was ended by {signal}"),
                Ok(_) | Err(nix::errno::Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// The line of the entry; that of the first problem in a file that is not valid.
fn line(source: &Source, find: impl FnOnce(Directory) -> anyhow::Result<Option<Entry>>) -> anyhow::Result<usize> {
    let text = source.read(&mut |_| {})?;
    let directory = match source.check(&text, &mut |_| {}) {
        Ok(directory) => directory,
        Err(SourceError::Problems(problems)) => return Ok(problems.list.first().map_or(1, |problem| problem.line)),
        Err(unreadable) => return Err(unreadable.into()),
    };
    let entry = find(directory)?;
    Ok(entry.and_then(|entry| Positions::of(&text).get(entry)).map_or(1, |(line, _)| line))
}

/// How to make a copy that can be edited. `data` are the options that name the present directory.
fn copy_advice(data: &str, entry: &str) -> String {
    format!(
        "make a copy with `dialtree{data} export --format ron > mine.ron`, then `dialtree --data mine.ron edit {entry}`"
    )
}

/// Whether nobody may write a file, or this user may not.
fn is_read_only(path: &Path) -> bool {
    let is_protected = fs::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly());
    is_protected || path.is_file() && File::options().append(true).open(path).is_err()
}

/// The command line that opens a file in an editor, at a line where the editor is known to take one. The editor may
/// have arguments of its own, as in `code --wait`.
///
/// # Errors
/// When a quote in the editor is not closed.
fn command(editor: &str, path: &Path, line: usize) -> Result<Vec<OsString>, shell_words::ParseError> {
    let mut words: Vec<OsString> = shell_words::split(editor)?.into_iter().map(OsString::from).collect();
    let at_line = || {
        let mut at_line = path.as_os_str().to_owned();
        at_line.push(format!(":{line}"));
        at_line
    };
    let program = words.first().and_then(|program| Path::new(program).file_name()?.to_str()).unwrap_or_default();
    match program {
        "vi" | "vim" | "nvim" | "nano" | "emacs" | "emacsclient" | "micro" => {
            words.extend([format!("+{line}").into(), path.into()]);
        }
        "hx" | "helix" => words.push(at_line()),
        "code" | "codium" => words.extend(["-g".into(), at_line(), "--wait".into()]),
        _ => words.push(path.into()),
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editors_are_opened_at_the_line() {
        for (editor, expected) in [
            ("vim", &["vim", "+14", "my file.ron"][..]),
            ("/usr/bin/nano -w", &["/usr/bin/nano", "-w", "+14", "my file.ron"]),
            ("hx", &["hx", "my file.ron:14"]),
            ("code --new-window", &["code", "--new-window", "-g", "my file.ron:14", "--wait"]),
            ("'/opt/my editor/ed'", &["/opt/my editor/ed", "my file.ron"]),
        ] {
            assert_eq!(command(editor, Path::new("my file.ron"), 14).unwrap(), expected, "{editor}");
        }
        assert!(command("vim '", Path::new("x"), 1).is_err());
    }
}
