use super::registered;
use crate::company::{
    Company, CompanyCommand, CompanyError, PersonalDataUnmasked, Unmask, UnmaskedBy, UnmaskedScope,
};
use crate::samples::{decide, member};
use crate::{Aggregate, MAX_REASON};

fn scope() -> UnmaskedScope {
    UnmaskedScope {
        command: UnmaskedBy::Replay,
        member: Some(member(2)),
        event_type: None,
        from: None,
        to: None,
    }
}

fn unmask(reason: &str) -> CompanyCommand {
    CompanyCommand::Unmask(Unmask { uid: 1000, scope: scope(), reason: reason.to_owned() })
}

#[test]
fn who_is_shown_what_and_why_is_recorded_and_changes_nothing_else() {
    let reason = "x".repeat(MAX_REASON);
    let unmasked = PersonalDataUnmasked { uid: 1000, scope: scope(), reason: reason.clone() };
    let decided = decide::<Company>(&[registered()], unmask(&reason));
    assert_eq!(decided, Ok(vec![unmasked.clone().into()]));
    let [before, after] =
        [vec![registered()], vec![registered(), unmasked.into()]].map(|events| Company::fold(&events));
    let (before, after) = (before.registered().unwrap(), after.registered().unwrap());
    assert_eq!((after.policy(), after.account_holder()), (before.policy(), before.account_holder()));
    assert_eq!(after.revision(), before.revision() + 1);
}

#[test]
fn nothing_is_shown_without_a_reason_that_can_be_recorded_or_where_there_is_no_company() {
    for reason in ["", " \n "] {
        assert_eq!(
            decide::<Company>(&[registered()], unmask(reason)),
            Err(CompanyError::ReasonMissing),
            "{reason:?}"
        );
    }
    let long = "x".repeat(MAX_REASON + 1);
    assert_eq!(decide::<Company>(&[registered()], unmask(&long)), Err(CompanyError::ReasonTooLong));
    assert_eq!(decide::<Company>(&[], unmask("a complaint")), Err(CompanyError::NotRegistered));
}
