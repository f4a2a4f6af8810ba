//! Shell completions and man pages, generated from the definition of the command line.

use std::io::Write;

use anyhow::anyhow;
use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use super::version::VERSION;
use super::{CommandLine, Outcome};
use crate::directory::text::nearest;

/// Arguments of `dialtree completions`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree completions bash > ~/.local/share/bash-completion/completions/dialtree
  dialtree completions zsh > ~/.zfunc/_dialtree
  dialtree completions fish > ~/.config/fish/completions/dialtree.fish")]
pub struct CompletionsArgs {
    /// Shell
    #[arg(value_enum)]
    shell: Shell,
}

impl CompletionsArgs {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut CommandLine::command(), "dialtree", &mut script);
        out.write_all(&script)?;
        Ok(Outcome::Fine)
    }
}

/// Arguments of `dialtree man`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree man > ~/.local/share/man/man1/dialtree.1
  dialtree man find > ~/.local/share/man/man1/dialtree-find.1")]
pub struct ManArgs {
    /// Command whose page to print [default: the page of the program]
    command: Option<String>,
}

impl ManArgs {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let mut program = CommandLine::command();
        program.build();
        let names = || program.get_subcommands().map(Command::get_name);
        let command = match &self.command {
            None => program.clone(),
            Some(name) => program.find_subcommand(name).cloned().ok_or_else(|| match nearest(name, names()) {
                Some(near) => anyhow!("there is no command {name:?}; did you mean {near}?"),
                None => anyhow!("there is no command {name:?}; use one of {}", names().collect::<Vec<_>>().join(", ")),
            })?,
        };
        let examples = command.get_before_help().map(ToString::to_string).unwrap_or_default();
        let mut page = Vec::new();
        let man = Man::new(command.disable_help_subcommand(true).version(VERSION));
        man.source(format!("dialtree {VERSION}")).render(&mut page)?;
        writeln!(page, ".SH EXAMPLES\n.nf\n{}\n.fi", examples.replace("Examples:\n", "").replace('-', "\\-"))?;
        out.write_all(&page)?;
        Ok(Outcome::Fine)
    }
}
