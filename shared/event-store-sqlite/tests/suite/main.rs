//! The embedded store against the port's suite, and against kills, failing disks and foreign hands.
