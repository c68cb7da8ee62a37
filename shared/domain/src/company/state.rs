//! What a company's events add up to.

use serde::{Deserialize, Serialize};

use super::{CompanyEvent, Registered};

/// A company, or the place where one can be registered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CompanyState {
    /// The slug is free.
    #[default]
    Unregistered,
    /// The company exists.
    Registered(Box<Registered>),
}

impl CompanyState {
    /// The company, if there is one.
    #[must_use]
    pub fn registered(&self) -> Option<&Registered> {
        match self {
            Self::Unregistered => None,
            Self::Registered(company) => Some(company),
        }
    }

    pub(super) fn after(self, event: &CompanyEvent) -> Self {
        match self {
            Self::Unregistered => {
                // A stream begins with the registration: whatever stood before it would belong to no company.
                let CompanyEvent::CompanyRegistered(event) = event else { return Self::Unregistered };
                Self::Registered(Box::new(Registered::new(event)))
            }
            Self::Registered(mut company) => {
                company.apply(event);
                Self::Registered(company)
            }
        }
    }
}
