//! How a company presents itself to its people.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Name;

/// The names that people see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Branding {
    /// The product, in mails and on pages.
    pub product_name: Name,
    /// The account's name in authenticator apps: the issuer; without a colon (S3).
    pub account_name: Name,
    /// The display name of the sender of mails.
    pub sender_name: Name,
}
