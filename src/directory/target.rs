//! Targets: how scripts and links name an entry by its number, address or notice.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::address::{Email, WebAddress, WebAddressError};
use super::channel_kind::{ChannelKind, Form};
use super::phone::{Key, PhoneNumber};

/// The machine-readable name of an entry by one of its channels: `tel:+18009093447/1/1`, `fax:+19169354522`,
/// `mailto:brokers@healthnet.com`, `https://myhealthnetca.com` or `notice:leaving-site`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A phone or TTY number, in E.164 or a short code, with its extension as `;ext=123`, and the steps to take, by
    /// their [`Step::segment`](super::Step::segment).
    Tel(Box<str>, Vec<Box<str>>),
    /// Any other number or address, with its scheme.
    Uri(Box<str>),
    /// The id of a notice.
    Notice(Box<str>),
}

impl Target {
    /// The targets that a phone number may be, by voice, by fax and so on.
    pub fn of_number(number: &PhoneNumber) -> Vec<Self> {
        let kinds = ChannelKind::ALL.into_iter().filter(|kind| kind.form() == Form::Number);
        let mut targets: Vec<Self> = kinds.map(|kind| Self::number(kind, number)).collect();
        targets.dedup();
        targets
    }

    /// The target of a number by a kind of channel, without keys.
    pub(super) fn number(kind: ChannelKind, number: &PhoneNumber) -> Self {
        match kind.scheme() {
            "tel" => Self::Tel(number.link().trim_start_matches("tel:").into(), Vec::new()),
            scheme => Self::Uri(format!("{scheme}:{}", number.dialled()).into()),
        }
    }

    pub(super) fn email(address: &str) -> Self {
        Self::Uri(format!("mailto:{}", Email::with_ascii_host(&address.to_lowercase())).into())
    }

    /// The target of a postal or street address. RFC 5870 has no form for an address, but maps accept a query.
    pub(super) fn place(kind: ChannelKind, address: &str) -> Self {
        let query = if kind == ChannelKind::Visit { "0,0?q=" } else { "" };
        let encoded = utf8_percent_encode(address, NON_ALPHANUMERIC);
        Self::Uri(format!("{}:{query}{encoded}", kind.scheme()).into())
    }

    pub(super) fn page(page: &WebAddress) -> Self {
        Self::Uri(page.to_string().into())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tel(e164, steps) => {
                write!(f, "tel:{e164}")?;
                steps.iter().try_for_each(|step| write!(f, "/{step}"))
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
    #[error("must start with tel:, fax:, sms:, whatsapp:, mailto:, https:, http:, geo:, post: or notice:")]
    Scheme,
    /// The number of a `tel` or `fax` target is not international.
    #[error("must have + and the country code before the number")]
    CountryCode,
    /// Something after a phone number that is neither a key nor another step.
    #[error("has something after the number that is not a step; write steps as in tel:+18009093447/1/enter")]
    Step,
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
            "http" | "https" => Ok(Self::page(&WebAddress::parse(text)?)),
            "geo" | "post" => Ok(Self::Uri(text.into())),
            "notice" => Ok(Self::Notice(rest.into())),
            "tel" => {
                let (number, rest) = number(rest)?;
                Ok(Self::Tel(number, segments(rest)?))
            }
            _ => match (kind().ok_or(TargetError::Scheme)?, number(rest)?) {
                (kind, (number, "")) => Ok(Self::Uri(format!("{}:{number}", kind.scheme()).into())),
                _ => Err(TargetError::AfterNumber),
            },
        }
    }
}

/// The steps after a number: `/1/enter/2`, or keys as in a dial link, `,,1,,2`.
fn segments(text: &str) -> Result<Vec<Box<str>>, TargetError> {
    let is_step = |segment: &str| segment == "enter" || segment == "wait" || segment.starts_with("say-");
    let mut segments = Vec::new();
    for segment in text.split('/') {
        if is_step(segment) {
            segments.push(segment.into());
            continue;
        }
        for key in segment.chars().filter(|c| !",;".contains(*c)) {
            segments.push(Key::new(key).ok_or(TargetError::Step)?.to_string().into());
        }
    }
    Ok(segments)
}

/// The number of digits of the longest short code that may stand without a country code.
const MAX_SHORT_CODE_LEN: usize = 6;

/// Splits a text into the number that it starts with, with its extension, and the rest.
fn number(text: &str) -> Result<(Box<str>, &str), TargetError> {
    let digits_end = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let mut end = usize::from(text.starts_with('+'));
    end += digits_end(&text[end..]);
    if !text.starts_with('+') && !(2..=MAX_SHORT_CODE_LEN).contains(&end) {
        return Err(TargetError::CountryCode);
    }
    if let Some(extension) = text[end..].strip_prefix(";ext=") {
        end = text.len() - extension.len() + digits_end(extension);
    }
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
