//! The list of passwords that everybody has.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The commonest passwords of 8 characters and more, one a line, in lower case.
pub(super) static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("commonest.txt").lines().filter(|line| !line.is_empty()).collect());
