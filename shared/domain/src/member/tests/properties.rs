use proptest::prelude::*;
use proptest::sample::select;
use proptest::{collection, option};

use crate::delivery::MessageKind;
use crate::member::{
    ChangeRoles, Disable, Enable, Erase, InvitationRenewed, Invite, Member, MemberAdded, MemberCommand,
    MemberDisabled, MemberEnabled, MemberErased, MemberEvent, MemberInvited, MemberMoved, MemberRolesChanged,
    Move, PasswordChanged, PasswordProof, PasswordResetRequested, Person, RenewInvitation,
    RequestPasswordReset, SetPassword,
};
use crate::samples::{
    any_group, any_identity, any_link, any_locale, any_member, any_reason, any_roles, any_sealed, any_time,
    any_time_zone, every_event_comes_back, walk,
};
use crate::{Audience, NoticeRequested, Role};

fn any_proof() -> impl Strategy<Value = PasswordProof> {
    select(vec![PasswordProof::Invitation, PasswordProof::Reset, PasswordProof::Change])
}

fn any_invite() -> impl Strategy<Value = Invite> {
    let who = (any_identity(), any_roles(), option::of(any_group()));
    (who, any_locale(), any_time_zone(), any_link()).prop_map(
        |((identity, roles, group), locale, time_zone, invitation)| Invite {
            identity,
            roles,
            group,
            locale,
            time_zone,
            invitation,
        },
    )
}

fn any_invited() -> impl Strategy<Value = MemberInvited> {
    any_invite().prop_map(|Invite { identity, roles, group, locale, time_zone, invitation }| MemberInvited {
        identity,
        roles,
        group,
        locale,
        time_zone,
        invitation,
    })
}

fn any_added() -> impl Strategy<Value = MemberAdded> {
    any_invite().prop_map(|Invite { identity, roles, group, locale, time_zone, .. }| MemberAdded {
        identity,
        roles,
        group,
        locale,
        time_zone,
    })
}

fn any_event() -> impl Strategy<Value = MemberEvent> {
    let told = NoticeRequested { kind: MessageKind::PasswordChanged, audience: Audience::Owner, also: None };
    prop_oneof![
        any_invited().prop_map(MemberEvent::from),
        any_added().prop_map(MemberEvent::from),
        any_link().prop_map(|invitation| InvitationRenewed { invitation }.into()),
        (any_roles(), any_roles()).prop_map(|(old, new)| MemberRolesChanged { old, new }.into()),
        (option::of(any_group()), option::of(any_group()))
            .prop_map(|(old, new)| MemberMoved { old, new }.into()),
        any_reason().prop_map(|reason| MemberDisabled { reason }.into()),
        Just(MemberEnabled {}.into()),
        Just(crate::RequestAnswered {}.into()),
        (any_link(), any_time()).prop_map(|(reset, at)| PasswordResetRequested { reset, at }.into()),
        (any_sealed(), any_proof(), any::<bool>()).prop_map(|(hash, through, long)| PasswordChanged {
            hash,
            through,
            long,
            kept: None
        }
        .into()),
        option::of(any_member()).prop_map(|by| MemberErased { by }.into()),
        Just(told.into()),
    ]
}

fn any_set_password() -> impl Strategy<Value = SetPassword> {
    let link = option::of(any_link().prop_map(|link| link.id));
    (any_proof(), any_sealed(), any::<bool>(), link, any_time()).prop_map(
        |(through, hash, long, link, now)| SetPassword {
            through,
            hash,
            long,
            link,
            compared: None,
            kept: None,
            now,
        },
    )
}

fn any_command() -> impl Strategy<Value = MemberCommand> {
    prop_oneof![
        2 => any_invite().prop_map(MemberCommand::Invite),
        2 => any_link()
            .prop_map(|invitation| MemberCommand::RenewInvitation(RenewInvitation { invitation })),
        2 => any_roles().prop_map(|new| MemberCommand::ChangeRoles(ChangeRoles { new })),
        2 => option::of(any_group()).prop_map(|to| MemberCommand::Move(Move { to })),
        1 => any_reason().prop_map(|reason| MemberCommand::Disable(Disable { reason })),
        2 => Just(MemberCommand::Enable(Enable {})),
        2 => (any_link(), any_time())
            .prop_map(|(reset, now)| MemberCommand::RequestPasswordReset(RequestPasswordReset { reset, now })),
        6 => any_set_password().prop_map(MemberCommand::SetPassword),
        1 => option::of(any_member()).prop_map(|by| MemberCommand::Erase(Erase { by })),
    ]
}

/// What must hold of every member, whatever was asked of them.
fn check(person: &Person) {
    assert!(!person.roles().0.is_empty());
    assert!(person.group().is_none() || person.roles().has(Role::Technician));
}

#[test]
fn every_member_event_comes_back_from_its_bytes() {
    every_event_comes_back::<Member>(any_event());
}

proptest! {
    #[test]
    fn any_commands_leave_the_fold_of_their_events(commands in collection::vec(any_command(), 0..40)) {
        walk::<Member>(commands, |state| {
            if let Some(person) = state.person() {
                check(person);
            }
        });
    }
}
