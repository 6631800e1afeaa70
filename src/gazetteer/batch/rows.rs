//! The rows of a table of any program: too short ones pass, what would shift or swallow cells does not.

use std::io::BufRead;

use super::BatchError;
use crate::rows::{Row, RowError, Rows};

/// Longest row, in bytes: an open quote does not bring the whole table into memory.
const MOST_BYTES: usize = 4 << 20;

/// Reads rows.
pub(super) struct Table<R> {
    rows: Rows<R>,
    columns: usize,
}

impl<R: BufRead> Table<R> {
    pub(super) fn new(stream: R, delimiter: u8) -> Self {
        Self { rows: Rows::new(stream, delimiter, MOST_BYTES), columns: usize::MAX }
    }

    /// The first row.
    pub(super) fn header(&mut self) -> Result<Row, BatchError> {
        let mut row = Row::default();
        if !self.next(&mut row)? {
            return Err(BatchError::Empty);
        }
        self.columns = row.len();
        Ok(row)
    }

    /// The next row, without what is empty beyond the last column; `false` where there is none.
    pub(super) fn next(&mut self, row: &mut Row) -> Result<bool, BatchError> {
        let is_any = self.rows.next(row).map_err(|error| match error {
            RowError::Io(error) => BatchError::Io(error),
            RowError::TooLong | RowError::Open => BatchError::Quote { line: row.line() },
        })?;
        let found = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        if is_any && found > self.columns {
            return Err(BatchError::Cells { line: row.line(), found, expected: self.columns });
        }
        row.truncate(self.columns);
        Ok(is_any)
    }
}
