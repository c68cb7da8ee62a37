//! Signing in, and proving the second step anew.

use crate::second_step::{Purpose, Requirement};
use crate::{ChallengeId, Client, Digest, KeyPeriod, Method, SessionId, SignInId, Time, TotpStep};

/// See [`SecondStepCommand::StartSignIn`](super::SecondStepCommand::StartSignIn).
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

/// See [`SecondStepCommand::RequestCode`](super::SecondStepCommand::RequestCode).
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

/// See [`SecondStepCommand::Verify`](super::SecondStepCommand::Verify).
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
