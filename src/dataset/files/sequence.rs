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
    let (mut text, mut line, mut record) = (Vec::new(), 1, 0);
    while let Some(piece) = piece(stream, end, &mut text)? {
        let blank = text.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == SEPARATOR).count();
        if blank < text.len() || piece.is_long {
            record += 1;
            let lines = text[..blank].iter().filter(|byte| **byte == b'\n').count() as u64;
            let spot = Spot { record, line: line + lines, byte: None };
            let item =
                if piece.is_long { Item::Fault(spot, Rule::TooLong) } else { Item::Frame { spot, bytes: &text[blank..], decode: &decode } };
            push(sink, item)?;
        }
        line += piece.lines;
    }
    if record == 0 { push(sink, Item::Fault(Spot::default(), Rule::Empty)) } else { Ok(()) }
}

fn one(text: &[u8], spot: Spot, sink: &mut Sink<'_>) -> Result<(), Stop> {
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
        piece.lines += match end {
            b'\n' => u64::from(found.is_some()),
            _ => memchr::memchr_iter(b'\n', &chunk[..used]).count() as u64,
        };
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
