//! Where the message that somebody waits for is on its way.

use tokio::sync::RwLockReadGuard;
use twostep_api::DeliveryState;
use twostep_domain::CompanyId;
use twostep_domain::delivery::Progress;
use twostep_projections::{DeliveryStatus, Sent};

use crate::app::App;
use crate::shape;

/// What is known of all messages, not older than this call; nothing where that can't be had: it is never asked for by
/// what decides something.
pub(crate) async fn known(app: &App, company: CompanyId) -> Option<RwLockReadGuard<'_, DeliveryStatus>> {
    let head = app.commands.checks().head(company).await.ok()?;
    app.deliveries.at(&head).await.ok()
}

/// The state of one of them.
pub(crate) fn of(known: &DeliveryStatus, sent: Sent) -> DeliveryState {
    let method = shape::method(sent.method);
    let Some(status) = known.of_intent(sent.intent) else {
        return DeliveryState { method, state: "requested".to_owned(), at: sent.at, next_at: None };
    };
    let next_at = match status.progress {
        Progress::Retrying { next_at } => Some(next_at),
        _ => None,
    };
    DeliveryState { method, state: status.progress.as_str().to_owned(), at: status.at, next_at }
}
