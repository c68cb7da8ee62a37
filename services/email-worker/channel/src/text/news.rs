//! What a notice to Master Admins tells: who did it, and what is different.

use std::collections::BTreeSet;

use twostep_delivery::{Doer, Payload, PersonName, PolicyChange, RosterChange, RosterStep};
use twostep_domain::BackupKind;
use twostep_domain::company::{Policy, TechnicianScope};
use twostep_languages::{Args, Language};

use super::fact::Fact;

/// Who did it.
pub(super) fn doer(language: &Language, payload: &Payload, by: &Doer) -> Option<String> {
    let mut args = Args::new();
    args.set("product", payload.product.as_str());
    match by {
        Doer::Person(name) => person(language, name),
        Doer::Operator => language.get("by-operator", &args),
        Doer::Product => language.get("by-product", &args),
    }
}

/// What became of whom.
pub(super) fn roster(language: &Language, change: &RosterChange) -> Option<String> {
    let id = match change.step {
        RosterStep::Joined => "roster-joined",
        RosterStep::Demoted => "roster-demoted",
        RosterStep::Disabled => "roster-disabled",
        RosterStep::Erased => "roster-erased",
        RosterStep::HoldsTheAccount => "roster-holds-the-account",
        RosterStep::LetIn => "roster-let-in",
    };
    let mut args = Args::new();
    args.set("whom", person(language, &change.whom)?);
    args.set("before", person(language, &change.before)?);
    language.get(id, &args)
}

fn person(language: &Language, name: &PersonName) -> Option<String> {
    name.clone().or_else(|| language.get("erased-person", &Args::new()))
}

/// A line for each setting that is different, as it was and as it is, and for what happens beside.
pub(super) fn policy(language: &Language, change: &PolicyChange) -> Vec<Fact> {
    let say = |id: &str| language.get(id, &Args::new());
    let (old, new) = (said(language, &change.old), said(language, &change.new));
    let settings = old.into_iter().zip(new).filter(|(old, new)| old != new).filter_map(|(old, new)| {
        let mut args = Args::new();
        args.set("old", old.1?);
        args.set("new", new.1?);
        Some(Fact { label: say(old.0)?, value: language.get("changed", &args)? })
    });
    let beside = [
        (change.reset, "policy-resets"),
        (change.turns_off, "policy-turns-off"),
        (change.undo, "policy-undoes"),
    ];
    let beside = beside
        .into_iter()
        .filter(|(is, _)| *is)
        .filter_map(|(_, id)| Some(Fact { label: say("fact-also")?, value: say(id)? }));
    settings.chain(beside).collect()
}

/// Every setting's name and value in words, always in the same order.
fn said(language: &Language, policy: &Policy) -> [(&'static str, Option<String>); 6] {
    let say = |id: &str| language.get(id, &Args::new());
    let technicians = match policy.technicians {
        TechnicianScope::None => "technicians-none",
        TechnicianScope::All => "technicians-all",
        TechnicianScope::SelectedGroups => "technicians-selected-groups",
    };
    let mut life = Args::new();
    life.set("seconds", policy.code_life_seconds);
    let yes_or_no = if policy.confirm_work_address_first { "said-yes" } else { "said-no" };
    [
        ("policy-admins", say(if policy.admins { "admins-all" } else { "admins-none" })),
        ("policy-technicians", say(technicians)),
        ("policy-primary", say(method(policy.primary.into()))),
        ("policy-backups", kinds(language, &policy.backups)),
        ("policy-code-life", language.get("seconds", &life)),
        ("policy-work-address", say(yes_or_no)),
    ]
}

fn kinds(language: &Language, kinds: &BTreeSet<BackupKind>) -> Option<String> {
    let names: Option<Vec<_>> = kinds.iter().map(|kind| language.get(method(*kind), &Args::new())).collect();
    names.map(|names| names.join(", "))
}

const fn method(kind: BackupKind) -> &'static str {
    match kind {
        BackupKind::App => "method-app",
        BackupKind::Sms => "method-sms",
        BackupKind::Email => "method-email",
        BackupKind::Printed => "method-printed",
    }
}
