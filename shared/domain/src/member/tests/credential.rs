use super::{INVITATION, added, disabled, erased, renew, technician};
use crate::delivery::MessageKind;
use crate::member::{
    InvitationRenewed, Link, Member, MemberCommand, MemberEnabled, MemberError, MemberEvent, Origin,
    PasswordChanged, PasswordProof, PasswordResetRequested, RequestPasswordReset, SetPassword,
};
use crate::samples::{at, decide, identity, link, sealed};
use crate::{Aggregate, Audience, LinkId, NoticeRequested};

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
    NoticeRequested { kind: MessageKind::PasswordChanged, audience: Audience::Owner, also: None }.into()
}

fn ask(number: u128) -> MemberCommand {
    MemberCommand::RequestPasswordReset(RequestPasswordReset { reset: link(number, 90) })
}

/// A reset link that dies at 90.
fn asked(number: u128) -> MemberEvent {
    PasswordResetRequested { reset: link(number, 90) }.into()
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

#[test]
fn s14_ten_reset_links_are_mailed_within_a_day_and_the_operator_s_are_not_counted() {
    const DAY: i64 = 24 * 60 * 60;
    let asking = |mailed, at_second| RequestPasswordReset {
        reset: Link { mailed, expires_at: at(at_second), ..link(1, 0) },
    };
    let ask = |history: &[MemberEvent], mailed, at_second| {
        decide::<Member>(history, MemberCommand::RequestPasswordReset(asking(mailed, at_second)))
    };
    let mut history = vec![technician(), has_set(Invitation)];
    for number in 0..10 {
        history.extend(ask(&history, true, number).unwrap());
        history.extend(ask(&history, false, number).unwrap());
    }
    assert_eq!(ask(&history, true, DAY - 1), Err(MemberError::TooManyResets));
    assert!(ask(&history, false, DAY - 1).is_ok());
    history.extend(ask(&history, true, DAY).unwrap());
    assert_eq!(ask(&history, true, DAY), Err(MemberError::TooManyResets));
    assert!(ask(&history, true, DAY + 1).is_ok());
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
