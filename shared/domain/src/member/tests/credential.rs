use super::{INVITATION, added, disabled, erased, invited, renew, technician};
use crate::delivery::MessageKind;
use crate::member::{
    InvitationRenewed, Link, Member, MemberCommand, MemberEnabled, MemberError, MemberEvent, Origin,
    PasswordChanged, PasswordProof, PasswordResetRequested, RequestPasswordReset, SetPassword,
};
use crate::samples::{at, decide, identity, link, sealed};
use crate::{Aggregate, Audience, LinkId, NoticeRequested, Role, Roles};

use PasswordProof::{Change, Invitation, Reset};

/// Sets the password at 50.
fn set(through: PasswordProof, with: Option<u128>) -> MemberCommand {
    set_at(through, with, 50)
}

fn set_at(through: PasswordProof, with: Option<u128>, now: i64) -> MemberCommand {
    MemberCommand::SetPassword(SetPassword {
        through,
        hash: sealed("hash"),
        long: true,
        kept: None,
        link: with.map(|number| LinkId(uuid::Uuid::from_u128(number))),
        compared: (through == Change).then(|| sealed("hash")),
        now: at(now),
    })
}

fn has_set(through: PasswordProof) -> MemberEvent {
    PasswordChanged { hash: sealed("hash"), through, long: true, kept: None }.into()
}

fn told() -> MemberEvent {
    told_of(MessageKind::PasswordChanged)
}

fn told_of(kind: MessageKind) -> MemberEvent {
    NoticeRequested { kind, audience: Audience::Owner, also: None }.into()
}

fn ask(number: u128) -> MemberCommand {
    MemberCommand::RequestPasswordReset(RequestPasswordReset { reset: link(number, 90), now: at(50) })
}

/// A reset link that dies at 90.
fn asked(number: u128) -> MemberEvent {
    PasswordResetRequested { reset: link(number, 90), at: at(50) }.into()
}

/// A technician with a password, who asked for reset link 5.
fn resetting() -> [MemberEvent; 3] {
    [technician(), has_set(Invitation), asked(5)]
}

#[test]
fn the_invitation_sets_the_first_password_which_changes_none() {
    assert_eq!(
        decide::<Member>(&[technician()], set(Invitation, Some(INVITATION))),
        Ok(vec![has_set(Invitation)])
    );
    let state = Member::fold(&[technician(), has_set(Invitation)]);
    let password = state.password().unwrap();
    assert_eq!(
        (password.hash(), password.is_long(), password.origin()),
        (&sealed("hash"), true, Origin::Invitation)
    );
    assert!(state.able_to_sign_in(true, at(1_000)));
}

#[test]
fn by_a_mailed_invitation_s_password_a_master_admin_hears_that_they_are_one() {
    let roles = Roles::of([Role::MasterAdmin]);
    let mailed = invited(roles, None);
    let accepted = decide::<Member>(std::slice::from_ref(&mailed), set(Invitation, Some(INVITATION)));
    assert_eq!(accepted, Ok(vec![has_set(Invitation), told_of(MessageKind::MasterAdminsChanged)]));
    let shown: MemberEvent = InvitationRenewed { invitation: Link { mailed: false, ..link(2, 200) } }.into();
    let accepted = decide::<Member>(&[mailed, shown], set(Invitation, Some(2)));
    assert_eq!(accepted, Ok(vec![has_set(Invitation)]));
}

#[test]
fn s7_a_link_works_once() {
    let history = [technician(), has_set(Invitation)];
    let again = decide::<Member>(&history, set(Invitation, Some(INVITATION)));
    assert_eq!(again, Err(MemberError::LinkDead));
    let mut history = resetting().to_vec();
    history.extend([has_set(Reset), told()]);
    assert_eq!(decide::<Member>(&history, set(Reset, Some(5))), Err(MemberError::LinkDead));
}

#[test]
fn a_link_is_dead_at_its_time() {
    let refused = Err(MemberError::LinkExpired);
    assert!(decide::<Member>(&[technician()], set_at(Invitation, Some(INVITATION), 99)).is_ok());
    assert_eq!(decide::<Member>(&[technician()], set_at(Invitation, Some(INVITATION), 100)), refused);
    assert!(decide::<Member>(&resetting(), set_at(Reset, Some(5), 89)).is_ok());
    assert_eq!(decide::<Member>(&resetting(), set_at(Reset, Some(5), 90)), refused);
}

