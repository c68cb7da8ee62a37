//! The embedded store against the port's suite, and against kills, failing disks and foreign hands.

mod conforming;
mod given;
mod opening;
mod stock_sql;
