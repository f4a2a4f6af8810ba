//! Email and web addresses.

use std::fmt;

/// An email address, kept as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(Box<str>);

impl Email {
    /// Reads an address: one `@`, a name of letters, digits and `.!#$%&'*+/=?^_{|}~-` (RFC 5322's atoms) and a host.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence that starts with the address.
    pub fn parse(printed: &str) -> Result<Self, &'static str> {
        let Some((name, host)) = printed.split_once('@') else {
            return Err("has no @");
        };
        let atom = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_{|}~-".contains(c);
        if name.is_empty() || !name.chars().all(atom) || name.starts_with('.') || name.ends_with('.') {
            return Err("has no proper name before the @");
        }
        Host::parse(host)?;
        Ok(Self(printed.into()))
    }

    /// As the source prints it.
    pub fn printed(&self) -> &str {
        &self.0
    }

    /// The link, `mailto:brokers@example.com`, with what a link may not hold as it is in `%` and its number (RFC 6068).
    pub fn link(&self) -> String {
        self.0.bytes().fold("mailto:".to_owned(), |link, byte| match byte {
            b'#' | b'%' | b'&' | b'/' | b'=' | b'?' | b'^' | b'{' | b'|' | b'}' => format!("{link}%{byte:02X}"),
            _ => link + char::from(byte).encode_utf8(&mut [0; 4]),
        })
    }
}

/// The name of a host, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(Box<str>);

impl Host {
    /// Reads a host: labels of letters, digits and hyphens with dots between them (RFC 1123), two at the least.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence that starts with the host.
    pub fn parse(printed: &str) -> Result<Self, &'static str> {
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if printed.len() > 253 || !printed.contains('.') || !printed.split('.').all(label) {
            return Err("is not a host such as example.com");
        }
        Ok(Self(printed.to_ascii_lowercase().into()))
    }

    /// In lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `other` or stands under it, as `www.example.com` under `example.com`.
    pub fn is_within(&self, other: &Host) -> bool {
        self.0.strip_suffix(&*other.0).is_some_and(|above| above.is_empty() || above.ends_with('.'))
    }
}

/// A page on the web: a host, perhaps with a path, opened by https.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress {
    printed: Box<str>,
    host: Host,
    path: Box<str>,
}

impl WebAddress {
    /// Reads `example.com`, `example.com/path` or `https://example.com/path`.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence that starts with the address.
    pub fn parse(printed: &str) -> Result<Self, &'static str> {
        let rest = match printed.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => rest,
            Some(_) => return Err("is not an https address"),
            None => printed,
        };
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if path.contains(|c: char| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(c)) {
            return Err("has a character in its path that a link may not have");
        }
        Ok(Self { printed: printed.into(), host: Host::parse(host)?, path: path.into() })
    }

    /// As the source prints it.
    pub fn printed(&self) -> &str {
        &self.printed
    }

    /// Where it leads.
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
    fn links_are_https_and_hosts_lower_case() {
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
    fn a_host_is_within_itself_and_those_above() {
        let host = |name| Host::parse(name).unwrap();
        assert!(host("healthnet.com").is_within(&host("HealthNet.com")));
        assert!(host("www.healthnet.com").is_within(&host("healthnet.com")));
        assert!(!host("myhealthnet.com").is_within(&host("healthnet.com")));
    }

    #[test]
    fn emails_need_a_name_and_a_host() {
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
