//! A machine whose clock is wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use tokio::time::timeout;
use twostep_clock::{Clock, SystemClock};
use twostep_delivery::{Claim, Claims as _, Consumer, Publisher as _};
use twostep_delivery_nats::{Declaration, NatsQueue, Sizes, provision};
use twostep_domain::Time;
use twostep_domain::delivery::Channel;

use crate::requests::code;
use crate::server::Server;

const LONG: Duration = Duration::from_secs(20);

/// The machine's clock, so many seconds off.
#[derive(Default)]
struct Off(AtomicI64);

#[async_trait]
impl Clock for Off {
    fn now(&self) -> Time {
        SystemClock.now() + TimeDelta::seconds(self.0.load(Ordering::SeqCst))
    }
    async fn sleep_until(&self, instant: Time) {
        SystemClock.sleep_until(instant).await;
    }
}

struct Machines {
    clock: Arc<Off>,
    off: NatsQueue,
    right: NatsQueue,
    _server: Server,
}

async fn machines() -> Machines {
    let server = Server::start();
    let sizes = Sizes::default();
    provision(&server.connected("provision").await, &Declaration::of(&sizes)).await.unwrap();
    let clock = Arc::new(Off::default());
    let off = NatsQueue::new(server.connected("off").await, clock.clone(), sizes);
    let right = NatsQueue::new(server.connected("right").await, Arc::new(SystemClock), sizes);
    Machines { clock, off, right, _server: server }
}

async fn refusal(queue: &NatsQueue) -> String {
    let refused = timeout(LONG, Consumer::next(queue, Channel::Email)).await.unwrap().map(drop);
    refused.unwrap_err().to_string()
}

#[tokio::test]
async fn a_worker_whose_clock_is_wrong_is_not_ready_and_takes_nothing_until_it_is_right() {
    let Machines { clock, off, right, _server } = machines().await;
    right.publish(&code("a")).await.unwrap();
    for (seconds, way) in [(3_600, "ahead of"), (-60, "behind")] {
        clock.0.store(seconds, Ordering::SeqCst);
        for said in [refusal(&off).await, off.serves(Channel::Email).await.unwrap_err().to_string()] {
            assert!(said.contains(way) && said.contains("NTP"), "{said}");
        }
    }
    clock.0.store(5, Ordering::SeqCst);
    off.serves(Channel::Email).await.unwrap();
    timeout(LONG, Consumer::next(&off, Channel::Email)).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_message_that_comes_after_the_clock_has_jumped_goes_to_another_worker() {
    let Machines { clock, off, right, _server } = machines().await;
    let mut waits = Box::pin(Consumer::next(&off, Channel::Email));
    assert!(timeout(Duration::from_millis(200), waits.as_mut()).await.is_err(), "nothing was published");
    clock.0.store(3_600, Ordering::SeqCst);
    right.publish(&code("a")).await.unwrap();
    let said = timeout(LONG, waits).await.unwrap().map(drop).unwrap_err().to_string();
    assert!(said.contains("ahead of"), "{said}");
    timeout(LONG, Consumer::next(&right, Channel::Email)).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_claim_of_a_clock_that_was_ahead_does_not_hold_for_as_long_as_it_was() {
    let Machines { clock, off, right, _server } = machines().await;
    let claim = async |queue: &NatsQueue| queue.claim(Channel::Email, code("a").id, "w").await.unwrap();
    clock.0.store(10, Ordering::SeqCst);
    assert_eq!(claim(&off).await, Claim::Taken { attempt: 1 });
    assert_eq!(claim(&right).await, Claim::Busy, "they are nearly of one mind");
    clock.0.store(3_600, Ordering::SeqCst);
    assert_eq!(claim(&off).await, Claim::Taken { attempt: 2 });
    assert_eq!(claim(&right).await, Claim::Taken { attempt: 3 });
}
