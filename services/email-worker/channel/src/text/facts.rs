//! Who, when, from where: the lines that let a person judge a message.

use twostep_delivery::Payload;
use twostep_domain::ClientKind;
use twostep_languages::{Args, Language};

use super::fact::Fact;
use super::instant::instant;
use super::news;

/// The facts that the payload holds.
pub(super) fn of(language: &Language, payload: &Payload) -> Vec<Fact> {
    let none = Args::new();
    let content = &payload.content;
    let client = content.client.and_then(|kind| {
        let id = match kind {
            ClientKind::Web => "client-web",
            ClientKind::Console => "client-console",
        };
        language.get(id, &none)
    });
    let facts = [
        ("fact-company", Some(payload.company.clone())),
        ("fact-person", Some(payload.person.clone())),
        ("fact-login", content.login.clone()),
        ("fact-when", content.at.and_then(|at| instant(language, payload, at))),
        ("fact-client", client),
        ("fact-by", content.by.as_ref().and_then(|by| news::doer(language, payload, by))),
        ("fact-reason", content.reason.clone()),
        ("fact-change", content.roster.as_ref().and_then(|change| news::roster(language, change))),
    ];
    let fact =
        |(id, value): (&str, Option<String>)| Some(Fact { label: language.get(id, &none)?, value: value? });
    let policy = content.policy.iter().flat_map(|change| news::policy(language, change));
    facts.into_iter().filter_map(fact).chain(policy).collect()
}
