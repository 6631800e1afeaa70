//! Tables: comma, semicolon or tabulator between cells, one header line, UTF-8.

use std::{
    borrow::Cow,
    cell::Cell,
    io::{self, BufRead, Read},
};

use ::csv::{ByteRecord, ReaderBuilder};

use super::{
    MOST_BYTES,
    fault::{Rule, Spot},
    guess::{self, Where},
    infer,
    name::unique,
    record::{Item, PlaceName, Raw, Record, Sink, Stop, push},
    wkt,
};
use crate::model::{Geometry, Position};

/// Longest header line, in bytes.
const MOST_HEADER: u64 = 1 << 20;

/// What may stand between cells; of equally frequent ones the first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a file.
pub(super) fn read(stream: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let mut first = Vec::new();
    (&mut *stream).take(MOST_HEADER).read_until(b'\n', &mut first)?;
    // What a row may still take before it is too long.
    let left = Cell::new(MOST_BYTES);
    let rows = Budget { stream: first.as_slice().chain(stream), left: &left };
    let delimiter = delimiter(&first);
    let mut reader = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(rows);
    let mut row = ByteRecord::new();
    if !next(&mut reader, &mut row, &left, sink, 0)? {
        // A header that is too long has been told.
        return if left.get() == 0 { Ok(()) } else { push(sink, Item::Fault(Spot::default(), Rule::Empty)) };
    }
    let header = match header(&row) {
        Ok(header) => header,
        Err(rule) => return push(sink, Item::Fault(Spot { line: 1, ..Spot::default() }, rule)),
    };
    let place = guess::place(&header);
    if place.is_none() {
        push(sink, Item::Note(guess::NOWHERE.to_owned()))?;
    }
    // Where semicolons part the cells, commas are left for numbers: so programs write tables in most of the languages of Europe.
    let table = Table { names: names(&header), header, place, has_decimal_commas: delimiter == b';' };
    for number in 1.. {
        if !next(&mut reader, &mut row, &left, sink, number)? {
            break;
        }
        let line = row.position().map_or(0, ::csv::Position::line);
        let spot = Spot { record: number, line, byte: None };
        let item = match table.record(&row, spot) {
            Ok(record) => Item::Record(record),
            Err(rule) => Item::Fault(spot, rule),
        };
        push(sink, item)?;
    }
    Ok(())
}

/// Reads the next row; `false` where there is none.
fn next(
    reader: &mut ::csv::Reader<impl Read>,
    row: &mut ByteRecord,
    left: &Cell<usize>,
    sink: &mut Sink<'_>,
    record: u64,
) -> Result<bool, Stop> {
    left.set(MOST_BYTES);
    let line = reader.position().line();
    match reader.read_byte_record(row) {
        Ok(is_any) => Ok(is_any),
        Err(error) => match error.into_kind() {
            ::csv::ErrorKind::Io(error) if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<RowTooLong>) => {
                push(sink, Item::Fault(Spot { record, line, byte: None }, Rule::TooLong))?;
                Ok(false)
            }
            ::csv::ErrorKind::Io(error) => Err(Stop::Io(error)),
            // Rows of any length and any bytes are asked for: nothing else can fail.
            other => Err(Stop::Io(io::Error::new(io::ErrorKind::InvalidData, format!("{other:?}")))),
        },
    }
}

