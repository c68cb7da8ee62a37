//! What is stored is what was given.

use std::sync::Arc;

use chrono::Duration;
use twostep_domain::{ClientKind, Digest, EventId, MemberId, Role, Roles, Sealed};
use uuid::Uuid;

use super::given::{NOON, append, company, event, events, load, read_all, stream, token};
use crate::{
    Actor, AppendError, Checkpoint, Envelope, IdempotencyKey, MAX_APPEND_BYTES, MAX_EVENT_BYTES, Metadata,
    NewEvent, Origin, Store, StreamId,
};

/// A clock that goes back doesn't take a stream back, down to the nanosecond; other streams are not concerned.
pub async fn recorded_at_never_decreases_within_a_stream(store: Arc<dyn Store>) {
    let company = company();
    let (one, other) = (stream(company), stream(company));
    let at = |nanoseconds| NewEvent { recorded_at: NOON + Duration::nanoseconds(nanoseconds), ..event() };
    append(&store, &one, vec![at(0), at(-1), at(5), at(4)]).await;
    append(&store, &one, vec![at(4)]).await;
    append(&store, &other, vec![at(-9)]).await;
    let tail_token = store.load(&one, Some(crate::Revision(4))).await.expect("a tail loads").token;
    store.append(tail_token, vec![at(-7), at(6)]).await.expect("an append succeeds");

    let offsets = |events: &[crate::RecordedEvent]| -> Vec<Option<i64>> {
        events.iter().map(|event| (event.envelope.recorded_at - NOON).num_nanoseconds()).collect()
    };
    assert_eq!(offsets(&load(&store, &one).await.events), [0, 0, 5, 5, 5, 5, 6].map(Some));
    assert_eq!(offsets(&load(&store, &other).await.events), [Some(-9)]);
}

/// The data's bytes come back as they were given, the envelope's are the same on every read, and say what was given.
pub async fn bytes_are_stored_verbatim(store: Arc<dyn Store>) {
    let stream = stream(company());
    let data = [
        " {\t\"b\" :1.0,\"a\":\"\\u00e9 \u{e9} \u{1f511}\",\"b\":2 }\r\n".as_bytes().to_vec(),
        b"{\"big\":123456789012345678901234567890,\"zero\":\"\\u0000\"}".to_vec(),
        vec![0, 159, 146, 150],
    ];
    let given: Vec<NewEvent> = data.into_iter().map(|data| NewEvent { data, ..everything_set() }).collect();
    append(&store, &stream, given.clone()).await;

    let loaded = load(&store, &stream).await.events;
    let read = read_all(&store, stream.company, Checkpoint::start(), 2).await;
    assert_eq!((loaded.len(), read.len()), (given.len(), given.len()));
    for ((loaded, read), given) in loaded.iter().zip(&read).zip(&given) {
        assert_eq!(loaded.data, given.data);
        assert_eq!(read.data, given.data);
        assert_eq!(loaded.envelope_bytes, read.envelope_bytes);
        let said: Envelope =
            serde_json::from_slice(&loaded.envelope_bytes).expect("the envelope's bytes are its JSON");
        assert_eq!(said, loaded.envelope);
        assert_eq!(said, read.envelope);
        assert_eq!((said.id, said.version, said.recorded_at), (given.id, given.version, given.recorded_at));
        assert_eq!((&said.event_type, &said.metadata), (&given.event_type, &given.metadata));
        assert_eq!(loaded.stream(), stream);
        assert_eq!(loaded.position, read.position);
    }
}

fn everything_set() -> NewEvent {
    let digest = || Digest::of(&[7; 32]);
    let metadata = Metadata {
        actor: Actor::Member { id: MemberId(Uuid::now_v7()), roles: Roles::of([Role::Admin, Role::Auditor]) },
        origin: Some(Origin {
            client: Some(ClientKind::Console),
            version: Some("7.50.3572".to_owned()),
            address: Some(Sealed("sealed".to_owned())),
        }),
        correlation: Uuid::now_v7(),
        causation: Some(EventId(Uuid::now_v7())),
        idempotency: Some(IdempotencyKey { key: digest(), body: digest() }),
    };
    NewEvent { version: u16::MAX, metadata, ..event() }
}

/// An event and an append may have as much as the limits say, and not a byte more; what is too large stores nothing.
pub async fn sizes_are_limited(store: Arc<dyn Store>) {
    let (company, full) = (company(), MAX_APPEND_BYTES / MAX_EVENT_BYTES);
    let stream = stream(company);
    let around =
        envelope_size(&store, &StreamId { company: super::given::company(), ..stream.clone() }).await;
    let sized = |bytes: usize| NewEvent { data: vec![b' '; bytes - around], ..event() };
    let too_large = |answer| match answer {
        Err(AppendError::TooLarge { bytes, limit }) => (bytes, limit),
        other => panic!("this is too large, not {other:?}"),
    };

    let over = vec![event(), sized(MAX_EVENT_BYTES + 1)];
    let answer = store.append(token(&store, &stream).await, over).await;
    assert_eq!(too_large(answer), (MAX_EVENT_BYTES + 1, MAX_EVENT_BYTES));

    let mut over: Vec<NewEvent> = (1..full).map(|_| sized(MAX_EVENT_BYTES)).collect();
    over.extend([sized(MAX_EVENT_BYTES / 2), sized(MAX_EVENT_BYTES / 2 + 1)]);
    let answer = store.append(token(&store, &stream).await, over).await;
    assert_eq!(too_large(answer), (MAX_APPEND_BYTES + 1, MAX_APPEND_BYTES));

    assert!(load(&store, &stream).await.events.is_empty(), "what is too large stores nothing");
    assert!(read_all(&store, company, Checkpoint::start(), 100).await.is_empty());

    append(&store, &stream, (0..full).map(|_| sized(MAX_EVENT_BYTES)).collect()).await;
    assert_eq!(load(&store, &stream).await.events.len(), full);
}

/// What the envelope of an event takes at a revision of one digit.
async fn envelope_size(store: &Arc<dyn Store>, stream: &StreamId) -> usize {
    append(store, stream, events(1)).await;
    load(store, stream).await.events.iter().map(|event| event.envelope_bytes.len()).sum()
}
