//! The options of the configuration file. Each is checked on its own, so that all problems are reported at once and the
//! options without a problem apply.

use std::path::{Path, PathBuf};

use super::themes::{own_themes, with_built_in};
use super::values::{choice, entries, list, named, texts};
use crate::app::StartView;
use crate::app::keymap::{self, Change, Keymap, Preset};
use crate::directory::problem::{Collector, Problems};
use crate::directory::record::{Record, Text, record, syntax_problem};
use crate::present::display::Clock;
use crate::present::theme::Theme;

/// A configuration file with every option, its default and what it does.
pub const DEFAULT: &str = include_str!("../../data/config.ron");

/// The configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The keys.
    pub keymap: Keymap,
    /// The theme; `None` for the default.
    pub theme: Option<Theme>,
    /// The user's own themes by name.
    pub themes: Vec<(String, Theme)>,
    /// How times of day are written; `None` for the clock of the locale.
    pub clock: Option<Clock>,
    /// What is focused at the start.
    pub start: StartView,
    /// A command for `sh` that takes what is copied on its standard input; `None` for the usual clipboard.
    pub clipboard: Option<String>,
    /// What callers often need, in their words: queries.
    pub common_needs: Vec<String>,
    /// The order and the names of the directories, where there are several.
    pub directories: Vec<DirectoryName>,
    /// Whether pins, recent answers and notes are kept.
    pub save: bool,
}

/// The name of the built-in directory in [`Config::directories`].
const BUILT_IN: &str = "built-in";

/// The name that the user gives a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryName {
    /// The path of its data file, or the end of it, such as `acme.ron`.
    file: PathBuf,
    /// The name.
    pub name: String,
}

impl DirectoryName {
    /// Whether it is that of the data file with a path; without one, of the built-in directory.
    pub fn is_of(&self, path: Option<&Path>) -> bool {
        path.map_or_else(|| self.file == Path::new(BUILT_IN), |path| path.ends_with(&self.file))
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            keymap: Keymap::default(),
            theme: None,
            themes: Vec::new(),
            clock: None,
            start: StartView::default(),
            clipboard: None,
            common_needs: Vec::new(),
            directories: Vec::new(),
            save: true,
        }
    }
}

record! {
    RawConfig {
        keymap: Text<'a>, keys: Text<'a>, theme: Text<'a>, themes: Text<'a>, clock: Text<'a>, start: Text<'a>,
        clipboard: Text<'a>, common_needs: Text<'a>, directories: Text<'a>, save: Text<'a>,
    }
}

impl Config {
    /// Parses the text of a file, whose name is for the problems. What is wrong has its default.
    pub fn parse(file: &str, source: &str) -> (Self, Problems) {
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        let mut problems = Collector::new(source);
        let raw: RawConfig<'_> = match ron::from_str(source) {
            Ok(raw) => raw,
            Err(_) if source.trim().is_empty() => RawConfig::default(),
            Err(error) => {
                let list = vec![syntax_problem(&error)];
                return (Self::unreadable(), Problems { file: file.to_owned(), list });
            }
        };
        let config = Self::check(&raw, &mut problems);
        (config, problems.into_problems(file))
    }

    /// The configuration where the file cannot be read: it might say that nothing is saved.
    pub(super) fn unreadable() -> Self {
        Self { save: false, ..Self::default() }
    }

    /// The theme with a name: one of the user's own or of the program's.
    ///
    /// # Errors
    /// When there is none; the message says what was meant.
    pub fn theme_named(&self, name: &str) -> Result<Theme, String> {
        named(name, "theme", &with_built_in(&self.themes))
    }

    /// The names of the options.
    pub fn option_names() -> Vec<&'static str> {
        RawConfig::known()
    }

    fn check<'a>(raw: &RawConfig<'a>, problems: &mut Collector<'a>) -> Self {
        problems.fields(raw);
        let clocks = [("12h", Clock::TwelveHour), ("24h", Clock::TwentyFourHour)];
        let starts = [("audiences", StartView::Audiences), ("tree", StartView::Tree), ("find", StartView::Find)];
        let themes = raw.themes.map(|text| own_themes(text, problems)).unwrap_or_default();
        Self {
            keymap: keymap_of(raw, problems),
            theme: choice(raw.theme, "theme", &with_built_in(&themes), problems),
            themes,
            clock: choice(raw.clock, "clock", &clocks, problems),
            start: choice(raw.start, "start view", &starts, problems).unwrap_or_default(),
            clipboard: raw.clipboard.and_then(|text| problems.text(text)).map(String::from),
            common_needs: raw.common_needs.map(|text| texts(text, problems)).unwrap_or_default(),
            directories: raw.directories.map(|text| directories_of(text, problems)).unwrap_or_default(),
            // A value that cannot be read was hardly meant to be the default.
            save: raw.save.is_none_or(|save| problems.flag(Some(save)).unwrap_or(false)),
        }
    }
}

fn directories_of<'a>(text: Text<'a>, problems: &mut Collector<'a>) -> Vec<DirectoryName> {
    let names = entries(text, problems).into_iter().filter_map(|(file, name)| {
        let (file, name) = (problems.text(file), problems.text(name));
        Some(DirectoryName { file: PathBuf::from(&*file?), name: name?.into() })
    });
    names.collect()
}

