//! The domain's values as the API shows them, and back.

use std::collections::BTreeSet;

use secrecy::ExposeSecret as _;
use twostep_api as api;
use twostep_clock::Zone;
use twostep_commands::Commands;
use twostep_domain::company::{CompanyError, Policy, TechnicianScope, Transition};
use twostep_domain::group::{Choice, Enforcement};
use twostep_domain::second_step::{Amr, SecondStepState};
use twostep_domain::{
    BackupKind, Capabilities, Client, ClientKind, CompanyId, Country, Email, MemberId, Method, Phone, Role,
    Roles, Sealed, TimeZone,
};
use twostep_vault::Field;

use crate::refusal::Refused;

pub(crate) fn method(method: Method) -> api::Method {
    match method {
        Method::App => api::Method::App,
        Method::Sms => api::Method::Sms,
        Method::Email => api::Method::Email,
    }
}

pub(crate) fn method_in(method: api::Method) -> Method {
    match method {
        api::Method::App => Method::App,
        api::Method::Sms => Method::Sms,
        api::Method::Email => Method::Email,
    }
}

pub(crate) fn proof(kind: BackupKind) -> api::ProofKind {
    match kind {
        BackupKind::App => api::ProofKind::App,
        BackupKind::Sms => api::ProofKind::Sms,
        BackupKind::Email => api::ProofKind::Email,
        BackupKind::Printed => api::ProofKind::Printed,
    }
}

pub(crate) fn proof_in(kind: api::ProofKind) -> BackupKind {
    match kind {
        api::ProofKind::App => BackupKind::App,
        api::ProofKind::Sms => BackupKind::Sms,
        api::ProofKind::Email => BackupKind::Email,
        api::ProofKind::Printed => BackupKind::Printed,
    }
}

/// A time zone that exists.
pub(crate) fn time_zone_in(name: &str) -> Result<TimeZone, Refused> {
    name.parse::<Zone>().map_err(|error| Refused::field("time_zone", error))?;
    Ok(TimeZone(name.to_owned()))
}

/// A client as it says; one that says nothing can do what the oldest consoles could.
pub(crate) fn client_in(client: Option<api::Client>) -> Client {
    let Some(client) = client else {
        return Client { kind: ClientKind::Web, version: None, capabilities: Capabilities::default() };
    };
    let capabilities = client.capabilities.map_or_else(Capabilities::default, |methods| {
        Capabilities(methods.into_iter().map(method_in).collect())
    });
    Client {
        kind: match client.kind {
            api::ClientKind::Web => ClientKind::Web,
            api::ClientKind::Console => ClientKind::Console,
        },
        version: client.version.map(|version| version.chars().filter(|c| !c.is_control()).take(64).collect()),
        capabilities,
    }
}

pub(crate) fn client_kind(kind: ClientKind) -> api::ClientKind {
    match kind {
        ClientKind::Web => api::ClientKind::Web,
        ClientKind::Console => api::ClientKind::Console,
    }
}

pub(crate) fn amr(amr: &BTreeSet<Amr>) -> Vec<String> {
    let name = |amr: &Amr| match amr {
        Amr::Pwd => "pwd",
        Amr::Otp => "otp",
        Amr::Sms => "sms",
        Amr::Email => "email",
        Amr::Recovery => "recovery",
        Amr::Mfa => "mfa",
    };
    amr.iter().map(|amr| name(amr).to_owned()).collect()
}

pub(crate) fn role(role: Role) -> api::Role {
    match role {
        Role::MasterAdmin => api::Role::MasterAdmin,
        Role::Admin => api::Role::Admin,
        Role::Technician => api::Role::Technician,
        Role::Auditor => api::Role::Auditor,
        Role::Operator => api::Role::Operator,
    }
}

pub(crate) fn roles_in(roles: &[api::Role]) -> Roles {
    let role = |role: &api::Role| match role {
        api::Role::MasterAdmin => Role::MasterAdmin,
        api::Role::Admin => Role::Admin,
        api::Role::Technician => Role::Technician,
        api::Role::Auditor => Role::Auditor,
        api::Role::Operator => Role::Operator,
    };
    Roles(roles.iter().map(role).collect())
}

