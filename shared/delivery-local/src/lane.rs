//! Where messages lie: one lane per channel and urgency, in it a line per company, ordered by when they are due.
//!
//! The company with the fewest messages in workers' hands is served next, and none gets more than its share of hands: a
//! flood of one delays the codes of the others by one message each, not by the flood.

use std::collections::HashMap;

use chrono::TimeDelta;
use twostep_delivery::{Request, Trace};
use twostep_domain::delivery::{Channel, Urgency};
use twostep_domain::{ChallengeId, CompanyId, DeliveryId, Time};

use crate::challenges::{self, Challenges};
use crate::line::{Line, Place};
use crate::{Limits, PATIENCE};

/// Which lane.
pub(crate) type Lane = (Channel, Urgency);

/// All messages.
#[derive(Default)]
pub(crate) struct Lanes {
    lines: HashMap<Lane, HashMap<CompanyId, Line>>,
    lying: HashMap<DeliveryId, Lying>,
    challenges: Challenges,
    counter: u64,
}

struct Lying {
    bytes: Vec<u8>,
    trace: Option<Trace>,
    lane: Lane,
    company: CompanyId,
    place: Place,
    challenge: Option<(ChallengeId, Channel)>,
    requested_at: Time,
    hold: Option<u64>,
    published_again: bool,
}

/// A message in somebody's hands.
pub(crate) struct Held {
    pub(crate) id: DeliveryId,
    pub(crate) bytes: Vec<u8>,
    /// What it is because of.
    pub(crate) trace: Option<Trace>,
    /// Which of its deliveries this is: an older one no longer decides anything.
    pub(crate) hold: u64,
}

impl Lanes {
    /// Lays a message down; `false` when its lane is full.
    pub(crate) fn publish(&mut self, request: &Request, limits: Limits, now: Time) -> bool {
        if let Some(lying) = self.lying.get_mut(&request.id) {
            lying.published_again = lying.hold.is_some();
            // It may be sent once more.
            lying.bytes = request.encode();
            return true;
        }
        let lane = (request.channel, request.urgency());
        let most = match lane.1 {
            Urgency::Urgent => limits.urgent,
            Urgency::Notice => limits.notices,
        };
        let lines = self.lines.entry(lane).or_default();
        if lines.values().map(Line::len).sum::<usize>() >= most {
            return false;
        }
        let (place, company) = ((now, self.count()), request.company);
        self.line(lane, company).put(place, request.id, false);
        let (bytes, challenge, requested_at) =
            (request.encode(), challenges::key(request), request.requested_at);
        let (hold, published_again, trace) = (None, false, Trace::current());
        let lying =
            Lying { bytes, trace, lane, company, place, challenge, requested_at, hold, published_again };
        self.lying.insert(request.id, lying);
        let others = self.challenges.lay(request, now);
        self.wake_superseded(&others, now);
        true
    }

    /// Older messages of the same challenge that wait for a retry are due at once: to be ended.
    fn wake_superseded(&mut self, others: &[DeliveryId], now: Time) {
        for id in others {
            let waits = self.lying.get(id).is_some_and(|lying| lying.hold.is_none() && lying.place.0 > now);
            if waits && self.superseded(*id) {
                self.move_to(*id, now, None);
            }
        }
    }

    /// Whether a newer message for the same challenge was published.
    pub(crate) fn superseded(&self, id: DeliveryId) -> bool {
        let newer = |lying: &Lying| Some(self.challenges.has_newer(lying.challenge?, lying.requested_at));
        self.lying.get(&id).and_then(newer).unwrap_or(false)
    }

    /// Takes the next due message of `channel`, urgent ones first, at most `share` of one company at a time; else says
    /// when to look again.
    pub(crate) fn take(&mut self, channel: Channel, share: usize, now: Time) -> Result<Held, Option<Time>> {
        let urgent = self.next((channel, Urgency::Urgent), share, now);
        let next = urgent.or_else(|urgent| {
            let notice = self.next((channel, Urgency::Notice), share, now);
            notice.map_err(|notice| [urgent, notice].into_iter().flatten().min())
        });
        next.map(|id| self.hold(id, now))
    }

