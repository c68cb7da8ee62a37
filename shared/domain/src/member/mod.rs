//! A person: what administrators manage, and the password.

mod command;
mod credential;
mod decide;
mod error;
mod event;
mod identity;
mod password;
mod person;
mod resets;
mod state;
#[cfg(test)]
mod tests;

pub use command::{
    ChangeRoles, Disable, Enable, Erase, Invite, MemberCommand, Move, RenewInvitation, RequestPasswordReset,
    SetPassword,
};
pub use decide::Member;
pub use error::MemberError;
pub use event::{
    InvitationRenewed, MemberAdded, MemberDisabled, MemberEnabled, MemberErased, MemberEvent, MemberInvited,
    MemberMoved, MemberRolesChanged, PasswordChanged, PasswordProof, PasswordResetRequested,
};
pub use identity::{Link, SealedIdentity};
pub use password::{Origin, Password};
pub use person::{Access, Person, Standing};
pub use resets::RESETS_A_DAY;
pub use state::MemberState;
