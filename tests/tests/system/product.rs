//! The running product: the story, and what must never be found afterwards.

use std::path::Path;

use anyhow::{Context as _, ensure};
use twostep_api::{Method, StartSetUp, VerifyEmail};
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{
    Act, Stage, Technician, member_of, new_company, password, play, require_everybody,
};

#[tokio::test]
async fn the_story_of_the_announcement_survives_a_power_cut() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let mut product = Standalone::start(home.path(), &inbox).unwrap();
    let mut act = Act::default();
    play(&mut act, &mut product, &inbox).await.unwrap();
}

/// A whole set-up and sign-in with known secrets; then every file and all output is searched for them.
#[tokio::test]
async fn s10_no_file_and_no_log_holds_a_secret_or_an_address() {
    canary().await.unwrap();
}

async fn canary() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let (company, holder) = new_company(&product, "canary").await?;
    let login = "tech@canary.example";
    member_of(&product, &inbox, &holder, company.id, login, &[twostep_api::Role::Technician], None).await?;
    require_everybody(&holder, company.id).await?;
    let (technician, session, recovery) = Technician::set_up(&product, &inbox, login).await?;
    session.me().await?;
    let address = format!("backup.{login}");
    let mut canaries = vec![
        ("the seed", technician.secret.replace(' ', "")),
        ("the seed as it is shown", technician.secret.clone()),
        ("the backup address", address.clone()),
        ("the work address", login.to_owned()),
        ("the password", password(login)),
        ("the account holder's address", "holder@canary.example".to_owned()),
    ];
    canaries.extend(recovery.iter().map(|code| ("a recovery code", code.replace('-', ""))));
    canaries.extend(recovery.iter().map(|code| ("a recovery code as it is shown", code.clone())));
    for mail in inbox.all(&address).await?.iter().chain(&inbox.all(login).await?) {
        for link in &mail.links {
            canaries.push(("a link's token", link.rsplit('/').next().context("no token")?.to_owned()));
        }
    }
    let places = everything(home.path())?;
    ensure!(places.len() >= 3, "too few files to have searched the product's data");
    let output = product.output();
    for (what, canary) in &canaries {
        for form in forms(canary) {
            for (place, bytes) in &places {
                ensure!(!contains(bytes, &form), "{what} stands in {place}");
            }
            ensure!(!contains(output.as_bytes(), &form), "{what} stands in the log output");
        }
    }
    Ok(())
}

#[tokio::test]
async fn s7_no_code_that_was_sent_or_shown_is_stored() {
    let stage = Stage::enforcing("stored").await.unwrap();
    let (bob, _) = stage.hire("bob").await.unwrap();
    let set_up = stage.sign_in(&bob).await.unwrap().api;
    set_up.start_set_up(&StartSetUp::default()).await.unwrap();
    let (mut mailed, mut on_screen) = (Vec::new(), Vec::new());
    for number in 0..3 {
        let address = format!("bob{number}@stored.example");
        let shown = set_up.set_up_email(&VerifyEmail { address: address.clone() }).await.unwrap();
        let mail = stage.inbox.next_that(&address, 0, |mail| mail.code.is_some()).await.unwrap();
        mailed.push(mail.code.unwrap());
        on_screen.push(shown.first_screen_code.unwrap());
    }
    let ann = stage.technician("ann").await.unwrap();
    let mut signing_in = Vec::new();
    for _ in 0..3 {
        stage.product.advance(31).await.unwrap();
        let pending = stage.sign_in(ann.login()).await.unwrap();
        signing_in.push(stage.sent_code(&pending, Method::Email, &ann.backup()).await.unwrap());
    }
    let mut places = everything(&stage.product.data()).unwrap();
    assert!(places.len() >= 3, "too few files to have searched the product's data");
    places.push(("the log output".to_owned(), stage.product.output().into_bytes()));
    // Six digits may stand somewhere by chance, but not three times six.
    for (what, codes) in [("set up", mailed), ("the first screen", on_screen), ("sign in", signing_in)] {
        let found =
            |code: &String| places.iter().find(|(_, bytes)| holds_code(bytes, code)).map(|(at, _)| at);
        let stored: Vec<_> = codes.iter().filter_map(found).collect();
        assert!(stored.len() < codes.len(), "the codes to {what} stand in {stored:?}");
    }
}

/// Whether these digits stand there, as a number of their own or encoded.
fn holds_code(bytes: &[u8], code: &str) -> bool {
    let goes_on = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let mut raw = bytes.windows(code.len()).enumerate().filter(|(_, window)| *window == code.as_bytes());
    raw.any(|(at, _)| !goes_on(at.checked_sub(1)) && !goes_on(Some(at + code.len())))
        || forms(code).iter().skip(1).any(|form| contains(bytes, form))
}

/// Raw, base64, base64url, hexadecimal and percent-encoded.
fn forms(canary: &str) -> Vec<Vec<u8>> {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    let bytes = canary.as_bytes();
    let percent: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
    [
        canary.to_owned(),
        STANDARD_NO_PAD.encode(bytes),
        URL_SAFE_NO_PAD.encode(bytes),
        data_encoding::HEXLOWER.encode(bytes),
        data_encoding::HEXUPPER.encode(bytes),
        data_encoding::BASE32_NOPAD.encode(bytes),
        percent,
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// Every file below `folder`, with its bytes.
fn everything(folder: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                found.push((path.display().to_string(), std::fs::read(&path)?));
            }
        }
    }
    Ok(found)
}
