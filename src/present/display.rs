//! How text is drawn for a reader: which characters, which colours, and the reader's time zone.

use jiff::tz::TimeZone;

use super::qr::Modules;
use super::theme::Theme;

/// How text is drawn for a reader.
#[derive(Clone, Debug)]
pub struct Display {
    /// The symbols to draw with.
    pub glyphs: Glyphs,
    /// Whether to use colours; without, bold, dim and reverse video carry the same meaning.
    pub colors: bool,
    /// The colours, where there are any.
    pub theme: Theme,
    /// The reader's own time zone, where the frontend knows it.
    pub reader_zone: Option<TimeZone>,
    /// How times of day are written.
    pub clock: Clock,
}

/// How times of day are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// `5:00 PM`
    #[default]
    TwelveHour,
    /// `17:00`
    TwentyFourHour,
}

/// The territories (ISO 3166) where times are written on a 12-hour clock (CLDR, `timeData`).
const TWELVE_HOUR_TERRITORIES: [&str; 19] =
    ["US", "CA", "AU", "NZ", "IN", "PH", "PK", "BD", "SG", "MY", "HK", "TW", "KR", "EG", "SA", "CO", "PR", "JM", "TT"];

/// The variables that select the locale for times, by their precedence in POSIX: the first that is set and not empty.
pub const TIME_VARIABLES: [&str; 3] = ["LC_ALL", "LC_TIME", "LANG"];
/// The same for characters.
pub const CHARACTER_VARIABLES: [&str; 3] = ["LC_ALL", "LC_CTYPE", "LANG"];

impl Clock {
    /// The clock of a POSIX locale such as `en_US.UTF-8`. Without a territory, English and the locale `C` have 12
    /// hours.
    pub fn of_locale(locale: &str) -> Self {
        let name = locale.split(['.', '@']).next().unwrap_or_default();
        let is_twelve_hour = match name.split_once(['_', '-']) {
            _ if name == "fr_CA" => false,
            Some((_, territory)) => TWELVE_HOUR_TERRITORIES.contains(&territory),
            None => ["", "C", "POSIX", "en"].contains(&name),
        };
        if is_twelve_hour { Self::TwelveHour } else { Self::TwentyFourHour }
    }

    /// The clock of the locale that the environment variables select for times, by their precedence in POSIX; `None` if
    /// none is set. `variable` returns a variable's value unless it is unset or empty.
    pub fn of_environment<T: AsRef<str>>(variable: impl Fn(&str) -> Option<T>) -> Option<Self> {
        TIME_VARIABLES.into_iter().find_map(variable).map(|locale| Self::of_locale(locale.as_ref()))
    }
}

impl Default for Display {
    fn default() -> Self {
        Self {
            glyphs: Glyphs::UNICODE,
            colors: true,
            theme: Theme::default(),
            reader_zone: None,
            clock: Clock::default(),
        }
    }
}

/// The symbols to draw with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names and the two sets below say what each is.
pub struct Glyphs {
    pub expanded: &'static str,
    pub collapsed: &'static str,
    pub then: &'static str,
    pub cursor: &'static str,
    pub open: &'static str,
    pub closed: &'static str,
    pub dot: &'static str,
    pub dash: &'static str,
    pub arrow: &'static str,
    pub ellipsis: &'static str,
    pub bar_done: &'static str,
    pub bar_left: &'static str,
    pub leader: &'static str,
    pub prompt: &'static str,
    pub now: &'static str,
    pub changed: &'static str,
    pub hour_open: &'static str,
    pub half_open: [&'static str; 2],
    pub hour_uncertain: &'static str,
    pub ascii_borders: bool,
    pub modules: Modules,
}

impl Glyphs {
    /// For terminals that draw Unicode.
    pub const UNICODE: Self = Self {
        expanded: "▾",
        collapsed: "▸",
        then: "▸",
        cursor: "▌",
        open: "●",
        closed: "○",
        dot: "·",
        dash: "–",
        arrow: "→",
        ellipsis: "…",
        bar_done: "█",
        bar_left: "░",
        leader: "·",
        prompt: "›",
        now: "◆",
        changed: "Δ",
        hour_open: "━",
        half_open: ["╸", "╺"],
        hour_uncertain: "╌",
        ascii_borders: false,
        modules: Modules::HalfBlocks,
    };

    /// For terminals that draw ASCII only.
    pub const ASCII: Self = Self {
        expanded: "-",
        collapsed: "+",
        then: ">",
        cursor: ">",
        open: "*",
        closed: "o",
        dot: "-",
        dash: "-",
        arrow: "->",
        ellipsis: "~",
        bar_done: "#",
        bar_left: ".",
        leader: ".",
        prompt: ">",
        now: "@",
        changed: "~",
        hour_open: "=",
        half_open: ["=", "="],
        hour_uncertain: "?",
        ascii_borders: true,
        modules: Modules::Spaces,
    };
}

impl Glyphs {
    /// ASCII where the locale that the environment variables select for characters has another encoding than UTF-8;
    /// `None` where it has UTF-8, or none is set. `variable` returns a variable's value unless it is unset or empty.
    pub fn of_environment<T: AsRef<str>>(variable: impl Fn(&str) -> Option<T>) -> Option<Self> {
        let locale = CHARACTER_VARIABLES.into_iter().find_map(variable)?;
        let locale = locale.as_ref().to_ascii_lowercase();
        let is_utf8 = locale.contains("utf-8") || locale.contains("utf8");
        (!is_utf8).then_some(Self::ASCII)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_follows_the_locale() {
        for locale in
            ["C", "POSIX", "C.UTF-8", "en", "en_US.UTF-8", "en_CA", "en_AU", "en_IN", "en_PH", "es_US", "ko_KR"]
        {
            assert_eq!(Clock::of_locale(locale), Clock::TwelveHour, "{locale}");
        }
        for locale in ["en_GB.UTF-8", "en_IE", "de_DE@euro", "fr_CA.UTF-8", "fr_FR", "de", "ja_JP.eucJP", "sr_RS@latin"]
        {
            assert_eq!(Clock::of_locale(locale), Clock::TwentyFourHour, "{locale}");
        }
    }

    #[test]
    fn the_first_variable_that_is_set_counts() {
        let clock = |set: &[(&str, &'static str)]| {
            Clock::of_environment(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
        };
        assert_eq!(clock(&[]), None);
        assert_eq!(clock(&[("LANG", "de_DE"), ("LC_TIME", "en_US")]), Some(Clock::TwelveHour));
        assert_eq!(clock(&[("LANG", "en_US"), ("LC_TIME", "en_US"), ("LC_ALL", "de_DE")]), Some(Clock::TwentyFourHour));
        assert_eq!(clock(&[("LC_CTYPE", "de_DE")]), None);
    }
}