pub(crate) fn policy(policy: &Policy) -> api::Policy {
    api::Policy {
        admins: policy.admins,
        technicians: match policy.technicians {
            TechnicianScope::None => api::Technicians::None,
            TechnicianScope::All => api::Technicians::All,
            TechnicianScope::SelectedGroups => api::Technicians::SelectedGroups,
        },
        primary: method(policy.primary),
        backups: policy.backups.iter().copied().map(proof).collect(),
        code_life_seconds: policy.code_life_seconds.into(),
        confirm_work_address_first: policy.confirm_work_address_first,
    }
}

pub(crate) fn policy_in(policy: &api::Policy) -> Result<Policy, Refused> {
    let seconds = policy.code_life_seconds;
    let code_life_seconds = u16::try_from(seconds)
        .map_err(|_| Refused::field("code_life_seconds", CompanyError::CodeLife { seconds }))?;
    Ok(Policy {
        admins: policy.admins,
        technicians: match policy.technicians {
            api::Technicians::None => TechnicianScope::None,
            api::Technicians::All => TechnicianScope::All,
            api::Technicians::SelectedGroups => TechnicianScope::SelectedGroups,
        },
        primary: method_in(policy.primary),
        backups: policy.backups.iter().copied().map(proof_in).collect(),
        code_life_seconds,
        confirm_work_address_first: policy.confirm_work_address_first,
    })
}

pub(crate) fn transition_in(transition: api::Transition) -> Transition {
    match transition {
        api::Transition::Lossless => Transition::Lossless,
        api::Transition::Reset => Transition::Reset,
    }
}

pub(crate) fn enforcement(enforcement: Enforcement) -> api::Enforcement {
    api::Enforcement {
        choice: match enforcement.choice {
            Choice::Follow => api::Choice::Follow,
            Choice::Enforce => api::Choice::Enforce,
            Choice::Dont => api::Choice::Dont,
        },
        also_subgroups: enforcement.also_subgroups,
    }
}

pub(crate) fn enforcement_in(enforcement: api::Enforcement) -> Enforcement {
    Enforcement {
        choice: match enforcement.choice {
            api::Choice::Follow => Choice::Follow,
            api::Choice::Enforce => Choice::Enforce,
            api::Choice::Dont => Choice::Dont,
        },
        also_subgroups: enforcement.also_subgroups,
    }
}

/// An address or number as its owner may see it before the second step: masked.
pub(crate) fn masked(
    commands: &Commands,
    company: CompanyId,
    member: MemberId,
    method: Method,
    sealed: &Sealed,
) -> Option<String> {
    let field = match method {
        Method::App => return None,
        Method::Sms => Field::Phone,
        Method::Email => Field::Email,
    };
    let clear = commands.open(company, member, field, sealed).ok()?;
    match method {
        Method::App => None,
        Method::Email => Email::parse(clear.expose_secret()).ok().map(|email| email.masked()),
        // Stored in E.164: the country it is parsed in the sense of doesn't matter.
        Method::Sms => {
            let anywhere = Country::parse("US").ok()?;
            Phone::parse(clear.expose_secret(), anywhere).ok().map(|phone| phone.masked())
        }
    }
}

/// The methods `kinds` of an enrolment, with masked destinations.
pub(crate) fn offered(
    commands: &Commands,
    company: CompanyId,
    member: MemberId,
    state: &SecondStepState,
    kinds: impl IntoIterator<Item = BackupKind>,
) -> Vec<api::OfferedMethod> {
    kinds
        .into_iter()
        .map(|kind| api::OfferedMethod {
            kind: proof(kind),
            destination: in_force(commands, company, member, state, kind),
        })
        .collect()
}

/// Where the codes of a method in force go, masked.
pub(crate) fn in_force(
    commands: &Commands,
    company: CompanyId,
    member: MemberId,
    state: &SecondStepState,
    kind: BackupKind,
) -> Option<String> {
    let method = kind.method()?;
    let contact = state.enrolment()?.methods.contact(method)?;
    masked(commands, company, member, method, &contact.destination)
}
