//! The group tree: who waits for it, and what lies in it from before names were judged as they are now.

use twostep_domain::company::{Branding, ChangeBranding, Company, CompanyCommand};
use twostep_domain::group::{Create, Group, GroupCommand, GroupError as Refusal};
use twostep_domain::{Aggregate as _, Digest, GroupId, Name, Role, Roles, StreamKind};
use twostep_event_store::{IdempotencyKey, Metadata, Revision, StreamId};
use twostep_vault::random;

use super::bench::{Bench, metadata};
use crate::{ChangeGroup, Fold, GroupError, ManageError, SessionCaller};

fn change(name: &str, parent: Option<GroupId>) -> ChangeGroup {
    ChangeGroup { name: recorded(name), parent }
}

/// A name as the log gives it.
fn recorded(name: &str) -> Name {
    Name::try_from(name.to_owned()).unwrap()
}

#[tokio::test]
async fn whoever_may_not_change_the_tree_never_stands_in_the_queue_for_it() {
    let bench = Bench::new().await;
    let (commands, company) = (&bench.commands, bench.company);
    let mut caller = bench.caller(&bench.token).await.unwrap();
    let (desk, _) =
        commands.create_group(&caller, company, recorded("Desk"), None, &metadata()).await.unwrap();
    caller.principal.roles = Roles::of([Role::Auditor]);
    drop(commands.checks().fenced(company).await.unwrap());
    let _turn = commands.group_moves.wait(&StreamId::company(company)).await;
    let told = metadata();
    let refused = async {
        let created = commands.create_group(&caller, company, recorded("Field"), None, &told).await.map(drop);
        let at = Revision(0);
        let changed =
            commands.change_group(&caller, company, desk, at, change("X", None), &told).await.map(drop);
        [created, changed]
    };
    let refused = tokio::select! {
        biased;
        refused = refused => refused,
        () = tokio::task::yield_now() => panic!("it waits for somebody else's turn"),
    };
    for answer in refused {
        assert!(matches!(answer, Err(GroupError::Forbidden)), "{answer:?}");
    }
}

/// A group at the top, as it was recorded once.
async fn lies(bench: &Bench, name: &str) -> GroupId {
    let id = GroupId(random::new_id());
    let stream = StreamId::new(bench.company, StreamKind::Group, id.0);
    let create = GroupCommand::Create(Create { name: recorded(name), parent: None });
    let decide = |fold: &Fold<Group>| Group::decide(fold.state(), create.clone());
    bench.commands.ledger().execute(&stream, &metadata(), decide).await.map(drop).unwrap();
    id
}

/// Changes a group as of `seen`, and gives the revision after it.
async fn changed(
    bench: &Bench,
    caller: &SessionCaller,
    id: GroupId,
    seen: Revision,
    to: ChangeGroup,
    metadata: &Metadata,
) -> Result<Revision, GroupError> {
    let done = bench.commands.change_group(caller, bench.company, id, seen, to, metadata).await?;
    Ok(done.fold.revision().unwrap())
}

fn is_about_the_name<T>(answer: &Result<T, GroupError>) -> bool {
    matches!(answer, Err(ManageError::Field { field: "name", .. }))
}

#[tokio::test]
async fn groups_that_lie_side_by_side_from_before_are_not_in_their_own_way() {
    let bench = Bench::new().await;
    let caller = bench.caller(&bench.token).await.unwrap();
    let (one, _) = (lies(&bench, "Desk").await, lies(&bench, "desk").await);
    let (place, created, told) = (lies(&bench, "Place").await, Revision(0), metadata());
    let kept = changed(&bench, &caller, one, created, change("Desk", None), &told).await;
    assert!(matches!(kept, Err(ManageError::Refused(Refusal::Unchanged))), "{kept:?}");
    let renamed = changed(&bench, &caller, one, created, change("DESK", None), &told).await;
    assert!(is_about_the_name(&renamed), "{renamed:?}");
    let away = changed(&bench, &caller, one, created, change("Desk", Some(place)), &told).await.unwrap();
    let stale = changed(&bench, &caller, one, created, change("Desk", None), &told).await;
    assert!(matches!(stale, Err(ManageError::Stale { .. })), "{stale:?}");
    let back = changed(&bench, &caller, one, away, change("Desk", None), &told).await;
    assert!(is_about_the_name(&back), "{back:?}");
}

#[tokio::test]
async fn a_change_that_was_carried_out_is_answered_again_though_its_name_is_another_groups_now() {
    let bench = Bench::new().await;
    let caller = bench.caller(&bench.token).await.unwrap();
    let (one, other) = (lies(&bench, "One").await, lies(&bench, "Other").await);
    let digest = Digest::of(&[1; 32]);
    let keyed =
        Metadata { idempotency: Some(IdempotencyKey { key: digest.clone(), body: digest }), ..metadata() };
    let (created, told) = (Revision(0), metadata());
    let first = changed(&bench, &caller, one, created, change("X", None), &keyed).await.unwrap();
    let second = changed(&bench, &caller, one, first, change("Y", None), &told).await.unwrap();
    changed(&bench, &caller, other, created, change("X", None), &told).await.unwrap();
    let again = changed(&bench, &caller, one, created, change("X", None), &keyed).await;
    assert_eq!(again.unwrap(), second);
}

#[tokio::test]
async fn names_from_before_they_were_judged_as_now_stay_while_what_is_beside_them_changes() {
    const ODD: &str = "Sup\u{ad}port";
    let bench = Bench::new().await;
    let (commands, company) = (&bench.commands, bench.company);
    let caller = bench.caller(&bench.token).await.unwrap();
    let (odd, place, told) = (lies(&bench, ODD).await, lies(&bench, "Place").await, metadata());
    let moved = changed(&bench, &caller, odd, Revision(0), change(ODD, Some(place)), &told).await.unwrap();
    let renamed = changed(&bench, &caller, odd, moved, change("Sup\u{ad}ported", Some(place)), &told).await;
    assert!(is_about_the_name(&renamed), "{renamed:?}");

    let names = |product: &str, sender: &str| Branding {
        product_name: recorded(product),
        account_name: recorded("A"),
        sender_name: recorded(sender),
    };
    let before = CompanyCommand::ChangeBranding(ChangeBranding { new: names("P", ODD) });
    let decide = |fold: &Fold<Company>| Company::decide(fold.state(), before.clone());
    let done = commands.ledger().execute(&StreamId::company(company), &told, decide).await.unwrap();
    let seen = done.fold.revision().unwrap();
    let unfit = commands.change_branding(&caller, company, seen, names(ODD, ODD), &told).await.map(drop);
    assert!(matches!(unfit, Err(ManageError::Field { field: "product_name", .. })), "{unfit:?}");
    commands.change_branding(&caller, company, seen, names("Q", ODD), &told).await.map(drop).unwrap();
}
