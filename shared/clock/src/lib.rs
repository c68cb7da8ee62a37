//! The clock port: what time it is, how to wait until a time, and how a time zone shows one.
//!
//! Nothing else in the product reads the machine's clock (a lint forbids it), so that tests move time instead
//! of waiting for it. A process runs on a [`SteadyClock`], whose time never goes back (S30; ADR 8).

mod flow;
mod moved;
mod steady;
mod system;
mod zone;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

pub use moved::MovedClock;
pub use steady::SteadyClock;
pub use system::SystemClock;
pub use zone::{Local, UnknownZone, Zone};

/// An instant in UTC.
pub type Time = DateTime<Utc>;

/// A shared clock, as every service holds it.
pub type SharedClock = Arc<dyn Clock>;

/// What time it is, and how to wait.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The present instant, by which every life is judged.
    fn now(&self) -> Time;

    /// What the clock on the wall shows, which may have been set back: for app codes only, as phones go by it.
    fn wall(&self) -> Time {
        self.now()
    }

    /// Whether tests move it, so that no other clock can be expected to show the same.
    fn is_moved(&self) -> bool {
        false
    }

    /// From here on a steady clock gives nothing before `instant`, which the log holds; other clocks ignore it.
    fn not_before(&self, _instant: Time) {}

    /// Returns once `now()` is at or after `instant`; at once if it already is.
    async fn sleep_until(&self, instant: Time);
}
