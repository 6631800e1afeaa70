//! Files of places → a packed gazetteer.
//!
//! Each file is read once, row by row; only the places themselves are held (about 60 bytes for each and for each name). A row that breaks
//! a rule is reported with its line and left out, never guessed. The gazetteer is written beside its name and renamed, so that nothing
//! half-built is ever found there; a build that was interrupted is begun again.

mod bulk;
mod fault;
mod geonames;
mod lines;
mod linked;
mod table;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Read},
    path::{Path, PathBuf},
};

pub use fault::{Faults, ImportError, RowFault};

use super::pack::{Area, Builder, PackError, Packed};
use crate::beside::Beside;
use geonames::Tagged;
use lines::Lines;

/// How far the file at hand is read, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The file, as it was named.
    pub file: &'a str,
    /// Bytes read of it.
    pub read: u64,
    /// Bytes that it has.
    pub size: u64,
}

/// What a build did.
#[derive(Debug)]
pub struct Built {
    /// What was written.
    pub packed: Packed,
    /// What was left out.
    pub faults: Faults,
}

/// Packs `inputs` into `out`, with the outlines of regions.
///
/// What a file is, its name and its first line say: GeoNames' `allCountries.txt` or a country's (19 columns), `alternateNamesV2.txt`,
/// `hierarchy.txt` and `admin1CodesASCII.txt` (read before the places, wherever they stand in the list), Linked Places (`.json`, `.geojson`,
/// `.lpf`, also a feature a line in `.jsonl`), a table with a header (`.csv`, `.tsv`), or Who's On First rows of twelve columns. All also with `.gz`.
///
/// # Errors
/// When a file cannot be read or is of no such kind, the places have ids in common, or `out` cannot be written: then it is as it was.
pub fn build(inputs: &[PathBuf], areas: Vec<Area>, out: &Path, progress: &mut dyn FnMut(Reading<'_>)) -> Result<Built, ImportError> {
    let mut files = inputs.iter().map(|path| Input::open(path)).collect::<Result<Vec<_>, _>>()?;
    // Names and codes come first: places refer to them.
    files.sort_by_key(|input| matches!(input.kind, Kind::Geonames | Kind::Linked | Kind::Table | Kind::Bulk));
    let mut import = Import { builder: Builder::new(), faults: Faults::default(), tagged: Tagged::default() };
    for input in files {
        input.read(&mut import, progress)?;
    }
    areas.into_iter().for_each(|area| import.builder.outline(area));
    let Import { builder, faults, .. } = import;
    let about = inputs.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy()).collect::<Vec<_>>().join(", ");
    Ok(Built { packed: write(builder, &about, out)?, faults })
}

fn write(builder: Builder, about: &str, path: &Path) -> Result<Packed, ImportError> {
    let failed = |error: io::Error| ImportError::Write { file: path.display().to_string(), error };
    let mut out = BufWriter::with_capacity(1 << 20, Beside::create(path).map_err(failed)?);
    let packed = builder.finish(about, &mut out).map_err(|error| match error {
        PackError::Io(error) => failed(error),
        other => ImportError::Pack(other),
    })?;
    out.into_inner().map_err(|error| failed(error.into_error()))?.publish().map_err(failed)?;
    Ok(packed)
}

/// What the readers fill.
struct Import {
    builder: Builder,
    faults: Faults,
    tagged: Tagged,
}

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Alternates,
    Admin1,
    Hierarchy,
    Geonames,
    Linked,
    Table,
    Bulk,
}

/// A file that is to be read.
struct Input {
    name: String,
    path: PathBuf,
    kind: Kind,
}

impl Input {
    fn open(path: &Path) -> Result<Self, ImportError> {
        let name = path.display().to_string();
        let first = first_line(path).map_err(|error| ImportError::Read { file: name.clone(), error })?;
        let file = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        let kind = kind(file.trim_end_matches(".gz"), &first).ok_or_else(|| ImportError::Kind { file: name.clone() })?;
        Ok(Self { name, path: path.to_owned(), kind })
    }

    fn read(&self, import: &mut Import, progress: &mut dyn FnMut(Reading<'_>)) -> Result<(), ImportError> {
        let failed = |error| ImportError::Read { file: self.name.clone(), error };
        let file = File::open(&self.path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let counted = Counted { file, name: &self.name, read: 0, size, progress };
        let stream = stream(&self.path, counted);
        if self.kind == Kind::Linked {
            return linked::read(stream, &self.name, import).map_err(failed);
        }
        let mut lines = Lines::new(stream, &self.name);
        match self.kind {
            Kind::Alternates => geonames::alternates(&mut lines, import),
            Kind::Admin1 => geonames::admin1(&mut lines, import),
            Kind::Hierarchy => geonames::hierarchy(&mut lines, import),
            Kind::Geonames => geonames::places(&mut lines, import),
            Kind::Bulk => bulk::places(&mut lines, import),
            Kind::Table | Kind::Linked => table::places(&mut lines, import),
        }
    }
}

fn kind(file: &str, first: &str) -> Option<Kind> {
    let columns = first.split('\t').count();
    match file.rsplit_once('.').map_or("", |(_, ending)| ending) {
        _ if file.starts_with("alternatenames") => Some(Kind::Alternates),
        _ if file.starts_with("admin1codes") => Some(Kind::Admin1),
        _ if file.starts_with("hierarchy") => Some(Kind::Hierarchy),
        "json" | "geojson" | "lpf" | "jsonl" | "geojsonl" | "ndjson" => Some(Kind::Linked),
        _ if columns == 19 => Some(Kind::Geonames),
        _ if columns == 12 && first.ends_with('}') => Some(Kind::Bulk),
        "csv" | "tsv" => Some(Kind::Table),
        _ => None,
    }
}

fn stream<'a>(path: &Path, plain: impl Read + 'a) -> Box<dyn BufRead + 'a> {
    let plain = BufReader::with_capacity(1 << 18, plain);
    match path.extension() {
        Some(ending) if ending == "gz" => Box::new(BufReader::with_capacity(1 << 18, flate2::bufread::MultiGzDecoder::new(plain))),
        _ => Box::new(plain),
    }
}

/// As much of the first line as tells what the file is.
fn first_line(path: &Path) -> io::Result<String> {
    let mut line = Vec::new();
    stream(path, File::open(path)?).take(1 << 16).read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

/// A file whose reading is told.
struct Counted<'a> {
    file: File,
    name: &'a str,
    read: u64,
    size: u64,
    progress: &'a mut dyn FnMut(Reading<'_>),
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read += count as u64;
        (self.progress)(Reading { file: self.name, read: self.read, size: self.size });
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
