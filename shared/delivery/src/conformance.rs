//! The conformance suite of the queue's ports.
