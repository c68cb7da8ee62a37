//! The first step: it must come first, is limited by itself, and tells nothing before it is proven.

use serde_json::json;
use twostep_api::{
    AcceptInvitation, AuditEvent, ChangeStanding, Next, ProblemType, ProofKind, RequestCode, SignIn,
    StartSignIn, Verify,
};
use twostep_client::{AuditPage, Client, Error};
use twostep_tests::harness::{Plain, Product as _};
use twostep_tests::story::{Latest, NOBODYS_CODE, Stage, password, refused, sign_in, token};

#[tokio::test]
async fn s12_no_second_step_without_the_first_in_the_same_sign_in() {
    let stage = Stage::enforcing("first").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let code = ann.next_code(&stage).await.unwrap();
    let verify = Verify { method: ProofKind::App, code: code.clone() };
    let nobody = stage.product.api().unwrap();
    let forged = nobody.with_token(&format!("{}x", pending.token));
    let session = &ann.session;
    for (who, kind) in [
        (&nobody, ProblemType::NotSignedIn),
        (&forged, ProblemType::NotSignedIn),
        // A session is no pending sign-in: it completes its own step-ups only.
        (session, ProblemType::NotFound),
    ] {
        refused(who.verify(pending.id, &verify).await, kind).unwrap();
        let request = RequestCode { method: twostep_api::Method::Email };
        refused(who.request_code(pending.id, &request).await, kind).unwrap();
        refused(who.sign_in(pending.id).await, kind).unwrap();
    }
    // A sign-in that must set up takes no code of anybody, and none that doesn't exist does.
    let (bob, _) = stage.hire("bob").await.unwrap();
    let bob = stage.sign_in(&bob).await.unwrap();
    assert_eq!(bob.next, Next::SetUp);
    refused(bob.verify(ProofKind::App, &code).await, ProblemType::Conflict).unwrap();
    refused(bob.send(twostep_api::Method::Email).await, ProblemType::Conflict).unwrap();
    refused(bob.api.verify(uuid::Uuid::nil(), &verify).await, ProblemType::NotFound).unwrap();
    refused(bob.api.activate().await, ProblemType::Conflict).unwrap();
    // A sign-in that must verify can't be turned into a set-up.
    let start = twostep_api::StartSetUp::default();
    refused(pending.api.start_set_up(&start).await, ProblemType::Conflict).unwrap();
    refused(pending.api.activate().await, ProblemType::Conflict).unwrap();
    pending.verify(ProofKind::App, &code).await.unwrap();
}

#[tokio::test]
async fn s12_wrong_passwords_wait_longer_and_longer_but_never_for_good() {
    let stage = Stage::open("waits").await.unwrap();
    let (known, _) = stage.hire("ann").await.unwrap();
    let api = stage.product.api().unwrap();
    let attempt = async |login: &str, password: &str| {
        let (login, password) = (login.to_owned(), password.to_owned());
        api.start_sign_in(&StartSignIn { company: None, login, password, client: None }).await
    };
    let mut waits = Vec::new();
    for login in [&known, &stage.login("nobody")] {
        let mut waited = Vec::new();
        while waited.len() < 10 {
            match attempt(login, "wrong password, long").await {
                Err(Error::Problem(problem)) if problem.kind == ProblemType::TooSoon => {
                    let now = stage.product.now().await.unwrap();
                    let wait = (problem.next_at.unwrap() - now).num_milliseconds().max(0);
                    // Shorter ones may be over before the next request.
                    if wait > 6_000 {
                        let right = attempt(login, &password(&known)).await;
                        refused(right, ProblemType::TooSoon).unwrap();
                        waited.push((wait + 999) / 1_000);
                    }
                    stage.product.advance(wait / 1_000 + 1).await.unwrap();
                }
                other => refused(other, ProblemType::WrongCredentials).unwrap(),
            }
        }
        waits.push(waited);
    }
    let (known_waits, unknown_waits) = (&waits[0], &waits[1]);
    assert!(
        known_waits[..7].is_sorted() && (898..=900).contains(known_waits.last().unwrap()),
        "{known_waits:?}"
    );
    // But for the time that the requests themselves take.
    let close = |(a, b): (&i64, &i64)| (a - b).abs() <= 2;
    assert!(known_waits.iter().zip(unknown_waits).all(close), "{known_waits:?} {unknown_waits:?}");
    assert!(attempt(&known, &password(&known)).await.is_ok(), "locked for good");
}

