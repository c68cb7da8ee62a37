//! Exports: their shapes, which are kept as files, and the manifest beside them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use twostep_domain::{MemberId, Role, Roles};
use twostep_event_store::Actor;
use twostep_tests::harness::auditor;
use twostep_tests::repository;
use twostep_tests::story::{LogEvent, write_log};

use super::{PERSON, company, every_sample, second};

/// `./just schemas` sets it: then the files are written that are compared otherwise.
const WRITE: &str = "TWOSTEP_WRITE_SCHEMAS";

/// What OCSF has no class for: the company's and the groups' settings, messages, unmaskings, and steps that the table's
/// events end.
const LEFT_OUT: [&str; 44] = [
    "AuthenticatorPaired",
    "AuthenticatorPairingStarted",
    "BackupEmailVerified",
    "BackupPhoneVerified",
    "BrandingChanged",
    "CodeRequested",
    "CodeResent",
    "CompanyRegistered",
    "DeliveryBounced",
    "DeliveryDelivered",
    "DeliveryExpired",
    "DeliveryFailed",
    "DeliveryRedriven",
    "DeliveryRequested",
    "DeliveryRetried",
    "DeliverySubmitted",
    "DeliveryUnknown",
    "EmailVerificationRequested",
    "GroupAdminAssigned",
    "GroupAdminRemoved",
    "GroupCreated",
    "GroupEnforcementChanged",
    "GroupEnforcementLocked",
    "GroupEnforcementUnlocked",
    "GroupMoved",
    "GroupRenamed",
    "InvitationRenewed",
    "LoginClaimed",
    "LoginReleased",
    "NoticeRequested",
    "PasswordChangeAuthorised",
    "PersonalDataUnmasked",
    "PhoneVerificationRequested",
    "PolicyChanged",
    "PrimaryEmailVerified",
    "PrimaryPhoneVerified",
    "RecoveryCodesIssued",
    "RequestAnswered",
    "ResetsRequested",
    "SessionSeen",
    "SetUpStarted",
    "SmsCountriesChanged",
    "TextsStopped",
    "VerificationLinkOpened",
];

/// Exports the log into `into` in `format`; gives the lines and the manifest.
fn exported(log: &Path, into: &Path, format: &str) -> (String, Value) {
    let (log, into) = (log.to_str().unwrap(), into.to_str().unwrap());
    let output =
        auditor(&["--log", log, "export", "--into", into, "--format", format], &[]).unwrap().output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = fs::read_to_string(Path::new(into).join("events.jsonl")).unwrap();
    let manifest: Value =
        serde_json::from_slice(&fs::read(Path::new(into).join("manifest.json")).unwrap()).unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said, manifest, "what is said isn't what is written");
    (lines, manifest)
}

fn golden(format: &str, found: &str) {
    let folder: PathBuf = repository().join("tests/tests/system/auditor/golden");
    let path = folder.join(format!("{format}.jsonl"));
    if std::env::var_os(WRITE).is_some() {
        fs::write(&path, found).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    for (found, kept) in found.lines().zip(kept.lines()) {
        assert_eq!(found, kept, "{format} is another: if that is meant, run `./just schemas`");
    }
    assert_eq!(found.lines().count(), kept.lines().count(), "{format} has other lines: run `./just schemas`");
}

/// The same events, each as the first of a company of its own: a new one changes nothing of the others.
fn apart(mut events: Vec<LogEvent>) -> Vec<LogEvent> {
    for event in &mut events {
        event.stream.company = company(&event.event_type.to_lowercase());
        event.recorded_at = second(0);
        event.actor = Actor::Member { id: MemberId(PERSON), roles: Roles::of([Role::Technician]) };
    }
    events
}

#[tokio::test]
async fn an_export_has_the_shape_that_is_kept_and_a_manifest_that_proves_it_whole() {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log.db");
    let events = apart(every_sample(company("first")));
    let types: Vec<String> = events.iter().map(|event| event.event_type.clone()).collect();
    write_log(&log, events).await.unwrap();
    let mut left_out = BTreeSet::new();
    for format in ["cloudevents", "ocsf"] {
        let into = home.path().join(format);
        let (lines, manifest) = exported(&log, &into, format);
        golden(format, &lines);
        let count = lines.lines().count();
        assert_eq!(manifest["count"], count);
        assert_eq!(manifest["left_out"], types.len() - count);
        assert_eq!((&manifest["file"], &manifest["masked"]), (&"events.jsonl".into(), &true.into()));
        assert_eq!(manifest["bytes"], lines.len());
        let sum = Command::new("sha256sum").arg(into.join("events.jsonl")).output().unwrap();
        let sum = String::from_utf8(sum.stdout).unwrap();
        assert_eq!(manifest["sha256"].as_str().unwrap(), sum.split(' ').next().unwrap());
        let [first, last] = [lines.lines().next(), lines.lines().last()]
            .map(|line| serde_json::from_str::<Value>(line.unwrap()).unwrap());
        let id = |line: &Value| line.get("id").unwrap_or(&line["metadata"]["uid"]).clone();
        assert_eq!((&manifest["first"]["id"], &manifest["last"]["id"]), (&id(&first), &id(&last)));
        if format == "ocsf" {
            let named = |line: &str| {
                let line: Value = serde_json::from_str(line).unwrap();
                line["activity_name"].as_str().unwrap().to_owned()
            };
            let named: BTreeSet<String> = lines.lines().map(named).collect();
            left_out.extend(types.iter().filter(|name| !named.contains(*name)).map(String::as_str));
        }
    }
    assert_eq!(left_out, BTreeSet::from(LEFT_OUT), "an event is new: does OCSF have a class for it?");
}

#[tokio::test]
async fn an_export_overwrites_nothing_and_what_broke_off_has_no_manifest() {
    let home = tempfile::tempdir().unwrap();
    let (log, into) = (home.path().join("log.db"), home.path().join("export"));
    write_log(&log, every_sample(company("first"))).await.unwrap();
    exported(&log, &into, "cloudevents");
    let before = fs::read(into.join("manifest.json")).unwrap();
    let arguments = ["--log", log.to_str().unwrap(), "export", "--into", into.to_str().unwrap()];
    let again = auditor(&arguments, &[]).unwrap().output().unwrap();
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(again.status.code() == Some(1) && said.contains("mustn't be there yet"), "{said}");
    assert_eq!(fs::read(into.join("manifest.json")).unwrap(), before);
    // A log whose pages can't be read to their end.
    let torn = home.path().join("torn.db");
    let mut bytes = fs::read(&log).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle..].fill(0xa5);
    fs::write(&torn, bytes).unwrap();
    let into = home.path().join("broken");
    let arguments = ["--log", torn.to_str().unwrap(), "export", "--into", into.to_str().unwrap()];
    let broken = auditor(&arguments, &[]).unwrap().output().unwrap();
    assert_eq!(broken.status.code(), Some(1), "{}", String::from_utf8_lossy(&broken.stderr));
    assert!(!into.join("manifest.json").exists());
}
