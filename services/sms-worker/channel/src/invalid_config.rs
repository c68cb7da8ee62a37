//! Why the channel's settings can't be used.

/// The settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidConfig {
    /// There is no provider.
    #[error("no provider is configured: nothing could be sent")]
    NoProvider,
    /// A provider is of no kind, or of several.
    #[error("provider {provider}: exactly one of `twilio`, `vonage` and `webhook` is set")]
    Kind {
        /// Which provider.
        provider: String,
    },
    /// Twilio's sender.
    #[error("provider {provider}: exactly one of `from` and `messaging_service` is set")]
    Sender {
        /// Which provider.
        provider: String,
    },
    /// The address is one that production must not call (S28).
    #[error(
        "provider {provider}: its URL is https to a public host; http and private addresses are for the demo"
    )]
    Url {
        /// Which provider.
        provider: String,
    },
    /// Nobody could say what became of a text.
    #[error(
        "provider {provider}: `statuses` needs sms.status_url, https in production: where they are taken"
    )]
    StatusUrl {
        /// Which provider.
        provider: String,
    },
    /// The body is no JSON.
    #[error("provider {provider}: `body` is not JSON once its placeholders are filled")]
    Body {
        /// Which provider.
        provider: String,
    },
    /// A header can't be sent.
    #[error("provider {provider}: the header {header} can't be sent")]
    Header {
        /// Which provider.
        provider: String,
        /// Which header.
        header: String,
    },
    /// The HTTP client can't be made.
    #[error("provider {provider}: preparing the HTTP client")]
    Client {
        /// Which provider.
        provider: String,
        /// Why.
        source: reqwest::Error,
    },
}
