//! What can be asked of a login name.

use crate::MemberId;

/// A command on a login.
///
/// Both are steps of work over several streams that may be done again: where what they want is so already, they cause nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginCommand {
    /// A member takes the name.
    Claim(Claim),
    /// A member gives it back.
    Release(Release),
}

/// See [`LoginCommand::Claim`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// For whom.
    pub member: MemberId,
    /// A fact: this holder claimed the name at least 10 min ago and never became a member, so the name may be taken from them.
    ///
    /// It names the holder, so that it says nothing about somebody else who came in between.
    pub orphaned: Option<MemberId>,
}

/// See [`LoginCommand::Release`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Whose claim ends.
    pub member: MemberId,
}
