//! What every page needs.

use std::sync::Arc;

use twostep_client::Client;
use twostep_clock::Time;

use crate::{Config, cookies::Names};

/// What every page needs. Copies share it.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) cookies: Names,
    pub(crate) client: Client,
}

impl App {
    pub(crate) fn now(&self) -> Time {
        self.config.clock.now()
    }
}
