//! Where the values of a JSON text begin and end, without reading them: in one pass, holding one value at the most.

use std::io::{self, BufRead};

/// How a value ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framed {
    /// It is whole.
    Whole,
    /// It is longer than asked for; the rest of it was skipped.
    TooLong,
    /// The stream ended before it.
    CutShort,
}

/// A JSON text, value by value.
pub(super) struct Scanner<'a> {
    stream: &'a mut dyn BufRead,
    /// Bytes read so far.
    pub(super) offset: u64,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(stream: &'a mut dyn BufRead) -> Self {
        Self { stream, offset: 0 }
    }

    /// The next byte that is no white space, which stays; `None` at the end.
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let chunk = self.stream.fill_buf()?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let blank = chunk.iter().take_while(|byte| is_blank(**byte)).count();
            let found = chunk.get(blank).copied();
            self.skip(blank);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Moves past bytes that were peeked.
    pub(super) fn skip(&mut self, count: usize) {
        self.stream.consume(count);
        self.offset += count as u64;
    }

    /// Moves past the next value and puts its text into `text`, `most` bytes of it at the most.
    pub(super) fn value(&mut self, text: &mut Vec<u8>, most: usize) -> io::Result<Framed> {
        text.clear();
        let mut frame = Frame::default();
        let mut is_long = false;
        loop {
            let chunk = self.stream.fill_buf()?;
            if chunk.is_empty() {
                let is_whole = frame.depth == 0 && !frame.in_text && !text.is_empty() && !is_long;
                return Ok(if is_whole { Framed::Whole } else { Framed::CutShort });
            }
            let (used, is_end) = frame.run(chunk);
            if text.len() + used > most {
                is_long = true;
                // What is kept of it is of no use.
                *text = Vec::new();
            } else if !is_long {
                text.extend_from_slice(&chunk[..used]);
            }
            self.skip(used);
            if is_end {
                return Ok(if is_long { Framed::TooLong } else { Framed::Whole });
            }
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// How far into a value the scan is.
#[derive(Debug, Default)]
struct Frame {
    depth: u64,
    in_text: bool,
    is_escaped: bool,
}

impl Frame {
    /// How many bytes of the chunk belong to the value, and whether it ends with them.
    fn run(&mut self, chunk: &[u8]) -> (usize, bool) {
        for (index, byte) in chunk.iter().enumerate() {
            if self.in_text {
                match byte {
                    _ if self.is_escaped => self.is_escaped = false,
                    b'\\' => self.is_escaped = true,
                    b'"' => {
                        self.in_text = false;
                        if self.depth == 0 {
                            return (index + 1, true);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth == 0 => return (index, true),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (index + 1, true);
                    }
                }
                b',' | b':' if self.depth == 0 => return (index, true),
                _ if self.depth == 0 && is_blank(*byte) => return (index, true),
                _ => {}
            }
        }
        (chunk.len(), false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn frame(text: &str, most: usize) -> (Framed, String, u64) {
        // Chunks of three bytes: values cross their borders.
        let mut stream = BufReader::with_capacity(3, text.as_bytes());
        let mut scanner = Scanner::new(&mut stream);
        scanner.peek().unwrap();
        let mut kept = Vec::new();
        let framed = scanner.value(&mut kept, most).unwrap();
        (framed, String::from_utf8(kept).unwrap(), scanner.offset)
    }

    #[test]
    fn values_end_where_they_end() {
        for (text, value) in [
            (r#"  {"a":"}]\"","b":[1,{}]} ,"#, r#"{"a":"}]\"","b":[1,{}]}"#),
            (r#""a,\\" : 1"#, r#""a,\\""#),
            ("12.5e3]", "12.5e3"),
            ("null\n", "null"),
            ("true", "true"),
            ("[]]", "[]"),
        ] {
            assert_eq!(frame(text, 99).0, Framed::Whole, "{text}");
            assert_eq!(frame(text, 99).1, value);
        }
    }

    #[test]
    fn long_values_are_skipped_and_cut_ones_are_told() {
        let (framed, kept, offset) = frame("[1,2,3,4,5,6,7,8,9],", 8);
        assert_eq!((framed, kept.as_str(), offset), (Framed::TooLong, "", 19));
        for text in ["[1,[2]", "\"abc", "{\"a\":\"\\", ""] {
            assert_eq!(frame(text, 99).0, Framed::CutShort, "{text}");
        }
    }
}
