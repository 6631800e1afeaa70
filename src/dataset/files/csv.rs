//! Tables: comma, semicolon, tabulator or vertical line between cells, one header line, UTF-8.

use std::{
    borrow::Cow,
    io::{BufRead, Read},
};

use super::{
    MOST_BYTES,
    degrees::{self, Axis},
    fault::{Rule, Spot},
    guess::{self, Where},
    literal,
    located::{self, Systems},
    name::unique,
    part::MOST_PROPERTIES,
    record::{Item, PlaceName, Raw, Record, Sink, Stop, push},
};
use crate::{
    model::{Geometry, Position},
    rows::{Row, RowError, Rows},
};

/// Longest header line, in bytes.
const MOST_HEADER: u64 = 1 << 20;

/// Lines looked at for the header at the most.
const MOST_ABOVE: usize = 50;
/// Cells of a row that has a title in one of them, as spreadsheets write it: one row less of names is no title.
const LEAST_CELLS: usize = 3;

/// What may stand between cells; of equally frequent ones the first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What a table is told whose first line has numbers in it.
const HEADLESS: &str = "the first line, which names the columns, has numbers in it: a table needs a line of names before its rows";

/// Reads a file.
pub(super) fn read(stream: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let Top { read, above, delimiter, is_named } = Top::read(stream)?;
    let mut rows = Rows::new(read.as_slice().chain(stream), delimiter, MOST_BYTES);
    let mut row = Row::default();
    match (0..above).try_for_each(|_| rows.next(&mut row).map(|_| ())).and_then(|()| rows.next(&mut row)) {
        Ok(true) => {}
        Ok(false) => return push(sink, Item::Fault(Spot::default(), Rule::Empty)),
        Err(error) => return broken(error, &row, 0, sink),
    }
    let header = match header(&row) {
        Ok(header) => header,
        Err(rule) => return push(sink, Item::Fault(Spot { line: row.line(), ..Spot::default() }, rule)),
    };
    if above > usize::from(is_named) {
        push(sink, Item::Note(format!("what stands above line {} is no header and passed over", row.line())))?;
    }
    let place = guess::place(&header);
    if place.is_none() {
        push(sink, Item::Note(guess::NOWHERE.to_owned()))?;
    }
    // Whole ones may be years.
    if place.is_none() && header.iter().any(|cell| cell.contains('.') && cell.trim().parse::<f64>().is_ok()) {
        push(sink, Item::Note(HEADLESS.to_owned()))?;
    }
    // Where semicolons part the cells, commas are left for numbers: so programs write tables in most of the languages of Europe.
    let has_decimal_commas = delimiter == b';';
    let table = Table { names: names(&header), header, place, systems: Systems::default(), has_decimal_commas };
    for number in 1.. {
        match rows.next(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return broken(error, &row, number, sink),
        }
        let spot = Spot { record: number, line: row.line(), byte: None };
        let item = match table.record(&row, spot) {
            Ok(record) => Item::Record(record),
            Err(rule) => Item::Fault(spot, rule),
        };
        push(sink, item)?;
    }
    Ok(())
}

/// Tells why nothing after a row can be read.
fn broken(error: RowError, row: &Row, record: u64, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let rule = match error {
        RowError::Io(error) => return Err(Stop::Io(error)),
        RowError::TooLong => Rule::TooLong,
        RowError::Open => Rule::CutShort,
    };
    push(sink, Item::Fault(Spot { record, line: row.line(), byte: None }, rule))
}

/// The lines of a table down to its header.
struct Top {
    /// What was read.
    read: Vec<u8>,
    /// Rows above the header.
    above: usize,
    delimiter: u8,
    /// Whether the first of them names the delimiter.
    is_named: bool,
}

impl Top {
    /// Reads lines until one is the header. Above it may stand a line that names the delimiter, titles as spreadsheets have them (a row
    /// with one cell that is not empty, or none), and remarks behind `#`.
    fn read(stream: &mut dyn BufRead) -> Result<Self, Stop> {
        let mut top = Self { read: Vec::new(), above: 0, delimiter: DELIMITERS[0], is_named: false };
        // The last remark: how many rows stand above it, and its cells.
        let mut remark: Option<(usize, usize)> = None;
        let mut line = Vec::new();
        for _ in 0..MOST_ABOVE {
            line.clear();
            let most = MOST_HEADER.saturating_sub(top.read.len() as u64);
            (&mut *stream).take(most).read_until(b'\n', &mut line)?;
            top.read.extend_from_slice(&line);
            if line.is_empty() {
                break;
            }
            // Rows pass over what is blank.
            if line.trim_ascii().is_empty() && !line.contains(&b'\t') {
                continue;
            }
            if let (0, Some(delimiter)) = (top.above, named_delimiter(&line)) {
                top = Self { above: 1, delimiter, is_named: true, ..top };
                continue;
            }
            if !top.is_named {
                top.delimiter = delimiter(&line);
            }
            let (cells, filled) = cells(&line, top.delimiter);
            let is_remark = line.starts_with(b"#") && line.iter().filter(|byte| **byte == b'"').count() % 2 == 0;
            if let Some((above, _)) = remark.filter(|(_, count)| *count == cells && (cells >= LEAST_CELLS || !is_remark)) {
                // Of as many cells as the line below it: that is the header.
                top.above = above;
                break;
            }
            match is_remark {
                true => remark = Some((top.above, cells)),
                false if cells < LEAST_CELLS || filled > 1 => break,
                false => {}
            }
            top.above += 1;
        }
        Ok(top)
    }
}

