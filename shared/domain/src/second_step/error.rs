//! Why a command on the second step is refused.

use std::collections::BTreeSet;

use crate::{BackupKind, Method, Time};

/// Why a command on the second step is refused. Nothing was appended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecondStepError {
    /// There is no such pending sign-in any more.
    #[error("this sign-in is over: start again with the password")]
    SignInOver,
    /// The pending sign-in waits for something else (S12, S20).
    #[error("this sign-in does not wait for that")]
    NotAtThisStep,
    /// The client can show none of the methods that the person has; it may never skip.
    #[error(
        "this client can't ask for any method that is set up: sign in on the website, or update the client"
    )]
    ClientCannotVerify {
        /// What the person has.
        has: BTreeSet<Method>,
    },
    /// The only method left is the mailbox that just reset the password (S18).
    #[error(
        "the mailbox that reset the password can't be the second step: use a printed code or another method, or ask an administrator"
    )]
    OnlyResetMailbox,
    /// The password would be all that is asked for, and is too short for that (S32).
    #[error(
        "your password is too short to be asked for alone: choose one of at least 15 characters first, in your account or through the link for a forgotten password"
    )]
    ShortPassword,
    /// All that is left of their methods is a number, and this installation sends no texts.
    #[error(
        "your only method is a text message, and this installation can't send any now: ask an administrator of your group to reset your two-step verification, then set up another method"
    )]
    OnlyTexts,
    /// The person has no such method that counts here.
    #[error("that method can't be used here")]
    MethodNotOffered,
    /// Nothing is set up that counts.
    #[error("two-step verification is not set up")]
    NothingSetUp,
    /// Locked after twenty failures: the same for right and wrong codes.
    #[error(
        "the second step is locked after too many wrong codes: use a printed code or ask an administrator"
    )]
    Locked,
    /// Delayed after failures: the same for right and wrong codes.
    #[error("too many wrong codes: the next try is possible at {}", crate::to_the_second(*next_at))]
    TooSoon {
        /// When the next try is possible.
        next_at: Time,
    },
    /// Too many messages to this destination.
    #[error("too many messages: the next one is possible at {}", crate::to_the_second(*next_at))]
    SendLimit {
        /// When the next one is possible.
        next_at: Time,
    },
    /// Too many set-ups were started, or printed codes asked for: each is told to every contact.
    #[error("this was begun too often: the next time is possible at {}", crate::to_the_second(*next_at))]
    ChangeLimit {
        /// When the next time is possible.
        next_at: Time,
    },
    /// The code was right once; ask for a new one. Not counted.
    #[error("this code has expired: ask for a new one")]
    CodeExpired,
    /// The app's code was used already; wait for the next one. Not counted (S1).
    #[error("this code was used already: the next one comes at {}", crate::to_the_second(*next_at))]
    CodeAlreadyUsed {
        /// When the app shows the next one.
        next_at: Time,
    },
    /// There is no such set-up any more.
    #[error("this set-up is over: start it again")]
    SetUpOver,
    /// What the set-up was started for has changed meanwhile: a reset, another policy, another activation.
    #[error("the rules changed since this set-up began: start it again")]
    SetUpOutdated,
    /// The company wants the work address proven before anything else (S34).
    #[error("confirm your work address first: have the link or code sent there")]
    WorkAddressFirst,
    /// Neither the primary nor an allowed backup.
    #[error("the company doesn't allow that method: GET set-up names those that it does")]
    MethodNotAllowed,
    /// A method can't be kept: it isn't there or isn't allowed.
    #[error("a method to be kept is not set up or not allowed")]
    CannotKeep {
        /// Which.
        kind: BackupKind,
    },
    /// The seed is unknown, replaced, or waited too long for its first code.
    #[error("this QR code is no longer valid: start the pairing again")]
    PairingOver,
    /// No code was asked for, so there is nothing to confirm.
    #[error("no code was sent: enter the address or number first")]
    NothingToConfirm,
    /// The link is unknown, replaced, expired or tried too often.
    #[error("this link is no longer valid: take the latest one, or have another sent from the set-up")]
    LinkDead,
    /// The primary method isn't proven yet.
    #[error("the primary method is not set up yet")]
    MissingPrimary {
        /// Which.
        method: Method,
    },
    /// No allowed backup is proven yet.
    #[error("a backup method is not set up yet")]
    MissingBackup {
        /// What would do.
        allowed: BTreeSet<BackupKind>,
    },
    /// A second-step proof of the last 5 min is needed (S18); each is good for one change of password.
    #[error("prove your second step first")]
    StepUpRequired,
    /// The policy demands a second step and none is set up: nothing else is possible before.
    #[error("set up two-step verification first")]
    SetUpNeeded,
    /// The policy covers the person: it can't be turned off.
    #[error("the company requires two-step verification")]
    Covered,
    /// The session ended, expired or was idle too long.
    #[error("this session is over: sign in again")]
    SessionOver,
}
