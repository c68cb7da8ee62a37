//! `GET audit/events`: the history of the caller's company, for its auditors and Master Admins.

#![allow(unused_qualifications, reason = "the document's macro repeats the types of query parameters")]

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use twostep_api::{AuditEvents, Problem, ProblemType};
use twostep_commands::{Fault, LedgerError, SessionCaller};
use twostep_domain::{MemberId, Role, is_event_type};
use twostep_event_store::RecordedEvent;
use twostep_history::shown;
use twostep_projections::{AuditFilter, AuditIndexError, Indexed};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Query, Session, page_size};

/// Which part of the history.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// What the page before gave as `next`.
    cursor: Option<u64>,
    /// Events on a page, 1 to 200; 50 if left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Only events of this type, like `PolicyChanged`.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    event_type: Option<String>,
    /// Only what happened to this person, or was done by them.
    member: Option<Uuid>,
    /// Only what was recorded then or later (RFC 3339).
    from: Option<DateTime<Utc>>,
    /// Only what was recorded before (RFC 3339).
    until: Option<DateTime<Utc>>,
}

/// The history of the caller's company, oldest first; never behind what was answered before.
#[utoipa::path(get, path = "/audit/events", tag = "audit", params(Page),
    responses((status = 200, body = AuditEvents), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn events(
    State(app): State<App>,
    Session(caller): Session,
    Query(page): Query<Page>,
) -> Result<Json<AuditEvents>, Refused> {
    may_read(&caller)?;
    let company = caller.principal.company;
    let limit = page_size(page.limit)?;
    possible(&page)?;
    let filter = AuditFilter {
        event_type: page.event_type,
        member: page.member.map(MemberId),
        from: page.from,
        until: page.until,
        ..AuditFilter::default()
    };
    let head = app.commands.checks().head(company).await.map_err(|error| fault(error.into()))?;
    let after = page.cursor.unwrap_or(0);
    let mut found = app.audit.find(company, filter, after, limit + 1, &head).await.map_err(unavailable)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let mut events = Vec::with_capacity(found.len());
    for indexed in found {
        let event = recorded(&app, &indexed).await?;
        events.push(shown(indexed.number, &event));
    }
    let next = events.last().filter(|_| more).map(|event| event.number.to_string());
    Ok(Json(AuditEvents { events, next }))
}

/// The event that the index knows of.
pub(super) async fn recorded(app: &App, indexed: &Indexed) -> Result<RecordedEvent, Refused> {
    let event =
        app.reader.event(&indexed.stream, indexed.revision).await.map_err(|error| fault(error.into()))?;
    event.ok_or_else(|| {
        tracing::error!(stream = %indexed.stream, "the audit index names an event that the log doesn't have: rebuild it");
        Refused::new(ProblemType::Unavailable, "the index of the history is wrong: an operator must rebuild it (twostep read-models rebuild)")
    })
}

/// Whether the caller reads histories at all.
pub(super) fn may_read(caller: &SessionCaller) -> Result<(), Refused> {
    if caller.principal.is_master_admin() || caller.principal.roles.has(Role::Auditor) {
        return Ok(());
    }
    Err(Refused::new(ProblemType::Forbidden, "only auditors and Master Admins read the history"))
}

/// A question that nothing can answer is a slip: an empty page would say that nothing happened.
fn possible(page: &Page) -> Result<(), Refused> {
    if let Some(unknown) = page.event_type.as_deref().filter(|name| !is_event_type(name)) {
        let message =
            format_args!("there are no events of type {unknown:?}: the types are written like PolicyChanged");
        return Err(Refused::field("type", message));
    }
    if page.from.zip(page.until).is_some_and(|(from, until)| from >= until) {
        return Err(Refused::field("from", "it isn't before until: nothing lies in between"));
    }
    Ok(())
}

pub(super) fn fault(error: LedgerError) -> Refused {
    Fault::from(error).into()
}

pub(super) fn unavailable(error: AuditIndexError) -> Refused {
    tracing::error!(%error, "the audit index can't answer");
    Refused::new(
        ProblemType::Unavailable,
        "the index of the history can't answer at present: ask again in a moment",
    )
}
