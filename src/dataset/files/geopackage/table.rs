//! One table: its columns, the system of its geometries, its rows.

use std::borrow::Cow;

use rusqlite::{Connection, OptionalExtension, params, types::ValueRef};

use super::{
    super::{
        UNDEFINED,
        fault::{Rule, Spot},
        member::AboutColumn,
        record::{Item, Raw, Record, Sink, Stop, push},
        tell_of,
    },
    End, geometry,
};
use crate::model::{Crs, CrsError};

/// A table of features, or of attributes.
pub(super) struct Table {
    name: String,
    /// Its columns, in order.
    columns: Vec<Column>,
    /// The system of its geometries, where it has some.
    system: Option<System>,
}

struct Column {
    name: String,
    what: What,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// The number of the row.
    Id,
    Geometry,
    Boolean,
    /// Text that is JSON.
    Json,
    /// Bytes, or a further geometry.
    Binary,
    /// A number, a text or a date.
    Plain,
}

/// A reference system of the file's.
pub(super) struct System {
    /// Its number in the file.
    pub(super) number: i32,
    pub(super) crs: Crs,
    /// Whether it is the file's word for unknown longitudes and latitudes.
    is_undefined: bool,
}

/// What the file says of the columns of a table, in an extension that few files have (Schema, annex F.9).
pub(super) fn about_columns(database: &Connection, table: &str) -> Vec<AboutColumn> {
    let read = || -> Result<Vec<AboutColumn>, rusqlite::Error> {
        let sql = "SELECT column_name, title, description FROM gpkg_data_columns WHERE table_name = ?1 COLLATE NOCASE";
        let mut query = database.prepare(sql)?;
        let rows = query.query_map([table], |row| Ok(AboutColumn { name: row.get(0)?, title: row.get(1)?, description: row.get(2)? }))?;
        rows.collect()
    };
    read().unwrap_or_default()
}

impl Table {
    /// Finds a table in the lists of the file.
    pub(super) fn find(database: &Connection, name: &str) -> Result<Self, End> {
        let sql = "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?1 COLLATE NOCASE";
        let located = database.query_row(sql, [name], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i32>(1)?))).optional();
        // A file of attributes alone need not have the list of geometries.
        let has_list = database.query_row("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_geometry_columns'", [], |_| Ok(())).optional()?;
        let located = if has_list.is_some() { located? } else { None };
        let system = located.as_ref().map(|(_, number)| System::find(database, *number)).transpose()?;
        let geometry = located.map(|(column, _)| column);
        let json = json_columns(database, name);
        let mut query = database.prepare("SELECT name, type, pk FROM pragma_table_info(?1)")?;
        let rows = query.query_map(params![name], |row| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, i64>(2)?)))?;
        let mut columns = Vec::new();
        for row in rows {
            let (name, kind, key): (String, _, _) = row?;
            let kind = kind.unwrap_or_default().to_ascii_uppercase();
            let what = match kind.as_str() {
                _ if geometry.as_ref().is_some_and(|column| column.eq_ignore_ascii_case(&name)) => What::Geometry,
                "INTEGER" if key > 0 => What::Id,
                "BOOLEAN" => What::Boolean,
                kind if kind.starts_with("BLOB") || is_geometry(kind) => What::Binary,
                _ if json.contains(&name) => What::Json,
                _ => What::Plain,
            };
            columns.push(Column { name, what });
        }
        // A key of several columns numbers no row.
        if columns.iter().filter(|column| column.what == What::Id).count() > 1 {
            columns.iter_mut().filter(|column| column.what == What::Id).for_each(|column| column.what = What::Plain);
        }
        own_ids(database, name, &mut columns)?;
        if columns.is_empty() {
            return Err(Rule::Damaged(format!("table {name:?} is in the list of its contents, but not there")).into());
        }
        if system.is_some() && !columns.iter().any(|column| column.what == What::Geometry) {
            return Err(Rule::Damaged(format!("table {name:?} has not the column of geometries that the list names")).into());
        }
        Ok(Self { name: name.to_owned(), columns, system })
    }

    /// Pushes its rows.
    pub(super) fn read(&self, database: &Connection, sink: &mut Sink<'_>) -> Result<(), End> {
        if self.columns.iter().any(|column| column.what == What::Binary) {
            push(sink, Item::Note("columns of binary data are left out".to_owned()))?;
        }
        if self.system.as_ref().is_some_and(|system| system.is_undefined) {
            push(sink, Item::Note(UNDEFINED.to_owned()))?;
        }
        self.system.iter().try_for_each(|system| tell_of(&system.crs, sink))?;
        let names = self.columns.iter().filter(|column| column.what != What::Binary).map(|column| quoted(&column.name));
        let sql = format!("SELECT {} FROM {}", names.collect::<Vec<_>>().join(", "), quoted(&self.name));
        let mut query = database.prepare(&sql)?;
        let mut rows = query.query([])?;
        let mut told_of_measures = false;
        for record in 1.. {
            let spot = Spot { record, ..Spot::default() };
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                // SQLite cannot go on after this.
                Err(error) => return Err(End::Fault(spot, super::rule(&error))),
            };
            match self.record(row, spot) {
                Ok((record, has_measures)) => {
                    if has_measures && !std::mem::replace(&mut told_of_measures, true) {
                        push(sink, Item::Note("measures of positions (M) are left out".to_owned()))?;
                    }
                    push(sink, Item::Record(record))?;
                }
                Err(rule) => push(sink, Item::Fault(spot, rule))?,
            }
        }
        Ok(())
    }

    fn record<'r>(&'r self, row: &'r rusqlite::Row<'_>, spot: Spot) -> Result<(Record<'r>, bool), Rule> {
        let (mut id, mut geometry, mut has_measures) = (None, None, false);
        let mut properties = Vec::with_capacity(self.columns.len());
        for (index, column) in self.columns.iter().filter(|column| column.what != What::Binary).enumerate() {
            let value = row.get_ref(index).map_err(|error| super::rule(&error))?;
            match (column.what, value, &self.system) {
                (What::Id, ValueRef::Integer(number), _) => id = Some(number.to_string().into()),
                (What::Id, ValueRef::Text(text), _) => id = Some(String::from_utf8_lossy(text).into_owned().into()),
                (What::Geometry, ValueRef::Blob(bytes), Some(system)) => (geometry, has_measures) = geometry::read(bytes, system)?,
                (What::Geometry, ValueRef::Null, _) => {}
                (What::Geometry, ..) => return Err(Rule::Damaged("its geometry is no binary data".to_owned())),
                _ => properties.push((Cow::Borrowed(column.name.as_str()), column.value(value)?)),
            }
        }
        Ok((Record { spot, id, geometry, place: None, properties }, has_measures))
    }
}

