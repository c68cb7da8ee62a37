//! `GET audit/state`: what the company, a group or a person was at a moment.

#![allow(unused_qualifications, reason = "the document's macro repeats the types of query parameters")]

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use twostep_api::{AuditState, AuditSubject, Problem, ProblemType};
use twostep_domain::{CompanyId, DecodeError, GroupId, MemberId};
use twostep_history::{StateAt, Subject};
use twostep_projections::AuditFilter;
use utoipa::IntoParams;
use uuid::Uuid;

use super::audit::{fault, may_read, recorded, unavailable};
use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Query, Session};
use crate::to_the_end::Caller;

/// Events looked up in the index at a time.
const PAGE: usize = 512;

/// What is asked, about when.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Moment {
    /// The moment (RFC 3339): everything recorded up to it counts.
    #[param(required)]
    at: Option<DateTime<Utc>>,
    /// What is asked about.
    #[param(required, inline)]
    kind: Option<AuditSubject>,
    /// Which group or person; of the company it may be left out.
    id: Option<Uuid>,
}

/// What the company, a group or a person was at a moment; not found: it wasn't there yet.
#[utoipa::path(get, path = "/audit/state", tag = "audit", params(Moment),
    responses((status = 200, body = AuditState), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(app): State<App>,
    Session(session): Session,
    caller: Caller,
    Query(moment): Query<Moment>,
) -> Result<Json<AuditState>, Refused> {
    may_read(&session)?;
    let company = session.principal.company;
    let (subject, at) = asked(&moment, company, app.commands.now())?;
    // A long history is read for whoever waits for it only.
    let folded = tokio::select! {
        () = caller.gone() => return Err(Refused::new(ProblemType::Unavailable, "whoever asked has hung up")),
        folded = folded(&app, company, subject, at) => folded?,
    };
    folded.shown().map(Json).ok_or_else(Refused::not_found)
}

fn asked(
    moment: &Moment,
    company: CompanyId,
    now: DateTime<Utc>,
) -> Result<(Subject, DateTime<Utc>), Refused> {
    let at = moment.at.ok_or_else(|| Refused::field("at", "say when, like 2026-11-24T12:00:00Z"))?;
    if at > now {
        return Err(Refused::field("at", "it lies ahead: what will be isn't known"));
    }
    let kind = moment.kind.ok_or_else(|| Refused::field("kind", "it is company, group or member"))?;
    let id = || moment.id.ok_or_else(|| Refused::field("id", "say which group or person"));
    let subject = match kind {
        AuditSubject::Company if moment.id.is_some_and(|id| id != company.0) => {
            return Err(Refused::not_found());
        }
        AuditSubject::Company => Subject::Company,
        AuditSubject::Group => Subject::Group(GroupId(id()?)),
        AuditSubject::Member => Subject::Member(MemberId(id()?)),
    };
    Ok((subject, at))
}

/// What the history up to `at` adds up to, read a page at a time; few do so at once.
async fn folded(
    app: &App,
    company: CompanyId,
    subject: Subject,
    at: DateTime<Utc>,
) -> Result<StateAt, Refused> {
    let stopping = |_| Refused::new(ProblemType::Unavailable, "the service stops: ask again in a moment");
    let _place = app.folds.acquire().await.map_err(stopping)?;
    let head = app.commands.checks().head(company).await.map_err(|error| fault(error.into()))?;
    // The index knows times to the microsecond; the fold looks again.
    let until = at.checked_add_signed(TimeDelta::microseconds(1));
    let filter = AuditFilter { streams: subject.streams(), until, ..AuditFilter::default() };
    let (mut state, mut after) = (StateAt::new(company, subject, at), 0);
    loop {
        let found = app.audit.find(company, filter.clone(), after, PAGE, &head).await.map_err(unavailable)?;
        let Some(last) = found.last() else { return Ok(state) };
        after = last.number;
        for indexed in &found {
            state.take(&recorded(app, indexed).await?).map_err(|error| too_new(&error))?;
        }
    }
}

fn too_new(error: &DecodeError) -> Refused {
    tracing::error!(%error, "a past state can't be told");
    Refused::new(ProblemType::Unavailable, "the history holds what this service is too old for")
}

#[cfg(test)]
mod tests;
