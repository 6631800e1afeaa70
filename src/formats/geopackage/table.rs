//! The table of the features.

use rusqlite::{
    Connection, Result, Statement, ToSql,
    types::{ToSqlOutput, ValueRef},
};

use super::super::{
    fields::{Field, Fields, free},
    summary::Summary,
};
use crate::{
    model::{Cell, Collection, GeometryKind, Kind},
    store::{Row, feature_text::Form},
};

/// The table, and what its columns are called: names that differ in case alone are one to SQLite.
pub(super) struct Table<'a> {
    pub(super) collection: &'a Collection,
    /// The number of its reference system in the file.
    pub(super) system: i32,
    /// The key, which is the number of the row.
    pub(super) key: String,
    /// The column of the geometries, where there is one.
    pub(super) geometry: Option<String>,
    /// That of the ids.
    id: String,
    /// Those of the properties.
    pub(super) properties: Vec<(String, Field<'a>)>,
}

/// A name as SQL has it. Names cannot be bound to a statement; SQLite's own rule for quoting leaves nothing of theirs to be run.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl<'a> Table<'a> {
    pub(super) fn new(collection: &'a Collection, form: &Form<'_>, has_geometry: bool) -> Self {
        let fields = Fields::new(&collection.schema, form);
        let mut properties: Vec<(String, Field<'a>)> = Vec::new();
        for field in fields.properties {
            let name = free(&field.property.name, properties.iter().map(|(name, _)| name.as_str()));
            properties.push((name, field));
        }
        let taken = || properties.iter().map(|(name, _)| name.as_str());
        let (key, geometry, id) = (free("fid", taken()), free("geom", taken()), free(fields.id, taken()));
        let system = i32::try_from(form.crs.epsg_code()).expect("EPSG's codes have five digits");
        Self { collection, system, key, geometry: has_geometry.then_some(geometry), id, properties }
    }

    /// How many columns it has.
    pub(super) fn columns(&self) -> usize {
        2 + usize::from(self.geometry.is_some()) + self.properties.len()
    }

    /// Its name.
    pub(super) fn name(&self) -> &'a str {
        &self.collection.id
    }

    /// The type of its geometries, as the standard calls it.
    pub(super) fn geometry_type(&self, summary: &Summary) -> String {
        let point = (self.collection.geometry == GeometryKind::Point).then_some("Point");
        let only = summary.only().and_then(|_| summary.types().next()).map(|(name, _)| name);
        point.or(only).unwrap_or("Geometry").to_ascii_uppercase()
    }

    /// Makes it.
    pub(super) fn create(&self, database: &Connection, summary: &Summary) -> Result<()> {
        let mut columns = vec![format!("{} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", quoted(&self.key))];
        columns.extend(self.geometry.as_ref().map(|name| format!("{} {}", quoted(name), self.geometry_type(summary))));
        columns.push(format!("{} TEXT NOT NULL", quoted(&self.id)));
        columns.extend(self.properties.iter().map(|(name, field)| format!("{} {}", quoted(name), kind(field.property.kind))));
        database.execute_batch(&format!("CREATE TABLE {} ({})", quoted(self.name()), columns.join(", ")))
    }

    /// What adds a row.
    pub(super) fn insert<'d>(&self, database: &'d Connection) -> Result<Statement<'d>> {
        let places = (1..=self.columns()).map(|place| format!("?{place}")).collect::<Vec<_>>();
        database.prepare(&format!("INSERT INTO {} VALUES ({})", quoted(self.name()), places.join(", ")))
    }

    /// Adds a row.
    pub(super) fn bind(&self, insert: &mut Statement<'_>, fid: i64, row: &Row<'_>, geometry: Option<&[u8]>) -> Result<()> {
        insert.raw_bind_parameter(1, fid)?;
        let mut place = 2;
        if self.geometry.is_some() {
            insert.raw_bind_parameter(place, geometry)?;
            place += 1;
        }
        insert.raw_bind_parameter(place, row.id())?;
        for (_, field) in &self.properties {
            place += 1;
            insert.raw_bind_parameter(place, Bound(field.cell(row)))?;
        }
        insert.raw_execute().map(drop)
    }
}

/// The type of a column.
fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Edtf | Kind::Uri | Kind::List | Kind::Json => "TEXT",
        Kind::Integer => "INTEGER",
        Kind::Number => "REAL",
        Kind::Boolean => "BOOLEAN",
        Kind::Date => "DATE",
        Kind::Timestamp => "DATETIME",
    }
}

/// A value as a row has it.
struct Bound<'a>(Cell<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Cell::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Cell::Text(text) | Cell::Json(text) => ToSqlOutput::from(text),
            Cell::Integer(value) => ToSqlOutput::from(value),
            Cell::Number(value) => ToSqlOutput::from(value),
            Cell::Boolean(value) => ToSqlOutput::from(value),
            Cell::Date(date) => ToSqlOutput::from(date.to_string()),
            // The standard has three digits of a second.
            Cell::Timestamp(instant) => ToSqlOutput::from(match instant.to_string() {
                text if text.contains('.') => text,
                text => text.replace('Z', ".000Z"),
            }),
        })
    }
}
