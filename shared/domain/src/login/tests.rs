use proptest::prelude::*;

use super::{Claim, Login, LoginClaimed, LoginCommand, LoginError, LoginEvent, LoginReleased, Release};
use crate::samples::{any_member, decide, every_event_comes_back, member, walk};

fn claimed(number: u128) -> LoginEvent {
    LoginClaimed { member: member(number) }.into()
}

fn released(number: u128) -> LoginEvent {
    LoginReleased { member: member(number) }.into()
}

fn claim(number: u128, orphaned: Option<u128>) -> LoginCommand {
    LoginCommand::Claim(Claim { member: member(number), orphaned: orphaned.map(member) })
}

fn release(number: u128) -> LoginCommand {
    LoginCommand::Release(Release { member: member(number) })
}

#[test]
fn a_free_login_can_be_claimed() {
    assert_eq!(decide::<Login>(&[], claim(1, None)), Ok(vec![claimed(1)]));
    assert_eq!(decide::<Login>(&[claimed(2), released(2)], claim(1, None)), Ok(vec![claimed(1)]));
}

#[test]
fn a_login_that_somebody_else_holds_is_taken() {
    assert_eq!(decide::<Login>(&[claimed(1)], claim(2, None)), Err(LoginError::Taken));
}

#[test]
fn claiming_ones_own_login_again_changes_nothing() {
    assert_eq!(decide::<Login>(&[claimed(1)], claim(1, None)), Ok(vec![]));
    assert_eq!(decide::<Login>(&[claimed(1)], claim(1, Some(1))), Ok(vec![]));
}

#[test]
fn a_claim_without_its_member_can_be_taken_over() {
    assert_eq!(decide::<Login>(&[claimed(1)], claim(2, Some(1))), Ok(vec![released(1), claimed(2)]));
}

#[test]
fn an_orphaned_claim_says_nothing_about_who_came_in_between() {
    let history = [claimed(1), released(1), claimed(3)];
    assert_eq!(decide::<Login>(&history, claim(2, Some(1))), Err(LoginError::Taken));
}

#[test]
fn the_holder_can_release_a_login() {
    assert_eq!(decide::<Login>(&[claimed(1)], release(1)), Ok(vec![released(1)]));
}

#[test]
fn releasing_what_one_does_not_hold_changes_nothing() {
    assert_eq!(decide::<Login>(&[], release(1)), Ok(vec![]));
    assert_eq!(decide::<Login>(&[claimed(1), released(1), claimed(2)], release(1)), Ok(vec![]));
}

fn any_event() -> impl Strategy<Value = LoginEvent> {
    prop_oneof![
        any_member().prop_map(|member| LoginClaimed { member }.into()),
        any_member().prop_map(|member| LoginReleased { member }.into()),
    ]
}

fn any_command() -> impl Strategy<Value = LoginCommand> {
    prop_oneof![
        (any_member(), proptest::option::of(any_member()))
            .prop_map(|(member, orphaned)| LoginCommand::Claim(Claim { member, orphaned })),
        any_member().prop_map(|member| LoginCommand::Release(Release { member })),
    ]
}

#[test]
fn every_login_event_comes_back_from_its_bytes() {
    every_event_comes_back::<Login>(any_event());
}

proptest! {
    #[test]
    fn any_commands_leave_the_fold_of_their_events(commands in proptest::collection::vec(any_command(), 0..30)) {
        walk::<Login>(commands, |_| {});
    }
}
