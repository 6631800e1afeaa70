//! GeoPackage (OGC 12-128r19): an SQLite data base whose tables of features and attributes are collections.
//!
//! The file is opened read-only, and as one that nothing changes meanwhile unless SQLite's own files stand beside it: so a
//! folder without the right to write will do, and reading leaves nothing behind. What is in it is not trusted: no function of the
//! file's own runs, and no value longer than a record may be is read.

mod geometry;
mod table;
#[cfg(test)]
mod tests;

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig, limits::Limit};

use super::{
    MOST_BYTES,
    fault::Rule,
    member::Member,
    record::{End, Item, Sink, Stop, push},
};

use table::Table;

/// The first bytes of every SQLite data base.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

impl From<rusqlite::Error> for End {
    fn from(error: rusqlite::Error) -> Self {
        rule(&error).into()
    }
}

/// What SQLite says, as a fault.
fn rule(error: &rusqlite::Error) -> Rule {
    match error.sqlite_error_code() {
        Some(ErrorCode::TooBig) => Rule::TooLong,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Rule::Locked,
        // The file itself has been opened before; what SQLite needs beside it cannot be.
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly) => Rule::Journal,
        _ => Rule::Damaged(error.to_string()),
    }
}

/// The tables of features and attributes, in the order of the file's own list.
///
/// # Errors
/// When it is no GeoPackage, cannot be read, or has no such table.
pub(super) fn members(path: &Path) -> Result<Vec<Member>, Rule> {
    let list = || -> Result<Vec<Member>, rusqlite::Error> {
        let database = open(path)?;
        let sql = "SELECT table_name, identifier, description FROM gpkg_contents \
                   WHERE data_type IN ('features', 'attributes') ORDER BY rowid";
        let mut query = database.prepare(sql)?;
        let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))?;
        let named = rows.map(|row| {
            let (name, title, description): (_, Option<String>, Option<String>) = row?;
            // Writers repeat the table's name where they know no title.
            let title = title.filter(|title| *title != name);
            let columns = table::about_columns(&database, &name);
            Ok(Member { name: Some(name), title: filled(title), description: filled(description), columns })
        });
        named.collect()
    };
    begins(path)?;
    let members = list().map_err(|error| match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) | rusqlite::Error::SqlInputError { msg: message, .. }
            if message.starts_with("no such table") =>
        {
            Rule::Expected { expected: "the table gpkg_contents of a GeoPackage", found: "an SQLite data base without it".to_owned() }
        }
        error => rule(&error),
    })?;
    if members.is_empty() {
        return Err(Rule::Expected { expected: "a table of features or attributes", found: "a GeoPackage without one".to_owned() });
    }
    Ok(members)
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// Reads a table.
pub(super) fn read(path: &Path, member: &Member, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let table = |sink: &mut Sink<'_>| -> Result<(), End> {
        begins(path)?;
        let database = open(path)?;
        Table::find(&database, member.name.as_deref().unwrap_or_default())?.read(&database, sink)
    };
    match table(sink) {
        Ok(()) => Ok(()),
        Err(End::Stop(stop)) => Err(stop),
        Err(End::Fault(spot, rule)) => push(sink, Item::Fault(spot, rule)),
    }
}

/// Whether the file begins as one of SQLite's does.
fn begins(path: &Path) -> Result<(), Rule> {
    let mut start = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut start));
    match read {
        Err(error) => Err(Rule::Damaged(error.to_string())),
        Ok(0) => Err(Rule::Empty),
        Ok(_) if start == MAGIC => Ok(()),
        Ok(_) => {
            let found = format!("\"{}\"", start.escape_ascii());
            Err(Rule::Expected { expected: "\"SQLite format 3\", with which a GeoPackage begins", found })
        }
    }
}

fn open(path: &Path) -> Result<Connection, rusqlite::Error> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // With one of these beside it, another program has the file open, or left it in the middle of a change.
    let is_still = ["-wal", "-journal"].iter().all(|ending| !exists(&absolute, ending));
    let name = percent_encode(absolute.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC);
    let uri = format!("file:{name}?mode=ro{}", if is_still { "&immutable=1" } else { "" });
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(uri, flags)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, i32::try_from(MOST_BYTES).unwrap_or(i32::MAX))?;
    Ok(database)
}

/// Whether a file of this name with an ending added is there and not empty.
fn exists(path: &Path, ending: &str) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name).metadata().is_ok_and(|about| about.len() > 0)
}
