//! What can have happened to a company.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Branding, Epoch, Policy, Transition, UnmaskedScope};
use crate::codec::events;
use crate::notice::NoticeRequested;
use crate::{Country, Locale, MemberId, Name, Slug, Time, TimeZone};

events! {
    /// The events of a company's stream.
    pub enum CompanyEvent {
        CompanyRegistered = 1,
        PolicyChanged = 1,
        MasterAdminAdded = 1,
        MasterAdminRemoved = 1,
        AccountHolderTransferred = 1,
        BrandingChanged = 1,
        SmsCountriesChanged = 1,
        GlassBroken = 1,
        TextsStopped = 1,
        PersonalDataUnmasked = 1,
        NoticeRequested = 1,
    }
}

/// The company exists; at revision 0 this is the claim of its slug.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CompanyRegistered {
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: Name,
    /// Its own country: the default of the countries that texts go to.
    pub country: Country,
    /// Its language.
    pub locale: Locale,
    /// Its time zone.
    pub time_zone: TimeZone,
    /// The Master Account Holder, first in the roster of Master Admins.
    pub account_holder: MemberId,
    /// Product name, account name in apps, sender.
    pub branding: Branding,
}

/// The policy is another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyChanged {
    /// What was.
    pub old: Policy,
    /// What is.
    pub new: Policy,
    /// Why, in the words of who changed it; at most 500 characters.
    pub reason: String,
    /// How it treats those who are set up.
    pub transition: Transition,
    /// Activations started under a lower epoch no longer count.
    pub required_epoch: Epoch,
    /// Enrolments of people whom the new policy doesn't cover end.
    pub turn_off_uncovered: bool,
    /// The revision of the change that this one takes back, if it is an undo.
    pub undo_of: Option<u64>,
}

/// Somebody became a Master Admin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MasterAdminAdded {
    /// Who.
    pub member: MemberId,
}

/// Somebody is no longer a Master Admin; appended before anything that shrinks the roster takes effect elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MasterAdminRemoved {
    /// Who.
    pub member: MemberId,
    /// What takes them out.
    pub because: Removal,
}

/// What takes a Master Admin out of the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    /// The role was taken.
    Demoted,
    /// The person was disabled.
    Disabled,
    /// The person's data was erased.
    Erased,
}

/// Another Master Admin holds the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccountHolderTransferred {
    /// Who held it.
    pub from: MemberId,
    /// Who holds it.
    pub to: MemberId,
}

/// The company presents itself differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BrandingChanged {
    /// What was.
    pub old: Branding,
    /// What is.
    pub new: Branding,
}

/// The countries that texts may go to are others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SmsCountriesChanged {
    /// What they were.
    pub old: BTreeSet<Country>,
    /// What they are.
    pub new: BTreeSet<Country>,
    /// Why, in the words of who changed it.
    pub reason: String,
}

/// The operator let a Master Admin in who could not get in any other way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GlassBroken {
    /// Whom.
    pub member: MemberId,
    /// Why, in the operator's words.
    pub reason: String,
}

/// Hardly anybody typed the codes that were texted to a dialling code: no more are, until the hour is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TextsStopped {
    /// Which dialling code: 49 of +49.
    pub dialling_code: u16,
    /// When.
    pub at: Time,
}

/// Somebody on the host is shown personal data of this company's history; recorded before they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonalDataUnmasked {
    /// Whose account on the host asked: its number there, in the operating system's word.
    pub uid: u32,
    /// What is shown.
    pub scope: UnmaskedScope,
    /// Why, in their words.
    pub reason: String,
}
