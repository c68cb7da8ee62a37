//! Pages lead on: back to the step that is due, and never to a form whose answer is always no.

use twostep_api::{ChangeRoles, ChangeStanding, ProblemType, Role, StartSignIn};
use twostep_client::Error;
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Browser, NOBODYS_CODE, Office, Stage, new_company, password, refused};

#[tokio::test]
async fn in_the_middle_of_a_sign_in_every_page_leads_to_its_next_step() {
    let stage = Stage::enforcing("middle").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let (ben, _) = stage.hire("ben").await.unwrap();
    for (login, step) in [(ann.login(), "/sign-in/"), (&ben, "/set-up")] {
        let mut browser = Browser::new(&stage.product).unwrap();
        let begun = browser.sign_in(&stage.slug, login, &password(login)).await.unwrap();
        assert!(begun.at.starts_with(step), "{}", begun.at);
        for page in ["/", "/account", "/organisation", "/settings/two-step"] {
            let shown = browser.open(page).await.unwrap();
            assert!(shown.at.starts_with(step) && !shown.says("signed in any more"), "{page}: {}", shown.at);
        }
    }
}

#[tokio::test]
async fn where_several_companies_use_the_site_everybody_is_told_to_name_theirs() {
    let stage = Stage::open("first").await.unwrap();
    new_company(&stage.product, "second").await.unwrap();
    let (holder, api) = (stage.login("holder"), stage.product.api().unwrap());
    let mut answers = Vec::new();
    for login in [holder.as_str(), "nobody@first.example"] {
        let (login, password) = (login.to_owned(), password("holder"));
        let start = StartSignIn { company: None, login, password, client: None };
        let Err(Error::Problem(problem)) = api.start_sign_in(&start).await else { panic!("no refusal") };
        assert!(problem.kind == ProblemType::InvalidFields && problem.fields[0].field == "company");
        answers.push(format!("{problem:?}"));
    }
    assert_eq!(answers[0], answers[1]);
    let mut browser = Browser::new(&stage.product).unwrap();
    let refused = browser.sign_in("", &holder, &password("holder")).await.unwrap();
    assert!(refused.says("<details open>") && refused.says("short name as well"), "{}", refused.html);
    let form = browser.open("/password-resets").await.unwrap();
    let asked = browser.send(&form, "/password-resets", &[("login", &holder)]).await.unwrap();
    assert!(asked.says("<details open>") && asked.says("short name as well"), "{}", asked.html);
}

#[tokio::test]
async fn whoever_is_locked_is_told_that_the_printed_code_was_wrong_and_whom_to_ask() {
    let stage = Stage::enforcing("printed").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    ann.lock(&stage).await.unwrap();
    stage.product.advance(901).await.unwrap();
    let mut browser = Browser::new(&stage.product).unwrap();
    let dialog = browser.sign_in(&stage.slug, ann.login(), &password(ann.login())).await.unwrap();
    assert!(dialog.says("The second step is locked") && !dialog.says("method=app"), "{}", dialog.html);
    let app = browser.open(&format!("{}?method=app", dialog.at)).await.unwrap();
    assert!(app.says("Printed code") && !app.says("Digits from the app"), "{}", app.html);
    let verifications = format!("{}/verifications", dialog.at);
    let wrong = browser.send(&dialog, &verifications, &[("code", NOBODYS_CODE)]).await.unwrap();
    assert!(wrong.says("This printed code is wrong or was used before"), "{}", wrong.html);
    assert!(wrong.says("Holder") && wrong.html.matches("se a printed code").count() == 0, "{}", wrong.html);
    let right = browser.send(&wrong, &verifications, &[("code", &ann.recovery[0])]).await.unwrap();
    assert_eq!(right.at, "/set-up?why=printed-code");
}

#[tokio::test]
async fn an_admin_is_offered_what_an_admin_may() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "offered").await.unwrap();
    let desk = office.group("Desk", None).await.unwrap();
    let admin = office.person(&product, &inbox, "admin", &[Role::Admin], None).await.unwrap();
    let tech = office.person(&product, &inbox, "tech", &[Role::Technician], Some(desk)).await.unwrap();
    office.holder.session.assign_group_admin(office.id, desk, admin.id).await.unwrap();
    let mut browser = Browser::new(&product).unwrap();
    browser.sign_in("offered", &admin.login, &password(&admin.login)).await.unwrap();
    let person = browser.open(&format!("/organisation/members/{}", tech.id)).await.unwrap();
    assert!(person.says("Desk") && !person.says("Move"), "{}", person.html);
    let organisation = browser.open("/organisation").await.unwrap();
    assert!(!organisation.says(r#"<option value="">none"#), "{}", organisation.html);
    let nowhere = office.invitation("new", &[Role::Technician], None);
    refused(admin.session.invite_member(office.id, &nowhere).await, ProblemType::InvalidFields).unwrap();
}

#[tokio::test]
async fn a_disabled_master_admin_is_shown_with_the_role_that_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "kept").await.unwrap();
    let master = office.person(&product, &inbox, "master", &[Role::MasterAdmin], None).await.unwrap();
    let holder = &office.holder.session;
    let seen = holder.member(office.id, master.id).await.unwrap().etag.unwrap();
    let standing = |enabled| ChangeStanding { enabled, reason: String::new() };
    let disabled = holder.put_standing(office.id, master.id, &seen, &standing(false)).await.unwrap();
    assert_eq!(disabled.value.roles, [Role::MasterAdmin]);
    let both = ChangeRoles { roles: vec![Role::MasterAdmin, Role::Auditor] };
    let saved = holder.put_roles(office.id, master.id, &disabled.etag.unwrap(), &both).await.unwrap();
    assert_eq!(saved.value.roles.len(), 2);
    let company = holder.company(office.id).await.unwrap().value;
    assert!(!company.master_admins.contains(&master.id), "disabled, and in the roster");
    let enabled =
        holder.put_standing(office.id, master.id, &saved.etag.unwrap(), &standing(true)).await.unwrap();
    assert_eq!(enabled.value.roles.len(), 2, "the answer is older than the change");
    let company = holder.company(office.id).await.unwrap().value;
    assert!(company.master_admins.contains(&master.id), "enabled, and not in the roster");
    // Taken while disabled, the role doesn't come back.
    let disabled =
        holder.put_standing(office.id, master.id, &enabled.etag.unwrap(), &standing(false)).await.unwrap();
    let auditor = ChangeRoles { roles: vec![Role::Auditor] };
    let saved = holder.put_roles(office.id, master.id, &disabled.etag.unwrap(), &auditor).await.unwrap();
    let enabled =
        holder.put_standing(office.id, master.id, &saved.etag.unwrap(), &standing(true)).await.unwrap();
    assert_eq!(enabled.value.roles, [Role::Auditor]);
}

#[tokio::test]
async fn whoever_is_asked_for_no_second_step_and_has_none_is_not_told_that_the_company_asks_for_one() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "neutral").await.unwrap();
    let auditor = office.person(&product, &inbox, "auditor", &[Role::Auditor], None).await.unwrap();
    let mut browser = Browser::new(&product).unwrap();
    browser.sign_in("neutral", &auditor.login, &password(&auditor.login)).await.unwrap();
    let form = browser.open("/step-up?back=/account").await.unwrap();
    let led = browser.send(&form, "/step-up", &[("back", "/account")]).await.unwrap();
    assert!(led.says("no second step that you could prove"), "{}: {}", led.at, led.html);
    assert!(!led.says("Your company asks for two-step verification"), "{}", led.html);
}
