use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::{
    FirstStep, FirstStepError, PasswordCommand, PasswordDelayed, PasswordEvent, RecordDelay, delay_after,
};
use crate::Time;
use crate::samples::{any_time, at, decide, every_event_comes_back, walk};

fn delayed(failures: u32, until: i64) -> PasswordEvent {
    PasswordDelayed { failures, until: at(until) }.into()
}

fn record(failures: u32, until: i64) -> PasswordCommand {
    PasswordCommand::RecordDelay(RecordDelay { failures, until: at(until) })
}

#[test]
fn s12_the_delay_begins_at_the_fifth_failure_doubles_and_ends_at_15_minutes() {
    let seconds = |failures| delay_after(failures).map(|delay| delay.num_seconds());
    for free in 0..=4 {
        assert_eq!(seconds(free), None, "{free}");
    }
    let growing = [(5, 1), (6, 2), (7, 4), (8, 8), (9, 16), (10, 32), (11, 64), (12, 128), (13, 256)];
    let capped = [(14, 512), (15, 900), (16, 900), (36, 900), (37, 900), (38, 900), (u32::MAX, 900)];
    for (failures, wait) in growing.into_iter().chain(capped) {
        assert_eq!(seconds(failures), Some(wait), "{failures}");
    }
}

#[test]
fn a_delay_is_recorded() {
    assert_eq!(decide::<FirstStep>(&[], record(5, 1)), Ok(vec![delayed(5, 1)]));
    assert_eq!(decide::<FirstStep>(&[delayed(5, 1)], record(6, 4)), Ok(vec![delayed(6, 4)]));
}

#[test]
fn s12_the_same_threshold_is_recorded_once_an_hour_and_others_beside_it() {
    let recorded = [delayed(50, 10), delayed(100, 700)];
    assert_eq!(decide::<FirstStep>(&recorded, record(50, 9)), Ok(vec![]));
    assert_eq!(decide::<FirstStep>(&recorded, record(50, 3_609)), Ok(vec![]));
    assert_eq!(decide::<FirstStep>(&recorded, record(50, 3_610)), Ok(vec![delayed(50, 3_610)]));
    assert_eq!(decide::<FirstStep>(&recorded, record(100, 3_610)), Ok(vec![]));
    assert_eq!(decide::<FirstStep>(&recorded, record(150, 701)), Ok(vec![delayed(150, 701)]));
}

#[test]
fn failures_that_make_nobody_wait_are_no_delay() {
    assert_eq!(decide::<FirstStep>(&[], record(4, 1)), Err(FirstStepError::NoDelay { failures: 4 }));
}

fn any_event() -> impl Strategy<Value = PasswordEvent> {
    (any::<u32>(), any_time()).prop_map(|(failures, until)| PasswordDelayed { failures, until }.into())
}

fn any_command() -> impl Strategy<Value = PasswordCommand> {
    (0_u32..30, 0_i64..20_000).prop_map(|(failures, until)| record(failures, until))
}

#[test]
fn every_password_event_comes_back_from_its_bytes() {
    every_event_comes_back::<FirstStep>(any_event());
}

proptest! {
    #[test]
    fn any_commands_leave_the_fold_of_their_events(commands in proptest::collection::vec(any_command(), 0..30)) {
        let mut last: BTreeMap<u32, Time> = BTreeMap::new();
        walk::<FirstStep>(commands, |state| {
            for failures in 0..30 {
                let Some(until) = state.recorded(failures) else { continue };
                let before = last.insert(failures, until);
                let apart = before.is_none_or(|before| until == before || until - before >= TimeDelta::hours(1));
                assert!(apart, "{failures} were recorded at {before:?} and {until}");
            }
        });
    }

    #[test]
    fn s12_more_failures_never_wait_less(failures in 0_u32..1_000) {
        let none = TimeDelta::zero();
        prop_assert!(delay_after(failures).unwrap_or(none) <= delay_after(failures + 1).unwrap_or(none));
    }
}
