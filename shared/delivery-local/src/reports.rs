//! What the workers say, until the service has written it down.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use twostep_delivery::{QueueError, ReceivedReport, Report, Reporter, Reports, Trace};
use twostep_domain::Time;

use crate::{Inner, LocalQueue, PATIENCE};

/// Reports in the order of their arrival, each with the instant from which it may be taken.
#[derive(Default)]
pub(crate) struct ReportBook {
    waiting: BTreeMap<u64, (Told, Time)>,
    counter: u64,
}

/// A report and what it is because of.
type Told = (Report, Option<Trace>);

impl ReportBook {
    fn put(&mut self, told: Told, now: Time) {
        self.counter += 1;
        self.waiting.insert(self.counter, (told, now));
    }

    fn take(&mut self, now: Time) -> Result<(u64, Told), Option<Time>> {
        let due = self.waiting.iter_mut().find(|(_, (_, from))| *from <= now);
        let Some((number, (told, from))) = due else {
            return Err(self.waiting.values().map(|(_, from)| *from).min());
        };
        *from = now + PATIENCE;
        Ok((*number, told.clone()))
    }
}

struct LocalReport {
    inner: Arc<Inner>,
    number: u64,
    told: Told,
}

#[async_trait]
impl Reporter for LocalQueue {
    async fn report(&self, report: &Report) -> Result<(), QueueError> {
        let told = (report.clone(), Trace::current());
        self.inner.change(|state, now| state.reports.put(told, now));
        Ok(())
    }
}

#[async_trait]
impl Reports for LocalQueue {
    async fn next(&self) -> Result<Box<dyn ReceivedReport>, QueueError> {
        let (number, told) = self.inner.wait_for(|state, now| state.reports.take(now)).await;
        Ok(Box::new(LocalReport { inner: Arc::clone(&self.inner), number, told }))
    }
}

#[async_trait]
impl ReceivedReport for LocalReport {
    fn report(&self) -> &Report {
        &self.told.0
    }

    fn trace(&self) -> Option<Trace> {
        self.told.1
    }

    async fn acknowledge(self: Box<Self>) -> Result<(), QueueError> {
        self.inner.change(|state, _| state.reports.waiting.remove(&self.number));
        Ok(())
    }
}