fn keymap_of<'a>(raw: &RawConfig<'a>, problems: &mut Collector<'a>) -> Keymap {
    let presets = [("standard", Preset::Standard), ("vim", Preset::Vim)];
    let preset = choice(raw.keymap, "keymap", &presets, problems).unwrap_or_default();
    let (mut changes, mut positions) = (Vec::new(), Vec::new());
    for (name, keys) in raw.keys.map(|text| entries(text, problems)).unwrap_or_default() {
        let keys = list(keys, problems);
        let (Some(action), Some(keys)) = (problems.text(name), keys) else { continue };
        let (keys, at): (Vec<String>, Vec<Text<'a>>) =
            keys.into_iter().filter_map(|key| Some((problems.text(key)?.into(), key))).unzip();
        changes.push(Change { action: action.into(), keys });
        positions.push((name, at));
    }
    let (keymap, wrong) = Keymap::new(preset, &changes);
    for keymap::Problem { change, key, kind } in wrong {
        let at = positions.get(change).map(|(name, keys)| key.and_then(|key| keys.get(key)).unwrap_or(name));
        problems.report_at(at.copied(), kind.to_string());
    }
    keymap
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::event::KeyPress;
    use crate::app::keymap::{Action, InputMode};
    use crate::app::layout::Pane;

    fn parse(source: &str) -> (Config, Vec<String>) {
        let (config, problems) = Config::parse("config.ron", source);
        (config, problems.to_string().lines().map(str::to_owned).collect())
    }

    fn action(config: &Config, key: &str) -> Option<Action> {
        config.keymap.resolve(KeyPress::parse(key).unwrap(), InputMode::Pane(Pane::Tree))
    }

    #[test]
    fn the_default_file_has_every_option_and_no_problem() {
        let (config, problems) = parse(DEFAULT);
        assert_eq!(problems, [""; 0]);
        let plain = |config: Config| {
            (
                config.theme,
                config.themes,
                config.clock,
                config.start,
                config.clipboard,
                config.common_needs,
                config.directories,
                config.save,
            )
        };
        assert_eq!(config.theme, Some(Theme::TERMINAL));
        assert_eq!(plain(Config { theme: None, ..config }), plain(Config::default()));
        // Also those that are commented out, because their default is not to be given.
        for name in Config::option_names() {
            assert!(DEFAULT.contains(&format!("{name}: ")), "{name}");
        }
        let all = DEFAULT.replace("    // clock:", "    clock:").replace("    // clipboard:", "    clipboard:");
        let (config, problems) = parse(&all);
        assert_eq!(problems, [""; 0], "also if the examples are used");
        assert!(config.clock.is_some() && config.clipboard.is_some());
    }

    #[test]
    fn every_problem_has_its_position_and_the_rest_applies() {
        let (config, problems) = parse(
            r#"(
    keymap: "vmi",
    keys: {
        "copy": ["f5", "hyper-y"],
        "copi": ["f6"],
        "quit": ["ctrl-v"], "person": ["f5"],
        "qr": "f7",
    },
    theme: "drak",
    clock: 24,
    start: "nowhere",
    clipboard: ["xclip"],
    common_needs: ["renewal", "", "lost card"],
    save: "no",
    colour: "red",
    clock: "24h",
)"#,
        );
        let expected = [
            "config.ron:2:13: there is no keymap `vmi`; did you mean `vim`?",
            "config.ron:4:24: there is no key \"hyper-y\"; write \"ctrl-y\", \"f5\" or \"pgup\"",
            "config.ron:5:9: there is no action \"copi\"; did you mean \"copy\"?",
            "config.ron:6:40: F5 is the key of \"copy\" already",
            "config.ron:7:15: expected a list in brackets, such as [\"...\"]",
            "config.ron:9:12: there is no theme `drak`; did you mean `dark`?",
            "config.ron:11:12: there is no start view `nowhere`; use one of `audiences`, `tree`, `find`",
            "config.ron:12:16: expected text in double quotes, found [\"xclip\"]",
            "config.ron:13:31: this text is empty; add text, or omit the field if it is optional",
            "config.ron:14:11: expected true or false, found \"no\"",
            "config.ron:15:5: unknown field `colour`; expected one of keymap, keys, theme, themes, clock, start, \
             clipboard, common_needs, directories, save",
            "config.ron:16:5: duplicate field `clock`; remove one of them",
        ];
        assert_eq!(problems, expected);
        assert_eq!(action(&config, "f5"), Some(Action::Copy));
        assert_eq!(action(&config, "ctrl-v"), Some(Action::Quit));
        assert_eq!(config.common_needs, ["renewal", "lost card"]);
        assert_eq!((config.clock, config.save), (Some(Clock::TwentyFourHour), false));
    }

    #[test]
    fn a_file_that_is_not_ron_has_one_problem_and_leaves_the_defaults() {
        let (config, problems) = parse("(\n    keymap: \"vim\"\n    save: false,\n)");
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("config.ron:3:5: syntax error: a comma"), "{problems:?}");
        assert!(!config.save, "it might say so");
        assert_eq!(parse("").1, [""; 0], "an empty file is the defaults");
    }
}
