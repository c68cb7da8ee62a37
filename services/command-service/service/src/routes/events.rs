//! `sign-ins/{id}/events`: what becomes of the message that a page waits for, while the page may know it.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::Stream;
use twostep_api::{DeliveryState, Problem, ProblemType};
use twostep_domain::second_step::During;
use twostep_domain::{MemberId, SignInId};
use uuid::Uuid;

use super::message_state;
use super::sign_ins::{Asking, asking};
use crate::app::App;
use crate::document::DELIVERY;
use crate::refusal::Refused;
use crate::request::{Path, SignIn as Caller, bearer};
use crate::waiting::Place;

/// News that come within this time are one look.
const TOGETHER: Duration = Duration::from_millis(200);

/// When it is looked at without news: time alone ends sign-ins and sessions too.
const WITHOUT_NEWS: Duration = Duration::from_secs(15);

/// The state of the sign-in's latest message, as it changes.
///
/// The stream ends with the sign-in, or the session of the step-up, that asks.
#[utoipa::path(get, path = "/sign-ins/{id}/events", tag = "sign-in", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "text/event-stream", body = DeliveryState), (status = 401, body = Problem),
        (status = 429, body = Problem)))]
pub(crate) async fn delivery(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refused> {
    let Asking { member, sign_in, .. } = asking(&app.commands, caller, id)?;
    let token = bearer(&headers).ok_or_else(Refused::not_signed_in)?.to_owned();
    let Some(place) = app.waiting.take(member) else {
        let detail = "too many pages wait for news of their messages: close one, or ask for the sign-in's state instead";
        return Err(Refused::new(ProblemType::Busy, detail));
    };
    let waiter = Waiter { app, token, member, sign_in, seen: None, _place: place };
    let events = futures::stream::unfold(waiter, |mut waiter| async {
        let event = waiter.next().await?;
        Some((Ok(event), waiter))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// A page that waits.
struct Waiter {
    app: App,
    token: String,
    member: MemberId,
    sign_in: SignInId,
    seen: Option<DeliveryState>,
    _place: Place,
}

impl Waiter {
    /// The next state; none once whoever asked may not know it any more.
    async fn next(&mut self) -> Option<Event> {
        // Taken before the first look: what comes in between is news.
        let mut news = self.app.deliveries.news();
        loop {
            if !self.may_know().await {
                return None;
            }
            let latest = latest(&self.app, self.member, During::SignIn(self.sign_in)).await;
            if let Some(state) = latest.filter(|state| self.seen.as_ref() != Some(state)) {
                let event = Event::default().event(DELIVERY).json_data(&state).ok()?;
                self.seen = Some(state);
                return Some(event);
            }
            // A stream that nobody ends would hold a stopping process until it is killed.
            tokio::select! {
                () = self.app.stop.requested() => return None,
                () = tokio::time::sleep(WITHOUT_NEWS) => {}
                () = async { news.arrived().await; tokio::time::sleep(TOGETHER).await; } => {}
            }
        }
    }

    /// Whether the token still opens this sign-in: it may have ended since, and so may the session or the person's leave.
    async fn may_know(&self) -> bool {
        let Ok(access) = self.app.commands.authenticate(&self.token).await else { return false };
        asking(&self.app.commands, access.into(), self.sign_in.0).is_ok()
    }
}

/// The state of the latest message of a sign-in or set-up.
async fn latest(app: &App, member: MemberId, during: During) -> Option<DeliveryState> {
    let checkpoint = app.deliveries.checkpoint()?;
    let model = app.deliveries.at(&checkpoint).await.ok()?;
    let sent = model.latest(member, during)?;
    Some(message_state::of(&model, sent))
}
