//! The one who asks on behalf of all who wait.

use std::collections::VecDeque;
use std::time::Duration;

use async_nats::jetstream::{AckKind, Message};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use twostep_delivery::QueueError;
use twostep_domain::delivery::Urgency;

use super::given::{Given, Turn, Wish};
use crate::SHORTEST;
use crate::lane::{Lane, Said};
use crate::server::Server;

/// So long no notice takes a hand after an urgent message found none, unless one comes before: by then that one has come
/// again, here or elsewhere.
const YIELDS: Duration = Duration::from_millis(500);

/// How long a server is left alone that couldn't be asked.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Clerk {
    server: Server,
    urgent: Lane,
    notices: Option<Lane>,
    /// Those who take anything.
    any: VecDeque<Turn>,
    /// Those who leave notices alone.
    kept: VecDeque<Turn>,
    desk: mpsc::WeakUnboundedSender<Wish>,
    connections: watch::Receiver<u64>,
    /// Until when nothing is asked.
    rests: Instant,
    /// Until when no notice is asked for.
    yields: Instant,
}

impl Clerk {
    pub(super) fn new(
        server: Server,
        urgent: Lane,
        notices: Option<Lane>,
        desk: mpsc::WeakUnboundedSender<Wish>,
    ) -> Self {
        let (connections, now) = (server.connected.connections(), Instant::now());
        let (any, kept) = (VecDeque::new(), VecDeque::new());
        Self { server, urgent, notices, any, kept, desk, connections, rests: now, yields: now }
    }

    /// Until nobody can wish for anything any more.
    pub(super) async fn serve(mut self, mut told: mpsc::UnboundedReceiver<Wish>) {
        loop {
            let wakes = self.wakes();
            tokio::select! {
                wish = told.recv() => {
                    let Some(wish) = wish else { return };
                    self.note(wish).await;
                    // What is free at the same time is asked for in one request.
                    while let Ok(wish) = told.try_recv() {
                        self.note(wish).await;
                    }
                }
                said = self.urgent.hear(&self.server) => self.said(Urgency::Urgent, said).await,
                said = hear(&mut self.notices, &self.server) => self.said(Urgency::Notice, said).await,
                Ok(()) = self.connections.changed() => self.start_over(),
                () = until(wakes) => self.give_up(),
            }
            self.ask().await;
        }
    }

    async fn note(&mut self, wish: Wish) {
        match wish {
            Wish::Wait(Some(Urgency::Urgent), turn) => self.kept.push_back(turn),
            Wish::Wait(_, turn) => self.any.push_back(turn),
            Wish::Back(urgency, message) => self.give(urgency, message).await,
        }
    }

    async fn said(&mut self, urgency: Urgency, said: Said) {
        match said {
            Said::Message(message) => self.give(urgency, message).await,
            Said::Nothing => {}
            Said::Refused(why) => self.fail(self.server.unavailable("taking a message", why)),
        }
    }

    /// Gives a message to somebody who waits; where nobody does any more, another worker may have it.
    async fn give(&mut self, urgency: Urgency, message: Box<Message>) {
        let Some(desk) = self.desk.upgrade() else { return };
        if self.minds_the_time() && self.server.clocks.are_apart() {
            return put_back(&message, PAUSE).await;
        }
        let mut given = Given::new(urgency, message, desk);
        while let Some(turn) = self.turn(urgency) {
            match turn.send(Ok(given)) {
                Err(Ok(kept)) => given = kept,
                Ok(()) | Err(Err(_)) => return self.yield_for(urgency, Duration::ZERO),
            }
        }
        self.yield_for(urgency, YIELDS);
        if let Some(message) = given.take() {
            put_back(&message, SHORTEST).await;
        }
    }

    /// Notices wait so long for an urgent message that went back.
    fn yield_for(&mut self, urgency: Urgency, by: Duration) {
        if urgency == Urgency::Urgent {
            self.yields = Instant::now() + by;
        }
    }

    /// Whoever takes messages ends those whose time is over; reports have no end.
    fn minds_the_time(&self) -> bool {
        self.notices.is_some()
    }

    /// Whose turn it is: hands that leave notices alone are kept free as long as there are others.
    fn turn(&mut self, urgency: Urgency) -> Option<Turn> {
        match urgency {
            Urgency::Urgent => self.any.pop_front().or_else(|| self.kept.pop_front()),
            Urgency::Notice => self.any.pop_front(),
        }
    }

    /// Asks for as many messages as hands are free; for notices where nothing urgent lies.
    async fn ask(&mut self) {
        self.any.retain(|turn| !turn.is_closed());
        self.kept.retain(|turn| !turn.is_closed());
        let now = Instant::now();
        let free = self.any.len() + self.kept.len();
        if self.rests > now || free == 0 {
            return;
        }
        let agreed = if self.minds_the_time() { self.urgent.agree(&self.server).await } else { Ok(()) };
        if let Err(error) = agreed {
            return self.fail(error);
        }
        let mut asked = self.urgent.ask(free, &self.server).await;
        if let Some(notices) = &mut self.notices
            && asked.is_ok()
            && self.urgent.is_empty()
            && self.yields <= now
        {
            asked = notices.ask(self.any.len(), &self.server).await;
        }
        if let Err(error) = asked {
            self.fail(error);
        }
    }

    /// Tells one of those who wait what is wrong: that the others would say the same helps nobody.
    fn fail(&mut self, error: QueueError) {
        self.rests = Instant::now() + PAUSE;
        let mut told = Err(error);
        while let Some(turn) = self.turn(Urgency::Urgent) {
            match turn.send(told) {
                Ok(()) => return,
                Err(kept) => told = kept,
            }
        }
    }

    /// A connection that came about anew has nothing to answer.
    fn start_over(&mut self) {
        self.rests = Instant::now();
        self.lanes().for_each(Lane::forget);
    }

    fn lanes(&mut self) -> impl Iterator<Item = &mut Lane> {
        std::iter::once(&mut self.urgent).chain(&mut self.notices)
    }

    /// When something is due without anybody's word.
    fn wakes(&self) -> Option<Instant> {
        let waited_for = std::iter::once(&self.urgent).chain(&self.notices).filter_map(Lane::until);
        let now = Instant::now();
        waited_for.chain([self.rests, self.yields].into_iter().filter(|end| *end > now)).min()
    }

    fn give_up(&mut self) {
        let (now, within) = (Instant::now(), self.server.sizes.answer_within);
        let mut late = false;
        for lane in self.lanes().filter(|lane| lane.until().is_some_and(|until| until <= now)) {
            lane.give_up();
            late = true;
        }
        if late {
            let why = format!("no answer within {} s", within.as_secs_f32());
            self.fail(self.server.unavailable("asking for messages", why));
        }
    }
}

async fn put_back(message: &Message, delay: Duration) {
    if let Err(error) = message.ack_with(AckKind::Nak(Some(delay))).await {
        tracing::warn!(%error, "a message could not be put back: it comes again later");
    }
}

async fn hear(lane: &mut Option<Lane>, server: &Server) -> Said {
    match lane {
        Some(lane) => lane.hear(server).await,
        None => std::future::pending().await,
    }
}

async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
