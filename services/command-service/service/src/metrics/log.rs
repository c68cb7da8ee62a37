//! The log, with its loads counted, and its appends counted and timed.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use twostep_domain::CompanyId;
use twostep_event_store::{
    AppendError, AppendToken, Appended, Checkpoint, Loaded, NewEvent, ReadError, Reader, RecordedEvent,
    Revision, Store, StreamId, Writer,
};

use super::{AppendOutcome, Metrics};
use crate::positions;

/// A store that tells the metrics of each load and append, and the answer to whoever asked for it.
pub(crate) struct MeasuredStore {
    store: Arc<dyn Store>,
    metrics: Arc<Metrics>,
}

impl MeasuredStore {
    pub(crate) fn new(store: Arc<dyn Store>, metrics: Arc<Metrics>) -> Self {
        Self { store, metrics }
    }
}

#[async_trait]
impl Reader for MeasuredStore {
    async fn load(&self, stream: &StreamId, after: Option<Revision>) -> Result<Loaded, ReadError> {
        self.metrics.loads(stream.kind);
        self.store.load(stream, after).await
    }

    async fn event(&self, stream: &StreamId, revision: Revision) -> Result<Option<RecordedEvent>, ReadError> {
        self.store.event(stream, revision).await
    }

    async fn read(&self, after: &Checkpoint, limit: usize) -> Result<Vec<RecordedEvent>, ReadError> {
        self.store.read(after, limit).await
    }

    async fn head(&self, company: CompanyId) -> Result<Checkpoint, ReadError> {
        self.store.head(company).await
    }

    async fn wait_beyond(&self, seen: &Checkpoint) -> Result<(), ReadError> {
        self.store.wait_beyond(seen).await
    }
}

#[async_trait]
impl Writer for MeasuredStore {
    async fn append(&self, token: AppendToken, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        let (stream, began) = (token.stream().kind, Instant::now());
        let types: Vec<String> = events.iter().map(|event| event.event_type.clone()).collect();
        let result = self.store.append(token, events).await;
        let outcome = match &result {
            Ok(_) => AppendOutcome::Durable,
            Err(AppendError::Conflict { .. }) => AppendOutcome::Conflict,
            Err(_) => AppendOutcome::Failed,
        };
        self.metrics.appended(stream, outcome, began.elapsed());
        result.inspect(|appended| {
            tracing::info!(stream = stream.as_str(), events = types.join(" "), "events were appended");
            positions::written(appended.position);
        })
    }

    async fn takes_appends(&self) -> Result<(), AppendError> {
        self.store.takes_appends().await
    }
}
