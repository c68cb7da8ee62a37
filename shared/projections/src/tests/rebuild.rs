//! Rebuilt beside the live one, a model is what following made of the same log, and the live one answers meanwhile.

use std::path::Path;
use std::task::Poll;

use async_trait::async_trait;
use proptest::prelude::*;
use proptest::sample::Index;
use tokio::sync::Semaphore;
use twostep_event_store::{Loaded, ReadError, RecordedEvent, Revision};

use super::*;
use crate::{AuditIndex, DeliveryStatus, Projection, RebuildError};

/// A log that gives out only so many pages.
struct Sluggish {
    log: Arc<MemoryStore>,
    pages: Semaphore,
}

#[async_trait]
impl Reader for Sluggish {
    async fn load(&self, stream: &StreamId, after: Option<Revision>) -> Result<Loaded, ReadError> {
        self.log.load(stream, after).await
    }

    async fn event(&self, stream: &StreamId, revision: Revision) -> Result<Option<RecordedEvent>, ReadError> {
        self.log.event(stream, revision).await
    }

    async fn read(&self, after: &Checkpoint, limit: usize) -> Result<Vec<RecordedEvent>, ReadError> {
        self.pages.acquire().await.unwrap().forget();
        self.log.read(after, limit).await
    }

    async fn head(&self, company: CompanyId) -> Result<Checkpoint, ReadError> {
        self.log.head(company).await
    }

    async fn wait_beyond(&self, seen: &Checkpoint) -> Result<(), ReadError> {
        self.log.wait_beyond(seen).await
    }
}

fn revision(directory: &Directory) -> Option<u64> {
    directory.company(COMPANY).map(crate::CompanyView::revision)
}

#[tokio::test]
async fn the_live_model_answers_and_goes_on_while_it_is_rebuilt() {
    let log = company().await;
    let reader = Arc::new(Sluggish { log: log.clone(), pages: Semaphore::new(1) });
    let model = ReadModel::<Directory>::follow(reader.clone());
    let head = log.head(COMPANY).await.unwrap();
    drop(model.at(&head).await.unwrap());
    // The follower waits for its next event, the rebuild for its first page.
    let mut rebuild = std::pin::pin!(model.rebuild());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(rebuild.as_mut().poll(&mut context).is_pending());
    assert_eq!(revision(&model.at(&head).await.unwrap()), Some(0));
    append(&log, StreamKind::Company, COMPANY.0, all_technicians()).await;
    reader.pages.add_permits(100);
    let head = log.head(COMPANY).await.unwrap();
    assert_eq!(revision(&model.at(&head).await.unwrap()), Some(1));
    assert!(rebuild.await.unwrap().same);
    append(&log, StreamKind::Company, COMPANY.0, all_technicians()).await;
    let head = log.head(COMPANY).await.unwrap();
    assert_eq!(revision(&model.at(&head).await.unwrap()), Some(2));
}

#[tokio::test(start_paused = true)]
async fn on_a_long_log_a_model_that_just_started_is_late_for_questions_and_gets_there_for_whoever_waits() {
    let log = company().await;
    while log.read(&Checkpoint::start(), 600).await.unwrap().len() < 600 {
        append(&log, StreamKind::Company, COMPANY.0, all_technicians()).await;
    }
    let reader = Arc::new(Sluggish { log: log.clone(), pages: Semaphore::new(1) });
    let model = ReadModel::<Directory>::follow(reader.clone());
    let head = log.head(COMPANY).await.unwrap();
    let mut there = std::pin::pin!(model.reached(&head));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(there.as_mut().poll(&mut context).is_pending());
    assert!(matches!(model.at(&head).await.map(drop), Err(Behind::Late { .. })));
    // It has read a page by now, and is at the second.
    let seen = model.checkpoint().unwrap();
    assert!(seen != Checkpoint::start() && !seen.covers(&head));
    assert!(there.as_mut().poll(&mut context).is_pending(), "given up");
    reader.pages.add_permits(100);
    there.await.unwrap();
    assert_eq!(revision(&model.at(&head).await.unwrap()), Some(598));
}

#[tokio::test]
async fn a_model_is_rebuilt_once_at_a_time() {
    let log = company().await;
    let reader = Arc::new(Sluggish { log: log.clone(), pages: Semaphore::new(1) });
    let model = ReadModel::<Directory>::follow(reader.clone());
    let head = log.head(COMPANY).await.unwrap();
    drop(model.at(&head).await.unwrap());
    // The first waits for its first page.
    let mut first = std::pin::pin!(model.rebuild());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(first.as_mut().poll(&mut context).is_pending());
    let mut second = std::pin::pin!(model.rebuild());
    let second = second.as_mut().poll(&mut context);
    assert!(matches!(second, Poll::Ready(Err(RebuildError::Underway { .. }))), "{second:?}");
    reader.pages.add_permits(100);
    assert!(first.await.unwrap().same);
    assert!(model.rebuild().await.unwrap().same);
}

