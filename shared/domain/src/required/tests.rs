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
/// The box of the person's group, of the one above, and that one's *also subgroups*: `off` = neither box is ticked; `also` =
/// neither is, with *also subgroups* above; `own` and `own+also` = the person's alone is, without it and with it; `beside` and
/// `above` = the one above alone is, for itself and with *also subgroups*; `both` and `all` = both are, the upper for itself
/// and with *also subgroups*. `dont` = the person's group says *don't* under one that is ticked with *also subgroups*.
const TABLE: &str = "
    admins  technicians  box       |  MAH  master  admin  tech  tech+admin  auditor  operator
    off     none         off       |  -    -       -      -     -           -        -
    off     none         also      |  -    -       -      -     -           -        -
    off     none         own       |  -    -       -      -     -           -        -
    off     none         own+also  |  -    -       -      -     -           -        -
    off     none         above     |  -    -       -      -     -           -        -
    off     none         beside    |  -    -       -      -     -           -        -
    off     none         both      |  -    -       -      -     -           -        -
    off     none         all       |  -    -       -      -     -           -        -
    off     none         dont      |  -    -       -      -     -           -        -
    off     all          off       |  -    -       -      T     T           -        -
    off     all          also      |  -    -       -      T     T           -        -
    off     all          own       |  -    -       -      T     T           -        -
    off     all          own+also  |  -    -       -      T     T           -        -
    off     all          above     |  -    -       -      T     T           -        -
    off     all          beside    |  -    -       -      T     T           -        -
    off     all          both      |  -    -       -      T     T           -        -
    off     all          all       |  -    -       -      T     T           -        -
    off     all          dont      |  -    -       -      T     T           -        -
    off     selected     off       |  -    -       -      -     -           -        -
    off     selected     also      |  -    -       -      -     -           -        -
    off     selected     own       |  -    -       -      G     G           -        -
    off     selected     own+also  |  -    -       -      G     G           -        -
    off     selected     above     |  -    -       -      G     G           -        -
    off     selected     beside    |  -    -       -      -     -           -        -
    off     selected     both      |  -    -       -      G     G           -        -
    off     selected     all       |  -    -       -      G     G           -        -
    off     selected     dont      |  -    -       -      -     -           -        -
    on      none         off       |  A    A       A      -     A           A        A
    on      none         also      |  A    A       A      -     A           A        A
    on      none         own       |  A    A       A      -     A           A        A
    on      none         own+also  |  A    A       A      -     A           A        A
    on      none         above     |  A    A       A      -     A           A        A
    on      none         beside    |  A    A       A      -     A           A        A
    on      none         both      |  A    A       A      -     A           A        A
    on      none         all       |  A    A       A      -     A           A        A
    on      none         dont      |  A    A       A      -     A           A        A
    on      all          off       |  A    A       A      T     AT          A        A
    on      all          also      |  A    A       A      T     AT          A        A
    on      all          own       |  A    A       A      T     AT          A        A
    on      all          own+also  |  A    A       A      T     AT          A        A
    on      all          above     |  A    A       A      T     AT          A        A
    on      all          beside    |  A    A       A      T     AT          A        A
    on      all          both      |  A    A       A      T     AT          A        A
    on      all          all       |  A    A       A      T     AT          A        A
    on      all          dont      |  A    A       A      T     AT          A        A
    on      selected     off       |  A    A       A      -     A           A        A
    on      selected     also      |  A    A       A      -     A           A        A
    on      selected     own       |  A    A       A      G     AG          A        A
    on      selected     own+also  |  A    A       A      G     AG          A        A
    on      selected     above     |  A    A       A      G     AG          A        A
    on      selected     beside    |  A    A       A      -     A           A        A
    on      selected     both      |  A    A       A      G     AG          A        A
    on      selected     all       |  A    A       A      G     AG          A        A
    on      selected     dont      |  A    A       A      -     A           A        A
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
    assert_eq!(cells, 2 * 3 * 9 * 7);
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
        "also" => [group(Choice::Follow, false), group(Choice::Follow, true)],
        "own" => [group(Choice::Enforce, false), group(Choice::Follow, false)],
        "own+also" => [group(Choice::Enforce, false), group(Choice::Follow, true)],
        "above" => [group(Choice::Follow, false), group(Choice::Enforce, true)],
        "beside" => [group(Choice::Follow, false), group(Choice::Enforce, false)],
        "both" => [group(Choice::Enforce, false), group(Choice::Enforce, false)],
        "all" => [group(Choice::Enforce, false), group(Choice::Enforce, true)],
        "dont" => [group(Choice::Dont, false), group(Choice::Enforce, true)],
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
