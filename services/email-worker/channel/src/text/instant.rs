//! Instants, as people write them.

use twostep_clock::{Local, Zone};
use twostep_delivery::Payload;
use twostep_domain::Time;
use twostep_languages::{Args, Language};

/// An instant by the recipient's clock, in the way of their language.
pub(super) fn instant(language: &Language, payload: &Payload, at: Time) -> Option<String> {
    let Local { year, month, day, clock, mark } = Zone::or_utc(&payload.time_zone.0).local(at);
    let mut args = Args::new();
    // A year as a number would be written with a separator.
    args.set("year", year.to_string());
    args.set("month", month);
    args.set("day", day);
    args.set("clock", clock);
    args.set("zone", mark);
    language.get("instant", &args)
}
