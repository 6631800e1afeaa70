//! The contract of a store: every answer is what a look at every feature would give.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic, helpers among them")]

mod bbox;
mod clusters;
mod filter;
mod formats;
mod gzip;
mod index;
mod paging;
mod snapshot;
mod sorting;
mod support;
