//! A snapshot holds what was put into it, is refused when it does not, and never makes its reader panic.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use harmattan::{
    dataset::{Dataset, MapConfig, Prepared},
    formats::{Others, geojson},
    model::{
        Batch, Bbox, Collection, Feature, Geometry, GeometryKind, Kind, Position, Property, Schema, Text, Value,
        when::{Bounds, Instant},
    },
    query::{Certainty, Filter, TimeFilter},
    store::{Build, Layer, Page, Snapshot, SnapshotError, Table},
};
use proptest::prelude::*;

use crate::support;

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("snapshot-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> PathBuf {
        self.0.join("x.harmattan")
    }

    /// Files in it, hidden ones too.
    fn files(&self) -> usize {
        fs::read_dir(&self.0).unwrap().count()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn property(name: &str, kind: Kind) -> Property {
    Property { name: name.into(), kind, title: Text::plain(name), description: None, unit: None, role: None, codes: Vec::new() }
}

/// A property of each type.
fn schema() -> Schema {
    let kinds = [
        Kind::Text,
        Kind::Integer,
        Kind::Number,
        Kind::Boolean,
        Kind::Date,
        Kind::Timestamp,
        Kind::Edtf,
        Kind::Uri,
        Kind::List,
        Kind::Json,
    ];
    Schema { properties: kinds.iter().enumerate().map(|(index, kind)| property(&format!("p \"{index}\""), *kind)).collect() }
}

fn value(kind: Kind, seed: i64) -> Value {
    match kind {
        _ if seed % 7 == 0 => Value::Null,
        Kind::Text => Value::Text(["", "a", "é\"\\\n", "long enough to be no code"][(seed % 4) as usize].repeat((seed % 3) as usize)),
        Kind::Integer => Value::Integer(seed * 1_000_000_007),
        Kind::Number => Value::Number(seed as f64 / 3.0),
        Kind::Boolean => Value::Boolean(seed % 2 == 0),
        Kind::Date => Value::Date(jiff::civil::date((seed % 9999) as i16, (seed % 12 + 1) as i8, (seed % 28 + 1) as i8)),
        Kind::Timestamp => Value::Timestamp(Instant::from_millis(seed * 86_400_123)),
        Kind::Edtf => Value::Text(format!("20{:02}-XX", seed % 100)),
        Kind::Uri => Value::Text(format!("https://example.org/{seed}")),
        Kind::List => Value::List((0..seed % 3).map(|item| item.to_string()).collect()),
        Kind::Json => Value::from(serde_json::json!({ "seed": seed })),
    }
}

/// Features with a value of each type, some of them unlocated or undated.
fn features(count: i64, shape: fn(i64) -> Option<Geometry>) -> Vec<Feature> {
    let time = |seed: i64| {
        let start = Instant::from_millis(seed % 50 * 86_400_000);
        (seed % 5 != 0)
            .then(|| Bounds { latest_start: start, ..Bounds::certain(start, Instant::from_millis(start.as_millis() + 86_399_999)) })
    };
    let feature = |seed: i64| Feature {
        id: format!("feature {seed}"),
        geometry: shape(seed),
        time: time(seed),
        values: schema().properties.iter().map(|property| value(property.kind, seed)).collect(),
    };
    (1..=count).map(feature).collect()
}

fn point(seed: i64) -> Option<Geometry> {
    let (lon, lat) = ((seed * 37 % 360 - 180) as f64, (seed * 17 % 180 - 90) as f64);
    (seed % 11 != 0).then(|| Geometry::point(Position { lon, lat }))
}

fn any_shape(seed: i64) -> Option<Geometry> {
    let Position { lon, lat } = Position { lon: (seed * 37 % 340 - 170) as f64, lat: (seed * 17 % 160 - 80) as f64 };
    match seed % 4 {
        0 => None,
        1 => point(seed).map(|point| point.with_heights(vec![seed as f64]).unwrap()),
        2 => Geometry::new(geo::Rect::new((lon, lat), (lon + 3.0, lat + 2.0)).into()).ok(),
        _ => Geometry::new(geo::LineString::from(vec![(lon, lat), (lon + 5.0, lat + 1.0)]).into()).ok(),
    }
}

fn collection(id: &str) -> Collection {
    Collection { keywords: vec!["test".into()], ..Collection::new(id, GeometryKind::Any, schema()) }
}

fn prepared(id: &str, features: &[Feature]) -> Prepared {
    let collection = collection(id);
    Prepared { views: vec![Batch::from_features(&collection.schema, features)], collection, arena: true }
}

fn layers() -> Vec<Prepared> {
    vec![prepared("points", &features(3000, point)), prepared("shapes", &features(400, any_shape)), prepared("nothing", &[])]
}

fn write(path: &Path, layers: Vec<Prepared>) {
    Snapshot::write(path, layers, &MapConfig::default(), Build::default(), &mut |_, _| {}).unwrap();
}

/// The bytes of a snapshot of all there is.
fn bytes() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let folder = Folder::new();
        write(&folder.path(), layers());
        fs::read(folder.path()).unwrap()
    })
}

