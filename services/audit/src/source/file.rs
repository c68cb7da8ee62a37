//! A history in a file: the log itself, read while it is written or not.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use twostep_domain::CompanyId;
use twostep_event_store::{Checkpoint, Partition, Reader as _, RecordedEvent};
use twostep_event_store_sqlite::SqliteReader;
use twostep_history::{shown, unmasked};
use twostep_projections::AuditFilter;
use twostep_vault::PersonalData;
use uuid::Uuid;

use super::Page;
use crate::selection::Selection;

/// Events read at a time: what is in memory of a history of any length.
const PAGE: usize = 512;

/// An open log.
pub(crate) struct File {
    reader: Arc<SqliteReader>,
}

impl File {
    /// Opens the log at `path`.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let reader = SqliteReader::open(path).with_context(|| hint(path))?;
        Ok(Self { reader: Arc::new(reader) })
    }

    /// The events that `selection` wants, up to where the log ends now.
    pub(super) async fn pages(
        &self,
        selection: &Selection,
        personal: Option<PersonalData>,
    ) -> anyhow::Result<Pages> {
        Ok(Pages {
            events: self.events().await?,
            numbers: HashMap::new(),
            company: selection.company,
            filter: selection.filter(),
            first: selection.first(),
            last: selection.last(),
            personal,
        })
    }

    /// Every event, up to where the log ends now: whoever reads a log that grows gets to an end.
    pub(crate) async fn events(&self) -> anyhow::Result<Events> {
        // The log has one end for all companies.
        let end = self.reader.head(CompanyId(Uuid::nil())).await?.offset(Partition::ONLY);
        Ok(Events { reader: self.reader.clone(), seen: Checkpoint::start(), end })
    }
}

/// What else may be in the way than what the log itself says.
fn hint(path: &Path) -> String {
    let denied = |error: io::Error| error.kind() == io::ErrorKind::PermissionDenied;
    if std::fs::File::open(path).is_err_and(denied) {
        return format!(
            "{} is another account's: run this as the service's user or as root, or name the log.db of a backup with --log",
            path.display()
        );
    }
    "opening the log: --log takes the log.db of a backup, --data the directory that one lies in".to_owned()
}

/// The events of a log, a page at a time.
pub(crate) struct Events {
    reader: Arc<SqliteReader>,
    seen: Checkpoint,
    end: u64,
}

impl Events {
    /// The next page; empty after the last one.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Vec<RecordedEvent>> {
        let mut events = self.reader.read(&self.seen, PAGE).await?;
        events.retain(|event| event.position.offset() <= self.end);
        for event in &events {
            self.seen.advance(event.position);
        }
        Ok(events)
    }

    /// The position of the last event that was read.
    pub(crate) fn read(&self) -> u64 {
        self.seen.offset(Partition::ONLY)
    }

    /// The position of the last event that will be.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }
}

/// The chosen events of a log.
pub(crate) struct Pages {
    events: Events,
    /// How many events of each company were read.
    numbers: HashMap<CompanyId, u64>,
    company: Option<CompanyId>,
    filter: AuditFilter,
    first: u64,
    last: u64,
    personal: Option<PersonalData>,
}

impl Pages {
    pub(super) async fn next(&mut self) -> anyhow::Result<Option<Page>> {
        let events = self.events.next().await?;
        if events.is_empty() {
            return Ok(None);
        }
        let mut chosen = Vec::new();
        for event in &events {
            let number = self.numbers.entry(event.envelope.company).or_insert(0);
            *number += 1;
            let wanted = (self.first..=self.last).contains(number)
                && self.company.is_none_or(|company| company == event.envelope.company)
                && self.filter.has(&event.envelope);
            if wanted {
                chosen.push(self.personal.as_ref().map_or_else(
                    || Ok(shown(*number, event)),
                    |personal| unmasked(*number, event, personal),
                )?);
            }
        }
        Ok(Some(Page { events: chosen, read: self.events.read() }))
    }

    pub(super) fn length(&self) -> u64 {
        self.events.end()
    }
}
