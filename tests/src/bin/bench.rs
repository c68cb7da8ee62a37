//! Measures the product and prints each figure beside its limit or peer of the same run.

use std::fs;

use twostep_tests::bench::{old_sign_ins, replays, table, workers};

#[tokio::main]
#[allow(clippy::print_stdout, reason = "it is a command-line program")]
async fn main() -> anyhow::Result<()> {
    let mut rows = old_sign_ins::rows().await?;
    rows.extend(workers::rows().await?);
    rows.extend(replays::rows().await?);
    print!("{}", table(&rows));
    let directory = twostep_tests::repository().join("target/bench");
    fs::create_dir_all(&directory)?;
    let summary = serde_json::json!({ "rows": rows });
    fs::write(directory.join("summary.json"), serde_json::to_vec_pretty(&summary)?)?;
    Ok(())
}
