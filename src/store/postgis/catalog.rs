//! What there is in a database: its tables and views with a geometry, their columns, their keys.

use std::collections::HashSet;

use tokio_postgres::{Client, Row};

use super::{
    column::{self, Column, End, Of},
    error::{OpenError, told},
    sql::{Bound, Sql},
    target::{Target, Wishes},
};
use crate::dataset::files::OutsideWishes;

/// A table or view that can be served.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Relation {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) comment: Option<String>,
    /// Whose values are the ids: known, and each once.
    pub(super) key: Column,
    pub(super) shape: Option<Shape>,
    /// The properties, each with what is said of it.
    pub(super) columns: Vec<(Column, Option<String>)>,
}

/// The column of the geometries.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
    pub(super) column: String,
    /// Whether it is of the type `geography`.
    pub(super) is_geography: bool,
    /// Number of the reference system, as PostGIS has it; 0 where it says none.
    pub(super) srid: i32,
    /// The type of geometry, in capitals, as PostGIS has it; `GEOMETRY` where it may be any.
    pub(super) kind: String,
}

/// Every column of every table that may be read, in the order of tables and columns. A domain counts as what it is made of.
const COLUMNS: &str = "\
SELECT n.nspname::text, c.relname::text, c.relkind::text, obj_description(c.oid, 'pg_class'), a.attname::text, col_description(c.oid, a.attnum), \
  b.typname::text, e.typname::text, coalesce(l.collisdeterministic, true), \
  coalesce((SELECT bool_or(i.indisprimary) FROM pg_index i WHERE i.indrelid = c.oid AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum), false), \
  a.attnotnull AND EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL \
    AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum), \
  coalesce(g.srid, h.srid), upper(coalesce(g.type, h.type)::text) \
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
JOIN pg_type d ON d.oid = a.atttypid JOIN pg_type b ON b.oid = CASE WHEN d.typtype = 'd' THEN d.typbasetype ELSE d.oid END \
LEFT JOIN pg_type e ON e.oid = b.typelem AND b.typcategory = 'A' LEFT JOIN pg_collation l ON l.oid = a.attcollation \
LEFT JOIN geometry_columns g ON g.f_table_schema = n.nspname AND g.f_table_name = c.relname AND g.f_geometry_column = a.attname \
LEFT JOIN geography_columns h ON h.f_table_schema = n.nspname AND h.f_table_name = c.relname AND h.f_geography_column = a.attname \
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema') \
  AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%' \
  AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT') \
  AND NOT EXISTS (SELECT 1 FROM pg_depend p WHERE p.objid = c.oid AND p.classid = 'pg_class'::regclass AND p.deptype = 'e') \
ORDER BY n.nspname, c.relname, a.attnum";

/// Names of columns that hold ids where no key says so; views have none.
const KEYS: [&str; 6] = ["id", "fid", "gid", "ogc_fid", "objectid", "uuid"];

