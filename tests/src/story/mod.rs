//! The announcement's story, played over HTTP, SMTP and the operator's command line against running programs.

mod act;
mod browser;
mod history;
mod latest;
mod log;
mod mailbox;
mod office;
mod people;
mod policy;
mod raw;
mod reading;
mod script;
mod stage;

pub use act::Act;
pub use browser::{Browser, Page};
pub use history::{append_all_to_company, append_to_company};
pub use latest::Latest;
pub use log::{LogEvent, long_log, sample, write_log};
pub use mailbox::with_a_mailbox;
pub use office::{Office, Person, token};
pub use people::{Technician, front, member_of, new_company, password, sign_in, sign_in_at};
pub use policy::{refused, require_everybody, save_policy, save_policy_as};
pub use raw::{Raw, Reply};
pub use reading::{Sought, everything_read, holds, routes};
pub use script::play;
pub use stage::{Enrolled, NOBODYS_CODE, Pending, Stage};
