//! What can have happened to a person's second step.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amr, Dispatch, During, EndReason, Judgement, MailedLink, Purpose, SetUpOwner, Typed, Unlocker};
use crate::codec::events;
use crate::company::Epoch;
use crate::notice::NoticeRequested;
use crate::{
    BackupKind, ChallengeId, Client, Digest, KeyPeriod, Method, PairingId, Sealed, SessionId, SetUpId,
    SignInId, Time, TotpStep,
};

events! {
    /// The events of a person's second step.
    pub enum SecondStepEvent {
        SetUpStarted = 1,
        AuthenticatorPairingStarted = 1,
        AuthenticatorPaired = 1,
        EmailVerificationRequested = 1,
        VerificationLinkOpened = 1,
        PrimaryEmailVerified = 1,
        BackupEmailVerified = 1,
        PhoneVerificationRequested = 1,
        PrimaryPhoneVerified = 1,
        BackupPhoneVerified = 1,
        RecoveryCodesIssued = 1,
        MfaActivated = 1,
        MethodRemoved = 1,
        MfaTurnedOff = 1,
        MfaResetForced = 1,
        SignInStarted = 1,
        SecondStepNotRequired = 1,
        SetUpRequired = 1,
        ChallengeIssued = 1,
        CodeRequested = 1,
        CodeResent = 1,
        CodeRejected = 1,
        CodeAccepted = 1,
        RecoveryCodeAccepted = 1,
        SecondStepLocked = 1,
        SecondStepUnlocked = 1,
        SignedIn = 1,
        SteppedUp = 1,
        SessionSeen = 1,
        SessionEnded = 1,
        PasswordChangeAuthorised = 1,
        NoticeRequested = 1,
    }
}

/// A set-up began; what isn't activated belongs to it and dies with it (S2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetUpStarted {
    /// Which set-up.
    pub set_up: SetUpId,
    /// The pending sign-in or session that it belongs to.
    pub owner: SetUpOwner,
    /// The reset epoch that its activation will count under.
    pub epoch: Epoch,
    /// The primary method asked for.
    pub primary: Method,
    /// What may be the backup.
    pub backups: BTreeSet<BackupKind>,
    /// Methods of the enrolment in force that stay as they are; empty in a first set-up.
    pub keeps: BTreeSet<BackupKind>,
    /// When it dies.
    pub expires_at: Time,
    /// The activation that it edits, by its set-up; none: nothing that counts was set up.
    pub edits: Option<SetUpId>,
    /// The revision of the company's stream that it was judged under (see `Requirement::turned_off`).
    pub company: u64,
    /// The keyed hash of the work address, where it is to be proven before anything else.
    #[serde(default)]
    pub work_address_first: Option<Digest>,
    /// When it was decided.
    pub at: Time,
}

/// A new seed was shown; any earlier one of this set-up is dead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuthenticatorPairingStarted {
    /// Which set-up.
    pub set_up: SetUpId,
    /// Which pairing.
    pub pairing: PairingId,
    /// The seed, sealed with the person's secret key.
    pub seed: Sealed,
    /// Unconfirmed, it dies then (10 min).
    pub expires_at: Time,
    /// When it was decided.
    pub at: Time,
}

/// The app showed a right code: it holds the seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuthenticatorPaired {
    /// Which set-up.
    pub set_up: SetUpId,
    /// Which pairing.
    pub pairing: PairingId,
    /// The step of the code: it and those before it are used up.
    pub step: TotpStep,
    /// When it was decided.
    pub at: Time,
}

/// A link and a short code go to an address; the mail follows from this event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EmailVerificationRequested {
    /// Which set-up.
    pub set_up: SetUpId,
    /// The short code and where it goes.
    pub dispatch: Dispatch,
    /// The month of the link's key.
    pub link_key: KeyPeriod,
    /// When the link dies: with the set-up.
    pub link_expires_at: Time,
    /// When it was decided.
    pub at: Time,
}

/// A person pressed the button behind the link on a device other than the one that set up: the code of the first screen is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VerificationLinkOpened {
    /// Which set-up.
    pub set_up: SetUpId,
    /// Which link.
    pub challenge: ChallengeId,
    /// When it was decided.
    pub at: Time,
}

