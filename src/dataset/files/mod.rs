//! The user's own files → a data set, with nothing to configure, or as a folder's `harmattan.toml` says.
//!
//! ```text
//! paths → plan (files, folders, harmattan.toml) → format (by its ending) → reader → records → part (columns that widen)
//!       → collect (typed, as it is wished) → collection and its batch
//! ```
//!
//! A reader pushes one record after another into a sink and holds no more of its file than one of them; what it cannot read
//! it pushes as a fault and goes on. One that can tell where its records end pushes their bytes, which several threads decode
//! (`crew`). A format is a file beside this one and a line in `FORMATS`.

mod advice;
#[cfg(test)]
mod by_path;
mod collect;
mod column;
mod crew;
mod csv;
mod days;
mod degrees;
mod esri;
mod fault;
mod feature;
mod flatgeobuf;
mod folder;
mod geojson;
mod geopackage;
mod geoparquet;
mod guess;
mod ids;
mod infer;
mod input;
mod literal;
mod load;
mod located;
mod map;
mod member;
mod name;
mod outside;
mod part;
mod plain;
mod plan;
mod record;
mod repeats;
mod report;
mod row;
mod scan;
mod sequence;
mod shape;
mod strangers;
#[cfg(test)]
mod tests;
mod time;
mod wishes;
mod wkb;
mod wkt;

use std::{
    path::{Path, PathBuf},
    thread,
};

pub use fault::{Fault, FileError, Rule, Spot};
pub use input::Progress;
pub use load::load;
pub(crate) use name::{slug_of, unique};
pub use outside::{About, Dating, Made, Outside, OutsideColumn, OutsidePlan, OutsideWishes};
pub use plan::{Watched, watched};
pub use report::{FileReport, MOST_SHOWN, Report};

use member::{Members, PathReader};
use record::{Item, Reader, Sink, Stop, push};

use crate::model::Crs;

/// Longest text of one record, in bytes: what a reader holds at the most.
const MOST_BYTES: usize = if cfg!(test) { 1 << 20 } else { 64 << 20 };

/// What is told of a file that does not say in which system its coordinates are.
const UNDEFINED: &str = "its reference system is undefined: taken as longitude and latitude on WGS 84";

/// Metres up to which it is not told how well a shift between datums is known.
const WELL: f64 = 1.0;

/// How well the way from a file's reference system to WGS 84 is known, where that may matter.
fn how_well(system: &Crs) -> Option<String> {
    let [best, worst] = system.accuracy_m().filter(|[_, worst]| *worst > WELL)?;
    let shift = if best < worst {
        format!("shifts that are known to {best} to {worst} m, another in each part of its area")
    } else {
        format!("a shift that is known to {worst} m")
    };
    Some(format!("converted from {} to WGS 84 by {shift}, as PROJ does it without grids", system.name()))
}

/// Tells that.
fn tell_of(system: &Crs, sink: &mut Sink<'_>) -> Result<(), Stop> {
    how_well(system).map_or(Ok(()), |note| push(sink, Item::Note(note)))
}

/// A file format: how its files end, and what reads them.
struct Format {
    /// Without the dot, in lower case; each may be followed by `.gz`.
    endings: &'static [&'static str],
    read: How,
}

/// How a format is read.
#[derive(Clone, Copy)]
enum How {
    /// From beginning to end, compressed or not: one collection.
    Stream(Reader),
    /// Here and there, by its path, unpacked before where it is compressed: the collections in it, and one of them.
    Path(Members, PathReader),
}

/// Every format, in the order in which messages name them.
const FORMATS: [Format; 6] = [
    Format { endings: &["geojson", "json"], read: How::Stream(geojson::read) },
    Format { endings: &["geojsonl", "ndjson", "geojsons", "jsonl"], read: How::Stream(sequence::read) },
    Format { endings: &["csv", "tsv"], read: How::Stream(csv::read) },
    Format { endings: &["fgb"], read: How::Stream(flatgeobuf::read) },
    Format { endings: &["gpkg"], read: How::Path(geopackage::members, geopackage::read) },
    Format { endings: &["parquet", "geoparquet"], read: How::Path(geoparquet::members, geoparquet::read) },
];

/// How files are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether the first fault ends it; else what is good is kept and the rest counted.
    pub strict: bool,
    /// Whether a file that is damaged or ends too early is refused; else what was read before is kept.
    pub whole: bool,
    /// How many threads decode records; 0 for as many as the machine has.
    pub threads: usize,
    /// What people decided of place names, in a file that `harmattan geocode` takes too: for every collection that names no such file of
    /// its own.
    pub decisions: Option<PathBuf>,
}

impl Options {
    fn crew(&self) -> usize {
        match self.threads {
            0 => thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        }
    }
}

/// Id of the collection that stays whatever is served.
pub const PLACES: &str = "places";

/// The format of a path, by its ending in any case, and whether it is compressed.
fn format_of(path: &Path) -> Option<(&'static Format, bool)> {
    let name = name::file(path).to_ascii_lowercase();
    let (name, is_gzip) = name.strip_suffix(".gz").map_or((name.as_str(), false), |name| (name, true));
    let (_, ending) = name.rsplit_once('.')?;
    let format = FORMATS.iter().find(|format| format.endings.contains(&ending))?;
    Some((format, is_gzip))
}

/// Every ending, for messages.
fn endings() -> String {
    let endings = FORMATS.iter().flat_map(|format| format.endings).map(|ending| format!(".{ending}"));
    format!("{}, each also with .gz", endings.collect::<Vec<_>>().join(", "))
}
