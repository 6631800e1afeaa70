//! The tables in which a GeoPackage says what it holds (OGC 12-128r18, clauses 1.1.2, 1.1.3 and 2.1.5; annexes F.8 and F.9).

use rusqlite::{Connection, Result, params};
use serde_json::json;

use super::{
    super::{about::about, summary::Summary},
    index,
    table::Table,
};
use crate::model::{Crs, Kind, Lang};

/// When the data changed last: nothing that this is written from knows it, and the same data are the same bytes.
const LAST_CHANGE: &str = "1970-01-01T00:00:00.000Z";

/// What every GeoPackage has; the numbers at the beginning are `GPKG` and version 1.3.
const BEGIN: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA cache_size = -8192;
    PRAGMA application_id = 1196444487;
    PRAGMA user_version = 10300;
    BEGIN;
    CREATE TABLE gpkg_spatial_ref_sys (
        srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY NOT NULL, organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
    INSERT INTO gpkg_spatial_ref_sys VALUES
        ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
        ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
    CREATE TABLE gpkg_contents (
        table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
        last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
        min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
        CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
    CREATE TABLE gpkg_geometry_columns (
        table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
        z TINYINT NOT NULL, m TINYINT NOT NULL,
        CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
        CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name),
        CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
    CREATE TABLE gpkg_extensions (
        table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
        CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
    INSERT INTO gpkg_extensions VALUES
        ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec130/#extension_schema', 'read-write'),
        ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec130/#extension_schema', 'read-write'),
        ('gpkg_metadata', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec130/#extension_metadata', 'read-write'),
        ('gpkg_metadata_reference', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec130/#extension_metadata', 'read-write');
    CREATE TABLE gpkg_data_columns (
        table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,
        CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
    CREATE TABLE gpkg_data_column_constraints (
        constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC,
        max_is_inclusive BOOLEAN, description TEXT,
        CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
    CREATE TABLE gpkg_metadata (
        id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL,
        mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
    CREATE TABLE gpkg_metadata_reference (
        reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
        timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
        CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata (id),
        CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata (id));";

/// Begins the one transaction and makes the tables of every GeoPackage. Nothing is kept to undo it: who fails throws the file away.
pub(super) fn begin(database: &Connection) -> Result<()> {
    database.execute_batch(BEGIN)
}

/// Says what the file holds, and ends the transaction.
pub(super) fn end(database: &Connection, table: &Table<'_>, crs: &Crs, summary: &Summary) -> Result<()> {
    let collection = table.collection;
    systems(database, crs)?;
    let edges = summary.envelope.map(|rect| [rect.min_x, rect.min_y, rect.max_x, rect.max_y]);
    let edge = |index: usize| edges.map(|edges| edges[index]);
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            table.name(),
            if table.geometry.is_some() { "features" } else { "attributes" },
            collection.title.get(Lang::En),
            collection.description.get(Lang::En),
            LAST_CHANGE,
            edge(0),
            edge(1),
            edge(2),
            edge(3),
            table.geometry.as_ref().map(|_| table.system),
        ],
    )?;
    if let Some(geometry) = &table.geometry {
        // Heights are on none, on all, or on some.
        let heights = match (summary.heights, summary.has_flat()) {
            (None, _) => 0,
            (Some(_), false) => 1,
            (Some(_), true) => 2,
        };
        database.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, ?3, ?4, ?5, 0)",
            params![table.name(), geometry, table.geometry_type(summary), table.system, heights],
        )?;
        database.execute(
            "INSERT INTO gpkg_extensions VALUES (?1, ?2, 'gpkg_rtree_index', 'http://www.geopackage.org/spec130/#extension_rtree', 'write-only')",
            params![table.name(), geometry],
        )?;
        database.execute_batch(&index::triggers(table))?;
    }
    columns(database, table)?;
    metadata(database, table)?;
    database.execute_batch("COMMIT")
}

/// WGS 84, which every file lists, and the system of this one.
fn systems(database: &Connection, crs: &Crs) -> Result<()> {
    let mut all = vec![Crs::crs84()];
    if crs.epsg_code() != all[0].epsg_code() {
        all.push(crs.clone());
    }
    for crs in all {
        let text = crs.definition_text();
        let wkt = text.as_ref().and_then(|text| text.wkt.as_deref()).unwrap_or("undefined");
        // The name is the first text of the definition.
        let name = wkt.split('"').nth(1).map_or_else(|| crs.name(), str::to_owned);
        database.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, 'EPSG', ?2, ?3, NULL)", params![name, crs.epsg_code(), wkt])?;
    }
    Ok(())
}

/// What the columns are called by people, and which hold JSON.
fn columns(database: &Connection, table: &Table<'_>) -> Result<()> {
    let mut insert = database.prepare("INSERT INTO gpkg_data_columns VALUES (?1, ?2, ?2, ?3, ?4, ?5, NULL)")?;
    for (name, field) in &table.properties {
        let property = field.property;
        let mime = matches!(property.kind, Kind::List | Kind::Json).then_some("application/json");
        let description = property.description.as_ref().map(|text| text.get(Lang::En));
        insert.execute(params![table.name(), name, property.title.get(Lang::En), description, mime])?;
    }
    Ok(())
}

/// The collection as a data set of schema.org, where there is more to say of it than its title.
fn metadata(database: &Connection, table: &Table<'_>) -> Result<()> {
    let known = about(table.collection);
    if known.is_empty() {
        return Ok(());
    }
    let mut object = json!({
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": table.collection.title.get(Lang::En),
        "description": table.collection.description.get(Lang::En),
    });
    for (name, text) in known {
        let term = match name {
            "attribution" => "creditText",
            "licence_address" => "license",
            "source_address" => "isBasedOn",
            "keywords" => "keywords",
            // The addresses say the same.
            _ => continue,
        };
        object[term] = text.into();
    }
    let sql = "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'https://schema.org/Dataset', 'application/ld+json', ?1)";
    database.execute(sql, params![object.to_string()])?;
    let sql = "INSERT INTO gpkg_metadata_reference VALUES ('table', ?1, NULL, NULL, ?2, 1, NULL)";
    database.execute(sql, params![table.name(), LAST_CHANGE])?;
    Ok(())
}
