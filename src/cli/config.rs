//! `dialtree config`: the configuration file.

use std::io::Write;

use anyhow::anyhow;
use clap::{Args, Subcommand};

use super::{GlobalOptions, Outcome};
use crate::config::{ConfigFile, DEFAULT};

/// Arguments of `dialtree config`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree config default > config.ron
  dialtree config check --config config.ron
  dialtree config path")]
pub struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
enum ConfigCommand {
    /// List every problem in the configuration file
    Check,
    /// Print the path of the configuration file
    Path,
    /// Print a configuration file with every option, its default and what it does
    Default,
}

impl ConfigArgs {
    pub(super) fn run(&self, options: &GlobalOptions, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        if self.command == ConfigCommand::Default {
            out.write_all(DEFAULT.as_bytes())?;
            return Ok(Outcome::Fine);
        }
        let no_home = || anyhow!("there is no home directory; name a file with --config");
        let file = ConfigFile::choose(options.config.clone()).ok_or_else(no_home)?;
        let name = file.name();
        if self.command == ConfigCommand::Path {
            writeln!(out, "{name}")?;
            return Ok(Outcome::Fine);
        }
        match file.load().1 {
            Some(problems) => {
                writeln!(out, "{problems}")?;
                return Ok(Outcome::Failed);
            }
            None if file.is_expected() => writeln!(out, "{name}: no problems")?,
            None => writeln!(out, "{name}: there is no such file; the defaults apply")?,
        }
        Ok(Outcome::Fine)
    }
}
