//! What can be asked of a company.

use std::collections::BTreeSet;

use super::{Branding, Policy, Removal, Transition, UnmaskedScope};
use crate::{Country, Locale, MemberId, Name, Slug, Time, TimeZone};

/// A command on a company. Who may give it is settled before; what must hold whoever gives it is decided here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompanyCommand {
    /// The company comes into being and claims its slug.
    Register(Register),
    /// *Save Changes* on the policy page, or taking the last change back.
    ChangePolicy(ChangePolicy),
    /// Somebody becomes a Master Admin.
    AddMasterAdmin(AddMasterAdmin),
    /// Somebody stops being one.
    RemoveMasterAdmin(RemoveMasterAdmin),
    /// Another Master Admin becomes the Master Account Holder.
    TransferAccount(TransferAccount),
    /// The company presents itself differently.
    ChangeBranding(ChangeBranding),
    /// Texts may go to other countries.
    ChangeSmsCountries(ChangeSmsCountries),
    /// The operator lets a Master Admin in who can't get in any other way.
    BreakGlass(BreakGlass),
    /// The relay stops the texts to a dialling code; Master Admins are told, once a day.
    StopTexts(StopTexts),
    /// Whoever has the host and the master key wants to be shown personal data.
    Unmask(Unmask),
}

/// See [`CompanyCommand::Register`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// Its short name; the stream's id follows from it.
    pub slug: Slug,
    /// Its name.
    pub name: Name,
    /// Its own country, the first that texts may go to.
    pub country: Country,
    /// Its language.
    pub locale: Locale,
    /// Its time zone.
    pub time_zone: TimeZone,
    /// The Master Account Holder.
    pub account_holder: MemberId,
    /// Product name, account name in apps, sender.
    pub branding: Branding,
}

/// See [`CompanyCommand::ChangePolicy`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePolicy {
    /// The policy to have.
    pub new: Policy,
    /// Why; 1 to [`MAX_REASON`](crate::MAX_REASON) characters.
    pub reason: String,
    /// What becomes of those who are set up.
    pub transition: Transition,
    /// Whether enrolments of people whom `new` doesn't cover end.
    pub turn_off_uncovered: bool,
    /// The revision of the change to take back; then `new` is the policy before it, nothing is reset and nothing turned off.
    pub undo_of: Option<u64>,
}

/// See [`CompanyCommand::AddMasterAdmin`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddMasterAdmin {
    /// Who.
    pub member: MemberId,
}

/// See [`CompanyCommand::RemoveMasterAdmin`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoveMasterAdmin {
    /// Who.
    pub member: MemberId,
    /// What takes them out.
    pub because: Removal,
    /// A fact: those of the roster who are able to sign in (enabled, login claimed, password or live invitation).
    pub able: BTreeSet<MemberId>,
}

/// See [`CompanyCommand::TransferAccount`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferAccount {
    /// To whom.
    pub to: MemberId,
}

/// See [`CompanyCommand::ChangeBranding`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeBranding {
    /// The names to have.
    pub new: Branding,
}

/// See [`CompanyCommand::ChangeSmsCountries`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSmsCountries {
    /// The countries to have.
    pub new: BTreeSet<Country>,
    /// Why; at most [`MAX_REASON`](crate::MAX_REASON) characters, may be empty.
    pub reason: String,
}

/// See [`CompanyCommand::BreakGlass`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakGlass {
    /// Whom; a Master Admin.
    pub member: MemberId,
    /// Why; 1 to [`MAX_REASON`](crate::MAX_REASON) characters.
    pub reason: String,
}

/// See [`CompanyCommand::StopTexts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopTexts {
    /// Which dialling code.
    pub dialling_code: u16,
    /// When.
    pub now: Time,
}

/// See [`CompanyCommand::Unmask`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmask {
    /// Whose account on the host asks.
    pub uid: u32,
    /// What is to be shown.
    pub scope: UnmaskedScope,
    /// Why; 1 to [`MAX_REASON`](crate::MAX_REASON) characters.
    pub reason: String,
}
