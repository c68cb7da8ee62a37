//! Who hears that the Master Admins are others now: a stolen session must not be noticed late.

use serde_json::json;
use twostep_api::{
    AcceptInvitation, ChangeRoles, ChangeStanding, InviteMember, Policy, Role, Technicians, TransferAccount,
};
use twostep_tests::harness::{Message, Product as _};
use twostep_tests::story::{Latest, Stage, member_of, password, save_policy};
use uuid::Uuid;

/// How the subject of the notice begins.
const CHANGED: &str = "The Master Admins of";

fn has_line(mail: &Message, line: &str) -> bool {
    mail.text.lines().any(|other| other == line)
}

async fn master_admin(stage: &Stage, name: &str) -> (String, Uuid) {
    let login = stage.login(name);
    let (product, inbox, roles) = (&stage.product, &stage.inbox, [Role::MasterAdmin]);
    let id = member_of(product, inbox, &stage.holder, stage.company, &login, &roles, None).await.unwrap();
    (login, id)
}

/// The next notice to everybody of `logins`, which says `change` and who did it.
async fn hear(stage: &Stage, logins: &[&String], since: &mut u64, change: &str) {
    let mut last = *since;
    for login in logins {
        let says = |mail: &Message| has_line(mail, &format!("Change: {change}"));
        let mail = stage.inbox.next_that(login, *since, says).await.unwrap();
        assert!(mail.subject.as_deref().is_some_and(|subject| subject.starts_with(CHANGED)), "{mail:?}");
        assert!(has_line(&mail, "Done by: Account Holder"), "{}", mail.text);
        assert!(mail.text.contains("Company roster-told"), "{}", mail.text);
        assert!(mail.text.contains("speak to the other Master Admins at once"), "{}", mail.text);
        last = last.max(mail.id);
    }
    *since = last;
}

#[tokio::test]
async fn every_change_of_the_roster_is_told_to_all_master_admins_and_to_whom_it_concerns() {
    let stage = Stage::open("roster-told").await.unwrap();
    let (company, holder) = (stage.company, &stage.holder);
    let (mut since, first) = (0, stage.login("holder"));
    let (second, second_id) = master_admin(&stage, "second").await;
    hear(&stage, &[&first], &mut since, "Person second is now a Master Admin.").await;
    // Whoever was invited hears it once the mailbox is known to be theirs.
    let own = stage.told(&second, 0, CHANGED).await.unwrap();
    assert!(has_line(&own, "Change: Person second is now a Master Admin."), "{}", own.text);
    assert!(!own.text.contains("Done by:"), "{}", own.text);

    let (third, third_id) = stage.hire("third").await.unwrap();
    let all = [&first, &second, &third];
    let promote = ChangeRoles { roles: vec![Role::MasterAdmin] };
    holder.save_roles(company, third_id, &promote).await.unwrap();
    hear(&stage, &all, &mut since, "Person third is now a Master Admin.").await;
    let demote = ChangeRoles { roles: vec![Role::Auditor] };
    holder.save_roles(company, third_id, &demote).await.unwrap();
    hear(&stage, &all, &mut since, "Person third is no longer a Master Admin.").await;
    let disable = ChangeStanding { enabled: false, reason: String::new() };
    holder.save_standing(company, second_id, &disable).await.unwrap();
    let disabled = "Person second was disabled and is no longer a Master Admin.";
    hear(&stage, &[&first, &second], &mut since, disabled).await;
    let enable = ChangeStanding { enabled: true, reason: String::new() };
    holder.save_standing(company, second_id, &enable).await.unwrap();
    hear(&stage, &[&first, &second], &mut since, "Person second is now a Master Admin.").await;

    // Whoever is erased is named no more, and mailed nothing.
    holder.save_roles(company, third_id, &promote).await.unwrap();
    hear(&stage, &all, &mut since, "Person third is now a Master Admin.").await;
    holder.erase_member(company, third_id).await.unwrap();
    hear(&stage, &[&first, &second], &mut since, "The data of a Master Admin was erased.").await;
    holder.transfer_account(company, &TransferAccount { to: second_id }).await.unwrap();
    let handed_over = "Person second is now the Master Account Holder; before it was Account Holder.";
    hear(&stage, &[&first, &second], &mut since, handed_over).await;
    let told = stage.inbox.all(&third).await.unwrap();
    assert!(!told.iter().any(|mail| mail.text.contains("was erased")), "{told:?}");
}

