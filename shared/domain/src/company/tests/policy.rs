use std::collections::BTreeSet;

use super::{allowed, no_texts, registered};
use crate::company::{
    ChangePolicy, Company, CompanyCommand, CompanyError, CompanyEvent, Epoch, InForce, LastChange, Policy,
    PolicyChanged, TechnicianScope, Transition,
};
use crate::delivery::MessageKind;
use crate::samples::decide;
use crate::{Aggregate, Audience, BackupKind, Method, NoticeRequested};

fn admins() -> Policy {
    Policy { admins: true, ..Policy::default() }
}

fn everybody() -> Policy {
    Policy { admins: true, technicians: TechnicianScope::All, ..Policy::default() }
}

fn save(new: &Policy) -> ChangePolicy {
    ChangePolicy {
        new: new.clone(),
        reason: "why".to_owned(),
        transition: Transition::Lossless,
        turn_off_uncovered: false,
        undo_of: None,
    }
}

fn change(old: &Policy, new: &Policy) -> PolicyChanged {
    PolicyChanged {
        old: old.clone(),
        new: new.clone(),
        reason: "why".to_owned(),
        transition: Transition::Lossless,
        required_epoch: Epoch(0),
        turn_off_uncovered: false,
        undo_of: None,
    }
}

pub(super) fn changed(old: &Policy, new: &Policy) -> CompanyEvent {
    change(old, new).into()
}

fn reset(old: &Policy, new: &Policy, epoch: u32) -> CompanyEvent {
    PolicyChanged { transition: Transition::Reset, required_epoch: Epoch(epoch), ..change(old, new) }.into()
}

fn undone(old: &Policy, new: &Policy, epoch: u32, of: u64) -> CompanyEvent {
    PolicyChanged { required_epoch: Epoch(epoch), undo_of: Some(of), ..change(old, new) }.into()
}

fn told() -> CompanyEvent {
    NoticeRequested { kind: MessageKind::PolicyChanged, audience: Audience::MasterAdmins, also: None }.into()
}

fn when(history: &[CompanyEvent], command: ChangePolicy) -> Result<Vec<CompanyEvent>, CompanyError> {
    decide::<Company>(history, CompanyCommand::ChangePolicy(command))
}

fn undo(new: &Policy, of: u64) -> ChangePolicy {
    ChangePolicy { undo_of: Some(of), ..save(new) }
}

#[test]
fn a_change_records_old_new_and_why_and_tells_the_master_admins() {
    assert_eq!(
        when(&[registered()], save(&admins())),
        Ok(vec![changed(&Policy::default(), &admins()), told()])
    );
}

#[test]
fn saving_what_is_there_changes_nothing() {
    assert_eq!(when(&[registered()], save(&Policy::default())), Err(CompanyError::Unchanged));
}

#[test]
fn codes_live_from_one_to_ten_minutes() {
    for (seconds, fits) in [(0, false), (59, false), (60, true), (600, true), (601, false)] {
        let new = Policy { code_life_seconds: seconds, ..Policy::default() };
        let decided = when(&[registered()], save(&new));
        if fits {
            assert_eq!(decided, Ok(vec![changed(&Policy::default(), &new), told()]), "{seconds}");
        } else {
            assert_eq!(decided, Err(CompanyError::CodeLife { seconds: seconds.into() }));
        }
    }
}

#[test]
fn the_primary_alone_is_no_backup() {
    for backups in [vec![], vec![BackupKind::Email]] {
        let new =
            Policy { primary: Method::Email, backups: BTreeSet::from_iter(backups), ..Policy::default() };
        assert_eq!(when(&[registered()], save(&new)), Err(CompanyError::NoBackup));
    }
}

#[test]
fn printed_codes_are_backup_enough() {
    let new = Policy { backups: BTreeSet::from([BackupKind::Printed]), ..Policy::default() };
    assert_eq!(when(&[registered()], save(&new)), Ok(vec![changed(&Policy::default(), &new), told()]));
}

#[test]
fn s14_texts_cannot_be_a_method_while_they_reach_nobody() {
    let history = [registered(), changed(&Policy::default(), &no_texts()), told(), allowed(&["DE"], &[])];
    let primary = Policy { primary: Method::Sms, ..no_texts() };
    assert_eq!(when(&history, save(&primary)), Err(CompanyError::PrimaryReachesNobody));
    assert_eq!(when(&history, save(&Policy::default())), Err(CompanyError::BackupReachesNobody));
    assert_eq!(when(&history, undo(&Policy::default(), 1)), Err(CompanyError::BackupReachesNobody));
    let other = Policy { admins: true, ..no_texts() };
    assert_eq!(when(&history, save(&other)), Ok(vec![changed(&no_texts(), &other), told()]));
}

