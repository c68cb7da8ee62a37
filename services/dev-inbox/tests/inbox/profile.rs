//! Where it may run.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;

use twostep_clock::SystemClock;
use twostep_dev_inbox::{Config, StartError, start};
use twostep_runtime::Profile;

#[tokio::test]
async fn it_starts_in_the_demo_profile_and_on_loopback_only() {
    let production = Config { profile: Profile::Production, ..Config::default() };
    assert!(matches!(start(production, Arc::new(SystemClock)).await, Err(StartError::NotDemo)));
    let open = Config { http: SocketAddr::from(([0, 0, 0, 0], 0)), ..Config::default() };
    assert!(matches!(start(open, Arc::new(SystemClock)).await, Err(StartError::NotLoopback(_))));
}

#[test]
fn the_program_refuses_other_profiles_with_exit_code_1() {
    let program = env!("CARGO_BIN_EXE_twostep-dev-inbox");
    let refused = Command::new(program).args(["--profile", "production"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("demo profile only"));
    let help = Command::new(program).arg("--help").output().unwrap();
    assert!(String::from_utf8_lossy(&help.stdout).contains("Examples:"));
}
