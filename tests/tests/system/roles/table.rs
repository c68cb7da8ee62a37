//! Who may call what. `yes`: the role isn't refused, whatever the rules say about this request's content.

use serde_json::{Value, json};
use uuid::Uuid;

/// The columns. `admin` and `both` manage the technician's group; `both` is in it; `pending` has proven a password alone.
pub(super) const COLUMNS: [&str; 11] = [
    "nobody",
    "holder",
    "master",
    "admin",
    "other",
    "technician",
    "both",
    "auditor",
    "operator",
    "foreign",
    "pending",
];

/// One route, with a cell for each column.
pub(super) struct Route {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) expected: &'static str,
}

const fn route(method: &'static str, path: &'static str, expected: &'static str) -> Route {
    Route { method, path, expected }
}

const ANYBODY: &str = "yes yes yes yes yes yes yes yes yes yes yes";
/// Of one's own sign-in or session; here about one that isn't there.
const OWN_ONLY: &str = "401 404 404 404 404 404 404 404 404 404 404";
const IN_A_SESSION: &str = "401 yes yes yes yes yes yes yes yes yes 401";
const SET_UP: &str = "401 yes yes yes yes yes yes yes yes yes yes";
const MASTER_ADMINS: &str = "401 yes yes 403 403 403 403 403 403 404 401";
/// Of the group: whoever doesn't see it learns nothing, whoever sees it and may not is told so.
const OF_THE_GROUP: &str = "401 yes yes yes 404 404 yes 403 404 404 401";
const OF_THE_GROUP_BY_MASTERS: &str = "401 yes yes 403 404 404 403 403 404 404 401";
/// Of the technician, who sees themselves.
const OF_THE_PERSON: &str = "401 yes yes yes 404 403 yes 403 404 404 401";
const OF_THE_PERSON_BY_MASTERS: &str = "401 yes yes 403 404 403 403 403 404 404 401";
/// The list is there for everybody; it holds what they may see.
const LISTS: &str = "401 yes yes yes yes yes yes yes yes 404 401";

pub(super) const TABLE: &[Route] = &[
    route("POST", "/sign-ins", ANYBODY),
    route("GET", "/sign-ins/{id}", OWN_ONLY),
    route("GET", "/sign-ins/current", "401 404 404 404 404 404 404 404 404 404 yes"),
    route("GET", "/sign-ins/{id}/events", OWN_ONLY),
    route("POST", "/sign-ins/{id}/codes", OWN_ONLY),
    route("POST", "/sign-ins/{id}/verifications", OWN_ONLY),
    route("GET", "/sessions", IN_A_SESSION),
    route("DELETE", "/sessions/{id}", "401 404 404 404 404 404 404 404 404 404 401"),
    route("POST", "/sessions/current/step-ups", IN_A_SESSION),
    // Nobody has begun one yet.
    route("GET", "/set-up", OWN_ONLY),
    route("POST", "/set-up", SET_UP),
    route("POST", "/set-up/authenticator", SET_UP),
    route("POST", "/set-up/authenticator/confirmation", SET_UP),
    route("POST", "/set-up/email", SET_UP),
    route("POST", "/set-up/email/confirmation", SET_UP),
    route("POST", "/set-up/phone", SET_UP),
    route("POST", "/set-up/phone/confirmation", SET_UP),
    route("POST", "/set-up/recovery-codes", SET_UP),
    route("POST", "/set-up/activation", SET_UP),
    route("GET", "/verification-links/{token}", ANYBODY),
    route("POST", "/verification-links/{token}", ANYBODY),
    route("GET", "/invitations/{token}", ANYBODY),
    route("POST", "/invitations/{token}", ANYBODY),
    route("POST", "/password-resets", ANYBODY),
    route("GET", "/password-resets/{token}", ANYBODY),
    route("POST", "/password-resets/{token}", ANYBODY),
    route("GET", "/me", IN_A_SESSION),
    route("POST", "/me/password", IN_A_SESSION),
    route("DELETE", "/me/enrolment", IN_A_SESSION),
    route("GET", "/companies/{id}", "401 yes yes yes yes 403 yes yes yes 404 401"),
    route("PUT", "/companies/{id}/branding", MASTER_ADMINS),
    route("PUT", "/companies/{id}/sms-countries", MASTER_ADMINS),
    route("POST", "/companies/{id}/account-holder", "401 yes 403 403 403 403 403 403 403 404 401"),
    route("GET", "/companies/{id}/policy", "401 yes yes 403 403 403 403 yes 403 404 401"),
    route("GET", "/companies/{id}/policy/effect", "401 yes yes 403 403 403 403 yes 403 404 401"),
    route("PUT", "/companies/{id}/policy", MASTER_ADMINS),
    route("GET", "/companies/{id}/groups", LISTS),
    route("POST", "/companies/{id}/groups", MASTER_ADMINS),
    route("GET", "/companies/{id}/groups/{group}", "401 yes yes yes 404 404 yes yes 404 404 401"),
    route("PUT", "/companies/{id}/groups/{group}", OF_THE_GROUP_BY_MASTERS),
    route("PUT", "/companies/{id}/groups/{group}/enforcement", OF_THE_GROUP),
    route("PUT", "/companies/{id}/groups/{group}/enforcement/lock", OF_THE_GROUP_BY_MASTERS),
    route("PUT", "/companies/{id}/groups/{group}/admins/{member}", OF_THE_GROUP_BY_MASTERS),
    route("DELETE", "/companies/{id}/groups/{group}/admins/{member}", OF_THE_GROUP_BY_MASTERS),
    route("GET", "/companies/{id}/members", LISTS),
    route("POST", "/companies/{id}/members", "401 yes yes yes 404 403 yes 403 403 404 401"),
    // The technician of the path sees themselves.
    route("GET", "/companies/{id}/members/{member}", "401 yes yes yes 404 yes yes yes 404 404 401"),
    route("PUT", "/companies/{id}/members/{member}/roles", OF_THE_PERSON_BY_MASTERS),
    route("PUT", "/companies/{id}/members/{member}/group", OF_THE_PERSON_BY_MASTERS),
    route("PUT", "/companies/{id}/members/{member}/standing", OF_THE_PERSON),
    route("POST", "/companies/{id}/members/{member}/invitation", OF_THE_PERSON),
    route("POST", "/companies/{id}/members/{member}/unlock", OF_THE_PERSON),
    route("POST", "/companies/{id}/members/resets", OF_THE_GROUP),
    route("GET", "/deliveries", "401 yes yes 403 403 403 403 403 yes yes 401"),
    // The signature decides, whoever sends it.
    route("POST", "/webhooks/sms/{provider}", ANYBODY),
    route("GET", "/audit/events", "401 yes yes 403 403 403 403 yes 403 yes 401"),
    // Without a question, which is a slip for whoever may ask.
    route("GET", "/audit/state", "401 yes yes 403 403 403 403 yes 403 yes 401"),
    // Last: nobody can do anything with an erased person.
    route("DELETE", "/companies/{id}/members/{member}/personal-data", OF_THE_GROUP_BY_MASTERS),
];