#[test]
fn a_policy_is_not_saved_without_a_reason() {
    for reason in ["", " \n "] {
        let because = ChangePolicy { reason: reason.to_owned(), ..save(&admins()) };
        assert_eq!(when(&[registered()], because), Err(CompanyError::ReasonMissing));
    }
}

#[test]
fn a_reason_has_500_characters_at_most() {
    let because = |reason: String| when(&[registered()], ChangePolicy { reason, ..save(&admins()) });
    assert!(because("ő".repeat(500)).is_ok());
    assert_eq!(because("ő".repeat(501)), Err(CompanyError::ReasonTooLong));
}

#[test]
fn a_reset_raises_the_epoch_also_under_the_same_policy() {
    let command = ChangePolicy { transition: Transition::Reset, ..save(&Policy::default()) };
    let same = Policy::default();
    assert_eq!(when(&[registered()], command.clone()), Ok(vec![reset(&same, &same, 1), told()]));
    let history = [registered(), reset(&same, &same, 1), told()];
    assert_eq!(when(&history, command), Ok(vec![reset(&same, &same, 2), told()]));
}

#[test]
fn a_lossless_change_keeps_the_epoch() {
    let history = [registered(), reset(&Policy::default(), &admins(), 1), told()];
    let kept = PolicyChanged { required_epoch: Epoch(1), ..change(&admins(), &everybody()) };
    assert_eq!(when(&history, save(&everybody())), Ok(vec![kept.into(), told()]));
}

#[test]
fn an_undo_of_a_reset_brings_policy_and_epoch_back_and_the_next_reset_goes_past_both() {
    let history = [registered(), reset(&Policy::default(), &admins(), 1), told()];
    let back = undone(&admins(), &Policy::default(), 0, 1);
    assert_eq!(when(&history, undo(&Policy::default(), 1)), Ok(vec![back.clone(), told()]));
    let history = [registered(), reset(&Policy::default(), &admins(), 1), told(), back, told()];
    let again = ChangePolicy { transition: Transition::Reset, ..save(&admins()) };
    assert_eq!(when(&history, again), Ok(vec![reset(&Policy::default(), &admins(), 2), told()]));
}

#[test]
fn an_undo_can_be_taken_back_as_well() {
    let history = [
        registered(),
        reset(&Policy::default(), &admins(), 1),
        told(),
        undone(&admins(), &Policy::default(), 0, 1),
        told(),
    ];
    assert_eq!(
        when(&history, undo(&admins(), 3)),
        Ok(vec![undone(&Policy::default(), &admins(), 1, 3), told()])
    );
}

#[test]
fn only_the_latest_change_can_be_taken_back() {
    assert_eq!(
        when(&[registered()], undo(&Policy::default(), 0)),
        Err(CompanyError::NotTheLatestChange { latest: None })
    );
    let history = [
        registered(),
        changed(&Policy::default(), &admins()),
        told(),
        changed(&admins(), &everybody()),
        told(),
    ];
    assert_eq!(
        when(&history, undo(&Policy::default(), 1)),
        Err(CompanyError::NotTheLatestChange { latest: Some(3) })
    );
}

#[test]
fn an_undo_brings_back_exactly_what_was() {
    let history = [registered(), changed(&Policy::default(), &admins()), told()];
    let right = undo(&Policy::default(), 1);
    for wrong in [
        undo(&everybody(), 1),
        ChangePolicy { transition: Transition::Reset, ..right.clone() },
        ChangePolicy { turn_off_uncovered: true, ..right },
    ] {
        assert_eq!(when(&history, wrong), Err(CompanyError::NotAnUndo));
    }
}

#[test]
fn turning_off_the_uncovered_is_a_change_of_its_own_and_undone_with_it() {
    let same = Policy::default();
    let command = ChangePolicy { turn_off_uncovered: true, ..save(&same) };
    let off: CompanyEvent = PolicyChanged { turn_off_uncovered: true, ..change(&same, &same) }.into();
    assert_eq!(when(&[registered()], command), Ok(vec![off.clone(), told()]));

    let turned_off = |history: &[CompanyEvent]| Company::fold(history).registered().unwrap().turned_off_at();
    let later = changed(&same, &admins());
    assert_eq!(turned_off(&[registered(), off.clone()]), Some(1));
    assert_eq!(turned_off(&[registered(), off.clone(), told(), later]), Some(1));
    assert_eq!(turned_off(&[registered(), off, told(), undone(&same, &same, 0, 1)]), None);
}

#[test]
fn the_state_knows_the_way_back() {
    let history = [registered(), told(), reset(&Policy::default(), &admins(), 1), told()];
    let state = Company::fold(&history);
    let company = state.registered().unwrap();
    assert_eq!(company.last_change(), Some(&LastChange { revision: 2, before: InForce::default() }));
    assert_eq!((company.policy(), company.required_epoch()), (&admins(), Epoch(1)));
    assert_eq!(company.revision(), 3);
}
