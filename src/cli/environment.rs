//! The environment of the app: what the options, the environment variables and the configuration say.

use anyhow::anyhow;
use clap::ValueEnum;
use jiff::tz::TimeZone;

use super::{ClockOption, Color, GlobalOptions};
use crate::app::{Clipboard, Environment, Profile};
use crate::config::{Config, ConfigError, ConfigFile};
use crate::present::display::{Clock, Display, Glyphs};
use crate::present::theme::Theme;
use crate::source::Sources;

/// The environment variable that chooses the clock.
const CLOCK_VARIABLE: &str = "DIALTREE_CLOCK";

/// A choice, and what made it.
pub(super) struct Chosen<T> {
    pub(super) value: T,
    pub(super) by: &'static str,
}

fn chosen<T>(value: T, by: &'static str) -> Chosen<T> {
    Chosen { value, by }
}

/// Whether the terminal can draw screens, by its name.
pub fn draws_screens() -> bool {
    std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb")
}

/// Whether a variable of this process is set and not empty.
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Whether the program runs for a user at another machine.
pub(super) fn is_remote() -> bool {
    is_set("SSH_CONNECTION") || is_set("SSH_TTY")
}

/// A variable of this process, unless it is empty or not text.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl GlobalOptions {
    /// The sources of the directories, in the order and with the names of the configuration.
    pub fn sources(&self, config: &Config) -> Sources {
        Sources::choose(&self.data, self.with_built_in, config.directories.clone())
    }

    /// Whether they say which data files are read.
    pub fn chooses_data(&self) -> bool {
        !self.data.is_empty() || self.with_built_in
    }

    /// The user's configuration, and what is wrong with its file.
    pub fn config(&self) -> (Config, Option<ConfigError>) {
        ConfigFile::choose(self.config.clone()).map(|file| file.load()).unwrap_or_default()
    }

    /// The environment of the local terminal, from the options, the environment variables and the configuration.
    ///
    /// # Errors
    /// When the variable for the clock has another value than the option can have, or there is no such theme.
    pub fn environment(&self, sources: &Sources, config: Config) -> anyhow::Result<Environment> {
        let is_remote = is_remote();
        let has_desktop = cfg!(target_os = "macos") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
        Ok(Environment {
            display: Display {
                glyphs: Glyphs::of_environment(variable).unwrap_or_else(|| self.glyphs()),
                theme: in_colors_of_terminal(self.theme(&config)?.value),
                clock: self.local_clock(config.clock)?.value,
                colors: self.local_colors().value,
                // The zone of this machine says nothing about that of a remote reader.
                reader_zone: if is_remote { None } else { TimeZone::try_system().ok() },
            },
            opens_links: has_desktop && !is_remote,
            clipboard: match has_desktop && !is_remote {
                true => Clipboard::Desktop,
                false if is_set("TMUX") => Clipboard::Tmux,
                false => Clipboard::of_terminal(&variable("TERM").unwrap_or_default()),
            },
            may_suspend: true,
            may_edit: true,
            moment_is_set: self.at.is_some(),
            source: sources.short_name(),
            keymap: config.keymap,
            profile: Profile { start: config.start, common_needs: config.common_needs, ..Profile::default() },
        })
    }

    /// The clock that the option names, else the variable, else the configuration, else the locale.
    pub(super) fn local_clock(&self, configured: Option<Clock>) -> anyhow::Result<Chosen<Clock>> {
        if let Some(clock) = self.clock {
            return Ok(chosen(clock.into(), "--clock"));
        }
        if let Some(value) = variable(CLOCK_VARIABLE) {
            let option = ClockOption::from_str(&value, false);
            let option = option.map_err(|_| anyhow!("{CLOCK_VARIABLE} is {value:?}; write 12h or 24h"))?;
            return Ok(chosen(option.into(), CLOCK_VARIABLE));
        }
        Ok(match (configured, Clock::of_environment(variable)) {
            (Some(clock), _) => chosen(clock, "the configuration"),
            (None, Some(clock)) => chosen(clock, "the locale"),
            (None, None) => chosen(Clock::default(), "no locale is set"),
        })
    }

    /// Whether colours are used: what the option says, else the environment.
    pub(super) fn local_colors(&self) -> Chosen<bool> {
        match self.color {
            Color::Always => chosen(true, "--color"),
            Color::Never => chosen(false, "--color"),
            Color::Auto if is_set("NO_COLOR") => chosen(false, "NO_COLOR"),
            Color::Auto => chosen(variable("TERM").is_none_or(|term| term != "dumb"), "TERM"),
        }
    }

    /// The clock that the option names, else the locale in the client's environment.
    pub fn client_clock(&self, variable: impl Fn(&str) -> Option<String>) -> Clock {
        self.clock.map(Clock::from).or_else(|| Clock::of_environment(variable)).unwrap_or_default()
    }

    fn glyphs(&self) -> Glyphs {
        if self.ascii { Glyphs::ASCII } else { Glyphs::UNICODE }
    }

    /// The theme that the option names, else the configuration.
    pub(super) fn theme(&self, config: &Config) -> anyhow::Result<Chosen<Theme>> {
        match (&self.theme, config.theme) {
            (Some(name), _) => Ok(chosen(config.theme_named(name).map_err(anyhow::Error::msg)?, "--theme")),
            (None, Some(theme)) => Ok(chosen(theme, "the configuration")),
            (None, None) => Ok(chosen(Theme::default(), "the default")),
        }
    }

    /// The environment of a remote terminal, from the options only: nothing is taken from this machine's environment.
    ///
    /// # Errors
    /// When there is no such theme.
    pub fn remote_environment(&self, sources: &Sources) -> anyhow::Result<Environment> {
        Ok(Environment {
            display: Display {
                glyphs: self.glyphs(),
                colors: self.color != Color::Never,
                theme: self.theme(&Config::default())?.value,
                reader_zone: None,
                clock: self.clock.map(Clock::from).unwrap_or_default(),
            },
            moment_is_set: self.at.is_some(),
            source: sources.short_name(),
            ..Environment::default()
        })
    }
}

/// A theme in 24-bit colours where the terminal says that it has them (`COLORTERM`), else in 256.
fn in_colors_of_terminal(theme: Theme) -> Theme {
    if has_24_bit_colors() { theme } else { theme.in_256_colors() }
}

/// Whether the terminal says that it has 24-bit colours.
pub(super) fn has_24_bit_colors() -> bool {
    matches!(variable("COLORTERM").as_deref(), Some("truecolor" | "24bit"))
}
