//! A person: what administrators manage, and the password.

mod event;
mod identity;

pub use event::{
    InvitationRenewed, MemberAdded, MemberDisabled, MemberEnabled, MemberErased, MemberEvent, MemberInvited,
    MemberMoved, MemberRolesChanged, PasswordChanged, PasswordProof, PasswordResetRequested,
};
pub use identity::{Link, SealedIdentity};
