//! The machine's own clock.

use async_trait::async_trait;
use chrono::Utc;

use crate::{Clock, Time};

/// The machine's clock as it is; it goes back when somebody sets it back.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    fn now(&self) -> Time {
        Utc::now()
    }

    async fn sleep_until(&self, instant: Time) {
        if let Ok(wait) = (instant - self.now()).to_std() {
            tokio::time::sleep(wait).await;
        }
    }
}
