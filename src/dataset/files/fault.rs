//! What can be wrong with a file: one variant for each rule.

use std::{fmt, io};

use crate::{
    dataset::Violation,
    gazetteer::batch::DecisionError,
    model::{CrsError, GeometryError, PositionError},
};

/// Mistakes of a configuration that are told at the most.
const MOST_LINES: usize = 100;

/// A record that is not taken, and where it stands.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{file}{spot}: {rule}")]
pub struct Fault {
    /// The file, as it was named.
    pub file: String,
    /// Where in it.
    pub spot: Spot,
    /// What is broken.
    pub rule: Rule,
}

/// Where a record stands in its file; what is not known is 0, which stands for the file as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spot {
    /// Which record it is, counted from 1; bad ones count.
    pub record: u64,
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// The byte at which it begins, counted from 0, where a file need not have lines.
    pub byte: Option<u64>,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        match (self.record, self.byte) {
            (0, None) => Ok(()),
            (0, Some(byte)) => write!(f, ": at byte {byte}"),
            (record, Some(byte)) => write!(f, ": feature {record} at byte {byte}"),
            (record, None) if self.line == 0 => write!(f, ": record {record}"),
            _ => Ok(()),
        }
    }
}

/// The rules, in the order in which a file meets them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rule {
    // Bytes and text
    /// The compressed stream is damaged or ends too early.
    #[error("the file is damaged or cut short: {0}")]
    Damaged(String),
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Something else, whatever its name says: what it is, and what to do.
    #[error("{0}")]
    Foreign(&'static str),
    /// Another program is writing it.
    #[error("another program is writing to the file; read it again once that is done")]
    Locked,
    /// SQLite's changes beside a file, in a folder that nothing can be written into.
    #[error(
        "has changes in a file beside it (-wal or -journal), which can be read only where its folder can be written: let a program that may \
         write there open and close it, or copy all of them elsewhere"
    )]
    Journal,
    /// Another encoding.
    #[error("is not UTF-8: byte {0} of the record; save the file as UTF-8")]
    Encoding(usize),
    /// Another encoding, in a table.
    #[error("column {0:?} is not UTF-8; save the table as UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8")]
    CellEncoding(String),
    /// More than is read at once.
    #[error("is longer than {} MiB", super::MOST_BYTES >> 20)]
    TooLong,
    /// The end of the file stands inside a value.
    #[error("the file ends inside it: it is cut short, or a bracket or a quote before is not closed")]
    CutShort,

    // JSON
    /// Not JSON: the reader's own words.
    #[error("{0}")]
    Json(String),
    /// A word that JSON does not have.
    #[error("{0} is no number of JSON's: write null (byte {1} of it)")]
    NoNumber(&'static str, usize),
    /// Brackets within brackets.
    #[error("is nested deeper than 128")]
    TooDeep,
    /// Something else is needed here.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What is needed.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// An object that does not say what it is.
    #[error("has no \"type\", as features and geometries of GeoJSON have, and no coordinates (lon and lat), as a row has")]
    Untyped,
    /// TopoJSON, whose arcs are shared.
    #[error("is TopoJSON, which is not read: convert it, ogr2ogr -f GPKG converted.gpkg FILE")]
    Topology,
    /// The answer of a service that failed.
    #[error("is not data but the error of a service: {0}")]
    Refused(String),
    /// An object that is neither a feature nor a geometry.
    #[error("\"type\" is {0}, not one of GeoJSON's")]
    Type(String),

    // Geometry
    /// Esri's curves.
    #[error("its geometry has curves, which are not read: ask the service for lines, with returnTrueCurves=false")]
    Curves,
    /// A polygon of Esri's, whose holes are looked for in every outer ring.
    #[error("its {0} rings are more than can be told apart into polygons and holes")]
    TooManyRings(usize),
    /// A point outside the Earth.
    #[error("{}{}", .0, likely(.0))]
    Position(#[from] PositionError),
    /// A geometry that says it is in another system than its table.
    #[error("its geometry is in reference system {found} of the file, its table in {expected}")]
    OtherSystem {
        /// As its header has it.
        found: i32,
        /// As the file's list of tables has it.
        expected: i32,
    },
    /// Coordinates that are nowhere.
    #[error(transparent)]
    Crs(#[from] CrsError),
    /// A number by itself.
    #[error("a position has 2 or 3 numbers, not {0}")]
    PositionLength(usize),
    /// A number where a list should be, or the other way round.
    #[error("coordinates of a {0} are not nested as those of a {0} are")]
    Nesting(&'static str),
    /// Too few points.
    #[error("a line has 2 positions or more, not 1")]
    ShortLine,
    /// A ring with too few points.
    #[error("a ring has 4 positions or more, not {0}")]
    ShortRing(usize),
    /// A ring that does not end where it starts.
    #[error("a ring is not closed: its last position is not its first")]
    OpenRing,
    /// Some positions have a height and some have none.
    #[error("some positions have a height and some have none")]
    MixedHeights,
    /// What the geometry itself refuses.
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    /// Not well-known text.
    #[error("column {column:?} is not well-known text: {message}")]
    Wkt {
        /// The column.
        column: String,
        /// The reader's words.
        message: String,
    },

    // Tables
    /// More or fewer cells than the header.
    #[error("has {found} cells where the header has {expected}")]
    Cells {
        /// In this row.
        found: usize,
        /// In the header.
        expected: usize,
    },
    /// What a cell may not be.
    #[error("column {column:?}: {what}")]
    Cell {
        /// The column.
        column: String,
        /// What it is, and what it should be.
        what: String,
    },
    /// A coordinate that is not a number.
    #[error("column {column:?}: {value:?} is neither a number of degrees nor degrees, minutes and seconds")]
    NotANumber {
        /// The column.
        column: String,
        /// The cell, shortened.
        value: String,
    },
    /// Half a position.
    #[error("column {0:?} is empty where the other coordinate is not")]
    HalfPosition(String),

    // The whole
    /// An id that another record has.
    #[error("id {0:?} is taken by a record before it, which is kept")]
    DuplicateId(String),
    /// More properties than a collection can have.
    #[error("has properties beyond the first {0} of the file")]
    TooManyProperties(usize),
}

impl Rule {
    /// Whether it is the file that breaks the rule, not one record of it: what follows is lost, however much that is.
    pub(super) fn is_of_the_file(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::CutShort | Self::Empty | Self::Foreign(_) | Self::Locked | Self::Journal | Self::Refused(_))
    }
}

/// Why files are not a data set.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// No file.
    #[error("{0}: there is no such file{1}")]
    Missing(String, String),
    /// The file cannot be opened.
    #[error("{file}: cannot be opened: {error}")]
    Open {
        /// The file.
        file: String,
        /// Why.
        error: io::Error,
    },
    /// A folder where a file is needed.
    #[error("{0}: is a folder, not a file")]
    Directory(String),
    /// A table that the file does not have.
    #[error("{file}: has no table {table:?}; its tables are {tables}")]
    Table {
        /// The file.
        file: String,
        /// As named.
        table: String,
        /// Those that there are.
        tables: String,
    },
    /// A folder with nothing to read in it.
    #[error("{folder}: no file in this folder has the ending of a format{advice}; read are {endings}")]
    Folder {
        /// The folder.
        folder: String,
        /// What to do with it, or with the first file that is known elsewhere.
        advice: String,
        /// Every ending.
        endings: String,
    },
    /// A file of decisions that breaks a rule.
    #[error("{file}: {error}")]
    Decisions {
        /// The file.
        file: String,
        /// Which line breaks which rule.
        error: DecisionError,
    },
    /// What a folder says of itself breaks rules: all of them.
    #[error("{}", lines(.0))]
    Config(Vec<Violation>),
    /// The file cannot be read to its end.
    #[error("{file}: cannot be read: {error}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        error: io::Error,
    },
    /// An ending that no format has.
    #[error("{file}: no format has this ending{advice}; read are {endings}")]
    Format {
        /// The file.
        file: String,
        /// What to do with it.
        advice: String,
        /// Every ending.
        endings: String,
    },
    /// Coordinates in another reference system.
    #[error(
        "{file}: its coordinates are in {system}, which is none of the reference systems that are known here: \
         reproject it first, to longitude and latitude on WGS 84"
    )]
    System {
        /// The file.
        file: String,
        /// The system, as the file names it.
        system: String,
    },
    /// Coordinates whose system is named only when they have been read.
    #[error("{file}: says only after its features that their coordinates are in {system}: what says so has to stand before \"features\"")]
    LateSystem {
        /// The file.
        file: String,
        /// The system, as the file names it.
        system: String,
    },
    /// The first fault, where none is allowed.
    #[error("{0} (strict: the first bad record ends it)")]
    Strict(Fault),
    /// A file that is not whole, where it has to be.
    #[error("{0}")]
    Broken(Fault),
    /// Records, but not a good one.
    #[error("{file}: not one good record, {bad} bad; the first: {first}")]
    Nothing {
        /// The file.
        file: String,
        /// How many bad ones.
        bad: u64,
        /// The first of them.
        first: Box<Fault>,
    },
}

/// What is likely to be wrong with a position, to be said after the rule.
fn likely(error: &PositionError) -> &'static str {
    match error {
        PositionError::Outside { value, .. } if value.abs() > 360.0 => {
            "; are these metres of a map projection? Convert them to degrees first, as ogr2ogr -t_srs EPSG:4326 does"
        }
        PositionError::Outside { limit, .. } if *limit >= 180.0 => {
            "; longitudes go from -180 to 180: take 360 off, and cut what crosses the 180th meridian, as ogr2ogr -wrapdateline does"
        }
        PositionError::Outside { value, limit, .. } if *limit < 180.0 && value.abs() <= 180.0 => "; are longitude and latitude swapped?",
        _ => "",
    }
}

/// One mistake a line; of very many, the first.
fn lines(found: &[Violation]) -> String {
    let mut lines = found.iter().take(MOST_LINES).map(ToString::to_string).collect::<Vec<_>>();
    if found.len() > MOST_LINES {
        lines.push(format!("and {} more", found.len() - MOST_LINES));
    }
    lines.join("\n")
}
