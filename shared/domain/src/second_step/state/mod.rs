//! What a person's second step adds up to.

mod activation;
mod challenge;
mod changes;
mod enrolment;
mod evolve;
mod facts;
mod failures;
mod prune;
mod sends;
mod session;
mod set_up;
mod sign_in;

use serde::{Deserialize, Serialize};

use crate::Digest;

pub(super) use challenge::Answer;
pub use challenge::Challenge;
pub use enrolment::{Authenticator, Enrolment, Methods, PrintedCodes, VerifiedContact};
pub(super) use evolve::evolve;
pub use failures::Failures;
pub use session::{Session, SessionOver, SessionProof, SessionStanding};
pub use set_up::{AppStep, ContactStep, LinkProgress, SetUp, WorkAddress};
pub use sign_in::{PendingSignIn, Proof, Stage};

use changes::Changes;
use sends::Sends;

/// The fold of a person's second-step stream.
///
/// It stays small whatever the history: what has expired by the time of the last event is dropped, and the lists have
/// upper bounds (see [`life`](super::life)). It holds sealed fields and hashes only, and serialises for snapshots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondStepState {
    enrolment: Option<Enrolment>,
    /// Oldest first; at most one per owner.
    set_ups: Vec<SetUp>,
    /// Oldest first.
    pending: Vec<PendingSignIn>,
    /// Oldest first.
    sessions: Vec<Session>,
    failures: Failures,
    sends: Sends,
    changes: Changes,
    /// The keyed hash of the mailbox that reset the password; none: nothing did, or something else was proven since (S18).
    reset_by: Option<Digest>,
}
