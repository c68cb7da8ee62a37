//! The pure rules of Twostep: who must verify, how people set up and sign in, and what each command records.
//!
//! Nothing here does I/O, waits, reads a clock or draws a random number. What is uncertain — the time, ids, hashes,
//! facts that were looked up — comes in on the command; what happened goes out as events.
//!
//! Each aggregate has the same files: `command`, `event`, `state`, `decide`, `error`, `tests`.

mod aggregate;
mod codec;

pub mod company;
pub mod delivery;
pub mod group;
pub mod login;
pub mod member;
pub mod password;
pub mod second_step;

mod answered;
mod client;
mod code;
mod email;
mod event_types;
mod id;
mod locale;
mod login_name;
mod method;
mod name;
mod notice;
mod phone;
mod reason;
mod required;
mod role;
#[cfg(test)]
mod samples;
mod sealed;
mod slug;
mod to_the_second;
mod totp_step;
mod visible;

pub use aggregate::{Aggregate, StreamKind};
pub use answered::RequestAnswered;
pub use client::{Capabilities, Client, ClientKind};
pub use code::{Code, InvalidCode};
pub use codec::{DecodeError, Event, EventType};
pub use email::{Email, InvalidEmail};
pub use event_types::is_event_type;
pub use id::{
    ChallengeId, CompanyId, DeliveryId, EventId, GroupId, IntentId, LinkId, MemberId, PairingId, SessionId,
    SetUpId, SignInId,
};
pub use locale::{InvalidLocale, Locale, TimeZone};
pub use login_name::{InvalidLogin, LoginName};
pub use method::{BackupKind, Method};
pub use name::{InvalidName, Name};
pub use notice::{Audience, Contact, NoticeRequested};
pub use phone::{Country, InvalidCountry, InvalidPhone, Phone};
pub use reason::{MAX_REASON, name_for_mail, reason_for_mail};
pub use required::{Enforcing, Reason, Subject, requires_two_step};
pub use role::{Role, Roles};
pub use sealed::{Digest, KeyPeriod, Sealed};
pub use slug::{InvalidSlug, Slug};
pub use to_the_second::to_the_second;
pub use totp_step::TotpStep;
pub use visible::says_something;

/// An instant in UTC.
pub type Time = chrono::DateTime<chrono::Utc>;
