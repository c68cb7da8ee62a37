//! The write path: load and fold a stream, decide, append, and decide again where somebody was faster.

mod answered;
mod error;
mod fold;
mod folds;
mod snapshots;
#[cfg(test)]
mod tests;
mod turns;

use std::sync::Arc;

use twostep_clock::{SharedClock, Time};
use twostep_domain::{Aggregate, EventId};
use twostep_event_store::{
    AppendError, AppendToken, Checkpoint, Envelope, Loaded, Metadata, NewEvent, Revision, Store, StreamId,
};

pub use error::{ExecuteError, LedgerError};
pub use fold::Fold;
pub use snapshots::{Snapshots, SnapshotsError};

use answered::Known;
use folds::Folds;
pub(crate) use turns::{Turn, Turns};

/// How often a command is decided again after a conflict before the asker is told that the stream is too busy.
const ROUNDS: usize = 16;

/// The log as commands see it: folds in, events out.
///
/// Inside a process, commands on one stream wait for each other; the exact revision arbitrates between processes.
pub struct Ledger {
    store: Arc<dyn Store>,
    clock: SharedClock,
    folds: Folds,
    snapshots: Option<Arc<Snapshots>>,
    turns: Arc<Turns>,
}

/// What a command did.
pub struct Done<A: Aggregate> {
    /// The stream after it.
    pub fold: Arc<Fold<A>>,
    /// The events it appended, with their ids; none: there was nothing to do, or it was answered before.
    pub events: Vec<(EventId, A::Event)>,
    /// Where they are in the log; a query that names it sees them.
    pub position: Checkpoint,
    /// Whether the same request was answered before: the answer must not hold a secret again (S35).
    pub repeated: bool,
}

