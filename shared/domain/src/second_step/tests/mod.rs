//! Given-when-then: histories are made by commands, and every event passes through the log's codec on its way.

mod activation;
mod any_event;
mod changes;
mod codes;
mod contacts;
mod edges;
mod limits;
mod links;
mod outline;
mod play;
mod properties;
mod prospect;
mod recovery_codes;
mod resets;
mod sessions;
mod set_up;
mod sign_in;
mod step_up;
mod verify;
mod work_address;
mod world;
