//! A table with a column of place names → the same table with positions, and what a person has to look at.
//!
//! A name is placed only where one place leads by [`MARGIN`](super::MARGIN) and reaches [`FLOOR`](super::FLOOR); any other row is
//! marked `review` and keeps its candidates. What a person decides stands in a file of its own and is replayed on the next run.

mod decisions;
mod rows;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    io::{self, Read, Write},
};

use csv::WriterBuilder;
pub use decisions::{Decision, DecisionError, Decisions};
use rows::Table;

use super::{Atlas, Hit, Spot, Verdict, Wish, fold, verdict};
use crate::{
    model::{Level, Position},
    rows::Row,
};

/// Candidates that a row shows at the most.
const MOST_CANDIDATES: usize = 5;
/// Answers kept for names that come again.
const MOST_KEPT: usize = 100_000;
/// Longest name that is looked up, in characters; longer cells are no names.
const LONGEST: usize = 256;

/// The columns that are added, in their order.
pub const COLUMNS: [&str; 10] = [
    "place_id",
    "place_name",
    "place_lon",
    "place_lat",
    "place_match",
    "place_score",
    "place_status",
    "place_candidates",
    "decided_by",
    "decided_why",
];

/// How names are looked up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BatchOptions {
    /// The column with the names.
    pub column: String,
    /// Country of all rows, as ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// Column with the country of each row, as code or name.
    pub country_column: Option<String>,
    /// A point that the places should be near.
    pub near: Option<Position>,
    /// Separates cells; found from the header where it is not given.
    pub delimiter: Option<u8>,
}

/// How many rows came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BatchReport {
    /// All.
    pub rows: u64,
    /// Placed by the gazetteer.
    pub placed: u64,
    /// Placed, or left without a place, by a person.
    pub decided: u64,
    /// For a person to look at.
    pub review: u64,
    /// Without any candidate.
    pub none: u64,
}

/// Why a table cannot be geocoded.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// It cannot be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The answer cannot be written.
    #[error("{0}")]
    Write(io::Error),
    /// It has no such column.
    #[error("the header names no column {column:?}; it has {found}")]
    Column {
        /// As asked for.
        column: String,
        /// What there is.
        found: String,
    },
    /// It has no header.
    #[error("the table is empty: its first line has to name the columns")]
    Empty,
    /// It is not the text that it should be.
    #[error("line {line}: {what} is not UTF-8: save the table as UTF-8")]
    Encoding {
        /// Counted from 1.
        line: u64,
        /// The column, or the table.
        what: String,
    },
    /// A row has more cells than there are columns, so that the answer would stand in the wrong ones.
    #[error("line {line}: {found} cells, {expected} columns: a cell with a separator or a quote in it has to be quoted")]
    Cells {
        /// Counted from 1.
        line: u64,
        /// Cells that hold something.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// A quote is not closed, so that the rest of the table is one cell.
    #[error("line {line}: a quote that opens in this row is not closed")]
    Quote {
        /// Where the row begins, counted from 1.
        line: u64,
    },
    /// It has been geocoded already.
    #[error("the header names a column {0:?} already: geocode the table from before")]
    Twice(&'static str),
}

/// What became of a name.
#[derive(Debug, Clone, PartialEq)]
struct Cells([String; COLUMNS.len()], Status);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Placed,
    Decided,
    Review,
    None,
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Decided => "decided",
            Self::Review => "review",
            Self::None => "none",
        }
    }
}

