//! The group tree: who waits for it, and what lies in it from before names were judged as they are now.

use twostep_domain::{GroupId, Name, Role, Roles};
use twostep_event_store::{Revision, StreamId};

use super::bench::{Bench, metadata};
use crate::{ChangeGroup, GroupError};

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
