//! A technician group: its place in the tree, its box, its lock, its Admins.

mod enforcement;
mod event;

pub use enforcement::{Choice, Enforcement};
pub use event::{
    GroupAdminAssigned, GroupAdminRemoved, GroupCreated, GroupEnforcementChanged, GroupEnforcementLocked,
    GroupEnforcementUnlocked, GroupEvent, GroupMoved, GroupRenamed,
};
