mod credential;
mod properties;

use super::{
    Access, ChangeRoles, Disable, Enable, Erase, InvitationRenewed, Invite, Member, MemberAdded,
    MemberCommand, MemberDisabled, MemberEnabled, MemberErased, MemberError, MemberEvent, MemberInvited,
    MemberMoved, MemberRolesChanged, MemberState, Move, RenewInvitation,
};
use crate::samples::{at, decide, group, identity, link, member};
use crate::{Aggregate, GroupId, Locale, Role, Roles, TimeZone};

/// The invitation of everybody here; it dies at 100.
const INVITATION: u128 = 1;

fn invite(roles: Roles, group: Option<GroupId>) -> MemberCommand {
    MemberCommand::Invite(Invite {
        identity: identity(),
        roles,
        group,
        locale: Locale::En,
        time_zone: TimeZone::default(),
        invitation: link(INVITATION, 100),
    })
}

fn invited(roles: Roles, group: Option<GroupId>) -> MemberEvent {
    MemberInvited {
        identity: identity(),
        roles,
        group,
        locale: Locale::En,
        time_zone: TimeZone::default(),
        invitation: link(INVITATION, 100),
    }
    .into()
}

/// A technician of group 1, invited.
fn technician() -> MemberEvent {
    invited(Roles::of([Role::Technician]), Some(group(1)))
}

fn added() -> MemberEvent {
    let (roles, group) = (Roles::of([Role::Admin]), None);
    let (locale, time_zone) = (Locale::En, TimeZone::default());
    MemberAdded { identity: identity(), roles, group, locale, time_zone }.into()
}

fn change_roles<const N: usize>(roles: [Role; N]) -> MemberCommand {
    MemberCommand::ChangeRoles(ChangeRoles { new: Roles::of(roles) })
}

fn move_to(to: Option<u128>) -> MemberCommand {
    MemberCommand::Move(Move { to: to.map(group) })
}

fn moved(old: Option<u128>, new: Option<u128>) -> MemberEvent {
    MemberMoved { old: old.map(group), new: new.map(group) }.into()
}

fn disable() -> MemberCommand {
    MemberCommand::Disable(Disable { reason: "left".to_owned() })
}

fn disabled() -> MemberEvent {
    MemberDisabled { reason: "left".to_owned() }.into()
}

fn renew(number: u128) -> MemberCommand {
    MemberCommand::RenewInvitation(RenewInvitation { invitation: link(number, 200) })
}

fn erased() -> MemberEvent {
    MemberErased { by: Some(member(9)) }.into()
}

#[test]
fn a_person_is_invited_or_added_once() {
    let roles = Roles::of([Role::Technician]);
    assert_eq!(decide::<Member>(&[], invite(roles.clone(), Some(group(1)))), Ok(vec![technician()]));
    for history in [vec![technician()], vec![added()]] {
        assert_eq!(decide::<Member>(&history, invite(roles.clone(), None)), Err(MemberError::AlreadyMember));
    }
}

#[test]
fn nothing_can_be_asked_of_nobody() {
    for command in
        [disable(), renew(2), change_roles([Role::Admin]), MemberCommand::Erase(Erase { by: None })]
    {
        assert_eq!(decide::<Member>(&[], command), Err(MemberError::NoSuchMember));
    }
}

#[test]
fn a_person_needs_a_role() {
    assert_eq!(decide::<Member>(&[], invite(Roles::default(), None)), Err(MemberError::NoRole));
    assert_eq!(decide::<Member>(&[technician()], change_roles([])), Err(MemberError::NoRole));
}

#[test]
fn only_technicians_are_in_groups_and_they_may_be_without() {
    let admin = Roles::of([Role::Admin]);
    let refused = Err(MemberError::NotTechnician);
    assert_eq!(decide::<Member>(&[], invite(admin, Some(group(1)))), refused);
    assert_eq!(decide::<Member>(&[added()], move_to(Some(1))), refused);
    assert_eq!(decide::<Member>(&[technician()], move_to(None)), Ok(vec![moved(Some(1), None)]));
}

#[test]
fn roles_change_with_old_and_new() {
    let (old, new) = (Roles::of([Role::Technician]), Roles::of([Role::Technician, Role::Admin]));
    let changed = MemberRolesChanged { old, new }.into();
    let both = change_roles([Role::Technician, Role::Admin]);
    assert_eq!(decide::<Member>(&[technician()], both), Ok(vec![changed]));
    assert_eq!(
        decide::<Member>(&[technician()], change_roles([Role::Technician])),
        Err(MemberError::Unchanged)
    );
}

