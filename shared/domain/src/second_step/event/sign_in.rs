//! Sign-ins and step-ups: what was asked for, and what was typed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::second_step::{Dispatch, During, Judgement, MailedLink, Purpose, Typed, Unlocker};
use crate::{BackupKind, ChallengeId, Client, Digest, Method, SignInId, Time, TotpStep};

/// The password was right: a sign-in (or a step-up inside a session) is pending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignInStarted {
    /// Which sign-in.
    pub sign_in: SignInId,
    /// What it is for.
    pub purpose: Purpose,
    /// The hash of its bearer token; a step-up uses the session's.
    pub token: Digest,
    /// From which client.
    pub client: Client,
    /// A mailbox that can't be the second step here: it reset the password, and nothing else was proven since (S18).
    pub excluded: Option<Digest>,
    /// The revision of the member's stream that the password was compared at: a later change of password ends it (S16).
    pub password: u64,
    /// When it dies (15 min).
    pub expires_at: Time,
    /// When it was decided.
    pub at: Time,
}

/// The policy doesn't cover the person, and nothing is set up: the password is enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecondStepNotRequired {
    /// Which sign-in.
    pub sign_in: SignInId,
    /// Why.
    pub judgement: Judgement,
}

/// The person must set up before anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetUpRequired {
    /// Which sign-in.
    pub sign_in: SignInId,
    /// Why.
    pub judgement: Judgement,
}

/// The person must prove a second step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChallengeIssued {
    /// Which sign-in.
    pub sign_in: SignInId,
    /// What the dialog offers, the preferred first.
    pub offered: Vec<BackupKind>,
    /// Why.
    pub judgement: Judgement,
}

/// The person pressed *Send*: a code goes out; the message follows from this event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodeRequested {
    /// In what.
    pub during: During,
    /// The code and where it goes.
    pub dispatch: Dispatch,
    /// When it was decided.
    pub at: Time,
}

/// The person pressed *Resend*: the same code goes out again; the message follows from this event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodeResent {
    /// In what.
    pub during: During,
    /// The code and where it goes: as first requested.
    pub dispatch: Dispatch,
    /// The link that goes with it, where it proves an address in a set-up.
    pub link: Option<MailedLink>,
    /// When it was decided.
    pub at: Time,
}

/// A wrong code; it counts against the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodeRejected {
    /// In what.
    pub during: During,
    /// Tried as what.
    pub method: BackupKind,
    /// The challenge it was tried against; apps and printed codes have none.
    pub challenge: Option<ChallengeId>,
    /// Failures in a row, this one included.
    pub failures: u32,
    /// What was typed.
    pub typed: Typed,
    /// When it was decided.
    pub at: Time,
}

/// A right code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodeAccepted {
    /// In what.
    pub during: During,
    /// As what.
    pub method: Method,
    /// The challenge that it answered; an app's code has none.
    pub challenge: Option<ChallengeId>,
    /// An app's code: its step; it and those before it are used up.
    pub step: Option<TotpStep>,
    /// When it was decided.
    pub at: Time,
}

/// A printed code was right; it is used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecoveryCodeAccepted {
    /// In what.
    pub during: During,
    /// Which code.
    pub code: Digest,
    /// How many are left.
    pub remaining: u8,
    /// When it was decided.
    pub at: Time,
}

/// Twenty failures: nothing is accepted until somebody unlocks (S11); pending sign-ins and their set-ups are over (S16).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecondStepLocked {
    /// Failures in a row.
    pub failures: u32,
}

/// The lock is open, the count is zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecondStepUnlocked {
    /// By whom.
    pub by: Unlocker,
}
