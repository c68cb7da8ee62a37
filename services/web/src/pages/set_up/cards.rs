//! The methods of a set-up, as the page shows them.

use chrono::{DateTime, Utc};
use twostep_api::{Method, ProofKind, SetUp, Step, StepState};

use crate::words;

/// One method: what it is, how far it is, and the button.
pub(super) struct Card {
    pub(super) kind: ProofKind,
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    /// Why it is suggested.
    pub(super) hint: &'static str,
    pub(super) state: Option<StepState>,
    pub(super) destination: String,
    pub(super) next_send_at: Option<DateTime<Utc>>,
    /// Whether its button steps back behind another one.
    pub(super) calm: bool,
}

impl Card {
    fn of(kind: ProofKind, steps: &[Step], hint: &'static str) -> Self {
        let step = steps.iter().find(|step| step.kind == kind);
        Self {
            kind,
            name: words::proof(kind),
            what: what(kind),
            hint,
            state: step.map(|step| step.state),
            destination: step.and_then(|step| step.destination.clone()).unwrap_or_default(),
            next_send_at: step.and_then(|step| step.next_send_at),
            calm: step.is_some(),
        }
    }

    /// Whether it is proven, now or before.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.state, Some(StepState::Verified | StepState::Kept))
    }

    /// Whether its code or link is out.
    pub(super) fn is_waiting(&self) -> bool {
        self.state == Some(StepState::Waiting)
    }

    /// The word beside the name.
    pub(super) fn badge(&self) -> &'static str {
        match self.state {
            Some(StepState::Verified) => "Done",
            Some(StepState::Kept) => "In force",
            Some(StepState::Waiting) => "Waiting",
            None => "",
        }
    }
}

/// The work address, which the company wants confirmed before anything else.
pub(super) fn work_address(set_up: &SetUp) -> Card {
    Card::of(ProofKind::Email, &set_up.steps, "")
}

/// The primary method.
pub(super) fn primary(set_up: &SetUp) -> Card {
    Card::of(words::proof_by(set_up.primary), &set_up.steps, "")
}

/// The methods that may be the backup, the suggested one first.
pub(super) fn backups(set_up: &SetUp) -> Vec<Card> {
    let primary = words::proof_by(set_up.primary);
    let mut kinds: Vec<ProofKind> = set_up.backups.iter().copied().filter(|kind| *kind != primary).collect();
    // What is in force or under way is shown though it is suggested no more.
    for step in &set_up.steps {
        if step.kind != primary && !kinds.contains(&step.kind) {
            kinds.push(step.kind);
        }
    }
    let several = kinds.len() > 1;
    let hint = |at: usize, kind| if at == 0 && several { suggestion(set_up.primary, kind) } else { "" };
    let mut cards: Vec<Card> =
        kinds.iter().enumerate().map(|(at, kind)| Card::of(*kind, &set_up.steps, hint(at, *kind))).collect();
    // One thing at a time: the primary first, then the suggested backup; one is enough.
    let calm = !self::primary(set_up).is_done() || cards.iter().any(Card::is_done);
    for (at, card) in cards.iter_mut().enumerate() {
        card.calm |= calm || at > 0;
    }
    cards
}

fn what(kind: ProofKind) -> &'static str {
    match kind {
        ProofKind::App => "Any authenticator app on a phone or computer shows you six digits.",
        ProofKind::Sms => "We text you a code. No app is needed.",
        ProofKind::Email => "We mail you a code. No phone is needed.",
        ProofKind::Printed => "Ten codes on paper, each good once. Neither phone nor mailbox is needed.",
    }
}

fn suggestion(primary: Method, kind: ProofKind) -> &'static str {
    match (primary, kind) {
        (Method::App, ProofKind::Email) => {
            "Suggested: text messages arrive on the phone that holds the app, so losing it would cost you both."
        }
        (Method::Sms, ProofKind::Email) => "Suggested: a mailbox still works when the phone is lost.",
        (_, _) => "Suggested.",
    }
}
