//! Email and web addresses. Each keeps the form that the source prints and gives the link that programs open.

use std::fmt;

/// Why a text is not an email address. The message continues a sentence that starts with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// There is no `@`.
    #[error("has no @; write an address such as help@example.com")]
    NoAt,
    /// The part before the `@` is empty or has a character that is not allowed there.
    #[error("has no valid name before the @; write an address such as help@example.com")]
    Name,
    /// The part after the `@` is not a hostname.
    #[error("has no valid hostname after the @; write an address such as help@example.com")]
    Host,
}

/// A text is not a hostname. The message continues a sentence that starts with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a hostname; write one such as example.com")]
pub struct HostError;

/// Why a text is not a web address. The message continues a sentence that starts with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebAddressError {
    /// The scheme is not https.
    #[error("is not an https address; write one such as https://example.com/path")]
    Scheme,
    /// The part before the path is not a hostname.
    #[error("has no valid hostname; write an address such as example.com/path")]
    Host,
    /// The path contains a character that is not allowed in a link.
    #[error("has a character in its path that is not allowed in a link; percent-encode it")]
    Path,
}

/// An email address, kept as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(Box<str>);

impl Email {
    /// Parses an address: a name of letters, digits and `.!#$%&'*+/=?^_{|}~-` (the atoms of RFC 5322), one `@` and a
    /// hostname.
    ///
    /// # Errors
    /// Returns the part that is missing or invalid.
    pub fn parse(printed: &str) -> Result<Self, EmailError> {
        let Some((name, host)) = printed.split_once('@') else {
            return Err(EmailError::NoAt);
        };
        let atom = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_{|}~-".contains(c);
        if name.is_empty() || !name.chars().all(atom) || name.starts_with('.') || name.ends_with('.') {
            return Err(EmailError::Name);
        }
        Host::parse(host).map_err(|_| EmailError::Host)?;
        Ok(Self(printed.into()))
    }

    /// The address as the source prints it.
    pub fn printed(&self) -> &str {
        &self.0
    }

    /// The link, such as `mailto:brokers@example.com`, percent-encoded as RFC 6068 requires.
    pub fn link(&self) -> String {
        self.0.bytes().fold("mailto:".to_owned(), |link, byte| match byte {
            b'#' | b'%' | b'&' | b'/' | b'=' | b'?' | b'^' | b'{' | b'|' | b'}' => format!("{link}%{byte:02X}"),
            _ => link + char::from(byte).encode_utf8(&mut [0; 4]),
        })
    }
}

/// A hostname in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(Box<str>);

impl Host {
    /// Parses a hostname: at least two labels of letters, digits and hyphens, separated by dots (RFC 1123).
    ///
    /// # Errors
    /// Returns [`HostError`] for anything else.
    pub fn parse(printed: &str) -> Result<Self, HostError> {
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if printed.len() > 253 || !printed.contains('.') || !printed.split('.').all(label) {
            return Err(HostError);
        }
        Ok(Self(printed.to_ascii_lowercase().into()))
    }

    /// The name in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this host is `other` or a subdomain of it, as `www.example.com` is of `example.com`.
    pub fn is_within(&self, other: &Host) -> bool {
        self.0.strip_suffix(&*other.0).is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('.'))
    }
}

/// The https address of a web page: a host and an optional path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress {
    printed: Box<str>,
    host: Host,
    path: Box<str>,
}

impl WebAddress {
    /// Parses `example.com`, `example.com/path` or `https://example.com/path`.
    ///
    /// # Errors
    /// Returns the part that is invalid.
    pub fn parse(printed: &str) -> Result<Self, WebAddressError> {
        let rest = match printed.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => rest,
            Some(_) => return Err(WebAddressError::Scheme),
            None => printed,
        };
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if path.contains(|c: char| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(c)) {
            return Err(WebAddressError::Path);
        }
        let host = Host::parse(host).map_err(|_| WebAddressError::Host)?;
        Ok(Self { printed: printed.into(), host, path: path.into() })
    }

    /// The address as the source prints it.
    pub fn printed(&self) -> &str {
        &self.printed
    }

    /// The host of the page.
    pub fn host(&self) -> &Host {
        &self.host
    }
}

/// The link, `https://example.com/path`.
impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}{}", self.host.as_str(), self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_use_https_and_lower_case_hosts() {
        let page = WebAddress::parse("Medicare.gov").unwrap();
        assert_eq!((page.printed(), page.to_string().as_str()), ("Medicare.gov", "https://medicare.gov"));
        assert_eq!(WebAddress::parse("https://a.example/B?c=d").unwrap().to_string(), "https://a.example/B?c=d");
        for wrong in
            ["", "localhost", "http://a.example", "javascript:alert(1)", "a.example/\"", "a .example", "-a.example"]
        {
            assert!(WebAddress::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_host_is_within_itself_and_its_parent_domains() {
        let host = |name| Host::parse(name).unwrap();
        assert!(host("healthnet.com").is_within(&host("HealthNet.com")));
        assert!(host("www.healthnet.com").is_within(&host("healthnet.com")));
        assert!(!host("myhealthnet.com").is_within(&host("healthnet.com")));
    }

    #[test]
    fn an_email_address_needs_a_name_and_a_host() {
        assert_eq!(
            Email::parse("IFP_RC_Enrollment@healthnet.com").unwrap().printed(),
            "IFP_RC_Enrollment@healthnet.com"
        );
        assert_eq!(Email::parse("a+b#c/d@x.example").unwrap().link(), "mailto:a+b%23c%2Fd@x.example");
        for wrong in ["brokers", "@healthnet.com", "brokers@healthnet.com.", "a b@healthnet.com", "a@b@c.com"] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }
}
