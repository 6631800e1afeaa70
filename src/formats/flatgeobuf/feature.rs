//! A feature → its table.

use std::io::Write as _;

use ::flatgeobuf::{Feature, FeatureArgs};
use flatbuffers::FlatBufferBuilder;

use super::{super::fields::Fields, geometry};
use crate::{
    model::{Cell, Geometry, GeometryKind},
    store::{Row, feature_text::write_day},
};

/// Builds the tables of features, one after another.
pub(super) struct Writer<'a> {
    fields: &'a Fields<'a>,
    /// Whether each geometry says its type: not where all can only be points.
    with_type: bool,
    buffer: FlatBufferBuilder<'a>,
    values: Vec<u8>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(fields: &'a Fields<'a>, kind: GeometryKind) -> Self {
        Self { fields, with_type: kind != GeometryKind::Point, buffer: FlatBufferBuilder::new(), values: Vec::new() }
    }

    /// The table of a feature with its size before it; the same bytes each time.
    pub(super) fn table(&mut self, row: &Row<'_>, geometry: Option<&Geometry>) -> &[u8] {
        self.buffer.reset();
        self.values.clear();
        value(&mut self.values, 0, Cell::Text(row.id()));
        for (column, field) in (1..).zip(&self.fields.properties) {
            value(&mut self.values, column, field.cell(row));
        }
        let geometry = geometry.map(|geometry| geometry::table(&mut self.buffer, geometry, self.with_type));
        let properties = Some(self.buffer.create_vector(&self.values));
        let feature = Feature::create(&mut self.buffer, &FeatureArgs { geometry, properties, columns: None });
        self.buffer.finish_size_prefixed(feature, None);
        self.buffer.finished_data()
    }
}

/// Appends the value of a column; a column that is left out is null.
fn value(out: &mut Vec<u8>, column: u16, cell: Cell<'_>) {
    if cell == Cell::Null {
        return;
    }
    out.extend_from_slice(&column.to_le_bytes());
    match cell {
        Cell::Null => {}
        Cell::Text(text) | Cell::Json(text) => counted(out, |out| out.extend_from_slice(text.as_bytes())),
        Cell::Integer(value) => out.extend_from_slice(&value.to_le_bytes()),
        Cell::Number(value) => out.extend_from_slice(&value.to_le_bytes()),
        Cell::Boolean(value) => out.push(value.into()),
        Cell::Date(date) => counted(out, |out| write_day(out, date)),
        Cell::Timestamp(instant) => counted(out, |out| write!(out, "{instant}").expect("a Vec takes every byte")),
    }
}

/// Appends bytes with their count before them.
fn counted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    write(out);
    let count = u32::try_from(out.len() - start - 4).expect("a value is shorter than 4 GiB");
    out[start..start + 4].copy_from_slice(&count.to_le_bytes());
}
