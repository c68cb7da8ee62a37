use super::{Enforcing, Reason, Subject, requires_two_step};
use crate::Aggregate;
use crate::company::{Policy, TechnicianScope};
use crate::group::{
    Choice, Enforcement, Group, GroupCreated, GroupEnforcementChanged, GroupState, effective,
};
use crate::samples::name;
use crate::{Role, Roles};

/// Every case, written out from the product's facts 2, 4, 5 and 14; never computed.
///
/// `A` = the rule for administrators hits, `T` = the one for all technicians, `G` = the one for selected groups, `-` = none does.
/// The box: `off` = neither the person's group nor the one above is ticked; `own` = the person's is; `above` = the one
/// above is, with *also subgroups*, and the person's follows; `beside` = the one above is, for itself alone.
const TABLE: &str = "
    admins  technicians  box     |  MAH  master  admin  tech  tech+admin  auditor  operator
    off     none         off     |  -    -       -      -     -           -        -
    off     none         own     |  -    -       -      -     -           -        -
    off     none         above   |  -    -       -      -     -           -        -
    off     none         beside  |  -    -       -      -     -           -        -
    off     all          off     |  -    -       -      T     T           -        -
    off     all          own     |  -    -       -      T     T           -        -
    off     all          above   |  -    -       -      T     T           -        -
    off     all          beside  |  -    -       -      T     T           -        -
    off     selected     off     |  -    -       -      -     -           -        -
    off     selected     own     |  -    -       -      G     G           -        -
    off     selected     above   |  -    -       -      G     G           -        -
    off     selected     beside  |  -    -       -      -     -           -        -
    on      none         off     |  A    A       A      -     A           A        A
    on      none         own     |  A    A       A      -     A           A        A
    on      none         above   |  A    A       A      -     A           A        A
    on      none         beside  |  A    A       A      -     A           A        A
    on      all          off     |  A    A       A      T     AT          A        A
    on      all          own     |  A    A       A      T     AT          A        A
    on      all          above   |  A    A       A      T     AT          A        A
    on      all          beside  |  A    A       A      T     AT          A        A
    on      selected     off     |  A    A       A      -     A           A        A
    on      selected     own     |  A    A       A      G     AG          A        A
    on      selected     above   |  A    A       A      G     AG          A        A
    on      selected     beside  |  A    A       A      -     A           A        A
";

#[test]
fn the_policy_hits_exactly_whom_the_table_says() {
    let mut lines = TABLE.lines().map(str::trim).filter(|line| !line.is_empty());
    let (_, people) = lines.next().unwrap().split_once('|').unwrap();
    let mut cells = 0;
    for line in lines {
        let (case, expected) = line.split_once('|').unwrap();
        let [admins, technicians, ticked] = case.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let policy = Policy { admins: admins == "on", technicians: scope(technicians), ..Policy::default() };
        for (who, expected) in people.split_whitespace().zip(expected.split_whitespace()) {
            let subject = Subject { roles: &roles(who), group: effective(&groups(ticked)) };
            assert_eq!(requires_two_step(&policy, &subject), reasons(expected), "{case} {who}");
            cells += 1;
        }
    }
    assert_eq!(cells, 2 * 3 * 4 * 7);
}

#[test]
fn somebody_without_a_role_is_hit_by_no_rule() {
    let policy = Policy { admins: true, technicians: TechnicianScope::All, ..Policy::default() };
    let subject = Subject { roles: &Roles::default(), group: Enforcing::On };
    assert_eq!(requires_two_step(&policy, &subject), vec![]);
}

#[test]
fn a_new_companys_policy_hits_nobody() {
    let everything =
        Roles::of([Role::MasterAdmin, Role::Admin, Role::Technician, Role::Auditor, Role::Operator]);
    let subject = Subject { roles: &everything, group: Enforcing::On };
    assert_eq!(requires_two_step(&Policy::default(), &subject), vec![]);
}

fn scope(text: &str) -> TechnicianScope {
    match text {
        "none" => TechnicianScope::None,
        "all" => TechnicianScope::All,
        "selected" => TechnicianScope::SelectedGroups,
        other => panic!("{other}"),
    }
}

fn roles(who: &str) -> Roles {
    match who {
        "MAH" | "master" => Roles::of([Role::MasterAdmin]),
        "admin" => Roles::of([Role::Admin]),
        "tech" => Roles::of([Role::Technician]),
        "tech+admin" => Roles::of([Role::Technician, Role::Admin]),
        "auditor" => Roles::of([Role::Auditor]),
        "operator" => Roles::of([Role::Operator]),
        other => panic!("{other}"),
    }
}

/// The person's group and the one above.
fn groups(ticked: &str) -> [GroupState; 2] {
    match ticked {
        "off" => [group(Choice::Follow, false), group(Choice::Follow, false)],
        "own" => [group(Choice::Enforce, false), group(Choice::Follow, false)],
        "above" => [group(Choice::Follow, false), group(Choice::Enforce, true)],
        "beside" => [group(Choice::Follow, false), group(Choice::Enforce, false)],
        other => panic!("{other}"),
    }
}

fn group(choice: Choice, also_subgroups: bool) -> GroupState {
    let new = Enforcement { choice, also_subgroups };
    Group::fold(&[
        GroupCreated { name: name("Desk"), parent: None }.into(),
        GroupEnforcementChanged { old: Enforcement::default(), new, reason: String::new() }.into(),
    ])
}

fn reasons(cell: &str) -> Vec<Reason> {
    let reason = |letter| match letter {
        'A' => Reason::Administrators,
        'T' => Reason::AllTechnicians,
        'G' => Reason::SelectedGroup,
        other => panic!("{other}"),
    };
    cell.chars().filter(|letter| *letter != '-').map(reason).collect()
}
