//! A channel's key behind the operator's socket: whoever asks has the data directory, and must have the master key too.

use axum::Json;
use axum::extract::State;
use twostep_api::{AskForChannelKey, ChannelKeyHandedOver, Problem, ProblemType};
use twostep_domain::delivery::Channel;

use crate::app::App;
use crate::master_key;
use crate::refusal::Refused;
use crate::request::Body;

/// Hands out what a worker of the channel opens its messages with.
#[utoipa::path(post, path = "/channel-keys", tag = "operator", request_body = AskForChannelKey,
    responses((status = 200, body = ChannelKeyHandedOver), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn hand_over(
    State(app): State<App>,
    body: Body<AskForChannelKey>,
) -> Result<Json<ChannelKeyHandedOver>, Refused> {
    let asked = body.value;
    master_key::use_up(&app, &asked.challenge)?;
    if !app.commands.vault().is_possession(&asked.challenge, &asked.proven(), &asked.proof) {
        return Err(master_key::no_possession());
    }
    let channel =
        [Channel::Email, Channel::Sms].into_iter().find(|channel| channel.as_str() == asked.channel);
    let channel = channel.ok_or_else(|| Refused::field("channel", "there are email and sms"))?;
    let key = app.commands.vault().channel_key(channel);
    let key = key.map_err(|error| Refused::new(ProblemType::Unavailable, error.to_string()))?;
    // Who has the master key may have it: worth finding later, no fault.
    tracing::info!(channel = channel.as_str(), "a channel's key was handed out for a worker");
    Ok(Json(ChannelKeyHandedOver { text: key.to_text().to_string() }))
}
