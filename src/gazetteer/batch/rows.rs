//! The rows of a table of any program: too short ones pass, what would shift or swallow cells does not.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::BatchError;

/// Most bytes of a row, in and about: an open quote does not bring the whole table into memory.
const MOST_BYTES: usize = 4 << 20;

/// Reads rows.
pub(super) struct Rows<R> {
    reader: Reader<Counted<R>>,
    seen: Rc<Seen>,
    columns: usize,
    /// The row before: whether it holds a line break, and where it begins.
    before: (bool, u64),
}

/// What has been read.
#[derive(Default)]
struct Seen {
    quotes: Cell<u64>,
    bytes: Cell<usize>,
}

struct Counted<R> {
    inner: R,
    seen: Rc<Seen>,
}

#[derive(Debug, thiserror::Error)]
#[error("a row is too long")]
struct TooLong;

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.seen.bytes.get() > MOST_BYTES {
            return Err(io::Error::other(TooLong));
        }
        let count = self.inner.read(buffer)?;
        let quotes = buffer[..count].iter().filter(|&&byte| byte == b'"').count();
        self.seen.quotes.set(self.seen.quotes.get() + quotes as u64);
        self.seen.bytes.set(self.seen.bytes.get() + count);
        Ok(count)
    }
}

/// The line in which a row begins, counted from 1.
pub(super) fn line_of(row: &ByteRecord) -> u64 {
    row.position().map_or(0, csv::Position::line)
}

impl<R: Read> Rows<R> {
    pub(super) fn new(inner: R, delimiter: u8) -> Self {
        let seen = Rc::new(Seen::default());
        let counted = Counted { inner, seen: Rc::clone(&seen) };
        let reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(counted);
        Self { reader, seen, columns: 0, before: (false, 1) }
    }

    /// The first row.
    pub(super) fn header(&mut self) -> Result<ByteRecord, BatchError> {
        let mut row = ByteRecord::new();
        self.columns = usize::MAX;
        if !self.next(&mut row)? {
            return Err(BatchError::Empty);
        }
        self.columns = row.len();
        Ok(row)
    }

    /// The next row, without what is empty beyond the last column; `false` where there is none.
    pub(super) fn next(&mut self, row: &mut ByteRecord) -> Result<bool, BatchError> {
        self.seen.bytes.set(0);
        let line = self.reader.position().line();
        let is_any = self.reader.read_byte_record(row).map_err(|error| match error.kind() {
            csv::ErrorKind::Io(io) if io.get_ref().is_some_and(|inner| inner.is::<TooLong>()) => BatchError::Quote { line },
            _ => error.into(),
        })?;
        if !is_any {
            // Quotes come in twos, but for one in the middle of a cell, which stands for itself; one that is open ends in the last row.
            let (is_broken, line) = self.before;
            return if is_broken && self.seen.quotes.get() % 2 == 1 { Err(BatchError::Quote { line }) } else { Ok(false) };
        }
        self.before = (row.as_slice().contains(&b'\n'), line_of(row));
        let found = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        if found > self.columns {
            return Err(BatchError::Cells { line: line_of(row), found, expected: self.columns });
        }
        row.truncate(self.columns);
        Ok(true)
    }
}
