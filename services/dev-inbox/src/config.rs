//! Where the inbox listens and what it keeps.

use std::net::{Ipv4Addr, SocketAddr};

use twostep_runtime::Profile;

use crate::Encryption;

/// Where the inbox listens and what it keeps.
#[derive(Clone, Debug)]
pub struct Config {
    /// The profile it is started in: only [`Profile::Demo`] is accepted.
    pub profile: Profile,
    /// Where the mail server listens; port 0 takes a free one. Loopback only.
    pub smtp: SocketAddr,
    /// Whether mail connections are encrypted.
    pub encryption: Encryption,
    /// Where the SMS gateway, the page and the JSON listen; port 0 takes a free one. Loopback only.
    pub http: SocketAddr,
    /// How many messages are kept; older ones are dropped.
    pub keep: usize,
    /// The largest mail, in bytes.
    pub largest_mail: usize,
}

impl Default for Config {
    /// The demo profile, free ports on loopback, no encryption, the last 1,000 messages, mails up to 1 MiB.
    fn default() -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            profile: Profile::Demo,
            smtp: any,
            encryption: Encryption::None,
            http: any,
            keep: 1_000,
            largest_mail: 1024 * 1024,
        }
    }
}