/// The delimiter that stands most often in the first line, outside of quotes.
fn delimiter(line: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut is_quoted = false;
    for byte in line {
        is_quoted ^= *byte == b'"';
        if let Some(index) = DELIMITERS.iter().position(|delimiter| delimiter == byte).filter(|_| !is_quoted) {
            counts[index] += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    DELIMITERS[counts.iter().position(|count| *count == most).unwrap_or_default()]
}

fn header(row: &ByteRecord) -> Result<Vec<String>, Rule> {
    row.iter().map(text).map(|cell| cell.map(str::to_owned)).collect()
}

/// The names of the properties: those of the header, numbered where they are empty or repeat one.
fn names(header: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for (cell, number) in header.iter().zip(1..) {
        let cell = cell.trim();
        let name = if cell.is_empty() { format!("column_{number}") } else { cell.to_owned() };
        names.push(unique(&name, &names, '_'));
    }
    names
}

fn text(bytes: &[u8]) -> Result<&str, Rule> {
    std::str::from_utf8(bytes).map_err(|error| Rule::Encoding(error.valid_up_to()))
}

/// What the columns are.
struct Table {
    header: Vec<String>,
    names: Vec<String>,
    place: Option<Where>,
    has_decimal_commas: bool,
}

impl Table {
    fn record<'r>(&'r self, row: &'r ByteRecord, spot: Spot) -> Result<Record<'r>, Rule> {
        if row.len() != self.header.len() {
            return Err(Rule::Cells { found: row.len(), expected: self.header.len() });
        }
        let cell = |index: usize| text(&row[index]);
        let (geometry, place) = match self.place {
            None => (None, None),
            Some(Where::LonLat(lon, lat)) => (self.point([(lon, cell(lon)?), (lat, cell(lat)?)])?, None),
            Some(Where::Wkt(column)) if cell(column)?.trim().is_empty() => (None, None),
            Some(Where::Wkt(column)) => (wkt::parse(cell(column)?, &self.header[column])?, None),
            Some(Where::Place(name, country)) => {
                let country = country.map(cell).transpose()?.map(str::trim).filter(|code| code.len() == 2);
                (None, Some(PlaceName { name: cell(name)?, country }))
            }
        };
        let is_geometry = |index: usize| match self.place {
            Some(Where::LonLat(lon, lat)) => index == lon || index == lat,
            Some(Where::Wkt(column)) => index == column,
            Some(Where::Place(..)) | None => false,
        };
        let columns = self.names.iter().enumerate().filter(|(index, _)| !is_geometry(*index));
        let property = |(index, name): (usize, &'r String)| -> Result<(Cow<'r, str>, Raw<'r>), Rule> {
            let text = Cow::Borrowed(text(&row[index])?);
            let is_decimal = self.has_decimal_commas && infer::is_decimal(&text);
            Ok((Cow::Borrowed(name.as_str()), if is_decimal { Raw::Decimal(text) } else { Raw::Cell(text) }))
        };
        let properties = columns.map(property).collect::<Result<_, _>>()?;
        Ok(Record { spot, id: None, geometry, place, properties })
    }

    /// A point; `None` where both cells are empty.
    fn point(&self, cells: [(usize, &str); 2]) -> Result<Option<Geometry>, Rule> {
        let [(lon, lon_text), (lat, lat_text)] = cells.map(|(index, cell)| (index, cell.trim()));
        let column = |index: usize| self.header[index].clone();
        match (lon_text.is_empty(), lat_text.is_empty()) {
            (true, true) => return Ok(None),
            (true, false) => return Err(Rule::HalfPosition(column(lon))),
            (false, true) => return Err(Rule::HalfPosition(column(lat))),
            (false, false) => {}
        }
        let number = |index: usize, text: &str| {
            let not = || Rule::NotANumber { column: column(index), value: text.chars().take(40).collect() };
            let has_comma = self.has_decimal_commas && infer::is_decimal(text);
            if has_comma { infer::with_point(text).parse() } else { text.parse::<f64>() }.map_err(|_| not())
        };
        let position = Position::new(number(lon, lon_text)?, number(lat, lat_text)?)?;
        Ok(Some(Geometry::point(position)))
    }
}

/// Fails where a row takes more than it may, so that an open quote does not bring the whole file into memory.
struct Budget<'a, R> {
    stream: R,
    left: &'a Cell<usize>,
}

/// The row at hand has spent its budget.
#[derive(Debug, thiserror::Error)]
#[error("a row is longer than allowed")]
struct RowTooLong;

impl<R: Read> Read for Budget<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            return Err(io::Error::other(RowTooLong));
        }
        let count = self.stream.read(buffer)?;
        self.left.set(self.left.get().saturating_sub(count));
        Ok(count)
    }
}
