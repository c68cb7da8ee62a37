//! What handlers take out of a request: who asks, from where, about what, and the body.

mod ask;
mod body;
mod caller;
mod page;
mod place;

pub(crate) use ask::Ask;
pub(crate) use body::{Body, LARGEST};
pub(crate) use caller::{AnySession, MaybeAccess, Session, SetUp, SignIn, bearer};
pub(crate) use page::page_size;
pub(crate) use place::{Path, Query};
