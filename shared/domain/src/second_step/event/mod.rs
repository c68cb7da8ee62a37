//! What can have happened to a person's second step.

mod session;
mod set_up;
mod sign_in;

use crate::answered::RequestAnswered;
use crate::codec::events;
use crate::notice::NoticeRequested;

pub use session::{PasswordChangeAuthorised, SessionEnded, SessionSeen, SignedIn, SteppedUp};
pub use set_up::{
    AuthenticatorPaired, AuthenticatorPairingStarted, BackupEmailVerified, BackupPhoneVerified,
    EmailVerificationRequested, MethodRemoved, MfaActivated, MfaResetForced, MfaTurnedOff,
    PhoneVerificationRequested, PrimaryEmailVerified, PrimaryPhoneVerified, RecoveryCodesIssued,
    ResetsRequested, SetUpStarted, VerificationLinkOpened,
};
pub use sign_in::{
    ChallengeIssued, CodeAccepted, CodeRejected, CodeRequested, CodeResent, RecoveryCodeAccepted,
    SecondStepLocked, SecondStepNotRequired, SecondStepUnlocked, SetUpRequired, SignInStarted,
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
        ResetsRequested = 1,
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
        RequestAnswered = 1,
    }
}
