//! S22 on the pages: whoever looks on sees the organisation masked and no button; nobody sees one that would be refused.

use anyhow::{Context as _, ensure};
use twostep_api::Role;
use twostep_tests::harness::{Inbox, Standalone};
use twostep_tests::story::{Browser, Page, password};
use uuid::Uuid;

use super::cast::{Cast, cast};

#[tokio::test]
async fn s22_an_auditor_s_organisation_is_masked_and_has_no_button_that_would_be_refused() {
    looked_on().await.unwrap();
}

async fn looked_on() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let cast = cast(&product, &inbox).await?;
    an_auditor_looks_on(&product, &cast).await?;
    the_others_have_no_organisation(&product, &cast).await?;
    nobody_s_own_page_changes_what_another_has_to(&product, &cast).await?;
    whoever_is_admin_too_changes_own_people_alone(&product, &inbox, &cast).await
}

async fn browser(product: &Standalone, cast: &Cast, name: &str) -> anyhow::Result<(Browser, Page)> {
    let (mut browser, login) = (Browser::new(product)?, cast.office.login(name));
    let known = if name == "holder" { password(name) } else { password(&login) };
    let account = browser.sign_in(&cast.office.slug, &login, &known).await?;
    ensure!(account.at == "/account", "{name} isn't in: {account:?}");
    Ok((browser, account))
}

/// Where the forms of a page go, *Sign out* aside.
fn forms(page: &Page) -> Vec<&str> {
    let tags = page.html.split("<form ").skip(1).filter_map(|form| form.split('>').next());
    let actions = tags.filter_map(|tag| tag.split("action=\"").nth(1)?.split('"').next());
    actions.filter(|action| *action != "/sign-out").collect()
}

fn member(id: Uuid) -> String {
    format!("/organisation/members/{id}")
}

async fn an_auditor_looks_on(product: &Standalone, cast: &Cast) -> anyhow::Result<()> {
    let (mut browser, account) = browser(product, cast, "auditor").await?;
    ensure!(account.says("href=\"/organisation\""), "not in the menu: {}", account.html);
    ensure!(!account.says("href=\"/settings/two-step\""), "Global Settings are Master Admins' alone");
    let group = format!("/organisation/groups/{}", cast.group);
    let of_group = format!("/organisation?of={}", cast.group);
    for path in ["/organisation", &of_group, &group, &member(cast.technician), &member(cast.master.id)] {
        let page = browser.open(path).await?;
        ensure!(page.status == 200, "{path}: {}", page.status);
        ensure!(page.says("•"), "{path} masks nothing: {}", page.html);
        for name in ["tech", "victim", "holder", "admin"] {
            ensure!(!page.says(&cast.office.login(name)), "{path} shows {name}: {}", page.html);
        }
        ensure!(!page.says("Person tech"), "{path} shows a name: {}", page.html);
        // The box is shown as it is, and can't be changed.
        let shown = usize::from(path == group);
        ensure!(forms(&page).len() == shown, "{path} has forms: {:?}", forms(&page));
        ensure!(page.says("<fieldset disabled>") == (path == group), "{path}: {}", page.html);
        ensure!(
            !page.says("<button>") && !page.says("<button class=\"secondary\""),
            "{path} has a button: {}",
            page.html
        );
    }
    Ok(())
}

/// Whom the API lists nobody but themselves.
async fn the_others_have_no_organisation(product: &Standalone, cast: &Cast) -> anyhow::Result<()> {
    for name in ["operator", "tech"] {
        let (mut browser, account) = browser(product, cast, name).await?;
        ensure!(!account.says("href=\"/organisation\""), "{name} is led to a refusal: {}", account.html);
        let page = browser.open("/organisation").await?;
        ensure!(page.status == 403 && page.says("for administrators and auditors"), "{name}: {page:?}");
    }
    Ok(())
}

async fn nobody_s_own_page_changes_what_another_has_to(
    product: &Standalone,
    cast: &Cast,
) -> anyhow::Result<()> {
    let (mut browser, _) = browser(product, cast, "master").await?;
    let own = browser.open(&member(cast.master.id)).await?;
    ensure!(own.status == 200 && own.says("This is you"), "{own:?}");
    ensure!(forms(&own).is_empty(), "each would be refused: {:?}", forms(&own));
    let other = browser.open(&member(cast.technician)).await?;
    ensure!(forms(&other).len() >= 5, "{:?}", forms(&other));
    Ok(())
}

async fn whoever_is_admin_too_changes_own_people_alone(
    product: &Standalone,
    inbox: &Inbox,
    cast: &Cast,
) -> anyhow::Result<()> {
    let roles = [Role::Admin, Role::Auditor];
    let double = cast.office.person(product, inbox, "double", &roles, None).await?;
    let holder = &cast.office.holder.session;
    holder.assign_group_admin(cast.office.id, cast.group, double.id).await?;
    let (mut browser, _) = browser(product, cast, "double").await?;
    let list = browser.open("/organisation").await?;
    let row = |id: Uuid| {
        let from = list.html.split(&format!("name=\"member\" value=\"{id}\"")).nth(1);
        from.and_then(|rest| rest.split('>').next()).with_context(|| format!("no row of {id}"))
    };
    ensure!(!row(cast.technician)?.contains("disabled"), "an own technician can't be ticked");
    for other in [cast.auditor, cast.master.id, double.id] {
        ensure!(row(other)?.contains("disabled"), "{other} can be ticked and would be refused");
    }
    let (own, other) = (cast.group.to_string(), cast.elsewhere.to_string());
    let option = |group: &str| list.says(&format!("<option value=\"{group}\""));
    ensure!(option(&own) && !option(&other), "invites into groups of others: {}", list.html);
    let own = browser.open(&member(cast.technician)).await?;
    ensure!(own.says("Person tech") && forms(&own).contains(&"/organisation/resets"), "{}", own.html);
    let other = browser.open(&member(cast.auditor)).await?;
    ensure!(other.status == 200 && forms(&other).is_empty(), "{:?}", forms(&other));
    let group = browser.open(&format!("/organisation/groups/{}", cast.elsewhere)).await?;
    ensure!(group.says("<fieldset disabled>") && !group.says("Save Changes"), "{}", group.html);
    Ok(())
}
