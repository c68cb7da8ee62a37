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
    /// Whose history it is in.
    pub company: Uuid,
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

/// What something was at a moment, with everything sealed masked.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AuditState {
    /// The moment: everything recorded up to it, itself included, is taken in.
    pub at: DateTime<Utc>,
    /// Whose history.
    pub company: Uuid,
    /// What it is.
    pub kind: AuditSubject,
    /// Its id.
    pub id: Uuid,
    /// The last revision of its stream until then.
    pub revision: u64,
    /// What it was, in the words that its events use; what is sealed there is `•••` here. Of a company: its names, policy,
    /// roster, countries, and how many groups and people it had. Of a group: its place, box, lock, Admins, and how many
    /// members it had. Of a person: roles, group, standing, what was set up, whether that counted, and the judgement that a
    /// sign-in would have been given.
    #[schema(value_type = Object)]
    pub state: Value,
}

/// What a state is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditSubject {
    /// The company itself.
    Company,
    /// A group.
    Group,
    /// A person.
    Member,
}
