//! What the pages say before something happens, and the ways out that they leave.

use twostep_api::{Activation, Policy, Role, Technicians};
use twostep_tests::story::{Browser, Page, Stage, member_of, password, save_policy};

async fn signed_in(stage: &Stage, login: &str) -> (Browser, Page) {
    let mut browser = Browser::new(&stage.product).unwrap();
    let page = browser.sign_in(&stage.slug, login, &password(login)).await.unwrap();
    (browser, page)
}

#[tokio::test]
async fn a_reset_names_whom_it_takes_the_methods_of_and_waits_to_be_told_again() {
    let stage = Stage::enforcing("reset-page").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let boss = stage.login("boss");
    let roles = [Role::MasterAdmin];
    member_of(&stage.product, &stage.inbox, &stage.holder, stage.company, &boss, &roles, None).await.unwrap();
    let is = async || stage.holder.member(stage.company, ann.id).await.unwrap().value.activation;

    let (mut browser, _) = signed_in(&stage, &boss).await;
    let list = browser.open("/organisation").await.unwrap();
    let member = ("member", &*ann.id.to_string());
    let asked =
        browser.send(&list, "/organisation/resets", &[member, ("reason", "a new phone")]).await.unwrap();
    assert!(asked.says("methods stop counting at once"), "{}", asked.html);
    assert!(asked.says("Person ann") && asked.says("value=\"a new phone\""), "{}", asked.html);
    assert_eq!(is().await, Activation::On, "reset before it was said twice");

    let done = browser.send(&asked, "/organisation/resets", &[]).await.unwrap();
    assert!(done.says("1 person is reset"), "{}", done.html);
    assert_ne!(is().await, Activation::On);
    // The same form sent twice happens once: ann isn't told again.
    let again = browser.send(&asked, "/organisation/resets", &[]).await.unwrap();
    assert!(again.says("1 person is reset"), "{}", again.html);
}

#[tokio::test]
async fn a_policy_for_selected_groups_says_where_none_is_selected() {
    let stage = Stage::open("unselected").await.unwrap();
    save_policy(&stage.holder, stage.company, |policy| Policy {
        technicians: Technicians::SelectedGroups,
        ..policy
    })
    .await
    .unwrap();
    let boss = stage.login("boss");
    let roles = [Role::MasterAdmin];
    member_of(&stage.product, &stage.inbox, &stage.holder, stage.company, &boss, &roles, None).await.unwrap();
    let (mut browser, _) = signed_in(&stage, &boss).await;
    let page = browser.open("/settings/two-step").await.unwrap();
    assert!(page.says("No group is selected yet, so no technician is asked"), "{}", page.html);
}

#[tokio::test]
async fn a_set_up_can_be_left_and_shows_the_app_of_the_same_device_its_secret() {
    let stage = Stage::enforcing("leaving").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let (mut browser, prompt) = signed_in(&stage, &login).await;
    let overview = browser.send(&prompt, "/set-up", &[]).await.unwrap();
    let pairing = browser.send(&overview, "/set-up/authenticator", &[]).await.unwrap();
    assert!(pairing.says("<a href=\"otpauth://totp/"), "{}", pairing.html);
    let left = browser.send(&pairing, "/sign-out", &[]).await.unwrap();
    assert!(left.says("You are signed out"), "{}", left.html);
    let over = browser.open("/set-up").await.unwrap();
    assert!(over.at.starts_with("/sign-in"), "{over:?}");
}

#[tokio::test]
async fn the_step_up_says_that_nothing_was_changed_where_a_form_was_refused_and_only_there() {
    let stage = Stage::open("step-up-page").await.unwrap();
    let words = "nothing was changed yet";
    let boss = stage.login("boss");
    let roles = [Role::MasterAdmin];
    member_of(&stage.product, &stage.inbox, &stage.holder, stage.company, &boss, &roles, None).await.unwrap();
    let (mut browser, _) = signed_in(&stage, &boss).await;
    let form = browser.open("/settings/two-step").await.unwrap();
    save_policy(&stage.holder, stage.company, |policy| Policy { admins: true, ..policy }).await.unwrap();
    let looked = browser.open("/settings/two-step").await.unwrap();
    assert!(looked.at.starts_with("/step-up?back=/settings/two-step") && !looked.says(words), "{looked:?}");
    let branding = [("product_name", "One"), ("account_name", "One"), ("sender_name", "One")];
    let refused = browser.send(&form, "/settings/branding", &branding).await.unwrap();
    assert!(refused.at.starts_with("/step-up?") && refused.says(words), "{refused:?}");
}
