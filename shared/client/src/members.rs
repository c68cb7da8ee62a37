//! `companies/{id}/members`: people, as administrators manage them.

use reqwest::Method;
use serde::Serialize;
use twostep_api::{
    ChangeRoles, ChangeStanding, InviteMember, Member, Members, MoveMember, ResetMembers, ResetResult, Role,
};
use uuid::Uuid;

use crate::{Client, Error, Versioned};

/// Which page of members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MembersPage {
    /// Where the page before ended; none: the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// At most so many; none: as many as the API likes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
    /// Of this group alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Uuid>,
    /// With this role alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// With exactly this login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// With exactly this work address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl Client {
    /// `GET companies/{id}/members`: a page of those that the asker may see.
    ///
    /// # Errors
    /// `forbidden`.
    pub async fn members(&self, company: Uuid, page: &MembersPage) -> Result<Members, Error> {
        let path = ["companies", &company.to_string(), "members"];
        self.request(Method::GET, &path)?.query(page).value().await
    }

    /// The same, from `page` to the last one: everybody of whom it says something.
    ///
    /// # Errors
    /// `forbidden`.
    pub async fn all_members(&self, company: Uuid, page: MembersPage) -> Result<Vec<Member>, Error> {
        let (mut page, mut all) = (page, Vec::new());
        loop {
            let Members { members, next } = self.members(company, &page).await?;
            all.extend(members);
            if next.is_none() {
                return Ok(all);
            }
            page.cursor = next;
        }
    }

    /// `POST companies/{id}/members`: invites somebody.
    ///
    /// # Errors
    /// `login-taken`, `invalid-fields`, `step-up-required`.
    pub async fn invite_member(&self, company: Uuid, invite: &InviteMember) -> Result<Member, Error> {
        self.post(&["companies", &company.to_string(), "members"], invite).await
    }

    /// `GET companies/{id}/members/{m}`.
    ///
    /// # Errors
    /// `not-found`, also for people whom the asker may not see.
    pub async fn member(&self, company: Uuid, member: Uuid) -> Result<Versioned<Member>, Error> {
        self.get_versioned(&["companies", &company.to_string(), "members", &member.to_string()]).await
    }

    /// `PUT companies/{id}/members/{m}/roles`, on the person's revision that was read.
    ///
    /// # Errors
    /// `stale-revision`; `forbidden` for the Master Account Holder; `would-lock-out`; `nothing-changed`.
    pub async fn put_roles(
        &self,
        company: Uuid,
        member: Uuid,
        if_match: &str,
        change: &ChangeRoles,
    ) -> Result<Versioned<Member>, Error> {
        self.put(
            &["companies", &company.to_string(), "members", &member.to_string(), "roles"],
            if_match,
            change,
        )
        .await
    }

    /// `PUT companies/{id}/members/{m}/group`, on the person's revision that was read.
    ///
    /// # Errors
    /// `stale-revision`, `forbidden`, `nothing-changed`.
    pub async fn put_group(
        &self,
        company: Uuid,
        member: Uuid,
        if_match: &str,
        change: &MoveMember,
    ) -> Result<Versioned<Member>, Error> {
        self.put(
            &["companies", &company.to_string(), "members", &member.to_string(), "group"],
            if_match,
            change,
        )
        .await
    }

    /// `PUT companies/{id}/members/{m}/standing`: disables or enables, on the person's revision that was read.
    ///
    /// # Errors
    /// `stale-revision`, `forbidden`, `would-lock-out`, `nothing-changed`.
    pub async fn put_standing(
        &self,
        company: Uuid,
        member: Uuid,
        if_match: &str,
        change: &ChangeStanding,
    ) -> Result<Versioned<Member>, Error> {
        self.put(
            &["companies", &company.to_string(), "members", &member.to_string(), "standing"],
            if_match,
            change,
        )
        .await
    }

    /// `POST companies/{id}/members/{m}/invitation`: sends a new link; the old one is dead.
    ///
    /// # Errors
    /// `conflict` where the person has a password already; `too-soon`.
    pub async fn renew_invitation(&self, company: Uuid, member: Uuid) -> Result<(), Error> {
        let path = ["companies", &company.to_string(), "members", &member.to_string(), "invitation"];
        self.request(Method::POST, &path)?.done().await
    }

    /// `POST companies/{id}/members/{m}/unlock`: ends the lock of a second step; never one's own.
    ///
    /// # Errors
    /// `forbidden`, `nothing-changed`.
    pub async fn unlock_member(&self, company: Uuid, member: Uuid) -> Result<(), Error> {
        let path = ["companies", &company.to_string(), "members", &member.to_string(), "unlock"];
        self.request(Method::POST, &path)?.done().await
    }

    /// `POST companies/{id}/members/resets`: *Force two-step verification reset*; the answer is a person each.
    ///
    /// # Errors
    /// `forbidden`, `step-up-required`.
    pub async fn reset_members(&self, company: Uuid, reset: &ResetMembers) -> Result<ResetResult, Error> {
        self.post(&["companies", &company.to_string(), "members", "resets"], reset).await
    }

    /// `DELETE companies/{id}/members/{m}/personal-data`: erases what names the person, for good.
    ///
    /// # Errors
    /// `forbidden` for the Master Account Holder; `step-up-required`.
    pub async fn erase_member(&self, company: Uuid, member: Uuid) -> Result<(), Error> {
        let path = ["companies", &company.to_string(), "members", &member.to_string(), "personal-data"];
        self.request(Method::DELETE, &path)?.done().await
    }
}
