//! What the pages tell people who trip: each says what happened and what to do next.

use twostep_api::{ClientKind, CreateGroup, InviteMember, Method, Policy, ProofKind, Role};
use twostep_tests::harness::{Product as _, code_at};
use twostep_tests::story::{
    Browser, NOBODYS_CODE, Page, Stage, Technician, front, member_of, password, save_policy,
};

/// Signs in on the page as far as the verification dialog.
async fn dialog(stage: &Stage, browser: &mut Browser, login: &str) -> Page {
    let page = browser.sign_in(&stage.slug, login, &password(login)).await.unwrap();
    assert!(page.at.starts_with("/sign-in/"), "{page:?}");
    page
}

/// Types `code` into the dialog as it stands.
async fn verify(browser: &mut Browser, page: &Page, code: &str) -> Page {
    let dialog = page.at.split(['?', '#']).next().unwrap();
    let dialog = dialog.strip_suffix("/verifications").unwrap_or(dialog);
    browser.send(page, &format!("{dialog}/verifications"), &[("code", code)]).await.unwrap()
}

#[tokio::test]
async fn the_dialog_of_somebody_locked_says_so_at_once_and_names_whom_to_ask() {
    let stage = Stage::enforcing("dialog").await.unwrap();
    let create = CreateGroup { name: "Night shift".to_owned(), parent: None };
    let group = stage.holder.create_group(stage.company, &create).await.unwrap().id;
    let (boss, ann) = (stage.login("Boss"), stage.login("ann"));
    let hire = async |login: &str, roles: &[Role], group| {
        let (product, inbox) = (&stage.product, &stage.inbox);
        member_of(product, inbox, &stage.holder, stage.company, login, roles, group).await.unwrap()
    };
    let admin = hire(&boss, &[Role::Admin], None).await;
    stage.holder.assign_group_admin(stage.company, group, admin).await.unwrap();
    let id = hire(&ann, &[Role::Technician], Some(group)).await;
    let (technician, session, recovery) =
        Technician::set_up(&stage.product, &stage.inbox, &ann).await.unwrap();
    let ann = twostep_tests::story::Enrolled { technician, id, session, recovery };
    ann.lock(&stage).await.unwrap();

    let mut browser = Browser::new(&stage.product).unwrap();
    let page = dialog(&stage, &mut browser, ann.login()).await;
    assert!(page.says("The second step is locked"), "{}", page.html);
    assert!(page.says("ask your administrator Person Boss to unlock you"), "{}", page.html);
    // What opens it is the field that is there.
    assert!(page.says("value=\"printed\"") && page.says("Printed code"), "{}", page.html);
    let page = verify(&mut browser, &page, NOBODYS_CODE).await;
    assert!(page.says("The second step is locked"), "{}", page.html);
    // It isn't the backup that was chosen: the phone may be lost, so it leads to Edit (S9).
    let page = verify(&mut browser, &page, &ann.recovery[0]).await;
    assert!(page.at.starts_with("/set-up?") && page.says("You signed in with a printed code"), "{page:?}");
    let edit = browser.send(&page, "/set-up", &[]).await.unwrap();
    assert!(edit.says("Protect your account"), "{edit:?}");
    // Before the password is proven nothing tells.
    let mut stranger = Browser::new(&stage.product).unwrap();
    let page = stranger.sign_in(&stage.slug, ann.login(), "wrong password, long").await.unwrap();
    assert!(!page.says("locked") && !page.says("Boss"), "{}", page.html);
}

#[tokio::test]
async fn the_account_holder_is_told_to_ask_another_master_admin() {
    let stage = Stage::open("masters").await.unwrap();
    let other = stage.login("other");
    let roles = [Role::MasterAdmin];
    member_of(&stage.product, &stage.inbox, &stage.holder, stage.company, &other, &roles, None)
        .await
        .unwrap();
    // Somebody who never came can't help.
    let absent = InviteMember { roles: roles.to_vec(), ..stage.invitation("absent") };
    stage.holder.invite_member(stage.company, &absent).await.unwrap();
    save_policy(&stage.holder, stage.company, |policy| Policy { admins: true, ..policy }).await.unwrap();
    let (technician, _, _) = Technician::set_up(&stage.product, &stage.inbox, &other).await.unwrap();
    let pending = stage.sign_in(&technician.login).await.unwrap();
    let shown = pending.api.sign_in(pending.id).await.unwrap();
    assert_eq!((shown.administrators, shown.locked), (vec!["Account Holder".to_owned()], false));
}