/// Geocodes a table; its rows keep their order and their cells.
///
/// # Errors
/// When the table or its columns are not there, a row breaks a rule, or reading or writing fails.
pub fn geocode_table(
    input: impl Read,
    output: impl Write,
    atlas: &Atlas,
    options: &BatchOptions,
    decisions: &Decisions,
) -> Result<BatchReport, BatchError> {
    let mut input = io::BufReader::with_capacity(1 << 18, input);
    let start = io::BufRead::fill_buf(&mut input)?;
    if start.is_empty() {
        return Err(BatchError::Empty);
    }
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return Err(BatchError::Encoding { line: 1, what: "the table".to_owned() });
    }
    let delimiter = match options.delimiter {
        Some(delimiter) => delimiter,
        None => delimiter(io::BufRead::fill_buf(&mut input)?),
    };
    let mut rows = Table::new(input, delimiter);
    let header = rows.header()?;
    let column = |wanted: &str| {
        let found = || header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect::<Vec<_>>().join(", ");
        let position = header.iter().position(|name| name.trim_ascii().eq_ignore_ascii_case(wanted.as_bytes()));
        position.ok_or_else(|| BatchError::Column { column: wanted.to_owned(), found: found() })
    };
    let place = column(&options.column)?;
    let country = options.country_column.as_deref().map(column).transpose()?;
    if let Some(twice) = COLUMNS.into_iter().find(|own| column(own).is_ok()) {
        return Err(BatchError::Twice(twice));
    }
    let mut out = WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(output);
    out.write_record(header.iter().chain(COLUMNS.map(str::as_bytes))).map_err(unwritten)?;
    let mut batch = Batch { atlas, options, decisions, kept: HashMap::new() };
    let (mut row, mut report) = (Row::default(), BatchReport::default());
    while rows.next(&mut row)? {
        let text = |index: usize| match std::str::from_utf8(row.get(index).unwrap_or_default()) {
            Ok(text) => Ok(text.trim().to_owned()),
            Err(_) => {
                let what = format!("column {:?}", String::from_utf8_lossy(header.get(index).unwrap_or_default()));
                Err(BatchError::Encoding { line: row.line(), what })
            }
        };
        let Cells(cells, status) = batch.place(&text(place)?, &country.map(text).transpose()?.unwrap_or_default());
        report.rows += 1;
        match status {
            Status::Placed => report.placed += 1,
            Status::Decided => report.decided += 1,
            Status::Review => report.review += 1,
            Status::None => report.none += 1,
        }
        // A row that is too short would shift the answer to the left.
        let missing = std::iter::repeat_n(&b""[..], header.len().saturating_sub(row.len()));
        out.write_record(row.iter().chain(missing).chain(cells.iter().map(String::as_bytes))).map_err(unwritten)?;
    }
    out.flush().map_err(BatchError::Write)?;
    Ok(report)
}

fn unwritten(error: csv::Error) -> BatchError {
    BatchError::Write(match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

/// The most frequent of comma, semicolon and tab in the first line.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| line.iter().filter(|&&byte| byte == delimiter).count();
    // `rev` makes `max_by_key` keep the earlier of two alike.
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

struct Batch<'a> {
    atlas: &'a Atlas,
    options: &'a BatchOptions,
    decisions: &'a Decisions,
    /// By name and country.
    kept: HashMap<(String, String), Cells>,
}

impl Batch<'_> {
    fn place(&mut self, name: &str, country: &str) -> Cells {
        let key = (name.to_owned(), country.to_owned());
        if let Some(known) = self.kept.get(&key) {
            return known.clone();
        }
        let cells = self.look_up(name, country);
        if self.kept.len() < MOST_KEPT {
            self.kept.insert(key, cells.clone());
        }
        cells
    }

    fn look_up(&self, name: &str, country: &str) -> Cells {
        let own = self.atlas.country_code(country).or(self.options.country.as_deref());
        if let Some(decision) = self.decisions.find(&fold(name), own.unwrap_or_default()) {
            return decided(self.atlas, decision);
        }
        if name.is_empty() || name.chars().count() > LONGEST {
            return cells(None, "", None, Status::None, &[]);
        }
        let wish = Wish { country: own, near: self.options.near, level: Some(Level::Settlement), ..Wish::default() };
        let hits = self.atlas.search(name, &wish, 50);
        match (verdict(&hits, &wish), hits.first()) {
            (Verdict::One, Some(best)) => cells(Some(best.spot), best.method.as_str(), Some(best.score), Status::Placed, &hits),
            (_, Some(best)) => cells(None, best.method.as_str(), Some(best.score), Status::Review, &hits),
            (_, None) => cells(None, "", None, Status::None, &[]),
        }
    }
}

fn decided(atlas: &Atlas, decision: &Decision) -> Cells {
    let spot = atlas.get(&decision.id);
    let Cells(mut row, status) = cells(spot, "decision", spot.map(|_| 1.0), Status::Decided, &[]);
    row[8].clone_from(&decision.who);
    row[9].clone_from(&decision.why);
    Cells(row, status)
}

fn cells(spot: Option<Spot<'_>>, method: &str, score: Option<f64>, status: Status, hits: &[Hit<'_>]) -> Cells {
    let text = |of: &dyn Fn(Spot<'_>) -> String| spot.map(of).unwrap_or_default();
    let candidates = hits.iter().take(MOST_CANDIDATES).map(|hit| {
        let region = hit.spot.region().map(|region| format!("{region}, ")).unwrap_or_default();
        format!("{} {} ({}, {region}{}) {:.2}", hit.spot.id(), hit.spot.name(), hit.spot.level().as_str(), hit.spot.country(), hit.score)
    });
    let row = [
        text(&|spot| spot.id().into_owned()),
        text(&|spot| spot.name()),
        text(&|spot| spot.position().lon.to_string()),
        text(&|spot| spot.position().lat.to_string()),
        method.to_owned(),
        score.map(|score| format!("{score:.3}")).unwrap_or_default(),
        status.as_str().to_owned(),
        candidates.collect::<Vec<_>>().join(" | "),
        String::new(),
        String::new(),
    ];
    Cells(row, status)
}
