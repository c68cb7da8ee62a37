//! Sessions, and what is done in them.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::second_step::{Amr, EndReason, Judgement};
use crate::{Client, Digest, SessionId, SignInId, Time};

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
