//! What was sealed, opened for whoever may see it.

use secrecy::ExposeSecret as _;
use twostep_domain::{CompanyId, MemberId, Sealed};
use twostep_vault::{PersonalData, VaultError};

/// The personal data of a few people, opened a text at a time.
pub(crate) struct Opened<'a> {
    personal: &'a PersonalData,
    company: CompanyId,
    people: Vec<MemberId>,
    failed: Option<VaultError>,
}

impl<'a> Opened<'a> {
    /// Of `people`, one of whom each text is about.
    pub(crate) fn of(personal: &'a PersonalData, company: CompanyId, people: Vec<MemberId>) -> Self {
        Self { personal, company, people, failed: None }
    }

    /// What `sealed` says; nothing where it stays masked.
    pub(crate) fn open(&mut self, sealed: &str) -> Option<String> {
        let sealed = Sealed(sealed.to_owned());
        for person in &self.people {
            match self.personal.read(self.company, *person, &sealed) {
                Ok(Some(plain)) => return Some(plain.expose_secret().to_owned()),
                Ok(None) => {}
                Err(error) => self.failed = Some(error),
            }
        }
        None
    }

    /// `shown`, unless something in it is masked only because its key couldn't be had.
    pub(crate) fn or<T>(self, shown: T) -> Result<T, VaultError> {
        self.failed.map_or(Ok(shown), Err)
    }
}
