//! What a provider is handed to name a message by, and hands back when it says what became of it.

use std::fmt;
use std::str::FromStr;

use twostep_domain::{CompanyId, DeliveryId};

/// One message of one company, as a provider knows it: enough to find it, whatever was recorded of it yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Whose.
    pub company: CompanyId,
    /// Which message.
    pub id: DeliveryId,
}

/// A text that is no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this names no message")]
pub struct UnreadableReference;

impl fmt::Display for Reference {
    /// 65 letters, digits and a dot, which stand in any URL and any field as they are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.company.0.simple(), self.id.0.simple())
    }
}

impl FromStr for Reference {
    type Err = UnreadableReference;

    fn from_str(text: &str) -> Result<Self, UnreadableReference> {
        let (company, id) = text.split_once('.').ok_or(UnreadableReference)?;
        let parsed = (company.parse().map(CompanyId), id.parse().map(DeliveryId));
        let (Ok(company), Ok(id)) = parsed else { return Err(UnreadableReference) };
        Ok(Self { company, id })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_reference_comes_back_from_its_text_and_nothing_else_is_one() {
        let reference =
            Reference { company: CompanyId(Uuid::from_u128(1)), id: DeliveryId(Uuid::from_u128(2)) };
        let text = reference.to_string();
        assert_eq!(text.parse(), Ok(reference));
        for other in ["", ".", &text[1..], &text[..64], "SM1", &text.replace('.', "")] {
            assert_eq!(other.parse::<Reference>(), Err(UnreadableReference), "{other}");
        }
    }
}