#[tokio::test]
async fn the_page_leads_to_the_work_address_where_it_comes_first() {
    let stage = Stage::enforcing("address").await.unwrap();
    save_policy(&stage.holder, stage.company, |policy| Policy {
        backups: vec![ProofKind::Printed],
        confirm_work_address_first: true,
        ..policy
    })
    .await
    .unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let mut browser = Browser::new(&stage.product).unwrap();
    let prompt = browser.sign_in(&stage.slug, &login, &password(&login)).await.unwrap();
    let overview = browser.send(&prompt, "/set-up", &[]).await.unwrap();
    assert!(overview.says("Confirm your work address first"), "{}", overview.html);
    assert!(
        overview.says("href=\"/set-up/email\"") && !overview.says("Set up mobile app"),
        "{}",
        overview.html
    );
    let form = browser.open("/set-up/email").await.unwrap();
    assert!(form.says("Type the address that your invitation came to"), "{}", form.html);
    let before = stage.last(&login).await.unwrap();
    let inbox = browser.send(&form, "/set-up/email", &[("address", &login)]).await.unwrap();
    let mail = stage.inbox.next_that(&login, before, |mail| mail.code.is_some()).await.unwrap();
    let waiting = browser.open("/set-up").await.unwrap();
    assert!(waiting.says("href=\"/set-up/email/confirmation\""), "{}", waiting.html);
    let code = mail.code.unwrap();
    let overview = browser.send(&inbox, "/set-up/email/confirmation", &[("code", &code)]).await.unwrap();
    assert!(overview.says("Set up mobile app"), "{}", overview.html);
    assert!(!overview.says("Confirm your work address first"), "{}", overview.html);
}

#[tokio::test]
async fn a_wrong_app_code_asks_for_the_clock_and_a_used_one_says_when_the_next_is_good() {
    let stage = Stage::enforcing("clock").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let mut browser = Browser::new(&stage.product).unwrap();
    let mut page = dialog(&stage, &mut browser, ann.login()).await;
    let wrong = ann.wrong_code(&stage).await.unwrap();
    for _ in 0..3 {
        page = verify(&mut browser, &page, &wrong).await;
        assert!(page.says("phone&#39;s clock set automatically?"), "{}", page.html);
    }
    assert!(page.says("Possible from <strong>"), "{}", page.html);
    assert!(!page.says("the next try is possible at"), "told twice: {}", page.html);
    let fresh = browser.open(page.at.trim_end_matches("/verifications")).await.unwrap();
    assert!(fresh.says("the next try is possible at"), "{}", fresh.html);
    stage.product.advance(2).await.unwrap();
    // On the website, then in the console, within one step of the app.
    let now = stage.into_next_step().await.unwrap();
    let code = code_at(&ann.technician.secret, now).unwrap();
    ann.technician.used = stage.product.now().await.unwrap();
    assert_eq!(verify(&mut browser, &page, &code).await.at, "/account");
    let console = stage.sign_in_with(ann.login(), front(ClientKind::Console, &[Method::App])).await.unwrap();
    let Err(twostep_client::Error::Problem(used)) = console.verify(ProofKind::App, &code).await else {
        panic!("the console took a used code")
    };
    let next = used.next_at.unwrap();
    assert_eq!((used.kind, next.timestamp() % 30), (twostep_api::ProblemType::CodeUsed, 0));
    let mut other = Browser::new(&stage.product).unwrap();
    let page = dialog(&stage, &mut other, ann.login()).await;
    let page = verify(&mut other, &page, &code).await;
    let at = next.format("%H:%M:%S UTC").to_string();
    assert!(page.says("Each code of the app works once") && page.says(&at), "{at}: {}", page.html);
    assert!(!page.says("clock set automatically"), "{}", page.html);
    // The time that it says is true.
    stage.product.advance((next - stage.product.now().await.unwrap()).num_seconds() + 1).await.unwrap();
    let code = ann.next_code(&stage).await.unwrap();
    console.verify(ProofKind::App, &code).await.unwrap();
}

#[tokio::test]
async fn an_edit_shows_where_the_codes_go_now() {
    let stage = Stage::enforcing("edit").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let known = ann.session.me().await.unwrap().methods;
    let masked = known.iter().find_map(|method| method.destination.clone()).unwrap();
    let mut browser = Browser::new(&stage.product).unwrap();
    let page = dialog(&stage, &mut browser, ann.login()).await;
    let code = ann.next_code(&stage).await.unwrap();
    let account = verify(&mut browser, &page, &code).await;
    assert!(account.at == "/account" && account.says(&masked), "{account:?}");
    let edit = browser.send(&account, "/set-up", &[]).await.unwrap();
    assert!(edit.says("In force") && edit.says(&masked), "{masked}: {}", edit.html);
    let form = browser.open("/set-up/email").await.unwrap();
    assert!(form.says(&format!("Set now: <strong class=\"where\">{masked}</strong>")), "{}", form.html);
    // It is on all the time: nowhere is it called off.
    let pairing = browser.send(&edit, "/set-up/authenticator", &[]).await.unwrap();
    for page in [&edit, &form, &pairing] {
        assert!(page.says("Not changed yet") && !page.says("Not on yet"), "{}", page.html);
    }
    assert!(pairing.says("The app that is paired now works on"), "{}", pairing.html);
    let edit = browser.send(&account, "/set-up", &[]).await.unwrap();
    let done = browser.send(&edit, "/set-up/activation", &[]).await.unwrap();
    assert!(done.says("Your changes are in force"), "{}", done.html);
}
