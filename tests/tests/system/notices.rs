//! Who is told what: whoever was there when it happened, and nobody who came later.

use twostep_api::{ResetMembers, Role};
use twostep_tests::story::{Stage, member_of};

#[tokio::test]
async fn a_restart_tells_nobody_what_happened_before_they_were_there() {
    let mut stage = Stage::enforcing("before").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let backup = ann.backup();
    stage.told(&backup, 0, "Two-step verification is on").await.unwrap();
    // To whoever is a Master Admin now and was none when the policy was saved.
    let late = stage.login("late");
    let (product, inbox, roles) = (&stage.product, &stage.inbox, [Role::MasterAdmin]);
    member_of(product, inbox, &stage.holder, stage.company, &late, &roles, None).await.unwrap();
    stage.restart().await.unwrap();

    // Notices leave in the order of what they tell: when this one is there, the older ones have had their turn.
    let reset = ResetMembers { members: vec![ann.id], reason: "a test".to_owned() };
    let before = stage.last(&backup).await.unwrap();
    stage.holder.reset_members(stage.company, &reset).await.unwrap();
    stage.told(&backup, before, "Your two-step verification").await.unwrap();
    let wrong = |subject: &str| subject.contains("being set up") || subject.contains("password");
    for mail in stage.inbox.all(&backup).await.unwrap() {
        let subject = mail.subject.unwrap_or_default();
        assert!(!wrong(&subject), "the backup address was told: {subject}");
    }
    for mail in stage.inbox.all(&late).await.unwrap() {
        let subject = mail.subject.unwrap_or_default();
        assert!(!subject.contains("policy"), "the new Master Admin was told: {subject}");
    }
}