/// The relations that are wished; what is left out is told to `note`.
///
/// # Errors
/// When there is no PostGIS, none of a table that is wished, or nothing to serve.
pub(super) async fn read(
    client: &Client,
    target: &Target,
    wishes: &Wishes,
    planned: &[OutsideWishes],
    note: &mut impl FnMut(String),
) -> Result<Vec<Relation>, OpenError> {
    let failed = |error: tokio_postgres::Error| OpenError::Connect { address: target.name.clone(), why: told(&error) };
    let nothing = |why: String| OpenError::Nothing { address: target.name.clone(), why };
    let about = "SELECT current_setting('server_encoding'), EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'postgis')";
    let about = client.query_typed_one(about, &[]).await.map_err(failed)?;
    let encoding = about.get::<_, String>(0);
    if encoding != "UTF8" {
        return Err(nothing(format!("its encoding is {encoding}; only UTF8 keeps texts in the order that answers have")));
    }
    if !about.get::<_, bool>(1) {
        return Err(nothing("it has no PostGIS: CREATE EXTENSION postgis, as its owner".to_owned()));
    }
    // What a configuration names goes before what the command line does.
    let names = match planned {
        [] => wishes.tables.iter().collect::<Vec<_>>(),
        planned => planned.iter().map(|plan| &plan.table).collect(),
    };
    let rows = client.query_typed(COLUMNS, &[]).await.map_err(failed)?;
    let table_of = |row: &Row| (row.get::<_, String>(0), row.get::<_, String>(1));
    let mut relations = Vec::new();
    let mut found = HashSet::new();
    for rows in rows.chunk_by(|a, b| table_of(a) == table_of(b)) {
        let (schema, name) = table_of(&rows[0]);
        let full = format!("{schema}.{name}");
        let wished = names.iter().find(|wished| ***wished == full || ***wished == name);
        let is_in = wishes.schemas.is_empty() || wishes.schemas.contains(&schema);
        let has_shape = rows.iter().any(|row| is_shape(&row.get::<_, String>(6)));
        if !(is_in && wished.is_some() || is_in && names.is_empty() && has_shape) {
            continue;
        }
        found.extend(wished.copied());
        let id_column = planned.iter().filter(|plan| plan.table == full || plan.table == name).find_map(OutsideWishes::id_column);
        match relation(client, schema, name, id_column, rows, note).await {
            // What is wished is an error where it cannot be.
            Ok(Err(why)) if wished.is_some() => return Err(nothing(format!("{full} cannot be served: {why}"))),
            Ok(Ok(relation)) => relations.push(relation),
            Ok(Err(why)) => note(format!("{full} is left out: {why}")),
            Err(error) if client.is_closed() => return Err(failed(error)),
            // What is wrong with one is no reason to serve none.
            Err(error) => note(format!("{full} is left out: {}", told(&error))),
        }
    }
    if let Some(missing) = names.iter().find(|table| !found.contains(*table)) {
        return Err(nothing(format!("there is no table or view {missing:?} that this user may read")));
    }
    if relations.is_empty() {
        let what = match wishes.schemas.as_slice() {
            [] => "no table or view with a geometry and a key that this user may read".to_owned(),
            schemas => format!("no table or view with a geometry and a key that this user may read in {}", schemas.join(", ")),
        };
        return Err(nothing(what));
    }
    Ok(relations)
}

fn is_shape(base: &str) -> bool {
    matches!(base, "geometry" | "geography")
}

/// A relation of the rows of its columns; the inner error is why it cannot be served.
async fn relation(
    client: &Client,
    schema: String,
    name: String,
    id_column: Option<&str>,
    rows: &[Row],
    note: &mut impl FnMut(String),
) -> Result<Result<Relation, String>, tokio_postgres::Error> {
    let full = format!("{schema}.{name}");
    let mut columns = Vec::new();
    let mut shape: Option<Shape> = None;
    let mut key: Option<(u8, usize)> = None;
    for row in rows {
        let column = row.get::<_, String>(4);
        let base = row.get::<_, String>(6);
        if is_shape(&base) {
            match &shape {
                None => {
                    let srid = row.get::<_, Option<i32>>(11).unwrap_or(0);
                    let kind = row.get::<_, Option<String>>(12).unwrap_or_else(|| "GEOMETRY".to_owned());
                    shape = Some(Shape { column, is_geography: base == "geography", srid, kind });
                }
                Some(first) => note(format!("{full}: the geometry {column:?} is left out, as {:?} is the first", first.column)),
            }
            continue;
        }
        let element = row.get::<_, Option<String>>(7);
        let comment = row.get::<_, Option<String>>(5);
        let range = match base.as_str() {
            "daterange" => Some(Of::Date),
            "tsrange" => Some(Of::Timestamp { has_zone: false }),
            "tstzrange" => Some(Of::Timestamp { has_zone: true }),
            _ => None,
        };
        if let Some(of) = range {
            for end in [End::Lower, End::Upper] {
                columns.push((Column { name: column.clone(), of, end: Some(end) }, comment.clone()));
            }
            continue;
        }
        let Some(of) = column::of(element.as_deref().unwrap_or(&base), element.is_some(), row.get(8)) else {
            note(format!("{full}: the column {column:?} of type {base} is left out"));
            continue;
        };
        // A primary key is better than another one, and that better than a name that only sounds like one.
        let (is_primary, is_unique) = (row.get::<_, bool>(9), row.get::<_, bool>(10));
        let rank = match (is_primary, is_unique) {
            _ if id_column.is_some_and(|wished| wished != column) => None,
            (false, false) if id_column.is_some() => Some(2),
            (true, _) => Some(0),
            (_, true) => Some(1),
            _ => KEYS.iter().position(|known| *known == column).map(|place| 2 + place as u8),
        };
        if let Some(rank) = rank.filter(|_| is_key(of))
            && key.is_none_or(|(best, _)| rank < best)
        {
            key = Some((rank, columns.len()));
        }
        columns.push((Column { name: column, of, end: None }, comment));
    }
    let Some((rank, index)) = key else {
        if let Some(column) = id_column {
            return Ok(Err(format!("it has no column {column:?} of whole numbers or texts to take the ids from")));
        }
        return Ok(Err("it has no key of one column, and no column called id, fid, gid, ogc_fid, objectid or uuid".to_owned()));
    };
    let (key, _) = columns.remove(index);
    let comment = rows[0].get::<_, Option<String>>(3);
    let mut relation = Relation { schema, name, comment, key, shape, columns };
    if rank > 1
        && let Some(why) = relation.is_no_key(client).await?
    {
        return Ok(Err(why));
    }
    if let Some(shape) = &relation.shape {
        if let "TIN" | "TRIANGLE" | "POLYHEDRALSURFACE" | "TINZ" | "POLYHEDRALSURFACEZ" = shape.kind.as_str() {
            return Ok(Err(format!("its geometries are of the type {}, which no format has", shape.kind)));
        }
        if shape.srid == 0 {
            let srid = relation.first_srid(client).await?;
            relation.shape.iter_mut().for_each(|shape| shape.srid = srid);
        }
    }
    Ok(Ok(relation))
}

