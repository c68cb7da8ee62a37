//! What can be asked of a person's second step.
//!
//! Secrets never arrive here: the shell opens the seed, derives the code, compares, and passes what it found
//! as a fact. After a conflict the facts are made anew against the new state.

mod administration;
mod session;
mod set_up;
mod sign_in;

pub use administration::*;
pub use session::*;
pub use set_up::*;
pub use sign_in::*;

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
