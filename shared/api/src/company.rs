//! Companies.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Creates a company and invites its Master Account Holder; the operator's.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCompany {
    /// Its short name: a-z, 0-9 and -.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its country, ISO 3166-1: texts may go there.
    pub country: String,
    /// Its language: en, de, fr, es, hu. It is kept and changes nothing yet: there are English texts only.
    #[serde(default = "english")]
    pub locale: String,
    /// Its time zone.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// The product's name that its people see.
    #[serde(default)]
    pub product_name: Option<String>,
    /// The account's name in authenticator apps.
    #[serde(default)]
    pub account_name: Option<String>,
    /// The Master Account Holder's name.
    pub holder_name: String,
    /// The Master Account Holder's work address.
    pub holder_email: String,
    /// The Master Account Holder's login; nothing said: the work address.
    #[serde(default)]
    pub holder_login: Option<String>,
}

fn english() -> String {
    "en".to_owned()
}

fn utc() -> String {
    "UTC".to_owned()
}

/// The company exists.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct CreatedCompany {
    /// Its id.
    pub id: Uuid,
    /// The Master Account Holder's id.
    pub account_holder: Uuid,
    /// The link that sets the Master Account Holder's first password. Given once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation_url: Option<String>,
    /// When the link dies.
    pub invitation_expires_at: DateTime<Utc>,
}

/// A company as its Master Admins see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Company {
    /// Its id.
    pub id: Uuid,
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its country.
    pub country: String,
    /// The Master Account Holder.
    pub account_holder: Uuid,
    /// The Master Admins.
    pub master_admins: Vec<Uuid>,
    /// How it presents itself.
    pub branding: Branding,
    /// Where texts may go.
    pub sms_countries: Vec<String>,
    /// Whether this installation can send texts at all; where it can't, no policy may need them.
    pub sends_texts: bool,
}

/// The names that people see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Branding {
    /// The product's.
    pub product_name: String,
    /// The account's in authenticator apps; no colon.
    pub account_name: String,
    /// The sender's of mails.
    pub sender_name: String,
}

/// Where texts may go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SmsCountries {
    /// ISO 3166-1 codes.
    pub countries: Vec<String>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Hands the account to another Master Admin.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferAccount {
    /// To whom.
    pub to: Uuid,
}
