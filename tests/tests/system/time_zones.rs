//! Times are those of the recipient's clock.

use twostep_api::{AcceptInvitation, InviteMember, RequestPasswordReset, StartSetUp};
use twostep_tests::harness::{Product as _, operate};
use twostep_tests::story::{Browser, Stage, Technician, password};

#[tokio::test]
async fn mails_and_set_up_tell_times_in_the_persons_zone() {
    let stage = Stage::enforcing("zones").await.unwrap();
    let login = stage.login("priya");
    let zone = Some("Asia/Kolkata".to_owned());
    let invite = InviteMember { time_zone: zone, ..stage.invitation("priya") };
    stage.holder.invite_member(stage.company, &invite).await.unwrap();
    let mail = stage.inbox.next_that(&login, 0, |mail| !mail.links.is_empty()).await.unwrap();
    assert!(mail.text.contains(" IST (UTC+05:30)"), "{}", mail.text);
    let token = mail.link_token().unwrap();
    let accept = AcceptInvitation { password: password(&login) };
    stage.product.api().unwrap().accept_invitation(&token, &accept).await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    let set_up = pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    assert_eq!(set_up.time_zone, "Asia/Kolkata");
    // Whoever is invited without a zone has the company's.
    assert_eq!(stage.holder.me().await.unwrap().time_zone, "UTC");
}

#[tokio::test]
async fn pages_that_know_whose_they_are_tell_times_in_that_persons_zone() {
    let stage = Stage::enforcing("clocks").await.unwrap();
    let (login, local) = (stage.login("priya"), " IST (UTC+05:30)");
    let invite = InviteMember { time_zone: Some("Asia/Kolkata".to_owned()), ..stage.invitation("priya") };
    stage.holder.invite_member(stage.company, &invite).await.unwrap();
    let mail = stage.inbox.next_that(&login, 0, |mail| !mail.links.is_empty()).await.unwrap();
    let token = mail.link_token().unwrap();
    let mut browser = Browser::new(&stage.product).unwrap();
    let page = browser.open(&format!("/invitations/{token}")).await.unwrap();
    assert!(page.says(local), "{}", page.html);
    let accept = AcceptInvitation { password: password(&login) };
    let api = stage.product.api().unwrap();
    api.accept_invitation(&token, &accept).await.unwrap();

    let before = stage.last(&login).await.unwrap();
    api.request_password_reset(&RequestPasswordReset { company: None, login: login.clone() }).await.unwrap();
    let mail = stage.inbox.next_that(&login, before, |mail| !mail.links.is_empty()).await.unwrap();
    let reset = format!("/password-resets/{}", mail.link_token().unwrap());
    let page = browser.open(&reset).await.unwrap();
    assert!(page.says(local), "{}", page.html);

    let prompt = browser.sign_in(&stage.slug, &login, &password(&login)).await.unwrap();
    let overview = browser.send(&prompt, "/set-up", &[]).await.unwrap();
    let pairing = browser.send(&overview, "/set-up/authenticator", &[]).await.unwrap();
    assert!(pairing.says(local), "{}", pairing.html);
    let (address, form) = (format!("backup.{login}"), browser.open("/set-up/email").await.unwrap());
    browser.send(&form, "/set-up/email", &[("address", &address)]).await.unwrap();
    let mail = stage.inbox.next_that(&address, 0, |mail| !mail.links.is_empty()).await.unwrap();
    let page = browser.open(&format!("/verification-links/{}", mail.link_token().unwrap())).await.unwrap();
    assert!(page.says(local), "{}", page.html);

    // The address was mailed to just now.
    stage.product.advance(60).await.unwrap();
    Technician::set_up(&stage.product, &stage.inbox, &login).await.unwrap();
    let dialog = browser.sign_in(&stage.slug, &login, &password(&login)).await.unwrap();
    let dialog = browser.open(&format!("{}?method=email", dialog.at)).await.unwrap();
    let codes = format!("{}/codes", dialog.at.split('?').next().unwrap());
    let sent = browser.send(&dialog, &codes, &[]).await.unwrap();
    assert!(sent.says("We sent a code") && sent.says(local), "{}", sent.html);
}

#[tokio::test]
async fn no_company_begins_in_a_time_zone_that_does_not_exist() {
    let stage = Stage::open("nowhere").await.unwrap();
    let asked = [
        "company",
        "create",
        "--slug",
        "mars",
        "--name",
        "Mars",
        "--country",
        "DE",
        "--time-zone",
        "Mars/Olympus",
    ];
    let holder = ["--holder-name", "Holder", "--holder-email", "holder@mars.example"];
    let refused = operate(&stage.product.data(), &[&asked[..], &holder[..]].concat()).unwrap();
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("Europe/Budapest"), "{said}");
}
