//! Everybody whom the table has a column for.

use std::collections::BTreeMap;

use anyhow::Context as _;
use twostep_api::{Choice, Enforcement, Policy, PutEnforcement, Role, Technicians};
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Office, Person, password, save_policy, sign_in_at};
use uuid::Uuid;

/// Everybody whom the table has a column for, and what the routes are about.
pub(super) struct Cast {
    pub(super) office: Office,
    pub(super) foreign: Office,
    /// Tokens by column.
    pub(super) tokens: BTreeMap<&'static str, Option<String>>,
    /// The group of the technician, the admin, and *both*.
    pub(super) group: Uuid,
    /// A group that the Admin of `group` doesn't see.
    pub(super) elsewhere: Uuid,
    /// Somebody whom that Admin doesn't see: no technician of theirs.
    pub(super) auditor: Uuid,
    pub(super) technician: Uuid,
    /// Of the same group; whoever may resets and erases them.
    pub(super) victim: Uuid,
    /// Of a group whose box is ticked; the column `pending` is their sign-in.
    pub(super) covered: Uuid,
    pub(super) both: Person,
    pub(super) master: Person,
    pub(super) foreign_group: Uuid,
    pub(super) foreign_member: Uuid,
}

/// A company with a person for each column of the table, all signed in, and a foreign one.
pub(super) async fn cast(product: &Standalone, inbox: &Inbox) -> anyhow::Result<Cast> {
    let foreign = Office::open(product, "foreign").await?;
    let foreign_group = foreign.group("Theirs", None).await?;
    let theirs = foreign.person(product, inbox, "tech", &[Role::Technician], Some(foreign_group)).await?;
    let office = Office::open(product, "office").await?;
    let group = office.group("Support", None).await?;
    let elsewhere = office.group("Elsewhere", None).await?;
    let enforcing = office.group("Covered", None).await?;
    let person =
        async |name: &str, roles: &[Role], group| office.person(product, inbox, name, roles, group).await;
    let master = person("master", &[Role::MasterAdmin], None).await?;
    let admin = person("admin", &[Role::Admin], None).await?;
    let other = person("other", &[Role::Admin], None).await?;
    let technician = person("tech", &[Role::Technician], Some(group)).await?;
    let both = person("both", &[Role::Admin, Role::Technician], Some(group)).await?;
    let auditor = person("auditor", &[Role::Auditor], None).await?;
    let operator = person("operator", &[Role::Operator], None).await?;
    let victim = person("victim", &[Role::Technician], Some(group)).await?.id;
    let covered = person("covered", &[Role::Technician], Some(enforcing)).await?.id;
    let holder = &office.holder.session;
    for admin in [admin.id, both.id] {
        holder.assign_group_admin(office.id, group, admin).await?;
    }
    holder.assign_group_admin(office.id, elsewhere, other.id).await?;
    let seen = holder.group(office.id, enforcing).await?.etag.context("no ETag")?;
    let enforcement = Enforcement { choice: Choice::Enforce, also_subgroups: false };
    holder
        .put_enforcement(office.id, enforcing, &seen, &PutEnforcement { enforcement, reason: String::new() })
        .await?;
    save_policy(holder, office.id, |policy| Policy { technicians: Technicians::SelectedGroups, ..policy })
        .await?;
    let login = office.login("covered");
    let pending = sign_in_at(&product.api()?, "office", &login, &password(&login)).await?;
    let people = [
        ("holder", &office.holder),
        ("master", &master),
        ("admin", &admin),
        ("other", &other),
        ("technician", &technician),
        ("both", &both),
        ("auditor", &auditor),
        ("operator", &operator),
        ("foreign", &foreign.holder),
    ];
    let mut tokens: BTreeMap<_, _> =
        people.into_iter().map(|(column, person)| (column, Some(person.token.clone()))).collect();
    tokens.insert("nobody", None);
    tokens.insert("pending", pending.token);
    let (technician, auditor, foreign_member) = (technician.id, auditor.id, theirs.id);
    Ok(Cast {
        office,
        foreign,
        tokens,
        group,
        elsewhere,
        auditor,
        technician,
        victim,
        covered,
        both,
        master,
        foreign_group,
        foreign_member,
    })
}
