//! Who is in the demo company: one of each kind, in nested groups.

use twostep_api::Role;

/// The company's short name.
pub(crate) const SLUG: &str = "demo";
/// The Master Account Holder's login.
pub(crate) const HOLDER: &str = "holder@demo.example";

/// The groups, each with the one it lies in; parents first.
pub(crate) const GROUPS: &[(&str, Option<&str>)] =
    &[("Support", None), ("Support Europe", Some("Support")), ("Night shift", Some("Support Europe"))];

/// The group that the Admin manages, with everything below it.
pub(crate) const ADMINS_GROUP: &str = "Support";

/// Somebody of the demo company.
pub(crate) struct Person {
    /// Login and work address.
    pub(crate) login: &'static str,
    /// What they are called.
    pub(crate) name: &'static str,
    /// What they may do.
    pub(crate) roles: &'static [Role],
    /// Their technician group.
    pub(crate) group: Option<&'static str>,
}

/// Everybody but the Master Account Holder.
pub(crate) const PEOPLE: &[Person] = &[
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
