//! Why the channel's settings can't be used.

use std::path::PathBuf;

/// The settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidConfig {
    /// The sender is no address.
    #[error("`from` is no e-mail address")]
    From,
    /// The sender's host has no name.
    #[error("`host` is empty: give the name that this host sends as")]
    Host,
    /// A relay's host has no name.
    #[error("relay {relay}: `host` is empty: give its host name")]
    RelayHost {
        /// Which relay.
        relay: String,
    },
    /// There is no relay.
    #[error("no relay is configured: nothing could be sent")]
    NoRelay,
    /// Plain text outside the demo.
    #[error("relay {relay}: plain text is for the demo profile only")]
    Plain {
        /// Which relay.
        relay: String,
    },
    /// Credentials are half there.
    #[error("relay {relay}: `username` and `password` go together")]
    Credentials {
        /// Which relay.
        relay: String,
    },
    /// TLS can't be prepared.
    #[error("relay {relay}: preparing TLS")]
    Tls {
        /// Which relay.
        relay: String,
        /// Why.
        source: lettre::transport::smtp::Error,
    },
    /// The file of authorities can't be used.
    #[error("relay {relay}: reading the authorities in {}, which `ca_path` names", path.display())]
    Ca {
        /// Which relay.
        relay: String,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Authorities for a relay without TLS.
    #[error("relay {relay}: `ca_path` has no meaning where the connection is plain")]
    CaOfPlain {
        /// Which relay.
        relay: String,
    },
    /// The connections can't be prepared.
    #[error("relay {relay}: preparing its connections")]
    Pool {
        /// Which relay.
        relay: String,
        /// Why.
        source: deadpool::managed::BuildError,
    },
}
