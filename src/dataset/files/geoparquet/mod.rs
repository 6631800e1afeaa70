//! GeoParquet 1.0 and 1.1: a Parquet file whose metadata say which column holds geometries, and how.
//!
//! Row groups are read one after another, of each column a page at a time. The library that unpacks them trusts the file in
//! places; so what it is given is checked before (`file`), and where it panics nevertheless, that is damage to the file.

mod file;
mod geometry;
mod layout;
#[cfg(test)]
mod tests;
mod value;

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use parquet::{
    errors::ParquetError,
    file::reader::{FileReader, SerializedFileReader},
    record::Row,
    schema::types::Type,
};

use super::{
    fault::{Rule, Spot},
    member::Member,
    record::{End, Item, Record, Sink, Stop, push},
};

use crate::model::{Geometry, Position};
use file::Checked;
use layout::{Layout, Use};

/// A Parquet file is one collection, and says nothing about it.
pub(super) fn members(_: &Path) -> Result<Vec<Member>, Rule> {
    Ok(vec![Member::default()])
}

impl From<ParquetError> for End {
    fn from(error: ParquetError) -> Self {
        Rule::from(error).into()
    }
}

impl From<ParquetError> for Rule {
    /// Whatever the library finds wrong, with its own kind of error left off the message.
    fn from(error: ParquetError) -> Self {
        let message = error.to_string();
        let plain = ["Parquet error: ", "EOF: ", "External: "].iter().find_map(|start| message.strip_prefix(start));
        Self::Damaged(plain.unwrap_or(&message).to_owned())
    }
}

/// Reads the file.
pub(super) fn read(path: &Path, _: &Member, sink: &mut Sink<'_>) -> Result<(), Stop> {
    match file(path, sink) {
        Ok(()) => Ok(()),
        Err(End::Stop(stop)) => Err(stop),
        Err(End::Fault(spot, rule)) => push(sink, Item::Fault(spot, rule)),
    }
}

fn file(path: &Path, sink: &mut Sink<'_>) -> Result<(), End> {
    let checked = Checked::open(path)?;
    let size = checked.size();
    let reader = unwinding(|| SerializedFileReader::new(checked).map_err(Rule::from))?;
    file::check(reader.metadata(), size)?;
    let layout = Layout::new(reader.metadata().file_metadata())?;
    for note in &layout.notes {
        push(sink, Item::Note(note.clone()))?;
    }
    let root = reader.metadata().file_metadata().schema();
    let kept = root.get_fields().iter().zip(&layout.uses).filter(|(_, used)| **used != Use::LeftOut).map(|(field, _)| field.clone());
    let projection = Type::group_type_builder(root.name()).with_fields(kept.collect()).build()?;
    let mut rows = unwinding(|| reader.get_row_iter(Some(projection)).map_err(Rule::from))?;
    for record in 1.. {
        let spot = Spot { record, ..Spot::default() };
        let row = match unwinding(|| rows.next().transpose().map_err(Rule::from)) {
            Ok(Some(row)) => row,
            Ok(None) => break,
            // Nothing after it can be told apart.
            Err(rule) => return Err(End::Fault(spot, rule)),
        };
        let item = match self::record(row, &layout, spot) {
            Ok(record) => Item::Record(record),
            Err(rule) => Item::Fault(spot, rule),
        };
        push(sink, item)?;
    }
    Ok(())
}

/// Asks the library for something; where it panics, what it was given is damaged. Nothing is asked of it afterwards.
fn unwinding<T>(ask: impl FnOnce() -> Result<T, Rule>) -> Result<T, Rule> {
    catch_unwind(AssertUnwindSafe(ask)).unwrap_or_else(|_| Err(Rule::Damaged("its pages contradict its schema".to_owned())))
}

/// The record of a row, which has the columns that are not left out.
fn record(row: Row, layout: &Layout, spot: Spot) -> Result<Record<'_>, Rule> {
    let (mut geometry, mut position) = (None, [None, None]);
    let mut properties = Vec::with_capacity(row.len());
    let uses = layout.uses.iter().zip(&layout.names).filter(|(used, _)| **used != Use::LeftOut);
    for ((_, field), (used, name)) in row.into_columns().into_iter().zip(uses) {
        match used {
            Use::Geometry(encoding) => geometry = geometry::read(&field, *encoding)?.check_in(layout.system.as_ref())?,
            Use::Longitude => position[0] = value::coordinate(&field),
            Use::Latitude => position[1] = value::coordinate(&field),
            Use::Property(form) => properties.push((Cow::Borrowed(name.as_str()), value::raw(field, *form))),
            Use::LeftOut => {}
        }
    }
    let named =
        |wanted: Use| layout.uses.iter().position(|used| *used == wanted).map(|index| layout.names[index].clone()).unwrap_or_default();
    match position {
        [Some(lon), Some(lat)] => geometry = Some(Geometry::point(Position::new(lon, lat)?)),
        [Some(_), None] => return Err(Rule::HalfPosition(named(Use::Latitude))),
        [None, Some(_)] => return Err(Rule::HalfPosition(named(Use::Longitude))),
        [None, None] => {}
    }
    Ok(Record { spot, id: None, geometry, place: None, properties })
}
