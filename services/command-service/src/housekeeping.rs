//! What falls due by itself: keys of days and months that are over are destroyed.

use std::sync::Arc;

use chrono::Duration;
use twostep_clock::SharedClock;
use twostep_runtime::Stop;
use twostep_vault::Vault;

/// How often it is looked at.
const EVERY: Duration = Duration::hours(1);

/// Destroys code and link keys whose time is over, hourly, until the program stops.
pub(crate) async fn destroy_expired_keys(vault: Arc<Vault>, clock: SharedClock, stop: Stop) {
    loop {
        let now = clock.now();
        let keys = vault.clone();
        match tokio::task::spawn_blocking(move || keys.destroy_expired(now)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(destroyed)) => tracing::info!(destroyed, "expired code and link keys were destroyed"),
            Ok(Err(error)) => tracing::error!(%error, "expired code and link keys could not be destroyed"),
            Err(error) => tracing::error!(%error, "destroying expired keys was cut off"),
        }
        tokio::select! {
            () = stop.requested() => return,
            () = clock.sleep_until(now + EVERY) => {}
        }
    }
}
