//! What the log says of the messages to some people.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::Duration;

use twostep_domain::delivery::{DeliveryEvent, MessageKind};
use twostep_domain::{DeliveryId, Event as _, MemberId, StreamKind};
use twostep_event_store::{Checkpoint, Reader as _, RecordedEvent};
use twostep_event_store_sqlite::SqliteReader;

/// How long everything may take to end.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
const PAGE: usize = 512;

/// How far the messages of one kind to some people are.
#[derive(Default)]
pub(super) struct Outcomes {
    messages: HashMap<DeliveryId, Message>,
}

struct Message {
    recipient: MemberId,
    submitted: bool,
    unknown: bool,
    failed: bool,
    ended: bool,
}

impl Outcomes {
    /// Reads the log on until each of `recipients` has a message of `kind` that ended, or patience does.
    pub(super) async fn of(
        log: &Path,
        kind: MessageKind,
        recipients: &HashSet<MemberId>,
    ) -> anyhow::Result<Self> {
        Self::until(log, kind, PATIENCE, |outcomes| recipients.is_subset(&outcomes.ended())).await
    }

    /// The same until each has a message.
    pub(super) async fn requested(
        log: &Path,
        kind: MessageKind,
        recipients: &HashSet<MemberId>,
    ) -> anyhow::Result<Self> {
        Self::until(log, kind, PATIENCE, |outcomes| recipients.is_subset(&outcomes.wanted())).await
    }

    /// Reads the log on until it is `done`, or its end is reached after `patience`.
    pub(super) async fn until(
        log: &Path,
        kind: MessageKind,
        patience: Duration,
        done: impl Fn(&Self) -> bool,
    ) -> anyhow::Result<Self> {
        let reader = SqliteReader::open(log)?;
        let mut outcomes = Self::default();
        let mut checkpoint = Checkpoint::start();
        let over = tokio::time::Instant::now() + patience;
        while !done(&outcomes) {
            let page = reader.read(&checkpoint, PAGE).await?;
            if page.is_empty()
                && tokio::time::timeout_at(over, reader.wait_beyond(&checkpoint)).await.is_err()
            {
                break;
            }
            for event in page {
                outcomes.note(&event, kind)?;
                checkpoint.advance(event.position);
            }
        }
        Ok(outcomes)
    }

    fn note(&mut self, event: &RecordedEvent, kind: MessageKind) -> anyhow::Result<()> {
        let envelope = &event.envelope;
        let (StreamKind::Delivery, Some(id)) = (envelope.kind, envelope.key.uuid().map(DeliveryId)) else {
            return Ok(());
        };
        match DeliveryEvent::decode(&envelope.event_type, envelope.version, &event.data)? {
            DeliveryEvent::DeliveryRequested(asked) if asked.kind == kind => {
                let message = Message {
                    recipient: asked.recipient,
                    submitted: false,
                    unknown: false,
                    failed: false,
                    ended: false,
                };
                self.messages.insert(id, message);
            }
            DeliveryEvent::DeliveryRequested(_) | DeliveryEvent::DeliveryRetried(_) => {}
            other => {
                if let Some(message) = self.messages.get_mut(&id) {
                    message.ended = true;
                    message.submitted |= matches!(other, DeliveryEvent::DeliverySubmitted(_));
                    message.failed |= matches!(other, DeliveryEvent::DeliveryFailed(_));
                    message.unknown |= matches!(other, DeliveryEvent::DeliveryUnknown(_));
                }
            }
        }
        Ok(())
    }

    /// How many have ended.
    pub(super) fn number_ended(&self) -> usize {
        self.messages.values().filter(|message| message.ended).count()
    }

    /// How many were handed over.
    pub(super) fn number_submitted(&self) -> usize {
        self.messages.values().filter(|message| message.submitted).count()
    }

    fn wanted(&self) -> HashSet<MemberId> {
        self.messages.values().map(|message| message.recipient).collect()
    }

    /// To whom a message has ended.
    pub(super) fn ended(&self) -> HashSet<MemberId> {
        self.messages.values().filter(|message| message.ended).map(|message| message.recipient).collect()
    }

    /// To whom one was refused for good.
    pub(super) fn failed(&self) -> HashSet<MemberId> {
        self.messages.values().filter(|message| message.failed).map(|message| message.recipient).collect()
    }

    /// To whom one may or may not have been handed over.
    pub(super) fn unknown(&self) -> HashSet<MemberId> {
        self.messages.values().filter(|message| message.unknown).map(|message| message.recipient).collect()
    }
}
