//! What is texted, and what is kept back.

use twostep_domain::delivery::{DeliveryFailed, DeliveryRequested, DeliverySubmitted};
use twostep_domain::second_step::{CodeAccepted, CodeRequested, Dispatch, During, SecondStepEvent};
use twostep_domain::{
    Country, Digest, Event, EventId, IntentId, KeyPeriod, MemberId, Method, Sealed, SignInId,
};
use twostep_event_store::{
    Actor, Checkpoint, MemoryStore, Metadata, NewEvent, Reader as _, StreamId, Writer as _,
};
use uuid::Uuid;

use super::*;

const COMPANY: CompanyId = CompanyId(Uuid::nil());
const LIMITS: TextLimits = TextLimits {
    per_day: 500,
    spend_per_day: None,
    prices: TextPrices { usual: 0, by_dialling_code: BTreeMap::new() },
    per_dialling_code: 400,
    per_prefix: 300,
};
const NUMBER: &str = "+4915123456789";

/// A log of texts, and the relay's memory of it.
struct Log {
    store: MemoryStore,
    schedule: Schedule,
    texts: Texts,
    read: Checkpoint,
    now: Time,
    ids: u128,
}

impl Log {
    fn new(limits: TextLimits) -> Self {
        let (store, schedule, texts) = (MemoryStore::new(), Schedule::default(), Texts::new(limits));
        Self { store, schedule, texts, read: Checkpoint::start(), now: Time::UNIX_EPOCH, ids: 0 }
    }

    fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    async fn append(&mut self, kind: StreamKind, key: Uuid, event: impl Event) -> Uuid {
        let id = self.id();
        let token = self.store.load(&StreamId::new(COMPANY, kind, key), None).await.unwrap().token;
        let metadata = Metadata {
            actor: Actor::Operator,
            origin: None,
            correlation: id,
            causation: None,
            idempotency: None,
        };
        let event = NewEvent {
            id: EventId(id),
            event_type: event.type_name().to_owned(),
            version: event.version(),
            data: event.encode(),
            metadata,
            recorded_at: self.now,
        };
        self.store.append(token, vec![event]).await.unwrap();
        self.follow().await;
        id
    }

    /// Reads what is new, as the relay does.
    async fn follow(&mut self) {
        for event in self.store.read(&self.read, 100).await.unwrap() {
            self.schedule.note(&event, self.now).unwrap();
            self.texts.note(&event, &self.schedule, self.now).unwrap();
            self.read.advance(event.position);
        }
    }

    /// Forgets everything and reads the log anew.
    async fn restart(&mut self) {
        (self.schedule, self.texts) = (Schedule::default(), Texts::new(self.texts.limits.clone()));
        self.read = Checkpoint::start();
        while self.read != self.store.head(COMPANY).await.unwrap() {
            self.follow().await;
        }
    }

    /// A code is asked for to `number`: the message, or the cap.
    async fn text(&mut self, number: &str) -> Result<Sent, Cap> {
        let challenge = ChallengeId(self.id());
        let dispatch = Dispatch {
            challenge,
            method: Method::Sms,
            destination: Sealed(String::new()),
            destination_hash: Digest::of(&[7; 32]),
            key: KeyPeriod::day(self.now),
            expires_at: self.now + Duration::minutes(5),
        };
        let during = During::SignIn(SignInId(Uuid::nil()));
        let asked = SecondStepEvent::from(CodeRequested { during, dispatch, at: self.now });
        let person = self.id();
        let intent = IntentId(self.append(StreamKind::SecondStep, person, asked).await);
        let message = DeliveryId::derived(intent.0, "text");
        let wanted = self.schedule.intent(intent).unwrap();
        let admitted = self.texts.admit(wanted, message, &phone(number), self.now);
        let request = DeliveryRequested {
            intent,
            recipient: MemberId(person),
            destination_hash: Digest::of(&[7; 32]),
            channel: Channel::Sms,
            kind: wanted.kind(),
            urgency: wanted.kind().urgency(),
            expires_at: wanted.expires_at,
        };
        self.append(StreamKind::Delivery, message.0, DeliveryEvent::from(request)).await;
        if let Err(cap) = admitted {
            let failed = DeliveryFailed { because: Failure::Budget, reason: String::new(), attempts: 0 };
            self.append(StreamKind::Delivery, message.0, DeliveryEvent::from(failed)).await;
            return Err(cap);
        }
        Ok(Sent { intent, message, person, challenge })
    }

    /// A provider takes it.
    async fn submit(&mut self, sent: &Sent) {
        let submitted = DeliverySubmitted { provider: "p".to_owned(), provider_id: None, attempts: 1 };
        self.append(StreamKind::Delivery, sent.message.0, DeliveryEvent::from(submitted)).await;
    }

    /// The code is typed.
    async fn accept(&mut self, sent: &Sent) {
        let during = During::SignIn(SignInId(Uuid::nil()));
        let challenge = Some(sent.challenge);
        let accepted = CodeAccepted { during, method: Method::Sms, challenge, step: None, at: self.now };
        self.append(StreamKind::SecondStep, sent.person, SecondStepEvent::from(accepted)).await;
    }

