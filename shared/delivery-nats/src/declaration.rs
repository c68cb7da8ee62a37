//! What the queue is made of: streams, consumers and buckets, from one place.

use std::time::Duration;

use async_nats::jetstream::consumer::AckPolicy;
use async_nats::jetstream::consumer::pull;
use async_nats::jetstream::kv;
use async_nats::jetstream::stream::{self, DiscardPolicy, RetentionPolicy, StorageType};
use twostep_domain::DeliveryId;
use twostep_domain::delivery::{Channel, Urgency};

/// What workers say.
pub(crate) const OUTCOMES: &str = "OUTCOMES";
/// Who writes that into the log.
pub(crate) const OUTCOMES_CONSUMER: &str = "outcomes";
/// What the server tells of messages that it gave out as often as it may.
pub(crate) const WORN_OUT: &str = "WORN_OUT";
/// Who takes those off their streams.
pub(crate) const WORN_OUT_CONSUMER: &str = "burials";
/// What was left of messages that nobody could work on.
const DEAD: &str = "DEAD";
/// Who works on which message.
pub(crate) const CLAIMS: &str = "twostep_claims";
/// Which message of a challenge is the newest.
pub(crate) const CHALLENGES: &str = "twostep_challenges";

/// Which relay leads.
pub(crate) const LEASES: &str = "twostep_leases";

/// Where the server tells that it gave a message out as often as it may: stream and consumer.
pub(crate) const ADVISORIES: &str = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.*.*";

/// Claims are remembered a little longer than anything is tried.
const CLAIMS_KEPT: Duration = Duration::from_secs(25 * 3600);
/// Longer than any code lives.
const CHALLENGES_KEPT: Duration = Duration::from_secs(3600);
/// Longer than any message lies: what is older was published again, or is over.
const MESSAGES_KEPT: Duration = Duration::from_secs(3600);
/// As long as dead letters are listed.
const DEAD_KEPT: Duration = Duration::from_secs(14 * 24 * 3600);
/// The worker's own rules end a message long before; this catches poison that kills workers.
/// A code of ten minutes, put back for eight seconds on average, comes some seventy times.
const MOST_DELIVERIES: i64 = 150;
/// Messages that wait for a retry count as well.
const MOST_IN_HAND: i64 = 1_000;

/// How much the queue holds and how long it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// The most messages that somebody waits for.
    pub urgent: i64,
    /// The most notices.
    pub notices: i64,
    /// The most bytes of each.
    pub bytes: i64,
    /// After how long a silent holder of a message, report or claim counts as gone.
    pub patience: Duration,
    /// How long the relay's lease lasts unless it is renewed.
    pub lease: Duration,
    /// Within what time the server answers.
    pub answer_within: Duration,
    /// Copies of everything: 3 in a cluster.
    pub replicas: usize,
}

impl Default for Sizes {
    /// 10,000 urgent messages and 100,000 notices of 1 GiB at most, 30 s of patience, a lease
    /// of 15 s, 5 s for an answer, one copy.
    fn default() -> Self {
        Self {
            urgent: 10_000,
            notices: 100_000,
            bytes: 1 << 30,
            patience: Duration::from_secs(30),
            lease: Duration::from_secs(15),
            answer_within: Duration::from_secs(5),
            replicas: 1,
        }
    }
}

/// Streams with their consumers, and buckets.
pub struct Declaration {
    pub(crate) streams: Vec<(stream::Config, Vec<pull::Config>)>,
    pub(crate) buckets: Vec<kv::Config>,
}

impl Declaration {
    /// The whole queue.
    #[must_use]
    pub fn of(sizes: &Sizes) -> Self {
        let lane = |urgency, most| {
            let name = stream_of(urgency);
            let config = work(name, format!("twostep.delivery.{}.*.*", word(urgency)), most, sizes);
            let consumers = [Channel::Email, Channel::Sms]
                .map(|channel| consumer(consumer_of(channel, urgency), subjects(channel, urgency), sizes));
            (config, consumers.to_vec())
        };
        let outcomes = work(OUTCOMES, "twostep.outcome.>".to_owned(), -1, sizes);
        // Every word counts, however many there are about a message.
        let outcomes = stream::Config {
            max_messages_per_subject: -1,
            discard_new_per_subject: false,
            max_age: CLAIMS_KEPT,
            ..outcomes
        };
        let outcomes_consumer = consumer(OUTCOMES_CONSUMER.to_owned(), "twostep.outcome.>".to_owned(), sizes);
        let outcomes_consumer = pull::Config { max_deliver: -1, ..outcomes_consumer };
        let advisories = consumer(WORN_OUT_CONSUMER.to_owned(), ADVISORIES.to_owned(), sizes);
        let worn_out_consumer = pull::Config { max_deliver: -1, ..advisories };
        let streams = vec![
            lane(Urgency::Urgent, sizes.urgent),
            lane(Urgency::Notice, sizes.notices),
            (outcomes, vec![outcomes_consumer]),
            (worn_out(sizes), vec![worn_out_consumer]),
            (dead(sizes), Vec::new()),
        ];
        let buckets = [(CLAIMS, CLAIMS_KEPT), (CHALLENGES, CHALLENGES_KEPT), (LEASES, sizes.lease)];
        let buckets = buckets.map(|(name, max_age)| kv::Config {
            bucket: name.to_owned(),
            history: 1,
            max_age,
            storage: StorageType::File,
            num_replicas: sizes.replicas,
            ..kv::Config::default()
        });
        Self { streams, buckets: buckets.into() }
    }
}

