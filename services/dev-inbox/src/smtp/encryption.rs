//! How the mail server's connections are encrypted.

use std::fmt;
use std::sync::Arc;

use tokio_rustls::rustls::ServerConfig;

/// Whether and when mail connections are encrypted.
#[derive(Clone, Default)]
pub enum Encryption {
    /// Never: `STARTTLS` is not offered.
    #[default]
    None,
    /// After `STARTTLS`; before it nothing but greetings is taken.
    StartTls(Arc<ServerConfig>),
    /// From the first byte.
    Implicit(Arc<ServerConfig>),
}

impl fmt::Debug for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::StartTls(_) => "StartTls",
            Self::Implicit(_) => "Implicit",
        })
    }
}
