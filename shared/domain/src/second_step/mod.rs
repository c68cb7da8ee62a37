//! A person's second step: methods, set-up, challenges, limits, lock and sessions, in one stream.

mod command;
mod event;
mod judgement;
mod value;

pub use command::*;
pub use event::*;
pub use judgement::{JudgedGroup, Judgement, Requirement};
pub use value::{Amr, Dispatch, During, EndReason, Purpose, SetUpOwner, Unlocker};
