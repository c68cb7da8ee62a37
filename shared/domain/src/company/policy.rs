//! The company's rule: who must verify, with what.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{BackupKind, Method};

/// What a Master Admin sets under *Global Settings → Two-step verification*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Policy {
    /// All administrators, the Master Account Holder included; auditors and operators count as administrators.
    pub admins: bool,
    /// Which technicians.
    pub technicians: TechnicianScope,
    /// The primary method.
    pub primary: Method,
    /// What may be a backup; the primary itself never counts, and at least one other must be allowed.
    pub backups: BTreeSet<BackupKind>,
    /// Life of mailed and texted codes in seconds: 60 to 600 (NIST SP 800-63B-4 §3.1.3.2 allows 10 min at most).
    pub code_life_seconds: u16,
    /// Ask people to prove their work address before their first set-up (S34).
    pub confirm_work_address_first: bool,
}

/// Which technicians the policy covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TechnicianScope {
    /// None.
    None,
    /// All, whatever their groups' boxes say.
    All,
    /// The members of groups whose box is ticked.
    SelectedGroups,
}

impl Default for Policy {
    /// What a new company has: nobody must verify; app with every backup allowed; codes live 5 min.
    fn default() -> Self {
        Self {
            admins: false,
            technicians: TechnicianScope::None,
            primary: Method::App,
            backups: BTreeSet::from([
                BackupKind::App,
                BackupKind::Sms,
                BackupKind::Email,
                BackupKind::Printed,
            ]),
            code_life_seconds: 300,
            confirm_work_address_first: false,
        }
    }
}

impl Policy {
    /// The kinds that may stand beside the primary.
    #[must_use]
    pub fn allowed_backups(&self) -> BTreeSet<BackupKind> {
        let primary = BackupKind::from(self.primary);
        self.backups.iter().copied().filter(|kind| *kind != primary).collect()
    }

    /// Whether texts are the primary or may be a backup.
    #[must_use]
    pub fn uses_sms(&self) -> bool {
        self.primary == Method::Sms || self.backups.contains(&BackupKind::Sms)
    }
}

/// How a change of policy treats those who are set up already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    /// Only those who lack the new primary are asked for it, after proving an old method.
    Lossless,
    /// Everybody sets up again: the required epoch rises.
    Reset,
}

/// The reset epoch: an activation counts while it was started under at least the required one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Epoch(pub u32);
