//! What use cases promise while parts fail, appends are held, and other replicas are at it.

mod bench;
mod groups;
mod late;
mod passwords;
mod roster;
