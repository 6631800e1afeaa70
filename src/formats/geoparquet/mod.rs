//! GeoParquet 1.1: a Parquet file whose metadata `geo` say which column holds geometries, and how.
//!
//! Geometries are well-known binary, with a column of their boxes beside them (`covering`): the order of a table keeps neighbours
//! together, so the statistics of row groups and pages let a reader pass over most of a file. Written with the column writers of
//! `parquet`, without Arrow. A row group is held in memory before it leaves. Coordinates are stored easting or longitude first.

mod column;
mod metadata;
mod schema;

use std::{
    io::{self, Write},
    sync::Arc,
};

use parquet::{
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties},
        writer::SerializedFileWriter,
    },
    schema::types::ColumnPath,
};

use super::{fields::Fields, summary::Summary};
use crate::{
    model::{Collection, Geometry, GeometryKind, Order, wkb},
    store::{Page, Row, feature_text::Form},
};
use schema::Layout;

/// Media type.
pub const MEDIA: &str = "application/vnd.apache.parquet";

/// Features of a row group at the most: enough that compression works, few enough that whole groups can be passed over.
const MOST_ROWS: usize = 1 << 16;
/// Bytes of text and geometry of a row group, about, at the most.
const MOST_BYTES: u64 = if cfg!(test) { 16 << 10 } else { 64 << 20 };

/// Bytes that leave at once.
const PIECE: usize = 32 << 10;

/// Writes the features of a page.
///
/// Cost: O(n) time; a row group in memory.
///
/// # Errors
/// What `out` says, and where nothing is known of the reference system to write it down.
pub fn write(page: &Page, collection: &Collection, form: &Form<'_>, out: &mut dyn Write) -> io::Result<()> {
    let form = &Form { order: Order::EastFirst, ..form.clone() };
    let fields = Fields::new(&collection.schema, form);
    let layout = Layout::new(&fields, form.has_geometry && collection.geometry != GeometryKind::None);
    let system = metadata::system(&form.crs)?;
    let mut file = SerializedFileWriter::new(Vec::new(), layout.schema()?, Arc::new(properties(&layout))).map_err(failed)?;
    let mut summary = Summary::default();
    let mut rows = page.rows().peekable();
    while rows.peek().is_some() {
        let group = Group::take(&mut rows, form, &layout, &mut summary);
        group.write(&mut file, &fields).map_err(failed)?;
        send(&mut file, out)?;
    }
    for (name, text) in metadata::pairs(collection, &layout, system, &summary) {
        file.append_key_value_metadata(KeyValue::new(name.to_owned(), text));
    }
    file.finish().map_err(failed)?;
    send(&mut file, out)
}

/// Passes on what is written so far.
fn send(file: &mut SerializedFileWriter<Vec<u8>>, out: &mut dyn Write) -> io::Result<()> {
    file.flush()?;
    // In pieces, so that who no longer wants them is noticed.
    std::mem::take(file.inner_mut()).chunks(PIECE).try_for_each(|piece| out.write_all(piece))
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

/// How the columns are packed: ids, geometries and edges of boxes hardly ever repeat themselves.
fn properties(layout: &Layout<'_>) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_created_by(concat!("harmattan version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Page);
    for path in layout.unrepeated() {
        builder = builder.set_column_dictionary_enabled(ColumnPath::new(path), false);
    }
    if let Some(geometry) = &layout.geometry {
        builder = builder.set_column_statistics_enabled(ColumnPath::new(vec![geometry.clone()]), EnabledStatistics::None);
    }
    builder.build()
}

/// The features of a row group.
struct Group<'a> {
    rows: Vec<Row<'a>>,
    /// The geometries one after another as well-known binary, with the end of each and its box, where it has one.
    shapes: Option<Shapes>,
}

#[derive(Default)]
struct Shapes {
    wkb: Vec<u8>,
    ends: Vec<(usize, Option<[f64; 4]>)>,
}

impl<'a> Group<'a> {
    /// The next features, as many as make a row group.
    fn take(rows: &mut impl Iterator<Item = Row<'a>>, form: &Form<'_>, layout: &Layout<'_>, summary: &mut Summary) -> Self {
        let mut group = Self { rows: Vec::new(), shapes: layout.geometry.is_some().then(Shapes::default) };
        let mut bytes = 0;
        while group.rows.len() < MOST_ROWS && bytes < MOST_BYTES {
            let Some(row) = rows.next() else { break };
            bytes += row.text_size();
            group.rows.push(row);
            let Some(shapes) = &mut group.shapes else {
                summary.add(None);
                continue;
            };
            let geometry = form.geometry(&row);
            summary.add(geometry.as_ref());
            let before = shapes.wkb.len();
            if let Some(geometry) = &geometry {
                wkb::write(&mut shapes.wkb, geometry);
            }
            bytes += (shapes.wkb.len() - before) as u64;
            let edges = geometry.as_ref().and_then(Geometry::bounds).map(|rect| [rect.min_x, rect.min_y, rect.max_x, rect.max_y]);
            shapes.ends.push((shapes.wkb.len(), edges));
        }
        group
    }

    /// Writes it, column by column in the order of the schema.
    fn write(self, file: &mut SerializedFileWriter<Vec<u8>>, fields: &Fields<'_>) -> Result<(), ParquetError> {
        let Self { rows, shapes } = self;
        let mut group = file.next_row_group()?;
        let mut next = |write: &mut dyn FnMut(&mut column::Writer<'_>) -> Result<(), ParquetError>| match group.next_column()? {
            Some(mut column) => write(&mut column).and_then(|()| column.close()),
            None => Err(ParquetError::General("there are more columns than the schema has".to_owned())),
        };
        next(&mut |column| column::ids(column, &rows))?;
        for field in &fields.properties {
            next(&mut |column| column::property(column, field, &rows))?;
        }
        if let Some(Shapes { wkb, ends }) = shapes {
            let wkb = bytes::Bytes::from(wkb);
            next(&mut |column| column::geometries(column, &wkb, &ends))?;
            for edge in 0..4 {
                next(&mut |column| column::edges(column, ends.iter().map(|(_, edges)| edges.map(|edges| edges[edge]))))?;
            }
        }
        group.close()?;
        Ok(())
    }
}