#[tokio::test]
async fn who_has_not_accepted_the_invitation_is_told_neither_of_policies_nor_of_other_master_admins() {
    let stage = Stage::open("mistyped").await.unwrap();
    let roles = vec![Role::MasterAdmin];
    let invitation = InviteMember { roles, ..stage.invitation("ghost") };
    stage.holder.invite_member(stage.company, &invitation).await.unwrap();
    let ghost = stage.inbox.next_that(&invitation.email, 0, |mail| !mail.links.is_empty()).await.unwrap();
    save_policy(&stage.holder, stage.company, |policy| Policy { technicians: Technicians::All, ..policy })
        .await
        .unwrap();
    master_admin(&stage, "second").await;
    // Notices leave in their order: when the last has arrived, the others have had their turn.
    let holder = stage.login("holder");
    let says = |mail: &Message| mail.text.contains("Person second");
    stage.inbox.next_that(&holder, 0, says).await.unwrap();
    stage.told(&holder, 0, "The verification policy").await.unwrap();
    assert_eq!(stage.inbox.all(&invitation.email).await.unwrap().len(), 1);

    let accept = AcceptInvitation { password: password("ghost") };
    stage.product.api().unwrap().accept_invitation(&ghost.link_token().unwrap(), &accept).await.unwrap();
    stage.told(&invitation.email, 0, CHANGED).await.unwrap();
    save_policy(&stage.holder, stage.company, |policy| Policy { technicians: Technicians::None, ..policy })
        .await
        .unwrap();
    stage.told(&invitation.email, 0, "The verification policy").await.unwrap();
}

#[tokio::test]
async fn who_was_demoted_before_the_mail_got_through_still_hears_what_happened_while_they_were_there() {
    let mut stage = Stage::open("in-between").await.unwrap();
    let (second, second_id) = master_admin(&stage, "second").await;
    stage.told(&second, 0, CHANGED).await.unwrap();
    let busy = json!({ "mail": [{ "stage": "rcpt", "address": second, "reply": 450 }] });
    stage.inbox.misbehave(&busy).await.unwrap();
    save_policy(&stage.holder, stage.company, |policy| Policy { technicians: Technicians::All, ..policy })
        .await
        .unwrap();
    stage.told(&stage.login("holder"), 0, "The verification policy").await.unwrap();
    let demote = ChangeRoles { roles: vec![Role::Auditor] };
    stage.holder.save_roles(stage.company, second_id, &demote).await.unwrap();
    save_policy(&stage.holder, stage.company, |policy| Policy { technicians: Technicians::None, ..policy })
        .await
        .unwrap();
    stage.restart().await.unwrap();
    stage.inbox.misbehave(&json!({})).await.unwrap();
    stage.product.advance(64).await.unwrap();
    let mail = stage.told(&second, 0, "The verification policy").await.unwrap();
    assert!(has_line(&mail, "Technicians who must verify: none → all"), "{}", mail.text);
    assert!(has_line(&mail, "Done by: Account Holder"), "{}", mail.text);
    // The second policy is none of theirs any more, and their removal is.
    stage.inbox.next_that(&second, 0, |mail| mail.text.contains("no longer a Master Admin")).await.unwrap();
    let (product, since) = (&stage.product, stage.last(&second).await.unwrap());
    product.advance(64).await.unwrap();
    assert_eq!(stage.last(&second).await.unwrap(), since);
}
