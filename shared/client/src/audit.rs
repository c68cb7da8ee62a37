//! `audit`: the company's history.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::Serialize;
use twostep_api::{AuditEvents, AuditState, AuditSubject};
use uuid::Uuid;

use crate::{Client, Error};

/// Which part of the history.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AuditPage {
    /// Where the page before ended; none: the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// At most so many; none: as many as the API likes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// Of this type alone.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// About this person, or by them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<Uuid>,
    /// Recorded then or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Recorded before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

/// What is asked, about when.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AuditMoment {
    /// Everything recorded up to it counts.
    pub at: DateTime<Utc>,
    /// What is asked about.
    pub kind: AuditSubject,
    /// Which group or person; of the company it may be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
}

impl Client {
    /// `GET audit/events`: a page of the history of the asker's company, oldest first.
    ///
    /// # Errors
    /// `forbidden`, for whoever is no auditor and no Master Admin.
    pub async fn audit_events(&self, page: &AuditPage) -> Result<AuditEvents, Error> {
        self.request(Method::GET, &["audit", "events"])?.query(page).value().await
    }

    /// `GET audit/state`: what the asker's company, a group or a person was at a moment.
    ///
    /// # Errors
    /// `forbidden`, for whoever is no auditor and no Master Admin; `not-found`: it wasn't there yet.
    pub async fn audit_state(&self, moment: &AuditMoment) -> Result<AuditState, Error> {
        self.request(Method::GET, &["audit", "state"])?.query(moment).value().await
    }
}
