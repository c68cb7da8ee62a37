//! What commands on a password cause.

use super::error::Decision;
use super::{
    Access, Link, MemberError, PasswordChanged, PasswordProof, PasswordResetRequested, Person,
    RequestPasswordReset, SetPassword, Standing,
};
use crate::delivery::MessageKind;
use crate::{Audience, LinkId, NoticeRequested, Time};

pub(super) fn request_reset(person: &Person, command: RequestPasswordReset) -> Decision {
    if person.standing() == Standing::Disabled {
        return Err(MemberError::Disabled);
    }
    if person.password().is_none() {
        return Err(MemberError::NoPassword);
    }
    if command.reset.mailed && person.resets().are_used_up(command.reset.expires_at) {
        return Err(MemberError::TooManyResets);
    }
    Ok(vec![PasswordResetRequested { reset: command.reset }.into()])
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
    // The first password changes none.
    let told = (command.through != PasswordProof::Invitation).then(|| {
        NoticeRequested { kind: MessageKind::PasswordChanged, audience: Audience::Owner, also: None }.into()
    });
    Ok(std::iter::once(changed.into()).chain(told).collect())
}

/// Only the last link sent works, once, and until its time.
fn check_link(sent: Option<&Link>, used: Option<LinkId>, now: Time) -> Result<(), MemberError> {
    let link = sent.filter(|link| Some(link.id) == used).ok_or(MemberError::LinkDead)?;
    if now < link.expires_at { Ok(()) } else { Err(MemberError::LinkExpired) }
}
