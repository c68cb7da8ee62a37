//! The channel's settings.

use std::collections::BTreeMap;
use std::num::{NonZeroU16, NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use serde::Deserialize;
use twostep_runtime::config::{Secret, choice};

/// The e-mail channel's settings.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address that mails come from.
    pub from: String,
    /// This sender's host name: what it says in `EHLO`, and the right half of message ids.
    pub host: String,
    /// The relays by name.
    pub relays: BTreeMap<String, Relay>,
    /// Failures in a row after which a relay is left alone for a while.
    #[serde(default = "five")]
    pub breaker_failures: NonZeroU32,
    /// For how many seconds.
    #[serde(default = "half_a_minute")]
    pub breaker_seconds: NonZeroU32,
}

/// One relay.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relay {
    /// Relays with a lower rank are asked first; the same rank goes by name.
    #[serde(default)]
    pub rank: u32,
    /// Its host name, also verified in its certificate.
    pub host: String,
    /// Its port.
    pub port: NonZeroU16,
    /// How the connection is protected.
    #[serde(default, deserialize_with = "choice")]
    pub security: SmtpSecurity,
    /// A PEM file with the authorities that its certificate must come from, in place of the system's.
    #[serde(default)]
    pub ca_path: Option<PathBuf>,
    /// Whom we sign in as, where it asks for that.
    #[serde(default)]
    pub username: Option<String>,
    /// The password of that.
    #[serde(default)]
    pub password: Option<Secret>,
    /// How many connections are kept at most.
    #[serde(default = "thirty_two")]
    pub connections: NonZeroUsize,
    /// How many seconds each step of the conversation may take.
    #[serde(default = "ten")]
    pub timeout_seconds: NonZeroU32,
}

/// How the connection to a relay is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SmtpSecurity {
    /// TLS is asked for in plain text and then required (usually port 587).
    #[default]
    StartTls,
    /// TLS from the first byte (usually port 465).
    ImplicitTls,
    /// No TLS: to a loopback address in the demo profile only.
    PlainLoopbackDemo,
}

const fn five() -> NonZeroU32 {
    NonZeroU32::new(5).expect("a number that is part of the program")
}

const fn thirty_two() -> NonZeroUsize {
    NonZeroUsize::new(32).expect("a number that is part of the program")
}

const fn ten() -> NonZeroU32 {
    NonZeroU32::new(10).expect("a number that is part of the program")
}

const fn half_a_minute() -> NonZeroU32 {
    NonZeroU32::new(30).expect("a number that is part of the program")
}
