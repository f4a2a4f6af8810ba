//! The options in front of a key in a file of authorised keys (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"). A line with an
//! option that the server does not know is refused: ignoring the option would admit clients that the file's author
//! meant to exclude.

use std::net::IpAddr;

use ipnet::IpNet;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use regex_lite::Regex;

/// Options that forbid or allow only what this server never does.
const HARMLESS_OPTIONS: &[&str] = &[
    "restrict",
    "agent-forwarding",
    "no-agent-forwarding",
    "port-forwarding",
    "no-port-forwarding",
    "user-rc",
    "no-user-rc",
    "x11-forwarding",
    "no-x11-forwarding",
    "pty",
];

/// The options of a line.
#[derive(Debug, Default)]
pub(super) struct KeyOptions {
    /// The key does not log in; it signs the certificates of keys that do.
    pub(super) is_authority: bool,
    /// The names of which a certificate must have one. Without the option, it must have the user name.
    pub(super) principals: Option<Vec<String>>,
    /// The addresses that the key may be used from.
    pub(super) from: Option<AddressList>,
    /// The time from which the key is refused.
    pub(super) expires: Option<Timestamp>,
    /// The command that runs whatever the client asks for.
    pub(super) command: Option<String>,
    /// A security key may sign without being touched.
    pub(super) is_touch_optional: bool,
}

/// Why the options of a line are refused.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // The messages are the documentation.
pub(super) enum OptionError {
    #[error("the option {0:?} is not supported; remove it from the line")]
    Unsupported(String),
    #[error("the option {0:?} is given twice")]
    Twice(String),
    #[error("the option {0:?} needs a value in double quotes")]
    NoValue(String),
    #[error("a quote is not closed")]
    OpenQuote,
    #[error("from: {0:?} is not an address, a range or a pattern of addresses; host names are not looked up")]
    Address(String),
    #[error("expiry-time: {0:?} is not a time such as 20271231 or 202712312359Z")]
    Time(String),
    #[error("principals: there is no name in it")]
    NoPrincipal,
}

impl KeyOptions {
    /// Parses options that are separated by commas.
    pub(super) fn parse(text: &str) -> Result<Self, OptionError> {
        let mut options = Self::default();
        for option in split_options(text)? {
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name.to_ascii_lowercase(), Some(unquoted(name, value)?)),
                None => (option.to_ascii_lowercase(), None),
            };
            let is_first = match (name.as_str(), value) {
                ("cert-authority", None) => !std::mem::replace(&mut options.is_authority, true),
                ("no-touch-required", None) => !std::mem::replace(&mut options.is_touch_optional, true),
                ("from", Some(value)) => options.from.replace(AddressList::parse(&value)?).is_none(),
                ("expiry-time", Some(value)) => options.expires.replace(expiry_time(&value)?).is_none(),
                ("command", Some(value)) => options.command.replace(value).is_none(),
                ("principals", Some(value)) => options.principals.replace(principals(&value)?).is_none(),
                ("from" | "expiry-time" | "command" | "principals", None) => return Err(OptionError::NoValue(name)),
                (harmless, None) if HARMLESS_OPTIONS.contains(&harmless) => true,
                _ => return Err(OptionError::Unsupported(name)),
            };
            if !is_first {
                return Err(OptionError::Twice(name));
            }
        }
        // A certificate's names mean nothing for a key without one.
        match options.principals.is_some() && !options.is_authority {
            true => Err(OptionError::Unsupported("principals".to_owned())),
            false => Ok(options),
        }
    }
}

/// The index at which the options of a line end: the first space outside quotes.
pub(super) fn options_end(line: &str) -> usize {
    let mut quotes = Quotes::default();
    line.find(|letter: char| !quotes.is_quoted(letter) && letter.is_whitespace()).unwrap_or(line.len())
}

/// Whether letters are within double quotes, in which `\"` is a quote.
#[derive(Default)]
struct Quotes {
    is_open: bool,
    is_escaped: bool,
}

impl Quotes {
    /// Takes the next letter, and returns whether it is quoted or a quote.
    fn is_quoted(&mut self, letter: char) -> bool {
        let is_quote = letter == '"' && !self.is_escaped;
        self.is_escaped = self.is_open && !self.is_escaped && letter == '\\';
        self.is_open ^= is_quote;
        self.is_open || is_quote
    }
}

fn split_options(text: &str) -> Result<Vec<&str>, OptionError> {
    let mut quotes = Quotes::default();
    let options = text.split(|letter| !quotes.is_quoted(letter) && letter == ',').collect();
    if quotes.is_open { Err(OptionError::OpenQuote) } else { Ok(options) }
}

/// The value of an option without its quotes.
fn unquoted(name: &str, value: &str) -> Result<String, OptionError> {
    let inner = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let inner = inner.ok_or_else(|| OptionError::NoValue(name.to_owned()))?;
    Ok(inner.replace("\\\"", "\""))
}

fn principals(value: &str) -> Result<Vec<String>, OptionError> {
    let names: Vec<String> = value.split(',').map(str::trim).filter(|name| !name.is_empty()).map(Into::into).collect();
    if names.is_empty() { Err(OptionError::NoPrincipal) } else { Ok(names) }
}

