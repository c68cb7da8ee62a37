//! `twostep-web`: the pages for people, as a program of its own in front of the API.

mod program;

use std::process::ExitCode;

use clap::Parser;
use twostep_runtime::tls;

/// The pages for people; every decision is the API's.
#[derive(Parser)]
#[command(
    name = "twostep-web",
    version,
    after_help = "Examples:
  twostep-web --config /etc/twostep/web.toml
      as the settings say
  TWOSTEP_API__URL=http://127.0.0.1:8400/ twostep-web --config /etc/twostep/web.toml
      in front of another API; its address belongs into the API's http.trusted_proxies

Exit codes: 0 stopped as asked, 1 could not start or go on (the message says why), 2 wrong arguments."
)]
struct Arguments {
    #[command(flatten)]
    web: program::Arguments,
}

#[tokio::main]
async fn main() -> ExitCode {
    tls::install();
    match program::run(Arguments::parse().web).await {
        Ok(code) => code,
        Err(error) => {
            say_why(&error);
            ExitCode::FAILURE
        }
    }
}

/// The reason in words, each cause on a line of its own.
#[allow(
    clippy::print_stderr,
    reason = "the last words of a program that can't go on, also where logging failed"
)]
fn say_why(error: &anyhow::Error) {
    eprintln!("twostep-web: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}
