//! A snapshot: everything that is served, in one file that is mapped, not parsed.
//!
//! # The file
//! All numbers are little-endian. Sections start at multiples of 64 bytes and are the arrays of the store as they are in memory.
//!
//! | bytes | what |
//! | --- | --- |
//! | 0–7 | `HARMATTA` |
//! | 8–11 | version of this form, a number |
//! | 12–15 | the number 0x01020304: another order of bytes reads as another number |
//! | 16–23, 24–31 | where the table of sections starts, and its length |
//! | 32–63 | BLAKE3 of the table of sections |
//! | 64– | sections, one after another, and last the table |
//!
//! The table is JSON: of each section its name, start, length and BLAKE3. Its own hash covers theirs, and so the content of the
//! whole file: it is the data version. Opening reads header and table only; the sums of the sections are verified by
//! [`Sums::verify`], and no read trusts what stands in them: every offset is compared with its bounds where it is used.
//!
//! # Publishing
//! A file is written beside its name, flushed to the disk and renamed: under the name stands the old snapshot or the new one,
//! whole, whatever happens in between.

mod content;
mod error;
mod header;
mod map;
mod mapped;
mod writer;

pub use content::{Snapshot, Sums};
pub use error::SnapshotError;
pub use map::map;
pub use mapped::Mapped;
pub(super) use writer::Writer;
