//! Targets: how scripts and links name an entry by its number, address or notice.

use std::fmt;
use std::str::FromStr;

use super::address::{WebAddress, WebAddressError};
use super::phone::Key;

/// The machine-readable name of an entry by one of its channels: `tel:+18009093447/1/1`, `fax:+19169354522`,
/// `mailto:brokers@healthnet.com`, `https://myhealthnetca.com` or `notice:leaving-site`.
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

/// Why a text is not a target. The message continues a sentence that starts with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The scheme is missing or unknown.
    #[error("must start with tel:, fax:, mailto:, https: or notice:")]
    Scheme,
    /// The number of a `tel` or `fax` target is not international.
    #[error("must have + and the country code before the number")]
    CountryCode,
    /// A character after a phone number that is not a key.
    #[error("has characters after the number that are not phone keys; write keys as in tel:+18009093447/1/1")]
    Key,
    /// Characters after a fax number.
    #[error("has characters after the fax number; remove them")]
    AfterFax,
    /// The address of an `https` target is not valid.
    #[error(transparent)]
    Address(#[from] WebAddressError),
}

/// Parses a target. The keys after a number may also be written as in a dial link: `tel:+18009093447,,1,,1`.
impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let (scheme, rest) = text.split_once(':').ok_or(TargetError::Scheme)?;
        match &*scheme.to_ascii_lowercase() {
            "tel" => {
                let (number, keys) = number(rest)?;
                let keys = keys.chars().filter(|c| !"/,;".contains(*c));
                let keys = keys.map(Key::new).collect::<Option<_>>();
                Ok(Self::Tel(number, keys.ok_or(TargetError::Key)?))
            }
            "fax" => match number(rest)? {
                (number, "") => Ok(Self::Fax(number)),
                _ => Err(TargetError::AfterFax),
            },
            "mailto" => Ok(Self::Mailto(rest.to_lowercase().into())),
            "https" => Ok(Self::Https(WebAddress::parse(text)?.to_string().into())),
            "notice" => Ok(Self::Notice(rest.into())),
            _ => Err(TargetError::Scheme),
        }
    }
}

/// Splits a text into the E.164 number that it starts with and the rest.
fn number(text: &str) -> Result<(Box<str>, &str), TargetError> {
    let digits = text.strip_prefix('+').ok_or(TargetError::CountryCode)?;
    let end = 1 + digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    Ok((text[..end].into(), &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dial_link_parses_as_the_target_that_it_was_made_from() {
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
