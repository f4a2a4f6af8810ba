//! Targets: how scripts and links name an entry by its number, address or notice.

use std::fmt;
use std::str::FromStr;

use super::address::{WebAddress, WebAddressError};
use super::channel_kind::{ChannelKind, Form};
use super::phone::{Key, PhoneNumber};

/// The machine-readable name of an entry by one of its channels: `tel:+18009093447/1/1`, `fax:+19169354522`,
/// `mailto:brokers@healthnet.com`, `https://myhealthnetca.com` or `notice:leaving-site`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A phone or TTY number in E.164 and the keys to press.
    Tel(Box<str>, Vec<Key>),
    /// Any other number or address, with its scheme.
    Uri(Box<str>),
    /// The id of a notice.
    Notice(Box<str>),
}

impl Target {
    /// The targets that a phone number may be, by voice, by fax and so on.
    pub fn of_number(number: &PhoneNumber) -> Vec<Self> {
        let kinds = ChannelKind::ALL.into_iter().filter(|kind| kind.form() == Form::Number);
        let mut targets: Vec<Self> = kinds.map(|kind| Self::number(kind, number.e164())).collect();
        targets.dedup();
        targets
    }

    /// The target of a number by a kind of channel, without keys.
    pub(super) fn number(kind: ChannelKind, e164: &str) -> Self {
        match kind.scheme() {
            "tel" => Self::Tel(e164.into(), Vec::new()),
            scheme => Self::Uri(format!("{scheme}:{e164}").into()),
        }
    }

    pub(super) fn email(address: &str) -> Self {
        Self::Uri(format!("mailto:{}", address.to_lowercase()).into())
    }

    pub(super) fn page(page: &WebAddress) -> Self {
        Self::Uri(page.to_string().into())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tel(e164, keys) => {
                write!(f, "tel:{e164}")?;
                keys.iter().try_for_each(|key| write!(f, "/{key}"))
            }
            Self::Uri(uri) => f.write_str(uri),
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
    /// Characters after a number that no keys can follow, such as that of a fax.
    #[error("has characters after the number; remove them")]
    AfterNumber,
    /// The address of an `https` target is not valid.
    #[error(transparent)]
    Address(#[from] WebAddressError),
}

/// Parses a target. The keys after a number may also be written as in a dial link: `tel:+18009093447,,1,,1`.
impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let (scheme, rest) = text.split_once(':').ok_or(TargetError::Scheme)?;
        let scheme = scheme.to_ascii_lowercase();
        let kind = || ChannelKind::ALL.into_iter().find(|kind| kind.form() == Form::Number && kind.scheme() == scheme);
        match &*scheme {
            "mailto" => Ok(Self::email(rest)),
            "https" => Ok(Self::page(&WebAddress::parse(text)?)),
            "notice" => Ok(Self::Notice(rest.into())),
            "tel" => {
                let (number, keys) = number(rest)?;
                let keys = keys.chars().filter(|c| !"/,;".contains(*c));
                let keys = keys.map(Key::new).collect::<Option<_>>();
                Ok(Self::Tel(number, keys.ok_or(TargetError::Key)?))
            }
            _ => match (kind().ok_or(TargetError::Scheme)?, number(rest)?) {
                (kind, (number, "")) => Ok(Self::number(kind, &number)),
                _ => Err(TargetError::AfterNumber),
            },
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
        assert_eq!("mailto:Brokers@HealthNet.com".parse(), Ok(Target::email("brokers@healthnet.com")));
        for wrong in ["", "ifp-line", "tel:8009093447", "tel:+1800909é", "fax:+1800/1", "ftp://a.example", "https://"]
        {
            assert!(wrong.parse::<Target>().is_err(), "{wrong}");
        }
    }
}
