//! lettre alone: one mail after the other on each of some connections with `TCP_NODELAY`.

use futures::future::try_join_all;
use lettre::Message;
use lettre::message::{MultiPart, header::ContentType};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;

use super::far_end::FarEnd;
use super::{MAILS, steady};

/// Mails in a second.
pub(super) async fn rate(far_end: &FarEnd, connections: usize) -> anyhow::Result<f64> {
    far_end.clear();
    // As large as the mails of the worker, give or take a line.
    let text = "Two-step verification is on for your account.\r\n".repeat(12);
    let message = Message::builder()
        .from("Bench Ltd <no-reply@bench.example>".parse()?)
        .to("Kim Example <person@bench.example>".parse()?)
        .subject("Two-step verification is on")
        .header(ContentType::TEXT_PLAIN)
        .multipart(MultiPart::alternative_plain_html(text.clone(), text.repeat(3)))?;
    let (envelope, bytes) = (&message.envelope().clone(), &message.formatted());
    let sending = (0..connections).map(|_| async move {
        let tcp = TcpStream::connect(("127.0.0.1", far_end.port)).await?;
        tcp.set_nodelay(true)?;
        let stream = Box::new(tcp);
        let mut smtp = AsyncSmtpConnection::connect_with_transport(stream, &ClientId::default()).await?;
        for _ in 0..MAILS / connections {
            smtp.send(envelope, bytes).await?;
        }
        smtp.quit().await?;
        anyhow::Ok(())
    });
    try_join_all(sending).await?;
    steady(&far_end.arrivals(MAILS).await?)
}
