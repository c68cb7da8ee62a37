//! Break-glass behind the operator's socket: the socket is the data's owner's, and the master key must be there too.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::State;
use chrono::Duration;
use twostep_api::{BreakGlass, GlassBroken, PossessionChallenge, Problem, ProblemType};
use twostep_commands::{ManageError, MemberName};
use twostep_domain::{CompanyId, LoginName, Slug, Time};
use twostep_event_store::Actor;
use twostep_vault::random;

use crate::app::App;
use crate::refusal::Refused;
use crate::request::{Ask, Body};

/// How long a challenge can be answered.
const LIFE: Duration = Duration::minutes(1);

/// The challenge that is out: one at a time, since there is one operator.
#[derive(Clone, Default)]
pub(crate) struct Challenge(Arc<Mutex<Option<(String, Time)>>>);

impl Challenge {
    fn draw(&self, now: Time) -> String {
        let text = format!("{}{}", random::new_id().simple(), random::new_id().simple());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((text.clone(), now + LIFE));
        text
    }

    /// Whether `answered` is the one that is out; it is used up either way.
    fn use_up(&self, answered: &str, now: Time) -> bool {
        let out = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        out.is_some_and(|(text, until)| text == answered && now < until)
    }
}

/// Gives out what the proof of possession is made over.
#[utoipa::path(post, path = "/possession-challenges", tag = "operator",
    responses((status = 200, body = PossessionChallenge)))]
pub(crate) async fn challenge(State(app): State<App>) -> Json<PossessionChallenge> {
    Json(PossessionChallenge { challenge: app.challenge.draw(app.commands.now()) })
}

/// Resets a Master Admin's second step and gives out a link that sets a new password; every Master Admin is told.
#[utoipa::path(post, path = "/break-glass", tag = "operator", request_body = BreakGlass,
    responses((status = 200, body = GlassBroken), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn break_glass(
    State(app): State<App>,
    ask: Ask,
    body: Body<BreakGlass>,
) -> Result<Json<GlassBroken>, Refused> {
    let asked = body.value;
    if !app.challenge.use_up(&asked.challenge, app.commands.now()) {
        let detail = "this took too long, or another break-glass came in between: run it again";
        return Err(Refused::new(ProblemType::Forbidden, detail));
    }
    if !app.commands.vault().is_possession(&asked.challenge, &asked.proven(), &asked.proof) {
        tracing::warn!("break-glass was asked for without proof of the master key");
        let detail = "the master key doesn't fit this installation: name the file that the service has it from (keys.master_path)";
        return Err(Refused::new(ProblemType::Forbidden, detail));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_answered_once_in_time_and_the_last_one_counts() {
        let now: Time = "2026-11-24T10:00:00Z".parse().unwrap();
        let out = Challenge::default();
        let (first, second) = (out.draw(now), out.draw(now));
        assert!(!out.use_up(&first, now), "replaced");
        assert!(!out.use_up(&second, now), "used up by the wrong answer");
        let third = out.draw(now);
        assert!(out.use_up(&third, now));
        assert!(!out.use_up(&third, now));
        let late = out.draw(now);
        assert!(!out.use_up(&late, now + LIFE));
    }
}
