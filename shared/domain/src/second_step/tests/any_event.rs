//! Any event with any content, in no order that a decision would make.

use proptest::prelude::*;

use super::world::{World, all_kinds, digest, web};
use crate::company::Epoch;
use crate::second_step::*;
use crate::{
    BackupKind, Client, KeyPeriod, MemberId, Method, PairingId, Sealed, SessionId, SetUpId, SignInId, Time,
    TotpStep,
};

pub(super) fn method() -> impl Strategy<Value = Method> {
    prop_oneof![Just(Method::App), Just(Method::Sms), Just(Method::Email)]
}

pub(super) fn id(n: u8) -> uuid::Uuid {
    uuid::Uuid::from_u128(n.into())
}

/// Any event, with ids and times from small sets so that they meet, and the ends of time among them.
pub(super) fn any_event() -> impl Strategy<Value = SecondStepEvent> {
    let time = prop_oneof![
        6 => (0_i64..100_000).prop_map(|s| Time::UNIX_EPOCH + chrono::TimeDelta::seconds(s)),
        1 => Just(Time::MAX_UTC),
        1 => Just(Time::MIN_UTC),
    ];
    let raw = (0_u8..35, 1_u8..4, 1_u8..4, time.clone(), time, method(), any::<bool>());
    raw.prop_map(|(which, a, b, at, expires_at, method, flag)| {
        event(which, (a, b), (at, expires_at), method, flag)
    })
}

fn event(
    which: u8,
    (a, b): (u8, u8),
    (at, expires_at): (Time, Time),
    method: Method,
    flag: bool,
) -> SecondStepEvent {
    let requirement = World::new().requirement;
    let judgement = requirement.judgement;
    let (set_up, sign_in, session) = (SetUpId(id(a)), SignInId(id(a)), SessionId(id(b)));
    let challenge = crate::ChallengeId(id(b));
    let pairing = PairingId(id(b));
    let client: Client = web();
    let during = if flag { During::SignIn(sign_in) } else { During::SetUp(set_up) };
    let step = TotpStep(if flag { u64::MAX } else { b.into() });
    let dispatch = Dispatch {
        challenge,
        method,
        destination: Sealed("x".into()),
        destination_hash: digest(&b.to_string()),
        key: KeyPeriod("2026-11-24".into()),
        expires_at,
    };
    let link_key = KeyPeriod("2026-11".into());
    let proof = Proof::password().and(method.into());
    match which {
        0 => SetUpStarted {
            set_up,
            owner: if flag { SetUpOwner::SignIn(SignInId(id(b))) } else { SetUpOwner::Session(session) },
            epoch: Epoch(1),
            primary: method,
            backups: all_kinds(),
            keeps: all_kinds(),
            expires_at,
            edits: flag.then_some(set_up),
            company: 1,
            work_address_first: flag.then(|| digest("work")),
            at,
        }
        .into(),
        1 => AuthenticatorPairingStarted { set_up, pairing, seed: Sealed("x".into()), expires_at, at }.into(),
        2 => AuthenticatorPaired { set_up, pairing, step, at }.into(),
        3 => {
            EmailVerificationRequested { set_up, dispatch, link_key, link_expires_at: expires_at, at }.into()
        }
        4 => VerificationLinkOpened { set_up, challenge, at }.into(),
        5 => PrimaryEmailVerified { set_up, challenge, at }.into(),
        6 => BackupEmailVerified { set_up, challenge, at }.into(),
        7 => PhoneVerificationRequested { set_up, dispatch, at }.into(),
        8 => PrimaryPhoneVerified { set_up, challenge, at }.into(),
        9 => BackupPhoneVerified { set_up, challenge, at }.into(),
        10 => RecoveryCodesIssued {
            set_up: flag.then_some(set_up),
            codes: [digest("1")].into(),
            as_backup: flag,
            at,
        }
        .into(),
        11 => MfaActivated {
            set_up,
            epoch: Epoch(1),
            primary: method,
            backup: BackupKind::Printed,
            company: 1,
            at,
        }
        .into(),
        12 => MethodRemoved { method: method.into() }.into(),
        13 => MfaTurnedOff { session }.into(),
        14 => MfaResetForced { reason: String::new() }.into(),
        15 => SignInStarted {
            sign_in,
            purpose: if flag { Purpose::SignIn } else { Purpose::StepUp(session) },
            token: digest("1"),
            client,
            excluded: None,
            password: 3,
            expires_at,
            at,
        }
        .into(),
        16 => SecondStepNotRequired { sign_in, judgement }.into(),
        17 => SetUpRequired { sign_in, judgement }.into(),
        18 => ChallengeIssued { sign_in, offered: vec![method.into()], judgement }.into(),
        19 => CodeRequested { during, dispatch, at }.into(),
        20 => CodeResent { during, dispatch, link: None, at }.into(),
        21..=23 => CodeRejected {
            during,
            method: method.into(),
            challenge: flag.then_some(challenge),
            failures: 1,
            typed: if a == 1 { Typed::ScreenCode } else { Typed::Code },
            at,
        }
        .into(),
        24 => {
            CodeAccepted { during, method, challenge: flag.then_some(challenge), step: Some(step), at }.into()
        }
        25 => RecoveryCodeAccepted { during, code: digest("1"), remaining: 0, at }.into(),
        26 => SecondStepLocked { failures: u32::MAX }.into(),
        27 => SecondStepUnlocked { by: Unlocker::Administrator(MemberId(id(9))) }.into(),
        28 => SignedIn {
            sign_in,
            session,
            token: digest("1"),
            amr: proof.amr,
            aal: proof.aal,
            password: 3,
            client,
            judgement,
            expires_at,
            at,
        }
        .into(),
        29 => SteppedUp { sign_in, session, amr: proof.amr, aal: u8::MAX, at }.into(),
        30 => SessionSeen { session, at }.into(),
        31 => SessionEnded { session, because: EndReason::Revoked }.into(),
        32 => ResetsRequested { members: vec![MemberId(id(a))] }.into(),
        33 => crate::RequestAnswered {}.into(),
        _ => PasswordChangeAuthorised { session: flag.then_some(session), reset_by: None, at }.into(),
    }
}
