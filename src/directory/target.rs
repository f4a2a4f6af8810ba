//! The machine name of an answer.

use std::fmt;

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
