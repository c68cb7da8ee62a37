//! The stream of delivery states: server-sent events (WHATWG HTML, 9.2).

use std::collections::VecDeque;

use futures::{Stream, stream};
use reqwest::{Method, Response, header::ACCEPT};
use twostep_api::DeliveryState;

use crate::{Client, Error, request::accept};

/// The event that carries a [`DeliveryState`].
const DELIVERY: &str = "delivery";

/// Longest event that is taken.
const LONGEST: usize = 64 * 1024;

/// Opens the stream at `path`; only its beginning is timed.
pub(crate) async fn open(
    client: &Client,
    path: &[&str],
) -> Result<impl Stream<Item = Result<DeliveryState, Error>> + Send + use<>, Error> {
    let patient = client.clone().with_timeout(std::time::Duration::from_secs(24 * 60 * 60));
    let request = patient.request(Method::GET, path)?.into_builder().header(ACCEPT, "text/event-stream");
    let begun = tokio::time::timeout(client.timeout, request.send());
    let response =
        begun.await.map_err(|_| Error::Unusable { reason: "the stream didn't begin".to_owned() })?;
    Ok(stream::unfold(Events::new(accept(response?).await?), Events::next))
}

struct Events {
    response: Response,
    parser: Parser,
    ended: bool,
}

impl Events {
    fn new(response: Response) -> Self {
        Self { response, parser: Parser::default(), ended: false }
    }

    async fn next(mut self) -> Option<(Result<DeliveryState, Error>, Self)> {
        while !self.ended {
            if let Some(event) = self.parser.events.pop_front() {
                return Some((event, self));
            }
            match self.response.chunk().await {
                Ok(Some(chunk)) => self.ended = !self.parser.push(&chunk),
                Ok(None) => return None,
                Err(error) => {
                    self.ended = true;
                    return Some((Err(error.into()), self));
                }
            }
        }
        None
    }
}

#[derive(Default)]
struct Parser {
    line: Vec<u8>,
    name: String,
    data: String,
    events: VecDeque<Result<DeliveryState, Error>>,
}

impl Parser {
    /// Takes a piece of the stream; false: it isn't one that we read on.
    fn push(&mut self, chunk: &[u8]) -> bool {
        for byte in chunk {
            if *byte == b'\n' {
                let line = std::mem::take(&mut self.line);
                self.end_line(String::from_utf8_lossy(&line).trim_end_matches('\r'));
            } else {
                self.line.push(*byte);
            }
            if self.line.len() + self.data.len() > LONGEST {
                return false;
            }
        }
        true
    }

    fn end_line(&mut self, line: &str) {
        if line.is_empty() {
            return self.end_event();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            // Comments keep the connection alive; ids and retry times say nothing to us.
            _ => {}
        }
    }

    fn end_event(&mut self) {
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        if name == DELIVERY {
            let state = serde_json::from_str(&data)
                .map_err(|_| Error::Unexpected { status: 200, what: "an event of another shape" });
            self.events.push_back(state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_whole_however_the_bytes_are_cut() {
        let text = ": hello\n\nevent: delivery\r\ndata: {\"method\":\"sms\",\"state\":\"submitted\",\r\n\
                    data: \"at\":\"2026-11-20T10:00:00Z\"}\r\n\r\nevent: other\ndata: x\n\n";
        let mut parser = Parser::default();
        for byte in text.as_bytes() {
            assert!(parser.push(&[*byte]));
        }
        let states: Vec<String> = parser.events.into_iter().map(|event| event.unwrap().state).collect();
        assert_eq!(states, ["submitted"]);
    }

    #[test]
    fn an_endless_line_is_not_read_on() {
        assert!(!Parser::default().push(&vec![b'x'; LONGEST + 1]));
    }
}
