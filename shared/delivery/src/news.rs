//! What Master Admins are told beside that something happened: who did it, and what is different.

use serde::{Deserialize, Serialize};
use twostep_domain::company::Policy;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A person's name, fit to stand in a mail to others; none: it was erased.
pub type PersonName = Option<String>;

/// Who did something.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "snake_case")]
pub enum Doer {
    /// A person of the company.
    Person(PersonName),
    /// Whoever has the host.
    Operator,
    /// The product itself, which completes what was cut short.
    Product,
}

/// What became of a Master Admin, or of somebody who was none.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct RosterChange {
    /// What became of the person.
    #[zeroize(skip)]
    pub step: RosterStep,
    /// Whom it concerns.
    pub whom: PersonName,
    /// Who held the account before, where it is handed over.
    pub before: PersonName,
}

/// What became of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RosterStep {
    /// They are a Master Admin now.
    Joined,
    /// They have lost the role.
    Demoted,
    /// They can't sign in any more.
    Disabled,
    /// Their data was erased.
    Erased,
    /// They are the Master Account Holder now.
    HoldsTheAccount,
    /// They can sign in once by the operator's link.
    LetIn,
}

/// How the policy is different.
#[derive(Clone, Serialize, Deserialize)]
pub struct PolicyChange {
    /// What was.
    pub old: Policy,
    /// What is.
    pub new: Policy,
    /// Whether everybody sets up again.
    pub reset: bool,
    /// Whether enrolments of people whom it doesn't cover end.
    pub turns_off: bool,
    /// Whether it takes the change before it back.
    pub undo: bool,
}
