//! Bearer tokens of pending sign-ins and sessions (S16, S17): drawn, handed out once, stored as hashes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;
use twostep_domain::{CompanyId, Digest, MemberId};
use uuid::Uuid;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::frame::hash;
use crate::random;

/// Bytes behind the prefix: company, person, id and 256 secret bits.
const LENGTH: usize = 3 * 16 + 32;

/// What a token opens; the two can't stand for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A pending sign-in: only the routes of the second step and of set-up.
    SignIn,
    /// A session.
    Session,
}

/// A new token, for the one answer that shows it. It can't be printed, stored or compared, only [exposed](Self::expose).
#[derive(ZeroizeOnDrop)]
pub struct BearerToken(Zeroizing<String>);

/// A token as a request carries it: where to look, and what to compare. It proves nothing until [`Self::matches`] says so.
#[derive(ZeroizeOnDrop)]
pub struct PresentedToken {
    #[zeroize(skip)]
    kind: TokenKind,
    bytes: Zeroizing<[u8; LENGTH]>,
}

/// The text is no bearer token of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no token of ours")]
pub struct InvalidBearer;

impl TokenKind {
    /// How the text begins: secret scanners find leaked ones by it.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::SignIn => "tsp_",
            Self::Session => "tss_",
        }
    }
}

impl BearerToken {
    /// Draws a token for `id` of this person, and the hash to store.
    #[must_use]
    pub fn draw(kind: TokenKind, company: CompanyId, member: MemberId, id: Uuid) -> (Self, Digest) {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        for (place, id) in bytes.chunks_exact_mut(16).zip([company.0, member.0, id]) {
            place.copy_from_slice(id.as_bytes());
        }
        random::fill(&mut bytes[48..]);
        let text = Zeroizing::new(format!(
            "{}{}",
            kind.prefix(),
            *Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))
        ));
        let digest = PresentedToken { kind, bytes }.digest();
        (Self(text), digest)
    }

    /// The token's text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl PresentedToken {
    /// Takes a token apart.
    ///
    /// # Errors
    /// Another prefix or length, or not base64url.
    pub fn parse(text: &str) -> Result<Self, InvalidBearer> {
        let behind = |kind: TokenKind| text.strip_prefix(kind.prefix()).map(|rest| (kind, rest));
        let (kind, rest) =
            behind(TokenKind::SignIn).or_else(|| behind(TokenKind::Session)).ok_or(InvalidBearer)?;
        if rest.len() != (LENGTH * 4).div_ceil(3) {
            return Err(InvalidBearer);
        }
        let decoded = Zeroizing::new(URL_SAFE_NO_PAD.decode(rest).map_err(|_| InvalidBearer)?);
        let bytes = Zeroizing::new(decoded.as_slice().try_into().map_err(|_| InvalidBearer)?);
        Ok(Self { kind, bytes })
    }

    /// What it opens.
    #[must_use]
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The company that it claims.
    #[must_use]
    pub fn company(&self) -> CompanyId {
        CompanyId(self.id_at(0))
    }

    /// The person that it claims.
    #[must_use]
    pub fn member(&self) -> MemberId {
        MemberId(self.id_at(1))
    }

    /// The pending sign-in or session that it claims.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id_at(2)
    }

    /// The hash that events hold: SHA-256 over the kind and all bytes. 256 random bits need no salt or key.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&hash("twostep/token/v1", &[self.kind.prefix().as_bytes(), self.bytes.as_slice()]))
    }

    /// Whether it is the token whose hash is `stored`, compared in constant time.
    #[must_use]
    pub fn matches(&self, stored: &Digest) -> bool {
        self.digest().as_str().as_bytes().ct_eq(stored.as_str().as_bytes()).into()
    }

    fn id_at(&self, place: usize) -> Uuid {
        let mut id = [0; 16];
        id.copy_from_slice(&self.bytes[place * 16..(place + 1) * 16]);
        Uuid::from_bytes(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{company, member};

    fn draw(kind: TokenKind) -> (BearerToken, Digest) {
        BearerToken::draw(kind, company(1), member(2), Uuid::from_u128(3))
    }

    #[test]
    fn s17_a_token_says_where_to_look_and_only_its_hash_is_kept() {
        for kind in [TokenKind::SignIn, TokenKind::Session] {
            let (token, stored) = draw(kind);
            let presented = PresentedToken::parse(token.expose()).unwrap();
            assert_eq!(presented.kind(), kind);
            assert_eq!(
                (presented.company(), presented.member(), presented.id()),
                (company(1), member(2), Uuid::from_u128(3))
            );
            assert!(presented.matches(&stored));
            assert!(!presented.matches(&draw(kind).1), "another token of the same id");
            assert!(!presented.matches(&Digest(String::new())));
        }
    }

    #[test]
    fn s16_a_sign_in_token_is_no_session_token() {
        let (token, stored) = draw(TokenKind::SignIn);
        let text = token.expose().replacen("tsp_", "tss_", 1);
        assert!(!PresentedToken::parse(&text).unwrap().matches(&stored));
    }

    #[test]
    fn a_changed_token_does_not_match_and_what_is_no_token_does_not_parse() {
        let (token, stored) = draw(TokenKind::Session);
        assert!(PresentedToken::parse(token.expose()).unwrap().matches(&stored));
        let last = token.expose().len() - 1;
        for at in 4..=last {
            let mut text = token.expose().to_owned().into_bytes();
            text[at] = if text[at] == b'A' { b'B' } else { b'A' };
            match PresentedToken::parse(std::str::from_utf8(&text).unwrap()) {
                Ok(changed) => assert!(!changed.matches(&stored), "character {at}"),
                // Two of its bits stand for nothing and must be 0: no token has two spellings.
                Err(InvalidBearer) => assert_eq!(at, last, "a well-formed token doesn't parse"),
            }
        }
        let padded = format!("{}=", token.expose());
        for bad in ["", "tss_", "tsp", "x", &token.expose()[4..], &padded, &"é".repeat(60)] {
            assert!(PresentedToken::parse(bad).is_err(), "{bad}");
        }
    }
}
