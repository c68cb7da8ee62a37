//! Where people reach the pages: one rule for whoever shows pages and whoever writes links to them.

use url::Url;

use crate::Profile;

/// The last line of a text is `@host #code`: with a longer host, a code would be more than one segment (S29).
const LONGEST_HOST: usize = 100;

/// Why an address can't be the public one.
#[derive(Debug, thiserror::Error)]
pub enum PublicUrlError {
    /// Cookies, forms and links would travel in the clear.
    #[error("public_url is {0}, but in the production profile it must begin with https://")]
    NotHttps(Url),
    /// The demo is for this machine only, and the site lies at the top of its host.
    #[error("public_url is {0}: {1}")]
    Unfit(Url, &'static str),
}

impl Profile {
    /// Accepts the address of the pages, as people's browsers reach them and as links in mails begin.
    ///
    /// # Errors
    /// The production profile wants https, the demo profile a loopback address, and both a URL without a path.
    pub fn check_public_url(self, url: &Url) -> Result<(), PublicUrlError> {
        let unfit = |why| Err(PublicUrlError::Unfit(url.clone(), why));
        if !matches!(url.scheme(), "http" | "https") {
            return unfit("it must begin with http:// or https://");
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return unfit("it must have no path");
        }
        if url.host_str().is_some_and(|host| host.len() > LONGEST_HOST) {
            return unfit("its host has more than 100 characters: texts end with it");
        }
        if self == Self::Production && url.scheme() != "https" {
            return Err(PublicUrlError::NotHttps(url.clone()));
        }
        if self.check_base_url("public_url", url).is_err() {
            return unfit("the demo is for this machine only");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, profile: Profile) -> Result<(), PublicUrlError> {
        profile.check_public_url(&url.parse().unwrap())
    }

    #[test]
    fn production_is_https_and_the_demo_is_loopback() {
        assert!(check("https://verify.example.org/", Profile::Production).is_ok());
        assert!(matches!(
            check("http://verify.example.org/", Profile::Production),
            Err(PublicUrlError::NotHttps(_))
        ));
        assert!(check("http://127.0.0.1:8080", Profile::Demo).is_ok());
        assert!(matches!(check("http://192.0.2.1", Profile::Demo), Err(PublicUrlError::Unfit(..))));
    }

    #[test]
    fn s29_a_host_is_short_enough_to_end_a_text() {
        let host = |length: usize| format!("https://{}.{}.example/", "h".repeat(40), "h".repeat(length - 49));
        assert!(check(&host(100), Profile::Production).is_ok());
        assert!(matches!(check(&host(101), Profile::Production), Err(PublicUrlError::Unfit(..))));
    }

    #[test]
    fn the_site_lies_at_the_top_of_its_host() {
        for below in ["https://example.org/verify", "https://example.org/?a=b", "ftp://example.org/"] {
            assert!(matches!(check(below, Profile::Production), Err(PublicUrlError::Unfit(..))), "{below}");
        }
    }
}
