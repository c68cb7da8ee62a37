//! A delivery worker as a program of its own: it takes messages of one channel from NATS, and says what became of them.
//!
//! The program of a channel names its settings ([`Program`]) and calls [`run`]; everything else — command line, admin
//! port, metrics, stop — is the same for all. Any number of them run side by side.

mod arguments;
mod fail_point;
mod metrics;
mod name;
mod program;
mod settings;

pub use arguments::Arguments;
pub use metrics::Breakers;
pub use program::{Out, Program, run};
pub use settings::{Admin, Common, Work};
