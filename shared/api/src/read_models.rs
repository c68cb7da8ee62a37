//! Read models, as the operator sees them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What rebuilding the read models found.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RebuiltModels {
    /// One each.
    pub models: Vec<RebuiltModel>,
}

/// A read model that was built anew from the log.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RebuiltModel {
    /// Which.
    pub model: String,
    /// Whether it had been what the log adds up to. It is now, in any case.
    pub same: bool,
}
