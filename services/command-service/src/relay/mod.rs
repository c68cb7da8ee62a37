//! The relay: turns what the log wants sent into messages on the queue, and what workers say into events.
//!
//! The queue may lose everything: at start, and whenever a message is still open when it falls due, the relay
//! publishes it again. Message ids and exact revisions make that harmless, also with two relays.

mod intent;
mod message;
mod outcomes;
mod schedule;

use std::sync::Arc;

use twostep_commands::{Commands, Fault};
use twostep_delivery::{ChannelKeys, Publisher, QueueError, Request};
use twostep_domain::delivery::{
    Channel, Delivery, DeliveryCommand, DeliveryEvent, DeliveryRequested, Outcome,
};
use twostep_domain::{Aggregate as _, DeliveryId, Event as _, IntentId, StreamKind};
use twostep_event_store::{
    Actor, Checkpoint, Metadata, ReadError, Reader, RecordedEvent, StreamId, Subscription,
};
use twostep_runtime::Stop;
use twostep_vault::random;

pub(crate) use outcomes::record_outcomes;

use crate::metrics::Metrics;
use intent::Intent;
use message::Prepared;
use schedule::{Due, Schedule};

/// How long to wait before a full or absent queue is tried again.
const QUEUE_PAUSE: chrono::Duration = chrono::Duration::seconds(1);

/// How long after its end a message that nobody spoke of is recorded as expired.
const SILENCE: chrono::Duration = chrono::Duration::seconds(60);

/// How long after its end something that was wanted is still looked at: whatever a crash cut short gets its ending.
const REMEMBERED: chrono::Duration = chrono::Duration::hours(24);

/// Events read at a time while catching up.
const PAGE: usize = 512;

/// The keys that payloads are sealed with, a channel each.
pub struct ChannelSeals {
    /// E-mail's.
    pub email: ChannelKeys,
    /// Texts'.
    pub sms: ChannelKeys,
}

impl ChannelSeals {
    fn of(&self, channel: Channel) -> &ChannelKeys {
        match channel {
            Channel::Email => &self.email,
            Channel::Sms => &self.sms,
        }
    }
}

/// The relay.
pub(crate) struct Relay {
    commands: Arc<Commands>,
    reader: Arc<dyn Reader>,
    publisher: Arc<dyn Publisher>,
    seals: ChannelSeals,
    clock: twostep_clock::SharedClock,
    schedule: Schedule,
    metrics: Arc<Metrics>,
}

impl Relay {
    pub(crate) fn new(
        commands: Arc<Commands>,
        reader: Arc<dyn Reader>,
        publisher: Arc<dyn Publisher>,
        seals: ChannelSeals,
        clock: twostep_clock::SharedClock,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self { commands, reader, publisher, seals, clock, schedule: Schedule::default(), metrics }
    }

