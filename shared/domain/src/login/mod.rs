//! A login name: unique in its company, without a read model.

mod event;

pub use event::{LoginClaimed, LoginEvent, LoginReleased};
