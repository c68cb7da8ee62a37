//! What is logged, at the most talkative level, holds no address, code or link (S10).

use std::io;
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;

use crate::fixture::Fixture;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn s10_nothing_secret_is_logged() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
    let fixture = Fixture::new(1).await;
    {
        let _guard = tracing::subscriber::set_default(subscriber.finish());
        tracing::info!("marks the log");
        fixture.send().await.unwrap();
    }
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("marks the log"), "the log is captured");
    for secret in ["ada@x.example", "123456", "123 456"] {
        assert!(!logged.contains(secret), "{secret} in {logged}");
    }
}
