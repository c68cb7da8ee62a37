//! Key classes: what a key is for, and whose it is.

use std::fmt;

use twostep_domain::delivery::Channel;
use twostep_domain::{CompanyId, KeyPeriod, MemberId};

/// What a key is for, and whose it is. Each class is wrapped under a label of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeyClass {
    /// A person's name, login, addresses and numbers.
    Identity(CompanyId, MemberId),
    /// A person's seed and password hash.
    Secret(CompanyId, MemberId),
    /// What identifies a company and belongs to no person.
    CompanyIdentity(CompanyId),
    /// The codes of one day.
    Code(KeyPeriod),
    /// The link tokens of one month.
    Link(KeyPeriod),
    /// Keyed hashes; wrapped anew with another master key, never another key.
    Index,
    /// Messages to a channel's worker.
    Channel(Channel),
    /// Assertions and checkpoints.
    Signing,
    /// Nothing: a record that only the right master key unwraps.
    Check,
}

/// One key: its class, owner and version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyId {
    /// What it is for, and whose.
    pub class: KeyClass,
    /// Which of the keys of that class and owner: 1 is the first.
    pub version: u32,
}

impl KeyClass {
    /// The class as it stands in the key store and in labels.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Identity(..) => Self::IDENTITY,
            Self::Secret(..) => Self::SECRET,
            Self::CompanyIdentity(_) => Self::COMPANY_IDENTITY,
            Self::Code(_) => Self::CODE,
            Self::Link(_) => Self::LINK,
            Self::Index => "index",
            Self::Channel(_) => Self::CHANNEL,
            Self::Signing => "signing",
            Self::Check => "check",
        }
    }

    /// The name of the class of code keys.
    pub const CODE: &'static str = "code";
    /// The name of the class of link keys.
    pub const LINK: &'static str = "link";

    const IDENTITY: &str = "identity";
    const SECRET: &str = "secret";
    const COMPANY_IDENTITY: &str = "company-identity";
    const CHANNEL: &str = "channel";

    /// The names of the classes whose keys are made when something is sealed or sent: one of them says that there was a log.
    pub(crate) const SEALING: [&str; 4] =
        [Self::IDENTITY, Self::SECRET, Self::COMPANY_IDENTITY, Self::CHANNEL];

    /// The owner as it stands in the key store: ids or a period, never personal data.
    #[must_use]
    pub fn owner(&self) -> String {
        match self {
            Self::Identity(company, member) | Self::Secret(company, member) => format!("{company}/{member}"),
            Self::CompanyIdentity(company) => company.to_string(),
            Self::Code(period) | Self::Link(period) => period.0.clone(),
            Self::Channel(channel) => channel.as_str().to_owned(),
            Self::Index | Self::Signing | Self::Check => String::new(),
        }
    }

    /// The class that was written as `name` and `owner`; nothing where no class reads like that.
    #[must_use]
    pub fn read(name: &str, owner: &str) -> Option<Self> {
        let person = || {
            let (company, member) = owner.split_once('/')?;
            Some((company.parse().ok()?, member.parse().ok()?))
        };
        match name {
            Self::IDENTITY => person().map(|(company, member)| Self::Identity(company, member)),
            Self::SECRET => person().map(|(company, member)| Self::Secret(company, member)),
            Self::COMPANY_IDENTITY => owner.parse().ok().map(Self::CompanyIdentity),
            Self::CODE => Some(Self::Code(KeyPeriod(owner.to_owned()))),
            Self::LINK => Some(Self::Link(KeyPeriod(owner.to_owned()))),
            "index" => Some(Self::Index),
            Self::CHANNEL => [Channel::Email, Channel::Sms]
                .into_iter()
                .find(|channel| channel.as_str() == owner)
                .map(Self::Channel),
            "signing" => Some(Self::Signing),
            "check" => Some(Self::Check),
            _ => None,
        }
    }

    /// The first key of this class and owner.
    #[must_use]
    pub fn first(&self) -> KeyId {
        KeyId { class: self.clone(), version: 1 }
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.class.name(), self.class.owner(), self.version)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_class_reads_back_as_it_was_written() {
        let (company, member) = (CompanyId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(2)));
        for class in [
            KeyClass::Identity(company, member),
            KeyClass::Secret(company, member),
            KeyClass::CompanyIdentity(company),
            KeyClass::Code(KeyPeriod("2026-11-24".to_owned())),
            KeyClass::Link(KeyPeriod("2026-11".to_owned())),
            KeyClass::Index,
            KeyClass::Channel(Channel::Email),
            KeyClass::Channel(Channel::Sms),
            KeyClass::Signing,
            KeyClass::Check,
        ] {
            assert_eq!(KeyClass::read(class.name(), &class.owner()), Some(class));
        }
        assert_eq!(KeyClass::read("identity", "no-ids"), None);
        assert_eq!(KeyClass::read("else", ""), None);
    }
}
