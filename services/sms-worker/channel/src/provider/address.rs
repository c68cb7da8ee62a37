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

/// Resolves names to public addresses only. What is judged here is what is connected to: a name that leads elsewhere by then
/// has no second say (DNS rebinding).
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let public = public_of(tokio::net::lookup_host((name.as_str(), 0)).await?);
            if public.is_empty() {
                return Err("the name leads to no public address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Those of `found` that production may call.
fn public_of(found: impl Iterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    found.filter(|address| is_public(address.ip())).collect()
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
    let relays_to_v6 = (a, b, c) == (192, 88, 99);
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || relays_to_v6
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let [first, second, ..] = address.segments();
    // Only 2000::/3 is global unicast; of that, what protocols use among themselves (2001::/23, which holds Teredo, ORCHID and
    // benchmarks), documentation, and 6to4, which carries an IPv4 address, are not.
    first & 0xe000 == 0x2000
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        && first != 0x2002
        && !(first == 0x3fff && second < 0x1000)
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
            "https://[2001:0:a00:1::1]",
            "https://[2001:20::1]",
            "https://[2001:db8::1]",
            "https://[2002:a00:1::1]",
            "https://[3fff::1]",
            "https://192.88.99.1",
            "https://198.18.0.1",
            "https://224.0.0.1",
            "https://2130706433",
            "http://api.twilio.com",
        ];
        for url in inside {
            let url = Url::parse(url).unwrap();
            assert!(!allowed(&url, Profile::Production), "{url}");
            assert!(allowed(&url, Profile::Demo), "{url}");
        }
        assert!(allowed(&Url::parse("https://[2001:4860:4860::8888]").unwrap(), Profile::Production));
        for url in ["https://api.twilio.com", "https://93.184.216.34", "https://[2606:4700::1111]"] {
            assert!(allowed(&Url::parse(url).unwrap(), Profile::Production), "{url}");
        }
        assert!(!allowed(&Url::parse("file:///etc/passwd").unwrap(), Profile::Demo));
    }

    #[test]
    fn s28_of_a_name_s_addresses_only_the_public_ones_are_called() {
        let found = ["127.0.0.1:0", "93.184.216.34:0", "[::1]:0", "10.0.0.1:0", "[2606:4700::1111]:0"];
        let public = public_of(found.iter().map(|address| address.parse().unwrap()));
        assert_eq!(
            public,
            ["93.184.216.34:0", "[2606:4700::1111]:0"].map(|address| address.parse().unwrap())
        );
    }
}
