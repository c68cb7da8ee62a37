//! What falls due by itself: keys of days and months that are over are destroyed, and changes that were cut short completed.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::Duration;
use twostep_clock::SharedClock;
use twostep_commands::{Commands, Fault, LedgerError, Unsettled};
use twostep_domain::{CompanyId, MemberId};
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
    let mut told = BTreeSet::new();
    loop {
        let now = clock.now();
        let settled = tokio::select! {
            () = stop.requested() => return,
            settled = settle(&commands, &*reader) => settled,
        };
        match settled {
            Ok(unsettled) => {
                for ((company, member), error) in news(&mut told, unsettled) {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(%company, %member, error, "somebody's place in the roster of Master Admins doesn't fit their role, and can't be mended while no other Master Admin is able to sign in: let one in (twostep break-glass)");
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the rosters of Master Admins can't be looked at: they are again in a minute");
            }
        }
        tokio::select! {
            () = stop.requested() => return,
            () = clock.sleep_until(now + ROSTERS_EVERY) => {}
        }
    }
}

async fn settle(commands: &Commands, reader: &dyn Reader) -> Result<Unsettled, Fault> {
    let head = log_end(reader).await.map_err(LedgerError::from)?;
    commands.settle_rosters(&head).await
}

/// What of `unsettled` wasn't so a minute ago: who was `told` of already is told of again only after a minute in which all was well.
fn news(told: &mut BTreeSet<(CompanyId, MemberId)>, mut unsettled: Unsettled) -> Unsettled {
    let before = std::mem::replace(told, unsettled.keys().copied().collect());
    unsettled.retain(|who, _| !before.contains(who));
    unsettled
}

#[cfg(test)]
mod tests {
    use twostep_commands::ManageError;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn who_stays_in_a_roster_is_told_of_once_until_that_changes() {
        let who = |number| (CompanyId(Uuid::nil()), MemberId(Uuid::from_u128(number)));
        let mut told = BTreeSet::new();
        let mut told_of = |numbers: &[u128]| {
            let unsettled = numbers.iter().map(|number| (who(*number), ManageError::NotFound)).collect();
            news(&mut told, unsettled).into_keys().collect::<Vec<_>>()
        };
        assert_eq!(told_of(&[1]), [who(1)]);
        assert_eq!(told_of(&[1]), []);
        assert_eq!(told_of(&[1, 2]), [who(2)]);
        assert_eq!(told_of(&[2]), []);
        assert_eq!(told_of(&[1, 2]), [who(1)]);
    }
}
