//! `POST webhooks/sms/{provider}`: what a provider says of a text that it took.

use axum::extract::{RawQuery, Request, State};
use axum::http::StatusCode;
use twostep_api::{Problem, ProblemType};
use twostep_delivery::Report;
use twostep_domain::delivery::Channel;

use crate::app::App;
use crate::refusal::Refused;
use crate::relay::{Written, record_report};
use crate::request::{LARGEST, Path};
use crate::webhooks::{Call, Heard, NotSigned};

/// Takes a provider's word on a text, which it signs; the body is the provider's own.
///
/// The name in the path is the one that the provider has in the settings. 204 also where nothing new is said, or nothing
/// about a message of ours: it need not be said again.
#[utoipa::path(post, path = "/webhooks/sms/{provider}", tag = "webhooks", params(("provider" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 413, body = Problem), (status = 408, body = Problem)))]
pub(crate) async fn sms(
    State(app): State<App>,
    Path(provider): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<StatusCode, Refused> {
    let (parts, body) = request.into_parts();
    let too_large = |_| Refused::new(ProblemType::TooLarge, format!("a body has at most {LARGEST} bytes"));
    let body = axum::body::to_bytes(body, LARGEST).await.map_err(too_large)?;
    let call = Call { query: query.as_deref(), headers: &parts.headers, body: &body };
    let heard = app.webhooks.heard(&provider, &call).map_err(|NotSigned| {
        Refused::new(ProblemType::NotSigned, "this is not signed by a provider that this service knows")
    })?;
    if let Some(Heard { reference, outcome }) = heard {
        let (id, company, at) = (reference.id, reference.company, app.commands.now());
        let channel = Channel::Sms;
        let report = Report { id, company, channel, round: None, attempts: 0, at, outcome };
        if record_report(&app.commands, &report).await? == Written::New {
            app.metrics.delivered(&report);
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
