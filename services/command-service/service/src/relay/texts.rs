//! The texts of each company's last day, and the caps on them (S14): whoever makes us text to numbers that pay them is
//! stopped before the bill is.
//!
//! A fold over the delivery events, rebuilt at start like all of the relay's memory. The log names numbers by hash only, so a
//! text counts for its prefix once its intent was looked at again; codes come before anything new.

use std::collections::{BTreeMap, HashMap};

use chrono::Duration;
use twostep_domain::delivery::{Channel, DeliveryEvent, Failure};
use twostep_domain::{ChallengeId, CompanyId, DecodeError, DeliveryId, Event as _, Phone, StreamKind, Time};
use twostep_event_store::RecordedEvent;

use super::intent::{self, Intent};
use super::schedule::Schedule;

const DAY: Duration = Duration::days(1);

/// How far back the use of codes is looked at, and how often the operator is told of a cap.
const HOUR: Duration = Duration::hours(1);

/// So many codes must have met their end in the last hour before their use is judged.
const JUDGED_FROM: usize = 50;

/// One in so many of them must have been typed.
const USED_ONE_IN: usize = 5;

/// At most so many texts of a company within a day.
#[derive(Clone, Debug)]
pub struct TextLimits {
    /// To all numbers.
    pub per_day: usize,
    /// What they may cost together, in the unit of [`Self::prices`]; none: only their number counts.
    pub spend_per_day: Option<u64>,
    /// What they cost.
    pub prices: TextPrices,
    /// To the numbers of one dialling code.
    pub per_dialling_code: usize,
    /// To numbers that are the same but for their last four digits.
    pub per_prefix: usize,
}

/// What a text costs, in whole units of whatever the operator counts in: cents, or a tenth of one.
#[derive(Clone, Debug, Default)]
pub struct TextPrices {
    /// To a number whose dialling code has no price of its own, or isn't known since the start.
    pub usual: u64,
    /// By dialling code.
    pub by_dialling_code: BTreeMap<u16, u64>,
}

impl TextPrices {
    fn of(&self, number: Option<&Phone>) -> u64 {
        let own = number.and_then(|number| self.by_dialling_code.get(&number.dialling_code()));
        own.copied().unwrap_or(self.usual)
    }
}

/// Which cap keeps a text back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cap {
    /// [`TextLimits::per_day`].
    Day,
    /// [`TextLimits::spend_per_day`].
    Spend,
    /// [`TextLimits::per_dialling_code`].
    DiallingCode,
    /// [`TextLimits::per_prefix`].
    Prefix,
    /// Fewer than a fifth of the last hour's codes to this dialling code were used.
    Use,
}

/// What was texted, and how much of it was of use.
pub(super) struct Texts {
    limits: TextLimits,
    companies: HashMap<CompanyId, Vec<Text>>,
    told: HashMap<(CompanyId, Cap), Time>,
}

struct Text {
    id: DeliveryId,
    at: Time,
    /// None: not looked at since the start.
    number: Option<Phone>,
    code: Option<Code>,
    /// A provider has it, as far as is known.
    submitted: bool,
}

struct Code {
    challenge: ChallengeId,
    dies_at: Time,
    used: bool,
}

impl Texts {
    pub(super) fn new(limits: TextLimits) -> Self {
        Self { limits, companies: HashMap::new(), told: HashMap::new() }
    }

