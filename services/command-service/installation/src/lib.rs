//! An installation of the command service: log, keys and operator's socket in a data directory that one process writes.
//!
//! The programs that hold a log begin with this: they open a [`Foundation`], add their way of delivery, and serve the
//! [`Running`] service. Errors are for the person who starts the program: they name what is in the way.

pub mod backup;
mod foundation;
pub mod keys;
mod operator_socket;
mod running;
mod settings;

pub use foundation::Foundation;
pub use operator_socket::NAME as OPERATOR_SOCKET;
pub use running::{Delivery, Running};
pub use twostep_service::Webhooks;

pub use settings::{Http, Keys, Listen, Texts, check_ports};
