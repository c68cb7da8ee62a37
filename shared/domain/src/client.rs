//! What a person signs in with, and what it can show.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Method;

/// The two front ends that two-step verification guards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// The website.
    Web,
    /// The Technician Console.
    Console,
}

/// A front end as it introduces itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Client {
    /// Which of the two.
    pub kind: ClientKind,
    /// Its version, as it says; at most 64 characters.
    pub version: Option<String>,
    /// The methods that it can ask for.
    pub capabilities: Capabilities,
}

/// The methods that a client can ask for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Capabilities(pub BTreeSet<Method>);

impl Default for Capabilities {
    /// A client that says nothing can do what the oldest consoles could: app and SMS.
    fn default() -> Self {
        Self(BTreeSet::from([Method::App, Method::Sms]))
    }
}

impl Capabilities {
    /// All methods, as the website declares.
    #[must_use]
    pub fn all() -> Self {
        Self(BTreeSet::from([Method::App, Method::Sms, Method::Email]))
    }

    /// Whether the client can ask for `method`.
    #[must_use]
    pub fn allow(&self, method: Method) -> bool {
        self.0.contains(&method)
    }
}
