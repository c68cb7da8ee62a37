//! Sign-ins and step-ups.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a sign-in needs.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartSignIn {
    /// The company's short name; may be left out where the server has one company.
    #[serde(default)]
    pub company: Option<String>,
    /// The login name.
    pub login: String,
    /// The password.
    pub password: String,
    /// The front end; nothing said: the website's shape with an old console's abilities (app and SMS).
    #[serde(default)]
    pub client: Option<Client>,
}

/// The front end that somebody signs in with.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Which one.
    pub kind: ClientKind,
    /// Its version, at most 64 characters.
    #[serde(default)]
    pub version: Option<String>,
    /// The methods it can ask for; nothing said: app and SMS.
    #[serde(default)]
    pub capabilities: Option<Vec<Method>>,
}

/// The front ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// The website.
    Web,
    /// The Technician Console.
    Console,
}

/// A verification method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// An authenticator app.
    App,
    /// A code by text message.
    Sms,
    /// A code by e-mail.
    Email,
}

/// What somebody can prove themselves with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// An authenticator app.
    App,
    /// A code by text message.
    Sms,
    /// A code by e-mail.
    Email,
    /// A printed (recovery) code.
    Printed,
}

/// Where a sign-in or step-up stands.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SignIn {
    /// Its id.
    pub id: Uuid,
    /// What comes next.
    pub next: Next,
    /// The bearer token to go on with: of the pending sign-in, or of the session once signed in. Given once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// When that token dies at the latest.
    pub expires_at: DateTime<Utc>,
    /// `verify`: what can be used, the preferred first.
    #[serde(default)]
    pub methods: Vec<OfferedMethod>,
    /// `set_up`: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_up: Option<SetUpReason>,
    /// `verify`: the earliest time of the next try, where wrong codes delay it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_try_at: Option<DateTime<Utc>>,
    /// `verify`: too many wrong codes locked the second step; a printed code or an administrator opens it.
    #[serde(default)]
    pub locked: bool,
    /// `verify`, where the sign-in was asked for by its id: the names of some who can unlock or reset this person, of
    /// Admins of the own group where there are any.
    #[serde(default)]
    pub administrators: Vec<String>,
    /// `verify`, where the sign-in was asked for by its id: the person's time zone, a name of the IANA time zone database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// `signed_in`, by a printed code that isn't the chosen backup: a method may be lost, so lead to *Edit*.
    #[serde(default)]
    pub edit_suggested: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// Nothing: the token is the session's. In a step-up: the proof is done, the session's token stays.
    SignedIn,
    /// Prove a second step: `codes`, then `verifications`.
    Verify,
    /// Set up two-step verification; nothing else is reachable before.
    SetUp,
}

/// Why somebody must set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetUpReason {
    /// Nothing is set up, or what was is reset.
    First,
    /// The company's primary method is another one now.
    NewPrimary,
}

/// A method that the verification dialog offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferedMethod {
    /// Which.
    pub kind: ProofKind,
    /// Where its codes go, masked; apps and printed codes have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
}

/// *Send* or *Resend*.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestCode {
    /// `sms` or `email`.
    pub method: Method,
}

/// A code is on its way.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CodeSent {
    /// By text or e-mail.
    pub method: Method,
    /// Where to, masked.
    pub destination: String,
    /// Whether it is the code that was sent before, which is still good.
    pub same_code: bool,
    /// When the code dies.
    pub expires_at: DateTime<Utc>,
    /// When *Resend* is possible.
    pub next_send_at: DateTime<Utc>,
}

/// A code that was typed.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    /// As what.
    pub method: ProofKind,
    /// Six digits, or a printed code; spaces and hyphens don't matter.
    pub code: String,
}

/// What became of the latest message of a sign-in or set-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryState {
    /// By text or e-mail.
    pub method: Method,
    /// `requested`, `submitted`, `retrying`, `delivered`, `bounced`, `failed`, `expired`, `unknown`.
    pub state: String,
    /// When it got there.
    pub at: DateTime<Utc>,
    /// `retrying`: when the next try is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<DateTime<Utc>>,
}
