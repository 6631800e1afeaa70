//! What holds of every reader: good records come out as they went in, faults are told apart, and no bytes make it panic.

mod anything;
mod json;
mod meaning;
mod tables;

use std::{
    io::{BufReader, Read},
    path::Path,
    sync::OnceLock,
};

use super::{
    collect::Made,
    part::Part,
    wishes::{Ground, Wishes},
    *,
};
use crate::{
    gazetteer::{Atlas, Gazetteer},
    model::{Feature, Kind, Text, Value},
};

fn gazetteer() -> &'static Gazetteer {
    static GAZETTEER: OnceLock<Gazetteer> = OnceLock::new();
    GAZETTEER.get_or_init(|| Gazetteer::embedded().expect("the embedded files are checked"))
}

/// Reads bytes as a file of this ending, in pieces of a few bytes.
pub(super) fn read_stream(ending: &str, stream: impl Read, piece: usize) -> Result<(Made, Report), FileError> {
    read_as(Options::default(), ending, stream, piece)
}

fn read_as(options: Options, ending: &str, stream: impl Read, piece: usize) -> Result<(Made, Report), FileError> {
    let name = format!("x.{ending}");
    let (format, _) = format_of(Path::new(&name)).unwrap();
    let mut report = Report::new(&options);
    report.begin(&name);
    // Every piece as many threads as there are pieces, so that neither matters.
    let options = Options { threads: piece % 3 + 1, ..options };
    let How::Stream(reader) = format.read else { panic!("{ending} is no stream") };
    let atlas = Atlas::world();
    let mut all = Part::new(Ground { gazetteer: gazetteer(), atlas: &atlas, place: None, decisions: None });
    all.begin(&name);
    load::stream(reader, &mut BufReader::with_capacity(piece, stream), &name, &options, &mut all, &mut report)?;
    let called = collect::Called { id: "x".into(), title: Text::plain("X"), description: None };
    Ok((collect::finish(all, called, &Wishes::default(), &mut report, &mut Vec::new())?, report))
}

pub(super) fn read(ending: &str, text: impl AsRef<[u8]>) -> (Vec<Feature>, Made, Vec<String>) {
    let (mut made, report) = read_stream(ending, text.as_ref(), 64).unwrap();
    (std::mem::take(&mut made.layer.views[0]).features().collect(), made, report.faults.iter().map(ToString::to_string).collect())
}

const FEATURE: &str = r#"{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"n":1}}"#;

fn collection(features: &[&str]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

pub(super) fn kinds(made: &Made) -> Vec<(&str, Kind)> {
    made.layer.collection.schema.properties.iter().map(|property| (property.name.as_str(), property.kind)).collect()
}
