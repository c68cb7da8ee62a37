//! A mail relay that says no, says nothing, or hangs up.

use serde_json::json;

use super::field::Field;
use super::{Length, Row};
use crate::harness::Workers;

/// What passes: the mail arrives once it does. A number is the relay's answer, none: it hangs up.
const PASSING: [(&str, &str, Option<u16>); 8] = [
    ("connect", "the relay greets with 421", Some(421)),
    ("connect", "the relay hangs up before it greets", None),
    ("mail", "the relay answers a sender with 451", Some(451)),
    ("rcpt", "the relay answers an address with 450", Some(450)),
    ("data", "the relay answers DATA with 452", Some(452)),
    ("data", "the relay hangs up at DATA", None),
    ("body", "the relay hangs up in the middle of a mail", None),
    ("end_of_data", "the relay answers a whole mail with 451", Some(451)),
];

/// What lasts: the mail is never there, and that is its outcome. (A refused sender is our own mistake and not here: it is
/// tried until somebody has mended the settings.)
const LASTING: [(&str, &str, u16); 3] = [
    ("rcpt", "the relay knows no such address, 550", 550),
    ("data", "the relay answers DATA with 554", 554),
    ("end_of_data", "the relay finds a mail too large, 552", 552),
];

pub(super) async fn rows(length: Length) -> anyhow::Result<Vec<Row>> {
    let mut field = Field::open("refusing", Workers { email: 1, sms: 0 }).await?;
    let runs = length.of(1, 20);
    let mut rows = Vec::new();
    for (stage, fault, reply) in PASSING {
        for _ in 0..runs {
            let once = json!({ "stage": stage, "reply": reply, "drop": reply.is_none(), "times": 1 });
            field.inbox.misbehave(&json!({ "mail": [once] })).await?;
            field.wish(1).await?;
            field.ended().await?;
        }
        rows.push(field.count(fault, runs, 0).await?);
    }
    for (stage, fault, reply) in LASTING {
        field.inbox.misbehave(&json!({ "mail": [{ "stage": stage, "reply": reply }] })).await?;
        field.wish(runs).await?;
        rows.push(field.count_refused(fault, runs).await?);
    }
    // The relay has the mail, and its answer never comes: nobody knows, and nobody tries again.
    for _ in 0..runs {
        let lost = json!({ "stage": "end_of_data", "drop": true, "times": 1 });
        field.inbox.misbehave(&json!({ "mail": [lost] })).await?;
        field.wish(1).await?;
        field.ended().await?;
    }
    rows.push(field.count("the relay hangs up after the final dot", runs, 0).await?);
    Ok(rows)
}
