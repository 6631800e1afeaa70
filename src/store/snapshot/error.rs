//! Why a file is not a snapshot that can be served.

use crate::store::memory::Damage;

/// A refusal; the file's name is the caller's to add.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Another file.
    #[error("is no snapshot of harmattan")]
    Foreign,
    /// Written by an older or newer program.
    #[error("is a snapshot of form {found}; this program reads form {known}: build it anew")]
    Version {
        /// The file's.
        found: u32,
        /// This program's.
        known: u32,
    },
    /// Written where bytes stand in another order.
    #[error("was made on a machine of another byte order: build it anew on this one")]
    Endian,
    /// Another length than its header says.
    #[error("is cut short or has something behind it: {size} bytes where there should be {expected}")]
    Short {
        /// Bytes of the file.
        size: u64,
        /// Bytes it should have.
        expected: u64,
    },
    /// Bytes that contradict each other.
    #[error("is damaged: {0}")]
    Damaged(String),
    /// Sections that are no table.
    #[error("is damaged: {0}")]
    Table(#[from] Damage),
    /// A section whose bytes are not those that were written.
    #[error("is damaged: section {0} has another sum than its table says")]
    Sum(String),
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Read(String),
}

impl From<std::io::Error> for SnapshotError {
    fn from(error: std::io::Error) -> Self {
        Self::Read(error.to_string())
    }
}
