//! The relay: turns what the log wants sent into messages on the queue, and what workers say into events.
//!
//! The queue may lose everything: at start, and whenever a message is still open when it falls due, the relay
//! publishes it again. Message ids and exact revisions make that harmless, also with two relays. Of several, the one that
//! leads publishes; the others follow the log all the same, so that the next one needs nothing to begin.

mod cause;
mod due;
mod intent;
#[cfg(test)]
mod late_words;
mod memory;
mod message;
mod news;
mod notices;
#[cfg(test)]
mod office;
mod outcomes;
mod prepare;
mod record;
mod schedule;
mod seals;
mod shares;
mod texts;
#[cfg(test)]
mod two_leaders;
mod unsent;

use std::sync::Arc;

use twostep_commands::{Commands, Fault, ManageError};
use twostep_delivery::{Leadership, Payload, Publisher, QueueError, Request, Trace};
use twostep_domain::delivery::{DeliveryCommand, DeliveryRequested, Outcome};
use twostep_domain::{DecodeError, DeliveryId, Phone, Time};
use twostep_event_store::{Checkpoint, ReadError, Reader, RecordedEvent};
use twostep_runtime::Stop;

pub(crate) use outcomes::{record_outcomes, record_report};
pub(crate) use record::Written;
pub use seals::ChannelSeals;
pub use texts::{TextLimits, TextPrices};

use crate::following::Following;
use crate::metrics::Metrics;
use due::{Due, Task};
use intent::Intent;
use message::{Letter, Prepared};
use record::{decide, metadata};
use schedule::Schedule;
use texts::{Cap, Texts};
use unsent::Unsent;

/// How long to wait before a full or absent queue is tried again.
const QUEUE_PAUSE: chrono::Duration = chrono::Duration::seconds(1);

/// How long after its end, and after the start of this process, a message that nobody spoke of is recorded as expired.
const SILENCE: chrono::Duration = chrono::Duration::seconds(60);

/// How long after its end something that was wanted is still looked at: whatever a crash cut short gets its ending.
const REMEMBERED: chrono::Duration = chrono::Duration::hours(24);

/// Events read at a time.
const PAGE: usize = 512;

/// How much is worked off before the log is read on: each takes some appends, and a code may have come meanwhile.
const BATCH: usize = 8;

/// The relay.
pub(crate) struct Relay {
    commands: Arc<Commands>,
    reader: Arc<dyn Reader>,
    publisher: Arc<dyn Publisher>,
    leadership: Arc<dyn Leadership>,
    seals: ChannelSeals,
    clock: twostep_clock::SharedClock,
    schedule: Schedule,
    texts: Texts,
    metrics: Arc<Metrics>,
}

impl Relay {
    #[allow(clippy::too_many_arguments, reason = "its parts, each once")]
    pub(crate) fn new(
        commands: Arc<Commands>,
        reader: Arc<dyn Reader>,
        publisher: Arc<dyn Publisher>,
        leadership: Arc<dyn Leadership>,
        seals: ChannelSeals,
        limits: TextLimits,
        clock: twostep_clock::SharedClock,
        metrics: Arc<Metrics>,
    ) -> Self {
        let (schedule, texts) = (Schedule::default(), Texts::new(limits));
        Self { commands, reader, publisher, leadership, seals, clock, schedule, texts, metrics }
    }

    /// Follows the log until the program stops, or an event comes that it can't read.
    pub(crate) async fn run(mut self, following: Following, stop: Stop) {
        let mut checkpoint = Checkpoint::start();
        // To the log's end before anything is sent: what was wanted long ago has mostly ended since.
        let mut caught_up = false;
        loop {
            let page = tokio::select! {
                () = stop.requested() => return,
                page = self.reader.read(&checkpoint, PAGE) => page,
            };
            let at_end = match page {
                Ok(events) => {
                    let now = self.clock.now();
                    for event in &events {
                        if let Err(error) = self.note(event, now) {
                            return following.stop(event, &error);
                        }
                        checkpoint.advance(event.position);
                    }
                    events.is_empty()
                }
                Err(error) => self.pause(&error, &stop).await,
            };
            caught_up |= at_end;
            let leads = self.leadership.held();
            let worked = caught_up && leads && self.work_off().await;
            if !leads {
                self.schedule.leave_to_others(self.clock.now());
            }
            self.metrics.leads(leads);
            self.metrics.backlog(if leads { self.schedule.backlog() } else { 0 });
            if at_end && !worked {
                self.wait_beyond(&checkpoint, leads, &stop).await;
            }
        }
    }

