//! The user's own files → a data set, with nothing to configure.
//!
//! ```text
//! path → format (by its ending) → reader → records → part (columns that widen) → collect → collection and its batch
//! ```
//!
//! A reader pushes one record after another into a sink and holds no more of its file than one of them; what it cannot read
//! it pushes as a fault and goes on. One that can tell where its records end pushes their bytes, which several threads decode
//! (`crew`). A format is a file beside this one and a line in `FORMATS`.

mod collect;
mod column;
mod crew;
mod csv;
mod fault;
mod feature;
mod flatgeobuf;
mod geojson;
mod guess;
mod infer;
mod input;
mod map;
mod name;
mod part;
mod record;
mod repeats;
mod report;
mod scan;
mod sequence;
mod shape;
#[cfg(test)]
mod tests;
mod time;
mod wkt;

use std::{io::BufRead, ops::ControlFlow, path::Path, thread};

pub use fault::{Fault, FileError, Rule, Spot};
pub use input::Progress;
pub use report::{FileReport, MOST_SHOWN, Report};

use super::{Dataset, version};
use crate::gazetteer::Gazetteer;

use crew::Crew;
use input::Source;
use part::{Mark, Part};
use record::{Item, Reader, Stop};

/// Longest text of one record, in bytes: what a reader holds at the most.
const MOST_BYTES: usize = if cfg!(test) { 1 << 20 } else { 64 << 20 };

/// A file format: how its files end, and what reads them.
struct Format {
    /// Without the dot, in lower case; any of them may be followed by `.gz`.
    endings: &'static [&'static str],
    read: Reader,
}

/// Every format, in the order in which messages name them.
const FORMATS: [Format; 4] = [
    Format { endings: &["geojson", "json"], read: geojson::read },
    Format { endings: &["geojsonl", "ndjson", "geojsons", "jsonl"], read: sequence::read },
    Format { endings: &["csv", "tsv"], read: csv::read },
    Format { endings: &["fgb"], read: flatgeobuf::read },
];

/// How files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether the first fault ends it; else what is good is kept and the rest counted.
    pub strict: bool,
    /// Whether a file that is damaged or ends too early is refused; else what was read before is kept.
    pub whole: bool,
    /// How many threads decode records; 0 for as many as the machine has.
    pub threads: usize,
}

impl Options {
    fn crew(self) -> usize {
        match self.threads {
            0 => thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        }
    }
}

/// Reads files into a data set: one collection each, in their order, then the gazetteer's `places` of `base`.
///
/// The version is a hash of the files' names and bytes. `progress` is told how far each file is read.
///
/// # Errors
/// When a file cannot be read, is of no known format or reference system, or gives not one record though it holds some; with
/// [`Options::strict`] at the first fault.
pub fn load(
    paths: &[impl AsRef<Path>],
    options: Options,
    base: Dataset,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(Dataset, Report), FileError> {
    let mut report = Report::new(options);
    let mut parts = Vec::new();
    let mut taken = vec![PLACES.to_owned()];
    let mut layers = Vec::new();
    let mut shown = Vec::new();
    for path in paths {
        let path = path.as_ref();
        let name = name::unique(&name::slug(path), &taken, '-');
        taken.push(name.clone());
        let (all, sum) = read(path, options, &base.gazetteer, &mut report, progress)?;
        let made = collect::finish(all, name, name::title(path), &mut report)?;
        report.refuse_empty()?;
        parts.push((name::file(path), sum));
        shown.push(made.layer_of_map());
        layers.push(made.layer);
    }
    let map = map::config(&layers, shown, &base.map);
    layers.extend(base.layers.into_iter().filter(|layer| layer.collection.id == PLACES));
    let version = version::of_parts(parts.iter().flat_map(|(file, sum)| [file.as_bytes(), sum]));
    Ok((Dataset { version, layers, map, gazetteer: base.gazetteer }, report))
}

/// Id of the collection that stays whatever is served.
pub const PLACES: &str = "places";

/// Reads one file; its records and the hash of its bytes.
fn read<'g>(
    path: &Path,
    options: Options,
    gazetteer: &'g Gazetteer,
    report: &mut Report,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(Part<'g>, [u8; 32]), FileError> {
    let file = path.display().to_string();
    let mut source = Source::open(path, &file, progress)?;
    let (format, is_gzip) = format_of(path).ok_or_else(|| FileError::Format { file: file.clone(), endings: endings() })?;
    report.begin(&file);
    let all = records(format, &mut source.stream(is_gzip), options, gazetteer, report)?;
    Ok((all, source.finish()?))
}

/// Reads the records of one stream.
fn records<'g>(
    format: &Format,
    stream: &mut dyn BufRead,
    options: Options,
    gazetteer: &'g Gazetteer,
    report: &mut Report,
) -> Result<Part<'g>, FileError> {
    let mut all = Part::new(gazetteer);
    let mut failed = None;
    let file = report.file();
    let failure = |stop| match stop {
        Stop::Asked => None,
        Stop::Io(error) => Some(FileError::Read { file: file.clone(), error }),
        Stop::System(system) => Some(FileError::System { file: file.clone(), system }),
    };
    let mut append = |part: &mut Part<'_>| {
        all.append(part);
        for mark in part.marks.drain(..) {
            match mark {
                Mark::Note(note) => report.note(note),
                Mark::Fault(spot, rule) => {
                    if let Err(error) = report.fault(Fault { file: file.clone(), spot, rule }) {
                        failed = Some(error);
                        return ControlFlow::Break(());
                    }
                }
            }
        }
        match part.stop.take() {
            None => ControlFlow::Continue(()),
            Some(stop) => {
                failed = failure(stop);
                ControlFlow::Break(())
            }
        }
    };
    let ended = thread::scope(|scope| {
        let mut crew = Crew::start(scope, options.crew(), gazetteer, &mut append);
        let mut sink = |item: Item<'_>| crew.take(item);
        let ended = input::skip_mark(stream).and_then(|()| (format.read)(stream, &mut sink));
        // Damage to the bytes themselves is one more fault: what was read before it is good.
        let ended = match ended {
            Err(Stop::Io(error)) if input::is_damage(&error) => {
                record::push(&mut sink, Item::Fault(Spot::default(), Rule::Damaged(error.to_string())))
            }
            ended => ended,
        };
        match (ended, crew.finish()) {
            (Ok(()), ControlFlow::Break(())) => Err(Stop::Asked),
            (ended, _) => ended,
        }
    });
    match (failed, ended) {
        (Some(error), _) => Err(error),
        (None, Err(stop)) => Err(failure(stop).expect("who asks to stop has said why")),
        (None, Ok(())) => Ok(all),
    }
}

/// The format of a path, by its ending in any case, and whether it is compressed.
fn format_of(path: &Path) -> Option<(&'static Format, bool)> {
    let name = name::file(path).to_ascii_lowercase();
    let (name, is_gzip) = name.strip_suffix(".gz").map_or((name.as_str(), false), |name| (name, true));
    let (_, ending) = name.rsplit_once('.')?;
    FORMATS.iter().find(|format| format.endings.contains(&ending)).map(|format| (format, is_gzip))
}

/// Every ending, for messages.
fn endings() -> String {
    let endings = FORMATS.iter().flat_map(|format| format.endings).map(|ending| format!(".{ending}"));
    endings.collect::<Vec<_>>().join(", ")
}
