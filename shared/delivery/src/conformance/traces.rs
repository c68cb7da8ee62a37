//! What messages and reports are because of: it goes with them.

use uuid::Uuid;

use super::Harness;
use super::requests::{code, next};
use crate::{Outcome, Report, Trace};

pub(super) async fn messages_and_reports_carry_what_they_are_because_of(harness: &dyn Harness) {
    for trace in [Trace::of(Uuid::from_u128(7)), None] {
        let request = code(harness, if trace.is_some() { "because" } else { "for no reason" });
        let published = Trace::within(trace, harness.publisher().publish(&request)).await;
        published.expect("there is room");
        let message = next(harness).await.expect("it is there");
        assert_eq!(message.trace(), trace);
        message.acknowledge().await.expect("it is ours");
        let (at, outcome) = (harness.now(), Outcome::Expired);
        let report = Report {
            id: request.id,
            company: request.company,
            channel: request.channel,
            round: Some(request.round),
            attempts: 1,
            at,
            outcome,
        };
        let reported = Trace::within(trace, harness.reporter().report(&report)).await;
        reported.expect("it is taken");
        let heard = harness.reports().next().await.expect("it is there");
        assert_eq!(heard.trace(), trace);
        heard.acknowledge().await.expect("it is ours");
    }
}