/// Whether values can be ids: each has one text, and an order that the database keeps.
fn is_key(of: Of) -> bool {
    matches!(of, Of::Integer | Of::Text | Of::AsText)
}

impl Relation {
    /// Whether `name`, perhaps with its schema before it, is its name.
    pub(super) fn is_called(&self, name: &str) -> bool {
        name == self.name || name.strip_suffix(&self.name).is_some_and(|schema| schema.strip_suffix('.') == Some(&self.schema))
    }

    /// Adds the name of the table.
    pub(super) fn from(&self, sql: &mut Sql) {
        sql.push(" FROM ").name(&self.schema).push(".").name(&self.name).push(" AS t");
    }

    /// Why a column that is called like a key is none.
    async fn is_no_key(&self, client: &Client) -> Result<Option<String>, tokio_postgres::Error> {
        let mut sql = Sql::default();
        sql.push("SELECT count(*) = count(DISTINCT ");
        self.key.raw(&mut sql);
        sql.push(")");
        self.from(&mut sql);
        let is_key = client.query_typed_one(sql.text(), &sql.values()).await?.get::<_, bool>(0);
        Ok((!is_key).then(|| format!("it has no key, and the values of its column {:?} are not each there once", self.key.name)))
    }

    /// The reference system of the first geometry, where the column does not say one.
    async fn first_srid(&self, client: &Client) -> Result<i32, tokio_postgres::Error> {
        let Some(shape) = &self.shape else { return Ok(0) };
        let mut sql = Sql::default();
        sql.push("SELECT ST_SRID(t.").name(&shape.column).push(")");
        self.from(&mut sql);
        sql.push(" WHERE t.").name(&shape.column).push(" IS NOT NULL LIMIT 1");
        let row = client.query_typed_opt(sql.text(), &sql.values()).await?;
        Ok(row.map_or(0, |row| row.get(0)))
    }

    /// The condition that a row has this id; `None` where no row can have it.
    pub(super) fn has_id(&self, sql: &mut Sql, id: &str) -> Option<()> {
        let value = self.id(id)?;
        self.key.known(sql);
        sql.push(" = ").bind(value);
        Some(())
    }

    /// The condition that a row has one of these ids, which are those of rows.
    pub(super) fn is_one_of(&self, sql: &mut Sql, ids: Vec<String>) {
        self.key.known(sql);
        sql.push(" = ANY(").bind(Bound::Texts(ids)).push(if self.key.of == Of::Integer { "::int8[])" } else { ")" });
    }

    /// An id as a value of the key; `None` where it is the id of no row.
    pub(super) fn id(&self, id: &str) -> Option<Bound> {
        match self.key.of {
            // One spelling each.
            Of::Integer => id.parse().ok().filter(|number: &i64| number.to_string() == id).map(Bound::Integer),
            _ => (!id.contains('\0')).then(|| Bound::Text(id.to_owned())),
        }
    }
}
