//! Personal data opened for reading, and nothing else: no seed, no password, no code, no link.

use std::path::Path;

use secrecy::SecretString;
use twostep_domain::{CompanyId, MemberId, Sealed};

use crate::{Existing, Field, KeyStore, MasterKey, OpenError, Owner, SqliteKeyStore, Vault, VaultError};

/// What is personal and no secret: all that is ever opened here.
const PERSONAL: [Field; 5] = [Field::Name, Field::Login, Field::Email, Field::Phone, Field::Address];

/// The keys of an installation for whoever is shown its people's names, logins, addresses and numbers.
pub struct PersonalData(Vault);

impl PersonalData {
    /// Over the key store in the file at `keys`, which is only read: the service may run.
    ///
    /// # Errors
    /// There is none, or it isn't `master`'s.
    pub fn open(keys: &Path, master: MasterKey) -> Result<Self, VaultError> {
        Self::over(SqliteKeyStore::open_to_read(keys)?.ok_or(VaultError::KeysMissing)?, master)
    }

    fn over(store: impl KeyStore + 'static, master: MasterKey) -> Result<Self, VaultError> {
        Vault::open(store, master, Existing::Log).map(Self)
    }

    /// What was sealed for a person, if it is personal; nothing where it is a secret, somebody else's, or of a person who was
    /// erased.
    ///
    /// # Errors
    /// The key can't be had: nobody knows what it is.
    pub fn read(
        &self,
        company: CompanyId,
        member: MemberId,
        sealed: &Sealed,
    ) -> Result<Option<SecretString>, VaultError> {
        for field in PERSONAL {
            match self.0.unseal(Owner::Member(company, member), field, sealed) {
                Ok(plain) => return Ok(Some(plain)),
                Err(OpenError::Damaged) => {}
                Err(OpenError::Erased) => return Ok(None),
                Err(OpenError::Vault(error)) => return Err(error),
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::fixture::{company, master, member};

    #[test]
    fn s24_what_is_personal_opens_for_its_person_and_no_secret_ever_does_nor_an_erased_one_s_data() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("keys.db");
        let vault = Vault::open(SqliteKeyStore::open(&path).unwrap(), master(), Existing::Nothing).unwrap();
        let (ana, ben) = (member(1), member(2));
        let seal = |of, field| vault.seal(Owner::Member(company(1), of), field, "plain").unwrap();
        let of_ana = Field::ALL.map(|field| (field, seal(ana, field)));
        let of_ben = seal(ben, Field::Name);
        let data = || PersonalData::open(&path, master()).unwrap();
        let read = |of, sealed| {
            let plain = data().read(company(1), of, sealed).unwrap();
            plain.map(|plain| plain.expose_secret().to_owned())
        };
        for (field, sealed) in &of_ana {
            let secret = matches!(field, Field::TotpSeed | Field::PasswordHash | Field::Snapshot);
            let shown = (!secret).then(|| "plain".to_owned());
            assert_eq!(read(ana, sealed), shown, "{field:?}");
            assert_eq!(read(ben, sealed), None, "{field:?}");
        }
        assert!(data().read(company(2), ben, &of_ben).unwrap().is_none());
        vault.erase(company(1), ana).unwrap();
        assert_eq!(read(ana, &of_ana[0].1), None);
        assert_eq!(read(ben, &of_ben).as_deref(), Some("plain"));
    }

    #[test]
    fn another_key_opens_nothing_and_no_key_store_is_made() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("keys.db");
        assert!(matches!(PersonalData::open(&path, master()), Err(VaultError::KeysMissing)));
        assert!(!path.exists());
        drop(Vault::open(SqliteKeyStore::open(&path).unwrap(), master(), Existing::Nothing).unwrap());
        let other = PersonalData::open(&path, MasterKey::draw());
        assert!(matches!(other, Err(VaultError::WrongMasterKey)));
        let read = SqliteKeyStore::open_to_read(&path).unwrap().unwrap();
        assert!(read.destroy(&[crate::KeyClass::Check.first()]).is_err(), "it was opened to be read");
    }
}
