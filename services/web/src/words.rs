//! What the API's values are called on pages.

use twostep_api::{Activation, ClientKind, Method, ProofKind, Role, Standing};

/// A proof, as the dialog names it.
pub(crate) fn proof(kind: ProofKind) -> &'static str {
    match kind {
        ProofKind::App => "Authenticator app",
        ProofKind::Sms => "Text message",
        ProofKind::Email => "E-mail",
        ProofKind::Printed => "Printed code",
    }
}

/// The same in an address or a form.
pub(crate) fn proof_key(kind: ProofKind) -> &'static str {
    match kind {
        ProofKind::App => "app",
        ProofKind::Sms => "sms",
        ProofKind::Email => "email",
        ProofKind::Printed => "printed",
    }
}

/// The proof behind a key.
pub(crate) fn proof_of(key: &str) -> Option<ProofKind> {
    [ProofKind::App, ProofKind::Sms, ProofKind::Email, ProofKind::Printed]
        .into_iter()
        .find(|kind| proof_key(*kind) == key)
}

/// The method of a proof; printed codes are none.
pub(crate) fn method_of(kind: ProofKind) -> Option<Method> {
    match kind {
        ProofKind::App => Some(Method::App),
        ProofKind::Sms => Some(Method::Sms),
        ProofKind::Email => Some(Method::Email),
        ProofKind::Printed => None,
    }
}

/// A method as a proof.
pub(crate) fn proof_by(method: Method) -> ProofKind {
    match method {
        Method::App => ProofKind::App,
        Method::Sms => ProofKind::Sms,
        Method::Email => ProofKind::Email,
    }
}

/// A role.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::MasterAdmin => "Master Admin",
        Role::Admin => "Admin",
        Role::Technician => "Technician",
        Role::Auditor => "Auditor",
        Role::Operator => "Operator",
    }
}

/// A role in a form.
pub(crate) fn role_key(role: Role) -> &'static str {
    match role {
        Role::MasterAdmin => "master_admin",
        Role::Admin => "admin",
        Role::Technician => "technician",
        Role::Auditor => "auditor",
        Role::Operator => "operator",
    }
}

/// Every role, the mightiest first.
pub(crate) const ROLES: [Role; 5] =
    [Role::MasterAdmin, Role::Admin, Role::Technician, Role::Auditor, Role::Operator];

/// Roles in one line.
pub(crate) fn roles(held: &[Role]) -> String {
    if held.is_empty() {
        return "no role".to_owned();
    }
    held.iter().map(|held| role(*held)).collect::<Vec<_>>().join(", ")
}

/// Whether somebody can sign in.
pub(crate) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Invited => "Invited",
        Standing::Active => "Active",
        Standing::Disabled => "Disabled",
        Standing::Erased => "Erased",
    }
}

/// Where somebody's two-step verification stands; whom the policy doesn't cover, a reset asks for nothing.
pub(crate) fn activation(activation: Activation, covered: bool) -> &'static str {
    match activation {
        Activation::Off => "Not set up",
        Activation::On => "On",
        Activation::Reset if covered => "Reset: sets up again",
        Activation::Reset => "Reset",
    }
}

/// A front end.
pub(crate) fn client(kind: ClientKind) -> &'static str {
    match kind {
        ClientKind::Web => "Website",
        ClientKind::Console => "Technician Console",
    }
}

/// How a session was proven (RFC 8176).
pub(crate) fn amr(values: &[String]) -> String {
    let word = |value: &String| match value.as_str() {
        "pwd" => "password".to_owned(),
        "otp" => "code".to_owned(),
        "sms" => "text message".to_owned(),
        "email" => "e-mail".to_owned(),
        other => other.to_owned(),
    };
    // That there were several is what the list itself says.
    values.iter().filter(|value| *value != "mfa").map(word).collect::<Vec<_>>().join(", ")
}

/// The roles that a form ticks.
pub(crate) fn roles_of(fields: &crate::fields::Fields) -> Vec<Role> {
    ROLES.into_iter().filter(|role| fields.all("role").any(|ticked| ticked == role_key(*role))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whoever_must_verify_is_said_to_set_up_again() {
        assert_eq!(activation(Activation::Reset, true), "Reset: sets up again");
        assert_eq!(activation(Activation::Reset, false), "Reset");
    }
}
