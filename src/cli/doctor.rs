//! `dialtree doctor`: what the program finds in its environment, where each choice comes from, and what would not work.
//! The choices are those of the start; nothing is changed or copied to find them out.

use std::io::{self, IsTerminal, Write};

use clap::Args;
use jiff::tz::TimeZone;

use super::environment::{draws_screens, has_24_bit_colors, is_remote, variable};
use super::version::{TARGET, VERSION, described};
use super::{GlobalOptions, Outcome};
use crate::app::layout::MIN_SCREEN;
use crate::app::{Clipboard, Environment};
use crate::config::store::Store;
use crate::config::{Config, ConfigError, ConfigFile};
use crate::directory::text::sanitized;
use crate::present::display::{CHARACTER_VARIABLES, Clock, Glyphs};
use crate::present::theme::Theme;
use crate::source::{Loaded, Sources};

/// The width of the report, in columns.
const WIDTH: usize = 100;

/// The column of the findings.
const INDENT: &str = "                    ";

/// Arguments of `dialtree doctor`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree doctor
  dialtree --theme dark doctor")]
pub struct DoctorArgs {}

/// Finds out where a copy ends, without copying: from the clipboard that the environment has and the user's command,
/// the clipboard, and why it is not the one asked for.
type ExamineClipboard<'a> = &'a dyn Fn(Clipboard, Option<&str>) -> (Clipboard, Option<String>);

/// How much of a part works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// All of it.
    Works,
    /// Less than elsewhere, as is to be expected here.
    Limited,
    /// What the user has set does not work.
    Fails,
}

use State::{Fails, Limited, Works};

/// What was found out about a part.
type Finding = (State, String);

impl DoctorArgs {
    /// Writes what was found, one part per line. The outcome is negative if something would not work.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(
        &self,
        options: &GlobalOptions,
        examine_clipboard: ExamineClipboard<'_>,
        out: &mut dyn Write,
    ) -> anyhow::Result<Outcome> {
        let parts = examine(options, examine_clipboard);
        writeln!(out, "dialtree {VERSION} for {TARGET}\n")?;
        for (name, (state, text)) in &parts {
            let mark = match state {
                Works => "ok",
                Limited => "note",
                Fails => "error",
            };
            let text: Vec<_> = text.lines().map(sanitized).collect();
            let line = format!("  {mark:<5}  {name:<10} {}", text.join("\n"));
            let wrapping = textwrap::Options::new(WIDTH).subsequent_indent(INDENT).break_words(false);
            writeln!(out, "{}", textwrap::fill(&line, wrapping.word_separator(textwrap::WordSeparator::AsciiSpace)))?;
        }
        let failed: Vec<&str> = parts.iter().filter(|(_, (state, _))| *state == Fails).map(|(name, _)| *name).collect();
        match failed.is_empty() {
            true => writeln!(out, "\nEverything works. Lines marked `note` describe limits of this environment.")?,
            false => writeln!(out, "\nThis does not work: {}.", failed.join(", "))?,
        }
        out.flush()?;
        Ok(if failed.is_empty() { Outcome::Fine } else { Outcome::Negative })
    }
}

fn examine(options: &GlobalOptions, examine_clipboard: ExamineClipboard<'_>) -> Vec<(&'static str, Finding)> {
    let (config, problem) = options.config();
    let sources = options.sources(&config);
    let mut parts = vec![
        ("Terminal", terminal()),
        ("Colours", colors(options, &config)),
        ("Symbols", symbols(options)),
        ("Clock", clock(options, &config)),
        ("Time zone", time_zone()),
    ];
    // If this fails, the line of the clock or the colours says why.
    if let Ok(environment) = options.environment(&sources, config.clone()) {
        parts.push(("Clipboard", clipboard(&environment, &config, examine_clipboard)));
        parts.push(("Links", links(&environment)));
    }
    parts.push(("Config", config_file(options, problem)));
    parts.push(("Saved", saved(&config)));
    parts.push(("Data", data(&sources)));
    parts.push((
        "Server",
        match cfg!(feature = "ssh") {
            true => (Works, "built in".to_owned()),
            false => (Limited, "not built in: the program is without the feature ssh".to_owned()),
        },
    ));
    parts
}

fn terminal() -> Finding {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return (Limited, "none here: the commands work, and the navigator in lines, with --line".to_owned());
    }
    let name = variable("TERM").unwrap_or_else(|| "TERM is not set".to_owned());
    if !draws_screens() {
        return (Limited, format!("{name}: draws no screens; the navigator asks and answers in lines"));
    }
    match crossterm::terminal::size() {
        Ok((width, height)) if width < MIN_SCREEN.width || height < MIN_SCREEN.height => {
            let size = format!("{} by {}", MIN_SCREEN.width, MIN_SCREEN.height);
            (Fails, format!("{name}, {width} by {height} cells: the navigator needs {size}"))
        }
        Ok((width, height)) => (Works, format!("{name}, {width} by {height} cells")),
        Err(error) => (Fails, format!("{name}: its size cannot be read: {error}")),
    }
}

