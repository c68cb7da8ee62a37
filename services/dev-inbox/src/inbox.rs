//! The last messages, in memory.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use tokio::sync::watch;
use twostep_clock::SharedClock;

use crate::extract;
use crate::{Channel, Received};

/// What came, the oldest first.
pub(crate) struct Inbox {
    clock: SharedClock,
    keep: usize,
    kept: Mutex<Kept>,
    arrived: watch::Sender<u64>,
}

#[derive(Default)]
struct Kept {
    messages: VecDeque<Received>,
    last: u64,
}

/// What a message is made of, before it has an id.
pub(crate) struct Arrival {
    pub(crate) channel: Channel,
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) subject: Option<String>,
    pub(crate) text: String,
    pub(crate) html: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) encrypted: bool,
}

/// Which messages are asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Filter {
    /// To this address or number.
    to: Option<String>,
    /// By this channel.
    channel: Option<Channel>,
    /// With a greater id.
    #[serde(default)]
    after: u64,
}

impl Filter {
    fn lets(&self, message: &Received) -> bool {
        message.id > self.after
            && self.channel.is_none_or(|channel| channel == message.channel)
            && self.to().is_none_or(|to| message.to.iter().any(|other| other.eq_ignore_ascii_case(&to)))
    }

    /// A plus sign in a query string means a space unless it is escaped; here it always means a plus sign.
    fn to(&self) -> Option<String> {
        let to = self.to.as_deref().filter(|to| !to.is_empty())?;
        Some(to.replace(' ', "+"))
    }
}

impl Inbox {
    pub(crate) fn new(clock: SharedClock, keep: usize) -> Self {
        Self { clock, keep, kept: Mutex::default(), arrived: watch::Sender::new(0) }
    }

    /// Keeps a message, dropping the oldest when there are too many; gives back its id.
    pub(crate) fn put(&self, arrival: Arrival) -> u64 {
        let Arrival { channel, from, to, subject, text, html, headers, encrypted } = arrival;
        let (code, links) = (extract::code(&text), extract::links(&text));
        let received_at = self.clock.now();
        let mut kept = self.lock();
        kept.last += 1;
        let id = kept.last;
        let message = Received {
            id,
            channel,
            received_at,
            from,
            to,
            subject,
            text,
            html,
            headers,
            encrypted,
            code,
            links,
        };
        kept.messages.push_back(message);
        while kept.messages.len() > self.keep {
            kept.messages.pop_front();
        }
        drop(kept);
        self.arrived.send_replace(id);
        id
    }

    /// The messages that `filter` lets through, the oldest first.
    pub(crate) fn list(&self, filter: &Filter) -> Vec<Received> {
        self.lock().messages.iter().filter(|message| filter.lets(message)).cloned().collect()
    }

    pub(crate) fn get(&self, id: u64) -> Option<Received> {
        self.lock().messages.iter().find(|message| message.id == id).cloned()
    }

    /// The first message that `filter` lets through; waits while there is none.
    pub(crate) async fn next(&self, filter: &Filter) -> Received {
        let mut arrived = self.arrived.subscribe();
        loop {
            arrived.borrow_and_update();
            let found = self.lock().messages.iter().find(|message| filter.lets(message)).cloned();
            if let Some(message) = found {
                return message;
            }
            // The sender lives in `self`: it can't be gone.
            drop(arrived.changed().await);
        }
    }

    /// Forgets all messages; ids go on.
    pub(crate) fn clear(&self) {
        self.lock().messages.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