    /// So many codes are sent, of which so many are typed.
    async fn send(&mut self, codes: usize, typed: usize) {
        for number in 0..codes {
            let sent = self.text(NUMBER).await.unwrap();
            self.submit(&sent).await;
            if number < typed {
                self.accept(&sent).await;
            }
        }
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
    }
}

struct Sent {
    intent: IntentId,
    message: DeliveryId,
    person: Uuid,
    challenge: ChallengeId,
}

fn phone(number: &str) -> Phone {
    Phone::parse(number, Country::parse("DE").unwrap()).unwrap()
}

#[tokio::test]
async fn s14_a_company_s_texts_of_a_day_are_capped_and_a_restart_forgets_none() {
    let mut log = Log::new(TextLimits { per_day: 2, ..LIMITS });
    log.text(NUMBER).await.unwrap();
    log.wait(Duration::hours(1));
    log.text("+436641234567").await.unwrap();
    for _ in 0..3 {
        assert_eq!(log.text(NUMBER).await.err(), Some(Cap::Day));
        log.restart().await;
    }
    log.wait(Duration::hours(23));
    log.text(NUMBER).await.unwrap();
    assert_eq!(log.text(NUMBER).await.err(), Some(Cap::Day));
}

#[tokio::test]
async fn s14_a_dialling_code_and_a_prefix_have_caps_of_their_own() {
    let mut log = Log::new(TextLimits { per_dialling_code: 3, per_prefix: 2, ..LIMITS });
    log.text(NUMBER).await.unwrap();
    log.text("+4915123450000").await.unwrap();
    assert_eq!(log.text("+4915123459999").await.err(), Some(Cap::Prefix));
    // What was kept back counts for nothing.
    log.text("+4917012345678").await.unwrap();
    assert_eq!(log.text("+4917112345678").await.err(), Some(Cap::DiallingCode));
    log.text("+436641234567").await.unwrap();
}

#[tokio::test]
async fn s14_a_company_s_texts_of_a_day_cost_no_more_than_they_may_each_at_its_price() {
    let prices = TextPrices { usual: 10, by_dialling_code: [(43, 25), (41, 1)].into() };
    let mut log = Log::new(TextLimits { spend_per_day: Some(50), prices, ..LIMITS });
    let (austrian, swiss) = ("+436641234567", "+41791234567");
    let sent = log.text(austrian).await.unwrap();
    log.text(NUMBER).await.unwrap();
    log.text(NUMBER).await.unwrap();
    assert_eq!(log.text(NUMBER).await.err(), Some(Cap::Spend), "45 of 50 are spent");
    // What is kept back costs nothing, and a cheaper one still goes.
    log.text(swiss).await.unwrap();
    log.restart().await;
    log.texts.learn(COMPANY, sent.message, &phone(austrian));
    assert_eq!(log.text(austrian).await.err(), Some(Cap::Spend));
    log.wait(Duration::days(1));
    log.text(austrian).await.unwrap();
    log.text(austrian).await.unwrap();
    assert_eq!(log.text(swiss).await.err(), Some(Cap::Spend), "nothing is left of 50");
}

#[tokio::test]
async fn s14_after_a_restart_a_text_counts_for_its_prefix_once_it_was_looked_at() {
    let mut log = Log::new(TextLimits { per_prefix: 1, ..LIMITS });
    let sent = log.text(NUMBER).await.unwrap();
    log.restart().await;
    log.texts.learn(COMPANY, sent.message, &phone(NUMBER));
    assert_eq!(log.text(NUMBER).await.err(), Some(Cap::Prefix));
}

#[tokio::test]
async fn what_is_counted_already_may_go_out_again() {
    let mut log = Log::new(TextLimits { per_day: 1, ..LIMITS });
    let sent = log.text(NUMBER).await.unwrap();
    log.restart().await;
    let intent = log.schedule.intent(sent.intent).unwrap();
    assert_eq!(log.texts.admit(intent, sent.message, &phone(NUMBER), log.now), Ok(()));
}

#[tokio::test]
async fn s14_when_under_a_fifth_of_fifty_codes_were_typed_texts_stop_until_the_hour_is_over() {
    let mut log = Log::new(LIMITS);
    log.send(50, 9).await;
    // Those of the last minutes may still be typed.
    log.text(NUMBER).await.unwrap();
    log.wait(Duration::minutes(5));
    assert_eq!(log.text(NUMBER).await.err(), Some(Cap::Use));
    // Where the codes are of use, they go out.
    log.text("+436641234567").await.unwrap();
    log.restart().await;
    assert_eq!(log.text(NUMBER).await.err(), Some(Cap::Use));
    log.wait(Duration::minutes(55));
    log.text(NUMBER).await.unwrap();
}

#[tokio::test]
async fn s14_a_fifth_is_enough_and_forty_nine_prove_nothing() {
    for (codes, typed) in [(50, 10), (49, 0)] {
        let mut log = Log::new(LIMITS);
        log.send(codes, typed).await;
        log.wait(Duration::minutes(5));
        log.text(NUMBER).await.unwrap();
    }
}

#[tokio::test]
async fn codes_that_no_provider_took_are_not_held_against_anybody() {
    let mut log = Log::new(LIMITS);
    for _ in 0..60 {
        log.text(NUMBER).await.unwrap();
    }
    log.wait(Duration::minutes(5));
    log.text(NUMBER).await.unwrap();
}
