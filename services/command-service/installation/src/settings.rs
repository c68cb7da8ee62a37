//! The settings that every program with a log has, a group each.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use anyhow::ensure;
use serde::Deserialize;
use twostep_runtime::config::Secret;
use twostep_service::TextLimits;

/// The public port.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

/// A port.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listen {
    /// Where it listens.
    pub listen: SocketAddr,
}

/// The master key: one of the two.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The file that holds it, outside the data directory, mode 0600; made at the first start.
    #[serde(default)]
    pub master_path: Option<PathBuf>,
    /// The key itself, 32 bytes in base64 or hexadecimal.
    #[serde(default)]
    pub master: Option<Secret>,
}

/// The caps on texts.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// Texts of one company in a day.
    pub per_day: usize,
    /// Of these, to the numbers of one dialling code.
    pub per_dialling_code: usize,
    /// Of these, to numbers that are the same but for their last four digits.
    pub per_prefix: usize,
}

impl From<Texts> for TextLimits {
    fn from(Texts { per_day, per_dialling_code, per_prefix }: Texts) -> Self {
        Self { per_day, per_dialling_code, per_prefix }
    }
}

/// Refuses one port for both: what is bound second would say that some other program has it.
///
/// # Errors
/// They are the same.
pub fn check_ports(http: SocketAddr, admin: SocketAddr) -> anyhow::Result<()> {
    let overlap = http.ip() == admin.ip() || http.ip().is_unspecified() || admin.ip().is_unspecified();
    // Port 0 is another one each time.
    let same = http.port() == admin.port() && http.port() != 0 && overlap;
    ensure!(!same, "http.listen ({http}) and admin.listen ({admin}) are the same port: give each its own");
    Ok(())
}
