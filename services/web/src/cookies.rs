//! The site's cookies: their names, and how they are set and taken back (S17).

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};

/// The names, by how browsers reach the site.
///
/// Over https a `__Host-` cookie can be set by this host alone, for the whole host and over TLS only (RFC 6265bis,
/// 4.1.3.2). The loopback demo has no TLS, which the prefix demands, so its cookies have other names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    https: bool,
}

impl Names {
    pub(crate) fn new(https: bool) -> Self {
        Self { https }
    }

    /// Holds the token of a pending sign-in or of a session.
    pub(crate) fn token(self) -> &'static str {
        if self.https { "__Host-twostep" } else { "twostep-demo" }
    }

    /// Holds the token that every form repeats.
    pub(crate) fn csrf(self) -> &'static str {
        if self.https { "__Host-twostep-csrf" } else { "twostep-demo-csrf" }
    }

    /// Holds the address under set-up, so that *Resend* needn't ask for it again.
    pub(crate) fn address(self) -> &'static str {
        if self.https { "__Host-twostep-address" } else { "twostep-demo-address" }
    }

    /// A `Set-Cookie` that lasts until the browser is closed; none for values that can't stand in a cookie.
    pub(crate) fn set(self, name: &'static str, value: &str) -> Option<HeaderValue> {
        let fits = |byte| matches!(byte, b'!'..=b'~') && !matches!(byte, b';' | b',' | b'"' | b'\\');
        value.bytes().all(fits).then(|| self.line(name, value, "")).flatten()
    }

    /// A `Set-Cookie` that takes the cookie back.
    pub(crate) fn clear(self, name: &'static str) -> Option<HeaderValue> {
        self.line(name, "", "; Max-Age=0")
    }

    fn line(self, name: &'static str, value: &str, life: &'static str) -> Option<HeaderValue> {
        let secure = if self.https { "; Secure" } else { "" };
        HeaderValue::from_str(&format!("{name}={value}; HttpOnly; SameSite=Lax{secure}; Path=/{life}")).ok()
    }
}

/// The cookie `name` that the browser sent; none also where it is empty.
pub(crate) fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s17_over_https_cookies_belong_to_this_host_alone() {
        let names = Names::new(true);
        for name in [names.token(), names.csrf(), names.address()] {
            let line = names.set(name, "value").unwrap();
            let line = line.to_str().unwrap();
            assert!(line.starts_with("__Host-"), "{line}");
            for part in ["; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"] {
                assert!(line.contains(part), "{line} lacks {part}");
            }
            assert!(!line.contains("Domain"), "{line}");
        }
    }

    #[test]
    fn s17_the_loopback_demo_has_other_names_and_no_secure() {
        let names = Names::new(false);
        let line = names.set(names.token(), "value").unwrap();
        assert_eq!(line, "twostep-demo=value; HttpOnly; SameSite=Lax; Path=/");
    }

    #[test]
    fn a_value_that_would_end_the_cookie_is_not_set() {
        let names = Names::new(true);
        for value in ["a; Domain=example.org", "a\r\nSet-Cookie: b=c", "a b", "\u{e9}"] {
            assert_eq!(names.set(names.token(), value), None, "{value:?}");
        }
    }

    #[test]
    fn the_right_one_of_many_cookies_is_read() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; twostep-demo-csrf=x; twostep-demo=abc=="));
        assert_eq!(read(&headers, "twostep-demo"), Some("abc=="));
        assert_eq!(read(&headers, "twostep"), None);
    }
}
