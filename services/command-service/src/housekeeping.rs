//! What falls due by itself: keys of days and months that are over are destroyed, and changes that were cut short completed.

use std::sync::Arc;

use chrono::Duration;
use twostep_clock::SharedClock;
use twostep_commands::{Commands, Fault, LedgerError};
use twostep_event_store::Reader;
use twostep_runtime::Stop;
use twostep_vault::Vault;

use crate::log_end::log_end;

/// How often rosters are looked at.
const ROSTERS_EVERY: Duration = Duration::minutes(1);

/// How often keys are looked at.
const KEYS_EVERY: Duration = Duration::hours(1);

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
            () = clock.sleep_until(now + KEYS_EVERY) => {}
        }
    }
}

/// Settles the rosters of Master Admins, every minute, until the program stops.
pub(crate) async fn settle_rosters(
    commands: Arc<Commands>,
    reader: Arc<dyn Reader>,
    clock: SharedClock,
    stop: Stop,
) {
    loop {
        let now = clock.now();
        let settled = tokio::select! {
            () = stop.requested() => return,
            settled = settle(&commands, &*reader) => settled,
        };
        if let Err(error) = settled {
            tracing::warn!(%error, "the rosters of Master Admins can't be looked at: they are again in a minute");
        }
        tokio::select! {
            () = stop.requested() => return,
            () = clock.sleep_until(now + ROSTERS_EVERY) => {}
        }
    }
}

async fn settle(commands: &Commands, reader: &dyn Reader) -> Result<(), Fault> {
    let head = log_end(reader).await.map_err(LedgerError::from)?;
    commands.settle_rosters(&head).await
}