fn page(table: &Arc<Table>, filter: &Filter) -> Page {
    let layer = Layer { collection: collection("x"), tables: vec![Arc::clone(table)].into() };
    let selection = table.select(filter);
    let pages = harmattan::query::Params::parse("limit=10000").unwrap();
    let limits = harmattan::query::Limits { default: 10, ..Default::default() };
    let mut query = harmattan::query::ItemsQuery::parse(&pages, &layer.collection, limits).unwrap();
    query.filter = filter.clone();
    let page = layer.items(&query, &harmattan::store::Version("x".into()));
    assert_eq!(page.matched, selection.matched());
    page
}

/// Everything that can be asked of a table, as text.
fn everything(table: &Arc<Table>) -> String {
    let mut said = String::new();
    let time = |certainty| TimeFilter { from: Instant::from_millis(0), to: Instant::from_millis(9 * 86_400_000), certainty };
    let mut both = Filter { bbox: Bbox::new(170.0, -90.0, -170.0, 90.0).ok(), ..Filter::default() };
    both.time = Some(time(Certainty::Possible));
    for filter in [
        Filter::default(),
        Filter { bbox: Bbox::new(-20.0, -10.0, 30.0, 40.0).ok(), ..Filter::default() },
        both,
        Filter { time: Some(time(Certainty::Certain)), ..Filter::default() },
    ] {
        let page = page(table, &filter);
        said += &format!("{} {:?}\n", table.count(&filter), page.next);
        for part in geojson::page(&page, &[], &Others::default()).into_iter().chain(geojson::gzip_page(&page, &[], &Others::default())) {
            said += &String::from_utf8_lossy(&part);
        }
    }
    for position in 0..table.len() {
        let row = table.row(position);
        let found = table.find(row.id());
        let key = table.key(position);
        let (text, _) = table.feature_text(position);
        said += &format!("{found:?} {key:?} {} {:?} {:?}\n", table.position_after(&key), row.geometry(), row.time());
        said += &format!("{} {:?}\n", String::from_utf8_lossy(&text), row.cells().map(|(_, cell)| cell).collect::<Vec<_>>());
    }
    said + &format!("{:?} {:?} {}", table.extent(), table.span(), table.located())
}

#[test]
fn what_is_written_is_served_mapped_or_read() {
    let folder = Folder::new();
    write(&folder.path(), layers());
    let built = layers().into_iter().map(Layer::build).collect::<Vec<_>>();
    let (mapped, read) = (Snapshot::open(&folder.path(), true).unwrap(), Snapshot::open(&folder.path(), false).unwrap());
    assert_eq!((mapped.version.0.len(), &mapped.version), (32, &read.version));
    for ((built, mapped), read) in built.iter().zip(&mapped.layers).zip(&read.layers) {
        assert_eq!(built.collection, mapped.collection);
        let expected = everything(built.table());
        assert!(expected == everything(mapped.table()) && expected == everything(read.table()), "{}", built.collection.id);
    }
    assert_eq!(mapped.layers.len(), 3);
    mapped.sums.verify(&mut |_, _| {}).unwrap();
    assert_eq!(folder.files(), 1, "nothing is left beside it");
}

#[test]
fn the_version_is_that_of_the_content() {
    let folder = Folder::new();
    let version = |layers| {
        write(&folder.path(), layers);
        Snapshot::open(&folder.path(), true).unwrap().version.0
    };
    let first = version(layers());
    assert_eq!(first, version(layers()), "the same content, the same version");
    let mut changed = features(3000, point);
    changed[7].values[1] = Value::Integer(5);
    assert_ne!(first, version(vec![prepared("points", &changed)]));
    assert_ne!(version(vec![prepared("a", &[])]), version(vec![prepared("b", &[])]));
}

#[test]
fn the_same_content_is_the_same_file_however_many_threads_make_it() {
    // Texts that hardly compress, some long and some short: no piece foretells how long the next is.
    let letters = |seed: i64, at: i64| char::from(b' ' + 2 + ((seed * 7919 + at * at * 104_729).unsigned_abs() >> 3 & 63) as u8);
    let mut features = features(5000, point);
    for (seed, feature) in (0_i64..).zip(&mut features) {
        feature.values[0] = Value::Text((0..if seed / 900 % 2 == 0 { 9 } else { 400 }).map(|at| letters(seed, at)).collect());
    }
    let folder = Folder::new();
    let made = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| write(&folder.path(), vec![prepared("points", &features)]));
        fs::read(folder.path()).unwrap()
    };
    let alone = made(1);
    assert!([2, 3].into_iter().all(|threads| made(threads) == alone));
}

