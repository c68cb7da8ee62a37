//! A company's history as auditors see it, whoever shows it to them: the API's routes, or a program that reads a copy of the
//! log. What nobody is shown is masked here and nowhere else.

mod event;
mod mask;
mod opened;
mod state;

pub use event::{shown, unmasked};
pub use state::{StateAt, Subject};
