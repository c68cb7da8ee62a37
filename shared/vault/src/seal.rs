//! Sealing personal data and secrets, one key per person.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use twostep_domain::{CompanyId, MemberId, Sealed};
use uuid::Uuid;

use crate::frame::frame;
use crate::vault::Lookup;
use crate::{KeyClass, Vault, VaultError, aead};

/// How a sealed text begins that is written today. The associated data holds it as written, so that older texts
/// go on opening when there is a second one.
const VERSION: &str = "v1";

/// Whose data it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A person's.
    Member(CompanyId, MemberId),
    /// A company's own, of no person.
    Company(CompanyId),
}

/// What is sealed; a ciphertext opens as nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A person's name.
    Name,
    /// A person's login.
    Login,
    /// A person's work address, or one that a code goes to.
    Email,
    /// A person's number.
    Phone,
    /// The seed of a person's authenticator app.
    TotpSeed,
    /// The hash of a person's password.
    PasswordHash,
    /// The network address that a person came from.
    Address,
    /// What a stream adds up to.
    Snapshot,
}

/// Why a sealed text doesn't open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no key for it (any more): the person was erased.
    #[error("the key was destroyed: this can never be read again")]
    Erased,
    /// It was sealed for somebody or something else, or changed.
    #[error("the sealed text is damaged or belongs to somebody or something else")]
    Damaged,
    /// The key can't be had now.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl Field {
    /// Every one of them.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Login,
        Self::Email,
        Self::Phone,
        Self::TotpSeed,
        Self::PasswordHash,
        Self::Address,
        Self::Snapshot,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Login => "login",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::TotpSeed => "totp-seed",
            Self::PasswordHash => "password-hash",
            Self::Address => "address",
            Self::Snapshot => "snapshot",
        }
    }

    /// The class of the key that seals this field of `owner`; nothing where such an owner hasn't such a field.
    fn class(self, owner: Owner) -> Option<KeyClass> {
        match (self, owner) {
            (Self::Snapshot, Owner::Company(company)) => Some(KeyClass::CompanyIdentity(company)),
            (_, Owner::Company(_)) => None,
            (Self::TotpSeed | Self::PasswordHash | Self::Snapshot, Owner::Member(company, member)) => {
                Some(KeyClass::Secret(company, member))
            }
            (_, Owner::Member(company, member)) => Some(KeyClass::Identity(company, member)),
        }
    }
}