#[tokio::test]
async fn s12_a_restart_does_not_tell_known_logins_from_unknown_ones() {
    let mut stage = Stage::open("again").await.unwrap();
    let (known, _) = stage.hire("ann").await.unwrap();
    let logins = [known, stage.login("nobody")];
    let wrong = async |stage: &Stage, login: &str, address: u8| {
        let api = stage.product.api().unwrap().with_forwarded_for([198, 51, 100, address].into());
        let (login, password) = (login.to_owned(), "wrong password, long".to_owned());
        api.start_sign_in(&StartSignIn { company: None, login, password, client: None }).await
    };
    // From an address each, so that the login's own count is what delays: from the 50th failure on.
    for login in &logins {
        for address in 0..99 {
            if address >= 50 {
                stage.product.advance(40).await.unwrap();
            }
            refused(wrong(&stage, login, address).await, ProblemType::WrongCredentials).unwrap();
        }
    }
    stage.product.advance(40).await.unwrap();
    // The hundredth delays by 32 s, and a known login's is recorded.
    for login in &logins {
        refused(wrong(&stage, login, 100).await, ProblemType::WrongCredentials).unwrap();
        refused(wrong(&stage, login, 101).await, ProblemType::TooSoon).unwrap();
    }
    stage.restart().await.unwrap();
    for (login, address) in logins.iter().zip([102, 103]) {
        refused(wrong(&stage, login, address).await, ProblemType::WrongCredentials).unwrap();
    }
}

#[tokio::test]
async fn s12_many_wrong_passwords_are_one_event_a_threshold_and_hour_and_none_for_unknown_logins() {
    let stage = Stage::open("events").await.unwrap();
    let (known, _) = stage.hire("ann").await.unwrap();
    let unknown = stage.login("nobody");
    // From an address each, so that it is the login's own count that delays: by 16 s at most, up to the hundredth.
    let fail = async |login: &str, round: u8, times: std::ops::Range<u8>| {
        for number in times {
            let api = stage.product.api().unwrap().with_forwarded_for([198, 51, round, number].into());
            refused(sign_in_by(&api, login, "wrong password, long").await, ProblemType::WrongCredentials)
                .unwrap();
            if number >= 49 {
                stage.product.advance(17).await.unwrap();
            }
        }
    };
    let right = async || {
        stage.product.advance(33).await.unwrap();
        let api = stage.product.api().unwrap().with_forwarded_for([203, 0, 113, 1].into());
        sign_in_by(&api, &known, &password(&known)).await.unwrap();
    };
    fail(&unknown, 1, 0..100).await;
    fail(&known, 2, 0..100).await;
    // Again within the hour, after a right password: another fifty, and nothing new to tell.
    right().await;
    fail(&known, 3, 0..50).await;
    stage.product.advance(3_600).await.unwrap();
    right().await;
    fail(&known, 4, 0..50).await;
    let told = recorded(&stage, 3).await;
    let failures: Vec<_> = told.iter().map(|event| event.data["failures"].as_u64().unwrap()).collect();
    assert_eq!(failures, [50, 100, 50]);
    assert!(told.iter().all(|event| event.key == told[0].key), "of several logins: {told:?}");
    let between = (told[2].recorded_at - told[0].recorded_at).num_minutes();
    assert!(between >= 60, "the second fifty are told after {between} minutes");
}

async fn sign_in_by(api: &Client, login: &str, password: &str) -> Result<SignIn, Error> {
    let (login, password) = (login.to_owned(), password.to_owned());
    api.start_sign_in(&StartSignIn { company: None, login, password, client: None }).await
}

