//! Telling the owner.

use super::{Error, Event, State};
use crate::Time;
use crate::delivery::MessageKind;
use crate::notice::{Audience, Contact, NoticeRequested};
use crate::second_step::Methods;

/// A notice to the owner.
pub(super) fn told(kind: MessageKind) -> Event {
    NoticeRequested { kind, audience: Audience::Owner, also: None }.into()
}

/// Refuses a beginning that would tell the owner once too often (S14).
pub(super) fn may_tell(state: &State, now: Time) -> Result<(), Error> {
    state.next_change_at(now).map_or(Ok(()), |next_at| Err(Error::ChangeLimit { next_at }))
}

/// A notice to the owner and to each contact that `gone` lost: a notice carries one such contact.
pub(super) fn told_also(kind: MessageKind, gone: Vec<Contact>) -> Vec<Event> {
    if gone.is_empty() {
        return vec![told(kind)];
    }
    let notice = |contact| NoticeRequested { kind, audience: Audience::Owner, also: Some(contact) }.into();
    gone.into_iter().map(notice).collect()
}

/// The contacts in force that aren't among `kept`.
pub(super) fn contacts_gone(state: &State, kept: &Methods) -> Vec<Contact> {
    let kept = kept.contacts();
    state.contacts().into_iter().filter(|old| kept.iter().all(|new| new.hash != old.hash)).collect()
}
