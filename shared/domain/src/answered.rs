//! Requests that asked for what was so already.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A request with an idempotency key was answered, and there was nothing to change: its envelope remembers the key, so that
/// the same request does nothing to what is decided later either (S35).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequestAnswered {}
