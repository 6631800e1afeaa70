//! GeoPackage 1.3 (OGC 12-128r18): an SQLite data base of one table, with an index of the boxes of its geometries.
//!
//! A data base is not written from its beginning to its end, so it is made in a temporary file, which has no name any more by the time
//! it is sent. Coordinates are stored easting or longitude first, whatever the authority says.

mod contents;
mod geometry;
mod index;
mod table;

use std::{
    fs::File,
    io::{self, Write},
};

use rusqlite::Connection;

use super::summary::Summary;
use crate::{
    model::{Collection, GeometryKind, Order},
    store::{Page, feature_text::Form},
};
use index::Index;
use table::Table;

/// Media type.
pub const MEDIA: &str = "application/geopackage+sqlite3";

/// After how many features it is asked whether anyone still wants them.
const ASK: usize = 4096;

/// Columns of a table at the most (`SQLITE_MAX_COLUMN`).
const MOST_COLUMNS: usize = 2_000;

/// Writes the features of a page.
///
/// Cost: O(n) time; the size of the file on disk, in the folder for temporary files, and some MiB of memory.
///
/// # Errors
/// What `out` says, what the disk says, and more properties than a table can have.
pub fn write(page: &Page, collection: &Collection, form: &Form<'_>, out: &mut dyn Write) -> io::Result<()> {
    let form = &Form { order: Order::EastFirst, ..form.clone() };
    let temporary = tempfile::NamedTempFile::new()?;
    let database = Connection::open(temporary.path()).map_err(failed)?;
    let table = Table::new(collection, form, form.has_geometry && collection.geometry != GeometryKind::None);
    if table.columns() > MOST_COLUMNS {
        let told = format!("a table of a GeoPackage has at most {MOST_COLUMNS} columns, and {} are asked for", table.columns());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, told));
    }
    let mut summary = Summary::default();
    for (at, row) in page.rows().enumerate().filter(|_| table.geometry.is_some()) {
        if at % ASK == 0 {
            out.flush()?;
        }
        summary.add(form.geometry(&row).as_ref());
    }
    fill(&database, page, form, &table, &summary, out)?;
    database.close().map_err(|(_, error)| failed(error))?;
    let mut file = File::open(temporary.path())?;
    // The bytes stay as long as the file is open.
    temporary.close()?;
    io::copy(&mut file, out)?;
    out.flush()
}

fn fill(database: &Connection, page: &Page, form: &Form<'_>, table: &Table<'_>, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    contents::begin(database).map_err(failed)?;
    table.create(database, summary).map_err(failed)?;
    {
        let mut insert = table.insert(database).map_err(failed)?;
        let mut index = table.geometry.as_ref().map(|_| Index::new(database, table)).transpose().map_err(failed)?;
        let mut blob = Vec::new();
        for ((fid, row), at) in (1..).zip(page.rows()).zip(0..) {
            if at % ASK == 0 {
                out.flush()?;
            }
            let geometry = table.geometry.as_ref().and_then(|_| form.geometry(&row));
            blob.clear();
            if let Some(geometry) = &geometry {
                let bounds = geometry::write(&mut blob, geometry, table.system);
                if let (Some(bounds), Some(index)) = (bounds, &mut index) {
                    index.push(fid, bounds).map_err(failed)?;
                }
            }
            table.bind(&mut insert, fid, &row, geometry.map(|_| blob.as_slice())).map_err(failed)?;
        }
        if let Some(index) = index {
            index.finish().map_err(failed)?;
        }
    }
    contents::end(database, table, &form.crs, summary).map_err(failed)
}

fn failed(error: rusqlite::Error) -> io::Error {
    io::Error::other(error)
}
