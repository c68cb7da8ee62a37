//! What is shown once isn't read again: not by whose it is, not in the history, whatever is asked for.

use twostep_api::{ProofKind, StartSetUp};
use twostep_tests::harness::Product as _;
use twostep_tests::story::{Enrolled, Raw, Reply, Sought, Stage, everything_read, holds, password, token};

#[tokio::test]
async fn s2_after_activation_nothing_that_is_read_holds_the_seed() {
    let stage = Stage::enforcing("seed").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let secret = ann.technician.secret.clone();
    let seeds = [secret.replace(' ', ""), secret];
    none_is_read(&read_by_everybody(&stage, &mut ann).await, &seeds);
}

#[tokio::test]
async fn s9_after_their_one_showing_nothing_that_is_read_holds_the_printed_codes() {
    let stage = Stage::enforcing("printed").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let first = ann.recovery.clone();
    none_is_read(&read_by_everybody(&stage, &mut ann).await, &spellings(&first));
    // Nor new ones in their place.
    let session = ann.sign_in(&stage).await.unwrap();
    let second = session.make_recovery_codes().await.unwrap().codes;
    assert!(first.len() == 10 && second.len() == 10 && first != second);
    let read = read_by_everybody(&stage, &mut ann).await;
    none_is_read(&read, &[spellings(&first), spellings(&second)].concat());
    // Nor those that are to be the backup, while they wait to be activated.
    let (bob, _) = stage.hire("bob").await.unwrap();
    let pending = stage.sign_in(&bob).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    let waiting = pending.api.make_recovery_codes().await.unwrap().codes;
    let sought = Sought { sign_ins: vec![pending.id], ..Sought::default() };
    let own = Raw::new(&stage.product).with_token(&pending.token);
    let read = everything_read(&own, &sought).await.unwrap();
    let set_up = read.iter().find(|(path, _)| path == "/set-up").unwrap();
    assert!(waiting.len() == 10 && set_up.1.text.contains("printed"), "{set_up:?}");
    none_is_read(&read, &spellings(&waiting));
}

/// Codes as they are printed, and without what groups them.
fn spellings(codes: &[String]) -> Vec<String> {
    codes.iter().flat_map(|code| [code.clone(), code.replace('-', "")]).collect()
}

fn none_is_read(read: &[(String, Reply)], secrets: &[String]) {
    for (path, answer) in read {
        for secret in secrets {
            assert!(!holds(&answer.text, secret), "GET {path} holds {secret}: {}", answer.text);
        }
    }
}

/// What Ann reads in a sign-in, in a session and in the midst of an edit, and what her Master Admin does.
async fn read_by_everybody(stage: &Stage, ann: &mut Enrolled) -> Vec<(String, Reply)> {
    let nobody = Raw::new(&stage.product);
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let sought = Sought {
        company: stage.company,
        groups: vec![],
        members: vec![ann.id, stage.holder_id],
        sign_ins: vec![pending.id],
    };
    let mut read = everything_read(&nobody.with_token(&pending.token), &sought).await.unwrap();
    let code = ann.next_code(stage).await.unwrap();
    let session = pending.verify(ProofKind::App, &code).await.unwrap().token.unwrap();
    let own = nobody.with_token(&session);
    read.extend(everything_read(&own, &sought).await.unwrap());
    let api = stage.product.api().unwrap().with_token(&session);
    api.start_set_up(&StartSetUp::default()).await.unwrap();
    read.extend(everything_read(&own, &sought).await.unwrap());
    let login = stage.login("holder");
    let holder = token(&stage.product, &stage.slug, &login, &password("holder")).await.unwrap();
    read.extend(everything_read(&nobody.with_token(&holder), &sought).await.unwrap());
    // What had to be looked at was there.
    for path in ["/sign-ins/current", "/me", "/set-up", "/sessions", "/audit/events"] {
        assert!(read.iter().any(|(at, answer)| at == path && answer.status == 200), "{path} wasn't read");
    }
    let history: String =
        read.iter().filter(|(at, _)| at == "/audit/events").map(|(_, it)| &*it.text).collect();
    assert!(history.contains("MfaActivated"), "{history}");
    read
}
