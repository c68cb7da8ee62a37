//! What stands beside an export.

use chrono::{DateTime, Utc};
use serde::Serialize;
use twostep_api::AuditEvent;
use uuid::Uuid;

use super::Format;
use super::writer::Written;
use crate::selection::{Place, Selection};

/// What an export is and how to know that it is whole: written last.
#[derive(Serialize)]
pub(crate) struct Manifest {
    format: Format,
    format_version: &'static str,
    made_by: &'static str,
    /// Whether personal data is hidden in it.
    masked: bool,
    selected: Selected,
    file: &'static str,
    /// Lines in it.
    pub(super) count: u64,
    /// Events that were selected and that the format has no place for.
    pub(super) left_out: u64,
    bytes: u64,
    /// Of the whole file, in lower-case hexadecimal, as `sha256sum` prints it.
    pub(super) sha256: String,
    first: Option<Mark>,
    last: Option<Mark>,
}

/// What was asked for.
#[derive(Serialize)]
struct Selected {
    company: Option<Uuid>,
    from: Option<String>,
    to: Option<String>,
    #[serde(rename = "type")]
    event_type: Option<String>,
    person: Option<Uuid>,
}

/// An event, to find it by.
#[derive(Serialize)]
pub(crate) struct Mark {
    company: Uuid,
    number: u64,
    id: Uuid,
    recorded_at: DateTime<Utc>,
}

impl Mark {
    pub(super) fn of(event: &AuditEvent) -> Self {
        let AuditEvent { company, number, id, recorded_at, .. } = *event;
        Self { company, number, id, recorded_at }
    }
}

impl Manifest {
    pub(super) fn new(
        format: Format,
        masked: bool,
        selection: &Selection,
        written: Written,
        left_out: u64,
        first: Option<Mark>,
        last: Option<Mark>,
    ) -> Self {
        let place = |place: Option<Place>| match place? {
            Place::Number(number) => Some(number.to_string()),
            Place::Time(time) => Some(time.to_rfc3339()),
        };
        Self {
            format,
            format_version: format.version(),
            made_by: concat!("twostep-audit ", env!("CARGO_PKG_VERSION")),
            masked,
            selected: Selected {
                company: selection.company.map(|company| company.0),
                from: place(selection.from),
                to: place(selection.to),
                event_type: selection.event_type.clone(),
                person: selection.person,
            },
            file: super::writer::EVENTS,
            count: written.lines,
            left_out,
            bytes: written.bytes,
            sha256: written.sha256,
            first,
            last,
        }
    }
}