    fn note(&mut self, event: &RecordedEvent, now: Time) -> Result<(), DecodeError> {
        self.schedule.note(event, now)?;
        self.texts.note(event, &self.schedule, now)
    }

    /// Waits until the log goes on, something is due, or the lead changes.
    async fn wait_beyond(&self, checkpoint: &Checkpoint, leads: bool, stop: &Stop) {
        let wake = self.schedule.next_due().filter(|_| leads);
        let due = async {
            match wake {
                Some(at) => self.clock.sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let more = tokio::select! {
            () = stop.requested() => return,
            () = due => return,
            () = self.leadership.differs_from(leads) => return,
            more = self.reader.wait_beyond(checkpoint) => more,
        };
        if let Err(error) = more {
            self.pause(&error, stop).await;
        }
    }

    /// Leaves alone a log that can't be read at present: its end isn't known.
    async fn pause(&self, error: &ReadError, stop: &Stop) -> bool {
        tracing::warn!(%error, "the relay can't read the log at present");
        tokio::select! {
            () = stop.requested() => {}
            () = self.clock.sleep_until(self.clock.now() + QUEUE_PAUSE) => {}
        }
        false
    }

    /// Works off a batch of what is due; whether there was any.
    async fn work_off(&mut self) -> bool {
        let batch = self.schedule.take_due(self.clock.now(), BATCH);
        let any = !batch.is_empty();
        for task in batch {
            let Some(task) = self.schedule.unless_held(task) else { continue };
            let trace = match &task.due {
                Due::Intent(intent) | Due::Doubt(intent) | Due::Message { intent, .. } => {
                    Trace::of(intent.correlation)
                }
                Due::Expiry(..) => None,
            };
            Trace::within(trace, self.work_on(task)).await;
        }
        any
    }

    async fn work_on(&mut self, task: Task) {
        let done = match &task.due {
            Due::Intent(intent) | Due::Doubt(intent) => self.send(intent).await,
            Due::Message { id, intent, .. } => self.send_again(*id, intent).await,
            Due::Expiry(id, company) => self.expire(*id, *company).await,
        };
        let now = self.clock.now();
        match done {
            Ok(()) => {
                if let Due::Message { id, .. } = &task.due {
                    self.schedule.published(*id, now);
                }
                if let Due::Intent(intent) | Due::Doubt(intent) | Due::Message { intent, .. } = &task.due {
                    self.schedule.doubt(intent, now);
                }
            }
            Err(RelayError::Queue(error)) => {
                tracing::warn!(%error, "a message could not be put into the queue; it is tried again");
                self.schedule.put_back(task, now + QUEUE_PAUSE);
            }
            Err(RelayError::Fault(error)) => {
                tracing::warn!(%error, "a message could not be made or recorded; it is tried again");
                self.schedule.failed(task, now);
            }
        }
    }

    /// Makes the messages of an intent, records each, and publishes those that haven't ended.
    async fn send(&mut self, intent: &Arc<Intent>) -> Result<(), RelayError> {
        for prepared in prepare::prepare(&self.commands, intent).await? {
            let number = prepared.letter.as_ref().ok().and_then(|letter| letter.number.as_ref());
            let now = self.clock.now();
            let waits = self.schedule.waits_for_retry(prepared.id)
                || self.schedule.is_trusted(prepared.id, intent, now);
            // Whoever has had it in hands may say yet what became of it: its ending has a time of its own.
            let had = now >= intent.expires_at && self.schedule.knows(prepared.id);
            if !self.schedule.is_open(prepared.id) || waits || had {
                number.inspect(|number| self.texts.learn(intent.company, prepared.id, number));
                continue;
            }
            let ready = match &prepared.letter {
                Ok(_) if now >= intent.expires_at => None,
                Ok(letter) => Some(self.admit(intent, prepared.id, letter, now)),
                Err(unsent) => Some(Err(*unsent)),
            };
            self.record(intent, &prepared).await?;
            match ready {
                None => self.expire(prepared.id, intent.company).await?,
                Some(Err(unsent)) => {
                    if let (Unsent::Cap(Cap::Use), Some(number)) = (unsent, number) {
                        self.tell_master_admins(intent, number).await?;
                    }
                    self.give_up(prepared.id, intent, unsent).await?;
                }
                Some(Ok(payload)) => {
                    self.schedule.remember(prepared.id, intent, now);
                    self.publish(intent, &prepared, payload).await?;
                    self.schedule.published(prepared.id, now);
                }
            }
        }
        Ok(())
    }

    /// What to seal, unless it is a text too many (S14).
    fn admit<'a>(
        &mut self,
        intent: &Intent,
        id: DeliveryId,
        letter: &'a Letter,
        now: Time,
    ) -> Result<&'a Payload, Unsent> {
        if let Some(number) = &letter.number {
            self.texts.admit(intent, id, number, now).map_err(Unsent::Cap)?;
        }
        Ok(&letter.payload)
    }

