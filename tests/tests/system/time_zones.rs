//! Times are those of the recipient's clock.

use twostep_api::{AcceptInvitation, InviteMember, StartSetUp};
use twostep_tests::harness::operate;
use twostep_tests::story::{Stage, password};

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
