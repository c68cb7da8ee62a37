//! Mailed links.

use reqwest::Method as Verb;
use serde_json::json;
use twostep_api::{
    AcceptInvitation, ConfirmContact, InviteMember, LinkState, OpenVerificationLink, ProblemType,
    RequestPasswordReset, ResetPassword, StartSetUp, VerifyEmail,
};
use twostep_tests::harness::{Plain, Product as _, answer};
use twostep_tests::story::{Browser, Pending, Stage, password, refused};

fn typed(code: &str) -> OpenVerificationLink {
    OpenVerificationLink { first_screen_code: Some(code.to_owned()) }
}

/// A set-up of somebody new that waits for the click in a mail to `address`.
async fn waiting(stage: &Stage, name: &str) -> (Pending, String) {
    let (login, _) = stage.hire(name).await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    (pending, format!("backup.{login}"))
}

/// Sends a mail there; gives its link's token and the first screen's code.
async fn mailed(stage: &Stage, pending: &Pending, address: &str) -> (String, String) {
    let before = stage.last(address).await.unwrap();
    let shown = pending.api.set_up_email(&VerifyEmail { address: address.to_owned() }).await.unwrap();
    let mail = stage.inbox.next_that(address, before, |mail| !mail.links.is_empty()).await.unwrap();
    (mail.link_token().unwrap(), shown.first_screen_code.unwrap())
}

#[tokio::test]
async fn s8_looking_at_a_link_uses_nothing_up() {
    let stage = Stage::enforcing("looking").await.unwrap();
    let plain = Plain::new(&stage.product.url()).unwrap();
    let (pending, address) = waiting(&stage, "ann").await;
    let (link, _) = mailed(&stage, &pending, &address).await;
    assert!(link.len() >= 64, "a token of {} characters", link.len());
    let invitation = stage.invite("bob").await.unwrap();
    let holder = stage.login("holder");
    let api = stage.product.api().unwrap();
    api.request_password_reset(&RequestPasswordReset { company: None, login: holder.clone() }).await.unwrap();
    let mail = stage.told(&holder, 0, "Choose a new password").await.unwrap();
    let reset = mail.link_token().unwrap();

    // A scanner opens each, with and without the set-up's own token, and follows nothing.
    for path in [
        format!("/api/v1/verification-links/{link}"),
        format!("/api/v1/invitations/{invitation}"),
        format!("/api/v1/password-resets/{reset}"),
    ] {
        for verb in [Verb::GET, Verb::HEAD, Verb::GET, Verb::OPTIONS] {
            for who in [None, Some(&*pending.token)] {
                let seen = plain.send(verb.clone(), &path, who).await.unwrap();
                assert!(verb == Verb::OPTIONS || seen.status == 200, "{verb}: {} {}", seen.status, seen.body);
                assert_eq!(seen.headers.get("cache-control").unwrap(), "no-store");
                assert_eq!(seen.headers.get("referrer-policy").unwrap(), "no-referrer");
            }
        }
    }
    refused(pending.api.confirm_email(&ConfirmContact::default()).await, ProblemType::NotYetVerified)
        .unwrap();
    let pressed = pending.api.open_verification_link(&link, &OpenVerificationLink::default()).await.unwrap();
    assert_eq!(pressed.state, LinkState::Verified);
    let accept = AcceptInvitation { password: password("bob") };
    api.accept_invitation(&invitation, &accept).await.unwrap();
    let new = ResetPassword { password: "entirely new horse staple".to_owned() };
    api.reset_password(&reset, &new).await.unwrap();
    // Each is used up by its press.
    refused(api.accept_invitation(&invitation, &accept).await, ProblemType::LinkDead).unwrap();
    refused(api.reset_password(&reset, &new).await, ProblemType::LinkDead).unwrap();
}

#[tokio::test]
async fn s8_an_invitation_names_the_company_and_whom_it_is_for_masked() {
    let stage = Stage::open("masked").await.unwrap();
    let (plain, mut browser) =
        (Plain::new(&stage.product.url()).unwrap(), Browser::new(&stage.product).unwrap());
    for (name, login) in [("bob", None), ("eve", Some("evelyn".to_owned()))] {
        let invite = InviteMember { login, ..stage.invitation(name) };
        stage.holder.invite_member(stage.company, &invite).await.unwrap();
        let mail = stage.inbox.next_that(&invite.email, 0, |mail| !mail.links.is_empty()).await.unwrap();
        // The page masks it, the mail to the person themselves doesn't.
        let login = invite.login.as_ref().unwrap_or(&invite.email);
        assert!(mail.text.contains(&format!("Login: {login}")), "{}", mail.text);
        let token = mail.link_token().unwrap();
        let seen = stage.product.api().unwrap().invitation(&token).await.unwrap();
        assert_eq!(seen.person, format!("P••• {}•••", &name[..1]));
        assert_eq!(seen.login, if name == "bob" { "b•••@m•••.example" } else { "e•••" });
        let answer = plain.send(Verb::GET, &format!("/api/v1/invitations/{token}"), None).await.unwrap();
        let page = browser.open(&format!("/invitations/{token}")).await.unwrap();
        assert!(page.says(&seen.company_name) && page.says(&seen.login), "{}", page.html);
        for text in [answer.body, page.html] {
            for known in [&format!("Person {name}"), &invite.email, "evelyn"] {
                assert!(!text.contains(known), "{known} is readable: {text}");
            }
        }
    }
}

