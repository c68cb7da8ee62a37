//! The server, and what every question to it needs.

use async_nats::jetstream::Context;
use twostep_delivery::QueueError;

use crate::clocks::Clocks;
use crate::{Connected, Sizes};

/// Whom is asked.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) jetstream: Context,
    pub(crate) connected: Connected,
    pub(crate) sizes: Sizes,
    pub(crate) clocks: Clocks,
}

impl Server {
    pub(crate) fn unavailable(&self, doing: &str, error: impl std::fmt::Display) -> QueueError {
        self.connected.unavailable(doing, error)
    }
}
