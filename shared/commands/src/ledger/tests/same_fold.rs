//! Snapshot and tail give what the whole stream gives, wherever snapshots were taken and processes ended.

use proptest::collection::vec;
use proptest::prelude::*;
use twostep_domain::Name;
use twostep_domain::group::{
    AssignAdmin, Choice, Create, Enforcement, Group, GroupCommand, GroupEnforcementChanged, GroupEvent, Lock,
    RemoveAdmin, Rename, Unlock,
};

use super::snapshots::Kept;
use super::*;

#[derive(Clone, Debug)]
enum Step {
    /// A command, with an idempotency key or without; many are refused.
    Command(GroupCommand, Option<u8>),
    /// The box is set, by an event as it comes from other replicas.
    Set(Choice, bool),
    /// A snapshot is taken of whatever there is.
    Snapshot,
    /// The process ends; the next one has what is on disk.
    Restart,
    /// The memory of keys is cut off somewhere.
    Hours(i64),
}

fn any_command() -> impl Strategy<Value = GroupCommand> {
    let name = "[a-c]".prop_map(|name| Name::parse(&name).unwrap());
    let who = (1_u128..4).prop_map(member);
    prop_oneof![
        name.clone().prop_map(|name| GroupCommand::Create(Create { name, parent: None })),
        name.prop_map(|new| GroupCommand::Rename(Rename { new })),
        who.clone().prop_map(|by| GroupCommand::Lock(Lock { by })),
        who.clone().prop_map(|by| GroupCommand::Unlock(Unlock { by })),
        who.clone().prop_map(|member| GroupCommand::AssignAdmin(AssignAdmin { member })),
        who.prop_map(|member| GroupCommand::RemoveAdmin(RemoveAdmin { member })),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let choice = prop_oneof![Just(Choice::Follow), Just(Choice::Enforce), Just(Choice::Dont)];
    prop_oneof![
        8 => (any_command(), proptest::option::of(1_u8..4)).prop_map(|(it, key)| Step::Command(it, key)),
        2 => (choice, any::<bool>()).prop_map(|(choice, also)| Step::Set(choice, also)),
        2 => Just(Step::Snapshot),
        2 => Just(Step::Restart),
        1 => (1_i64..30).prop_map(Step::Hours),
    ]
}

fn group() -> StreamId {
    StreamId::new(CompanyId(Uuid::from_u128(1)), StreamKind::Group, Uuid::from_u128(1))
}

async fn walk(steps: Vec<Step>) -> Vec<serde_json::Value> {
    let kept = Kept::new();
    let snapshots = kept.snapshots();
    let mut ledger = kept.ledger();
    for step in steps {
        match step {
            Step::Command(command, key) => {
                let metadata = key.map_or_else(metadata, |key| once(key, key));
                let decided = |fold: &Fold<Group>| Group::decide(fold.state(), command.clone());
                drop(ledger.execute(&group(), &metadata, decided).await);
            }
            Step::Set(choice, also_subgroups) => {
                let new = Enforcement { choice, also_subgroups };
                let set = GroupEnforcementChanged { old: Enforcement::default(), new, reason: String::new() };
                let decided = |_: &Fold<Group>| Ok::<Vec<GroupEvent>, ()>(vec![set.clone().into()]);
                kept.given.ledger().execute(&group(), &metadata(), decided).await.unwrap();
            }
            Step::Snapshot => {
                snapshots.put(&group(), ledger.load::<Group>(&group()).await.unwrap()).await;
            }
            Step::Restart => ledger = kept.ledger(),
            Step::Hours(hours) => kept.given.clock.advance(Duration::hours(hours)),
        }
    }
    let mut folds = Vec::new();
    for ledger in [ledger, kept.ledger(), kept.given.ledger()] {
        let fold = ledger.load::<Group>(&group()).await.unwrap();
        folds.push(serde_json::to_value(&*fold).unwrap());
    }
    folds
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_snapshot_and_its_tail_are_the_full_fold(steps in vec(any_step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let folds = runtime.block_on(walk(steps));
        prop_assert_eq!(&folds[0], &folds[2]);
        prop_assert_eq!(&folds[1], &folds[2]);
    }
}
