//! A password is set where the answer says so.

use secrecy::SecretString;
use twostep_domain::Digest;
use twostep_event_store::{IdempotencyKey, Metadata};

use super::bench::{Bench, metadata};
use crate::MemberName;

#[tokio::test]
async fn a_reset_that_is_carried_out_once_per_key_is_carried_out() {
    let bench = Bench::new().await;
    let holder = MemberName::Id(bench.holder);
    let broken = bench.commands.break_glass(&bench.slug, &holder, "a test", &metadata()).await.unwrap();
    let token = broken.url.rsplit('/').next().unwrap();
    let new = "another unlikely string";
    let key = IdempotencyKey { key: Digest::of(&[1; 32]), body: Digest::of(&[2; 32]) };
    let once = Metadata { idempotency: Some(key), ..metadata() };
    bench.commands.reset_password(token, &SecretString::from(new), None, once).await.unwrap();
    assert!(bench.sign_in(new).await.is_some());
}