#[test]
fn only_the_last_link_sent_works() {
    let renewed = InvitationRenewed { invitation: link(2, 200) }.into();
    let history = [technician(), renewed];
    assert_eq!(decide::<Member>(&history, set(Invitation, Some(INVITATION))), Err(MemberError::LinkDead));
    assert!(decide::<Member>(&history, set(Invitation, Some(2))).is_ok());
    let mut history = resetting().to_vec();
    history.push(asked(6));
    assert_eq!(decide::<Member>(&history, set(Reset, Some(5))), Err(MemberError::LinkDead));
    assert!(decide::<Member>(&history, set(Reset, Some(6))).is_ok());
}

#[test]
fn s6_a_link_serves_its_own_purpose_only() {
    for (history, command) in [
        (vec![technician()], set(Reset, Some(INVITATION))),
        (resetting().to_vec(), set(Invitation, Some(5))),
        (resetting().to_vec(), set(Change, Some(5))),
        (vec![technician()], set(Invitation, None)),
        (resetting().to_vec(), set(Reset, None)),
        (vec![added()], set(Invitation, Some(INVITATION))),
    ] {
        assert_eq!(decide::<Member>(&history, command), Err(MemberError::LinkDead));
    }
}

#[test]
fn s16_a_changed_password_kills_the_reset_link() {
    assert_eq!(decide::<Member>(&resetting(), set(Change, None)), Ok(vec![has_set(Change), told()]));
    let mut history = resetting().to_vec();
    history.extend([has_set(Change), told()]);
    assert_eq!(decide::<Member>(&history, set(Reset, Some(5))), Err(MemberError::LinkDead));
    assert_eq!(Member::fold(&history).live_reset(at(50)), None);
}

#[test]
fn s16_a_change_counts_against_the_password_that_was_compared_only() {
    let reset = PasswordChanged { hash: sealed("new"), through: Reset, long: true, kept: None }.into();
    let mut history = resetting().to_vec();
    history.extend([reset, told()]);
    assert_eq!(decide::<Member>(&history, set(Change, None)), Err(MemberError::OtherPassword));
}

/// Asked for at `second`: a link that lives for an hour.
fn forgotten(history: &[MemberEvent], number: u128, second: i64) -> Result<Vec<MemberEvent>, MemberError> {
    let request = RequestPasswordReset { reset: link(number, second + HOUR), now: at(second) };
    decide::<Member>(history, MemberCommand::RequestPasswordReset(request))
}

/// The same of the operator, who gives it out.
fn given_out(history: &[MemberEvent], number: u128, second: i64) -> Result<Vec<MemberEvent>, MemberError> {
    let reset = Link { mailed: false, ..link(number, second + HOUR / 2) };
    let request = RequestPasswordReset { reset, now: at(second) };
    decide::<Member>(history, MemberCommand::RequestPasswordReset(request))
}

/// Link `number`, made at `made`, is mailed at `second`.
fn mailed(number: u128, made: i64, second: i64) -> MemberEvent {
    PasswordResetRequested { reset: link(number, made + HOUR), at: at(second) }.into()
}

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

#[test]
fn s32_while_a_mailed_link_lives_it_is_mailed_again_and_no_other_takes_its_place() {
    let mut history = vec![technician(), has_set(Invitation), mailed(1, 0, 0)];
    assert_eq!(forgotten(&history, 2, 299), Ok(vec![]));
    assert_eq!(forgotten(&history, 2, 300), Ok(vec![mailed(1, 0, 300)]));
    history.push(mailed(1, 0, 300));
    assert_eq!(forgotten(&history, 3, 599), Ok(vec![]));
    assert!(decide::<Member>(&history, set_at(Reset, Some(1), 600)).is_ok());
    // With less than a quarter of an hour to live it is of little use.
    assert_eq!(forgotten(&history, 4, HOUR - 900), Ok(vec![mailed(1, 0, HOUR - 900)]));
    assert_eq!(forgotten(&history, 4, HOUR - 899), Ok(vec![mailed(4, HOUR - 899, HOUR - 899)]));
}

