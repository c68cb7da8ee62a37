//! Parts that fail while the product runs (S30): it refuses, and never says yes.

use std::path::{Path, PathBuf};
use std::process::Command;

use twostep_api::{Method, ProblemType, ProofKind};
use twostep_tests::harness::{Plain, Product as _};
use twostep_tests::repository;
use twostep_tests::story::{Enrolled, Stage, password, refused, require_everybody, sign_in};

/// The admin port's word on whether it is ready.
async fn readiness(stage: &Stage) -> u16 {
    let plain = Plain::new(&stage.product.admin_url()).unwrap();
    plain.send(reqwest::Method::GET, "/readyz", None).await.unwrap().status
}

/// What a sign-in is answered: its status and body.
async fn answer_to(stage: &Stage, login: &str, password: &str) -> (u16, String) {
    let plain = Plain::new(&stage.product.url()).unwrap();
    let body = serde_json::json!({ "company": stage.slug, "login": login, "password": password });
    let answer = plain.post("/api/v1/sign-ins", None, &body.to_string()).await.unwrap();
    (answer.status, answer.body)
}

/// The invitation of somebody new.
async fn invite(stage: &Stage) -> Result<twostep_api::Member, twostep_client::Error> {
    stage.holder.invite_member(stage.company, &stage.invitation("new")).await
}

/// Nobody gets in, everybody hears the same, and whoever is invited isn't.
async fn refuses(stage: &Stage, ann: &Enrolled) {
    let unknown = answer_to(stage, &stage.login("nobody"), "wrong password, long").await;
    assert_eq!(unknown.0, 503, "{}", unknown.1);
    for password in [password(ann.login()), "wrong password, long".to_owned()] {
        assert_eq!(answer_to(stage, ann.login(), &password).await, unknown);
    }
    refused(invite(stage).await, ProblemType::Unavailable).unwrap();
    assert_eq!(readiness(stage).await, 503);
}

#[tokio::test]
async fn s30_without_its_key_store_nobody_gets_in_and_nothing_is_sealed() {
    let stage = Stage::enforcing("keyless").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let (keys, aside) = (stage.product.data().join("keys.db"), stage.product.data().join("aside.db"));
    assert_eq!(readiness(&stage).await, 200);
    std::fs::rename(&keys, &aside).unwrap();
    refuses(&stage, &ann).await;
    // Put back, it goes on, and nobody's failures were counted.
    std::fs::rename(&aside, &keys).unwrap();
    assert_eq!(readiness(&stage).await, 200);
    ann.sign_in(&stage).await.unwrap();
    invite(&stage).await.unwrap();
}

#[tokio::test]
async fn s30_with_a_damaged_key_store_nobody_gets_in_and_nothing_is_sealed() {
    let mut stage = Stage::enforcing("damaged").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let keys = stage.product.data().join("keys.db");
    let whole = std::fs::read(&keys).unwrap();
    std::fs::write(&keys, vec![0x5a; whole.len()]).unwrap();
    refuses(&stage, &ann).await;
    std::fs::write(&keys, &whole).unwrap();
    stage.restart().await.unwrap();
    ann.sign_in(&stage).await.unwrap();
}

/// The failing disk of the event store's own tests (`disk.c` says what each number means).
struct Disk {
    numbers: PathBuf,
    library: PathBuf,
}

/// The places of its numbers.
const ARMED: u64 = 0;
const FAIL_SYNC: u64 = 2;
const FULL: u64 = 5;

impl Disk {
    fn new(directory: &Path) -> Self {
        let (numbers, library) = (directory.join("disk"), directory.join("disk.so"));
        std::fs::write(&numbers, [0; 64]).unwrap();
        let source = repository().join("shared/event-store-sqlite/tests/suite/disk.c");
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .args([&library, &source])
            .arg("-ldl")
            .status();
        assert!(compiled.unwrap().success(), "the failing disk compiles");
        Self { numbers, library }
    }

    fn set(&self, place: u64, number: u64) {
        use std::os::unix::fs::FileExt as _;
        let file = std::fs::File::options().write(true).open(&self.numbers).unwrap();
        file.write_all_at(&number.to_ne_bytes(), place * 8).unwrap();
    }

    fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        vec![("LD_PRELOAD", self.library.clone()), ("FAILING_DISK", self.numbers.clone())]
    }
}

#[tokio::test]
async fn s30_a_full_disk_takes_no_password_and_no_code_and_what_it_refused_can_be_tried_again() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Disk::new(directory.path());
    let stage = Stage::open_in("full", disk.environment()).await.unwrap();
    require_everybody(&stage.holder, stage.company).await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    disk.set(ARMED, 1);
    disk.set(FULL, 1);
    let full = ProblemType::Unavailable;
    let code = ann.next_code(&stage).await.unwrap();
    let wrong = ann.wrong_code(&stage).await.unwrap();
    for code in [&code, &wrong, &code] {
        refused(pending.verify(ProofKind::App, code).await, full).unwrap();
    }
    refused(pending.verify(ProofKind::Printed, &ann.recovery[0]).await, full).unwrap();
    refused(pending.send(Method::Email).await, full).unwrap();
    let (status, body) = answer_to(&stage, ann.login(), &password(ann.login())).await;
    assert_eq!(status, 503, "{body}");
    // It says so for as long as it is so, though nobody tries any more.
    assert_eq!(readiness(&stage).await, 503);
    assert_eq!(readiness(&stage).await, 503);

    disk.set(FULL, 0);
    assert_eq!(readiness(&stage).await, 200);
    pending.verify(ProofKind::App, &code).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    pending.verify(ProofKind::Printed, &ann.recovery[0]).await.unwrap();
}

#[tokio::test]
async fn s30_a_disk_that_cannot_make_it_durable_ends_the_process_without_a_yes() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Disk::new(directory.path());
    let mut stage = Stage::open_in("fsync", disk.environment()).await.unwrap();
    require_everybody(&stage.holder, stage.company).await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let code = ann.next_code(&stage).await.unwrap();
    let (clock, api) = (stage.product.now().await.unwrap(), stage.product.api().unwrap());
    disk.set(ARMED, 1);
    disk.set(FAIL_SYNC, 1);
    assert!(pending.verify(ProofKind::App, &code).await.is_err(), "a session that isn't durable");
    let password = password(ann.login());
    assert!(sign_in(&api, ann.login(), &password).await.is_err(), "a sign-in that isn't durable");
    assert!(!stage.product.wait().unwrap(), "it ended as if all were well");

    disk.set(ARMED, 0);
    stage.product.kill_and_restart().unwrap();
    let behind = (clock - stage.product.now().await.unwrap()).num_seconds();
    stage.product.advance(behind.max(0)).await.unwrap();
    ann.sign_in(&stage).await.unwrap();
}