#[tokio::test]
async fn s8_another_device_needs_the_first_screen_s_code_and_has_five_tries() {
    let stage = Stage::enforcing("device").await.unwrap();
    let (pending, address) = waiting(&stage, "ann").await;
    let (link, code) = mailed(&stage, &pending, &address).await;
    let ann = stage.technician("else").await.unwrap();
    // Neither nobody nor somebody else's session is the set-up's own device.
    let elsewhere = stage.product.api().unwrap();
    for other in [&elsewhere, &ann.session] {
        let press = other.open_verification_link(&link, &OpenVerificationLink::default()).await.unwrap();
        assert_eq!(press.state, LinkState::CodeNeeded);
        let seen = serde_json::to_string(&press).unwrap();
        assert!(!seen.contains(&code) && !seen.contains(&address), "{seen}");
    }
    refused(pending.api.confirm_email(&ConfirmContact::default()).await, ProblemType::NotYetVerified)
        .unwrap();
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    for _ in 0..5 {
        refused(elsewhere.open_verification_link(&link, &typed(&wrong)).await, ProblemType::CodeRejected)
            .unwrap();
        stage.product.advance(10).await.unwrap();
    }
    refused(elsewhere.open_verification_link(&link, &typed(&code)).await, ProblemType::LinkDead).unwrap();
    let own = pending.api.open_verification_link(&link, &OpenVerificationLink::default()).await;
    refused(own, ProblemType::LinkDead).unwrap();
    // A new mail has a link and a code of its own.
    let (link, code) = mailed(&stage, &pending, &address).await;
    let done = elsewhere.open_verification_link(&link, &typed(&code)).await.unwrap();
    assert_eq!(done.state, LinkState::Verified);
    pending.api.confirm_email(&ConfirmContact::default()).await.unwrap();
}

#[tokio::test]
async fn s8_a_link_dies_with_what_replaced_it_and_with_its_set_up() {
    let stage = Stage::enforcing("replaced").await.unwrap();
    let (pending, address) = waiting(&stage, "ann").await;
    let press = OpenVerificationLink::default();
    let dead = ProblemType::LinkDead;
    let (first, _) = mailed(&stage, &pending, &address).await;
    // Another address: the first one's link proves nothing any more.
    let (second, code) = mailed(&stage, &pending, "changed@replaced.example").await;
    refused(pending.api.open_verification_link(&first, &press).await, dead).unwrap();
    // Another set-up of the same sign-in: the second's neither.
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    refused(pending.api.open_verification_link(&second, &press).await, dead).unwrap();
    let api = stage.product.api().unwrap();
    refused(api.open_verification_link(&second, &typed(&code)).await, dead).unwrap();
    // Nor does a token that is one character off, or a right one where another kind is due.
    let (third, code) = mailed(&stage, &pending, "third@replaced.example").await;
    let mut changed = third.clone().into_bytes();
    let last = changed.last_mut().unwrap();
    *last = if *last == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(changed).unwrap();
    refused(api.verification_link(&forged).await, dead).unwrap();
    refused(api.invitation(&third).await, dead).unwrap();
    refused(api.password_reset(&third).await, dead).unwrap();
    // With the set-up's hour it is over.
    stage.product.advance(76 * 60).await.unwrap();
    refused(api.open_verification_link(&third, &typed(&code)).await, dead).unwrap();

    let invite = stage.invitation("bob");
    // The holder was idle for more than an hour.
    let again =
        twostep_tests::story::sign_in(&api, &stage.login("holder"), &password("holder")).await.unwrap();
    let holder = api.with_token(&again.token.unwrap());
    let bob = holder.invite_member(stage.company, &invite).await.unwrap();
    let old = stage.inbox.next_that(&invite.email, 0, |mail| !mail.links.is_empty()).await.unwrap();
    holder.renew_invitation(stage.company, bob.id).await.unwrap();
    let new = stage.inbox.next_that(&invite.email, old.id, |mail| !mail.links.is_empty()).await.unwrap();
    refused(api.invitation(&old.link_token().unwrap()).await, dead).unwrap();
    api.invitation(&new.link_token().unwrap()).await.unwrap();
    stage.product.advance(8 * 86_400).await.unwrap();
    refused(api.invitation(&new.link_token().unwrap()).await, dead).unwrap();
}

#[tokio::test]
async fn s8_links_begin_with_the_configured_address_whatever_the_request_says() {
    let stage = Stage::enforcing("host").await.unwrap();
    let plain = Plain::new(&stage.product.url()).unwrap();
    let (pending, address) = waiting(&stage, "ann").await;
    let holder = stage.login("holder");
    let evil = async |path: &str, token: Option<&str>, body: serde_json::Value| {
        let request = plain.request(Verb::POST, path, token).json(&body);
        let request = request
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "gopher")
            .header("x-original-url", "https://evil.example/")
            .header("forwarded", "host=evil.example;proto=gopher")
            .header("origin", "https://evil.example")
            .header("referer", "https://evil.example/");
        let answer = answer(request).await.unwrap();
        assert!(answer.status < 300 || answer.status == 403, "{} {}", answer.status, answer.body);
        answer.status
    };
    let status = evil("/api/v1/set-up/email", Some(&pending.token), json!({ "address": address })).await;
    assert_eq!(status, 202);
    assert_eq!(
        evil("/api/v1/password-resets", None, json!({ "company": "host", "login": holder })).await,
        202
    );
    let proof = stage.inbox.next_that(&address, 0, |mail| !mail.links.is_empty()).await.unwrap();
    let reset = stage.told(&holder, 0, "Choose a new password").await.unwrap();
    for mail in [proof, reset] {
        for link in &mail.links {
            assert!(link.starts_with(&stage.product.url()), "{link}");
        }
        assert!(!mail.text.contains("evil.example"), "{}", mail.text);
    }
}