/// What the history tells of wrong passwords, once there are `least` such events: they come behind the answers.
async fn recorded(stage: &Stage, least: usize) -> Vec<AuditEvent> {
    let login = stage.login("holder");
    let holder = token(&stage.product, &stage.slug, &login, &password("holder")).await.unwrap();
    let holder = stage.product.api().unwrap().with_token(&holder);
    let page = AuditPage { event_type: Some("PasswordDelayed".to_owned()), ..AuditPage::default() };
    loop {
        let events = holder.audit_events(&page).await.unwrap().events;
        if events.len() >= least {
            return events;
        }
    }
}

#[tokio::test]
async fn s13_forgotten_passwords_are_limited_by_address_and_tell_nothing_of_logins() {
    let stage = Stage::open("forgot").await.unwrap();
    let (known, _) = stage.hire("ann").await.unwrap();
    let logins = [known, stage.login("nobody")];
    let plain = Plain::new(&stage.product.url()).unwrap();
    let ask = async |login: &str, address: &str| {
        let request = plain.request(reqwest::Method::POST, "/api/v1/password-resets", None);
        let request = request.header("x-forwarded-for", address).json(&json!({ "login": login }));
        let answer = twostep_tests::harness::answer(request).await.unwrap();
        (answer.status, answer.body, answer.headers.contains_key("retry-after"))
    };
    let heard = (202, String::new(), false);
    // One customer's addresses: the /64 is counted.
    for number in 0..20 {
        let address = format!("2001:db8:1:2::{number}");
        assert_eq!(ask(&logins[number % 2], &address).await, heard, "{number}");
    }
    let [known, unknown] =
        [ask(&logins[0], "2001:db8:1:2::a").await, ask(&logins[1], "2001:db8:1:2::b").await];
    assert_eq!((known.0, known.2), (429, true), "{}", known.1);
    assert_eq!(known, unknown);
    for login in &logins {
        assert_eq!(ask(login, "2001:db8:1:3::1").await, heard);
    }
    stage.product.advance(600).await.unwrap();
    assert_eq!(ask(&logins[0], "2001:db8:1:2::c").await, heard);
}

