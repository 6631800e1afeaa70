use proptest::prelude::*;

use super::super::{
    by_path::{Read, fixture, read, survives, with_file},
    member::Member,
    record::Raw,
};

fn table(path: &std::path::Path, name: &str) -> Read {
    read(super::read, path, &Member { name: Some(name.to_owned()), ..Member::default() })
}

fn invented() -> Vec<u8> {
    std::fs::read(fixture("invented.gpkg")).unwrap()
}

/// The file after some SQL.
fn changed<T>(sql: &str, then: impl FnOnce(&std::path::Path) -> T) -> T {
    with_file(&invented(), |path| {
        let database = rusqlite::Connection::open(path).unwrap();
        database.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
        database.close().unwrap();
        then(path)
    })
}

#[test]
fn every_table_of_features_and_attributes_is_a_member() {
    let members = super::members(&fixture("invented.gpkg")).unwrap();
    let names = members.iter().map(|member| (member.name.as_deref(), member.title.as_deref(), member.description.as_deref()));
    let expected =
        [(Some("invented"), None, None), (Some("sites utm"), Some("Sites of a survey"), Some("Made up")), (Some("codes"), None, None)];
    assert_eq!(names.collect::<Vec<_>>(), expected);
}

#[test]
fn features_come_out_as_they_went_in() {
    let Read { records, faults, notes } = table(&fixture("invented.gpkg"), "invented");
    assert_eq!((faults, notes), (Vec::<String>::new(), Vec::<String>::new()));
    assert_eq!(
        records.iter().map(|record| record.geometry.as_ref().and_then(|g| g.heights()).map(<[f64]>::len)).collect::<Vec<_>>(),
        [Some(1), Some(8), Some(6)]
    );
    let first = &records[0];
    assert_eq!(first.id.as_deref(), Some("a"), "each row has another one");
    assert!(first.properties.iter().all(|(name, _)| name != "id" && name != "fid"), "{first:?}");
    assert_eq!(first.get("count"), &Raw::Integer(9_007_199_254_740_993));
    assert_eq!(first.get("open"), &Raw::Boolean(true));
    assert_eq!(first.get("since"), &Raw::Text("2024-07-01T12:00:00.000Z".into()));
    assert_eq!(records[1].get("height"), &Raw::Null);
}

#[test]
fn changes_beside_the_file_count_and_are_told_where_they_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("a.gpkg"), folder.path().join("b.gpkg"));
    std::fs::write(&path, invented()).unwrap();
    let database = rusqlite::Connection::open(&path).unwrap();
    let sql = "PRAGMA foreign_keys = OFF; PRAGMA journal_mode = WAL; UPDATE invented SET count = 7 WHERE fid = 1;";
    database.execute_batch(sql).unwrap();
    // As another program has it open, and as it was left.
    std::fs::copy(&path, &copy).unwrap();
    std::fs::copy(folder.path().join("a.gpkg-wal"), folder.path().join("b.gpkg-wal")).unwrap();
    for path in [&path, &copy] {
        assert_eq!(table(path, "invented").records[0].get("count"), &Raw::Integer(7), "{path:?}");
    }
    // In a folder that nothing can be written into, SQLite cannot read them, and says that it cannot open the file.
    let failed = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN), None);
    let said = super::rule(&failed).to_string();
    assert!(said.starts_with("has changes in a file beside it (-wal or -journal)"), "{said}");
}

#[test]
fn ids_that_repeat_themselves_are_those_of_the_rows() {
    for sql in ["UPDATE invented SET id = 'b' WHERE fid = 1", "UPDATE invented SET id = NULL WHERE fid = 1", "UPDATE invented SET id = ''"]
    {
        let read = changed(sql, |path| table(path, "invented"));
        assert_eq!(read.records[0].id.as_deref(), Some("1"), "{sql}: the number of the row");
        assert_eq!(read.records[2].get("id").clone() == Raw::Text("c".into()), !sql.ends_with("''"));
    }
}

#[test]
fn other_systems_become_longitude_and_latitude() {
    let Read { records, faults, .. } = table(&fixture("invented.gpkg"), "sites utm");
    assert!(faults.is_empty(), "{faults:?}");
    let at = records[0].geometry.as_ref().unwrap().bounds().unwrap();
    assert!((at.min_x + 3.00742).abs() < 1e-8 && (at.min_y - 16.77348).abs() < 1e-8, "{at:?}");
    assert_eq!(records[1].geometry, None);
    assert_eq!(records[2].get("name"), &Raw::Text("Gao \"é\"".into()));
    assert_eq!(records[2].get("seen"), &Raw::Text("2023-12-21".into()));
    assert_eq!(records[1].get("open"), &Raw::Boolean(false));
}

