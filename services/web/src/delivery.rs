//! What became of a message, in words.

use chrono::{DateTime, Utc};
use twostep_api::DeliveryState;

/// What became of a message.
pub(crate) struct Delivery {
    /// How it is drawn.
    pub(crate) class: &'static str,
    pub(crate) words: String,
    pub(crate) next_at: Option<DateTime<Utc>>,
}

impl Delivery {
    /// The words for `state`; `way_out` is what else can be done than to send it again.
    pub(crate) fn of(state: &DeliveryState, way_out: &str) -> Self {
        let (class, words) = match state.state.as_str() {
            "requested" => ("plain", "Waiting to be sent.".to_owned()),
            "submitted" => ("plain", "Handed over to the provider; it should arrive in a moment.".to_owned()),
            "retrying" => {
                let words = "The provider didn't take it yet; we try again by ourselves. If you can't wait:";
                ("plain", format!("{words} {way_out}."))
            }
            "delivered" => ("good", "Delivered.".to_owned()),
            "bounced" => ("bad", format!("It came back: nobody takes it there. Please {way_out}.")),
            "failed" => ("bad", format!("It couldn't be delivered. Send it again, or {way_out}.")),
            "expired" => ("bad", "It was too late to be sent. Send it again.".to_owned()),
            _ => {
                let words = "We don't know whether it arrived. If it doesn't, send it again or";
                ("plain", format!("{words} {way_out}."))
            }
        };
        Self { class, words, next_at: state.next_at }
    }
}