#[tokio::test]
async fn s13_before_the_password_is_proven_every_refusal_is_the_same() {
    let stage = Stage::enforcing("same").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let (unprotected, _) = stage.hire("unprotected").await.unwrap();
    let (disabled, id) = stage.hire("disabled").await.unwrap();
    let off = ChangeStanding { enabled: false, reason: "a test".to_owned() };
    stage.holder.save_standing(stage.company, id, &off).await.unwrap();
    stage.invite("invited").await.unwrap();
    ann.lock(&stage).await.unwrap();
    let plain = Plain::new(&stage.product.url()).unwrap();
    let sign_in = async |company: &str, login: &str, password: &str| {
        let body = json!({ "company": company, "login": login, "password": password }).to_string();
        let answer = plain.post("/api/v1/sign-ins", None, &body).await.unwrap();
        let mut headers: Vec<_> =
            answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        headers.retain(|header| !header.starts_with("date:"));
        headers.sort();
        (answer.status, answer.body, headers)
    };
    // What takes time: a hash is most of it, an append that waits for the disk, and looking somebody up.
    let cost = async || {
        let hashes = stage.product.metric("twostep_password_hashes_total").await.unwrap();
        let (mut appends, mut loads) = (0, 0);
        // Not those of messages: earlier ones are on their way all the time, and no refusal waits for them.
        for stream in ["company", "group", "login", "member", "second-step", "password"] {
            let durable = format!("twostep_log_appends_total{{stream=\"{stream}\",outcome=\"durable\"}}");
            appends += stage.product.metric(&durable).await.unwrap();
        }
        // Sending a message loads what is said of the company and the person, but no login.
        for stream in ["login", "password"] {
            loads += stage
                .product
                .metric(&format!("twostep_log_loads_total{{stream=\"{stream}\"}}"))
                .await
                .unwrap();
        }
        (hashes, appends, loads)
    };
    let wrong = "wrong password, long";
    let unknown = sign_in("same", &stage.login("nobody"), wrong).await;
    assert_eq!(unknown.0, 401, "{}", unknown.1);
    for (company, login, typed) in [
        ("same", stage.login("holder"), wrong.to_owned()),
        // They must set up first, which is told to whoever knows the password.
        ("same", unprotected, wrong.to_owned()),
        ("same", disabled.clone(), password(&disabled)),
        ("same", disabled.clone(), wrong.to_owned()),
        ("same", stage.login("invited"), wrong.to_owned()),
        ("same", ann.login().to_owned(), wrong.to_owned()),
        ("elsewhere", ann.login().to_owned(), password(ann.login())),
        ("same", stage.login("never-heard-of"), wrong.to_owned()),
    ] {
        let before = cost().await;
        assert_eq!(sign_in(company, &login, &typed).await, unknown, "{company} {login}");
        let after = cost().await;
        assert_eq!(
            (after.0 - before.0, after.1 - before.1, after.2 - before.2),
            (1, 0, 1),
            "hashes, appends and look-ups of {company} {login}"
        );
    }
    // Too many: refused before anybody is looked up.
    for login in [stage.login("holder"), stage.login("nobody")] {
        loop {
            let before = cost().await;
            let refusal = sign_in("same", &login, wrong).await;
            if refusal.0 == 429 {
                assert_eq!(cost().await, before, "hashes, appends and look-ups of {login}");
                break;
            }
            assert_eq!(refusal, unknown, "{login}");
        }
    }
    // Afterwards the truth is told.
    let pending = stage.sign_in(ann.login()).await.unwrap();
    refused(pending.verify(ProofKind::Printed, NOBODYS_CODE).await, ProblemType::Locked).unwrap();

    // Asking for a reset is answered the same whoever asks, and only who can use one gets a mail.
    let forgotten = async |login: &str| {
        let body = json!({ "company": "same", "login": login }).to_string();
        let answer = plain.post("/api/v1/password-resets", None, &body).await.unwrap();
        (answer.status, answer.body)
    };
    let (before, last) = (stage.last(&disabled).await.unwrap(), stage.last(ann.login()).await.unwrap());
    let known = forgotten(ann.login()).await;
    for login in [stage.login("nobody"), disabled.clone(), stage.login("invited")] {
        assert_eq!(forgotten(&login).await, known);
    }
    stage.told(ann.login(), last, "Choose a new password").await.unwrap();
    assert_eq!(stage.last(&disabled).await.unwrap(), before, "a disabled person was mailed a reset");
}

#[tokio::test]
async fn s32_passwords_need_length_and_are_not_the_first_guesses() {
    let stage = Stage::open("length").await.unwrap();
    let api = stage.product.api().unwrap();
    let accept = async |token: &str, password: &str| {
        api.accept_invitation(token, &AcceptInvitation { password: password.to_owned() }).await
    };
    let token = stage.invite("ann").await.unwrap();
    assert_eq!(api.invitation(&token).await.unwrap().password_min, 15);
    let long = "x y".repeat(100);
    for refusal in
        ["", "fourteen chars", "aaaaaaaaaaaaaaaaaaaa", "abcdefghijklmnopqrst", "ann@length.example", &*long]
    {
        refused(accept(&token, refusal).await, ProblemType::PasswordRefused).unwrap();
    }
    // No rule about kinds of characters; 64 and more are fine, also outside ASCII.
    let sixty_four = "vier mal grün ".repeat(5);
    accept(&token, &sixty_four).await.unwrap();
    assert_eq!(sign_in(&api, &stage.login("ann"), &sixty_four).await.unwrap().next, Next::SignedIn);
    // A link sets one password.
    refused(accept(&token, "another long password").await, ProblemType::LinkDead).unwrap();

    twostep_tests::story::require_everybody(&stage.holder, stage.company).await.unwrap();
    let token = stage.invite("bob").await.unwrap();
    assert_eq!(api.invitation(&token).await.unwrap().password_min, 8);
    for refusal in ["seven77", "password", "PASSWORD1", "12345678", "qwertyuiop"] {
        refused(accept(&token, refusal).await, ProblemType::PasswordRefused).unwrap();
    }
    accept(&token, "eight ch").await.unwrap();
}
