//! Challenges that the holder of the master key answers, behind the operator's socket.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::Duration;
use twostep_domain::Time;
use twostep_vault::random;

/// How long a challenge can be answered.
const LIFE: Duration = Duration::minutes(1);

/// The challenge that is out: one at a time, since there is one operator.
#[derive(Clone, Default)]
pub(crate) struct Challenge(Arc<Mutex<Option<(String, Time)>>>);

impl Challenge {
    /// Another challenge in place of the one that was out.
    pub(crate) fn draw(&self, now: Time) -> String {
        let text = format!("{}{}", random::new_id().simple(), random::new_id().simple());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((text.clone(), now + LIFE));
        text
    }

    /// Whether `answered` is the one that is out; it is used up either way.
    pub(crate) fn use_up(&self, answered: &str, now: Time) -> bool {
        let out = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        out.is_some_and(|(text, until)| text == answered && now < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_answered_once_in_time_and_the_last_one_counts() {
        let now: Time = "2026-11-24T10:00:00Z".parse().unwrap();
        let out = Challenge::default();
        let (first, second) = (out.draw(now), out.draw(now));
        assert!(!out.use_up(&first, now), "replaced");
        assert!(!out.use_up(&second, now), "used up by the wrong answer");
        let third = out.draw(now);
        assert!(out.use_up(&third, now));
        assert!(!out.use_up(&third, now));
        let late = out.draw(now);
        assert!(!out.use_up(&late, now + LIFE));
    }
}
