//! Where a request comes from.

use axum::http::{HeaderMap, header::ORIGIN};
use url::Url;

use crate::failure::Forged;

/// Accepts requests of our own pages alone; those that don't say where they come from aren't (S19).
///
/// Pages with `Referrer-Policy: no-referrer` make browsers send `Origin: null` (Fetch, 3.2), so that header alone
/// can't tell our own forms from others'; `Sec-Fetch-Site` can, and pages can't forge it.
pub(crate) fn check(headers: &HeaderMap, public_url: &Url) -> Result<(), Forged> {
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or("unreadable").to_owned();
    let origin = headers.get(ORIGIN).map(text);
    let site = headers.get("sec-fetch-site").map(text);
    let ours = public_url.origin().ascii_serialization();
    match (site.as_deref(), origin.as_deref()) {
        (Some("same-origin"), None | Some("null")) => Ok(()),
        (Some("same-origin") | None, Some(origin)) if origin == ours => Ok(()),
        (None, None | Some("null")) => Err(Forged::NoOrigin),
        _ => Err(Forged::OtherOrigin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(site: Option<&str>, origin: Option<&str>) -> Result<(), Forged> {
        let mut headers = HeaderMap::new();
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        if let Some(site) = site {
            headers.insert("sec-fetch-site", site.parse().unwrap());
        }
        check(&headers, &Url::parse("https://verify.example.org").unwrap())
    }

    #[test]
    fn s19_our_own_pages_pass() {
        let ours = Some("https://verify.example.org");
        for (site, origin) in [
            (Some("same-origin"), ours),
            (None, ours),
            (Some("same-origin"), Some("null")),
            (Some("same-origin"), None),
        ] {
            assert_eq!(checked(site, origin), Ok(()), "{site:?} {origin:?}");
        }
    }

    #[test]
    fn s19_other_sites_and_the_silent_do_not() {
        let ours = Some("https://verify.example.org");
        for (site, origin) in [
            (None, None),
            (None, Some("null")),
            (None, Some("https://evil.example")),
            (None, Some("http://verify.example.org")),
            (None, Some("https://verify.example.org:8443")),
            (Some("same-origin"), Some("https://evil.example")),
            (Some("same-site"), ours),
            (Some("cross-site"), ours),
            (Some("cross-site"), None),
            (Some("none"), None),
        ] {
            assert!(checked(site, origin).is_err(), "{site:?} {origin:?}");
        }
    }
}
