//! `companies/{id}/groups`: technician groups and their box.

use reqwest::Method;
use twostep_api::{ChangeGroup, CreateGroup, Group, Groups, Lock, PutEnforcement};
use uuid::Uuid;

use crate::{Client, Error, Versioned};

impl Client {
    /// `GET companies/{id}/groups`: those that the asker may see, parents before children.
    ///
    /// # Errors
    /// `forbidden`.
    pub async fn groups(&self, company: Uuid) -> Result<Groups, Error> {
        self.get(&["companies", &company.to_string(), "groups"]).await
    }

    /// `POST companies/{id}/groups`.
    ///
    /// # Errors
    /// `forbidden`, `invalid-fields`, `step-up-required`.
    pub async fn create_group(&self, company: Uuid, create: &CreateGroup) -> Result<Group, Error> {
        self.post(&["companies", &company.to_string(), "groups"], create).await
    }

    /// `GET companies/{id}/groups/{g}`.
    ///
    /// # Errors
    /// `not-found`, also for groups that the asker may not see.
    pub async fn group(&self, company: Uuid, group: Uuid) -> Result<Versioned<Group>, Error> {
        self.get_versioned(&["companies", &company.to_string(), "groups", &group.to_string()]).await
    }

    /// `PUT companies/{id}/groups/{g}`: renames or moves it, on the revision that was read.
    ///
    /// # Errors
    /// `stale-revision`, `forbidden`, `invalid-fields` where it would lie in itself.
    pub async fn change_group(
        &self,
        company: Uuid,
        group: Uuid,
        if_match: &str,
        change: &ChangeGroup,
    ) -> Result<Versioned<Group>, Error> {
        self.put(&["companies", &company.to_string(), "groups", &group.to_string()], if_match, change).await
    }

    /// `PUT companies/{id}/groups/{g}/enforcement`: the box, on the revision that was read.
    ///
    /// # Errors
    /// `stale-revision`; `forbidden` where it is locked; `nothing-changed`.
    pub async fn put_enforcement(
        &self,
        company: Uuid,
        group: Uuid,
        if_match: &str,
        put: &PutEnforcement,
    ) -> Result<Versioned<Group>, Error> {
        let path = ["companies", &company.to_string(), "groups", &group.to_string(), "enforcement"];
        self.put(&path, if_match, put).await
    }

    /// `PUT companies/{id}/groups/{g}/enforcement/lock`: a Master Admin's, on the revision that was read.
    ///
    /// # Errors
    /// `stale-revision`, `forbidden`, `nothing-changed`.
    pub async fn put_lock(
        &self,
        company: Uuid,
        group: Uuid,
        if_match: &str,
        lock: &Lock,
    ) -> Result<Versioned<Group>, Error> {
        let path = ["companies", &company.to_string(), "groups", &group.to_string(), "enforcement", "lock"];
        self.put(&path, if_match, lock).await
    }

    /// `PUT companies/{id}/groups/{g}/admins/{member}`: assigns an Admin.
    ///
    /// # Errors
    /// `forbidden`, `nothing-changed`.
    pub async fn assign_group_admin(&self, company: Uuid, group: Uuid, member: Uuid) -> Result<(), Error> {
        self.group_admin(Method::PUT, company, group, member).await
    }

    /// `DELETE companies/{id}/groups/{g}/admins/{member}`: takes the assignment back.
    ///
    /// # Errors
    /// `forbidden`, `nothing-changed`.
    pub async fn remove_group_admin(&self, company: Uuid, group: Uuid, member: Uuid) -> Result<(), Error> {
        self.group_admin(Method::DELETE, company, group, member).await
    }

    async fn group_admin(
        &self,
        method: Method,
        company: Uuid,
        group: Uuid,
        member: Uuid,
    ) -> Result<(), Error> {
        let (company, group, member) = (company.to_string(), group.to_string(), member.to_string());
        let path = ["companies", company.as_str(), "groups", &group, "admins", &member];
        self.request(method, &path)?.done().await
    }
}
