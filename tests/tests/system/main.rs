//! Tests of the whole: the rules of the tree, the shapes on disk, and the running product.

#![allow(clippy::unwrap_used, reason = "what these tests can't do without, they fail without")]

mod app_codes;
mod architecture;
mod audit;
mod backups;
mod bad_input;
mod break_glass;
mod broken_parts;
mod clock;
mod config;
mod erasure;
mod idempotency;
mod limits;
mod links;
mod message_trouble;
mod methods;
mod metrics;
mod no_phone;
mod no_texts;
mod notices;
mod old_console;
mod organisation;
mod outsider;
mod pages;
mod passwords;
mod policy;
mod positions;
mod pressed_twice;
mod product;
mod profiles;
mod races;
mod read_models;
mod recovery;
mod reset_race;
mod restored_keys;
mod revisions;
mod roles;
mod schemas;
mod sent_codes;
mod sessions;
mod shapes;
mod short_passwords;
mod time_zones;
mod waiting;
mod work_address;
