//! Sessions, and the person signed in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{ClientKind, OfferedMethod, Role};

/// The sessions of the person signed in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Sessions {
    /// The newest first.
    pub sessions: Vec<Session>,
}

/// One session.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// Whether it is the one that asks.
    pub current: bool,
    /// From which front end.
    pub client: ClientKind,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it was last noted to be in use; up to 10 min behind.
    pub seen_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// The assurance level, 1 or 2.
    pub aal: u8,
    /// How the person proved themselves (RFC 8176).
    pub amr: Vec<String>,
}

/// The person signed in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// Their id.
    pub id: Uuid,
    /// Their company.
    pub company: Uuid,
    /// Their company's name.
    pub company_name: String,
    /// The product's name, as the company presents it.
    pub product_name: String,
    /// Their name.
    pub name: String,
    /// Their time zone, by its name in the IANA database.
    pub time_zone: String,
    /// Their work address, masked.
    pub email: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Whether they hold the account.
    pub account_holder: bool,
    /// Their technician group.
    pub group: Option<Uuid>,
    /// Whether the policy covers them.
    pub covered: bool,
    /// Their methods in force, the primary first; empty: two-step verification is off.
    pub methods: Vec<OfferedMethod>,
    /// Printed codes that are left.
    pub recovery_codes_left: u8,
    /// The session that asks.
    pub session: Session,
}

/// Changes the password of the person signed in.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The present password.
    pub old: String,
    /// The new one.
    pub new: String,
}
