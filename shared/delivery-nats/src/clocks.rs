//! Whether this machine's clock shows what the server's does: a worker whose clock is ahead would take every code for dead,
//! and would take claims from those who hold them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_nats::jetstream::Context;
use chrono::TimeDelta;
use serde::Deserialize;
use twostep_clock::SharedClock;
use twostep_delivery::QueueError;
use twostep_domain::Time;

/// So far apart both may be: a third of the time before its end at which a code is given up.
const APART: TimeDelta = TimeDelta::seconds(10);

/// How long the server's time is reckoned on before it is asked for again.
const RECKONED: Duration = Duration::from_secs(60);

/// This machine's clock, and what the server's showed.
#[derive(Clone)]
pub(crate) struct Clocks {
    own: SharedClock,
    server: Arc<Mutex<Option<(Time, Instant)>>>,
}

/// What the server says beside everything about a consumer: what time it is.
#[derive(Deserialize)]
struct Dated {
    ts: Option<Time>,
}

impl Clocks {
    pub(crate) fn new(own: SharedClock) -> Self {
        Self { own, server: Arc::default() }
    }

    /// Asks the server, as it would be asked for this consumer.
    pub(crate) async fn read(&self, jetstream: &Context, stream: &str, consumer: &str) -> Result<(), String> {
        let subject = format!("CONSUMER.INFO.{stream}.{consumer}");
        let asked = Instant::now();
        let dated: Result<Dated, _> = jetstream.request(subject, &serde_json::json!({})).await;
        *self.server() = dated.map_err(|error| error.to_string())?.ts.map(|ts| (ts, asked));
        Ok(())
    }

    /// Whether both agree, as far as is known and was asked a moment ago.
    pub(crate) fn agree(&self) -> bool {
        let fresh = self.server().is_some_and(|(_, asked)| asked.elapsed() < RECKONED);
        self.own.is_moved() || (fresh && !self.are_apart())
    }

    /// Whether they are known to be too far apart.
    pub(crate) fn are_apart(&self) -> bool {
        self.ahead().is_some_and(|ahead| ahead.abs() > APART)
    }

    /// That they are not too far apart.
    pub(crate) fn check(&self) -> Result<(), QueueError> {
        let Some(ahead) = self.ahead().filter(|ahead| ahead.abs() > APART) else { return Ok(()) };
        let (seconds, apart) = (ahead.num_seconds(), APART.num_seconds());
        let way = if seconds > 0 { "ahead of" } else { "behind" };
        let reason = format!(
            "this machine's clock is {} s {way} the clock of NATS, and no message is taken while they are more than \
             {apart} s apart: set whichever is wrong (is NTP running on both?), then start this program again",
            seconds.abs()
        );
        Err(QueueError::Unavailable { reason })
    }

    /// By how much this clock is ahead of the server's, where that is known and no test moves it.
    fn ahead(&self) -> Option<TimeDelta> {
        let (then, asked) = (*self.server())?;
        let since = TimeDelta::from_std(asked.elapsed()).ok()?;
        (!self.own.is_moved()).then(|| self.own.now() - (then + since))
    }

    fn server(&self) -> MutexGuard<'_, Option<(Time, Instant)>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
