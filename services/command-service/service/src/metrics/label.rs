//! The labels.

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};

/// A request that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Request {
    pub(super) method: &'static str,
    pub(super) route: String,
    pub(super) status: &'static str,
}

/// A route, however it answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Route {
    pub(super) method: &'static str,
    pub(super) route: String,
}

/// A step of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct SignIn {
    pub(super) outcome: SignInOutcome,
}

/// A worker's word on a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Delivery {
    pub(super) channel: &'static str,
    pub(super) outcome: &'static str,
}

/// A limit on texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Limit {
    pub(super) limit: &'static str,
}

/// A provider of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Provider {
    pub(super) channel: &'static str,
    pub(super) provider: String,
}

/// Messages of a channel and urgency.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Lane {
    pub(super) channel: &'static str,
    pub(super) urgency: &'static str,
}

/// A read model.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Model {
    pub(super) model: &'static str,
}

/// A load of a stream.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Load {
    pub(super) stream: &'static str,
}

/// An append.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Append {
    pub(super) stream: &'static str,
    pub(super) outcome: AppendOutcome,
}

macro_rules! outcomes {
    ($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum $name {
            $($(#[$about])* $variant,)*
        }

        impl EncodeLabelValue for $name {
            fn encode(&self, encoder: &mut LabelValueEncoder) -> std::fmt::Result {
                match self { $(Self::$variant => $word.encode(encoder),)* }
            }
        }
    };
}

outcomes! {
    /// What came of a step of a sign-in.
    SignInOutcome {
        /// A session.
        SignedIn = "signed_in",
        /// The second step is asked for.
        SecondStepAsked = "second_step_asked",
        /// The set-up is asked for.
        SetUpAsked = "set_up_asked",
        /// Two-step verification was activated.
        Activated = "activated",
        /// Login or password were wrong.
        WrongCredentials = "wrong_credentials",
        /// A wrong code.
        CodeRejected = "code_rejected",
        /// Refused for now: too many failures.
        Delayed = "delayed",
        /// Refused by another rule.
        Refused = "refused",
        /// A part of ours failed.
        Failed = "failed",
    }
}

outcomes! {
    /// What came of an append.
    AppendOutcome {
        /// It is durable.
        Durable = "durable",
        /// Somebody was faster.
        Conflict = "conflict",
        /// The log refused or failed.
        Failed = "failed",
    }
}
