//! Read models: what the log adds up to for those who ask.
//!
//! Each is built by a catch-up subscription and can be thrown away. A query names how far the model must have read;
//! a security decision asks for the log's head at the moment of asking, so it is never judged on the past.

mod audit_index;
mod dead_letters;
mod delivery_status;
mod directory;
mod effect;
mod follower;
mod login_check;
mod progress;
mod read_model;
mod rebuild;
#[cfg(test)]
mod tests;

pub use audit_index::{AuditFilter, AuditIndex, AuditIndexError, Indexed, Streams};
pub use dead_letters::{DeadLetter, DeadLetters};
pub use delivery_status::{DeliveryStatus, MessageFilter, MessageStatus, Sent};
pub use directory::{CompanyView, Directory, MemberView, PasswordMark, Standing};
pub use effect::{Effect, Stuck};
pub use login_check::{LoginCheckError, LoginChecks};
pub use progress::{Behind, News};
pub use read_model::{Projection, ReadModel};
pub use rebuild::{RebuildError, Rebuilt};
