//! Keyed hashes: finding somebody by a login or a contact without storing it.
//!
//! HMAC-SHA256 under the index key, a label for each use, every input after its length. Whoever has the log but
//! not the key can't try out numbers or addresses.

use twostep_domain::{CompanyId, Digest, Email, LoginName, MemberId, Phone};

use crate::frame::mac;
use crate::{RecoveryCode, Vault};

impl Vault {
    /// Of a login within its company: the key of its streams.
    #[must_use]
    pub fn login_hash(&self, company: CompanyId, login: &LoginName) -> Digest {
        self.keyed("login", &[company.0.as_bytes(), login.as_str().as_bytes()])
    }

    /// Of an address within its company, whatever case it is written in.
    #[must_use]
    pub fn email_hash(&self, company: CompanyId, email: &Email) -> Digest {
        self.keyed("email", &[company.0.as_bytes(), email.normalised().as_bytes()])
    }

    /// Of a number within its company.
    #[must_use]
    pub fn phone_hash(&self, company: CompanyId, phone: &Phone) -> Digest {
        self.keyed("phone", &[company.0.as_bytes(), phone.as_str().as_bytes()])
    }

    /// Of a printed code: all that is stored of it (S9).
    #[must_use]
    pub fn recovery_hash(&self, company: CompanyId, member: MemberId, code: &RecoveryCode) -> Digest {
        self.keyed("recovery", &[company.0.as_bytes(), member.0.as_bytes(), code.bytes()])
    }

    /// Of an `Idempotency-Key`: one key means one thing per company, caller and route.
    #[must_use]
    pub fn idempotency_key(
        &self,
        company: Option<CompanyId>,
        caller: &str,
        route: &str,
        key: &str,
    ) -> Digest {
        let company = company.as_ref().map_or(&[][..], |company| company.0.as_bytes());
        self.keyed("idempotency", &[company, caller.as_bytes(), route.as_bytes(), key.as_bytes()])
    }

    /// Of a request's body: whether a repeat asks for the same (S35).
    #[must_use]
    pub fn body_hash(&self, body: &[u8]) -> Digest {
        self.keyed("body", &[body])
    }

    /// Of a client's address prefix (IPv4, or IPv6 /64 or /48, as text), for limits (S12).
    #[must_use]
    pub fn address_hash(&self, prefix: &str) -> Digest {
        self.keyed("address", &[prefix.as_bytes()])
    }

    fn keyed(&self, label: &str, parts: &[&[u8]]) -> Digest {
        Digest::of(&mac(&self.index, &format!("twostep/index/v1/{label}"), parts))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use twostep_domain::Country;

    use super::*;
    use crate::RecoveryCodes;
    use crate::fixture::{company, member, vault};

    #[test]
    fn a_hash_is_stable_normalised_and_bound_to_company_use_and_key() {
        let vault = vault();
        let login = |text| LoginName::parse(text).unwrap();
        let email = |text| Email::parse(text).unwrap();
        let hash = vault.login_hash(company(1), &login("ana@example.com"));
        assert_eq!(hash.as_str().len(), 64);
        assert_eq!(vault.login_hash(company(1), &login(" ANA@example.com")), hash);
        let ana = vault.email_hash(company(1), &email("ana@example.com"));
        assert_eq!(vault.email_hash(company(1), &email("Ana@Example.COM")), ana);
        let phone = Phone::parse("+4915123456789", Country::parse("DE").unwrap()).unwrap();
        let code = RecoveryCodes::draw();
        let code = code.iter().next().unwrap();
        let all = [
            hash.clone(),
            ana,
            vault.login_hash(company(2), &login("ana@example.com")),
            crate::fixture::vault().login_hash(company(1), &login("ana@example.com")),
            vault.phone_hash(company(1), &phone),
            vault.phone_hash(company(2), &phone),
            vault.recovery_hash(company(1), member(1), code),
            vault.recovery_hash(company(1), member(2), code),
            vault.body_hash(b"ana@example.com"),
            vault.address_hash("ana@example.com"),
            vault.idempotency_key(None, "caller", "route", "key"),
            vault.idempotency_key(Some(company(1)), "caller", "route", "key"),
            vault.idempotency_key(None, "callerr", "oute", "key"),
        ];
        let count = all.len();
        assert_eq!(BTreeSet::from(all).len(), count);
    }
}
