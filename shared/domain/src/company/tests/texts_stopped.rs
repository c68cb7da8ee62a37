use chrono::{DateTime, TimeDelta};

use super::registered;
use crate::company::{Company, CompanyCommand, StopTexts, TextsStopped};
use crate::delivery::MessageKind;
use crate::samples::decide;
use crate::{Audience, NoticeRequested, Time};

const AT: Time = DateTime::UNIX_EPOCH;

fn stop(dialling_code: u16, now: Time) -> CompanyCommand {
    CompanyCommand::StopTexts(StopTexts { dialling_code, now })
}

#[test]
fn s14_master_admins_are_told_once_a_day_that_texts_were_stopped() {
    let stopped = TextsStopped { dialling_code: 49, at: AT };
    let told =
        NoticeRequested { kind: MessageKind::TextsStopped, audience: Audience::MasterAdmins, also: None };
    let first = decide::<Company>(&[registered()], stop(49, AT));
    assert_eq!(first, Ok(vec![stopped.clone().into(), told.clone().into()]));
    let history = [registered(), stopped.into(), told.into()];
    let almost = AT + TimeDelta::days(1) - TimeDelta::seconds(1);
    for dialling_code in [49, 43] {
        assert_eq!(decide::<Company>(&history, stop(dialling_code, almost)), Ok(vec![]));
    }
    let next = decide::<Company>(&history, stop(43, AT + TimeDelta::days(1)));
    assert_eq!(next.map(|events| events.len()), Ok(2));
}
