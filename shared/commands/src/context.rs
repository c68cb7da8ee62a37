//! What every use case works with.

use std::sync::Arc;

use chrono::Duration;
use secrecy::{ExposeSecret as _, SecretString};
use twostep_clock::Time;
use twostep_domain::company::{Company, Texting};
use twostep_domain::member::Member;
use twostep_domain::second_step::{Requirement, SecondStep};
use twostep_domain::{CompanyId, Digest, KeyPeriod, LinkId, MemberId, Sealed, StreamKind, member};
use twostep_event_store::{Revision, StreamId};
use twostep_projections::{Directory, LoginChecks, ReadModel};
use twostep_vault::{Field, OpenError, Owner, PasswordHasher, Vault, random};

use crate::errands::Errands;
use crate::first_step::FirstStepLimits;
use crate::ledger::Turns;
use crate::quota::Quota;
use crate::{Fault, Fold, Ledger};

/// The use cases, over one log and one vault.
pub struct Commands {
    pub(crate) ledger: Ledger,
    pub(crate) vault: Arc<Vault>,
    pub(crate) hasher: Arc<PasswordHasher>,
    pub(crate) checks: LoginChecks,
    pub(crate) directory: Arc<ReadModel<Directory>>,
    pub(crate) first_step: FirstStepLimits,
    pub(crate) forgotten: Quota,
    pub(crate) errands: Errands,
    pub(crate) settings: Settings,
    /// Whose turn it is to move a group of a company.
    pub(crate) group_moves: Arc<Turns>,
}

/// What use cases are set to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people reach the web pages; links begin with it (S8: never a request's Host).
    pub public_url: String,
    /// Whether texts can be sent.
    pub texting: Texting,
}

/// Life of an invitation.
pub(crate) const INVITATION: Duration = Duration::days(7);

/// Life of a password-reset link.
pub(crate) const PASSWORD_RESET: Duration = Duration::hours(1);

impl Commands {
    /// The use cases over these parts; `directory` follows the ledger's store.
    #[must_use]
    pub fn new(
        ledger: Ledger,
        vault: Arc<Vault>,
        hasher: Arc<PasswordHasher>,
        checks: LoginChecks,
        directory: Arc<ReadModel<Directory>>,
        settings: Settings,
    ) -> Self {
        let (first_step, group_moves, errands) = Default::default();
        let forgotten = Quota::of_forgotten_passwords();
        Self {
            ledger,
            vault,
            hasher,
            checks,
            directory,
            first_step,
            forgotten,
            errands,
            settings,
            group_moves,
        }
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Time {
        self.ledger.now()
    }

    /// The ledger below.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The vault below.
    #[must_use]
    pub fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    /// The directory, fenced or not.
    #[must_use]
    pub fn directory(&self) -> &Arc<ReadModel<Directory>> {
        &self.directory
    }

    /// The login checks.
    #[must_use]
    pub fn checks(&self) -> &LoginChecks {
        &self.checks
    }

    /// Where people reach the web pages, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        self.settings.public_url.trim_end_matches('/')
    }

    /// Whether texts can be sent.
    #[must_use]
    pub fn texting(&self) -> Texting {
        self.settings.texting
    }

    /// A person's second step as it stands.
    ///
    /// # Errors
    /// The log's.
    pub async fn second_step(
        &self,
        company: CompanyId,
        member: MemberId,
    ) -> Result<Arc<Fold<SecondStep>>, Fault> {
        Ok(self.ledger.load(&second_step(company, member)).await?)
    }

    /// A person's second step as it stood at `at`.
    ///
    /// # Errors
    /// The log's.
    pub async fn second_step_as_of(
        &self,
        company: CompanyId,
        member: MemberId,
        at: Time,
    ) -> Result<Arc<Fold<SecondStep>>, Fault> {
        Ok(self.ledger.load_as_of(&second_step(company, member), at).await?)
    }

    /// A person as administrators manage them.
    ///
    /// # Errors
    /// The log's.
    pub async fn member(&self, company: CompanyId, member: MemberId) -> Result<Arc<Fold<Member>>, Fault> {
        Ok(self.ledger.load(&member_stream(company, member)).await?)
    }

    /// A company.
    ///
    /// # Errors
    /// The log's.
    pub async fn company(&self, company: CompanyId) -> Result<Arc<Fold<Company>>, Fault> {
        Ok(self.ledger.load(&StreamId::company(company)).await?)
    }

    /// A person as administrators managed them at `at`.
    ///
    /// # Errors
    /// The log's.
    pub async fn member_as_of(
        &self,
        company: CompanyId,
        member: MemberId,
        at: Time,
    ) -> Result<Arc<Fold<Member>>, Fault> {
        Ok(self.ledger.load_as_of(&member_stream(company, member), at).await?)
    }

    /// A company as it stood at the revision `at` of its own stream.
    ///
    /// # Errors
    /// The log's.
    pub async fn company_at(&self, company: CompanyId, at: Revision) -> Result<Arc<Fold<Company>>, Fault> {
        Ok(self.ledger.load_at(&StreamId::company(company), at).await?)
    }

    pub(crate) async fn requirement(
        &self,
        company: CompanyId,
        member: MemberId,
    ) -> Result<Requirement, Fault> {
        Ok(self.checks.requirement(company, member).await?)
    }

    /// Opens one of a person's fields.
    ///
    /// # Errors
    /// The person was erased, or the text is not what was sealed.
    pub fn open(
        &self,
        company: CompanyId,
        member: MemberId,
        field: Field,
        sealed: &Sealed,
    ) -> Result<SecretString, OpenError> {
        self.vault.unseal(Owner::Member(company, member), field, sealed)
    }

    pub(crate) fn seal(
        &self,
        company: CompanyId,
        member: MemberId,
        field: Field,
        plain: &str,
    ) -> Result<Sealed, Fault> {
        Ok(self.vault.seal(Owner::Member(company, member), field, plain)?)
    }

    /// The words that a person's password must not be built on.
    pub(crate) async fn obvious_words(
        &self,
        company: CompanyId,
        person: &member::Person,
        id: MemberId,
    ) -> Vec<String> {
        let identity = person.identity();
        let fields =
            [(Field::Name, &identity.name), (Field::Login, &identity.login), (Field::Email, &identity.email)];
        let opened =
            fields.into_iter().filter_map(|(field, sealed)| self.open(company, id, field, sealed).ok());
        let mut words: Vec<String> = opened.map(|text| text.expose_secret().to_owned()).collect();
        if let Ok(fold) = self.company(company).await
            && let Some(company) = fold.state().registered()
        {
            words.push(company.name().as_str().to_owned());
            words.push(company.slug().as_str().to_owned());
            words.push(company.branding().product_name.as_str().to_owned());
        }
        words
    }
}

pub(crate) fn second_step(company: CompanyId, member: MemberId) -> StreamId {
    StreamId::new(company, StreamKind::SecondStep, member.0)
}

pub(crate) fn member_stream(company: CompanyId, member: MemberId) -> StreamId {
    StreamId::new(company, StreamKind::Member, member.0)
}

pub(crate) fn login_stream(company: CompanyId, login: &Digest) -> StreamId {
    StreamId::new(company, StreamKind::Login, login)
}

/// A link that begins now.
pub(crate) fn new_link(now: Time, life: Duration, mailed: bool) -> member::Link {
    member::Link { id: LinkId(random::new_id()), key: KeyPeriod::month(now), expires_at: now + life, mailed }
}
