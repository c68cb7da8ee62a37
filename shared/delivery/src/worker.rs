//! The one step that a worker takes, the same for both channels.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use twostep_clock::SharedClock;
use twostep_domain::delivery::{Channel, Failure};

use crate::progress::Progress;
use crate::retry::{MARGIN, deadline, delay, is_code};
use crate::told::tell;
use crate::{
    Accepted, ChannelKeys, Claim, Claims, Consumer, Ids, Jitter, Message, Outcome, QueueError, Report,
    Reporter, Request, Step, Submit, SubmitError, Trace,
};

/// Why nobody knows what became of a message whose worker died.
const WENT_AWAY: &str = "the worker went away while the provider was being asked";

/// How long to leave a message alone that another worker has.
const BUSY: std::time::Duration = std::time::Duration::from_secs(5);

/// What a worker works with.
pub struct Worker {
    /// Which channel it serves.
    pub channel: Channel,
    /// Its name in claims: one per process.
    pub name: String,
    /// The channel's keys.
    pub keys: ChannelKeys,
    /// Where messages come from.
    pub consumer: Arc<dyn Consumer>,
    /// Who works on which message.
    pub claims: Arc<dyn Claims>,
    /// Where its word goes.
    pub reporter: Arc<dyn Reporter>,
    /// The way out.
    pub out: Arc<dyn Submit>,
    /// What time it is.
    pub clock: SharedClock,
    /// How waits are drawn.
    pub jitter: Jitter,
}

/// What is left of a step once the message is claimed.
struct Claimed {
    request: Request,
    attempt: u32,
    sent_before: bool,
}

/// How a claimed message goes on.
enum Verdict {
    /// Keep, tell, take off the queue.
    End(Outcome),
    /// A code whose call was cut short: let go and put back.
    PutBack(std::time::Duration, Step),
    /// A code: tell those who wait for it, let go and put back.
    TellAndPutBack(Outcome, std::time::Duration, Step),
    /// A link or notice: tell, let go, take off the queue; the log tries again.
    ToTheLog(Outcome, Step),
}

impl Worker {
    /// Takes the next message and deals with it; waits while there is none.
    ///
    /// # Errors
    /// [`QueueError`]: what was taken out comes again.
    pub async fn run_once(&self) -> Result<Step, QueueError> {
        let message = self.consumer.next(self.channel).await?;
        self.step(message, &CancellationToken::new()).await
    }

    /// Deals with one message: parse, claim, expired?, superseded?, open, submit, keep, tell, take off.
    ///
    /// The claim comes before the question whether it expired: what another try has ended already must not get a
    /// second ending. `hurry` cuts a provider's call short.
    ///
    /// # Errors
    /// [`QueueError`]: the message comes again.
    pub async fn step(
        &self,
        message: Box<dyn Message>,
        hurry: &CancellationToken,
    ) -> Result<Step, QueueError> {
        Trace::within(message.trace(), self.deal_with(message, hurry)).await
    }

    async fn deal_with(
        &self,
        message: Box<dyn Message>,
        hurry: &CancellationToken,
    ) -> Result<Step, QueueError> {
        let Some(request) = self.parse(message.as_ref()) else {
            return self.bury(message).await;
        };
        let (attempt, sent_before) = match self.claims.claim(self.channel, request.id, &self.name).await? {
            Claim::Taken { attempt } => (attempt, false),
            Claim::TakenAfterSubmitting { attempt } => (attempt, true),
            Claim::Decided(word) => {
                self.tell(&word, message).await?;
                return Ok(Step::Ended);
            }
            Claim::Busy => return message.retry_after(BUSY).await.map(|()| Step::Busy),
        };
        let claimed = Claimed { request, attempt, sent_before };
        let verdict = self.judge(&claimed, message.as_ref(), hurry).await?;
        self.carry_out(&claimed, message, verdict).await
    }

    /// What it asks for; the operator is told what can't be read, and nothing that is in it.
    fn parse(&self, message: &dyn Message) -> Option<Request> {
        // The source of a shape error may quote the message, so only its class is logged.
        let why = match Request::decode(message.bytes()) {
            Ok(request) if request.channel == self.channel => return Some(request),
            Ok(_) => "it is another channel's".to_owned(),
            Err(error) => error.to_string(),
        };
        let (channel, place, bytes) = (self.channel.as_str(), message.place(), message.bytes().len());
        let id = Ids::of(message.bytes()).map(|ids| ids.id.to_string());
        tracing::error!(channel, place, id, bytes, why, "a message is poison");
        None
    }

    /// Ends a message that can't be read: told where its ids are readable, taken off the queue always.
    async fn bury(&self, message: Box<dyn Message>) -> Result<Step, QueueError> {
        const UNREADABLE: &str = "the message has a shape that this worker does not read";
        if let Some(Ids { id, company, round }) = Ids::of(message.bytes()) {
            let outcome = poison(UNREADABLE);
            let (channel, at, round) = (self.channel, self.clock.now(), Some(round));
            let word = Report { id, company, channel, round, attempts: 0, at, outcome };
            self.reporter.report(&word).await?;
        }
        message.bury(UNREADABLE).await?;
        Ok(Step::Failed(Failure::Poison))
    }

