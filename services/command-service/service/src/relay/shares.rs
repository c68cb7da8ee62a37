//! How many notices of one company lie in the queue at a time: a mass reset takes its turn beside the other companies' notices.

use std::collections::{HashMap, VecDeque};

use twostep_domain::CompanyId;

use super::due::Task;

/// The most notices of a company in the queue. It keeps every worker busy (some seconds' worth of mail), and a hundred companies
/// that flood at once still find room in a queue of 100,000.
pub(super) const SHARE: usize = 1_000;

/// What lies in the queue of each company, and what waits until less does.
#[derive(Default)]
pub(super) struct Shares {
    lying: HashMap<CompanyId, usize>,
    waiting: HashMap<CompanyId, VecDeque<Task>>,
}

impl Shares {
    /// A notice of `company` was put into the queue.
    pub(super) fn took(&mut self, company: CompanyId) {
        *self.lying.entry(company).or_default() += 1;
    }

    /// One of them has left it. What may be tried now: all that fits, once half of the share is free, so that a long line is
    /// looked at a few times and not once for each that ends.
    pub(super) fn left(&mut self, company: CompanyId) -> Vec<Task> {
        let Some(lying) = self.lying.get_mut(&company) else { return Vec::new() };
        *lying = lying.saturating_sub(1);
        let lying = *lying;
        if lying == 0 {
            self.lying.remove(&company);
        }
        if lying > SHARE / 2 {
            return Vec::new();
        }
        let Some(waiting) = self.waiting.get_mut(&company) else { return Vec::new() };
        // Not each of them becomes a message: nothing lying, nothing would end that lets the rest go on.
        let fit = if lying == 0 { waiting.len() } else { waiting.len().min(SHARE - lying) };
        let free = waiting.drain(..fit).collect();
        if waiting.is_empty() {
            self.waiting.remove(&company);
        }
        free
    }

    /// The task of `company`, unless as much of it lies in the queue as may.
    pub(super) fn unless_full(&mut self, company: CompanyId, task: Task) -> Option<Task> {
        if self.lying.get(&company).is_none_or(|lying| *lying < SHARE) {
            return Some(task);
        }
        self.waiting.entry(company).or_default().push_back(task);
        None
    }

    /// How much waits.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.values().map(VecDeque::len).sum()
    }

    /// Everything that waits, for whoever looks at all of it.
    pub(super) fn release(&mut self) -> Vec<Task> {
        std::mem::take(&mut self.waiting).into_values().flatten().collect()
    }
}