    /// The same, notices left where they are.
    pub(crate) fn take_urgent(
        &mut self,
        channel: Channel,
        share: usize,
        now: Time,
    ) -> Result<Held, Option<Time>> {
        self.next((channel, Urgency::Urgent), share, now).map(|id| self.hold(id, now))
    }

    fn hold(&mut self, id: DeliveryId, now: Time) -> Held {
        let hold = self.count();
        self.move_to(id, now + PATIENCE, Some(hold));
        let lying = self.lying.get(&id);
        let bytes = lying.map(|lying| lying.bytes.clone()).unwrap_or_default();
        Held { id, bytes, trace: lying.and_then(|lying| lying.trace), hold }
    }

    /// The next due message of a lane; else when to look again.
    fn next(&mut self, lane: Lane, share: usize, now: Time) -> Result<DeliveryId, Option<Time>> {
        let mut due: Option<((usize, Place), DeliveryId)> = None;
        let mut later: Option<Time> = None;
        for line in self.lines.entry(lane).or_default().values_mut() {
            line.lapse(now);
            let first = line.first(share);
            match first {
                Some((place, id)) if place.0 <= now => {
                    let turn = ((line.in_hand(), place), id);
                    due = Some(due.map_or(turn, |other| if turn.0 < other.0 { turn } else { other }));
                }
                _ => {
                    let again = [first.map(|(place, _)| place.0), line.lapses_at()];
                    later = again.into_iter().flatten().chain(later).min();
                }
            }
        }
        due.map(|(_, id)| id).ok_or(later)
    }

    /// How many messages of a lane wait, and how many are in workers' hands.
    pub(crate) fn count_in(&self, lane: Lane) -> (usize, usize) {
        let lines = self.lines.get(&lane).into_iter().flat_map(HashMap::values);
        lines.fold((0, 0), |(waiting, held), line| (waiting + line.waiting(), held + line.in_hand()))
    }

    fn line(&mut self, lane: Lane, company: CompanyId) -> &mut Line {
        self.lines.entry(lane).or_default().entry(company).or_default()
    }

    /// Takes a held message off the queue.
    pub(crate) fn end(&mut self, id: DeliveryId, hold: u64, now: Time) {
        let Some(lying) = self.held(id, hold) else { return };
        if lying.published_again {
            lying.published_again = false;
            self.move_to(id, now, None);
            return;
        }
        let (lane, company, place, challenge) = (lying.lane, lying.company, lying.place, lying.challenge);
        if let Some(challenge) = challenge {
            self.challenges.take_off(challenge, id);
        }
        self.lying.remove(&id);
        let lines = self.lines.entry(lane).or_default();
        if let Some(line) = lines.get_mut(&company) {
            line.remove(&place);
            if line.is_empty() {
                lines.remove(&company);
            }
        }
    }

    /// Puts a held message back, due after `delay`.
    pub(crate) fn put_back(&mut self, id: DeliveryId, hold: u64, delay: TimeDelta, now: Time) {
        if self.held(id, hold).is_some() {
            let delay = if self.superseded(id) { TimeDelta::zero() } else { delay };
            self.move_to(id, now.checked_add_signed(delay).unwrap_or(Time::MAX_UTC), None);
        }
    }

    /// Gives the holder of a message more time.
    pub(crate) fn keep(&mut self, id: DeliveryId, hold: u64, now: Time) {
        if self.held(id, hold).is_some() {
            self.move_to(id, now + PATIENCE, Some(hold));
        }
    }

    fn held(&mut self, id: DeliveryId, hold: u64) -> Option<&mut Lying> {
        self.lying.get_mut(&id).filter(|lying| lying.hold == Some(hold))
    }

    fn move_to(&mut self, id: DeliveryId, due: Time, hold: Option<u64>) {
        let count = self.count();
        let Some(lying) = self.lying.get_mut(&id) else { return };
        let line = self.lines.entry(lying.lane).or_default().entry(lying.company).or_default();
        line.remove(&lying.place);
        lying.place = (due, count);
        lying.hold = hold;
        line.put(lying.place, id, hold.is_some());
    }

    fn count(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }
}
