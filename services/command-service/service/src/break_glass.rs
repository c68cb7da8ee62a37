//! Break-glass behind the operator's socket: the socket is the data's owner's, and the master key must be there too.

use axum::Json;
use axum::extract::State;
use twostep_api::{BreakGlass, GlassBroken, Problem, ProblemType};
use twostep_commands::{ManageError, MemberName};
use twostep_domain::{CompanyId, LoginName, Slug};
use twostep_event_store::Actor;

use crate::app::App;
use crate::master_key;
use crate::refusal::Refused;
use crate::request::{Ask, Body};

/// Resets a Master Admin's second step and gives out a link that sets a new password; every Master Admin is told.
#[utoipa::path(post, path = "/break-glass", tag = "operator", request_body = BreakGlass,
    responses((status = 200, body = GlassBroken), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn break_glass(
    State(app): State<App>,
    ask: Ask,
    body: Body<BreakGlass>,
) -> Result<Json<GlassBroken>, Refused> {
    let asked = body.value;
    master_key::use_up(&app, &asked.challenge)?;
    if !app.commands.vault().is_possession(&asked.challenge, &asked.proven(), &asked.proof) {
        return Err(master_key::no_possession());
    }
    let company = Slug::parse(&asked.company).map_err(|error| Refused::field("company", error))?;
    let member = named(&asked.member)?;
    let metadata = ask.by(Actor::Operator);
    // Whoever has the master key may know who is there.
    if app.commands.company(CompanyId::of(&company)).await?.state().registered().is_none() {
        let detail = format!("no company has the short name {}: check --company", company.as_str());
        return Err(Refused::new(ProblemType::NotFound, detail));
    }
    let broken = app.commands.break_glass(&company, &member, &asked.reason, &metadata).await;
    let broken = broken.map_err(|error| match error {
        ManageError::NotFound => {
            let detail = "nobody in this company has that login or id: check --member";
            Refused::new(ProblemType::NotFound, detail)
        }
        other => other.into(),
    })?;
    tracing::warn!(company = %broken.company, member = %broken.member, "the glass was broken for a Master Admin");
    Ok(Json(GlassBroken { member: broken.member.0, url: broken.url, expires_at: broken.expires_at }))
}

fn named(text: &str) -> Result<MemberName, Refused> {
    if let Ok(id) = text.parse() {
        return Ok(MemberName::Id(id));
    }
    LoginName::parse(text).map(MemberName::Login).map_err(|error| Refused::field("member", error))
}
