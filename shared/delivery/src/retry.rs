//! When a message is tried again, and when that makes no more sense.

use std::sync::Mutex;
use std::time::Duration;

use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use twostep_domain::Time;
use twostep_domain::delivery::MessageKind;

use crate::Request;

/// Draws a duration between zero and the given one; injected, so that tests decide what is drawn.
pub type Jitter = Box<dyn Fn(Duration) -> Duration + Send + Sync>;

/// Nothing is handed to a provider later than this before it dies.
pub(crate) const MARGIN: TimeDelta = TimeDelta::seconds(30);
/// Links and notices are tried for at most this long.
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// The longest wait between two tries of a code.
const CODE_CEILING: Duration = Duration::from_secs(16);
/// The longest wait between two tries of a link or a notice.
const LOG_CEILING: Duration = Duration::from_secs(15 * 60);
/// The shortest wait: full jitter may draw zero, and a queue must not spin.
const FLOOR: Duration = Duration::from_millis(100);

/// A jitter that draws evenly from a generator seeded with `seed`.
#[must_use]
pub fn seeded_jitter(seed: u64) -> Jitter {
    let rng = Mutex::new(StdRng::seed_from_u64(seed));
    Box::new(move |ceiling| {
        let mut rng = rng.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        ceiling.mul_f64(rng.random::<f64>())
    })
}

/// Whether the queue tries it again (a code) or the log (links and notices).
#[must_use]
pub(crate) const fn is_code(kind: MessageKind) -> bool {
    matches!(kind, MessageKind::SignInCode | MessageKind::SetUpCode)
}

/// The last instant at which `request` may be handed to a provider.
#[must_use]
pub(crate) fn deadline(request: &Request) -> Time {
    let dies = request.expires_at - MARGIN;
    if is_code(request.kind) { dies } else { dies.min(request.requested_at + LONGEST) }
}

/// How long to wait after try number `attempt` (from 1): full jitter under a doubling ceiling, never before the
/// provider's own `after`.
#[must_use]
pub(crate) fn delay(kind: MessageKind, attempt: u32, after: Option<Duration>, jitter: &Jitter) -> Duration {
    let ceiling = if is_code(kind) { CODE_CEILING } else { LOG_CEILING };
    let doubled = Duration::from_secs(1 << attempt.saturating_sub(1).min(20));
    jitter(doubled.min(ceiling)).max(after.unwrap_or_default()).max(FLOOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ceilings(kind: MessageKind, tries: u32) -> Vec<u64> {
        let whole: Jitter = Box::new(|ceiling| ceiling);
        (1..=tries).map(|attempt| delay(kind, attempt, None, &whole).as_secs()).collect()
    }

    #[test]
    fn codes_wait_up_to_sixteen_seconds() {
        assert_eq!(ceilings(MessageKind::SignInCode, 7), [1, 2, 4, 8, 16, 16, 16]);
    }

    #[test]
    fn links_and_notices_wait_up_to_fifteen_minutes() {
        assert_eq!(ceilings(MessageKind::Invitation, 12)[9..], [512, 900, 900]);
        assert_eq!(ceilings(MessageKind::Locked, 3), [1, 2, 4]);
    }

    #[test]
    fn the_providers_own_wait_is_honoured_and_zero_is_never_drawn() {
        let none: Jitter = Box::new(|_| Duration::ZERO);
        assert_eq!(delay(MessageKind::SignInCode, 1, None, &none), FLOOR);
        let after = Some(Duration::from_secs(20));
        assert_eq!(delay(MessageKind::SignInCode, 1, after, &none), Duration::from_secs(20));
    }

    #[test]
    fn a_seeded_jitter_stays_below_its_ceiling() {
        let jitter = seeded_jitter(7);
        let drawn: Vec<_> = (0..100).map(|_| jitter(Duration::from_secs(16))).collect();
        assert!(drawn.iter().all(|wait| *wait <= Duration::from_secs(16)));
        assert!(drawn.windows(2).any(|pair| pair[0] != pair[1]));
    }
}
