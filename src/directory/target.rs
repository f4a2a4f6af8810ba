//! The machine name of an answer.

use std::fmt;
use std::str::FromStr;

use super::address::WebAddress;
use super::phone::Key;

/// The machine name of an answer or of one of its channels:
/// `tel:+18009093447/1/1`, `fax:+19169354522`, `mailto:brokers@healthnet.com`, `https://myhealthnetca.com`,
/// `notice:leaving-site`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A phone or TTY number in E.164 and the keys to press.
    Tel(Box<str>, Vec<Key>),
    /// A fax number in E.164.
    Fax(Box<str>),
    /// An email address in lower case.
    Mailto(Box<str>),
    /// A link.
    Https(Box<str>),
    /// The id of a notice.
    Notice(Box<str>),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tel(e164, keys) => {
                write!(f, "tel:{e164}")?;
                keys.iter().try_for_each(|key| write!(f, "/{key}"))
            }
            Self::Fax(e164) => write!(f, "fax:{e164}"),
            Self::Mailto(address) => write!(f, "mailto:{address}"),
            Self::Https(link) => f.write_str(link),
            Self::Notice(id) => write!(f, "notice:{id}"),
        }
    }
}

/// What is wrong with a target, as the end of a sentence that starts with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoTarget(&'static str);

/// Reads a target. The keys of a number may also stand as in a dial link: `tel:+18009093447,,1,,1`.
impl FromStr for Target {
    type Err = NoTarget;

    fn from_str(text: &str) -> Result<Self, NoTarget> {
        let (scheme, rest) =
            text.split_once(':').ok_or(NoTarget("starts with none of tel, fax, mailto, https, notice"))?;
        match &*scheme.to_ascii_lowercase() {
            "tel" => {
                let (number, keys) = number(rest)?;
                let keys = keys.chars().filter(|c| !"/,;".contains(*c));
                let keys = keys.map(Key::new).collect::<Option<_>>();
                Ok(Self::Tel(number, keys.ok_or(NoTarget("has what is no key of a phone after its number"))?))
            }
            "fax" => match number(rest)? {
                (number, "") => Ok(Self::Fax(number)),
                _ => Err(NoTarget("has something after its number")),
            },
            "mailto" => Ok(Self::Mailto(rest.to_lowercase().into())),
            "https" => match WebAddress::parse(text) {
                Ok(page) => Ok(Self::Https(page.to_string().into())),
                Err(wrong) => Err(NoTarget(wrong)),
            },
            "notice" => Ok(Self::Notice(rest.into())),
            _ => Err(NoTarget("starts with none of tel, fax, mailto, https, notice")),
        }
    }
}

/// A number in E.164, and what follows it.
fn number(text: &str) -> Result<(Box<str>, &str), NoTarget> {
    let digits = text.strip_prefix('+').ok_or(NoTarget("needs + and the country code before the number"))?;
    let end = 1 + digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    Ok((text[..end].into(), &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dial_link_is_read_as_the_target_it_came_from() {
        let target: Target = "tel:+18009093447/1/1".parse().unwrap();
        for link in ["tel:+18009093447,,1,,1", "TEL:+18009093447;1;1"] {
            assert_eq!(link.parse(), Ok(target.clone()));
        }
        assert_eq!("mailto:Brokers@HealthNet.com".parse(), Ok(Target::Mailto("brokers@healthnet.com".into())));
        for wrong in ["", "ifp-line", "tel:8009093447", "tel:+1800909é", "fax:+1800/1", "ftp://a.example", "https://"]
        {
            assert!(wrong.parse::<Target>().is_err(), "{wrong}");
        }
    }
}