impl Vault {
    /// Seals `plain` for `owner` as `field`: `v1.` and base64url of nonce and ciphertext. The owner's key is
    /// durable when this returns, before any event that holds the text.
    ///
    /// # Errors
    /// [`VaultError::Erased`] once the owner's keys are destroyed, [`VaultError::WrongOwner`], or the store's.
    pub fn seal(&self, owner: Owner, field: Field, plain: &str) -> Result<Sealed, VaultError> {
        let class = field.class(owner).ok_or(VaultError::WrongOwner)?;
        let key = self.find_or_make(&class)?.ok_or(VaultError::Erased)?;
        let bytes = aead::encrypt(&key, &associated(&class, owner, field, VERSION), plain.as_bytes());
        Ok(Sealed(format!("{VERSION}.{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// Opens what was sealed for this owner and field.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn unseal(&self, owner: Owner, field: Field, sealed: &Sealed) -> Result<SecretString, OpenError> {
        let class = field.class(owner).ok_or(VaultError::WrongOwner)?;
        let Lookup::Key(key) = self.find(&class)? else { return Err(OpenError::Erased) };
        let (version, bytes) = sealed.0.split_once('.').ok_or(OpenError::Damaged)?;
        if version != VERSION {
            return Err(OpenError::Damaged);
        }
        let bytes = URL_SAFE_NO_PAD.decode(bytes).map_err(|_| OpenError::Damaged)?;
        let plain = aead::decrypt(&key, &associated(&class, owner, field, version), &bytes);
        let plain = plain.ok_or(OpenError::Damaged)?;
        std::str::from_utf8(&plain).map(SecretString::from).map_err(|_| OpenError::Damaged)
    }
}

/// Whether `text` has the shape of a sealed one; it isn't opened.
#[must_use]
pub fn is_sealed(text: &str) -> bool {
    let bytes =
        text.strip_prefix(VERSION).and_then(|rest| URL_SAFE_NO_PAD.decode(rest.strip_prefix('.')?).ok());
    bytes.is_some_and(|bytes| bytes.len() >= aead::OVERHEAD)
}

fn associated(class: &KeyClass, owner: Owner, field: Field, version: &str) -> Vec<u8> {
    let (company, member) = match owner {
        Owner::Member(company, member) => (company.0, member.0),
        Owner::Company(company) => (company.0, Uuid::nil()),
    };
    let (class, field) = (class.name().as_bytes(), field.name().as_bytes());
    frame("twostep/seal", &[class, company.as_bytes(), member.as_bytes(), field, version.as_bytes()])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::fixture::{company, member, vault};

    const ANA: (u128, u128) = (1, 1);

    fn person((of, number): (u128, u128)) -> Owner {
        Owner::Member(company(of), member(number))
    }

    #[test]
    fn s24_a_ciphertext_opens_for_its_company_person_and_field_only() {
        let vault = vault();
        let sealed = vault.seal(person(ANA), Field::Name, "Ana").unwrap();
        assert!(sealed.0.starts_with("v1.") && !sealed.0.contains("Ana"));
        assert!(
            is_sealed(&sealed.0) && !is_sealed("Ana") && !is_sealed("v1.Ana") && !is_sealed(&sealed.0[3..])
        );
        assert_eq!(vault.unseal(person(ANA), Field::Name, &sealed).unwrap().expose_secret(), "Ana");
        for owner in [(1, 2), (2, 1)].map(person) {
            vault.seal(owner, Field::Name, "has a key").unwrap();
            assert!(matches!(vault.unseal(owner, Field::Name, &sealed), Err(OpenError::Damaged)));
        }
        vault.seal(person(ANA), Field::TotpSeed, "has a key").unwrap();
        for field in Field::ALL.into_iter().filter(|&field| field != Field::Name) {
            assert!(
                matches!(vault.unseal(person(ANA), field, &sealed), Err(OpenError::Damaged)),
                "{field:?}"
            );
        }
    }

    #[test]
    fn s24_the_associated_data_alone_keeps_fields_people_and_companies_apart() {
        let key = [1; 32];
        let class = KeyClass::Identity(company(1), member(1));
        let told = |owner, field, version| associated(&class, owner, field, version);
        let sealed = aead::encrypt(&key, &told(person(ANA), Field::Name, "v1"), b"Ana");
        for other in [
            told(person((2, 1)), Field::Name, "v1"),
            told(person((1, 2)), Field::Name, "v1"),
            told(person(ANA), Field::Login, "v1"),
            told(person(ANA), Field::Name, "v2"),
            associated(&KeyClass::Secret(company(1), member(1)), person(ANA), Field::Name, "v1"),
        ] {
            assert!(aead::decrypt(&key, &other, &sealed).is_none());
        }
    }

    #[test]
    fn a_changed_text_is_damaged_and_the_same_plain_text_seals_differently() {
        let vault = vault();
        let sealed = vault.seal(person(ANA), Field::Name, "Ana").unwrap();
        for changed in
            ["", "v1.", "v1", &sealed.0[3..], &sealed.0.replacen("v1", "v2", 1), &format!("{}A", sealed.0)]
        {
            let opened = vault.unseal(person(ANA), Field::Name, &Sealed(changed.to_owned()));
            assert!(matches!(opened, Err(OpenError::Damaged)), "{changed}");
        }
        assert!(vault.seal(person(ANA), Field::Name, "Ana").unwrap() != sealed);
    }

    #[test]
    fn nothing_of_a_person_is_sealed_for_a_company() {
        let vault = vault();
        let own = Owner::Company(company(1));
        let sealed = vault.seal(own, Field::Snapshot, "its roster").unwrap();
        assert_eq!(vault.unseal(own, Field::Snapshot, &sealed).unwrap().expose_secret(), "its roster");
        for field in Field::ALL.into_iter().filter(|&field| field != Field::Snapshot) {
            assert!(matches!(vault.seal(own, field, "x"), Err(VaultError::WrongOwner)), "{field:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in ".*") {
            let vault = vault();
            let sealed = vault.seal(person(ANA), Field::Address, &text).unwrap();
            let opened = vault.unseal(person(ANA), Field::Address, &sealed).unwrap();
            prop_assert_eq!(opened.expose_secret(), text.as_str());
        }
    }
}
