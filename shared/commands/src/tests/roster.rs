//! The roster of Master Admins stays what people are, whatever fails in between.

use chrono::Duration;
use twostep_domain::company::{CompanyCommand, CompanyError as RosterRefusal, Removal, TransferAccount};
use twostep_domain::login::{Login, LoginCommand, Release};
use twostep_domain::{Aggregate as _, MemberId, Role, Roles, StreamKind};
use twostep_event_store::{Reader as _, Revision};

use super::bench::{Bench, PASSWORD, metadata};
use crate::context::login_stream;
use crate::{
    ChangeStanding, Fold, ManageError, MemberError, MemberName, MemberRefusal, Principal, Unsettled,
};

/// Whether `member` is in the roster.
async fn is_in(bench: &Bench, member: MemberId) -> bool {
    let company = bench.commands.company(bench.company).await.unwrap();
    company.state().registered().unwrap().is_master_admin(member)
}

/// What the log's end shows is settled, as it is every minute; gives what stays.
async fn settle(bench: &Bench) -> Unsettled {
    let head = bench.log.head(bench.company).await.unwrap();
    bench.commands.settle_rosters(&head).await.unwrap()
}

async fn revision(bench: &Bench, member: MemberId) -> Revision {
    bench.commands.member(bench.company, member).await.unwrap().revision().unwrap()
}

#[tokio::test]
async fn whoever_could_not_be_demoted_disabled_or_erased_stays_in_the_roster() {
    let bench = Bench::new().await;
    let second = bench.invite("second", Role::MasterAdmin).await;
    let (commands, company) = (&bench.commands, bench.company);
    let caller = bench.caller(&bench.token).await.unwrap();
    let seen = revision(&bench, second).await;
    *bench.log.full.lock().unwrap() = Some(StreamKind::Member);
    let auditor = Roles::of([Role::Auditor]);
    let demoted = commands.change_roles(&caller, company, second, seen, auditor, &metadata()).await.map(drop);
    assert!(is_in(&bench, second).await);
    let off = ChangeStanding::Disable { reason: String::new() };
    let disabled = commands.change_standing(&caller, company, second, seen, off, &metadata()).await.map(drop);
    assert!(is_in(&bench, second).await);
    let erased = commands.erase_member(&caller, company, second, &metadata()).await;
    assert!(is_in(&bench, second).await);
    for failed in [demoted, disabled, erased] {
        assert!(matches!(failed, Err(MemberError::Fault(_))), "{failed:?}");
    }

    // Where the roster's own stream takes nothing any more, nobody leaves it in the first place.
    *bench.log.full.lock().unwrap() = Some(StreamKind::Company);
    assert!(commands.erase_member(&caller, company, second, &metadata()).await.is_err());
    *bench.log.full.lock().unwrap() = None;
    assert!(commands.member(company, second).await.unwrap().state().is_enabled());
    commands.erase_member(&caller, company, second, &metadata()).await.unwrap();
    assert!(!is_in(&bench, second).await);
}

#[tokio::test]
async fn whoever_was_left_out_of_the_roster_is_taken_back_in_once_nobody_can_be_at_it_any_more() {
    let bench = Bench::new().await;
    let second = bench.invite("second", Role::MasterAdmin).await;
    // Another replica has taken them out, and is about to take the role.
    bench.commands.leave_roster(bench.company, second, Removal::Demoted, &metadata()).await.unwrap();
    for seconds in [0, 59] {
        bench.clock.advance(Duration::seconds(seconds));
        settle(&bench).await;
        assert!(!is_in(&bench, second).await, "{seconds} s after");
    }
    bench.clock.advance(Duration::seconds(1));
    settle(&bench).await;
    assert!(is_in(&bench, second).await);
    // The account holder stays what they are.
    bench.clock.advance(Duration::minutes(2));
    settle(&bench).await;
    assert!(is_in(&bench, bench.holder).await && is_in(&bench, second).await);
}

#[tokio::test]
async fn whoever_is_in_the_roster_without_the_role_is_taken_out() {
    let bench = Bench::new().await;
    let technician = bench.invite("technician", Role::Technician).await;
    bench.commands.join_roster(bench.company, technician, &metadata()).await.unwrap();
    settle(&bench).await;
    assert!(is_in(&bench, technician).await, "somebody may be at it");
    bench.clock.advance(Duration::minutes(1));
    settle(&bench).await;
    assert!(!is_in(&bench, technician).await);
}

