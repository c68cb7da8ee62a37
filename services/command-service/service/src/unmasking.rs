//! Unmasking behind the operator's socket: the record comes first, and only for whoever could open what is sealed.

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use twostep_api::{
    HistoryPlace as AskedPlace, Problem, ProblemType, Unmask, Unmasked, UnmaskedBy as AskedBy,
    UnmaskedScope as AskedScope,
};
use twostep_domain::company::{HistoryPlace, Unmask as Command, UnmaskedBy, UnmaskedScope};
use twostep_domain::{CompanyId, MemberId, is_event_type};
use twostep_event_store::Actor;
use twostep_runtime::listen::HostAccount;

use crate::app::App;
use crate::master_key;
use crate::refusal::Refused;
use crate::request::{Ask, Body};

/// Records that whoever asks is about to be shown personal data, before they are.
#[utoipa::path(post, path = "/unmaskings", tag = "operator", request_body = Unmask,
    responses((status = 200, body = Unmasked), (status = 400, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn record(
    State(app): State<App>,
    ask: Ask,
    account: Account,
    body: Body<Unmask>,
) -> Result<Json<Unmasked>, Refused> {
    let asked = body.value;
    master_key::use_up(&app, &asked.challenge)?;
    let proven = asked.proven();
    let proven = proven.each_ref().map(String::as_str);
    if !app.commands.vault().is_possession(&asked.challenge, &proven, &asked.proof) {
        return Err(master_key::no_possession());
    }
    let company = CompanyId(asked.company);
    // Whoever has the master key may know who is there.
    if app.commands.company(company).await?.state().registered().is_none() {
        let detail = "this installation has no such company: check --company";
        return Err(Refused::new(ProblemType::NotFound, detail));
    }
    let Account(HostAccount { uid }) = account;
    let unmask = Command { uid, scope: scope(asked.scope)?, reason: asked.reason };
    app.commands.record_unmasking(company, unmask, &ask.by(Actor::Operator)).await?;
    tracing::warn!(%company, uid, "personal data is shown to somebody on the host");
    Ok(Json(Unmasked { at: app.commands.now() }))
}

fn scope(asked: AskedScope) -> Result<UnmaskedScope, Refused> {
    let AskedScope { command, member, event_type, from, to } = asked;
    if event_type.as_deref().is_some_and(|name| !is_event_type(name)) {
        return Err(Refused::field("type", "there are no events of this type"));
    }
    Ok(UnmaskedScope {
        command: match command {
            AskedBy::Replay => UnmaskedBy::Replay,
            AskedBy::State => UnmaskedBy::State,
            AskedBy::Export => UnmaskedBy::Export,
        },
        member: member.map(MemberId),
        event_type,
        from: from.map(place),
        to: to.map(place),
    })
}

fn place(asked: AskedPlace) -> HistoryPlace {
    match asked {
        AskedPlace::Number(number) => HistoryPlace::Number(number),
        AskedPlace::Time(time) => HistoryPlace::Time(time),
    }
}

/// The account on the host that asks.
pub(crate) struct Account(HostAccount);

impl FromRequestParts<App> for Account {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
        let told = parts.extensions.get::<ConnectInfo<HostAccount>>();
        let unknown = || Refused::new(ProblemType::Unavailable, "the operating system doesn't say who asks");
        told.map(|ConnectInfo(account)| Self(*account)).ok_or_else(unknown)
    }
}
