//! The set-up that a browser is in the middle of.

use twostep_api::{ProblemType, ProofKind, SetUp, StepState};
use twostep_client::Error;

use crate::visitor::Visitor;

/// The set-up under way, if one is.
pub(super) async fn find(visitor: &Visitor) -> Result<Option<SetUp>, Error> {
    match visitor.client.set_up().await {
        Ok(set_up) => Ok(Some(set_up)),
        Err(error) if error.problem_type() == Some(ProblemType::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where the codes of a method go that is in force and wasn't begun anew, masked; empty: there is none.
pub(super) fn in_force(set_up: Option<&SetUp>, kind: ProofKind) -> String {
    let kept = |set_up: &SetUp| {
        let mut kept = set_up.steps.iter().filter(|step| step.state == StepState::Kept);
        kept.find(|step| step.kind == kind)?.destination.clone()
    };
    set_up.and_then(kept).unwrap_or_default()
}
