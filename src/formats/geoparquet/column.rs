//! The values of a column of a row group.

use bytes::Bytes;
use parquet::{
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type},
    errors::ParquetError,
    file::writer::SerializedColumnWriter,
};

use super::super::fields::Field;
use crate::{
    model::{Cell, Kind, when::day_of},
    store::Row,
};

/// What writes a column.
pub(super) type Writer<'a> = SerializedColumnWriter<'a>;

/// Values that are handed over at once.
const BATCH: usize = 4096;

/// Writes the ids.
pub(super) fn ids(writer: &mut Writer<'_>, rows: &[Row<'_>]) -> Result<(), ParquetError> {
    for rows in rows.chunks(BATCH) {
        let ids = rows.iter().map(|row| ByteArray::from(row.id())).collect::<Vec<_>>();
        writer.typed::<ByteArrayType>().write_batch(&ids, None, None)?;
    }
    Ok(())
}

/// Writes the values of a property.
pub(super) fn property(writer: &mut Writer<'_>, field: &Field<'_>, rows: &[Row<'_>]) -> Result<(), ParquetError> {
    let cells = || rows.iter().map(|row| field.cell(row));
    match field.property.kind {
        Kind::Text | Kind::Edtf | Kind::Uri | Kind::Json => put::<ByteArrayType>(
            writer,
            cells().map(|cell| match cell {
                Cell::Text(text) | Cell::Json(text) => Some(text.into()),
                _ => None,
            }),
        ),
        Kind::Integer => put::<Int64Type>(
            writer,
            cells().map(|cell| match cell {
                Cell::Integer(value) => Some(value),
                _ => None,
            }),
        ),
        Kind::Number => put::<DoubleType>(
            writer,
            cells().map(|cell| match cell {
                Cell::Number(value) => Some(value),
                _ => None,
            }),
        ),
        Kind::Boolean => put::<BoolType>(
            writer,
            cells().map(|cell| match cell {
                Cell::Boolean(value) => Some(value),
                _ => None,
            }),
        ),
        Kind::Date => put::<Int32Type>(
            writer,
            cells().map(|cell| match cell {
                Cell::Date(date) => Some(day_of(date)),
                _ => None,
            }),
        ),
        Kind::Timestamp => put::<Int64Type>(
            writer,
            cells().map(|cell| match cell {
                // Microseconds; what has more of them than 64 bits hold is ten thousand times older than the years that are read.
                Cell::Timestamp(instant) => instant.as_millis().checked_mul(1000),
                _ => None,
            }),
        ),
        Kind::List => lists(writer, cells()),
    }
}

/// Writes geometries, which stand one after another.
pub(super) fn geometries(writer: &mut Writer<'_>, wkb: &Bytes, ends: &[(usize, Option<[f64; 4]>)]) -> Result<(), ParquetError> {
    let mut start = 0;
    let each = ends.iter().map(|(end, _)| {
        let bytes = wkb.slice(std::mem::replace(&mut start, *end)..*end);
        (!bytes.is_empty()).then(|| ByteArray::from(bytes))
    });
    put::<ByteArrayType>(writer, each)
}

/// Writes one edge of each box.
pub(super) fn edges(writer: &mut Writer<'_>, edges: impl Iterator<Item = Option<f64>>) -> Result<(), ParquetError> {
    put::<DoubleType>(writer, edges)
}

/// Writes values some of which are not known.
fn put<T: DataType>(writer: &mut Writer<'_>, mut cells: impl Iterator<Item = Option<T::T>>) -> Result<(), ParquetError> {
    let (mut values, mut levels) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
    loop {
        values.clear();
        levels.clear();
        for cell in cells.by_ref().take(BATCH) {
            levels.push(i16::from(cell.is_some()));
            values.extend(cell);
        }
        if levels.is_empty() {
            return Ok(());
        }
        writer.typed::<T>().write_batch(&values, Some(&levels), None)?;
    }
}

/// Writes lists of texts: level 0 is no list, 1 an empty one, 2 one of its texts, of which all but the first repeat it.
fn lists<'r>(writer: &mut Writer<'_>, mut cells: impl Iterator<Item = Cell<'r>>) -> Result<(), ParquetError> {
    let (mut values, mut levels, mut repeats) = (Vec::<ByteArray>::new(), Vec::new(), Vec::new());
    loop {
        values.clear();
        levels.clear();
        repeats.clear();
        for cell in cells.by_ref().take(BATCH) {
            let texts = match cell {
                Cell::Json(json) => serde_json::from_str::<Vec<String>>(json).ok(),
                _ => None,
            };
            repeats.push(0);
            match texts.as_deref() {
                None => levels.push(0),
                Some([]) => levels.push(1),
                Some(texts) => {
                    levels.extend(std::iter::repeat_n(2, texts.len()));
                    repeats.extend(std::iter::repeat_n(1, texts.len() - 1));
                    values.extend(texts.iter().map(|text| ByteArray::from(text.as_str())));
                }
            }
        }
        if repeats.is_empty() {
            return Ok(());
        }
        writer.typed::<ByteArrayType>().write_batch(&values, Some(&levels), Some(&repeats))?;
    }
}