/// The names as they are: sending them changes nothing.
pub(super) fn branding() -> Value {
    json!({ "product_name": "Rescue", "account_name": "Rescue", "sender_name": "Rescue" })
}

/// A body that is well formed and, where the role may, is refused by a rule or changes nothing.
pub(super) fn body(route: &Route, group: Uuid, member: Uuid, login: &str, column: &str) -> Option<Value> {
    let wrong = "a wrong password of many characters";
    let enforcement = json!({ "choice": "enforce", "also_subgroups": false });
    let policy = json!({
        "admins": false, "technicians": "all", "primary": "app", "backups": ["email"], "code_life_seconds": 300,
    });
    Some(match (route.method, route.path) {
        ("POST", "/sign-ins") => {
            json!({ "company": "office", "login": format!("nobody.{column}@office.example"), "password": wrong })
        }
        ("POST", "/sign-ins/{id}/codes") => json!({ "method": "email" }),
        ("POST", "/sign-ins/{id}/verifications") => json!({ "method": "app", "code": "000000" }),
        ("POST", "/set-up" | "/set-up/email/confirmation" | "/verification-links/{token}") => json!({}),
        ("POST", "/set-up/authenticator/confirmation" | "/set-up/phone/confirmation") => {
            json!({ "code": "000000" })
        }
        ("POST", "/set-up/email") => json!({ "address": format!("backup.{column}@office.example") }),
        // Not a mobile number.
        ("POST", "/set-up/phone") => json!({ "number": "+49 30 123456" }),
        ("POST", "/invitations/{token}" | "/password-resets/{token}") => json!({ "password": wrong }),
        ("POST", "/password-resets") => json!({ "company": "office", "login": "nobody@office.example" }),
        ("POST", "/me/password") => json!({ "old": wrong, "new": "another password of many characters" }),
        ("PUT", "/companies/{id}/branding") => branding(),
        ("PUT", "/companies/{id}/sms-countries") => json!({ "countries": ["DE"] }),
        ("POST", "/companies/{id}/account-holder") => json!({ "to": member }),
        ("PUT", "/companies/{id}/policy") => json!({ "policy": policy, "reason": "a test" }),
        ("POST", "/companies/{id}/groups") => json!({ "name": "New" }),
        ("PUT", "/companies/{id}/groups/{group}") => json!({ "name": "Support" }),
        ("PUT", "/companies/{id}/groups/{group}/enforcement") => json!({ "enforcement": enforcement }),
        ("PUT", "/companies/{id}/groups/{group}/enforcement/lock") => json!({ "locked": false }),
        ("POST", "/companies/{id}/members") => json!({
            "name": "Somebody", "email": login, "roles": ["technician"], "group": group,
        }),
        ("PUT", "/companies/{id}/members/{member}/roles") => json!({ "roles": ["technician"] }),
        ("PUT", "/companies/{id}/members/{member}/group") => json!({ "group": group }),
        ("PUT", "/companies/{id}/members/{member}/standing") => json!({ "enabled": true }),
        ("POST", "/companies/{id}/members/resets") => json!({ "members": [member] }),
        _ => return None,
    })
}
