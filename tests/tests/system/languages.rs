//! Every language says everything that English says, and a person reads theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use twostep_api::{AcceptInvitation, InviteMember, RequestPasswordReset, ResetMembers};
use twostep_tests::harness::Product as _;
use twostep_tests::repository;
use twostep_tests::story::{Stage, password};

const CHANNELS: [&str; 2] = ["email", "sms"];
const LOCALES: [&str; 5] = ["en", "de", "fr", "es", "hu"];

/// The strings of a channel in a language, attributes like `id.attribute`, each with the variables that it needs.
fn strings(channel: &str, locale: &str) -> BTreeMap<String, BTreeSet<String>> {
    let file = format!("services/{channel}-worker/channel/locales/{locale}.ftl");
    let text = fs::read_to_string(repository().join(&file)).unwrap();
    let resource = parser::parse(text.as_str()).unwrap_or_else(|(_, errors)| panic!("{file}: {errors:?}"));
    let mut strings = BTreeMap::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let value = message.value.iter().map(|value| (message.id.name.to_owned(), value));
        let attributes = message
            .attributes
            .iter()
            .map(|attribute| (format!("{}.{}", message.id.name, attribute.id.name), &attribute.value));
        for (id, pattern) in value.chain(attributes) {
            let mut variables = BTreeSet::new();
            collect(pattern, &mut variables);
            assert!(strings.insert(id.clone(), variables).is_none(), "{file}: {id} is there twice");
        }
    }
    strings
}

fn collect(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => note(inline, variables),
            Expression::Select { selector, variants } => {
                note(selector, variables);
                variants.iter().for_each(|variant| collect(&variant.value, variables));
            }
        }
    }
}

fn note(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => drop(variables.insert(format!("${}", id.name))),
        InlineExpression::MessageReference { id, .. } => drop(variables.insert(id.name.to_owned())),
        _ => {}
    }
}

#[test]
fn every_language_has_exactly_the_strings_of_english_with_the_same_variables() {
    for channel in CHANNELS {
        let english = strings(channel, "en");
        for locale in LOCALES {
            let other = strings(channel, locale);
            let different: Vec<_> = english
                .keys()
                .chain(other.keys())
                .filter(|id| english.get(*id) != other.get(*id))
                .map(|id| format!("{id}: {:?}, and in English {:?}", other.get(id), english.get(id)))
                .collect();
            assert!(different.is_empty(), "{channel} {locale}: {different:#?}");
        }
    }
}

#[test]
fn every_file_of_strings_is_read_by_a_test_here() {
    for channel in CHANNELS {
        let folder = repository().join(format!("services/{channel}-worker/channel/locales"));
        let files =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let expected = LOCALES.map(|locale| format!("{locale}.ftl"));
        assert_eq!(files.collect::<BTreeSet<_>>(), BTreeSet::from(expected), "{channel}");
    }
}

#[tokio::test]
async fn a_hungarian_reads_hungarian_with_their_own_clock() {
    let stage = Stage::open("magyar").await.unwrap();
    let invitation = InviteMember {
        name: "Kőműves Ágnes".to_owned(),
        locale: Some("hu".to_owned()),
        time_zone: Some("Europe/Budapest".to_owned()),
        ..stage.invitation("agnes")
    };
    let id = stage.holder.invite_member(stage.company, &invitation).await.unwrap().id;
    let to = &invitation.email;
    let mail = stage.told(to, 0, "Meghívó – Company magyar").await.unwrap();
    assert!(mail.text.contains("Tisztelt Kőműves Ágnes!"), "{}", mail.text);
    assert!(mail.text.contains("Jelszó választása:"), "{}", mail.text);
    let year = stage.product.now().await.unwrap().format("%Y. ").to_string();
    assert!(mail.text.contains(&format!("A hivatkozás egyszer használható, eddig: {year}")), "{}", mail.text);
    assert!(
        mail.text.contains(" CET (UTC+01:00)") || mail.text.contains(" CEST (UTC+02:00)"),
        "{}",
        mail.text
    );
    assert!(mail.html.as_deref().is_some_and(|html| html.contains("<html lang=\"hu\">")), "{:?}", mail.html);

    let accept = AcceptInvitation { password: password(to) };
    stage.product.api().unwrap().accept_invitation(&mail.link_token().unwrap(), &accept).await.unwrap();
    let reset = RequestPasswordReset { company: None, login: to.clone() };
    stage.product.api().unwrap().request_password_reset(&reset).await.unwrap();
    stage.told(to, 0, "Válasszon új jelszót – Company magyar").await.unwrap();
    let reset = ResetMembers { members: vec![id], reason: "elveszett a telefon".to_owned() };
    stage.holder.reset_members(stage.company, &reset).await.unwrap();
    let mail = stage.told(to, 0, "Alaphelyzetbe állították").await.unwrap();
    assert!(mail.text.contains("Indoklás: elveszett a telefon"), "{}", mail.text);
    // Everybody else reads what they read.
    stage.hire("ann").await.unwrap();
    stage.told(&stage.login("ann"), 0, "Your invitation").await.unwrap();
}
