//! The providers' error codes, those that sending a text can meet.
//!
//! Twilio documents each of its own at `https://www.twilio.com/docs/api/errors/<code>`. It adds codes and warns against reading
//! too much into them (<https://www.twilio.com/en-us/changelog/updates-to-the-error-code-dictionary-to-clarify-number-validatio>):
//! a code that isn't listed is judged by the answer's status. Vonage's are at
//! <https://developer.vonage.com/en/api-errors/sms>. What is only about this one number or its country is no
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

const VONAGE: &[(&str, Meaning)] = &[
    ("1", Retry),          // throttled
    ("2", Configuration),  // a parameter is missing: text and number never are
    ("3", Reject),         // a parameter is invalid, as a number may be
    ("4", Configuration),  // invalid credentials
    ("5", Retry),          // internal error
    ("6", Reject),         // can't be processed, as with an unknown prefix
    ("7", Blocked),        // the number is barred
    ("8", Configuration),  // the account is barred
    ("9", Configuration),  // no credit left
    ("10", Retry),         // too many connections
    ("11", Configuration), // the account is not enabled for HTTP
    ("12", Reject),        // too long
    ("14", Configuration), // invalid signature
    ("15", Reject),        // the sender is not allowed in this number's country
    ("22", Reject),        // invalid network code
    ("23", Configuration), // invalid callback URL
    ("29", Reject),        // trial account: the number is not listed there
    ("32", Configuration), // both signed and with the secret
    ("33", Reject),        // the number is deactivated
];

/// What Twilio's error `code` means.
pub(super) fn twilio(code: &str) -> Option<Meaning> {
    listed(TWILIO, code)
}

/// What Vonage's status `code` means.
pub(super) fn vonage(code: &str) -> Option<Meaning> {
    listed(VONAGE, code)
}

fn listed(table: &[(&str, Meaning)], code: &str) -> Option<Meaning> {
    table.iter().find(|(other, _)| *other == code).map(|(_, meaning)| *meaning)
}
