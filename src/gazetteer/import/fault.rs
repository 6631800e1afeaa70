//! What can be wrong with the files of an import.

use std::{fmt, io};

use crate::gazetteer::pack::PackError;

/// Why nothing was built.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read.
    #[error("{file}: cannot be read: {error}")]
    Read {
        /// As it was named.
        file: String,
        /// Why.
        error: io::Error,
    },
    /// A file is none of the kinds that are read.
    #[error(
        "{file}: neither GeoNames' files (19 columns; alternateNamesV2, hierarchy, admin1CodesASCII), Linked Places (.json), a table (.csv, .tsv), nor Who's On First rows"
    )]
    Kind {
        /// As it was named.
        file: String,
    },
    /// A table without a column that it must have.
    #[error("{file}: the header names no column {column}; it has {found}")]
    Column {
        /// As it was named.
        file: String,
        /// What is missing.
        column: &'static str,
        /// What there is.
        found: String,
    },
    /// The gazetteer cannot be written.
    #[error("{file}: cannot be written: {error}")]
    Write {
        /// As it was named.
        file: String,
        /// Why.
        error: io::Error,
    },
    /// The places cannot be packed.
    #[error("{0}")]
    Pack(#[from] PackError),
}

/// A row that was left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {rule}")]
pub struct RowFault {
    /// The file, as it was named.
    pub file: String,
    /// Counted from 1; for Linked Places the feature, counted from 1.
    pub line: u64,
    /// Which field, its value, and the rule that it breaks.
    pub rule: String,
}

/// Rows that were left out: all are counted, the first are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Vec<RowFault>,
}

impl Faults {
    /// How many are kept.
    pub const KEPT: usize = 20;

    pub(super) fn add(&mut self, file: &str, line: u64, rule: impl Into<String>) {
        self.count += 1;
        if self.first.len() < Self::KEPT {
            self.first.push(RowFault { file: file.to_owned(), line, rule: rule.into() });
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.first {
            writeln!(f, "{fault}")?;
        }
        match self.count - self.first.len() as u64 {
            0 => Ok(()),
            more => writeln!(f, "and {more} more"),
        }
    }
}