#[tokio::test]
async fn who_stays_in_the_roster_as_nobody_else_is_able_to_sign_in_is_told() {
    let bench = Bench::new().await;
    let technician = bench.invite("technician", Role::Technician).await;
    bench.commands.join_roster(bench.company, technician, &metadata()).await.unwrap();
    let holder = bench.commands.member(bench.company, bench.holder).await.unwrap();
    let login = login_stream(bench.company, holder.state().login_hash().unwrap());
    let decide = |fold: &Fold<Login>| {
        Login::decide(fold.state(), LoginCommand::Release(Release { member: bench.holder }))
    };
    bench.commands.ledger().execute(&login, &metadata(), decide).await.map(drop).unwrap();
    bench.clock.advance(Duration::minutes(1));
    for _ in 0..2 {
        let unsettled = settle(&bench).await;
        assert_eq!(unsettled.len(), 1);
        let why = &unsettled[&(bench.company, technician)];
        assert!(
            matches!(why, ManageError::Refused(MemberRefusal::Roster(RosterRefusal::NobodyLeft))),
            "{why:?}"
        );
    }
}

#[tokio::test]
async fn the_roster_alone_makes_nobody_a_master_admin() {
    let bench = Bench::new().await;
    let second = bench.invite("second", Role::MasterAdmin).await;
    let (commands, company) = (&bench.commands, bench.company);
    let caller = bench.caller(&bench.token).await.unwrap();
    let (seen, auditor) = (revision(&bench, second).await, Roles::of([Role::Auditor]));
    commands.change_roles(&caller, company, second, seen, auditor.clone(), &metadata()).await.unwrap();
    // The roster was settled by what they were a moment ago.
    commands.join_roster(company, second, &metadata()).await.unwrap();
    let directory = commands.checks().fenced(company).await.unwrap();
    let principal = Principal::of(company, second, directory.company(company).unwrap()).unwrap();
    assert_eq!(principal.roles, auditor);
    drop(directory);
    let handed = commands.transfer_account(&caller, company, second, &metadata()).await;
    assert!(matches!(handed, Err(ManageError::Field { field: "to", .. })), "the account is a Master Admin's");
    let glass = commands.break_glass(&bench.slug, &MemberName::Id(second), "a test", &metadata()).await;
    let glass = glass.map(drop);
    assert!(matches!(glass, Err(ManageError::Refused(RosterRefusal::GlassForMasterAdmins))), "{glass:?}");
}

#[tokio::test]
async fn the_last_master_admin_who_is_able_to_sign_in_is_neither_demoted_nor_disabled_nor_erased() {
    let mut bench = Bench::new().await;
    let (commands, company, holder) = (bench.commands.clone(), bench.company, bench.holder);
    let first = bench.caller(&bench.token).await.unwrap();
    // In the roster, and of no help: the account holder's invitation runs out, and a disabled person wasn't taken out.
    let absent = bench.invite("absent", Role::MasterAdmin).await;
    let disabled = bench.invite("disabled", Role::MasterAdmin).await;
    let off = ChangeStanding::Disable { reason: String::new() };
    let seen = revision(&bench, disabled).await;
    commands.change_standing(&first, company, disabled, seen, off.clone(), &metadata()).await.unwrap();
    commands.join_roster(company, disabled, &metadata()).await.unwrap();
    // Today a hand-over waits until somebody has accepted; logs from before know others.
    let transfer = |_: &_| Ok(CompanyCommand::TransferAccount(TransferAccount { to: absent }));
    commands.decide_company(company, &metadata(), transfer).await.unwrap();
    bench.clock.advance(Duration::days(7));
    bench.token = bench.sign_in(PASSWORD).await.unwrap();
    let second = bench.invite("second", Role::MasterAdmin).await;
    // Both drawn while both are Master Admins, as by two who remove each other at the same time.
    let first = bench.caller(&bench.token).await.unwrap();
    let mut other = bench.caller(&bench.token).await.unwrap();
    other.principal.member = second;

    let technician = Roles::of([Role::Technician]);
    let seen = revision(&bench, second).await;
    commands.change_roles(&first, company, second, seen, technician.clone(), &metadata()).await.unwrap();
    let seen = revision(&bench, holder).await;
    let demoted =
        commands.change_roles(&other, company, holder, seen, technician, &metadata()).await.map(drop);
    let switched = commands.change_standing(&other, company, holder, seen, off, &metadata()).await.map(drop);
    let erased = commands.erase_member(&other, company, holder, &metadata()).await;
    for refused in [demoted, switched, erased] {
        assert!(
            matches!(refused, Err(ManageError::Refused(MemberRefusal::Roster(RosterRefusal::NobodyLeft)))),
            "{refused:?}"
        );
    }
    assert!(is_in(&bench, holder).await);
    assert_eq!(revision(&bench, holder).await, seen);
}
