//! What a page says above itself.

use twostep_api::{FieldError, Problem, ProblemType};
use twostep_client::Error;

use crate::failure::Failure;

/// What to look at where an app's codes stay wrong.
pub(crate) const CLOCK: &str = " If it stays wrong: is your phone's clock set automatically?";

/// How a notice looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something went as asked.
    Good,
    /// Something to know.
    Plain,
    /// Something was refused.
    Bad,
}

impl Tone {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Plain => "plain",
            Self::Bad => "bad",
        }
    }
}

/// A few sentences above a page: what happened, and what to do next.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    pub(crate) tone: Tone,
    pub(crate) title: String,
    pub(crate) text: String,
    /// What to do next, where the text doesn't say.
    pub(crate) advice: &'static str,
    /// What is to be told one by one.
    pub(crate) lines: Vec<String>,
    /// From when on it can succeed.
    pub(crate) next_at: Option<chrono::DateTime<chrono::Utc>>,
    /// The fields that are wrong.
    pub(crate) fields: Vec<FieldError>,
    /// The status of the page that shows it.
    pub(crate) status: u16,
}

impl Notice {
    pub(crate) fn good(title: &str, text: &str) -> Self {
        Self::of(Tone::Good, title, text)
    }

    pub(crate) fn plain(title: &str, text: &str) -> Self {
        Self::of(Tone::Plain, title, text)
    }

    pub(crate) fn bad(title: &str, text: &str) -> Self {
        Self { status: 422, ..Self::of(Tone::Bad, title, text) }
    }

    fn of(tone: Tone, title: &str, text: &str) -> Self {
        Self {
            tone,
            title: title.to_owned(),
            text: text.to_owned(),
            advice: "",
            lines: Vec::new(),
            next_at: None,
            fields: Vec::new(),
            status: 200,
        }
    }

    /// The same where the form was older than what is in force: with what is different now.
    pub(crate) fn meanwhile(self, differences: impl FnOnce() -> Vec<String>) -> Self {
        if self.status == ProblemType::StaleRevision.status() {
            return Self { lines: differences(), ..self };
        }
        self
    }

    /// A refusal that the page itself shows, beside the form that was refused; other errors lead elsewhere.
    pub(crate) fn refused(error: Error) -> Result<Self, Failure> {
        let Error::Problem(problem) = error else { return Err(error.into()) };
        match problem.kind {
            ProblemType::NotSignedIn
            | ProblemType::SecondStepRequired
            | ProblemType::StepUpRequired
            | ProblemType::NotFound
            | ProblemType::Internal
            | ProblemType::Unavailable => Err(Failure::Api(Error::Problem(problem))),
            _ => Ok(Self::from(*problem)),
        }
    }
}

impl From<Problem> for Notice {
    fn from(problem: Problem) -> Self {
        let told: Vec<String> = match (problem.kind, problem.next_at) {
            // The page gives the time itself, in words.
            (ProblemType::TooSoon, Some(_)) => vec!["It is too early for this.".to_owned()],
            (ProblemType::KeyReused, _) => vec!["Nothing was done this time.".to_owned()],
            (ProblemType::StaleRevision, _) => vec!["Nothing of yours was saved.".to_owned()],
            (ProblemType::CodeUsed, Some(_)) => vec!["Each code of the app works once.".to_owned()],
            _ => problem.fields.iter().map(|wrong| sentence(&wrong.message)).collect(),
        };
        Self {
            tone: Tone::Bad,
            title: problem.title,
            // The API's own words name its fields, which the page calls otherwise.
            text: if told.is_empty() { sentence(&problem.detail) } else { told.join(" ") },
            advice: advice(problem.kind),
            lines: Vec::new(),
            next_at: problem.next_at,
            fields: problem.fields.into_iter().map(spoken).collect(),
            status: problem.status,
        }
    }
}

fn spoken(wrong: FieldError) -> FieldError {
    FieldError { message: sentence(&wrong.message), ..wrong }
}

/// Words as a sentence: with a capital and a full stop.
fn sentence(words: &str) -> String {
    let mut signs = words.chars();
    let Some(first) = signs.next() else { return String::new() };
    let stop = if words.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{stop}", first.to_uppercase(), signs.as_str())
}

/// What to do about a refusal, where its own words may not say.
pub(crate) fn advice(kind: ProblemType) -> &'static str {
    match kind {
        ProblemType::WrongCredentials => "Check both and try again, or set a new password if you forgot it.",
        ProblemType::CodeExpired => "Ask for a new code.",
        ProblemType::CodeUsed => "Wait for the next one; this try wasn't counted.",
        ProblemType::Forbidden => "Ask a Master Admin of your company if you need this.",
        ProblemType::WorkAddressFirst => {
            "Have the link or code sent to your work address, and confirm it there."
        }
        ProblemType::SetUpOutdated => "Start the set-up again; it takes a minute.",
        ProblemType::StaleRevision => {
            "Below is what is in force now: make your change again if it is still wanted."
        }
        ProblemType::NothingChanged => "It is as you want it already: there is nothing to do.",
        ProblemType::WouldLockOut => {
            "Nothing was changed. Make sure that another Master Admin can sign in first."
        }
        ProblemType::KeyReused => {
            "This page's form was sent before, with something else in it. Look below whether that is what you wanted; \
             if not, press the button again."
        }
        ProblemType::LoginTaken => "Choose another login.",
        ProblemType::PasswordRefused => "Choose another password.",
        ProblemType::Locked => {
            "Use a printed code, or ask an administrator of your group to unlock you. \
             A Master Account Holder asks another Master Admin."
        }
        ProblemType::Busy | ProblemType::Unavailable => "Nothing was changed. Wait a moment and try again.",
        ProblemType::Internal => {
            "Nothing that you did caused it. Wait a moment, try again, and tell your administrator if it stays."
        }
        ProblemType::NotFound => "It may have been removed, or it belongs to somebody else.",
        ProblemType::ClientCannotVerify => {
            "Ask an administrator of your group to reset your two-step verification."
        }
        ProblemType::CodeRejected
        | ProblemType::LinkDead
        | ProblemType::Malformed
        | ProblemType::InvalidFields
        | ProblemType::NotSigned
        | ProblemType::NotSignedIn
        | ProblemType::SecondStepRequired
        | ProblemType::StepUpRequired
        | ProblemType::MethodNotAllowed
        | ProblemType::Conflict
        | ProblemType::NotYetVerified
        | ProblemType::TooLarge
        | ProblemType::TooSlow
        | ProblemType::NotJson
        | ProblemType::RevisionRequired
        | ProblemType::TooSoon => "",
    }
}
