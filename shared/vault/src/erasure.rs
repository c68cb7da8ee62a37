//! Destroying keys: of people who are erased, and of periods that are over.

use twostep_domain::{CompanyId, MemberId, Time};

use crate::key_store::Slot;
use crate::period::Life;
use crate::{KeyClass, Vault, VaultError};

impl Vault {
    /// Destroys both keys of a person: what was sealed for them is unreadable for ever, here and in every copy of
    /// the log. Durable when this returns, also for somebody who has no keys yet; may be repeated.
    ///
    /// Blocks for the time of a few durable writes: call it where blocking is fine. Every replica that holds
    /// the keys in memory calls it too, when it sees the erasure's event.
    ///
    /// # Errors
    /// The store's: the person must be taken as not erased yet.
    pub fn erase(&self, company: CompanyId, member: MemberId) -> Result<(), VaultError> {
        self.erase_all(&[(company, member)])
    }

    /// Erases each of `people` as [`Vault::erase`] does, in one durable write.
    ///
    /// # Errors
    /// The store's: all of them must be taken as not erased yet.
    pub fn erase_all(&self, people: &[(CompanyId, MemberId)]) -> Result<(), VaultError> {
        let keys = |&(company, member): &(CompanyId, MemberId)| {
            [KeyClass::Identity(company, member), KeyClass::Secret(company, member)]
        };
        self.destroy(&people.iter().flat_map(keys).collect::<Vec<_>>())
    }

    /// Those of `people` of whom the store has neither keys nor that they were destroyed: it is older than whatever names them.
    ///
    /// # Errors
    /// The store's.
    pub fn strangers(
        &self,
        people: &[(CompanyId, MemberId)],
    ) -> Result<Vec<(CompanyId, MemberId)>, VaultError> {
        let mut strangers = Vec::new();
        for &(company, member) in people {
            if self.store.get(&KeyClass::Identity(company, member).first())? == Slot::Absent {
                strangers.push((company, member));
            }
        }
        Ok(strangers)
    }

    /// Destroys the code keys older than their day and 48 h, and the link keys older than their month, the
    /// longest life of a link and 48 h. Returns how many.
    ///
    /// # Errors
    /// The store's.
    pub fn destroy_expired(&self, now: Time) -> Result<usize, VaultError> {
        let over = |class: &KeyClass| {
            let life = match class {
                KeyClass::Code(day) => Life::of_code_key(day),
                KeyClass::Link(month) => Life::of_link_key(month),
                _ => None,
            };
            life.is_some_and(|life| life.is_over(now))
        };
        let listed = [self.store.list(KeyClass::CODE)?, self.store.list(KeyClass::LINK)?].concat();
        let expired: Vec<_> = listed.into_iter().map(|id| id.class).filter(over).collect();
        if !expired.is_empty() {
            self.destroy(&expired)?;
        }
        Ok(expired.len())
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;
    use twostep_domain::KeyPeriod;

    use super::*;
    use crate::fixture::{at, company, master, member, reopen, vault};
    use crate::vault::Lookup;
    use crate::{Existing, Field, OpenError, Owner, SqliteKeyStore};

    #[test]
    fn s24_erasing_makes_one_person_unreadable_and_no_other() {
        let directory = tempfile::tempdir().unwrap();
        let store = || SqliteKeyStore::open(&directory.path().join("keys.db")).unwrap();
        let vault = Vault::open(store(), master(), Existing::Nothing).unwrap();
        let [ana, ben] = [1, 2].map(|number| Owner::Member(company(1), member(number)));
        let seal = |owner, field| vault.seal(owner, field, "data").unwrap();
        let of_ana = [Field::Name, Field::TotpSeed].map(|field| (field, seal(ana, field)));
        let of_ben = [Field::Name, Field::TotpSeed].map(|field| (field, seal(ben, field)));

        vault.erase(company(1), member(1)).unwrap();
        vault.erase(company(1), member(1)).unwrap();

        let after_a_restart = reopen(store());
        for vault in [&vault, &after_a_restart] {
            for (field, sealed) in &of_ana {
                assert!(matches!(vault.unseal(ana, *field, sealed), Err(OpenError::Erased)));
                assert!(matches!(vault.seal(ana, *field, "again"), Err(VaultError::Erased)));
            }
            for (field, sealed) in &of_ben {
                assert_eq!(vault.unseal(ben, *field, sealed).unwrap().expose_secret(), "data");
            }
        }
    }

    #[test]
    fn s7_only_expired_keys_are_swept() {
        let vault = vault();
        let day = |day: &str| KeyClass::Code(KeyPeriod(day.to_owned()));
        let month = |month: &str| KeyClass::Link(KeyPeriod(month.to_owned()));
        let classes =
            [day("2026-11-21"), day("2026-11-22"), month("2026-09"), month("2026-10"), month("2026-11")];
        for class in &classes {
            vault.find_or_make(class).unwrap();
        }
        assert_eq!(vault.destroy_expired(at("2026-11-24T12:00:00Z")).unwrap(), 3);
        let gone = classes.map(|class| matches!(vault.find(&class).unwrap(), Lookup::Destroyed));
        assert_eq!(gone, [true, false, true, true, false]);
        assert_eq!(vault.destroy_expired(at("2026-11-24T12:00:00Z")).unwrap(), 0);
    }
}
