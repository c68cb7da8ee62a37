//! The embedded store against the port's suite, and against kills, failing disks and foreign hands.

mod backing_up;
mod child;
mod conforming;
mod disk;
mod durability;
mod given;
mod opening;
mod stock_sql;
