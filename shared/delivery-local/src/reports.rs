//! What the workers say, until the service has written it down.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use twostep_delivery::{QueueError, ReceivedReport, Report, Reporter, Reports};
use twostep_domain::Time;

use crate::{Inner, LocalQueue, PATIENCE};

/// Reports in the order of their arrival, each with the instant from which it may be taken.
#[derive(Default)]
pub(crate) struct ReportBook {
    waiting: BTreeMap<u64, (Report, Time)>,
    counter: u64,
}

impl ReportBook {
    fn put(&mut self, report: Report, now: Time) {
        self.counter += 1;
        self.waiting.insert(self.counter, (report, now));
    }

    fn take(&mut self, now: Time) -> Result<(u64, Report), Option<Time>> {
        let due = self.waiting.iter_mut().find(|(_, (_, from))| *from <= now);
        let Some((number, (report, from))) = due else {
            return Err(self.waiting.values().map(|(_, from)| *from).min());
        };
        *from = now + PATIENCE;
        Ok((*number, report.clone()))
    }
}

struct LocalReport {
    inner: Arc<Inner>,
    number: u64,
    report: Report,
}

#[async_trait]
impl Reporter for LocalQueue {
    async fn report(&self, report: &Report) -> Result<(), QueueError> {
        self.inner.change(|state, now| state.reports.put(report.clone(), now));
        Ok(())
    }
}

#[async_trait]
impl Reports for LocalQueue {
    async fn next(&self) -> Result<Box<dyn ReceivedReport>, QueueError> {
        let (number, report) = self.inner.wait_for(|state, now| state.reports.take(now)).await;
        Ok(Box::new(LocalReport { inner: Arc::clone(&self.inner), number, report }))
    }
}

#[async_trait]
impl ReceivedReport for LocalReport {
    fn report(&self) -> &Report {
        &self.report
    }

    async fn acknowledge(self: Box<Self>) -> Result<(), QueueError> {
        self.inner.change(|state, _| state.reports.waiting.remove(&self.number));
        Ok(())
    }
}