    /// Follows the log until the program stops.
    pub(crate) async fn run(mut self, stop: Stop) {
        let caught_up = tokio::select! {
            () = stop.requested() => return,
            caught_up = self.catch_up() => caught_up,
        };
        let mut subscription = Subscription::new(self.reader.clone(), caught_up);
        loop {
            self.metrics.backlog(self.schedule.backlog());
            let wake = self.schedule.next_due();
            let clock = self.clock.clone();
            let sleep = async {
                match wake {
                    Some(at) => clock.sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.requested() => return,
                events = subscription.next() => self.take_in(events).await,
                () = sleep => self.work_off().await,
            }
        }
    }

    /// Reads the log to its end before anything is sent: what was wanted long ago has mostly ended since.
    async fn catch_up(&mut self) -> Checkpoint {
        let mut checkpoint = Checkpoint::start();
        loop {
            let events = self.reader.read(&checkpoint, PAGE).await;
            match &events {
                Ok(events) if events.is_empty() => return checkpoint,
                Ok(events) => events.iter().for_each(|event| checkpoint.advance(event.position)),
                Err(_) => {}
            }
            self.take_in(events).await;
        }
    }

    async fn take_in(&mut self, events: Result<Vec<RecordedEvent>, ReadError>) {
        match events {
            Ok(events) => {
                for event in &events {
                    if let Err(error) = self.take_in_one(event) {
                        tracing::error!(stream = %event.stream(), %error, "the relay can't read an event");
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the relay can't read the log at present");
                self.clock.sleep_until(self.clock.now() + QUEUE_PAUSE).await;
            }
        }
    }

    /// Notes what an event means for messages; nothing is sent here.
    fn take_in_one(&mut self, event: &RecordedEvent) -> Result<(), twostep_domain::DecodeError> {
        let now = self.clock.now();
        if event.envelope.kind == StreamKind::Delivery {
            let Some(id) = event.envelope.key.uuid().map(DeliveryId) else { return Ok(()) };
            let envelope = &event.envelope;
            match DeliveryEvent::decode(&envelope.event_type, envelope.version, &event.data)? {
                DeliveryEvent::DeliveryRequested(request) => {
                    self.schedule.requested(id, envelope.company, &request)
                }
                DeliveryEvent::DeliveryRetried(retried) => self.schedule.retried(id, retried.next_at),
                _ => self.schedule.ended(id),
            }
        } else if let Some(intent) = Intent::of(event)?.filter(|intent| now < intent.expires_at + REMEMBERED)
        {
            self.schedule.intended(intent, now);
        }
        Ok(())
    }

    async fn work_off(&mut self) {
        let now = self.clock.now();
        for due in self.schedule.take_due(now) {
            let again = match &due {
                Due::Intent(intent) => self.send(intent).await,
                Due::Message { id, intent } => self.send_again(*id, intent).await,
                Due::Expiry(id, company) => self.expire(*id, *company).await,
            };
            if let Err(error) = again {
                tracing::warn!(%error, "a message could not be put into the queue; it is tried again");
                self.schedule.put_back(due, now + QUEUE_PAUSE);
            }
        }
    }

    /// Makes the messages of an intent, records each, and publishes those that haven't ended.
    async fn send(&mut self, intent: &Arc<Intent>) -> Result<(), RelayError> {
        for prepared in message::prepare(&self.commands, intent).await? {
            if !self.schedule.is_open(prepared.id) {
                continue;
            }
            self.record(intent, &prepared).await?;
            if self.clock.now() >= intent.expires_at {
                self.expire(prepared.id, intent.company).await?;
                continue;
            }
            self.schedule.remember(prepared.id, intent);
            self.publish(intent, &prepared).await?;
        }
        Ok(())
    }

    /// Publishes one message of an intent again: its retry is due.
    async fn send_again(&mut self, id: DeliveryId, intent: &Arc<Intent>) -> Result<(), RelayError> {
        for prepared in message::prepare(&self.commands, intent).await? {
            if prepared.id == id && self.schedule.is_open(id) {
                self.publish(intent, &prepared).await?;
            }
        }
        Ok(())
    }

    async fn record(&self, intent: &Intent, prepared: &Prepared) -> Result<(), Fault> {
        let request = DeliveryCommand::Request(DeliveryRequested {
            intent: intent.id,
            recipient: prepared.recipient,
            destination_hash: prepared.destination_hash.clone(),
            channel: prepared.channel,
            kind: intent.kind(),
            urgency: intent.kind().urgency(),
            expires_at: intent.expires_at,
        });
        decide(&self.commands, intent.company, prepared.id, &metadata(Some(intent.id)), request).await
    }

    async fn publish(&self, intent: &Intent, prepared: &Prepared) -> Result<(), QueueError> {
        let request = Request {
            version: Request::VERSION,
            id: prepared.id,
            company: intent.company,
            intent: intent.id,
            channel: prepared.channel,
            kind: intent.kind(),
            challenge: intent.challenge(),
            requested_at: intent.recorded_at,
            expires_at: intent.expires_at,
            payload: self.seals.of(prepared.channel).seal(prepared.id, &prepared.payload),
        };
        self.publisher.publish(&request).await
    }

    async fn expire(&self, id: DeliveryId, company: twostep_domain::CompanyId) -> Result<(), RelayError> {
        let expired = DeliveryCommand::Record(Outcome::Expired { attempts: 0 });
        Ok(decide(&self.commands, company, id, &metadata(None), expired).await?)
    }
}

/// Why a message is not in the queue yet.
#[derive(Debug, thiserror::Error)]
enum RelayError {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// Appends to a message's stream what `command` causes there.
async fn decide(
    commands: &Commands,
    company: twostep_domain::CompanyId,
    id: DeliveryId,
    metadata: &Metadata,
    command: DeliveryCommand,
) -> Result<(), Fault> {
    let stream = StreamId::new(company, StreamKind::Delivery, id.0);
    let done = commands
        .ledger()
        .execute::<Delivery, _>(&stream, metadata, |fold| Delivery::decide(fold.state(), command.clone()))
        .await;
    match done {
        Ok(_) => Ok(()),
        Err(twostep_commands::ExecuteError::Refused(refusal)) => {
            tracing::warn!(delivery = %id, %refusal, "an outcome was dropped");
            Ok(())
        }
        Err(twostep_commands::ExecuteError::Ledger(error)) => Err(error.into()),
    }
}

fn metadata(intent: Option<IntentId>) -> Metadata {
    Metadata {
        actor: Actor::system("relay"),
        origin: None,
        correlation: intent.map_or_else(random::new_id, |intent| intent.0),
        causation: intent.map(|intent| twostep_domain::EventId(intent.0)),
        idempotency: None,
    }
}
