//! E-mail addresses.

use std::fmt;

/// An address that can stand in a mail's header as it is: ASCII, `local@domain`, at most 254 bytes; domain in lower case.
///
/// The local part is a dot-atom (RFC 5322 §3.2.3), the domain two or more host labels (RFC 1123 §2.1). Quoted local
/// parts, comments, address literals and line ends are refused: they have no place in a sign-in, and in a header they are an attack (S29).
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

/// The text is no e-mail address that we send to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEmail {
    /// Not an address, or one in a form that has no place in a sign-in.
    #[error("an e-mail address looks like name@example.com and has at most 254 characters")]
    Malformed,
    /// Letters beyond ASCII: they need mail servers that take them (RFC 6531) on the whole way.
    #[error(
        "internationalised e-mail addresses aren't supported: write the domain as xn--…, and use an address without accents or other scripts before the @"
    )]
    Internationalised,
}

impl Email {
    /// Reads an address; outer spaces are trimmed.
    ///
    /// # Errors
    /// Anything but `dot-atom@host.domain` in ASCII.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail::Malformed)?;
        if text.chars().any(|c| !c.is_ascii() && c.is_alphanumeric()) {
            return Err(InvalidEmail::Internationalised);
        }
        let atom = |atom: &str| {
            !atom.is_empty()
                && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        };
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let fits = text.len() <= 254 && local.len() <= 64 && domain.contains('.');
        if !fits || !local.split('.').all(atom) || !domain.split('.').all(label) {
            return Err(InvalidEmail::Malformed);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }

    /// The address in clear, for the message's envelope and header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is compared and hashed: lower case throughout.
    #[must_use]
    pub fn normalised(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// What others may see: `m•••@e•••.com`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or(("", &self.0));
        let (host, top) = domain.rsplit_once('.').unwrap_or((domain, ""));
        let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
        format!("{}•••@{}•••.{top}", first(local), first(host))
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Email({})", self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_dot_atom_at_a_host() {
        assert_eq!(Email::parse(" Ana.B+x@Example.COM ").unwrap().as_str(), "Ana.B+x@example.com");
        let long = format!("{}@example.com", "a".repeat(65));
        for bad in [
            "",
            "ana",
            "ana@",
            "@example.com",
            "ana@localhost",
            "a..b@example.com",
            "ana@-x.com",
            "\"a b\"@example.com",
            "ana@[127.0.0.1]",
            "ana@example.com\r\nBcc: x@example.com",
            "ana@exämple.com",
            &long,
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn letters_beyond_ascii_are_refused_by_name() {
        for bad in ["jörg@example.com", "ana@exämple.com", "ана@пример.example"] {
            assert_eq!(Email::parse(bad), Err(InvalidEmail::Internationalised), "{bad}");
        }
        assert_eq!(Email::parse("jörg"), Err(InvalidEmail::Malformed));
        assert!(Email::parse("jorg@xn--mller-kva.example").is_ok());
    }

    #[test]
    fn s10_debug_and_mask_hide_the_address() {
        let email = Email::parse("technician@example.com").unwrap();
        assert_eq!(email.masked(), "t•••@e•••.com");
        assert!(!format!("{email:?}").contains("technician"));
    }
}