#[test]
fn who_stops_being_a_technician_leaves_the_group() {
    let (old, new) = (Roles::of([Role::Technician]), Roles::of([Role::Admin]));
    let changed = MemberRolesChanged { old, new }.into();
    assert_eq!(
        decide::<Member>(&[technician()], change_roles([Role::Admin])),
        Ok(vec![changed, moved(Some(1), None)])
    );
}

#[test]
fn a_technician_moves_between_groups() {
    assert_eq!(decide::<Member>(&[technician()], move_to(Some(2))), Ok(vec![moved(Some(1), Some(2))]));
    assert_eq!(decide::<Member>(&[technician()], move_to(Some(1))), Err(MemberError::Unchanged));
}

#[test]
fn disabling_and_enabling_again_change_nothing() {
    let enable = || MemberCommand::Enable(Enable {});
    let history = [technician(), disabled()];
    assert_eq!(decide::<Member>(&[technician()], disable()), Ok(vec![disabled()]));
    assert_eq!(decide::<Member>(&history, disable()), Ok(vec![]));
    assert_eq!(decide::<Member>(&history, enable()), Ok(vec![MemberEnabled {}.into()]));
    assert_eq!(decide::<Member>(&[technician()], enable()), Ok(vec![]));
}

#[test]
fn a_reason_has_500_characters_at_most() {
    let because = |reason| decide::<Member>(&[technician()], MemberCommand::Disable(Disable { reason }));
    assert!(because("ő".repeat(500)).is_ok());
    assert_eq!(because("ő".repeat(501)), Err(MemberError::ReasonTooLong));
}

#[test]
fn a_new_invitation_replaces_the_old_one() {
    let renewed: MemberEvent = InvitationRenewed { invitation: link(2, 200) }.into();
    assert_eq!(decide::<Member>(&[technician()], renew(2)), Ok(vec![renewed.clone()]));
    let state = Member::fold(&[technician(), renewed]);
    assert_eq!(state.live_invitation(at(0)), Some(&link(2, 200)));
}

#[test]
fn somebody_added_without_a_link_can_be_invited_later() {
    let renewed = InvitationRenewed { invitation: link(2, 200) }.into();
    assert_eq!(decide::<Member>(&[added()], renew(2)), Ok(vec![renewed]));
}

#[test]
fn s16_a_link_does_not_come_back_to_life_with_its_owner() {
    assert_eq!(decide::<Member>(&[technician(), disabled()], renew(2)), Err(MemberError::Disabled));
    let state = Member::fold(&[technician(), disabled(), MemberEnabled {}.into()]);
    assert_eq!(state.live_invitation(at(0)), None);
    assert_eq!(state.person().map(|person| person.access()), Some(&Access::Nothing));
}

#[test]
fn an_erased_person_is_gone_but_for_the_key_of_the_login() {
    let erase = || MemberCommand::Erase(Erase { by: Some(member(9)) });
    let history = [technician(), erased()];
    assert_eq!(decide::<Member>(&[technician()], erase()), Ok(vec![erased()]));
    assert_eq!(decide::<Member>(&history, erase()), Ok(vec![]));
    for command in [disable(), renew(2), invite(Roles::of([Role::Admin]), None)] {
        assert_eq!(decide::<Member>(&history, command), Err(MemberError::NoSuchMember));
    }
    let state = Member::fold(&history);
    assert_eq!(state, MemberState::Erased { login_hash: identity().login_hash });
    assert_eq!((state.person(), state.is_enabled()), (None, false));
    assert_eq!(state.login_hash(), Some(&identity().login_hash));
}

#[test]
fn able_to_sign_in_means_enabled_claimed_and_with_a_way_in() {
    let invited = Member::fold(&[technician()]);
    assert!(invited.able_to_sign_in(true, at(99)));
    assert!(!invited.able_to_sign_in(true, at(100)), "the invitation is dead");
    assert!(!invited.able_to_sign_in(false, at(99)), "the login isn't claimed");
    assert!(!Member::fold(&[added()]).able_to_sign_in(true, at(0)), "there is no way in");
    assert!(!Member::fold(&[technician(), disabled()]).able_to_sign_in(true, at(0)));
    assert!(!MemberState::default().able_to_sign_in(true, at(0)));
}
