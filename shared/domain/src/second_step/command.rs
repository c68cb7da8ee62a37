//! What can be asked of a person's second step.
//!
//! Secrets never arrive here: the shell opens the seed, derives the code, compares, and passes what it found
//! as a fact. After a conflict the facts are made anew against the new state.

use std::collections::BTreeSet;

use super::{EndReason, Purpose, Requirement, SetUpOwner, Unlocker};
use crate::{
    BackupKind, ChallengeId, Client, Digest, KeyPeriod, MemberId, Method, PairingId, Sealed, SessionId,
    SetUpId, SignInId, Time, TotpStep,
};

/// A command on a person's second step. Each carries the time that it is decided at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondStepCommand {
    /// The password was right, or a session asks for a fresh proof.
    StartSignIn(StartSignIn),
    /// *Send* or *Resend*: in the verification dialog.
    RequestCode(RequestCode),
    /// A code was typed into the verification dialog.
    Verify(Verify),
    /// *Set up two-step verification*, *Start pairing again*, *Edit*.
    StartSetUp(StartSetUp),
    /// *Set up mobile app*: show a seed.
    PairAuthenticator(PairAuthenticator),
    /// The app's first code was typed.
    ConfirmAuthenticator(ConfirmAuthenticator),
    /// *Set up Email* / *Set up Text Message*, *Next*; also *Resend* and a changed address.
    RequestContactVerification(RequestContactVerification),
    /// The short code of a mail or text was typed.
    ConfirmContact(ConfirmContact),
    /// The button behind the mailed link was pressed.
    OpenVerificationLink(OpenVerificationLink),
    /// Printed codes: as backup in a set-up, or new ones in a session.
    IssueRecoveryCodes(IssueRecoveryCodes),
    /// *Activate*.
    Activate(Activate),
    /// The owner turns two-step verification off.
    TurnOff(TurnOff),
    /// An administrator asks for a new set-up.
    ForceReset(ForceReset),
    /// This person, an administrator, resets several people at once.
    RequestResets(RequestResets),
    /// An administrator or the operator opens the lock.
    Unlock(Unlock),
    /// A session is used.
    TouchSession(TouchSession),
    /// A session ends.
    EndSession(EndSession),
    /// A password is about to be changed.
    AuthorisePasswordChange(AuthorisePasswordChange),
}

/// See [`SecondStepCommand::StartSignIn`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartSignIn {
    /// Its id.
    pub sign_in: SignInId,
    /// What it is for.
    pub purpose: Purpose,
    /// The hash of its bearer token.
    pub token: Digest,
    /// From which client.
    pub client: Client,
    /// A mailbox that can't be the second step here: it reset the password a short while ago.
    pub excluded: Option<Digest>,
    /// The revision of the member's stream that the password was compared at: a later change of password ends it (S16).
    pub password: u64,
    /// The session to open if the password is enough.
    pub session: NewSession,
    /// The policy's word.
    pub requirement: Requirement,
    /// When.
    pub now: Time,
}

/// A session that may be opened: its token was drawn before, only its hash arrives here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// The hash of its bearer token.
    pub token: Digest,
}

/// See [`SecondStepCommand::RequestCode`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestCode {
    /// In which sign-in or step-up.
    pub sign_in: SignInId,
    /// By text or e-mail.
    pub method: Method,
    /// The id of the challenge, should a new code be due.
    pub challenge: ChallengeId,
    /// The day's key, should a new code be due.
    pub key: KeyPeriod,
    /// Life of a new code in seconds.
    pub life_seconds: u16,
    /// The policy's word.
    pub requirement: Requirement,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::Verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verify {
    /// In which sign-in or step-up.
    pub sign_in: SignInId,
    /// What was typed, compared.
    pub attempt: Attempt,
    /// The session to open if it is right.
    pub session: NewSession,
    /// The policy's word.
    pub requirement: Requirement,
    /// When.
    pub now: Time,
}

/// What the shell found when it compared what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// An app's code: the step that it belongs to, within one of now; none: it belongs to no such step.
    App {
        /// Which step.
        matched: Option<TotpStep>,
    },
    /// A texted or mailed code, compared with the one derived from the state's latest challenge of this method, live or
    /// not (`SecondStepState::latest_challenge`): so a right code that came too late is told from a wrong one.
    Sent {
        /// By text or e-mail.
        method: Method,
        /// Which challenge; none: no code was asked for.
        challenge: Option<ChallengeId>,
        /// Whether it is the challenge's code.
        matches: bool,
    },
    /// A printed code: its hash, if it is one of those in the state.
    Printed {
        /// Which code.
        matched: Option<Digest>,
    },
}

/// See [`SecondStepCommand::StartSetUp`].
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

/// See [`SecondStepCommand::PairAuthenticator`].
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

/// See [`SecondStepCommand::ConfirmAuthenticator`].
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

/// See [`SecondStepCommand::RequestContactVerification`].
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

/// See [`SecondStepCommand::ConfirmContact`].
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

/// See [`SecondStepCommand::OpenVerificationLink`].
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

/// See [`SecondStepCommand::IssueRecoveryCodes`].
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

/// See [`SecondStepCommand::Activate`].
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

/// See [`SecondStepCommand::TurnOff`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnOff {
    /// In which session.
    pub session: SessionId,
    /// The policy's word: covered people can't.
    pub requirement: Requirement,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::ForceReset`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForceReset {
    /// Why; may be empty.
    pub reason: String,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::RequestResets`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestResets {
    /// Whom.
    pub members: Vec<MemberId>,
}

/// See [`SecondStepCommand::Unlock`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlock {
    /// Who; an administrator is never the person themselves, which the caller has checked.
    pub by: Unlocker,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::TouchSession`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TouchSession {
    /// Which.
    pub session: SessionId,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::EndSession`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndSession {
    /// Which.
    pub session: SessionId,
    /// Why.
    pub because: EndReason,
    /// When.
    pub now: Time,
}

/// See [`SecondStepCommand::AuthorisePasswordChange`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorisePasswordChange {
    /// In which session; none: through a reset link, which never removes or replaces a method.
    pub session: Option<SessionId>,
    /// The mailbox that reset the password, where one did.
    pub reset_by: Option<Digest>,
    /// The policy's word.
    pub requirement: Requirement,
    /// When.
    pub now: Time,
}
