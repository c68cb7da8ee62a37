//! What workers say becomes events.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use twostep_commands::{Commands, Fault, LedgerError};
use twostep_delivery::{Outcome as Said, ReceivedReport, Report, Reports, Trace};
use twostep_domain::delivery::{DeliveryCommand, Outcome};
use twostep_event_store::{Actor, AppendError, Metadata};
use twostep_vault::random;

use super::record::{Written, decide};
use crate::metrics::Metrics;

/// Bytes kept of what a worker says of a provider.
const LONGEST: usize = 1_000;

/// How long to leave a queue or a log alone that can't be used.
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
        let error = match received {
            Ok(received) => {
                match Trace::within(received.trace(), take(&commands, &metrics, received)).await {
                    Ok(()) => continue,
                    Err(error) => error,
                }
            }
            Err(error) => error.to_string(),
        };
        tracing::warn!(%error, "delivery outcomes can't be recorded at present; they come again");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Deals with one report. What is wrong with it alone keeps no other waiting: it is dropped where it can never be written, and
/// comes again where it can't be written yet.
async fn take(
    commands: &Commands,
    metrics: &Metrics,
    received: Box<dyn ReceivedReport>,
) -> Result<(), String> {
    let report = received.report();
    let (delivery, company) = (report.id, report.company);
    match record_report(commands, report).await {
        Ok(Written::New) => metrics.delivered(report),
        Ok(Written::Nothing) => {}
        Ok(Written::Refused) => metrics.report_dropped(),
        Err(Fault::Ledger(LedgerError::Append(error @ AppendError::TooLarge { .. }))) => {
            tracing::error!(%delivery, %company, %error, "a report says too much and is dropped");
            metrics.report_dropped();
        }
        Err(Fault::Ledger(error @ (LedgerError::Busy | LedgerError::Newer { .. }))) => {
            tracing::warn!(%delivery, %company, %error, "a report can't be recorded yet; it comes again");
            return Ok(());
        }
        Err(fault) => return Err(fault.to_string()),
    }
    received.acknowledge().await.map_err(|error| error.to_string())
}

/// A worker's words as the log keeps them: one that says too much is no reason to write nothing down.
fn short(mut words: String) -> String {
    words.truncate(words.floor_char_boundary(LONGEST));
    words
}

/// Writes a report down, where it says anything new.
pub(crate) async fn record_report(commands: &Commands, report: &Report) -> Result<Written, Fault> {
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
        correlation: Trace::current().map_or_else(random::new_id, Trace::id),
        causation: None,
        idempotency: None,
    };
    let told = DeliveryCommand::Report { channel: report.channel, round: report.round, outcome };
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
