//! Messages of which nothing is sent.

use twostep_domain::delivery::Failure;

use super::texts::Cap;

/// Why a message ends before it is in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsent {
    /// The person or the key is gone: there is nothing to send to, or nothing to send.
    Gone,
    /// The company doesn't text to the number's country any more (S14).
    Country,
    /// A cap on the company's texts is reached (S14).
    Cap(Cap),
}

impl Unsent {
    /// As the log says it.
    pub(super) const fn said(self) -> (Failure, &'static str) {
        match self {
            Self::Gone => (Failure::Gone, "the person, the address or the key is gone"),
            Self::Country => (Failure::Budget, "the company sends no texts to this country"),
            Self::Cap(Cap::Day) => (Failure::Budget, "the company sent as many texts as it may in a day"),
            Self::Cap(Cap::Spend) => {
                (Failure::Budget, "the company's texts cost as much as they may in a day")
            }
            Self::Cap(Cap::DiallingCode) => {
                (Failure::Budget, "as many texts as may be went to this dialling code within a day")
            }
            Self::Cap(Cap::Prefix) => {
                (Failure::Budget, "as many texts as may be went to numbers like this one within a day")
            }
            Self::Cap(Cap::Use) => {
                (Failure::Budget, "hardly any code of the last hour's texts to this dialling code was typed")
            }
        }
    }

    /// The limit on texts that kept it back, if one did: the metric's word.
    pub(super) const fn limit(self) -> Option<&'static str> {
        match self {
            Self::Gone => None,
            Self::Country => Some("country"),
            Self::Cap(cap) => Some(cap.as_str()),
        }
    }
}
