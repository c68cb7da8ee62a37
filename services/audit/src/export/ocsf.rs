//! An event in the shape of OCSF: Account Change (3001) or Authentication (3002), by a table.

use serde_json::{Value, json};
use twostep_api::AuditEvent;

/// The version of the shape.
pub(super) const VERSION: &str = "1.4.0";

/// The category of both classes: Identity & Access Management.
const CATEGORY: u64 = 3;
const ACCOUNT_CHANGE: u64 = 3001;
const AUTHENTICATION: u64 = 3002;

const SUCCESS: u64 = 1;
const FAILURE: u64 = 2;

const INFORMATIONAL: u64 = 1;
const LOW: u64 = 2;
const MEDIUM: u64 = 3;
const HIGH: u64 = 4;

/// What no number of the class says; the event's own name stands beside it.
const OTHER: u64 = 99;

/// What an event is there.
struct Class {
    event: &'static str,
    class: u64,
    activity: u64,
    status: u64,
    severity: u64,
}

const fn account(event: &'static str, activity: u64, severity: u64) -> Class {
    Class { event, class: ACCOUNT_CHANGE, activity, status: SUCCESS, severity }
}

const fn authentication(event: &'static str, activity: u64, status: u64, severity: u64) -> Class {
    Class { event, class: AUTHENTICATION, activity, status, severity }
}

/// Every event that has a class; the others are left out.
const CLASSES: &[Class] = &[
    account("MemberInvited", 1, INFORMATIONAL),
    account("MemberAdded", 1, INFORMATIONAL),
    account("MemberEnabled", 2, INFORMATIONAL),
    account("PasswordChanged", 3, INFORMATIONAL),
    account("PasswordResetRequested", 4, INFORMATIONAL),
    account("MemberDisabled", 5, INFORMATIONAL),
    account("MemberErased", 6, INFORMATIONAL),
    account("SecondStepLocked", 9, MEDIUM),
    account("MfaActivated", 10, INFORMATIONAL),
    account("MethodRemoved", 11, INFORMATIONAL),
    account("MfaTurnedOff", 11, LOW),
    account("MfaResetForced", 11, LOW),
    account("SecondStepUnlocked", 12, LOW),
    account("MemberRolesChanged", OTHER, LOW),
    account("MemberMoved", OTHER, INFORMATIONAL),
    account("MasterAdminAdded", OTHER, LOW),
    account("MasterAdminRemoved", OTHER, LOW),
    account("AccountHolderTransferred", OTHER, MEDIUM),
    account("GlassBroken", OTHER, HIGH),
    authentication("SignedIn", 1, SUCCESS, INFORMATIONAL),
    authentication("CodeRejected", 1, FAILURE, LOW),
    authentication("PasswordDelayed", 1, FAILURE, MEDIUM),
    authentication("SessionEnded", 2, SUCCESS, INFORMATIONAL),
    authentication("SignInStarted", 6, SUCCESS, INFORMATIONAL),
    authentication("SecondStepNotRequired", 6, SUCCESS, INFORMATIONAL),
    authentication("SetUpRequired", 6, SUCCESS, INFORMATIONAL),
    authentication("ChallengeIssued", 6, SUCCESS, INFORMATIONAL),
    authentication("CodeAccepted", OTHER, SUCCESS, INFORMATIONAL),
    authentication("RecoveryCodeAccepted", OTHER, SUCCESS, LOW),
    authentication("SteppedUp", OTHER, SUCCESS, INFORMATIONAL),
];

/// The line; nothing for an event that is neither.
pub(super) fn line(event: &AuditEvent) -> Option<Value> {
    let Class { class, activity, status, severity, .. } =
        CLASSES.iter().find(|class| class.event == event.event_type)?;
    let mut line = json!({
        "category_uid": CATEGORY,
        "class_uid": class,
        "activity_id": activity,
        "activity_name": event.event_type,
        "type_uid": class * 100 + activity,
        "status_id": status,
        "severity_id": severity,
        "time": event.recorded_at.timestamp_millis(),
        "metadata": {
            "version": VERSION,
            "product": {
                "name": "Twostep", "vendor_name": "Twostep", "version": env!("CARGO_PKG_VERSION"),
            },
            "uid": event.id,
            "sequence": event.number,
            "event_code": event.event_type,
            "correlation_uid": event.correlation,
        },
        "user": user(event),
        "unmapped": { "stream": format!("{}/{}", event.kind, event.key), "revision": event.revision, "data": event.data },
    });
    if let Some(actor) = actor(&event.actor) {
        line["actor"] = actor;
    }
    if *class == AUTHENTICATION {
        authenticated(event, &mut line);
    }
    Some(line)
}

/// Whom it is about: whose stream it is in, or whom the company's event names.
fn user(event: &AuditEvent) -> Value {
    let named = ["member", "to"].iter().find_map(|field| event.data[field].as_str());
    let uid = if event.kind == "company" { named.unwrap_or(&event.key) } else { &event.key };
    json!({ "uid": uid, "org": { "uid": event.company } })
}

/// Who did it; nobody known: a visitor.
fn actor(actor: &Value) -> Option<Value> {
    match actor["is"].as_str()? {
        "member" => Some(json!({ "user": { "uid": actor["id"] } })),
        "operator" => Some(json!({ "app_name": "twostep" })),
        "system" => {
            Some(json!({ "app_name": format!("twostep {}", actor["part"].as_str().unwrap_or_default()) }))
        }
        _ => None,
    }
}

/// What an authentication says on top.
fn authenticated(event: &AuditEvent, line: &mut Value) {
    line["service"] = json!({ "name": "Twostep" });
    if let Some(session) = event.data["session"].as_str() {
        line["session"] = json!({ "uid": session });
    }
    let Some(amr) = event.data["amr"].as_array() else { return };
    let amr: Vec<&str> = amr.iter().filter_map(Value::as_str).collect();
    line["is_mfa"] = amr.contains(&"mfa").into();
    line["auth_factors"] = amr.iter().filter_map(|amr| factor(amr)).collect();
}

fn factor(amr: &str) -> Option<Value> {
    Some(match amr {
        "pwd" => json!({ "factor_type_id": 11 }),
        "otp" => json!({ "factor_type_id": 7, "is_totp": true }),
        "sms" => json!({ "factor_type_id": 1 }),
        "email" => json!({ "factor_type_id": 8 }),
        "recovery" => json!({ "factor_type_id": 99, "factor_type": "Recovery code" }),
        // Not a factor but that there were several.
        _ => return None,
    })
}
