//! GeoJSON texts one after another: one a line, or each after a record separator (RFC 8142).

use std::{
    io::{self, BufRead},
    sync::Arc,
};

use super::{
    MOST_BYTES,
    fault::{Rule, Spot},
    feature::{self, Parsed},
    geojson,
    record::{Decode, Item, Sink, Stop, push},
};

/// The byte before each text of RFC 8142.
const SEPARATOR: u8 = 0x1e;

/// Reads a file; which of the two forms it has, its first byte tells.
pub(super) fn read(stream: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let decode: Decode = Arc::new(one);
    let end = if stream.fill_buf()?.first() == Some(&SEPARATOR) { SEPARATOR } else { b'\n' };
    let (mut line, mut record) = (1, 0);
    let mut take = |text: &[u8], Piece { is_long, lines }: Piece| {
        let blank = text.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == SEPARATOR).count();
        if !is_frame(&text[blank..]) || is_long {
            record += 1;
            let before = text[..blank].iter().filter(|byte| **byte == b'\n').count() as u64;
            let spot = Spot { record, line: line + before, byte: None };
            let item =
                if is_long { Item::Fault(spot, Rule::TooLong) } else { Item::Frame { spot, bytes: &text[blank..], decode: &decode } };
            push(sink, item)?;
        }
        line += lines;
        Ok::<_, Stop>(())
    };
    let mut text = Vec::new();
    loop {
        let chunk = stream.fill_buf()?;
        // Most pieces are whole in what is read at once, and taken from there; the others are put together.
        let mut used = 0;
        while let Some(length) = memchr::memchr(end, &chunk[used..]).filter(|length| *length <= MOST_BYTES) {
            let piece = &chunk[used..used + length];
            take(piece, Piece { is_long: false, lines: lines(end, &chunk[used..=used + length]) })?;
            used += length + 1;
        }
        stream.consume(used);
        match piece(stream, end, &mut text)? {
            Some(piece) => take(&text, piece)?,
            None => break,
        }
    }
    if record == 0 { push(sink, Item::Fault(Spot::default(), Rule::Empty)) } else { Ok(()) }
}

/// Line breaks in a piece that ends so, with its end where it has one.
fn lines(end: u8, piece: &[u8]) -> u64 {
    if end == b'\n' { u64::from(piece.last() == Some(&end)) } else { memchr::memchr_iter(b'\n', piece).count() as u64 }
}

/// Whether a line is empty, or a bracket around features that some programs write one a line.
fn is_frame(line: &[u8]) -> bool {
    matches!(line.trim_ascii_end(), b"" | b"[" | b"]")
}

/// A line without the comma behind it, and the brackets around all, as where an array was written one element a line.
fn bare(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii_end();
    let line = line.strip_suffix(b"]").filter(|line| line.ends_with(b"}")).unwrap_or(line);
    let line = line.strip_suffix(b",").unwrap_or(line);
    line.strip_prefix(b"[").filter(|line| line.starts_with(b"{")).unwrap_or(line)
}

fn one(text: &[u8], spot: Spot, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let text = bare(text);
    match feature::parse(text, spot, None) {
        Ok(Parsed::Record(record)) => push(sink, Item::Record(record)),
        Ok(Parsed::Collection) => geojson::read_collection(text, spot, sink),
        Err(rule) => push(sink, Item::Fault(spot, rule)),
    }
}

/// What stood before an end byte.
struct Piece {
    /// Longer than is held; what was kept of it is nothing.
    is_long: bool,
    /// Line breaks in it.
    lines: u64,
}

/// Moves past the next end byte and puts what stood before it into `text`; `None` at the end of the stream.
fn piece(stream: &mut dyn BufRead, end: u8, text: &mut Vec<u8>) -> io::Result<Option<Piece>> {
    text.clear();
    let mut piece = Piece { is_long: false, lines: 0 };
    let mut is_any = false;
    loop {
        let chunk = stream.fill_buf()?;
        if chunk.is_empty() {
            return Ok(is_any.then_some(piece));
        }
        is_any = true;
        let found = memchr::memchr(end, chunk);
        let used = found.map_or(chunk.len(), |index| index + 1);
        let kept = &chunk[..found.unwrap_or(used)];
        piece.lines += lines(end, &chunk[..used]);
        if piece.is_long || text.len() + kept.len() > MOST_BYTES {
            piece.is_long = true;
            *text = Vec::new();
        } else {
            text.extend_from_slice(kept);
        }
        stream.consume(used);
        if found.is_some() {
            return Ok(Some(piece));
        }
    }
}
