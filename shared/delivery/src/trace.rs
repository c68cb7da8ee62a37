//! What somebody asked for, found again in the log output of every program that works on it: W3C Trace Context.
//!
//! The trace of a request is its correlation, which the log keeps with each event: so a message that is published again
//! after a restart is of the same trace, and nobody has to remember one.

use std::fmt;
use std::str::FromStr;

use tracing::Instrument as _;
use uuid::Uuid;

tokio::task_local! {
    /// What this task works on.
    static CURRENT: Trace;
}

/// Which request something is because of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace(Uuid);

/// Not a `traceparent` as <https://www.w3.org/TR/trace-context/> has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no traceparent")]
pub struct NoTrace;

impl Trace {
    /// The header that carries it.
    pub const HEADER: &str = "traceparent";

    /// The trace of that id; the nil id is none.
    #[must_use]
    pub fn of(id: Uuid) -> Option<Self> {
        (!id.is_nil()).then_some(Self(id))
    }

    /// Its id: the correlation of its events.
    #[must_use]
    pub fn id(self) -> Uuid {
        self.0
    }

    /// What the task that asks works on, if it is known.
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|trace| *trace).ok()
    }

    /// Does `work` within `trace`, if there is one: lines that it logs name it, and what it puts into a queue carries it.
    pub async fn within<W: Future>(trace: Option<Self>, work: W) -> W::Output {
        let Some(trace) = trace else { return work.await };
        // Whatever level is logged, its lines name their trace.
        let span = tracing::error_span!("because_of", trace_id = %trace);
        CURRENT.scope(trace, work.instrument(span)).await
    }

    /// The header's value, for a message or report about `step`. Nobody records spans here, so none is flagged as recorded.
    #[must_use]
    pub fn header(self, step: Uuid) -> String {
        let (high, low) = step.as_u64_pair();
        // A parent of zeros is no parent; ids of ours are never that.
        format!("00-{self}-{:016x}-00", (high ^ low).max(1))
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

impl FromStr for Trace {
    type Err = NoTrace;

    fn from_str(header: &str) -> Result<Self, NoTrace> {
        let mut parts = header.splitn(5, '-');
        let mut part = |length| {
            let hex = |part: &&str| {
                part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            };
            parts.next().filter(hex).ok_or(NoTrace)
        };
        let (version, id, parent, _flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
        // A later version may say more after its flags, the first one may not; ff is none.
        let ends = parts.next().is_none();
        if version == "ff" || version == "00" && !ends || parent.bytes().all(|b| b == b'0') {
            return Err(NoTrace);
        }
        id.parse().ok().and_then(Self::of).ok_or(NoTrace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0af7651916cd43dd8448eb211c80319c";

    #[test]
    fn a_header_of_the_standard_is_read() {
        for header in [
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09-what-comes-later",
        ] {
            assert_eq!(header.parse::<Trace>().unwrap().to_string(), ID, "{header}");
        }
    }

    #[test]
    fn anything_else_is_no_header() {
        for header in [
            "",
            "0af7651916cd43dd8448eb211c80319c",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "00-0af76519-16cd-43dd-8448-eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        ] {
            assert_eq!(header.parse::<Trace>(), Err(NoTrace), "{header}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let trace = Trace::of(ID.parse().unwrap()).unwrap();
        for step in [Uuid::nil(), Uuid::max(), Uuid::from_u128(7)] {
            assert_eq!(trace.header(step).parse(), Ok(trace), "{}", trace.header(step));
        }
        assert_eq!(Trace::of(Uuid::nil()), None);
    }

    #[tokio::test]
    async fn work_knows_what_it_is_because_of_and_other_work_does_not() {
        let trace = Trace::of(Uuid::from_u128(7));
        assert_eq!(Trace::within(trace, async { Trace::current() }).await, trace);
        assert_eq!(Trace::within(None, async { Trace::current() }).await, None);
    }
}
