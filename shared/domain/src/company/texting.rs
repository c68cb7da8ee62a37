//! A policy where an installation can't send text messages.

use std::collections::BTreeSet;

use super::Policy;
use crate::{BackupKind, Method};

/// Whether an installation can send text messages; mails it always can.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Texting {
    /// It has somebody who sends them.
    #[default]
    Possible,
    /// It has nobody: a method that needs them would lead into a dead end.
    Impossible,
}

/// What is asked of people: the policy, less what can't be sent to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The primary method.
    pub primary: Method,
    /// The kinds that may stand beside it.
    pub backups: BTreeSet<BackupKind>,
}

impl Policy {
    /// What is asked of people. Without texts another allowed method takes their place, the app before e-mail; where
    /// none is allowed, the app and printed codes: they need nothing of the installation, and are no weaker.
    #[must_use]
    pub fn demand(&self, texting: Texting) -> Demand {
        if texting == Texting::Possible {
            return Demand { primary: self.primary, backups: self.allowed_backups() };
        }
        let primary = match self.primary {
            Method::Sms if self.backups.contains(&BackupKind::App) => Method::App,
            Method::Sms if self.backups.contains(&BackupKind::Email) => Method::Email,
            Method::Sms => Method::App,
            other => other,
        };
        let without = [BackupKind::Sms, BackupKind::from(primary)];
        let mut backups: BTreeSet<_> =
            self.backups.iter().copied().filter(|kind| !without.contains(kind)).collect();
        if backups.is_empty() {
            backups.insert(BackupKind::Printed);
        }
        Demand { primary, backups }
    }

    /// Whether it can't be carried out as it stands where no texts are sent: the primary is SMS, or nothing else may be a
    /// backup.
    #[must_use]
    pub fn needs_texts(&self) -> bool {
        let backups = self.allowed_backups();
        self.primary == Method::Sms || backups == BTreeSet::from([BackupKind::Sms])
    }
}