fn colors(options: &GlobalOptions, config: &Config) -> Finding {
    let theme = match options.theme(config) {
        Ok(theme) => theme,
        Err(error) => return (Fails, format!("--theme: {error}")),
    };
    let colors = options.local_colors();
    let depth = match colors.value {
        false => return (Limited, format!("none ({}): bold, dim and reverse video instead", colors.by)),
        true if theme.value == Theme::default() => "the terminal's 16",
        true if has_24_bit_colors() => "24 bits (COLORTERM)",
        true => "256 (COLORTERM is neither truecolor nor 24bit)",
    };
    (Works, format!("{depth}; theme: {}", theme.by))
}

fn symbols(options: &GlobalOptions) -> Finding {
    let locale = CHARACTER_VARIABLES.into_iter().find_map(|name| Some(format!("{name}={}", variable(name)?)));
    let locale = locale.unwrap_or_else(|| "no locale is set".to_owned());
    match (Glyphs::of_environment(variable), options.ascii) {
        (Some(_), _) => (Limited, format!("ASCII: the locale is not UTF-8 ({locale})")),
        (None, true) => (Limited, "ASCII (--ascii)".to_owned()),
        (None, false) => (Works, format!("Unicode ({locale})")),
    }
}

fn clock(options: &GlobalOptions, config: &Config) -> Finding {
    match options.local_clock(config.clock) {
        Ok(clock) => {
            let hours = if clock.value == Clock::TwelveHour { "12" } else { "24" };
            (Works, format!("{hours} hours ({})", clock.by))
        }
        Err(error) => (Fails, error.to_string()),
    }
}

fn time_zone() -> Finding {
    if is_remote() {
        return (Limited, "not used over SSH: that of this machine may not be yours".to_owned());
    }
    let variable = variable("TZ");
    match (TimeZone::try_system(), &variable) {
        (Ok(zone), _) => {
            let by = if variable.is_some() { "TZ" } else { "of the system" };
            (Works, format!("{} ({by})", zone.iana_name().unwrap_or("a rule without a name")))
        }
        (Err(error), Some(name)) => (Fails, format!("TZ is {name:?}: {error}")),
        (Err(_), None) => (Limited, "not set: hours are shown in the zone of each line only".to_owned()),
    }
}

fn clipboard(environment: &Environment, config: &Config, examine: ExamineClipboard<'_>) -> Finding {
    let (clipboard, problem) = examine(environment.clipboard, config.clipboard.as_deref());
    let (state, text) = match clipboard {
        Clipboard::None => (Limited, "none: texts are shown to copy"),
        Clipboard::Command => (Works, "a command (the configuration)"),
        Clipboard::Desktop => (Works, "the desktop's"),
        Clipboard::Tmux => (Works, "of tmux and its terminal"),
        Clipboard::TmuxBuffer => (Limited, "the buffer of tmux only"),
        Clipboard::Terminal | Clipboard::TmuxTerminal => {
            (Limited, "through the terminal (OSC 52), which does not confirm a copy")
        }
    };
    let advice = clipboard.advice().map_or_else(String::new, |advice| format!("; {advice}"));
    match problem {
        Some(problem) => (Fails, format!("{problem}; instead: {text}{advice}")),
        None => (state, format!("{text}{advice}")),
    }
}

fn links(environment: &Environment) -> Finding {
    match environment.opens_links {
        true => (Works, "open on this desktop".to_owned()),
        false => (Limited, "shown, not opened: there is no desktop here".to_owned()),
    }
}

fn config_file(options: &GlobalOptions, problem: Option<ConfigError>) -> Finding {
    match (ConfigFile::choose(options.config.clone()), problem) {
        (None, _) => (Limited, "there is no home directory; the defaults apply".to_owned()),
        (Some(_), Some(problem)) => (Fails, problem.to_string()),
        (Some(file), None) if file.is_expected() => (Works, file.name()),
        (Some(file), None) => (Works, format!("{}: no file, the defaults apply", file.name())),
    }
}

fn data(sources: &Sources) -> Finding {
    let Loaded { catalog, sources, problems, notices } = match sources.load() {
        Ok(loaded) => loaded,
        Err(error) => return (Fails, error.of_each_file(&sources.description()).join("\n")),
    };
    let directories = catalog.directories().iter().zip(sources);
    let good = directories.map(|(own, source)| format!("{}: {}", source.description(), described(own)));
    let state = if problems.0.is_empty() { Works } else { Fails };
    let bad = problems.of_each_file();
    (state, good.chain(bad).chain(notices).collect::<Vec<_>>().join("\n"))
}

fn saved(config: &Config) -> Finding {
    match Store::in_state_folder() {
        _ if !config.save => {
            (Limited, "nothing is kept: `save` is false in the configuration, or it has problems".to_owned())
        }
        None => (Limited, "nothing is kept: there is no home directory".to_owned()),
        Some(store) => match store.examine() {
            Ok(()) => (Works, format!("pins, recent answers and notes in {}", store.name())),
            Err(error) => (Fails, format!("{}: {error}", store.name())),
        },
    }
}
