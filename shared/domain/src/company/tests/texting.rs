//! What is asked of people where no texts are sent, case by case.

use std::collections::BTreeSet;

use crate::company::{Policy, Texting};
use crate::{BackupKind, Method};

/// Letters: `a`pp, `s`ms, `e`-mail, `p`rinted codes. `needs`: whether saving it is refused without texts.
const TABLE: &str = "
    policy   |  needs  primary  backups
    a aesp   |  no     a        ep
    a s      |  yes    a        p
    a es     |  no     a        e
    e as     |  no     e        a
    e s      |  yes    e        p
    e esp    |  no     e        p
    s aep    |  yes    a        ep
    s ep     |  yes    e        p
    s e      |  yes    e        p
    s a      |  yes    a        p
    s p      |  yes    a        p
    s sp     |  yes    a        p
";

#[test]
fn without_texts_another_allowed_method_takes_their_place_and_somebody_can_always_get_in() {
    for line in TABLE.lines().map(str::trim).filter(|line| !line.is_empty()).skip(1) {
        let [primary, backups, _, needs, instead, beside] = line.split_whitespace().collect::<Vec<_>>()[..]
        else {
            panic!("{line}")
        };
        let policy = Policy { primary: method(primary), backups: kinds(backups), ..Policy::default() };
        let with = policy.demand(Texting::Possible);
        assert_eq!((with.primary, with.backups), (policy.primary, policy.allowed_backups()), "{line}");
        let without = policy.demand(Texting::Impossible);
        assert_eq!((without.primary, without.backups), (method(instead), kinds(beside)), "{line}");
        assert_eq!(policy.needs_texts(), needs == "yes", "{line}");
    }
}

fn method(letter: &str) -> Method {
    kinds(letter).first().and_then(|kind| kind.method()).unwrap()
}

fn kinds(letters: &str) -> BTreeSet<BackupKind> {
    let kind = |letter| match letter {
        'a' => BackupKind::App,
        's' => BackupKind::Sms,
        'e' => BackupKind::Email,
        'p' => BackupKind::Printed,
        other => panic!("{other}"),
    };
    letters.chars().map(kind).collect()
}