/// The stream of messages of this urgency: a flood of notices takes no room from codes.
pub(crate) fn stream_of(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Urgent => "DELIVERY",
        Urgency::Notice => "DELIVERY_NOTICES",
    }
}

/// The durable consumer of a channel's messages of this urgency.
pub(crate) fn consumer_of(channel: Channel, urgency: Urgency) -> String {
    format!("{}-{}", channel.as_str(), word(urgency))
}

/// Where a message is published: one subject each, so that the stream knows whether it lies there.
pub(crate) fn subject(channel: Channel, urgency: Urgency, id: DeliveryId) -> String {
    format!("twostep.delivery.{}.{}.{id}", word(urgency), channel.as_str())
}

/// Where a report about a message is published.
pub(crate) fn outcome_subject(channel: Channel, id: DeliveryId) -> String {
    format!("twostep.outcome.{}.{id}", channel.as_str())
}

/// Where it is told what was left of a message that nobody could work on.
pub(crate) fn dead_subject(channel: Channel) -> String {
    format!("twostep.dead.{}", channel.as_str())
}

fn subjects(channel: Channel, urgency: Urgency) -> String {
    format!("twostep.delivery.{}.{}.*", word(urgency), channel.as_str())
}

fn word(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Urgent => "urgent",
        Urgency::Notice => "notice",
    }
}

/// A stream whose messages leave once they are dealt with. Full, it refuses what is new; a message that lies there
/// already is refused, too.
fn work(name: &str, subjects: String, most: i64, sizes: &Sizes) -> stream::Config {
    stream::Config {
        name: name.to_owned(),
        subjects: vec![subjects],
        retention: RetentionPolicy::WorkQueue,
        discard: DiscardPolicy::New,
        max_messages: most,
        max_messages_per_subject: 1,
        discard_new_per_subject: true,
        max_bytes: sizes.bytes,
        max_age: MESSAGES_KEPT,
        storage: StorageType::File,
        num_replicas: sizes.replicas,
        allow_message_ttl: true,
        ..stream::Config::default()
    }
}

/// What the server tells once waits here until somebody has acted on it: nobody need listen at that moment.
fn worn_out(sizes: &Sizes) -> stream::Config {
    let config = work(WORN_OUT, ADVISORIES.to_owned(), -1, sizes);
    stream::Config {
        max_messages_per_subject: -1,
        discard_new_per_subject: false,
        discard: DiscardPolicy::Old,
        ..config
    }
}

/// A stream that keeps what it is given for a while; full, it forgets the oldest.
fn dead(sizes: &Sizes) -> stream::Config {
    stream::Config {
        name: DEAD.to_owned(),
        subjects: vec!["twostep.dead.*".to_owned()],
        retention: RetentionPolicy::Limits,
        discard: DiscardPolicy::Old,
        max_bytes: sizes.bytes,
        max_age: DEAD_KEPT,
        storage: StorageType::File,
        num_replicas: sizes.replicas,
        ..stream::Config::default()
    }
}

/// No list of back-offs: it would override the wait for an acknowledgement, and a delayed `nak` ignores it.
fn consumer(name: String, subjects: String, sizes: &Sizes) -> pull::Config {
    pull::Config {
        durable_name: Some(name),
        filter_subject: subjects,
        ack_policy: AckPolicy::Explicit,
        ack_wait: sizes.patience,
        max_deliver: MOST_DELIVERIES,
        max_ack_pending: MOST_IN_HAND,
        num_replicas: 0,
        ..pull::Config::default()
    }
}
