//! The small values that second-step events and commands share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ChallengeId, Digest, KeyPeriod, MemberId, Method, Sealed, SessionId, SetUpId, SignInId, Time};

/// A code on its way: enough to derive it, send it and check it; the code itself is nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dispatch {
    /// What the code answers.
    pub challenge: ChallengeId,
    /// By text or e-mail.
    pub method: Method,
    /// The address or number, sealed to the person.
    pub destination: Sealed,
    /// Its keyed hash.
    pub destination_hash: Digest,
    /// The day of the code's key.
    pub key: KeyPeriod,
    /// When the code dies.
    pub expires_at: Time,
}

/// The link in a mail that proves an address: its token is derived from the code's challenge and this key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailedLink {
    /// The month of its key.
    pub key: KeyPeriod,
    /// When it dies: with the set-up.
    pub expires_at: Time,
}

/// What a wrong guess was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Typed {
    /// The code of the method itself.
    Code,
    /// The code of the set-up's first screen, on the device where the mailed link was opened.
    ScreenCode,
}

/// Where a code is tried or asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum During {
    /// A sign-in or a step-up.
    SignIn(SignInId),
    /// A set-up.
    SetUp(SetUpId),
}

/// What a pending sign-in is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A new session.
    SignIn,
    /// A fresh proof inside a session.
    StepUp(SessionId),
}

/// Whom a set-up belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetUpOwner {
    /// A pending sign-in that must set up first.
    SignIn(SignInId),
    /// A session: a voluntary first set-up, or an edit.
    Session(SessionId),
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The person signed out.
    SignedOut,
    /// The person ended it from another session.
    Revoked,
    /// Two-step verification came on in another session.
    Activated,
    /// Wrong codes in its step-up locked the second step.
    Locked,
    /// The person opened more sessions than may live at once; this was the oldest.
    TooMany,
}

/// Who opened the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unlocker {
    /// An administrator, not the person themselves.
    Administrator(MemberId),
    /// The operator, who breaks the glass.
    Operator,
    /// The person, with a printed code.
    RecoveryCode,
}

/// How somebody proved themselves (RFC 8176 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Amr {
    /// A password.
    Pwd,
    /// A one-time code from an app.
    Otp,
    /// A code by text message.
    Sms,
    /// A code by e-mail (not registered; never counts for AAL2).
    Email,
    /// A printed code (not registered).
    Recovery,
    /// More than one factor.
    Mfa,
}
