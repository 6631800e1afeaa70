//! Rows of a table in text (RFC 4180, and what programs write beside it): each with the line in which it begins, and none longer than
//! allowed.
//!
//! The reader of the csv crate counts from where the row before ended: at the first of some blank lines, and one line too low where
//! lines end as those of Windows do. So blank lines are passed over here, and its core is asked for one row at a time.

use std::io::{self, BufRead};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// Reads rows.
pub(crate) struct Rows<R> {
    stream: R,
    reader: Reader,
    /// Longest row, in bytes.
    most: usize,
    /// The line in which the stream stands, counted from 1.
    line: u64,
}

/// A row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    /// Its cells without their quotes, one after another; more bytes than they need.
    bytes: Vec<u8>,
    /// Where each cell ends; more than there are cells.
    ends: Vec<usize>,
    cells: usize,
    line: u64,
}

/// Why there is no row: nothing after it can be told apart.
#[derive(Debug)]
pub(crate) enum RowError {
    /// The stream failed.
    Io(io::Error),
    /// It is longer than allowed.
    TooLong,
    /// The table ends inside a quoted cell of it.
    Open,
}

impl From<io::Error> for RowError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl<R: BufRead> Rows<R> {
    /// Reads the rows of a table whose cells are parted by a byte, each of so many bytes at the most. A mark of UTF-8 before the first
    /// is passed over.
    pub(crate) fn new(stream: R, delimiter: u8, most: usize) -> Self {
        Self { stream, reader: ReaderBuilder::new().delimiter(delimiter).build(), most, line: 1 }
    }

    /// Reads the next row; `false` where there is none. Where it fails, the row has the line in which it began.
    ///
    /// # Errors
    /// When the stream fails, or the row is longer than allowed or has no end.
    pub(crate) fn next(&mut self, row: &mut Row) -> Result<bool, RowError> {
        self.pass_over_blank_lines()?;
        row.line = self.line;
        row.cells = 0;
        let (mut read, mut written) = (0, 0);
        loop {
            let input = self.stream.fill_buf()?;
            let is_end = input.is_empty();
            // A line break stays in a cell whose quote is open, and ends any other.
            let input = if is_end { &b"\n"[..] } else { input };
            let (result, used, out, ends) = self.reader.read_record(input, &mut row.bytes[written..], &mut row.ends[row.cells..]);
            if !is_end {
                self.line += breaks(&input[..used]);
                self.stream.consume(used);
                read += used;
            }
            written += out;
            row.cells += ends;
            match result {
                ReadRecordResult::Record => return Ok(true),
                ReadRecordResult::End => return Ok(false),
                ReadRecordResult::InputEmpty if is_end => return if out == 0 { Ok(false) } else { Err(RowError::Open) },
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => row.bytes.resize((row.bytes.len() * 2).max(1 << 10), 0),
                ReadRecordResult::OutputEndsFull => row.ends.resize((row.ends.len() * 2).max(1 << 5), 0),
            }
            if read > self.most {
                return Err(RowError::TooLong);
            }
        }
    }

    fn pass_over_blank_lines(&mut self) -> io::Result<()> {
        loop {
            let input = self.stream.fill_buf()?;
            let blank = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.line += breaks(&input[..blank]);
            let is_over = blank < input.len() || input.is_empty();
            self.stream.consume(blank);
            if is_over {
                return Ok(());
            }
        }
    }
}

