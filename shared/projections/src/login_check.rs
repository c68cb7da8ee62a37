//! Login checks: must this person verify, and with what? Asked of the log's head, never of the past.

use std::sync::Arc;

use twostep_domain::company::Texting;
use twostep_domain::second_step::{JudgedGroup, Judgement, Requirement};
use twostep_domain::{CompanyId, MemberId, Subject, requires_two_step};
use twostep_event_store::{Checkpoint, ReadError, Reader};

use tokio::sync::RwLockReadGuard;

use crate::{Behind, CompanyView, Directory, ReadModel};

/// Asks the directory, fenced by the log's head.
#[derive(Clone)]
pub struct LoginChecks {
    reader: Arc<dyn Reader>,
    directory: Arc<ReadModel<Directory>>,
    texting: Texting,
}

/// No answer: whoever asks must refuse (S30).
#[derive(Debug, thiserror::Error)]
pub enum LoginCheckError {
    /// The log's head can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The directory doesn't reach the log's head.
    #[error(transparent)]
    Behind(#[from] Behind),
    /// There is no such person.
    #[error("there is no such person")]
    NoSuchMember,
}

impl LoginChecks {
    /// Login checks over `directory`, which follows `reader`; `texting`: whether texts can be sent.
    #[must_use]
    pub fn new(reader: Arc<dyn Reader>, directory: Arc<ReadModel<Directory>>, texting: Texting) -> Self {
        Self { reader, directory, texting }
    }

    /// Where the log stands: everything that was answered for `company` before this call is there or before.
    ///
    /// # Errors
    /// The log's.
    pub async fn head(&self, company: CompanyId) -> Result<Checkpoint, ReadError> {
        self.reader.head(company).await
    }

    /// The directory, having seen everything that was answered for `company` before this call.
    ///
    /// # Errors
    /// [`LoginCheckError`].
    pub async fn fenced(
        &self,
        company: CompanyId,
    ) -> Result<RwLockReadGuard<'_, Directory>, LoginCheckError> {
        let head = self.reader.head(company).await?;
        Ok(self.directory.at(&head).await?)
    }

    /// What the policy says of `member` now.
    ///
    /// # Errors
    /// [`LoginCheckError`].
    pub async fn requirement(
        &self,
        company: CompanyId,
        member: MemberId,
    ) -> Result<Requirement, LoginCheckError> {
        let directory = self.fenced(company).await?;
        directory
            .company(company)
            .and_then(|company| company.requirement(member, self.texting))
            .ok_or(LoginCheckError::NoSuchMember)
    }
}

impl CompanyView {
    /// What the policy says of `member`, less what can't be sent; none: there is no such person.
    #[must_use]
    pub fn requirement(&self, member: MemberId, texting: Texting) -> Option<Requirement> {
        let company = self.registered()?;
        let person = self.member(member)?;
        let policy = company.policy();
        let demand = policy.demand(texting);
        let subject = Subject { roles: &person.roles, group: self.enforcing(person.group) };
        let groups = person.group.map(|group| self.chain(group)).unwrap_or_default();
        let judgement = Judgement {
            reasons: requires_two_step(policy, &subject),
            company: self.revision(),
            member: person.revision,
            groups: groups.into_iter().map(|(id, _, revision)| JudgedGroup { id, revision }).collect(),
        };
        Some(Requirement {
            judgement,
            primary: demand.primary,
            backups: demand.backups,
            required_epoch: company.required_epoch(),
            turned_off: company.turned_off_at(),
            long_password: person.password.is_none_or(|password| password.long),
            work_address_first: policy.confirm_work_address_first.then(|| person.work_address()).flatten(),
            texting,
        })
    }
}