/// Parses `YYYYMMDD` or `YYYYMMDDHHMM[SS]`, in the zone of the system or, with a `Z` at the end, in UTC.
fn expiry_time(value: &str) -> Result<Timestamp, OptionError> {
    let utc = value.strip_suffix(['Z', 'z']);
    let (digits, zone) = utc.map_or_else(|| (value, TimeZone::system()), |digits| (digits, TimeZone::UTC));
    let time = match digits.len() {
        8 => Date::strptime("%Y%m%d", digits).map(DateTime::from),
        12 => DateTime::strptime("%Y%m%d%H%M", digits),
        _ => DateTime::strptime("%Y%m%d%H%M%S", digits),
    };
    let time = time.and_then(|time| zone.to_timestamp(time));
    time.map_err(|_| OptionError::Time(value.to_owned()))
}

/// A list of addresses, ranges and patterns with `*` and `?`, each of which may be excluded with `!`.
#[derive(Debug)]
pub(super) struct AddressList(Vec<(bool, AddressMatch)>);

#[derive(Debug)]
enum AddressMatch {
    Range(IpNet),
    Pattern(Regex),
}

impl AddressList {
    /// Parses a list that is separated by commas.
    pub(super) fn parse(text: &str) -> Result<Self, OptionError> {
        let parse = |item: &str| {
            let item = item.trim();
            let (is_excluded, item) = item.strip_prefix('!').map_or((false, item), |item| (true, item));
            Ok((is_excluded, AddressMatch::parse(item).ok_or_else(|| OptionError::Address(item.to_owned()))?))
        };
        text.split(',').map(parse).collect::<Result<_, _>>().map(Self)
    }

    /// Whether an address is in the list and not excluded.
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        let mut matches = self.0.iter().filter(|(_, item)| item.matches(address)).peekable();
        matches.peek().is_some() && matches.all(|(is_excluded, _)| !is_excluded)
    }
}

impl AddressMatch {
    fn parse(item: &str) -> Option<Self> {
        if let Ok(range) = item.parse::<IpNet>().or_else(|_| item.parse::<IpAddr>().map(IpNet::from)) {
            return Some(Self::Range(range));
        }
        let is_pattern = |c: char| c.is_ascii_hexdigit() || ".:*?".contains(c);
        if item.is_empty() || !item.contains(['*', '?']) || !item.chars().all(is_pattern) {
            return None;
        }
        let pattern = item.to_ascii_lowercase().replace('.', r"\.").replace('*', ".*").replace('?', ".");
        Regex::new(&format!("^{pattern}$")).ok().map(Self::Pattern)
    }

    fn matches(&self, address: IpAddr) -> bool {
        match self {
            Self::Range(range) => range.contains(&address),
            Self::Pattern(pattern) => pattern.is_match(&address.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_match_as_in_openssh() {
        for (list, address, expected) in [
            ("192.0.2.0/24", "192.0.2.9", true),
            ("192.0.2.0/24", "192.0.3.9", false),
            ("192.0.2.*", "192.0.2.9", true),
            ("192.0.2.?", "192.0.2.10", false),
            ("192.0.2.*,!192.0.2.7", "192.0.2.7", false),
            ("!192.0.2.7,192.0.2.*", "192.0.2.8", true),
            ("!192.0.2.7", "192.0.2.8", false),
            ("2001:db8::/32,10.0.0.1", "2001:db8::1", true),
            ("2001:DB8:*", "2001:db8:1::1", true),
        ] {
            assert_eq!(
                AddressList::parse(list).unwrap().contains(address.parse().unwrap()),
                expected,
                "{list} {address}"
            );
        }
        for list in ["", "*.example.com", "192.0.2.0/33", "localhost", "192.0.2.1,"] {
            assert!(AddressList::parse(list).is_err(), "{list}");
        }
    }

    #[test]
    fn options_are_split_outside_quotes() {
        let line = r#"command="find \"a, b\" c",no-pty-x KEY"#;
        assert_eq!(options_end(line), line.find(" KEY").unwrap());
        let options = KeyOptions::parse(r#"restrict,command="find \"a, b\" c",EXPIRY-TIME="20271231Z""#).unwrap();
        assert_eq!(options.command.as_deref(), Some(r#"find "a, b" c"#));
        assert_eq!(options.expires, "2027-12-31T00:00:00Z".parse().ok());
    }

    #[test]
    fn other_options_are_refused_with_a_reason() {
        for (options, why) in [
            ("tunnel=\"0\"", "\"tunnel\" is not supported"),
            ("verify-required", "\"verify-required\" is not supported"),
            ("no-pty", "\"no-pty\" is not supported"),
            ("restrict=\"x\"", "\"restrict\" is not supported"),
            ("", "\"\" is not supported"),
            ("from=192.0.2.1", "needs a value in double quotes"),
            ("from=\"192.0.2.1", "a quote is not closed"),
            ("from=\"a.example\"", "host names are not looked up"),
            ("from=\"::1\",from=\"::2\"", "given twice"),
            ("expiry-time=\"tomorrow\"", "not a time such as"),
            ("expiry-time=\"20271331\"", "not a time such as"),
            ("cert-authority,principals=\" ,\"", "no name"),
            ("principals=\"a\"", "\"principals\" is not supported"),
        ] {
            let error = KeyOptions::parse(options).unwrap_err().to_string();
            assert!(error.contains(why), "{options}: {error}");
        }
    }
}