#[test]
fn a_snapshot_that_is_open_outlives_its_replacement() {
    let folder = Folder::new();
    write(&folder.path(), layers());
    let old = Snapshot::open(&folder.path(), true).unwrap();
    let before = everything(old.layers[0].table());
    write(&folder.path(), vec![prepared("points", &features(5, point))]);
    assert!(before == everything(old.layers[0].table()));
    assert_eq!(Snapshot::open(&folder.path(), true).unwrap().layers[0].table().len(), 5);
}

#[test]
fn what_cannot_be_written_leaves_what_stood_there() {
    let folder = Folder::new();
    write(&folder.path(), layers());
    let before = fs::read(folder.path()).unwrap();
    let stop = std::panic::catch_unwind(|| {
        let tell: &mut dyn FnMut(&Collection, harmattan::store::Made) = &mut |_, _| panic!("in the middle");
        Snapshot::write(&folder.path(), layers(), &MapConfig::default(), Build::default(), tell)
    });
    assert!(stop.is_err());
    assert_eq!((fs::read(folder.path()).unwrap() == before, folder.files()), (true, 1));
    let nowhere = folder.0.join("no such folder").join("x.harmattan");
    assert!(Snapshot::write(&nowhere, Vec::new(), &MapConfig::default(), Build::default(), &mut |_, _| {}).is_err());
}

#[test]
fn the_embedded_data_set_makes_the_same_tables_of_a_file() {
    let folder = Folder::new();
    let embedded = || Dataset::embedded().unwrap().layers.into_iter().filter(|layer| layer.collection.id != "places");
    write(&folder.path(), embedded().collect());
    let snapshot = Snapshot::open(&folder.path(), true).unwrap();
    for (built, opened) in embedded().map(Layer::build).zip(&snapshot.layers) {
        assert_eq!(built.tables.len(), opened.tables.len());
        for (a, b) in built.tables.iter().zip(opened.tables.iter()) {
            assert!(everything(a) == everything(b), "{}", built.collection.id);
        }
    }
}

/// Opens bytes as a snapshot and asks everything of it.
fn open(folder: &Folder, bytes: &[u8]) -> Result<(), SnapshotError> {
    fs::write(folder.path(), bytes).unwrap();
    let snapshot = Snapshot::open(&folder.path(), false)?;
    for layer in &snapshot.layers {
        let _ = everything(layer.table());
    }
    snapshot.sums.verify(&mut |_, _| {})
}

#[test]
fn a_foreign_file_is_refused_with_the_reason() {
    let folder = Folder::new();
    let refused = |bytes: &[u8]| open(&folder, bytes).unwrap_err().to_string();
    assert_eq!(refused(b""), "is no snapshot of harmattan");
    assert_eq!(refused(b"{\"type\":\"FeatureCollection\"}"), "is no snapshot of harmattan");
    let whole = bytes();
    assert!(refused(&whole[..whole.len() - 1]).starts_with("is cut short"), "{}", refused(&whole[..whole.len() - 1]));
    assert!(refused(&[whole, b"x"].concat()).starts_with("is cut short or has something behind it"));
    assert!(Snapshot::open(&folder.0, true).is_err(), "a folder");
}

#[test]
fn every_changed_byte_is_noticed() {
    let (folder, whole) = (Folder::new(), bytes());
    open(&folder, whole).unwrap();
    // Where sections end, bytes that belong to none fill up to the next: those alone may be anything.
    let fill = whole.len() / 40;
    let mut noticed = 0;
    for step in 0..40 {
        let mut bytes = whole.to_vec();
        bytes[step * fill] ^= 0x20;
        noticed += usize::from(open(&folder, &bytes).is_err());
    }
    assert!(noticed >= 38, "{noticed}");
}

proptest! {
    #![proptest_config(support::cases(64))]

    #[test]
    fn no_damage_makes_a_reader_panic(
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        runs in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 1_usize..4000), 0..4),
        table in any::<bool>(),
    ) {
        let mut bytes = bytes().to_vec();
        // Not the header, whose sum covers the table: it is asked of in tests of its own.
        let end = u64::from_le_bytes(bytes[16..24].try_into().unwrap()) as usize;
        for (place, byte) in places {
            let at = 64 + place.index(end - 64);
            bytes[at] = byte;
        }
        for (place, byte, length) in runs {
            let at = 64 + place.index(end - 64);
            let last = end.min(at + length);
            bytes[at..last].fill(byte);
        }
        if table {
            bytes[40] ^= 1;
        }
        let _ = open(&Folder::new(), &bytes);
    }

    #[test]
    fn no_header_makes_a_reader_panic(head in prop::collection::vec(any::<u8>(), 0..64), keep in 0_usize..64) {
        let mut bytes = bytes().to_vec();
        let end = head.len().max(keep);
        bytes[keep.min(end)..end].copy_from_slice(&head[..end - keep.min(end)]);
        let _ = open(&Folder::new(), &bytes);
    }
}
