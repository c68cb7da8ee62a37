//! Setting up.

use std::collections::BTreeSet;

use crate::second_step::{NewSession, Requirement, SetUpOwner};
use crate::{BackupKind, ChallengeId, Digest, KeyPeriod, Method, PairingId, Sealed, SetUpId, Time, TotpStep};

/// See [`SecondStepCommand::StartSetUp`](super::SecondStepCommand::StartSetUp).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartSetUp {
    /// Its id.
    pub set_up: SetUpId,
    /// Whom it belongs to.
    pub owner: SetUpOwner,
    /// Methods of the enrolment in force that are to stay as they are (an edit).
    pub keeps: BTreeSet<BackupKind>,
    /// The policy's word.
    pub requirement: Requirement,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::PairAuthenticator`](super::SecondStepCommand::PairAuthenticator).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairAuthenticator {
    /// In whose set-up.
    pub owner: SetUpOwner,
    /// Its id.
    pub pairing: PairingId,
    /// The sealed seed.
    pub seed: Sealed,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::ConfirmAuthenticator`](super::SecondStepCommand::ConfirmAuthenticator).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmAuthenticator {
    /// In whose set-up.
    pub owner: SetUpOwner,
    /// The pairing that was compared.
    pub pairing: PairingId,
    /// The step that the code belongs to; none: to none within one of now.
    pub matched: Option<TotpStep>,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::RequestContactVerification`](super::SecondStepCommand::RequestContactVerification).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestContactVerification {
    /// In whose set-up.
    pub owner: SetUpOwner,
    /// By text or e-mail.
    pub method: Method,
    /// The id of the challenge, should a new code be due.
    pub challenge: ChallengeId,
    /// The address or number, sealed.
    pub destination: Sealed,
    /// Its keyed hash.
    pub destination_hash: Digest,
    /// The day's code key, should a new code be due.
    pub key: KeyPeriod,
    /// The month's link key (e-mail).
    pub link_key: KeyPeriod,
    /// Life of a new code in seconds.
    pub life_seconds: u16,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::ConfirmContact`](super::SecondStepCommand::ConfirmContact).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmContact {
    /// In whose set-up.
    pub owner: SetUpOwner,
    /// By text or e-mail.
    pub method: Method,
    /// The challenge that was compared (the set-up's latest, live or not); none: no code was asked for.
    pub challenge: Option<ChallengeId>,
    /// Whether it was its code.
    pub matches: bool,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::OpenVerificationLink`](super::SecondStepCommand::OpenVerificationLink).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenVerificationLink {
    /// Which link: its token was right.
    pub challenge: ChallengeId,
    /// From which device.
    pub device: Device,
    /// When.
    pub now: Time,
}

/// The device that a verification link was opened on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Device {
    /// The one that set up: it holds the token of the set-up's sign-in or session.
    Same(SetUpOwner),
    /// Another one, without the code of the first screen yet.
    Other,
    /// Another one, with what was typed there, compared.
    OtherWithCode {
        /// Whether it was the code of the first screen.
        matches: bool,
    },
}

/// See [`SecondStepCommand::IssueRecoveryCodes`](super::SecondStepCommand::IssueRecoveryCodes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueRecoveryCodes {
    /// In whose set-up, as its backup; otherwise the session that asks for new ones.
    pub owner: SetUpOwner,
    /// Whether they are the backup of the set-up under way; otherwise they replace the printed codes in force at once.
    pub as_backup: bool,
    /// Their keyed hashes.
    pub codes: BTreeSet<Digest>,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::Activate`](super::SecondStepCommand::Activate).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activate {
    /// In whose set-up.
    pub owner: SetUpOwner,
    /// Recovery codes to issue where printed codes aren't the backup and none are left from before.
    pub recovery_codes: BTreeSet<Digest>,
    /// The session to open where the set-up belongs to a pending sign-in.
    pub session: NewSession,
    /// The policy's word.
    pub requirement: Requirement,
    /// When.
    pub now: Time,
}
