//! What commands on a password cause.

use chrono::TimeDelta;

use super::error::Decision;
use super::{
    Access, Link, MemberError, PasswordChanged, PasswordProof, PasswordResetRequested, Person,
    RequestPasswordReset, SetPassword, Standing,
};
use crate::delivery::MessageKind;
use crate::{Audience, LinkId, NoticeRequested, Role, Time};

/// A link is mailed again while it lives at least so long; a new one takes its place later.
const ENOUGH: TimeDelta = TimeDelta::minutes(15);

/// Whoever knows a login can ask: that ends no link which the owner may be using, nor does it keep them from the next one.
pub(super) fn request_reset(person: &Person, command: RequestPasswordReset) -> Decision {
    let RequestPasswordReset { reset, now } = command;
    if person.standing() == Standing::Disabled {
        return Err(MemberError::Disabled);
    }
    if person.password().is_none() {
        return Err(MemberError::NoPassword);
    }
    let requested = |reset| Ok(vec![PasswordResetRequested { reset, at: now }.into()]);
    let live = person.reset().filter(|live| now < live.expires_at);
    // An administrator's link goes out at once; and where none lives, the mailbox holds nothing to wait with.
    let (true, Some(live)) = (reset.mailed, live) else { return requested(reset) };
    // The operator gave it out in an emergency: no mail takes its place.
    if !live.mailed || person.resets().is_pause(now) {
        return Ok(vec![]);
    }
    if person.resets().are_used_up(now) {
        return Err(MemberError::TooManyResets);
    }
    requested(if live.expires_at - now < ENOUGH { reset } else { live.clone() })
}

pub(super) fn set_password(person: &Person, command: SetPassword) -> Decision {
    if person.standing() == Standing::Disabled {
        return Err(MemberError::Disabled);
    }
    match (command.through, person.access()) {
        (PasswordProof::Invitation, Access::Invited(link)) => {
            check_link(Some(link), command.link, command.now)?;
        }
        (PasswordProof::Reset, Access::Password { reset, .. }) => {
            check_link(reset.as_ref(), command.link, command.now)?;
        }
        (PasswordProof::Invitation | PasswordProof::Reset, _) => return Err(MemberError::LinkDead),
        (PasswordProof::Change, Access::Nothing | Access::Invited(_)) => return Err(MemberError::NoPassword),
        (PasswordProof::Change, Access::Password { .. }) if command.link.is_some() => {
            return Err(MemberError::LinkDead);
        }
        // Whoever proved a password that is another one since proved nothing (S16).
        (PasswordProof::Change, Access::Password { password, .. })
            if command.compared.as_ref() != Some(password.hash()) =>
        {
            return Err(MemberError::OtherPassword);
        }
        (PasswordProof::Change, Access::Password { .. }) => {}
    }
    let changed = PasswordChanged {
        hash: command.hash,
        through: command.through,
        long: command.long,
        kept: command.kept,
    };
    let told = told_by(person, command.through)
        .map(|kind| NoticeRequested { kind, audience: Audience::Owner, also: None }.into());
    Ok(std::iter::once(changed.into()).chain(told).collect())
}

/// What the person is told. The first password changes none; but by it somebody becomes a Master Admin who wasn't told with
/// the others: nobody knew yet whose mailbox that is. The operator's link says so where it is given out.
fn told_by(person: &Person, through: PasswordProof) -> Option<MessageKind> {
    match through {
        PasswordProof::Reset | PasswordProof::Change => Some(MessageKind::PasswordChanged),
        PasswordProof::Invitation => {
            let mailed = person.invitation().is_some_and(|link| link.mailed);
            (mailed && person.roles().has(Role::MasterAdmin)).then_some(MessageKind::MasterAdminsChanged)
        }
    }
}

/// Only the last link sent works, once, and until its time.
fn check_link(sent: Option<&Link>, used: Option<LinkId>, now: Time) -> Result<(), MemberError> {
    let link = sent.filter(|link| Some(link.id) == used).ok_or(MemberError::LinkDead)?;
    if now < link.expires_at { Ok(()) } else { Err(MemberError::LinkExpired) }
}