#[test]
fn s32_nobody_who_knows_the_login_ends_the_operator_s_link() {
    let mut history = vec![technician(), has_set(Invitation), mailed(1, 0, 0)];
    history.extend(given_out(&history, 2, 10).unwrap());
    assert_eq!(forgotten(&history, 3, HOUR / 2), Ok(vec![]));
    assert!(decide::<Member>(&history, set_at(Reset, Some(2), HOUR / 2)).is_ok());
    assert!(!forgotten(&history, 3, 10 + HOUR / 2).unwrap().is_empty());
}

#[test]
fn s14_ten_mails_with_a_reset_link_go_out_within_a_day_while_one_lives_and_the_operator_s_are_not_counted() {
    let mut history = vec![technician(), has_set(Invitation)];
    for number in 0..10 {
        history.extend(forgotten(&history, 1, number * 300).unwrap());
    }
    assert_eq!(history.len(), 12);
    assert_eq!(forgotten(&history, 2, HOUR - 1), Err(MemberError::TooManyResets));
    assert!(given_out(&history, 2, HOUR - 1).is_ok());
    // Ten requests of somebody else leave the owner no hour without a link that works.
    for hour in 1..24 {
        assert_eq!(forgotten(&history, 2, hour * HOUR), Ok(vec![mailed(2, hour * HOUR, hour * HOUR)]));
        history.push(mailed(2, hour * HOUR, hour * HOUR));
        assert_eq!(forgotten(&history, 3, hour * HOUR + 600), Err(MemberError::TooManyResets), "{hour}");
    }
    // A day after the oldest of the last ten, one is mailed again.
    let next = 14 * HOUR + DAY;
    assert!(forgotten(&history, 3, next).is_ok());
}

#[test]
fn only_who_has_a_password_can_change_or_reset_it() {
    for history in [vec![technician()], vec![added()]] {
        assert_eq!(decide::<Member>(&history, set(Change, None)), Err(MemberError::NoPassword));
        assert_eq!(decide::<Member>(&history, ask(5)), Err(MemberError::NoPassword));
    }
    let history = [technician(), has_set(Invitation)];
    assert_eq!(decide::<Member>(&history, ask(5)), Ok(vec![asked(5)]));
    assert_eq!(decide::<Member>(&history, renew(2)), Err(MemberError::HasPassword));
}

#[test]
fn s16_a_disabled_person_sets_no_password_and_gets_no_link() {
    let mut history = resetting().to_vec();
    history.push(disabled());
    for command in [set(Change, None), set(Reset, Some(5)), ask(6)] {
        assert_eq!(decide::<Member>(&history, command), Err(MemberError::Disabled));
    }
}

#[test]
fn enabling_gives_the_password_back_but_no_link() {
    let mut history = resetting().to_vec();
    history.push(disabled());
    let state = Member::fold(&history);
    assert!(state.password().is_some() && !state.able_to_sign_in(true, at(0)));
    history.push(MemberEnabled {}.into());
    let state = Member::fold(&history);
    assert!(state.able_to_sign_in(true, at(0)));
    assert_eq!(decide::<Member>(&history, set(Reset, Some(5))), Err(MemberError::LinkDead));
}

#[test]
fn s18_the_mailbox_that_reset_the_password_is_excluded_while_its_link_could_live() {
    let mut history = resetting().to_vec();
    assert_eq!(Member::fold(&history).person().unwrap().excluded_mailbox(at(50)), None);
    history.extend([has_set(Reset), told()]);
    let excluded = |history: &[MemberEvent], now| {
        Member::fold(history).person().unwrap().excluded_mailbox(at(now)).cloned()
    };
    assert_eq!(excluded(&history, 89), Some(identity().email_hash));
    assert_eq!(excluded(&history, 90), None);
    // Nobody shortens that by asking for another link.
    history.push(asked(6));
    assert_eq!(excluded(&history, 89), Some(identity().email_hash));
    history.extend([has_set(Change), told()]);
    assert_eq!(excluded(&history, 89), None);
}

#[test]
fn an_erased_person_has_no_password() {
    let mut history = resetting().to_vec();
    history.push(erased());
    assert_eq!(Member::fold(&history).password(), None);
    assert_eq!(decide::<Member>(&history, set(Reset, Some(5))), Err(MemberError::NoSuchMember));
}
