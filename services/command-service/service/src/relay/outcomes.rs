//! What workers say becomes events.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use twostep_commands::Commands;
use twostep_delivery::{Outcome as Said, Report, Reports};
use twostep_domain::delivery::{DeliveryCommand, Outcome};
use twostep_event_store::{Actor, Metadata};
use twostep_vault::random;

use super::decide;
use crate::metrics::Metrics;

/// Bytes kept of what a worker says of a provider.
const LONGEST: usize = 1_000;

/// How long to leave a queue alone that can't be read.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(1);

/// Takes reports until `silence`, once nobody says anything more; each is acknowledged once its event is durable.
///
/// What a worker says last, as it stops, is written down too: a message of which that is lost would be sent again.
pub(crate) async fn record_outcomes(
    commands: Arc<Commands>,
    reports: Arc<dyn Reports>,
    metrics: Arc<Metrics>,
    silence: CancellationToken,
) {
    loop {
        let received = tokio::select! {
            biased;
            received = reports.next() => received,
            () = silence.cancelled() => return,
        };
        let failed = match received {
            Ok(received) => match record_report(&commands, received.report()).await {
                Ok(new) => {
                    if new {
                        metrics.delivered(received.report());
                    }
                    received.acknowledge().await.err().map(|error| error.to_string())
                }
                Err(fault) => Some(fault.to_string()),
            },
            Err(error) => Some(error.to_string()),
        };
        if let Some(error) = failed {
            tracing::warn!(%error, "a delivery outcome could not be recorded; it comes again");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// A worker's words as the log keeps them: one that says too much is no reason to write nothing down.
fn short(mut words: String) -> String {
    words.truncate(words.floor_char_boundary(LONGEST));
    words
}

/// Writes a report down; whether it says anything new.
pub(crate) async fn record_report(
    commands: &Commands,
    report: &Report,
) -> Result<bool, twostep_commands::Fault> {
    let attempts = report.attempts;
    let outcome = match report.outcome.clone() {
        Said::Submitted { provider, provider_id } => {
            let provider_id = provider_id.map(short);
            Outcome::Submitted { provider: short(provider), provider_id, attempts }
        }
        Said::Retrying { reason, next_at } => Outcome::Retried { reason: short(reason), next_at, attempts },
        Said::Failed { because, reason } => Outcome::Failed { because, reason: short(reason), attempts },
        Said::Expired => Outcome::Expired { attempts },
        Said::Unknown { provider, reason } => {
            Outcome::Unknown { provider: short(provider), reason: short(reason), attempts }
        }
        Said::Delivered { provider } => Outcome::Delivered { provider: short(provider) },
        Said::Bounced { provider, reason } => {
            Outcome::Bounced { provider: short(provider), reason: short(reason) }
        }
    };
    let metadata = Metadata {
        actor: Actor::system("delivery"),
        origin: None,
        correlation: random::new_id(),
        causation: None,
        idempotency: None,
    };
    let told = DeliveryCommand::Report { channel: report.channel, outcome };
    decide(commands, report.company, report.id, &metadata, told).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_worker_says_is_kept_up_to_a_length_and_cut_between_letters() {
        assert_eq!(short("450 try later".to_owned()), "450 try later");
        assert_eq!(
            short(format!("{}é{}", "x".repeat(LONGEST - 1), "y".repeat(70_000))),
            "x".repeat(LONGEST - 1)
        );
    }
}
