//! What is kept of streams in memory.

use super::super::folds::{CAPACITY, Folds};
use super::*;

#[tokio::test]
async fn a_stream_that_was_empty_once_is_not_found_empty_when_its_fold_is_pushed_out() {
    let given = Given::new();
    decide(&given.ledger(), &metadata(), claim(1)).await.unwrap();
    let filled = given.ledger().load::<Login>(&stream()).await.unwrap();
    let folds = Folds::default();
    folds.put(&stream(), Arc::<Fold<Login>>::default());
    folds.put(&stream(), filled.clone());
    assert!(folds.get::<Login>(&stream()).unwrap().revision().is_some());
    // Somebody who loaded before the first event was there says so after it.
    folds.put(&stream(), Arc::<Fold<Login>>::default());
    for number in 0..CAPACITY {
        let other = StreamId::new(stream().company, StreamKind::Member, Uuid::from_u128(number as u128));
        folds.put(&other, filled.clone());
    }
    assert!(folds.get::<Login>(&stream()).is_none(), "its snapshot is not asked");
}
