//! Which events somebody wants.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use twostep_api::{HistoryPlace, UnmaskedBy, UnmaskedScope};
use twostep_domain::{CompanyId, MemberId, Slug, is_event_type};
use twostep_projections::AuditFilter;
use uuid::Uuid;

/// Which events.
#[derive(Args, Clone, Debug)]
pub(crate) struct Selection {
    /// From this event on: its number in its company's history, or a time (2026-11-24 or 2026-11-24T12:00:00Z).
    #[arg(long, value_name = "NUMBER|TIME")]
    pub(crate) from: Option<Place>,
    /// Up to this event: its number, which is shown too, or a time, from which on nothing is.
    #[arg(long, value_name = "NUMBER|TIME")]
    pub(crate) to: Option<Place>,
    /// Of this company alone, by its short name or id; a server shows the asker's own.
    #[arg(long, value_name = "NAME|ID", value_parser = company)]
    pub(crate) company: Option<CompanyId>,
    /// Only events of this type, like PolicyChanged.
    #[arg(long = "type", value_name = "TYPE", value_parser = event_type)]
    pub(crate) event_type: Option<String>,
    /// Only what happened to this person, or was done by them.
    #[arg(long, value_name = "ID")]
    pub(crate) person: Option<Uuid>,
}

/// A place in a history.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// The event with this number in its company's history, from 1.
    Number(u64),
    /// A time.
    Time(DateTime<Utc>),
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(number) = text.parse() {
            return Ok(Self::Number(number));
        }
        time(text).map(Self::Time)
    }
}

/// A time as people write it; a day begins at midnight UTC.
pub(crate) fn time(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(chrono::NaiveTime::MIN).and_utc());
    }
    text.parse().map_err(|_| "it is no time like 2026-11-24 or 2026-11-24T12:00:00Z".to_owned())
}

/// A company by its id or its short name, which its id follows from.
pub(crate) fn company(text: &str) -> Result<CompanyId, String> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    Slug::parse(text).map(|slug| CompanyId::of(&slug)).map_err(|error| error.to_string())
}

fn event_type(text: &str) -> Result<String, String> {
    if is_event_type(text) {
        return Ok(text.to_owned());
    }
    Err("there are no events of this type: the types are written like PolicyChanged".to_owned())
}

impl Selection {
    /// What of it is asked of an event by itself.
    pub(crate) fn filter(&self) -> AuditFilter {
        let time = |place: Option<Place>| match place {
            Some(Place::Time(time)) => Some(time),
            Some(Place::Number(_)) | None => None,
        };
        AuditFilter {
            event_type: self.event_type.clone(),
            member: self.person.map(MemberId),
            from: time(self.from),
            until: time(self.to),
            ..AuditFilter::default()
        }
    }

    /// What of it is recorded where it is shown unmasked by `command`.
    pub(crate) fn scope(&self, command: UnmaskedBy) -> UnmaskedScope {
        let place = |place| match place {
            Place::Number(number) => HistoryPlace::Number(number),
            Place::Time(time) => HistoryPlace::Time(time),
        };
        UnmaskedScope {
            command,
            member: self.person,
            event_type: self.event_type.clone(),
            from: self.from.map(place),
            to: self.to.map(place),
        }
    }

    /// The number of the first event that may be shown.
    pub(crate) fn first(&self) -> u64 {
        if let Some(Place::Number(number)) = self.from { number } else { 1 }
    }

    /// The number of the last event that may be shown.
    pub(crate) fn last(&self) -> u64 {
        if let Some(Place::Number(number)) = self.to { number } else { u64::MAX }
    }
}