#[test]
fn tables_of_attributes_have_no_geometry() {
    let Read { records, .. } = table(&fixture("invented.gpkg"), "codes");
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| record.geometry.is_none()));
    assert_eq!(records[1].get("label"), &Raw::Text("two".into()));
}

#[test]
fn what_is_wrong_says_so() {
    let members = |bytes: &[u8]| with_file(bytes, |path| super::members(path).unwrap_err().to_string());
    assert_eq!(members(b""), "the file is empty");
    assert_eq!(members(b"PK\x03\x04"), "expected \"SQLite format 3\", with which a GeoPackage begins, found \"PK\\x03\\x04\"");
    assert_eq!(members(&invented()[..100]), "the file is damaged or cut short: database disk image is malformed");
    let without = changed("DROP TABLE gpkg_contents", |path| super::members(path).unwrap_err().to_string());
    assert_eq!(without, "expected the table gpkg_contents of a GeoPackage, found an SQLite data base without it");
    let tiles = changed("UPDATE gpkg_contents SET data_type = 'tiles'", |path| super::members(path).unwrap_err().to_string());
    assert_eq!(tiles, "expected a table of features or attributes, found a GeoPackage without one");
    let unknown = changed(
        "UPDATE gpkg_spatial_ref_sys SET organization = 'ACME', organization_coordsys_id = 7, srs_name = 'Mine', definition = 'undefined' WHERE srs_id = 32630",
        |path| table(path, "sites utm"),
    );
    assert_eq!(unknown.faults, ["System(\"ACME:7 (Mine)\")"]);
    let gone = changed("DROP TABLE codes", |path| table(path, "codes"));
    assert_eq!(gone.faults, [": the file is damaged or cut short: table \"codes\" is in the list of its contents, but not there"]);
    let blob = changed("UPDATE \"sites utm\" SET geom = x'00' WHERE fid = 1", |path| table(path, "sites utm"));
    assert_eq!(blob.faults, [": record 1: the file is damaged or cut short: its geometry has 1 bytes, fewer than its header"]);
    assert_eq!(blob.records.len(), 2, "the others are good");
    let other = changed("UPDATE gpkg_geometry_columns SET srs_id = 4326 WHERE table_name = 'sites utm'", |path| table(path, "sites utm"));
    assert_eq!(other.faults[0], ": record 1: its geometry is in reference system 32630 of the file, its table in 4326");
}

#[test]
fn what_a_file_says_of_its_columns_is_kept() {
    let sql = "CREATE TABLE gpkg_data_columns (table_name TEXT, column_name TEXT, name TEXT, title TEXT, description TEXT, mime_type TEXT);
        INSERT INTO gpkg_data_columns VALUES ('codes', 'label', 'l', 'Label', 'What it is called', NULL),
            ('sites utm', 'tags', 't', NULL, NULL, 'application/json');
        UPDATE \"sites utm\" SET tags = '[\"a\",\"b\"]'";
    changed(sql, |path| {
        let columns = &super::members(path).unwrap()[2].columns;
        assert_eq!((columns[0].name.as_str(), columns[0].title.as_deref()), ("label", Some("Label")));
        assert_eq!(table(path, "sites utm").records[0].get("tags"), &Raw::List("[\"a\",\"b\"]".into()));
    });
}

#[test]
fn nothing_is_left_beside_the_file() {
    with_file(&invented(), |path| {
        table(path, "codes");
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let beside = std::fs::read_dir(path.parent().unwrap()).unwrap().filter_map(Result::ok);
        let own = beside.filter(|file| file.file_name().to_string_lossy().starts_with(&name)).count();
        assert_eq!(own, 1);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_damage_makes_it_panic(flips in proptest::collection::vec((0..32_768_usize, any::<u8>()), 0..24), length in 0..40_000_usize) {
        let mut bytes = invented();
        for (at, byte) in flips {
            bytes[at] ^= byte;
        }
        bytes.truncate(length);
        prop_assert!(survives(super::members, super::read, &bytes) < 100_000);
    }
}