    async fn judge(
        &self,
        claimed: &Claimed,
        message: &dyn Message,
        hurry: &CancellationToken,
    ) -> Result<Verdict, QueueError> {
        let Claimed { request, sent_before, .. } = claimed;
        if *sent_before && !is_code(request.kind) {
            return Ok(lost(WENT_AWAY));
        }
        let over = if self.clock.now() > deadline(request) {
            Some(Outcome::Expired)
        } else if message.superseded().await? {
            let (because, reason) = (Failure::Superseded, "a newer message carries the same code".to_owned());
            Some(Outcome::Failed { because, reason })
        } else {
            None
        };
        if let Some(outcome) = over {
            // What may be there already has neither expired nor been replaced.
            return Ok(if *sent_before { lost(WENT_AWAY) } else { Verdict::End(outcome) });
        }
        let Ok(mut payload) = self.keys.open(request.id, &request.payload) else {
            return Ok(Verdict::End(poison("the payload does not open with this channel's keys")));
        };
        payload.content.drop_dead_code(self.clock.now() + MARGIN);
        let progress = Progress {
            message,
            claims: self.claims.as_ref(),
            channel: self.channel,
            id: request.id,
            worker: &self.name,
        };
        progress.submitting().await?;
        let submitted = progress.during(self.out.submit(request, &payload));
        let answer = tokio::select! {
            answer = submitted => answer,
            () = hurry.cancelled() => return Ok(self.cut_short(claimed)),
        };
        Ok(match answer {
            Ok(Accepted { provider, provider_id }) => {
                Verdict::End(Outcome::Submitted { provider, provider_id })
            }
            Err(error) => self.after(claimed, error),
        })
    }

    /// A code may be sent twice, anything else is unknown.
    fn cut_short(&self, claimed: &Claimed) -> Verdict {
        if is_code(claimed.request.kind) {
            return Verdict::PutBack(std::time::Duration::ZERO, Step::HandedBack);
        }
        lost("the worker was stopped while the provider was being asked")
    }

    fn after(&self, claimed: &Claimed, error: SubmitError) -> Verdict {
        let code = is_code(claimed.request.kind);
        match error {
            SubmitError::Unknown { provider, reason } => Verdict::End(Outcome::Unknown { provider, reason }),
            SubmitError::Retry { after, reason } => self.again(claimed, after, reason, Outcome::Expired),
            SubmitError::Reject { because: Failure::Configuration, reason } if !code => {
                // Nobody's address is to blame: a link or a notice outlives the operator's mistake.
                let because = Failure::Configuration;
                let ending = Outcome::Failed { because, reason: reason.clone() };
                self.again(claimed, None, reason, ending)
            }
            SubmitError::Reject { because, reason } => Verdict::End(Outcome::Failed { because, reason }),
        }
    }

    /// Another try, if there is time for one before the deadline; else the given ending.
    fn again(
        &self,
        claimed: &Claimed,
        after: Option<std::time::Duration>,
        reason: String,
        ending: Outcome,
    ) -> Verdict {
        let Claimed { request, attempt, .. } = claimed;
        let wait = delay(request.kind, *attempt, after, &self.jitter);
        let next_at = TimeDelta::from_std(wait).ok().and_then(|by| self.clock.now().checked_add_signed(by));
        match next_at {
            Some(next_at) if next_at <= deadline(request) => {
                let (outcome, step) = (Outcome::Retrying { reason, next_at }, Step::Retrying { next_at });
                if is_code(request.kind) {
                    return Verdict::TellAndPutBack(outcome, wait, step);
                }
                Verdict::ToTheLog(outcome, step)
            }
            _ => Verdict::End(ending),
        }
    }

    /// A last word is kept before it is told, so that no provider is called again when telling fails. What goes on is let
    /// go before that is told: the provider surely has nothing, and a try that nobody heard of is one more try. The
    /// message leaves the queue last.
    async fn carry_out(
        &self,
        claimed: &Claimed,
        message: Box<dyn Message>,
        verdict: Verdict,
    ) -> Result<Step, QueueError> {
        let id = claimed.request.id;
        match verdict {
            Verdict::End(outcome) => {
                let word = self.word(claimed, outcome);
                self.claims.decide(&self.name, &word).await?;
                self.tell(&word, message).await?;
                Ok(Step::from(&word.outcome))
            }
            Verdict::PutBack(wait, step) => {
                self.claims.release(self.channel, id, &self.name).await?;
                message.retry_after(wait).await.map(|()| step)
            }
            Verdict::TellAndPutBack(outcome, wait, step) => {
                self.claims.release(self.channel, id, &self.name).await?;
                self.reporter.report(&self.word(claimed, outcome)).await?;
                message.retry_after(wait).await.map(|()| step)
            }
            Verdict::ToTheLog(outcome, step) => {
                self.claims.release(self.channel, id, &self.name).await?;
                self.reporter.report(&self.word(claimed, outcome)).await?;
                message.acknowledge().await.map(|()| step)
            }
        }
    }

    /// Tells a last word that is kept, takes off the queue.
    async fn tell(&self, word: &Report, message: Box<dyn Message>) -> Result<(), QueueError> {
        self.reporter.report(word).await?;
        message.acknowledge().await
    }

    fn word(&self, claimed: &Claimed, outcome: Outcome) -> Report {
        let Request { id, company, channel, round, .. } = claimed.request;
        let untried = matches!(
            outcome,
            Outcome::Expired | Outcome::Failed { because: Failure::Superseded | Failure::Poison, .. }
        );
        let attempts = if untried { claimed.attempt.saturating_sub(1) } else { claimed.attempt };
        let (round, at) = (Some(round), self.clock.now());
        let word = Report { id, company, channel, round, attempts, at, outcome };
        tell(&claimed.request, &word);
        word
    }
}

fn poison(reason: &str) -> Outcome {
    Outcome::Failed { because: Failure::Poison, reason: reason.to_owned() }
}

fn lost(reason: &str) -> Verdict {
    let outcome = Outcome::Unknown { provider: "unknown".to_owned(), reason: reason.to_owned() };
    Verdict::End(outcome)
}
