//! What handlers take out of a request: who asks, from where, and the body.

mod ask;
mod body;
mod caller;

pub(crate) use ask::Ask;
pub(crate) use body::Body;
pub(crate) use caller::{AnySession, MaybeAccess, Session, SetUp, SignIn};
