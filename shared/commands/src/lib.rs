//! What people can do: each use case looks facts up, asks the domain to decide, and appends.
//!
//! No answer leaves before its events are durable. A wrong code is not an error but an event, so its count survives
//! crashes and parallel guesses.

mod acting;
mod authenticate;
mod authority;
mod break_glass;
mod companies;
mod context;
mod erased_keys;
mod errands;
mod fault;
mod first_step;
mod forgotten_password;
mod groups;
mod invitations;
mod ledger;
mod links;
mod manage;
mod members;
mod passwords;
mod quota;
mod resets;
mod roster;
mod sessions;
mod set_up;
mod set_up_steps;
mod sign_in;
#[cfg(test)]
mod tests;
mod unmasking;
mod verification;

pub use acting::{Acting, Stamp};
pub use authenticate::{Access, AccessError, PendingCaller, SessionCaller, SetUpCaller};
pub use authority::{Authority, Principal};
pub use break_glass::{BrokenGlass, MemberName};
pub use companies::{CompanyError, CreateCompany, CreatedCompany};
pub use context::{Commands, Settings};
pub use fault::Fault;
pub use forgotten_password::ForgottenPasswordError;
pub use groups::{ChangeGroup, GroupError};
pub use invitations::{InvitationError, InvitationView};
pub use ledger::{Done, ExecuteError, Fold, Ledger, LedgerError, Snapshots, SnapshotsError};
pub use links::{LinkError, OpenedLink, VerificationView};
pub use manage::ManageError;
pub use members::{ChangeStanding, InviteMember, MemberError, MemberRefusal};
pub use passwords::{PasswordError, ResetView};
pub use resets::ResetOutcome;
pub use roster::Unsettled;
pub use sessions::SessionError;
pub use set_up::{Activated, SetUpError};
pub use set_up_steps::TypedContact;
pub use sign_in::{SignInError, StartSignIn, Started};
pub use verification::{SentCode, TypedCode, Verified, VerifyOutcome};