impl Ledger {
    /// A ledger over `store`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: SharedClock) -> Self {
        Self { store, clock, folds: Folds::default(), snapshots: None, turns: Arc::default() }
    }

    /// The same, with folds of long streams kept in `snapshots`.
    #[must_use]
    pub fn with_snapshots(self, snapshots: Arc<Snapshots>) -> Self {
        Self { snapshots: Some(snapshots), ..self }
    }

    /// What time it is: never before an event of a stream that was loaded.
    #[must_use]
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// What the clock on the wall shows: for app codes only.
    pub(crate) fn wall(&self) -> Time {
        self.clock.wall()
    }

    /// The store below.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The fold of `stream` as it stands now.
    ///
    /// # Errors
    /// The log can't be read, or holds an event that this program is too old for.
    pub async fn load<A: Aggregate>(&self, stream: &StreamId) -> Result<Arc<Fold<A>>, LedgerError> {
        Ok(self.load_for_append(stream).await?.0)
    }

    /// The fold of `stream` as it stood at `at`: with the events recorded until then, and none since.
    ///
    /// Costs the whole stream where it went on since.
    ///
    /// # Errors
    /// As [`Ledger::load`].
    pub async fn load_as_of<A: Aggregate>(
        &self,
        stream: &StreamId,
        at: Time,
    ) -> Result<Arc<Fold<A>>, LedgerError> {
        let now = self.load(stream).await?;
        if now.recorded_at().is_none_or(|last| last <= at) {
            return Ok(now);
        }
        self.load_while(stream, |envelope| envelope.recorded_at <= at).await
    }

    /// The fold of `stream` as it stood at the revision `at`, whatever else was recorded at the same instant.
    ///
    /// Costs the whole stream where it went on since.
    ///
    /// # Errors
    /// As [`Ledger::load`].
    pub async fn load_at<A: Aggregate>(
        &self,
        stream: &StreamId,
        at: Revision,
    ) -> Result<Arc<Fold<A>>, LedgerError> {
        let now = self.load(stream).await?;
        if now.revision().is_none_or(|last| last <= at) {
            return Ok(now);
        }
        self.load_while(stream, |envelope| envelope.revision <= at).await
    }

    async fn load_while<A: Aggregate>(
        &self,
        stream: &StreamId,
        there: impl Fn(&Envelope) -> bool,
    ) -> Result<Arc<Fold<A>>, LedgerError> {
        let mut then = Fold::default();
        let recorded = self.store.load(stream, None).await?.events;
        for event in recorded.iter().take_while(|event| there(&event.envelope)) {
            then.take_in(event)
                .map_err(|source| LedgerError::Newer { stream: stream.to_string(), source })?;
        }
        Ok(Arc::new(then))
    }

    async fn load_for_append<A: Aggregate>(
        &self,
        stream: &StreamId,
    ) -> Result<(Arc<Fold<A>>, AppendToken), LedgerError> {
        let (kept, loaded) = match self.folds.get(stream) {
            Some(kept) => {
                let after = kept.revision();
                (kept, self.store.load(stream, after).await?)
            }
            None => match self.snapshot(stream).await? {
                Some(found) => found,
                None => (Arc::default(), self.store.load(stream, None).await?),
            },
        };
        let Loaded { events, token } = loaded;
        // Whatever this machine's clock says: what was over by a stream's own time stays over, also after a restart (S30).
        let latest = events.last().map(|event| event.envelope.recorded_at).or(kept.recorded_at());
        latest.inspect(|latest| self.clock.not_before(*latest));
        if events.is_empty() {
            if kept.revision().is_none() {
                self.folds.put(stream, kept.clone());
            }
            return Ok((kept, token));
        }
        let mut fold = Arc::unwrap_or_clone(kept);
        for event in &events {
            fold.take_in(event)
                .map_err(|source| LedgerError::Newer { stream: stream.to_string(), source })?;
        }
        let due = fold.due_for_snapshot();
        let fold = Arc::new(fold);
        self.folds.put(stream, fold.clone());
        if let (true, Some(snapshots)) = (due, &self.snapshots) {
            snapshots.put(stream, fold.clone()).await;
        }
        Ok((fold, token))
    }

    /// The snapshot of `stream` with the events after it, if the log still holds the event that the snapshot ends with:
    /// a log put back from a backup may have gone another way since.
    async fn snapshot<A: Aggregate>(
        &self,
        stream: &StreamId,
    ) -> Result<Option<(Arc<Fold<A>>, Loaded)>, LedgerError> {
        let Some(snapshots) = &self.snapshots else { return Ok(None) };
        let Some(fold) = snapshots.get::<A>(stream).await else { return Ok(None) };
        let Some(last) = fold.last() else { return Ok(None) };
        let mut loaded = self.store.load(stream, last.revision.0.checked_sub(1).map(Revision)).await?;
        if loaded.events.first().is_none_or(|event| event.envelope.id != last.id) {
            return Ok(None);
        }
        loaded.events.remove(0);
        let fold = Arc::new(fold);
        self.folds.put(stream, fold.clone());
        Ok(Some((fold, loaded)))
    }

    /// Decides on `stream` and appends what was decided, once per idempotency key.
    ///
    /// `decide` may run several times: it gets the stream as it stands and makes its facts anew each time.
    /// When this returns, the events are durable.
    ///
    /// # Errors
    /// `decide`'s own refusal, or why the log can't take the events; then nothing was appended, unless it says otherwise.
    pub async fn execute<A, E>(
        &self,
        stream: &StreamId,
        metadata: &Metadata,
        mut decide: impl FnMut(&Fold<A>) -> Result<Vec<A::Event>, E> + Send,
    ) -> Result<Done<A>, ExecuteError<E>>
    where
        A: Aggregate,
    {
        let _turn = self.turns.wait(stream).await.ok_or(LedgerError::Busy)?;
        for _ in 0..ROUNDS {
            let (fold, token) = self.load_for_append::<A>(stream).await?;
            if let Some(key) = &metadata.idempotency {
                match fold.answered().find(key, self.clock.now()) {
                    Known::No => {}
                    Known::Same => return Ok(self.nothing(fold, stream, true).await?),
                    Known::OtherBody => return Err(LedgerError::KeyReused.into()),
                }
            }
            let events = decide(&fold).map_err(ExecuteError::Refused)?;
            // A key is remembered also where nothing is to be done: sent again, it does nothing to what is decided since.
            let kept =
                metadata.idempotency.as_ref().filter(|_| events.is_empty()).and_then(|_| A::unchanged());
            let appended = if events.is_empty() { kept.as_slice() } else { &events };
            if appended.is_empty() {
                return Ok(self.nothing(fold, stream, false).await?);
            }
            match self.append(token, metadata, appended).await {
                Ok((ids, position)) => {
                    let (fold, _) = self.load_for_append::<A>(stream).await?;
                    let events = ids.into_iter().zip(events).collect();
                    return Ok(Done { fold, events, position, repeated: false });
                }
                Err(AppendError::Conflict { .. }) => {}
                Err(error) => return Err(LedgerError::from(error).into()),
            }
        }
        Err(LedgerError::Busy.into())
    }

    /// Whether `stream` has answered the request of `metadata`'s idempotency key; no key: it hasn't.
    ///
    /// # Errors
    /// The key was used for another request, or the log can't be read.
    pub async fn has_answered<A: Aggregate>(
        &self,
        stream: &StreamId,
        metadata: &Metadata,
    ) -> Result<bool, LedgerError> {
        let Some(key) = &metadata.idempotency else { return Ok(false) };
        match self.load::<A>(stream).await?.answered().find(key, self.clock.now()) {
            Known::No => Ok(false),
            Known::Same => Ok(true),
            Known::OtherBody => Err(LedgerError::KeyReused),
        }
    }

    async fn nothing<A: Aggregate>(
        &self,
        fold: Arc<Fold<A>>,
        stream: &StreamId,
        repeated: bool,
    ) -> Result<Done<A>, LedgerError> {
        let position = self.store.head(stream.company).await?;
        Ok(Done { fold, events: Vec::new(), position, repeated })
    }

    async fn append<E: twostep_domain::Event>(
        &self,
        token: AppendToken,
        metadata: &Metadata,
        events: &[E],
    ) -> Result<(Vec<EventId>, Checkpoint), AppendError> {
        let recorded_at = self.clock.now();
        let (stream, first) = (token.stream().clone(), token.next());
        let new: Vec<NewEvent> = (first.0..)
            .zip(events)
            .map(|(revision, event)| NewEvent {
                id: event_id(metadata, &stream, Revision(revision), recorded_at),
                event_type: event.type_name().to_owned(),
                version: event.version(),
                data: event.encode(),
                metadata: metadata.clone(),
                recorded_at,
            })
            .collect();
        let ids = new.iter().map(|event| event.id).collect();
        let appended = self.store.append(token, new).await?;
        Ok((ids, Checkpoint::at(appended.position)))
    }
}

/// A repeated request makes the same ids; any other event a new one, ordered by time. One request may append to several
/// streams at the same revision (a reset of many people), so the stream is part of what an id follows from; and so is the
/// body: another one under the same key, from another replica at once, must not be taken for the first (S35).
fn event_id(metadata: &Metadata, stream: &StreamId, revision: Revision, now: Time) -> EventId {
    match &metadata.idempotency {
        Some(key) => {
            let request = format!("{} {}", key.key.as_str(), key.body.as_str());
            let cause = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, request.as_bytes());
            EventId::derived(cause, &format!("{stream}@{}", revision.0))
        }
        None => twostep_vault::random::event_id(now),
    }
}
