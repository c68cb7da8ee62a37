//! What lies around every page: title, menu, notice.

use chrono::{DateTime, Utc};
use twostep_api::{Me, Role};
use twostep_clock::Zone;
use uuid::Uuid;

use crate::{assets, notice::Notice, once, when};

/// The part of a page that the layout draws.
pub(crate) struct Frame {
    pub(crate) title: String,
    pub(crate) product: String,
    pub(crate) company: String,
    pub(crate) csrf: String,
    /// What a form holds that must happen once.
    pub(crate) once: Option<Uuid>,
    pub(crate) menu: Option<Menu>,
    /// Whether somebody in the middle of a sign-in can leave it here.
    pub(crate) leave: bool,
    pub(crate) notice: Option<Notice>,
    pub(crate) now: DateTime<Utc>,
    /// Whose clock times are shown by; UTC for somebody unknown.
    pub(crate) zone: Zone,
    pub(crate) style: String,
    pub(crate) icon: String,
}

/// The menu of somebody signed in.
pub(crate) struct Menu {
    pub(crate) name: String,
    /// Whether their two-step verification is on.
    on: bool,
    /// *Global Settings*: Master Admins alone.
    pub(crate) settings: bool,
    /// The organisation tree: Master Admins and Admins, and auditors to look on.
    pub(crate) organisation: bool,
}

impl Frame {
    pub(crate) fn new(title: &str, csrf: String, now: DateTime<Utc>, notice: Option<Notice>) -> Self {
        Self {
            title: title.to_owned(),
            product: "Twostep".to_owned(),
            company: String::new(),
            csrf,
            once: once::draw(),
            menu: None,
            leave: false,
            notice,
            now,
            zone: Zone::default(),
            style: assets::style_path(),
            icon: assets::icon_path(),
        }
    }

    /// The same, naming what the person knows.
    pub(crate) fn of(mut self, product: &str, company: &str) -> Self {
        product.clone_into(&mut self.product);
        company.clone_into(&mut self.company);
        self
    }

    /// The same with the menu of `me`.
    pub(crate) fn with_menu(self, me: &Me) -> Self {
        let is = |role| me.roles.contains(&role);
        let menu = Menu {
            name: me.name.clone(),
            on: !me.methods.is_empty(),
            settings: is(Role::MasterAdmin),
            organisation: is(Role::MasterAdmin) || is(Role::Admin) || is(Role::Auditor),
        };
        let frame = self.of(&me.product_name, &me.company_name).in_zone(&me.time_zone);
        Self { menu: Some(menu), ..frame }
    }

    /// The same with times as they are in the zone of that name.
    pub(crate) fn in_zone(self, name: &str) -> Self {
        Self { zone: Zone::or_utc(name), ..self }
    }

    /// The same with the menu, where there is somebody.
    pub(crate) fn with_menu_of(self, me: Option<&Me>) -> Self {
        match me {
            Some(me) => self.with_menu(me),
            None => self,
        }
    }

    /// Whether somebody is signed in whose two-step verification is on, so that a set-up is an edit.
    pub(crate) fn is_on(&self) -> bool {
        self.menu.as_ref().is_some_and(|menu| menu.on)
    }

    /// Whether the notice says already from when on something is possible.
    pub(crate) fn says_when(&self) -> bool {
        self.notice.as_ref().is_some_and(|notice| notice.next_at.is_some())
    }

    /// What is wrong with a field.
    pub(crate) fn wrong(&self, field: &str) -> Option<&str> {
        let fields = &self.notice.as_ref()?.fields;
        fields.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.message.as_str())
    }

    /// An instant to wait for, in words.
    pub(crate) fn wait(&self, at: &DateTime<Utc>) -> String {
        when::wait(*at, self.now, self.zone)
    }
}
