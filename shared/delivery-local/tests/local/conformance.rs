//! The in-process queue passes the ports' suite.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use twostep_clock::{Clock as _, MovedClock};
use twostep_delivery::conformance::{Harness, run_all};
use twostep_delivery::{Claims, Consumer, Publisher, Reporter, Reports};
use twostep_delivery_local::{Limits, LocalQueue, PATIENCE};
use twostep_domain::Time;
use uuid::Uuid;

struct Local {
    clock: Arc<MovedClock>,
    queue: LocalQueue,
}

#[async_trait]
impl Harness for Local {
    fn publisher(&self) -> &dyn Publisher {
        &self.queue
    }
    fn consumer(&self) -> &dyn Consumer {
        &self.queue
    }
    fn claims(&self) -> &dyn Claims {
        &self.queue
    }
    fn reporter(&self) -> &dyn Reporter {
        &self.queue
    }
    fn reports(&self) -> &dyn Reports {
        &self.queue
    }
    fn now(&self) -> Time {
        self.clock.now()
    }
    async fn pass(&self, by: Duration) {
        self.clock.advance(TimeDelta::from_std(by).unwrap());
    }
    fn patience(&self) -> Duration {
        PATIENCE.to_std().unwrap()
    }
    fn room(&self) -> usize {
        5
    }
    fn moment(&self) -> Duration {
        Duration::ZERO
    }
    fn seed(&self) -> Uuid {
        Uuid::nil()
    }
}

#[tokio::test]
async fn the_in_process_queue_conforms() {
    run_all(async || {
        let clock = Arc::new(MovedClock::frozen_at(Time::UNIX_EPOCH));
        let queue = LocalQueue::new(clock.clone(), Limits { urgent: 5, notices: 5, share: 5 });
        Local { clock, queue }
    })
    .await;
}
