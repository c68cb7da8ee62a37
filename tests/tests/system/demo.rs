//! The demo: what it says, what it leaves behind, and what it doesn't take away.

mod first_start;
mod stop;

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use twostep_api::{SignIn, StartSignIn};
use twostep_client::Client;
use twostep_tests::harness::{Child, Port, program};

fn demo(home: &Path, port: u16, more: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new(program("twostep-standalone")?);
    command.args(["demo", "--port", &port.to_string(), "--data"]).arg(home).args(more);
    Ok(command)
}

/// Its last line.
fn runs(line: &str) -> bool {
    line.contains("3. Sign in as admin@demo.example")
}

/// The password of `login` as the demo keeps it.
fn password(home: &Path, login: &str) -> anyhow::Result<String> {
    let kept = std::fs::read(home.join("demo/credentials.json"))?;
    let kept: serde_json::Value = serde_json::from_slice(&kept)?;
    let people = kept["people"].as_array().context("no people")?;
    let person = people.iter().find(|person| person["login"] == login).context("nobody has that login")?;
    Ok(person["password"].as_str().context("no password")?.to_owned())
}

async fn sign_in(home: &Path, port: u16, login: &str) -> anyhow::Result<SignIn> {
    let api = Client::new(format!("http://127.0.0.1:{port}/").parse()?)?;
    let (login, password) = (login.to_owned(), password(home, login)?);
    Ok(api.start_sign_in(&StartSignIn { company: None, login, password, client: None }).await?)
}

async fn holder(home: &Path, port: u16) -> anyhow::Result<Client> {
    let signed_in = sign_in(home, port, "holder@demo.example").await?;
    let api = Client::new(format!("http://127.0.0.1:{port}/").parse()?)?;
    Ok(api.with_token(&signed_in.token.context("no session")?))
}

#[tokio::test]
async fn a_demo_begins_without_traces_of_its_making_and_is_not_deleted_while_it_runs() {
    begun_and_kept().await.unwrap();
}

async fn begun_and_kept() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let held = [Port::row(3)?, Port::row(3)?];
    let [first, second] = [held[0][0].number(), held[1][0].number()];
    let (mut running, _) = Child::start(demo(home.path(), first, &[])?, runs)?;
    ensure!(running.output().contains("those first set"), "{}", running.output());
    let session = holder(home.path(), first).await?;
    let sessions = session.sessions().await?.sessions;
    ensure!(sessions.len() == 1 && sessions[0].current, "a session of nobody's: {sessions:?}");
    let inbox = reqwest::Client::builder().no_proxy().build()?;
    let mails = inbox.get(format!("http://127.0.0.1:{}/messages", first + 2)).send().await?.text().await?;
    ensure!(mails.contains("invites you"), "the inbox is empty");
    ensure!(!mails.contains("password of your account was changed"), "a first password was called a change");

    let Err(refused) = Child::start(demo(home.path(), second, &["--reset"])?, runs) else {
        anyhow::bail!("the data of a running demo were deleted")
    };
    let said = format!("{refused:#}");
    ensure!(said.contains("another process") && said.contains("stop that one first"), "{said}");
    session.me().await.context("the running demo lost its data")?;

    running.kill()?;
    let (_anew, _) = Child::start(demo(home.path(), second, &["--reset"])?, runs)?;
    holder(home.path(), second).await?;
    ensure!(session.me().await.is_err(), "the first demo still answers");
    Ok(())
}

#[test]
fn a_demo_says_where_its_data_lie_and_does_not_begin_among_an_installations() {
    let home = tempfile::tempdir().unwrap();
    for theirs in ["profile", "log.db"] {
        std::fs::write(home.path().join(theirs), "production\n").unwrap();
        let Err(refused) = Child::start(demo(home.path(), 8400, &[]).unwrap(), runs) else {
            panic!("{theirs}: a demo runs among an installation's data")
        };
        let said = format!("{refused:#}");
        assert!(said.contains("holds an installation's data"), "{theirs}: {said}");
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1, "{theirs}: something was made");
        std::fs::remove_file(home.path().join(theirs)).unwrap();
    }
    let held = Port::row(3).unwrap();
    let (running, _) = Child::start(demo(home.path(), held[0].number(), &[]).unwrap(), runs).unwrap();
    for lies in ["demo", "demo-master-key"] {
        let line = format!("{}\n", home.path().join(lies).display());
        assert!(running.output().contains(&line), "{line}: {}", running.output());
        assert!(home.path().join(lies).exists());
    }
}

#[test]
fn a_demo_ends_with_the_recipe_that_started_it() {
    ended_by("TERM");
}

#[test]
fn a_recipe_without_a_terminal_hands_an_interrupt_on_and_the_demo_ends_well() {
    assert!(ended_by("INT"), "it ended badly");
}

/// The recipe as it stands, run as `just` runs it: by bash, which is asked to end while the demo runs; whether it ended well.
fn ended_by(signal: &str) -> bool {
    let recipes = std::fs::read_to_string(twostep_tests::repository().join("justfile")).unwrap();
    let recipe = recipes.split("\ndemo *ARGS:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let (home, held) = (tempfile::tempdir().unwrap(), Port::row(3).unwrap());
    let arguments = format!("--port {} --data {}", held[0].number(), home.path().display());
    let script = home.path().join("demo.sh");
    // The same program, which says first who it is.
    let program = program("twostep-standalone").unwrap();
    let says = format!("sh -c 'echo pid $$; exec {} \"$@\"' sh", program.display());
    let recipe = recipe
        .replace("\"{{ target }}/debug/twostep-standalone\"", &says)
        .replace("{{ ARGS }}", &arguments)
        .replace("cargo build --locked -p twostep-standalone", "");
    assert!(recipe.contains(&says) && !recipe.contains("{{"), "the recipe wasn't understood: {recipe}");
    std::fs::write(&script, recipe).unwrap();
    // Away from the terminal that this may run on.
    let mut bash = Command::new("setsid");
    bash.arg("bash").arg(&script);
    let (mut bash, _) = Child::start(bash, runs).unwrap();
    let demo = bash.output().lines().find_map(|line| line.strip_prefix("pid ").map(str::to_owned)).unwrap();
    bash.signal(signal).unwrap();
    let well = bash.wait().unwrap();
    let ended = bash.said_all();
    if !ended {
        Command::new("kill").args(["-KILL", &demo]).status().unwrap();
    }
    assert!(ended, "the demo goes on by itself");
    well
}

#[test]
fn a_port_without_two_more_above_it_is_refused() {
    let home = tempfile::tempdir().unwrap();
    for port in [0, 65_534, 65_535] {
        let output = demo(home.path(), port, &[]).unwrap().output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{port}: {said}");
        assert!(said.contains("1..=65533"), "{port}: {said}");
    }
}
