//! The announcement's story, played over HTTP, SMTP and the operator's command line against running programs.

mod act;
mod people;
mod policy;
mod script;

pub use act::Act;
pub use people::{Technician, front, member_of, new_company, password, sign_in};
pub use policy::{refused, require_everybody, save_policy, save_policy_as};
pub use script::play;
