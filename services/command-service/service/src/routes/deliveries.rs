//! `GET deliveries`: what happened to the messages of the caller's company, for its operators and Master Admins.

#![allow(unused_qualifications, reason = "the document's macro repeats the types of query parameters")]

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use twostep_api as api;
use twostep_api::{Deliveries, Delivery, Problem, ProblemType};
use twostep_commands::{Fault, LedgerError, SessionCaller};
use twostep_domain::delivery::{Channel, Progress};
use twostep_domain::{MemberId, Role};
use twostep_projections::{MessageFilter, MessageStatus};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Query, Session, page_size};

/// Which messages.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// What the page before gave as `next`.
    cursor: Option<u64>,
    /// Messages on a page, 1 to 200; 50 if left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Only messages in this state, like `failed`.
    state: Option<String>,
    /// Only messages that travel like this.
    channel: Option<api::Channel>,
    /// Only messages that say this, like `sign_in_code`.
    kind: Option<String>,
    /// Only messages to this person.
    member: Option<Uuid>,
    /// Only messages that were asked for then or later (RFC 3339).
    from: Option<DateTime<Utc>>,
    /// Only messages that were asked for before (RFC 3339).
    until: Option<DateTime<Utc>>,
}

/// The messages of the caller's company, the latest first: of the last 100,000 of all companies; older ones are in the history.
#[utoipa::path(get, path = "/deliveries", tag = "deliveries", params(Page),
    responses((status = 200, body = Deliveries), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    Session(caller): Session,
    Query(page): Query<Page>,
) -> Result<Json<Deliveries>, Refused> {
    may_read(&caller)?;
    let company = caller.principal.company;
    let (limit, cursor) = (page_size(page.limit)?, page.cursor);
    let filter = filter(page)?;
    let head = app.commands.checks().head(company).await;
    let head = head.map_err(|error| Fault::from(LedgerError::from(error)))?;
    let known = app.deliveries.at(&head).await.map_err(Fault::from)?;
    let mut found: Vec<_> = known.list(company, cursor, &filter).take(limit + 1).collect();
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|message| message.number.to_string());
    let deliveries = found.into_iter().map(shown).collect();
    Ok(Json(Deliveries { deliveries, next }))
}

fn may_read(caller: &SessionCaller) -> Result<(), Refused> {
    if caller.principal.is_master_admin() || caller.principal.roles.has(Role::Operator) {
        return Ok(());
    }
    Err(Refused::new(ProblemType::Forbidden, "only operators and Master Admins look after messages"))
}

/// A question that nothing can answer is a slip: an empty page would say that nothing happened.
fn filter(page: Page) -> Result<MessageFilter, Refused> {
    if let Some(state) = page.state.as_deref().filter(|state| !Progress::WORDS.contains(state)) {
        let words = Progress::WORDS.join(", ");
        return Err(Refused::field("state", format_args!("{state:?} is none of {words}")));
    }
    if page.from.zip(page.until).is_some_and(|(from, until)| from >= until) {
        return Err(Refused::field("from", "it isn't before until: nothing lies in between"));
    }
    let kind = page.kind.map(|kind| {
        let words = "the kinds are written like sign_in_code";
        of_word(&kind)
            .ok_or_else(|| Refused::field("kind", format_args!("no message is a {kind:?}: {words}")))
    });
    Ok(MessageFilter {
        state: page.state,
        channel: page.channel.map(|channel| match channel {
            api::Channel::Email => Channel::Email,
            api::Channel::Sms => Channel::Sms,
        }),
        kind: kind.transpose()?,
        recipient: page.member.map(MemberId),
        from: page.from,
        until: page.until,
    })
}

fn shown(message: &MessageStatus) -> Delivery {
    Delivery {
        id: message.id.0,
        kind: word(&message.kind),
        channel: match message.channel {
            Channel::Email => api::Channel::Email,
            Channel::Sms => api::Channel::Sms,
        },
        member: message.recipient.0,
        state: message.progress.as_str().to_owned(),
        at: message.at,
        requested_at: message.requested_at,
        expires_at: message.expires_at,
        attempts: message.attempts,
        next_at: match message.progress {
            Progress::Retrying { next_at } => Some(next_at),
            _ => None,
        },
        provider: message.provider.clone(),
        provider_id: message.provider_id.clone(),
        because: match message.progress {
            Progress::Failed { because } => Some(word(&because)),
            _ => None,
        },
        reason: message.reason.clone(),
    }
}

/// The word that the log has for it.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn of_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.to_owned())).ok()
}