impl Column {
    /// A value; its own type counts where it is not the column's, as SQLite has it.
    fn value<'r>(&self, value: ValueRef<'r>) -> Result<Raw<'r>, Rule> {
        Ok(match value {
            ValueRef::Null | ValueRef::Blob(_) => Raw::Null,
            ValueRef::Integer(number @ (0 | 1)) if self.what == What::Boolean => Raw::Boolean(number == 1),
            ValueRef::Integer(number) => Raw::Integer(number),
            ValueRef::Real(number) if number.is_finite() => Raw::Number(number),
            ValueRef::Real(_) => Raw::Null,
            ValueRef::Text(bytes) => {
                let not_utf8 = |_| Rule::Damaged(format!("column {:?}: its value is not UTF-8", self.name));
                let text = std::str::from_utf8(bytes).map_err(not_utf8)?;
                match self.what {
                    // What is not JSON after all is the text that it is.
                    What::Json => serde_json::from_str(text).unwrap_or(Raw::Text(Cow::Borrowed(text))),
                    _ => Raw::Text(Cow::Borrowed(text)),
                }
            }
        })
    }
}

impl System {
    /// The system of a number in the file's own list.
    fn find(database: &Connection, number: i32) -> Result<Self, End> {
        if number == 0 {
            return Ok(Self { number, crs: Crs::crs84(), is_undefined: true });
        }
        let sql = "SELECT srs_name, organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
        let found = database.query_row(sql, [number], |row| {
            Ok((
                row.get::<_, Option<String>>(0)?,
                row.get::<_, Option<String>>(1)?,
                row.get::<_, Option<i64>>(2)?,
                row.get::<_, Option<String>>(3)?,
            ))
        });
        let (name, organization, code, definition) =
            found.optional()?.ok_or_else(|| Rule::Damaged(format!("its reference system {number} is not in the list of them")))?;
        let text = |text: Option<String>| text.unwrap_or_default().trim().to_owned();
        let short = format!("{}:{}", text(organization).to_ascii_uppercase(), code.unwrap_or_default());
        // Systems of a publisher's own are told by their definition.
        let crs = short.parse().or_else(|error: CrsError| text(definition).parse().map_err(|_| error));
        match (crs, text(name)) {
            (Ok(crs), _) => Ok(Self { number, crs, is_undefined: false }),
            (Err(_), name) if name.is_empty() => Err(Stop::System(short).into()),
            (Err(_), name) => Err(Stop::System(format!("{short} ({})", name.chars().take(200).collect::<String>())).into()),
        }
    }
}

/// A name as SQL has it. Names cannot be bound to a statement; SQLite's own rule for quoting them leaves nothing of theirs to be run.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Where a column `id` says something else in every row, it is the id, as in every other format, rather than the number of the row; a
/// key by another name than `fid` is then a property.
fn own_ids(database: &Connection, table: &str, columns: &mut Vec<Column>) -> Result<(), End> {
    let Some(index) = columns.iter().position(|column| column.what == What::Plain && column.name.eq_ignore_ascii_case("id")) else {
        return Ok(());
    };
    let (table, name) = (quoted(table), quoted(&columns[index].name));
    let strange = format!("SELECT 1 FROM {table} WHERE typeof({name}) NOT IN ('text', 'integer') OR {name} = '' LIMIT 1");
    let repeated = format!("SELECT 1 FROM {table} GROUP BY {name} HAVING count(*) > 1 LIMIT 1");
    for sql in [strange, repeated] {
        if database.query_row(&sql, [], |_| Ok(())).optional()?.is_some() {
            return Ok(());
        }
    }
    columns.iter_mut().filter(|column| column.what == What::Id).for_each(|column| column.what = What::Plain);
    columns[index].what = What::Id;
    columns.retain(|column| column.what != What::Plain || !column.name.eq_ignore_ascii_case("fid"));
    Ok(())
}

fn is_geometry(kind: &str) -> bool {
    let kinds = ["GEOMETRY", "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];
    kinds.contains(&kind)
}

/// The columns of texts that are JSON, as GDAL marks lists (Schema, annex F.9).
fn json_columns(database: &Connection, table: &str) -> Vec<String> {
    let read = || -> Result<Vec<String>, rusqlite::Error> {
        let sql = "SELECT column_name FROM gpkg_data_columns WHERE table_name = ?1 COLLATE NOCASE AND mime_type = 'application/json'";
        let mut query = database.prepare(sql)?;
        let rows = query.query_map([table], |row| row.get(0))?;
        rows.collect()
    };
    read().unwrap_or_default()
}
