//! A technician group: its place in the tree, its box, its lock, its Admins.

mod command;
mod decide;
mod effective;
mod enforcement;
mod error;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::{
    AssignAdmin, ChangeEnforcement, Create, GroupCommand, Lock, Move, Place, RemoveAdmin, Rename, Unlock,
};
pub use decide::Group;
pub use effective::{effective, locked_above};
pub use enforcement::{Choice, Enforcement};
pub use error::GroupError;
pub use event::{
    GroupAdminAssigned, GroupAdminRemoved, GroupCreated, GroupEnforcementChanged, GroupEnforcementLocked,
    GroupEnforcementUnlocked, GroupEvent, GroupMoved, GroupRenamed,
};
pub use state::{Created, GroupState};
