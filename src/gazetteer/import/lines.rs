//! A file line by line.

use std::io::{self, BufRead, Read};

use super::ImportError;

/// Longest line, in bytes: a place with names in all languages takes a tenth of it.
const LONGEST: u64 = 4 << 20;

/// The lines of a file, each in the same buffer.
pub(super) struct Lines<'a> {
    stream: Box<dyn BufRead + 'a>,
    /// The file, as it was named.
    pub(super) file: &'a str,
    /// Number of the line at hand, from 1.
    pub(super) number: u64,
    buffer: Vec<u8>,
}

/// Why a line cannot be taken.
pub(super) const NOT_UTF8: &str = "the line is not UTF-8";
const TOO_LONG: &str = "the line is longer than 4 MiB";

impl<'a> Lines<'a> {
    pub(super) fn new(stream: Box<dyn BufRead + 'a>, file: &'a str) -> Self {
        Self { stream, file, number: 0, buffer: Vec::new() }
    }

    /// The next line without its end, or why it cannot be taken; `None` after the last. Empty lines are passed over.
    pub(super) fn next(&mut self) -> Result<Option<Result<&str, &'static str>>, ImportError> {
        loop {
            self.buffer.clear();
            self.number += 1;
            let failed = |error: io::Error| ImportError::Read { file: self.file.to_owned(), error };
            let read = (&mut self.stream).take(LONGEST).read_until(b'\n', &mut self.buffer).map_err(failed)?;
            if read == 0 {
                return Ok(None);
            }
            if read as u64 == LONGEST && self.buffer.last() != Some(&b'\n') {
                self.pass_over().map_err(failed)?;
                return Ok(Some(Err(TOO_LONG)));
            }
            while matches!(self.buffer.last(), Some(b'\n' | b'\r')) {
                self.buffer.pop();
            }
            if !self.buffer.is_empty() {
                break;
            }
        }
        let start = if self.number == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Ok(Some(std::str::from_utf8(&self.buffer[start..]).map_err(|_| NOT_UTF8)))
    }

    /// Passes over the rest of a line.
    fn pass_over(&mut self) -> io::Result<()> {
        loop {
            let bytes = self.stream.fill_buf()?;
            if bytes.is_empty() {
                return Ok(());
            }
            let end = bytes.iter().position(|&byte| byte == b'\n');
            let length = end.map_or(bytes.len(), |at| at + 1);
            self.stream.consume(length);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}
