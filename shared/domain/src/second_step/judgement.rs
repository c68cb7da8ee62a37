//! What the login check found out about a person, as a decision carries it.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::company::{Epoch, Texting};
use crate::{BackupKind, Digest, GroupId, Method, Reason};

/// The policy's word on one person at one moment, read not behind the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Whether and why the person must verify, and what that was read from.
    pub judgement: Judgement,
    /// The company's primary method.
    pub primary: Method,
    /// The kinds allowed beside it.
    pub backups: BTreeSet<BackupKind>,
    /// Activations started under a lower epoch no longer count.
    pub required_epoch: Epoch,
    /// The company revision of the last change that turned two-step verification off for whom the policy doesn't
    /// cover (`PolicyChanged::turn_off_uncovered`): for them an activation whose set-up began under an earlier revision has ended.
    pub turned_off: Option<u64>,
    /// Whether the person's password has the 15 characters that one needs which is asked for alone (S32).
    pub long_password: bool,
    /// The keyed hash of the work address, where the company wants it proven before a first set-up (S34).
    pub work_address_first: Option<Digest>,
    /// Whether texts can be sent: a number that was proven earlier is of no use without.
    pub texting: Texting,
}

impl Requirement {
    /// Whether the policy covers the person.
    #[must_use]
    pub fn covers(&self) -> bool {
        !self.judgement.reasons.is_empty()
    }

    /// Whether an activation counts whose set-up began under `epoch` and the company's revision `company`: not undone
    /// by a mass reset, nor turned off for those not covered. It isn't turned off for whoever has a short password, as that
    /// would stand alone.
    #[must_use]
    pub fn counts(&self, epoch: Epoch, company: u64) -> bool {
        let ended = self.long_password && self.turned_off.is_some_and(|revision| company < revision);
        epoch >= self.required_epoch && (self.covers() || !ended)
    }

    /// Whether codes of `method` reach anybody.
    #[must_use]
    pub fn reaches(&self, method: Method) -> bool {
        method != Method::Sms || self.texting == Texting::Possible
    }

    /// The kinds that may stand beside the primary; the primary itself never does.
    #[must_use]
    pub fn allowed_backups(&self) -> BTreeSet<BackupKind> {
        let primary = BackupKind::from(self.primary);
        self.backups.iter().copied().filter(|kind| *kind != primary).collect()
    }
}

/// Why a sign-in was asked for a second step or not, recorded for the explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Judgement {
    /// The rules that hit; empty: the policy doesn't cover the person.
    pub reasons: Vec<Reason>,
    /// The revision of the company's stream.
    pub company: u64,
    /// The revision of the member's stream.
    pub member: u64,
    /// The revisions of the group and those above it, nearest first.
    pub groups: Vec<JudgedGroup>,
}

/// A group that a judgement looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JudgedGroup {
    /// Which.
    pub id: GroupId,
    /// The revision of its stream.
    pub revision: u64,
}
