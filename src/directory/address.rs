//! Email and web addresses. Each keeps the form that the source prints and gives the link that programs open.

use std::borrow::Cow;
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
    /// The scheme is neither https nor http.
    #[error("is not a web address; write one such as https://example.com/path")]
    Scheme,
    /// The part after the hostname is not a port.
    #[error("has no valid port after the hostname; write a number from 1 to 65535")]
    Port,
    /// The part before the path is not a hostname, or a single word without a scheme.
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

    /// An address with its host as programs send to it: in ASCII and lower case. A text that is no address stays as it
    /// is.
    pub(super) fn with_ascii_host(address: &str) -> Cow<'_, str> {
        let ascii = address.split_once('@').and_then(|(name, host)| Some((name, Host::parse(host).ok()?)));
        ascii.map_or(Cow::Borrowed(address), |(name, host)| format!("{name}@{}", host.as_str()).into())
    }

    /// The link, such as `mailto:brokers@example.com`, percent-encoded as RFC 6068 requires, the host in ASCII.
    pub fn link(&self) -> String {
        Self::with_ascii_host(&self.0).bytes().fold("mailto:".to_owned(), |link, byte| match byte {
            b'#' | b'%' | b'&' | b'/' | b'=' | b'?' | b'^' | b'{' | b'|' | b'}' => format!("{link}%{byte:02X}"),
            _ => link + char::from(byte).encode_utf8(&mut [0; 4]),
        })
    }
}

/// A hostname in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(Box<str>);

impl Host {
    /// Parses a hostname: labels of letters, digits and hyphens, separated by dots (RFC 1123). A name in other scripts
    /// is converted to ASCII (UTS 46): `münchen.example` is `xn--mnchen-3ya.example`.
    ///
    /// # Errors
    /// Returns [`HostError`] for anything else.
    pub fn parse(printed: &str) -> Result<Self, HostError> {
        let ascii = if printed.is_ascii() {
            Cow::Borrowed(printed)
        } else {
            idna::domain_to_ascii_strict(printed).map(Cow::Owned).map_err(|_| HostError)?
        };
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if ascii.len() > 253 || !ascii.split('.').all(label) {
            return Err(HostError);
        }
        Ok(Self(ascii.to_ascii_lowercase().into()))
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

/// The address of a web page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress {
    printed: Box<str>,
    host: Host,
    /// Whether it is plain http, as on an organisation's own network.
    is_plain_http: bool,
    port: Option<u16>,
    /// The path, query and fragment, from the slash, question mark or number sign on.
    path: Box<str>,
}

impl WebAddress {
    /// Parses `example.com`, `example.com/path` or `https://example.com:8443/path?query`. A single word such as
    /// `helpdesk` is a host only after `http://` or `https://`.
    ///
    /// # Errors
    /// Returns the part that is invalid.
    pub fn parse(printed: &str) -> Result<Self, WebAddressError> {
        let (scheme, rest) = printed.split_once("://").map_or((None, printed), |(scheme, rest)| (Some(scheme), rest));
        let is_plain_http = match scheme.map(str::to_ascii_lowercase).as_deref() {
            None | Some("https") => false,
            Some("http") => true,
            Some(_) => return Err(WebAddressError::Scheme),
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if path.contains(|c: char| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(c)) {
            return Err(WebAddressError::Path);
        }
        let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
        let port = port.map(|port| port.parse().ok().filter(|port| *port > 0).ok_or(WebAddressError::Port));
        let host = Host::parse(host).map_err(|_| WebAddressError::Host)?;
        if scheme.is_none() && !host.as_str().contains('.') {
            return Err(WebAddressError::Host);
        }
        Ok(Self { printed: printed.into(), host, is_plain_http, port: port.transpose()?, path: path.into() })
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
        write!(f, "http{}://{}", if self.is_plain_http { "" } else { "s" }, self.host.as_str())?;
        self.port.iter().try_for_each(|port| write!(f, ":{port}"))?;
        let slash = if self.path.is_empty() || self.path.starts_with('/') { "" } else { "/" };
        write!(f, "{slash}{}", self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_have_a_scheme_and_an_ascii_host_in_lower_case() {
        let page = WebAddress::parse("Medicare.gov").unwrap();
        assert_eq!((page.printed(), page.to_string().as_str()), ("Medicare.gov", "https://medicare.gov"));
        assert_eq!(WebAddress::parse("https://a.example/B?c=d").unwrap().to_string(), "https://a.example/B?c=d");
        for (printed, link) in [
            ("http://intranet.example/help", "http://intranet.example/help"),
            ("https://helpdesk/", "https://helpdesk/"),
            ("https://a.example:8443/x", "https://a.example:8443/x"),
            ("a.example?q=1", "https://a.example/?q=1"),
            ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ] {
            assert_eq!(WebAddress::parse(printed).unwrap().to_string(), link);
        }
        for wrong in [
            "",
            "localhost",
            "ftp://a.example",
            "javascript:alert(1)",
            "a.example:0",
            "a.example/\"",
            "a .example",
            "-a.example",
        ] {
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
        assert_eq!(Email::parse("hilfe@münchen.example").unwrap().link(), "mailto:hilfe@xn--mnchen-3ya.example");
        assert_eq!(Email::parse("a+b#c/d@x.example").unwrap().link(), "mailto:a+b%23c%2Fd@x.example");
        for wrong in ["brokers", "@healthnet.com", "brokers@healthnet.com.", "a b@healthnet.com", "a@b@c.com"] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }
}