#[tokio::test]
async fn a_live_model_that_went_astray_is_found_out_and_replaced() {
    let log = company().await;
    let model = ReadModel::<Directory>::follow(log.clone());
    let head = log.head(COMPANY).await.unwrap();
    drop(model.at(&head).await.unwrap());
    model.state.write().await.value = Directory::default();
    assert_eq!(revision(&model.at(&head).await.unwrap()), None);
    assert!(!model.rebuild().await.unwrap().same);
    assert_eq!(revision(&model.at(&head).await.unwrap()), Some(0));
    assert!(model.rebuild().await.unwrap().same);
}

#[tokio::test]
async fn what_the_follower_has_not_read_yet_is_taken_in_once() {
    let log = company().await;
    let reader = Arc::new(Sluggish { log: log.clone(), pages: Semaphore::new(0) });
    let model = ReadModel::<Directory>::follow(reader.clone());
    // The follower waits for its first page; the rebuilt model gets to the end before it.
    tokio::task::yield_now().await;
    let mut ahead = crate::read_model::Folded::<Directory>::new();
    for event in log.read(&Checkpoint::start(), 10).await.unwrap() {
        ahead.apply(&event).unwrap();
        ahead.apply(&event).unwrap();
    }
    *model.state.write().await = ahead;
    reader.pages.add_permits(100);
    let head = log.head(COMPANY).await.unwrap();
    drop(model.at(&head).await.unwrap());
    assert!(model.rebuild().await.unwrap().same);
}

#[tokio::test]
async fn an_event_that_is_too_new_leaves_the_live_model_as_it_was() {
    let log = company().await;
    let model = ReadModel::<Directory>::follow(log.clone());
    let head = log.head(COMPANY).await.unwrap();
    drop(model.at(&head).await.unwrap());
    append_raw(&log, StreamId::company(COMPANY), "PolicyAbolished", b"{}".to_vec()).await;
    let head = log.head(COMPANY).await.unwrap();
    assert!(model.reached(&head).await.is_err());
    let refused = model.rebuild().await;
    assert!(matches!(refused, Err(RebuildError::Unreadable(_))), "{refused:?}");
    assert_eq!(revision(&model.state.read().await.value), Some(0));
}

/// A golden sample of an event, and the kind of stream that it lies in.
#[derive(Clone, Debug)]
struct Sample {
    kind: StreamKind,
    name: String,
    data: Vec<u8>,
}

/// A sample of every event type that read models look at.
fn samples() -> Vec<Sample> {
    let kinds: [(StreamKind, Vec<&str>); 5] = [
        (StreamKind::Company, names::<CompanyEvent>()),
        (StreamKind::Group, names::<twostep_domain::group::GroupEvent>()),
        (StreamKind::Member, names::<MemberEvent>()),
        (StreamKind::SecondStep, names::<twostep_domain::second_step::SecondStepEvent>()),
        (StreamKind::Delivery, names::<twostep_domain::delivery::DeliveryEvent>()),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/samples");
    let sample = |kind, name: &str| {
        let data = std::fs::read(folder.join(format!("{name}.v1.json"))).unwrap();
        Sample { kind, name: name.to_owned(), data }
    };
    kinds
        .into_iter()
        .flat_map(|(kind, names)| names.into_iter().map(move |name| (kind, name)))
        .map(|(kind, name)| sample(kind, name))
        .collect()
}

fn names<E: twostep_domain::Event>() -> Vec<&'static str> {
    E::catalogue().iter().map(|entry| entry.name).collect()
}

async fn followed_is_rebuilt<P: Projection>(log: &Arc<MemoryStore>, model: &ReadModel<P>) {
    let head = log.head(COMPANY).await.unwrap();
    drop(model.at(&head).await.unwrap());
    assert!(model.rebuild().await.unwrap().same, "{} followed is not what it is rebuilt", P::NAME);
}

/// The same of the audit index, which lies in a file.
async fn indexed_is_rebuilt(log: &Arc<MemoryStore>, index: &AuditIndex) {
    let head = log.head(COMPANY).await.unwrap();
    index.reached(&head).await.unwrap();
    assert!(index.rebuild().await.unwrap().same, "the audit index followed is not what it is rebuilt");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn whatever_happens_in_whatever_order_rebuilt_is_followed(
        events in proptest::collection::vec((any::<Index>(), 1_u128..4, any::<bool>()), 1..120)
    ) {
        let samples = samples();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let log = company().await;
            let directory = ReadModel::<Directory>::follow(log.clone());
            let deliveries = ReadModel::<DeliveryStatus>::follow(log.clone());
            let place = tempfile::tempdir().unwrap();
            let index = AuditIndex::follow(log.clone(), &place.path().join("audit-index.db")).await.unwrap();
            for (which, key, looked_at) in events {
                let Sample { kind, name, data } = which.get(&samples).clone();
                append_raw(&log, StreamId::new(COMPANY, kind, Uuid::from_u128(key)), &name, data).await;
                if looked_at {
                    followed_is_rebuilt(&log, &directory).await;
                    indexed_is_rebuilt(&log, &index).await;
                    tokio::task::yield_now().await;
                }
            }
            followed_is_rebuilt(&log, &directory).await;
            followed_is_rebuilt(&log, &deliveries).await;
            indexed_is_rebuilt(&log, &index).await;
        });
    }
}
