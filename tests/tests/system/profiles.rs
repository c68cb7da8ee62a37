//! What a profile refuses, and what goes on when a part fails.

use std::path::Path;
use std::process::Command;

use twostep_api::{Method, ProofKind};
use twostep_tests::harness::{Product as _, program};
use twostep_tests::story::Stage;

/// Runs the product with `profile` over `data` until it gives up; gives its last words.
fn refusal(data: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let mut command = Command::new(program("twostep-standalone").unwrap());
    command
        .args(["run", "--data"])
        .arg(data)
        .args(arguments)
        .env("TWOSTEP_PUBLIC_URL", "http://127.0.0.1:1/")
        .env("TWOSTEP_HTTP__LISTEN", "127.0.0.1:0")
        .env("TWOSTEP_ADMIN__LISTEN", "127.0.0.1:0")
        .env("TWOSTEP_KEYS__MASTER_PATH", data.with_file_name("master-key"))
        .env("TWOSTEP_EMAIL__FROM", "no-reply@example.com")
        .env("TWOSTEP_EMAIL__HOST", "mail.example.com")
        .env("TWOSTEP_EMAIL__RELAYS__OUT__HOST", "127.0.0.1")
        .env("TWOSTEP_EMAIL__RELAYS__OUT__PORT", "25")
        .env("TWOSTEP_EMAIL__RELAYS__OUT__SECURITY", "plain-loopback-demo")
        .envs(settings.iter().copied());
    // Whoever doesn't refuse would run for ever.
    let mut child =
        command.stderr(std::process::Stdio::piped()).stdout(std::process::Stdio::null()).spawn().unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while child.try_wait().unwrap().is_none() {
        if std::time::Instant::now() > deadline {
            child.kill().unwrap();
            panic!("it did not refuse: {arguments:?} {settings:?}");
        }
        std::thread::yield_now();
    }
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success(), "{arguments:?} {settings:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn s31_production_refuses_the_demos_data_clock_and_mail_and_the_demo_refuses_the_network() {
    let stage = Stage::open("profile").await.unwrap();
    let demo_data = stage.product.data();
    let home = tempfile::tempdir().unwrap();
    let fresh = home.path().join("data");
    let production = ["--profile", "production"];
    let https = [("TWOSTEP_PUBLIC_URL", "https://rescue.example.com/")];
    let said = refusal(&demo_data, &production, &https);
    assert!(said.contains("data of the demo profile"), "{said}");
    let said = refusal(&fresh, &["--profile", "production", "--test-clock"], &[]);
    assert!(said.contains("clock"), "{said}");
    let said = refusal(&fresh, &production, &https);
    assert!(said.contains("demo") || said.contains("plain"), "{said}");
    for (setting, value) in [
        ("TWOSTEP_HTTP__LISTEN", "0.0.0.0:0"),
        ("TWOSTEP_ADMIN__LISTEN", "[::]:0"),
        ("TWOSTEP_PUBLIC_URL", "https://rescue.example.com/"),
    ] {
        let data = home.path().join("demo");
        let said = refusal(&data, &["--profile", "demo"], &[(setting, value)]);
        assert!(said.contains("this machine only"), "{setting}: {said}");
    }
    // Nobody says nothing: then it is production.
    let said = refusal(&demo_data, &[], &https);
    assert!(said.contains("data of the demo profile"), "{said}");
    stage.holder.me().await.unwrap();
}

#[tokio::test]
async fn s30_with_no_way_out_for_mail_an_app_still_signs_in() {
    let stage = Stage::enforcing("nomail").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let faults = serde_json::json!({ "mail": [{ "stage": "connect", "drop": true }] });
    stage.inbox.misbehave(&faults).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    // The code is asked for, and nothing breaks; it just doesn't arrive.
    pending.send(Method::Email).await.unwrap();
    let code = ann.next_code(&stage).await.unwrap();
    let done = pending.verify(ProofKind::App, &code).await.unwrap();
    let session = stage.product.api().unwrap().with_token(&done.token.unwrap());
    session.me().await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    pending.verify(ProofKind::Printed, &ann.recovery[0]).await.unwrap();
}
