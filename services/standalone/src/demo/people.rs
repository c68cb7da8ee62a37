//! Who is in the demo company: one of each kind, in nested groups.

use twostep_api::Role;

/// The company's short name.
pub(super) const SLUG: &str = "demo";
/// The Master Account Holder's login.
pub(super) const HOLDER: &str = "holder@demo.example";

/// The groups, each with the one it lies in; parents first.
pub(super) const GROUPS: &[(&str, Option<&str>)] =
    &[("Support", None), ("Support Europe", Some("Support")), ("Night shift", Some("Support Europe"))];

/// The group that the Admin manages, with everything below it.
pub(super) const ADMINS_GROUP: &str = "Support";

/// Somebody of the demo company.
pub(super) struct Person {
    /// Login and work address.
    pub(super) login: &'static str,
    /// What they are called.
    pub(super) name: &'static str,
    /// What they may do.
    pub(super) roles: &'static [Role],
    /// Their technician group.
    pub(super) group: Option<&'static str>,
}

/// Everybody but the Master Account Holder.
pub(super) const PEOPLE: &[Person] = &[
    Person {
        login: "master@demo.example",
        name: "Second Master Admin",
        roles: &[Role::MasterAdmin],
        group: None,
    },
    Person { login: "admin@demo.example", name: "Support Admin", roles: &[Role::Admin], group: None },
    Person {
        login: "tech.europe@demo.example",
        name: "Technician Europe",
        roles: &[Role::Technician],
        group: Some("Support Europe"),
    },
    Person {
        login: "tech.night@demo.example",
        name: "Technician Night",
        roles: &[Role::Technician],
        group: Some("Night shift"),
    },
    Person {
        login: "both@demo.example",
        name: "Admin and Technician",
        roles: &[Role::Admin, Role::Technician],
        group: Some("Support"),
    },
    Person { login: "auditor@demo.example", name: "Company Auditor", roles: &[Role::Auditor], group: None },
    Person {
        login: "operator@demo.example",
        name: "Delivery Operator",
        roles: &[Role::Operator],
        group: None,
    },
];