/// How many cells a line has, outside of quotes, and how many of them are not empty.
fn cells(line: &[u8], delimiter: u8) -> (usize, usize) {
    let (mut is_quoted, mut is_filled, mut count, mut filled) = (false, false, 1, 0);
    for byte in line {
        is_quoted ^= *byte == b'"';
        if *byte == delimiter && !is_quoted {
            count += 1;
            filled += usize::from(is_filled);
            is_filled = false;
        } else {
            is_filled |= !byte.is_ascii_whitespace() && *byte != b'"';
        }
    }
    (count, filled + usize::from(is_filled))
}

/// The delimiter that a line before the header names, as programs write it for Excel: `sep=;`.
fn named_delimiter(line: &[u8]) -> Option<u8> {
    match line.trim_ascii_end() {
        // A tabulator is trimmed like any other space.
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'='] if line.contains(&b'\t') => Some(b'\t'),
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => Some(*delimiter).filter(|delimiter| DELIMITERS.contains(delimiter)),
        _ => None,
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

fn header(row: &Row) -> Result<Vec<String>, Rule> {
    // Two of them may be coordinates.
    if row.len() > MOST_PROPERTIES + 2 {
        return Err(Rule::TooManyProperties(MOST_PROPERTIES));
    }
    row.iter().map(|cell| std::str::from_utf8(cell).map(str::to_owned).map_err(|error| Rule::Encoding(error.valid_up_to()))).collect()
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

/// What the columns are.
struct Table {
    header: Vec<String>,
    names: Vec<String>,
    place: Option<Where>,
    systems: Systems,
    has_decimal_commas: bool,
}

impl Table {
    fn record<'r>(&'r self, row: &'r Row, spot: Spot) -> Result<Record<'r>, Rule> {
        if row.len() != self.header.len() {
            return Err(Rule::Cells { found: row.len(), expected: self.header.len() });
        }
        let cell = |index: usize| {
            let not = |_| Rule::CellEncoding(self.names[index].clone());
            std::str::from_utf8(row.get(index).unwrap_or_default()).map_err(not)
        };
        let (geometry, place) = match self.place {
            None => (None, None),
            Some(Where::LonLat(lon, lat)) => (self.point([(lon, cell(lon)?), (lat, cell(lat)?)])?, None),
            Some(Where::Geometry(column) | Where::Pair(column, _)) if cell(column)?.trim().is_empty() => (None, None),
            Some(Where::Geometry(column)) => (self.systems.geometry(cell(column)?, &self.header[column])?, None),
            Some(Where::Pair(column, is_lon_first)) => (Some(located::pair(cell(column)?, is_lon_first, &self.header[column])?), None),
            Some(Where::Place(name, country)) => {
                let country = country.map(cell).transpose()?.map(str::trim).filter(|country| !country.is_empty());
                (None, Some(PlaceName { name: cell(name)?, country }))
            }
        };
        let is_geometry = |index: usize| match self.place {
            Some(Where::LonLat(lon, lat)) => index == lon || index == lat,
            Some(Where::Geometry(column) | Where::Pair(column, _)) => index == column,
            Some(Where::Place(..)) | None => false,
        };
        let columns = self.names.iter().enumerate().filter(|(index, _)| !is_geometry(*index));
        let property = |(index, name): (usize, &'r String)| -> Result<(Cow<'r, str>, Raw<'r>), Rule> {
            let text = Cow::Borrowed(cell(index)?);
            let is_decimal = self.has_decimal_commas && literal::is_decimal(&text);
            Ok((Cow::Borrowed(name.as_str()), if is_decimal { Raw::Decimal(text) } else { Raw::Cell(text) }))
        };
        let properties = columns.map(property).collect::<Result<_, _>>()?;
        Ok(Record { spot, id: None, geometry, place, properties })
    }

    /// A point; `None` where both cells are empty.
    fn point(&self, cells: [(usize, &str); 2]) -> Result<Option<Geometry>, Rule> {
        let [(lon, lon_text), (lat, lat_text)] =
            cells.map(|(index, cell)| (index, if literal::is_missing(cell) { "" } else { cell.trim() }));
        let column = |index: usize| self.header[index].clone();
        match (lon_text.is_empty(), lat_text.is_empty()) {
            (true, true) => return Ok(None),
            (true, false) => return Err(Rule::HalfPosition(column(lon))),
            (false, true) => return Err(Rule::HalfPosition(column(lat))),
            (false, false) => {}
        }
        let number = |index: usize, text: &str, axis| {
            let has_comma = self.has_decimal_commas && literal::is_decimal(text);
            let number = if has_comma { literal::with_point(text).parse().ok() } else { degrees::read(text, axis) };
            number.ok_or_else(|| Rule::NotANumber { column: column(index), value: text.chars().take(40).collect() })
        };
        let position = Position::new(number(lon, lon_text, Axis::Lon)?, number(lat, lat_text, Axis::Lat)?)?;
        Ok(Some(Geometry::point(position)))
    }
}
