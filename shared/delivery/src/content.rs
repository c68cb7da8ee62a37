//! What the worker needs to render and send a message: the only place where code, link and address stand together in clear.

use serde::{Deserialize, Serialize};
use twostep_domain::{ClientKind, Locale, Time, TimeZone};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Doer, PolicyChange, RosterChange};

/// Destination and content of one message; sealed while it travels, cleared when dropped.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Payload {
    /// The address or the number in E.164 form.
    pub destination: String,
    /// The recipient's name.
    pub person: String,
    /// The company's name.
    pub company: String,
    /// The product's name, as the company presents it.
    pub product: String,
    /// The display name of the sender.
    pub sender: String,
    /// The language to write in.
    #[zeroize(skip)]
    pub locale: Locale,
    /// The recipient's time zone.
    #[zeroize(skip)]
    pub time_zone: TimeZone,
    /// What the message carries beside its kind.
    pub content: Content,
}

/// What a message carries beside its kind; what a kind doesn't use stays empty.
#[derive(Clone, Default, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Content {
    /// A code: six digits.
    pub code: Option<String>,
    /// A link, whole.
    pub link: Option<String>,
    /// The host that the last line of a text binds the code to (`@host #code`).
    pub host: Option<String>,
    /// When the cause happened.
    #[zeroize(skip)]
    pub at: Option<Time>,
    /// When the code dies.
    #[zeroize(skip)]
    pub code_expires_at: Option<Time>,
    /// When the link dies, mostly long after the code beside it.
    #[zeroize(skip)]
    pub link_expires_at: Option<Time>,
    /// From which front end.
    #[zeroize(skip)]
    pub client: Option<ClientKind>,
    /// What the recipient signs in as, where the link lets them choose a password.
    pub login: Option<String>,
    /// A reason given by an administrator; shown as text.
    pub reason: Option<String>,
    /// Who did what Master Admins are told of.
    #[serde(default)]
    pub by: Option<Doer>,
    /// What is different about who the Master Admins are.
    #[serde(default)]
    pub roster: Option<RosterChange>,
    /// What is different about the policy; nobody's secret.
    #[serde(default)]
    #[zeroize(skip)]
    pub policy: Option<Box<PolicyChange>>,
}

impl Content {
    /// Leaves out a code that is dead at `now` where the link beside it can do without.
    pub(crate) fn drop_dead_code(&mut self, now: Time) {
        if self.link.is_some() && self.code_expires_at.is_some_and(|dies| dies <= now) {
            self.code.zeroize();
            self.code = None;
            self.code_expires_at = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn after(content: &Content, now: Time) -> (bool, bool) {
        let mut content = content.clone();
        content.drop_dead_code(now);
        (content.code.is_some(), content.link.is_some())
    }

    #[test]
    fn a_dead_code_is_left_out_beside_a_link_and_only_there() {
        let dies = Time::UNIX_EPOCH + TimeDelta::minutes(5);
        let mut code = Content::default();
        (code.code, code.code_expires_at) = (Some("123456".to_owned()), Some(dies));
        let mut both = code.clone();
        both.link = Some("https://x.example/v/abc".to_owned());
        assert_eq!(after(&both, dies - TimeDelta::seconds(1)), (true, true));
        assert_eq!(after(&both, dies), (false, true));
        assert_eq!(after(&code, dies), (true, false));
    }
}
