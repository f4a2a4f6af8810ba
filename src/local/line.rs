//! The frontend for terminals that draw nothing: reads lines, writes lines.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::process::ExitCode;

use jiff::Timestamp;

use super::clipboard::LocalClipboards;
use super::{Options, now};
use crate::app::event::Event;
use crate::app::{Clipboard, Effect, Environment};
use crate::session::line::{LineSession, MAX_LINE_LEN, Reply};
use crate::source::Sources;

/// The width of the text where the terminal does not report its own, in columns.
const WIDTH: u16 = 80;

/// Runs the navigator in lines on standard input and output until the user quits or the input ends.
///
/// # Errors
/// Returns an error if the directory cannot be loaded or the output cannot be written.
pub fn run(
    sources: &Sources,
    mut environment: Environment,
    at: Option<Timestamp>,
    Options { clipboard_command, notices, .. }: Options,
) -> anyhow::Result<ExitCode> {
    if clipboard_command.is_some() {
        environment.clipboard = Clipboard::Command;
    } else if environment.clipboard.is_terminal() {
        // The sequence that copies through a terminal would be read out or printed.
        environment.clipboard = Clipboard::None;
    }
    environment.may_edit = false;
    // Without a terminal, crossterm would start a program to find out the size.
    let size = if io::stdout().is_terminal() { crossterm::terminal::size().ok() } else { None };
    let width = size.map(|(width, _)| width).filter(|width| *width > 0).unwrap_or(WIDTH);
    let loaded = sources.load()?;
    let session = LineSession::new(loaded.catalog, environment, width, now(at));
    let clipboards = LocalClipboards { command: clipboard_command };
    let mut out = io::stdout();
    let problems = loaded.problems.0.iter().map(|problem| problem.error.to_string());
    notices.into_iter().chain(problems).chain(loaded.notices).try_for_each(|notice| writeln!(out, "{notice}"))?;
    LineLoop { session, clipboards, at }.run(&mut io::stdin().lock(), &mut out)
}

struct LineLoop {
    session: LineSession,
    clipboards: LocalClipboards,
    at: Option<Timestamp>,
}

impl LineLoop {
    fn run(mut self, input: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        out.write_all(self.session.greeting().as_bytes())?;
        loop {
            out.write_all(self.session.prompt().as_bytes())?;
            out.flush()?;
            let mut line = Vec::new();
            // The rest of a longer line is the next answer.
            if input.take(MAX_LINE_LEN as u64).read_until(b'\n', &mut line)? == 0 {
                out.write_all(b"\n")?;
                return Ok(ExitCode::SUCCESS);
            }
            let reply = self.session.answer(&String::from_utf8_lossy(&line), now(self.at));
            if self.perform(reply, out)? {
                return Ok(ExitCode::SUCCESS);
            }
        }
    }

    /// Performs the effects, then writes the text, which says what is known after them. Returns true if the user quits.
    fn perform(&mut self, reply: Reply, out: &mut dyn Write) -> anyhow::Result<bool> {
        let mut text = reply.text;
        for effect in reply.effects {
            let event = match effect {
                Effect::Quit => return Ok(true),
                // Nothing is kept in lines.
                Effect::Suspend | Effect::Save(_) | Effect::Edit { .. } => continue,
                Effect::OpenLink(link) => open::that_detached(&link).is_err().then_some(Event::OpenFailed(link)),
                Effect::Copy(item) => match self.session.app().environment.clipboard {
                    Clipboard::None => {
                        text += &format!("{}\n", item.text);
                        None
                    }
                    to => {
                        let failed = self.clipboards.copy(to, &item.text).err();
                        failed.map(|instead| {
                            let instead = if instead.is_terminal() { Clipboard::None } else { instead };
                            Event::CopyFailed { item, instead }
                        })
                    }
                },
            };
            if let Some(event) = event {
                let reply = self.session.feed(event, now(self.at));
                return self.perform(reply, out);
            }
        }
        out.write_all(text.as_bytes())?;
        Ok(false)
    }
}