    /// Notes what an event says about texts; `schedule` knows the intents.
    ///
    /// # Errors
    /// An event that this program is too old for.
    pub(super) fn note(
        &mut self,
        event: &RecordedEvent,
        schedule: &Schedule,
        now: Time,
    ) -> Result<(), DecodeError> {
        let envelope = &event.envelope;
        if now - envelope.recorded_at >= DAY {
            return Ok(());
        }
        if let Some(challenge) = intent::answered(event)? {
            self.used(envelope.company, challenge);
        }
        let id = envelope.key.uuid().map(DeliveryId).filter(|_| envelope.kind == StreamKind::Delivery);
        let Some(id) = id else { return Ok(()) };
        match DeliveryEvent::decode(&envelope.event_type, envelope.version, &event.data)? {
            DeliveryEvent::DeliveryRequested(request) if request.channel == Channel::Sms => {
                if let Some(intent) = schedule.intent(request.intent) {
                    self.add(id, intent, None, envelope.recorded_at);
                }
            }
            DeliveryEvent::DeliverySubmitted(_)
            | DeliveryEvent::DeliveryDelivered(_)
            | DeliveryEvent::DeliveryBounced(_)
            | DeliveryEvent::DeliveryUnknown(_) => {
                if let Some(text) = self.find(envelope.company, id) {
                    text.submitted = true;
                }
            }
            DeliveryEvent::DeliveryFailed(failed) if failed.because == Failure::Budget => {
                if let Some(texts) = self.companies.get_mut(&envelope.company) {
                    texts.retain(|text| text.id != id);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Notes where a text goes that is counted already.
    pub(super) fn learn(&mut self, company: CompanyId, id: DeliveryId, number: &Phone) {
        if let Some(text) = self.find(company, id) {
            text.number = Some(number.clone());
        }
    }

    /// Counts a text to `number`, unless it is one too many; what is counted already may go out again.
    ///
    /// # Errors
    /// The cap.
    pub(super) fn admit(
        &mut self,
        intent: &Intent,
        id: DeliveryId,
        number: &Phone,
        now: Time,
    ) -> Result<(), Cap> {
        self.learn(intent.company, id, number);
        let texts = self.companies.entry(intent.company).or_default();
        texts.retain(|text| now - text.at < DAY);
        if texts.iter().any(|text| text.id == id) {
            return Ok(());
        }
        let Some(cap) = reached(texts, number, &self.limits, now) else {
            self.add(id, intent, Some(number.clone()), now);
            return Ok(());
        };
        self.tell(intent.company, cap, number, now);
        Err(cap)
    }

    fn add(&mut self, id: DeliveryId, intent: &Intent, number: Option<Phone>, at: Time) {
        let texts = self.companies.entry(intent.company).or_default();
        if texts.iter().any(|text| text.id == id) {
            return;
        }
        let of = |challenge| Code { challenge, dies_at: intent.expires_at, used: false };
        texts.push(Text { id, at, number, code: intent.challenge().map(of), submitted: false });
    }

    fn used(&mut self, company: CompanyId, challenge: ChallengeId) {
        let texts = self.companies.get_mut(&company).into_iter().flatten();
        let codes = texts.filter_map(|text| text.code.as_mut());
        codes.filter(|code| code.challenge == challenge).for_each(|code| code.used = true);
    }

    fn find(&mut self, company: CompanyId, id: DeliveryId) -> Option<&mut Text> {
        self.companies.get_mut(&company)?.iter_mut().find(|text| text.id == id)
    }

    /// Tells the operator, once an hour, in whose name somebody may be spending money.
    fn tell(&mut self, company: CompanyId, cap: Cap, number: &Phone, now: Time) {
        self.told.retain(|_, at| now - *at < HOUR);
        if self.told.insert((company, cap), now).is_none() {
            let dialling_code = number.dialling_code();
            tracing::error!(
                %company, cap = cap.as_str(), dialling_code,
                "texts are not sent: a cap is reached; somebody may be pumping texts, or the cap is too low"
            );
        }
    }
}

impl Cap {
    /// As the metric and the log of the program call it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Spend => "spend",
            Self::DiallingCode => "dialling_code",
            Self::Prefix => "prefix",
            Self::Use => "use",
        }
    }
}

/// The cap that one more text to `number` would pass.
fn reached(texts: &[Text], number: &Phone, limits: &TextLimits, now: Time) -> Option<Cap> {
    let numbers = || texts.iter().filter_map(|text| text.number.as_ref());
    let same_code = || numbers().filter(|other| other.dialling_code() == number.dialling_code());
    if texts.len() >= limits.per_day {
        return Some(Cap::Day);
    }
    let spent =
        || texts.iter().map(|text| limits.prices.of(text.number.as_ref())).fold(0, u64::saturating_add);
    let cost = limits.prices.of(Some(number));
    if limits.spend_per_day.is_some_and(|most| spent().saturating_add(cost) > most) {
        return Some(Cap::Spend);
    }
    if same_code().count() >= limits.per_dialling_code {
        return Some(Cap::DiallingCode);
    }
    if same_code().filter(|other| other.prefix() == number.prefix()).count() >= limits.per_prefix {
        return Some(Cap::Prefix);
    }
    is_of_no_use(texts, number.dialling_code(), now).then_some(Cap::Use)
}

/// Whether hardly anybody types the codes that go to numbers of this dialling code: those that can still be typed, or never
/// left, say nothing. Where a text went that wasn't looked at since the start isn't known: it counts for every dialling code.
fn is_of_no_use(texts: &[Text], dialling_code: u16, now: Time) -> bool {
    let there =
        |text: &&Text| text.number.as_ref().is_none_or(|number| number.dialling_code() == dialling_code);
    let lately = texts.iter().filter(|text| text.submitted && now - text.at < HOUR).filter(there);
    let ended = lately.filter_map(|text| text.code.as_ref()).filter(|code| code.used || code.dies_at <= now);
    let (all, used) = ended.fold((0, 0), |(all, used), code| (all + 1, used + usize::from(code.used)));
    all >= JUDGED_FROM && used * USED_ONE_IN < all
}

#[cfg(test)]
mod tests;
