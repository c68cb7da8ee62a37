//! Twilio's error codes (<https://www.twilio.com/docs/api/errors>), those that sending a text can meet.

use crate::Meaning;
use crate::Meaning::{Blocked, Configuration, Reject, Retry};

const TWILIO: &[(&str, Meaning)] = &[
    ("14107", Retry),         // message rate limit exceeded
    ("20003", Configuration), // authentication failed
    ("20005", Configuration), // account not active
    ("20404", Configuration), // account not found
    ("20429", Retry),         // too many requests
    ("20500", Retry),         // internal error
    ("20503", Retry),         // service unavailable
    ("21211", Reject),        // "To" is no valid number
    ("21212", Configuration), // "From" is no valid number
    ("21217", Reject),        // the number does not appear to be valid
    ("21401", Reject),        // no valid phone number
    ("21408", Configuration), // texts to this region are not switched on
    ("21602", Reject),        // no body
    ("21603", Configuration), // no "From"
    ("21604", Reject),        // no "To"
    ("21606", Configuration), // "From" is not ours or can't send texts
    ("21608", Configuration), // trial account: the number is not verified there
    ("21610", Blocked),       // the recipient answered STOP
    ("21611", Retry),         // the sender's queue is full
    ("21612", Reject),        // can't be reached from this sender
    ("21614", Reject),        // no mobile number
    ("21617", Reject),        // body too long
    ("21659", Configuration), // "From" is no number of this account
    ("21701", Configuration), // the messaging service does not exist
    ("21703", Configuration), // the messaging service has no numbers
    ("21705", Configuration), // the messaging service is not valid
    ("30001", Retry),         // queue overflow
    ("30002", Configuration), // account suspended
    ("30003", Reject),        // handset can't be reached
    ("30004", Blocked),       // blocked
    ("30005", Reject),        // unknown handset
    ("30006", Reject),        // landline or carrier that can't be reached
    ("30007", Blocked),       // filtered by the carrier
    ("30034", Configuration), // the number is not registered with the carriers
    ("63038", Retry),         // the account's limit of texts a day
];

/// What Twilio's error `code` means.
pub(super) fn twilio(code: &str) -> Option<Meaning> {
    TWILIO.iter().find(|(other, _)| *other == code).map(|(_, meaning)| *meaning)
}
