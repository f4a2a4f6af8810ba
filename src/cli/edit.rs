//! `dialtree edit`: an editor at the line of an entry.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};
use clap::Args;

use super::environment::variable;
use super::show::named;
use super::{GlobalOptions, Outcome};
use crate::directory::position::Positions;
use crate::search::Catalog;
use crate::source::{NamedBy, Source, SourceError};

/// Arguments of `dialtree edit`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree --data mine.ron edit ifp-line/1/1
  dialtree --data mine.ron edit 1-800-909-3447")]
pub struct EditArgs {
    /// Id, target, number or address of an entry
    #[arg(value_name = "ENTRY")]
    entry: String,
}

impl EditArgs {
    /// Opens the user's editor and checks the file afterwards.
    pub(super) fn run(&self, options: &GlobalOptions, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let source = options.source();
        let Source::File(path, named_by) = &source else {
            bail!("the built-in directory cannot be edited; {}", copy_advice("", &self.entry));
        };
        if is_read_only(path) {
            let data = if *named_by == NamedBy::Option { format!(" --data {}", source.name()) } else { String::new() };
            bail!("{} cannot be written; {}", source.name(), copy_advice(&data, &self.entry));
        }
        let line = self.line(&source)?;
        let Some(editor) = variable("VISUAL").or_else(|| variable("EDITOR")) else {
            bail!("neither VISUAL nor EDITOR names an editor; the entry is at {}:{line}", source.name());
        };
        let words = command(&editor, path, line).with_context(|| format!("{editor:?} is not a command"))?;
        let [program, arguments @ ..] = &words[..] else { bail!("{editor:?} is not a command") };
        let status = Command::new(program).args(arguments).status();
        let status = status.with_context(|| format!("cannot run {}", program.to_string_lossy()))?;
        if !status.success() {
            bail!("{} ended with {status}", program.to_string_lossy());
        }
        match source.load_with_warnings() {
            Ok((_, warnings)) if warnings.list.is_empty() => Ok(Outcome::Fine),
            Ok((_, warnings)) => {
                warnings.to_string().lines().try_for_each(|warning| writeln!(out, "warning: {warning}"))?;
                Ok(Outcome::Fine)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The line of the entry; that of the first problem in a file that is not valid.
    fn line(&self, source: &Source) -> anyhow::Result<usize> {
        let text = source.read(&mut |_| {})?;
        let directory = match source.check(&text, &mut |_| {}) {
            Ok(directory) => directory,
            Err(SourceError::Problems(problems)) => return Ok(problems.list.first().map_or(1, |problem| problem.line)),
            Err(unreadable) => return Err(unreadable.into()),
        };
        let catalog = Catalog::from(directory);
        let entry = named(&catalog, &self.entry)?.first().map(|id| id.entry);
        Ok(entry.and_then(|entry| Positions::of(&text).get(entry)).map_or(1, |(line, _)| line))
    }
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

/// The command line that opens a file in an editor, at a line where the editor is known to take one. The editor may have
/// arguments of its own, as in `code --wait`.
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
