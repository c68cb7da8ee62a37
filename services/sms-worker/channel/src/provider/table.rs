//! Twilio's error codes, those that sending a text can meet.
//!
//! Each is documented at `https://www.twilio.com/docs/api/errors/<code>`. Twilio adds codes and warns against reading
//! too much into them (<https://www.twilio.com/en-us/changelog/updates-to-the-error-code-dictionary-to-clarify-number-validatio>):
//! a code that isn't listed is judged by the answer's status. What is only about this one number or its country is no
//! `Configuration`: that leaves the whole provider alone for a while.

use crate::Meaning;
use crate::Meaning::{Blocked, Configuration, Reject, Retry};

const TWILIO: &[(&str, Meaning)] = &[
    ("14107", Retry),         // message rate limit exceeded
    ("20003", Configuration), // authentication failed
    ("20005", Configuration), // account not active
    ("20403", Configuration), // account suspended or closed
    ("20404", Configuration), // account not found
    ("20429", Retry),         // too many requests
    ("20500", Retry),         // internal error
    ("20503", Retry),         // service unavailable
    ("21211", Reject),        // "To" is no valid number
    ("21212", Configuration), // "From" is no valid number
    ("21217", Reject),        // the number does not appear to be valid
    ("21401", Configuration), // the sender is no number or name that can send texts
    ("21408", Reject),        // texts to this number's region are not switched on; those to others are
    ("21602", Reject),        // no body
    ("21603", Configuration), // no "From"
    ("21604", Reject),        // no "To"
    ("21606", Configuration), // "From" is not ours or can't send texts
    ("21608", Reject),        // trial account: the number is not verified there
    ("21610", Blocked),       // the recipient answered STOP
    ("21611", Retry),         // the sender's queue is full
    ("21612", Reject),        // can't be reached from this sender
    ("21614", Reject),        // no mobile number
    ("21617", Reject),        // body too long
    ("21635", Reject),        // a landline, where Twilio tries none
    ("21659", Configuration), // "From" is no number of this account
    ("21701", Configuration), // the messaging service does not exist
    ("21703", Configuration), // the messaging service has no numbers
    ("21705", Configuration), // the messaging service is not valid
    ("30001", Retry),         // queue overflow
    ("30002", Configuration), // account suspended
    ("30003", Retry),         // the handset is off or out of reach for now
    ("30004", Blocked),       // blocked
    ("30005", Reject),        // unknown handset
    ("30006", Reject),        // landline or carrier that can't be reached
    ("30007", Blocked),       // filtered by the carrier
    ("30034", Reject),        // the sender is not registered with this country's carriers
    ("60728", Retry),         // the account's limit of texts an hour
    ("63017", Retry),         // the account sends too fast
    ("63038", Retry),         // the account's limit of texts in 24 hours
];

/// What Twilio's error `code` means.
pub(super) fn twilio(code: &str) -> Option<Meaning> {
    TWILIO.iter().find(|(other, _)| *other == code).map(|(_, meaning)| *meaning)
}
