//! A company's history, as auditors read it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ClientKind;

/// A page of a company's history, oldest first.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditEvents {
    /// The events of this page.
    pub events: Vec<AuditEvent>,
    /// The cursor of the next page; none: nothing came since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An event as the log holds it, with everything sealed masked.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditEvent {
    /// Its number in the company's history, from 1.
    pub number: u64,
    /// Its id.
    pub id: Uuid,
    /// What happened; schemas/events has the shape of each type and version.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The version of the type's schema.
    pub version: u16,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The kind of its stream: `company`, `group`, `login`, `member`, `second-step`, `password` or `delivery`.
    pub kind: String,
    /// What the stream is about: an id, or the keyed hash of a login.
    pub key: String,
    /// Its place in the stream, from 0.
    pub revision: u64,
    /// Who did it: `is` says `member` (with `id` and `roles`), `visitor`, `operator` or `system` (with `part`).
    #[schema(value_type = Object)]
    pub actor: Value,
    /// From which front end, where it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientKind>,
    /// The front end's version, as it said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_version: Option<String>,
    /// From which address, where it is known; `•••` for whoever doesn't hold the identity key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// One id for all that one request caused.
    pub correlation: Uuid,
    /// The event that caused this one, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<Uuid>,
    /// What its type's schema describes; what is sealed there is `•••` here.
    #[schema(value_type = Object)]
    pub data: Value,
}
