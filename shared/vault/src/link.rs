//! Link tokens: derived from the month's key, mailed, and compared; stored nowhere (S7, S8).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;
use twostep_domain::{CompanyId, Digest, KeyPeriod, MemberId, Time};
use uuid::Uuid;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::frame::mac;
use crate::period::Life;
use crate::vault::Lookup;
use crate::{DeriveError, KeyClass, Vault};

/// Bytes of a token: purpose, company, person, id, MAC.
const LENGTH: usize = 1 + 3 * 16 + 32;

/// Everything that a link token is bound to (S6).
#[derive(Clone, Copy, Debug)]
pub struct LinkSpec<'a> {
    /// The company.
    pub company: CompanyId,
    /// The person.
    pub member: MemberId,
    /// The link's id; of an e-mail verification, its challenge's.
    pub id: Uuid,
    /// What it does.
    pub purpose: LinkPurpose,
    /// The month of its key, as the event says.
    pub key: &'a KeyPeriod,
    /// The keyed hash of the address that it proves, where it proves one.
    pub destination: Option<&'a Digest>,
}

/// What a link does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Sets a first password.
    Invitation,
    /// Sets a new password.
    PasswordReset,
    /// Proves an address in a set-up.
    EmailVerification,
}

/// A link's token on its way to its person. It can't be printed, stored or compared, only [exposed](Self::expose).
#[derive(ZeroizeOnDrop)]
pub struct SentLink(Zeroizing<String>);

/// A token as it came back: whom it claims to be for. It proves nothing until [`Vault::link_matches`] says so.
#[derive(ZeroizeOnDrop)]
pub struct ParsedLink {
    #[zeroize(skip)]
    company: CompanyId,
    #[zeroize(skip)]
    member: MemberId,
    #[zeroize(skip)]
    id: Uuid,
    #[zeroize(skip)]
    purpose: LinkPurpose,
    mac: Zeroizing<[u8; 32]>,
}

/// The text is no link token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no link of ours")]
pub struct InvalidToken;

impl LinkPurpose {
    const fn byte(self) -> u8 {
        match self {
            Self::Invitation => 1,
            Self::PasswordReset => 2,
            Self::EmailVerification => 3,
        }
    }
}

impl SentLink {
    /// The token: 108 characters of `A-Z a-z 0-9 - _`.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl ParsedLink {
    /// Takes a token apart.
    ///
    /// # Errors
    /// It isn't base64url of the right length, or has an unknown purpose.
    pub fn parse(text: &str) -> Result<Self, InvalidToken> {
        if text.len() != LENGTH.div_ceil(3) * 4 {
            return Err(InvalidToken);
        }
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidToken)?);
        let (&purpose, rest) = bytes.split_first().ok_or(InvalidToken)?;
        let (ids, mac) = rest.split_at_checked(48).ok_or(InvalidToken)?;
        let id = |at: usize| Uuid::from_slice(&ids[at * 16..(at + 1) * 16]).map_err(|_| InvalidToken);
        let purpose = [LinkPurpose::Invitation, LinkPurpose::PasswordReset, LinkPurpose::EmailVerification]
            .into_iter()
            .find(|known| known.byte() == purpose)
            .ok_or(InvalidToken)?;
        Ok(Self {
            company: CompanyId(id(0)?),
            member: MemberId(id(1)?),
            id: id(2)?,
            purpose,
            mac: Zeroizing::new(mac.try_into().map_err(|_| InvalidToken)?),
        })
    }

    /// The company that it claims.
    #[must_use]
    pub fn company(&self) -> CompanyId {
        self.company
    }

    /// The person that it claims.
    #[must_use]
    pub fn member(&self) -> MemberId {
        self.member
    }

    /// The link that it claims to be.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// What it claims to do.
    #[must_use]
    pub fn purpose(&self) -> LinkPurpose {
        self.purpose
    }
}

impl Vault {
    /// The token of `spec`: the same every time. The month's key is made at its first use, durable when this returns.
    ///
    /// # Errors
    /// [`DeriveError::KeyGone`] once the month, the longest life of a link and 48 h are past.
    pub fn link_token(&self, spec: &LinkSpec<'_>, now: Time) -> Result<SentLink, DeriveError> {
        Life::of_link_key(spec.key).filter(|life| life.may_begin(now)).ok_or(DeriveError::KeyGone)?;
        let key = self.find_or_make(&KeyClass::Link(spec.key.clone()))?.ok_or(DeriveError::KeyGone)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(LENGTH));
        bytes.push(spec.purpose.byte());
        for id in [spec.company.0, spec.member.0, spec.id] {
            bytes.extend_from_slice(id.as_bytes());
        }
        bytes.extend_from_slice(derive(&key, spec).as_slice());
        Ok(SentLink(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))))
    }

    /// Whether `link` is the token of `spec`, compared in constant time. Makes no key.
    ///
    /// # Errors
    /// [`DeriveError::KeyGone`] as in [`Self::link_token`], and where no token was derived in that month.
    pub fn link_matches(
        &self,
        spec: &LinkSpec<'_>,
        link: &ParsedLink,
        now: Time,
    ) -> Result<bool, DeriveError> {
        Life::of_link_key(spec.key).filter(|life| !life.is_over(now)).ok_or(DeriveError::KeyGone)?;
        let Lookup::Key(key) = self.find(&KeyClass::Link(spec.key.clone()))? else {
            return Err(DeriveError::KeyGone);
        };
        let same = (link.company, link.member, link.id, link.purpose)
            == (spec.company, spec.member, spec.id, spec.purpose);
        let right: bool = derive(&key, spec).as_slice().ct_eq(link.mac.as_slice()).into();
        Ok(same && right)
    }
}

