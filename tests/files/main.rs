//! The user's own files, from the bytes on the disk to the answers of the server.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic, helpers among them")]

mod flatgeobuf;
mod folder;
mod formats;
mod load;
mod process;
mod roundtrip;
#[path = "../api/running.rs"]
mod running;
mod support;
mod unwritable;
mod written;
