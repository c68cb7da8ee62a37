//! Set-ups, and the enrolments that they put in force.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::company::Epoch;
use crate::second_step::{Dispatch, SetUpOwner};
use crate::{
    BackupKind, ChallengeId, Digest, KeyPeriod, MemberId, Method, PairingId, Sealed, SessionId, SetUpId,
    Time, TotpStep,
};

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

/// This person, an administrator, asked for several people's resets at once; what became of each is in theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResetsRequested {
    /// Whose.
    pub members: Vec<MemberId>,
}
