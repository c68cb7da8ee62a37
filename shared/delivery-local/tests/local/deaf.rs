//! Outcomes that can't be told at first.

use twostep_delivery::{Outcome, Step, SubmitError};
use twostep_domain::delivery::{Failure, MessageKind};

use crate::fixture::{Answer, Fixture, accepted, retry};

const KINDS: [MessageKind; 3] = [MessageKind::SignInCode, MessageKind::Invitation, MessageKind::Locked];

fn lost() -> Answer {
    Err(SubmitError::Unknown { provider: "p".to_owned(), reason: "lost".to_owned() })
}

fn refused() -> Answer {
    Err(SubmitError::Reject { because: Failure::Rejected, reason: "550".to_owned() })
}

#[tokio::test]
async fn an_outcome_that_is_told_late_sends_nothing_twice() {
    for kind in KINDS {
        for (answer, step) in [
            (accepted(), Step::Submitted),
            (lost(), Step::Unknown),
            (refused(), Step::Failed(Failure::Rejected)),
        ] {
            let fixture = Fixture::new([Some(answer)]);
            let request = fixture.publish("a", kind).await;
            let worker = fixture.deaf(3);
            for _ in 0..3 {
                worker.run_once().await.unwrap_err();
                fixture.pass(31);
            }
            assert_eq!(worker.run_once().await.unwrap(), Step::Ended, "{kind:?}");
            assert_eq!(fixture.sent(), 1, "{kind:?} {step:?}");
            let told = fixture.report().await;
            assert_eq!((told.id, told.attempts, Step::from(&told.outcome)), (request.id, 1, step));
            fixture.nothing_is_left().await;
        }
    }
}

#[tokio::test]
async fn a_refusal_for_now_that_nobody_heard_of_is_one_more_try() {
    for kind in KINDS {
        let fixture = Fixture::new([Some(retry(None))]);
        fixture.publish("a", kind).await;
        let worker = fixture.deaf(1);
        worker.run_once().await.unwrap_err();
        fixture.pass(31);
        assert_eq!(worker.run_once().await.unwrap(), Step::Submitted, "{kind:?}");
        let told = fixture.report().await;
        assert!(matches!(told.outcome, Outcome::Submitted { .. }), "{kind:?}: {told:?}");
        assert_eq!(told.attempts, 2);
        fixture.nothing_is_left().await;
    }
}
