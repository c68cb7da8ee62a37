use super::registered;
use crate::company::{BreakGlass, Company, CompanyCommand, CompanyError, GlassBroken, MasterAdminAdded};
use crate::delivery::MessageKind;
use crate::samples::{decide, member};
use crate::{Aggregate, Audience, NoticeRequested};

fn break_glass(number: u128, reason: &str) -> CompanyCommand {
    CompanyCommand::BreakGlass(BreakGlass { member: member(number), reason: reason.to_owned() })
}

#[test]
fn the_glass_is_broken_for_a_master_admin_and_all_of_them_are_told() {
    let history = [registered(), MasterAdminAdded { member: member(2) }.into()];
    for number in [1, 2] {
        let broken = GlassBroken { member: member(number), reason: "phone lost".to_owned() };
        let told =
            NoticeRequested { kind: MessageKind::GlassBroken, audience: Audience::MasterAdmins, also: None };
        let decided = decide::<Company>(&history, break_glass(number, "phone lost"));
        assert_eq!(decided, Ok(vec![broken.into(), told.into()]));
    }
}

#[test]
fn nobody_else_is_let_in_this_way() {
    let decided = decide::<Company>(&[registered()], break_glass(2, "phone lost"));
    assert_eq!(decided, Err(CompanyError::GlassForMasterAdmins));
    assert_eq!(decide::<Company>(&[], break_glass(1, "phone lost")), Err(CompanyError::NotRegistered));
}

#[test]
fn it_is_not_done_without_a_reason_that_can_be_recorded() {
    for reason in ["", " \n "] {
        let decided = decide::<Company>(&[registered()], break_glass(1, reason));
        assert_eq!(decided, Err(CompanyError::ReasonMissing));
    }
    let decided = decide::<Company>(&[registered()], break_glass(1, &"x".repeat(501)));
    assert_eq!(decided, Err(CompanyError::ReasonTooLong));
}

#[test]
fn it_changes_neither_policy_nor_roster() {
    let before = Company::fold(&[registered()]);
    let broken = GlassBroken { member: member(1), reason: "phone lost".to_owned() };
    let after = Company::fold(&[registered(), broken.into()]);
    let (before, after) = (before.registered().unwrap(), after.registered().unwrap());
    assert_eq!((after.policy(), after.account_holder()), (before.policy(), before.account_holder()));
    assert!(after.master_admins().eq(before.master_admins()));
    assert_eq!(after.revision(), before.revision() + 1);
}
