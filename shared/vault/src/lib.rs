//! The vault: keys, and everything that is done with them.
//!
//! Personal data and seeds are sealed with a key of their own per person, so that destroying the key erases the
//! person from every copy of the log. Codes and link tokens are derived from short-lived keys and stored nowhere.
//! Secrets are compared here, in constant time, and nowhere else.
//!
//! All of [`Vault`] is synchronous and takes microseconds once a key is cached; the first use of a key costs one
//! durable write. Only [`PasswordHasher`] is asynchronous, because it works for tens of milliseconds on purpose.

mod aead;
mod cache;
mod channel;
mod class;
mod code;
mod erasure;
#[cfg(test)]
mod fixture;
mod frame;
mod index;
pub mod key_store;
mod link;
mod master;
mod password;
mod period;
mod personal;
mod possession;
pub mod random;
mod recovery;
mod rotation;
mod seal;
mod signed;
mod token;
mod totp;
#[cfg(test)]
mod totp_reference;
mod vault;
mod wrap;

pub use channel::ChannelSecret;
pub use class::{KeyClass, KeyId};
pub use code::{CodePurpose, CodeSpec, DeriveError, SentCode};
pub use key_store::{KeyStore, KeyStoreError, MemoryKeyStore, SqliteKeyStore};
pub use link::{InvalidToken, LinkPurpose, LinkSpec, ParsedLink, SentLink};
pub use master::{MasterKey, MasterKeyError};
pub use password::{HashingError, HashingLimits, PasswordCost, PasswordHasher, PasswordRule, WeakPassword};
pub use personal::PersonalData;
pub use recovery::{InvalidRecoveryCode, RecoveryCode, RecoveryCodes};
pub use seal::{Field, OpenError, Owner, is_sealed};
pub use signed::{Signing, is_signed};
pub use token::{BearerToken, InvalidBearer, PresentedToken, TokenKind};
pub use totp::{InvalidSeed, Seed, UriError};
pub use vault::{Existing, Vault, VaultError};
