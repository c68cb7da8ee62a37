//! What a company's Master Admins are told of what was done.

use super::CompanyEvent;
use crate::delivery::MessageKind;
use crate::{Audience, NoticeRequested};

/// All of them, at their work addresses.
pub(super) fn told_to_master_admins(kind: MessageKind) -> CompanyEvent {
    NoticeRequested { kind, audience: Audience::MasterAdmins, also: None }.into()
}