/// The address is proven, as primary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PrimaryEmailVerified {
    /// Which set-up.
    pub set_up: SetUpId,
    /// What proved it.
    pub challenge: ChallengeId,
    /// When it was decided.
    pub at: Time,
}

/// The address is proven, as backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackupEmailVerified {
    /// Which set-up.
    pub set_up: SetUpId,
    /// What proved it.
    pub challenge: ChallengeId,
    /// When it was decided.
    pub at: Time,
}

/// A code goes to a number; the text follows from this event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PhoneVerificationRequested {
    /// Which set-up.
    pub set_up: SetUpId,
    /// The code and where it goes.
    pub dispatch: Dispatch,
    /// When it was decided.
    pub at: Time,
}

/// The number is proven, as primary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PrimaryPhoneVerified {
    /// Which set-up.
    pub set_up: SetUpId,
    /// What proved it.
    pub challenge: ChallengeId,
    /// When it was decided.
    pub at: Time,
}

/// The number is proven, as backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackupPhoneVerified {
    /// Which set-up.
    pub set_up: SetUpId,
    /// What proved it.
    pub challenge: ChallengeId,
    /// When it was decided.
    pub at: Time,
}

/// Printed codes were shown; all earlier ones are dead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecoveryCodesIssued {
    /// The set-up, where they belong to one; none: asked for later in a session.
    pub set_up: Option<SetUpId>,
    /// Their keyed hashes.
    pub codes: BTreeSet<Digest>,
    /// Whether they are the chosen backup.
    pub as_backup: bool,
    /// When it was decided.
    pub at: Time,
}

/// Two-step verification is on, with the methods that this set-up proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MfaActivated {
    /// Which set-up.
    pub set_up: SetUpId,
    /// The epoch that the set-up was started under.
    pub epoch: Epoch,
    /// The primary at the time.
    pub primary: Method,
    /// The backup at the time.
    pub backup: BackupKind,
    /// The company revision that the set-up was started under.
    pub company: u64,
    /// When it was decided.
    pub at: Time,
}

/// One method is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MethodRemoved {
    /// Which.
    pub method: BackupKind,
}

/// The owner turned two-step verification off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MfaTurnedOff {
    /// In which session.
    pub session: SessionId,
}

/// An administrator made the person set up again at the next sign-in; every session is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MfaResetForced {
    /// Why, in the words of who did it; may be empty.
    pub reason: String,
}

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

/// A session began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignedIn {
    /// Which sign-in.
    pub sign_in: SignInId,
    /// Which session.
    pub session: SessionId,
    /// The hash of its bearer token.
    pub token: Digest,
    /// How the person proved themselves (RFC 8176).
    pub amr: BTreeSet<Amr>,
    /// The assurance level reached: 1 or 2 (NIST SP 800-63B-4 §2); e-mail never counts as 2.
    pub aal: u8,
    /// The revision of the member's stream that the password was compared at: a later change of password ends it (S16).
    pub password: u64,
    /// From which client.
    pub client: Client,
    /// Why that was enough.
    pub judgement: Judgement,
    /// When it ends at the latest (24 h).
    pub expires_at: Time,
    /// When it was decided.
    pub at: Time,
}

/// The person proved a second step inside a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SteppedUp {
    /// Which step-up.
    pub sign_in: SignInId,
    /// In which session.
    pub session: SessionId,
    /// How.
    pub amr: BTreeSet<Amr>,
    /// The assurance level reached.
    pub aal: u8,
    /// When it was decided.
    pub at: Time,
}

/// The session is in use; at most one in 10 min.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionSeen {
    /// Which.
    pub session: SessionId,
    /// When it was decided.
    pub at: Time,
}

/// A session is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionEnded {
    /// Which.
    pub session: SessionId,
    /// Why.
    pub because: EndReason,
}

/// The person may set a new password now: the second step was proven where one is set up. Other sessions and pending sign-ins are over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PasswordChangeAuthorised {
    /// In which session; none: through a reset link.
    pub session: Option<SessionId>,
    /// The mailbox that reset the password, where one did.
    pub reset_by: Option<Digest>,
    /// When it was decided.
    pub at: Time,
}
