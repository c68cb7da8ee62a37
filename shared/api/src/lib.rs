//! The shapes of the HTTP API: what the command service answers and its clients send.
//!
//! Requests refuse unknown fields. Times are RFC 3339 in UTC. Every refusal is a [`Problem`].

mod audit;
mod backup;
mod break_glass;
mod channel_key;
mod company;
mod dead_letters;
mod delivery;
mod group;
mod link;
mod master_key;
mod member;
mod policy;
mod problem;
mod read_models;
mod session;
mod set_up;
mod sign_in;
mod unmasking;

pub use audit::{AuditEvent, AuditEvents, AuditState, AuditSubject};
pub use backup::{BackUp, BackedUp};
pub use break_glass::{BreakGlass, GlassBroken};
pub use channel_key::{AskForChannelKey, ChannelKeyHandedOver};
pub use company::{Branding, Company, CreateCompany, CreatedCompany, SmsCountries, TransferAccount};
pub use dead_letters::{DeadLetter, DeadLetters, RedriveDeadLetter, RedrivenDeadLetter};
pub use delivery::{Channel, Deliveries, Delivery};
pub use group::{ChangeGroup, Choice, CreateGroup, Enforcement, Group, Groups, Lock, PutEnforcement, Reach};
pub use link::{
    AcceptInvitation, Invitation, LinkState, OpenVerificationLink, PasswordReset, RequestPasswordReset,
    ResetPassword, VerificationLink,
};
pub use master_key::{MasterKeyRotated, PossessionChallenge, RotateMasterKey};
pub use member::{
    Activation, ChangeRoles, ChangeStanding, InviteMember, Member, Members, MoveMember, ResetMembers,
    ResetOutcome, ResetResult, Role, Standing,
};
pub use policy::{
    NamedPerson, Policy, PolicyEffect, PutPolicy, SavedPolicy, StuckPerson, Technicians, Transition,
};
pub use problem::{FieldError, Problem, ProblemType};
pub use read_models::{RebuiltModel, RebuiltModels};
pub use session::{ChangePassword, Me, Session, Sessions};
pub use set_up::{
    Activated, ConfirmCode, ConfirmContact, Pairing, RecoveryCodes, SetUp, StartSetUp, Step, StepRole,
    StepState, VerifyEmail, VerifyPhone,
};
pub use sign_in::{
    Client, ClientKind, CodeSent, DeliveryState, Method, Next, OfferedMethod, ProofKind, RequestCode,
    SetUpReason, SignIn, StartSignIn, Verify,
};
pub use unmasking::{HistoryPlace, Unmask, Unmasked, UnmaskedBy, UnmaskedScope};
