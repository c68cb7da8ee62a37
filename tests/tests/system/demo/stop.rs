//! Ctrl-C: the demo ends well, lets go of its ports, and comes back with what it had.

use std::fs;
use std::net::TcpListener;

use anyhow::{Context as _, ensure};
use twostep_api::CreateGroup;
use twostep_tests::harness::{Child, Port};

use super::{demo, holder, runs};

#[tokio::test]
async fn ctrl_c_ends_a_demo_well_and_the_next_start_has_its_data() {
    comes_back().await.unwrap();
}

async fn comes_back() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let held = Port::row(3)?;
    let port = held[0].number();
    let kept = home.path().join("demo/credentials.json");
    let (mut running, _) = Child::start(demo(home.path(), port, &[])?, runs)?;
    let credentials = fs::read(&kept)?;
    let session = holder(home.path(), port).await?;
    let company = session.me().await?.company;
    session.create_group(company, &CreateGroup { name: "Made by hand".to_owned(), parent: None }).await?;

    running.signal("INT")?;
    ensure!(running.wait()?, "it ended badly: {}", running.output());
    for held in &held {
        TcpListener::bind(("127.0.0.1", held.number())).context("a port that was not let go")?;
    }

    let (_again, _) = Child::start(demo(home.path(), port, &[])?, runs)?;
    ensure!(fs::read(&kept)? == credentials, "the credentials are others");
    let groups = holder(home.path(), port).await?.groups(company).await?.groups;
    ensure!(groups.iter().any(|group| group.name == "Made by hand"), "it is gone: {groups:?}");
    // Connections of before are dead; the session isn't.
    holder(home.path(), port).await?;
    session.me().await.context("the session of before is over")?;
    Ok(())
}