fn breaks(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

impl Row {
    /// The line in which it begins, counted from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// How many cells it has.
    pub(crate) fn len(&self) -> usize {
        self.cells
    }

    /// A cell, without its quotes.
    pub(crate) fn get(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends[..self.cells].get(index)?;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        Some(&self.bytes[start..end])
    }

    /// Every cell.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &[u8]> + ExactSizeIterator {
        (0..self.cells).map(|index| self.get(index).expect("the index is that of a cell"))
    }

    /// Leaves out what stands beyond so many cells.
    pub(crate) fn truncate(&mut self, cells: usize) {
        self.cells = self.cells.min(cells);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use proptest::prelude::*;

    use super::*;

    const MOST: usize = 1 << 10;

    /// The line and the cells of a row.
    type Found = (u64, Vec<String>);

    /// Each row, and how it ends.
    fn rows(text: &str, at_once: usize) -> (Vec<Found>, Result<bool, RowError>) {
        let mut rows = Rows::new(BufReader::with_capacity(at_once, text.as_bytes()), b',', MOST);
        let (mut row, mut all) = (Row::default(), Vec::new());
        loop {
            match rows.next(&mut row) {
                Ok(true) => all.push((row.line(), row.iter().map(|cell| String::from_utf8(cell.to_vec()).unwrap()).collect())),
                ended => return (all, ended),
            }
        }
    }

    #[test]
    fn each_row_has_the_line_in_which_it_begins() {
        for end in ["\n", "\r\n"] {
            let text = ["", "", "a,b", "1,\"x", "y\"", "", "", "2,3", "4,5\" pipe"].join(end);
            for at_once in [1, 2, 3, 7, 100] {
                let (rows, ended) = rows(&text, at_once);
                let lines = rows.iter().map(|(line, _)| *line).collect::<Vec<_>>();
                assert_eq!(lines, [3, 4, 8, 9], "{text:?} {at_once}");
                assert_eq!(rows[1].1, ["1".to_owned(), format!("x{end}y")]);
                assert_eq!(rows[3].1, ["4", "5\" pipe"]);
                assert!(matches!(ended, Ok(false)));
            }
        }
    }

    #[test]
    fn what_has_no_end_is_told() {
        for (text, good) in [("a,b\n\n1,\"2\n3,4\n", 1), ("a,\"", 0), ("a\n\"b\n", 1)] {
            let (rows, ended) = rows(text, 4);
            assert!(rows.len() == good && matches!(ended, Err(RowError::Open)), "{text:?} {ended:?}");
        }
        let mut long = Rows::new(BufReader::new(b"a\n\n\"".chain(io::repeat(b'b'))), b',', MOST);
        let mut row = Row::default();
        assert!(matches!(long.next(&mut row), Ok(true)));
        assert!(matches!(long.next(&mut row), Err(RowError::TooLong)));
        assert_eq!(row.line(), 3);
        for nothing in ["", "\n\r\n\n", "\u{feff}", "\u{feff}\n"] {
            let (rows, ended) = rows(nothing, 100);
            assert!(rows.is_empty() && matches!(ended, Ok(false)), "{nothing:?}: {rows:?} {ended:?}");
        }
        assert_eq!(rows("\u{feff}a,b", 100).0, [(1, vec!["a".to_owned(), "b".to_owned()])]);
    }

    #[test]
    fn a_row_may_be_cut() {
        let mut rows = Rows::new(&b"a,,c\n"[..], b',', MOST);
        let mut row = Row::default();
        rows.next(&mut row).unwrap();
        assert_eq!((row.len(), row.get(1), row.get(3)), (3, Some(&b""[..]), None));
        row.truncate(2);
        assert_eq!((row.len(), row.get(2)), (2, None));
    }

    proptest! {
        /// The same cells as the csv crate reads.
        #[test]
        fn cells_are_those_of_the_csv_crate(
            text in prop::collection::vec(prop_oneof![Just("a"), Just(","), Just("\""), Just("\n"), Just("\r\n"), Just("é")], 0..40),
            at_once in 1..9_usize,
        ) {
            let text = text.concat();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>();
            let (rows, ended) = rows(&text, at_once);
            let found = rows.into_iter().map(|(_, cells)| cells).collect::<Vec<_>>();
            let good = if ended.is_ok() { expected.len() } else { expected.len().saturating_sub(1) };
            prop_assert_eq!(found, &expected[..good]);
        }
    }
}
