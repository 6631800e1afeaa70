//! The header: what the file says of all its features.

use ::flatgeobuf::{Column, ColumnArgs, ColumnType, Crs as Table, CrsArgs, GeometryType, Header, HeaderArgs};
use flatbuffers::{FlatBufferBuilder, WIPOffset};
use serde_json::{Map, Value, json};

use super::{
    super::{about::about, fields::Fields, summary::Summary},
    index,
};
use crate::model::{Collection, Crs, GeometryKind, Kind, Lang, Property};

/// The header with its size before it.
pub(super) fn table(collection: &Collection, fields: &Fields<'_>, crs: &Crs, summary: &Summary) -> Vec<u8> {
    let mut buffer = FlatBufferBuilder::new();
    let buffer = &mut buffer;
    let id = id_column(buffer, fields.id);
    let columns = std::iter::once(id).chain(fields.properties.iter().map(|field| column(buffer, field.property))).collect::<Vec<_>>();
    let only = if collection.geometry == GeometryKind::Point { Some(1) } else { summary.only() };
    let beside = about(collection).into_iter().map(|(name, text)| (name.to_owned(), Value::from(text))).collect::<Map<_, _>>();
    let args = HeaderArgs {
        name: Some(buffer.create_string(&collection.id)),
        envelope: summary.envelope.map(|rect| buffer.create_vector(&[rect.min_x, rect.min_y, rect.max_x, rect.max_y])),
        geometry_type: only.map_or(GeometryType::Unknown, GeometryType),
        // Readers want a height of every position where the header promises it: where only some have one, the features say so themselves.
        has_z: summary.heights.is_some() && !summary.has_flat(),
        columns: Some(buffer.create_vector(&columns)),
        features_count: summary.count,
        index_node_size: if summary.envelope.is_some() { index::NODE as u16 } else { 0 },
        crs: Some(system(buffer, crs)),
        title: Some(buffer.create_string(collection.title.get(Lang::En))),
        description: Some(buffer.create_string(collection.description.get(Lang::En))),
        metadata: Some(buffer.create_string(&Value::Object(beside).to_string())),
        ..HeaderArgs::default()
    };
    let header = Header::create(buffer, &args);
    buffer.finish_size_prefixed(header, None);
    buffer.finished_data().to_vec()
}

/// The system: EPSG's WGS 84 for longitude and latitude, since the format stores these first in any system and readers know its code.
fn system<'b>(buffer: &mut FlatBufferBuilder<'b>, crs: &Crs) -> WIPOffset<Table<'b>> {
    let code = crs.epsg_code();
    let args = CrsArgs {
        org: Some(buffer.create_string("EPSG")),
        code: i32::try_from(code).expect("EPSG's codes have five digits"),
        name: (code == 4326).then(|| buffer.create_string("WGS 84")),
        ..CrsArgs::default()
    };
    Table::create(buffer, &args)
}

fn id_column<'b>(buffer: &mut FlatBufferBuilder<'b>, name: &str) -> WIPOffset<Column<'b>> {
    let name = Some(buffer.create_string(name));
    Column::create(buffer, &ColumnArgs { name, type_: ColumnType::String, nullable: false, unique: true, ..ColumnArgs::default() })
}

fn column<'b>(buffer: &mut FlatBufferBuilder<'b>, property: &Property) -> WIPOffset<Column<'b>> {
    let args = ColumnArgs {
        name: Some(buffer.create_string(&property.name)),
        type_: match property.kind {
            Kind::Text | Kind::Edtf | Kind::Uri => ColumnType::String,
            Kind::Integer => ColumnType::Long,
            Kind::Number => ColumnType::Double,
            Kind::Boolean => ColumnType::Bool,
            Kind::Date | Kind::Timestamp => ColumnType::DateTime,
            Kind::List | Kind::Json => ColumnType::Json,
        },
        title: Some(buffer.create_string(property.title.get(Lang::En))),
        description: property.description.as_ref().map(|text| buffer.create_string(text.get(Lang::En))),
        metadata: property.unit.as_ref().map(|unit| buffer.create_string(&json!({ "unit": unit }).to_string())),
        ..ColumnArgs::default()
    };
    Column::create(buffer, &args)
}