fn derive(key: &[u8; 32], spec: &LinkSpec<'_>) -> Zeroizing<[u8; 32]> {
    let destination = spec.destination.map_or(&[][..], |digest| digest.as_str().as_bytes());
    Zeroizing::new(mac(
        key,
        "twostep/link/v1",
        &[
            spec.company.0.as_bytes(),
            spec.member.0.as_bytes(),
            spec.id.as_bytes(),
            &[spec.purpose.byte()],
            destination,
            spec.key.0.as_bytes(),
        ],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{at, company, member, vault};

    const NOON: &str = "2026-11-24T12:00:00Z";

    fn spec(key: &KeyPeriod) -> LinkSpec<'_> {
        LinkSpec {
            company: company(1),
            member: member(2),
            id: Uuid::from_u128(3),
            purpose: LinkPurpose::Invitation,
            key,
            destination: None,
        }
    }

    #[test]
    fn s8_a_token_holds_256_secret_bits_and_says_whom_it_is_for() {
        let (vault, month) = (vault(), KeyPeriod("2026-11".to_owned()));
        let token = vault.link_token(&spec(&month), at(NOON)).unwrap();
        assert_eq!(token.expose().len(), 108);
        let parsed = ParsedLink::parse(token.expose()).unwrap();
        assert_eq!(
            (parsed.company(), parsed.member(), parsed.id()),
            (company(1), member(2), Uuid::from_u128(3))
        );
        assert_eq!(parsed.purpose(), LinkPurpose::Invitation);
        assert_eq!(parsed.mac.len() * 8, 256);
        assert!(vault.link_matches(&spec(&month), &parsed, at(NOON)).unwrap());
    }

    #[test]
    fn s6_a_token_is_bound_to_everything_in_its_spec() {
        let (vault, month, next) =
            (vault(), KeyPeriod("2026-11".to_owned()), KeyPeriod("2026-12".to_owned()));
        let (there, elsewhere) = (Digest::of(&[1; 32]), Digest::of(&[2; 32]));
        let spec = LinkSpec { destination: Some(&there), ..spec(&month) };
        let parsed = ParsedLink::parse(vault.link_token(&spec, at(NOON)).unwrap().expose()).unwrap();
        vault.find_or_make(&KeyClass::Link(next.clone())).unwrap();
        assert!(vault.link_matches(&spec, &parsed, at(NOON)).unwrap());
        for other in [
            LinkSpec { company: company(9), ..spec },
            LinkSpec { member: member(9), ..spec },
            LinkSpec { id: Uuid::from_u128(9), ..spec },
            LinkSpec { purpose: LinkPurpose::PasswordReset, ..spec },
            LinkSpec { purpose: LinkPurpose::EmailVerification, ..spec },
            LinkSpec { key: &next, ..spec },
            LinkSpec { destination: None, ..spec },
            LinkSpec { destination: Some(&elsewhere), ..spec },
        ] {
            assert!(!vault.link_matches(&other, &parsed, at(NOON)).unwrap(), "{other:?}");
        }
    }

    #[test]
    fn s8_a_changed_token_never_matches() {
        let (vault, month) = (vault(), KeyPeriod("2026-11".to_owned()));
        let token = vault.link_token(&spec(&month), at(NOON)).unwrap();
        let matches = |text: &str| {
            let link = ParsedLink::parse(text).ok()?;
            // Whoever compares it looks for the link that the token claims to be.
            let claimed = LinkSpec {
                company: link.company(),
                member: link.member(),
                id: link.id(),
                purpose: link.purpose(),
                ..spec(&month)
            };
            Some(vault.link_matches(&claimed, &link, at(NOON)).unwrap())
        };
        assert_eq!(matches(token.expose()), Some(true));
        for at_byte in 0..token.expose().len() {
            let mut text = token.expose().to_owned().into_bytes();
            text[at_byte] = if text[at_byte] == b'A' { b'B' } else { b'A' };
            let changed = matches(std::str::from_utf8(&text).unwrap());
            // The first characters hold the purpose, which may become none that there is.
            assert!(changed == Some(false) || changed.is_none() && at_byte < 2, "character {at_byte}");
        }
        for bad in ["", "x", &token.expose()[1..], &format!("{}=", token.expose()), &"é".repeat(54)] {
            assert!(ParsedLink::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn s7_a_link_dies_with_its_months_key_which_is_not_made_again() {
        let (vault, month) = (vault(), KeyPeriod("2026-11".to_owned()));
        let parsed = ParsedLink::parse(vault.link_token(&spec(&month), at(NOON)).unwrap().expose()).unwrap();
        assert!(vault.link_matches(&spec(&month), &parsed, at("2026-12-09T23:59:59Z")).unwrap());
        let late = at("2026-12-10T00:00:00Z");
        assert!(matches!(vault.link_matches(&spec(&month), &parsed, late), Err(DeriveError::KeyGone)));
        assert_eq!(vault.destroy_expired(late).unwrap(), 1);
        assert!(matches!(vault.link_token(&spec(&month), at(NOON)), Err(DeriveError::KeyGone)));
    }
}