    /// Publishes one message of an intent again: its retry is due, or an operator wants it sent once more.
    async fn send_again(&mut self, id: DeliveryId, intent: &Arc<Intent>) -> Result<(), RelayError> {
        let all = prepare::prepare(&self.commands, intent).await?;
        if !self.schedule.is_open(id) {
            return Ok(());
        }
        let found = all.iter().find(|prepared| prepared.id == id);
        let Some(prepared) = found else { return Ok(self.give_up(id, intent, Unsent::Gone).await?) };
        match &prepared.letter {
            Ok(letter) => Ok(self.publish(intent, prepared, &letter.payload).await?),
            Err(unsent) => Ok(self.give_up(id, intent, *unsent).await?),
        }
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
        decide(&self.commands, intent.company, prepared.id, &metadata(Some(intent)), request).await.map(drop)
    }

    async fn publish(
        &self,
        intent: &Intent,
        prepared: &Prepared,
        payload: &Payload,
    ) -> Result<(), QueueError> {
        let round = self.schedule.redrives(prepared.id);
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
            round,
            payload: self.seals.of(prepared.channel).seal(prepared.id, payload),
        };
        if round > 0 {
            self.publisher.reopen(prepared.channel, prepared.id, round).await?;
        }
        self.publisher.publish(&request).await?;
        let Request { id, company, channel, kind, .. } = request;
        tracing::info!(%id, %company, channel = channel.as_str(), ?kind, "a message was put into the queue");
        Ok(())
    }

    /// Tells the company's Master Admins that its texts to a dialling code are stopped.
    async fn tell_master_admins(&self, intent: &Intent, number: &Phone) -> Result<(), Fault> {
        let metadata = metadata(Some(intent));
        match self.commands.texts_stopped(intent.company, number.dialling_code(), &metadata).await {
            Err(ManageError::Fault(fault)) => Err(fault),
            Err(refused) => {
                tracing::warn!(company = %intent.company, %refused, "nobody is told that texts are stopped");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Ends a message of which nothing is sent.
    async fn give_up(&self, id: DeliveryId, intent: &Intent, unsent: Unsent) -> Result<(), Fault> {
        let (because, reason) = unsent.said();
        tracing::info!(intent = %intent.id, delivery = %id, reason, "nothing is sent");
        if let Some(limit) = unsent.limit() {
            self.metrics.text_refused(limit);
        }
        let reason = reason.to_owned();
        let failed = DeliveryCommand::Record(Outcome::Failed { because, reason, attempts: 0 });
        decide(&self.commands, intent.company, id, &metadata(Some(intent)), failed).await.map(drop)
    }

    async fn expire(&self, id: DeliveryId, company: twostep_domain::CompanyId) -> Result<(), RelayError> {
        let expired = DeliveryCommand::Record(Outcome::Expired { attempts: 0 });
        decide(&self.commands, company, id, &metadata(None), expired).await?;
        Ok(())
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
