//! Addresses that production never calls: whoever writes a URL must not reach what is inside (S28).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use twostep_runtime::Profile;
use url::{Host, Url};

/// Whether `profile` may call this URL, as far as its text says.
pub(super) fn allowed(url: &Url, profile: Profile) -> bool {
    match profile {
        Profile::Demo => matches!(url.scheme(), "http" | "https") && url.has_host(),
        Profile::Production => {
            url.scheme() == "https"
                && match url.host() {
                    Some(Host::Ipv4(address)) => is_public(address.into()),
                    Some(Host::Ipv6(address)) => is_public(address.into()),
                    Some(Host::Domain(_)) => true,
                    None => false,
                }
        }
    }
}

/// The address of `name` behind `base`.
pub(super) fn behind(base: &Url, name: &str) -> Option<Url> {
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().push(name);
    Some(url)
}

/// Whether providers may be told to call this URL of ours: what they say is signed, and travels unseen in production.
pub(super) fn called_back(url: &Url, profile: Profile) -> bool {
    match profile {
        Profile::Demo => matches!(url.scheme(), "http" | "https"),
        Profile::Production => url.scheme() == "https",
    }
}

/// Resolves names to public addresses only.
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("the name leads to no public address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is globally reachable (IANA's special-purpose registries, the parts that are in use).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let [first, second, ..] = address.segments();
    // Only 2000::/3 is global unicast; of that, documentation, and the prefixes that carry an IPv4 address, are not.
    first & 0xe000 == 0x2000
        && (first, second) != (0x2001, 0x0db8)
        && (first, second) != (0x2001, 0)
        && first != 0x2002
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s28_private_addresses_and_plain_http_are_for_the_demo() {
        let inside = [
            "https://127.0.0.1",
            "https://10.1.2.3",
            "https://192.168.0.1",
            "https://172.16.0.1",
            "https://169.254.169.254",
            "https://100.64.0.1",
            "https://0.0.0.0",
            "https://[::1]",
            "https://[fd00::1]",
            "https://[fe80::1]",
            "https://[::ffff:10.0.0.1]",
            "https://[64:ff9b::a00:1]",
            "https://2130706433",
            "http://api.twilio.com",
        ];
        for url in inside {
            let url = Url::parse(url).unwrap();
            assert!(!allowed(&url, Profile::Production), "{url}");
            assert!(allowed(&url, Profile::Demo), "{url}");
        }
        for url in ["https://api.twilio.com", "https://93.184.216.34", "https://[2606:4700::1111]"] {
            assert!(allowed(&Url::parse(url).unwrap(), Profile::Production), "{url}");
        }
        assert!(!allowed(&Url::parse("file:///etc/passwd").unwrap(), Profile::Demo));
    }
}
