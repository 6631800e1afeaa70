//! What holds of every format that is read by its path: what is found, and that no bytes make the reading panic or grow.

use std::{
    borrow::Cow,
    env, fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use super::{
    member::{Member, Members, PathReader},
    record::{Item, Raw, Record, Sink},
};
use crate::model::Geometry;

/// A record that stands by itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) id: Option<String>,
    pub(super) geometry: Option<Geometry>,
    pub(super) properties: Vec<(String, Raw<'static>)>,
}

/// All that was read of a member, faults and notes as they are printed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Read {
    pub(super) records: Vec<Found>,
    pub(super) faults: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl Found {
    fn new(record: Record<'_>) -> Self {
        let properties = record.properties.into_iter().map(|(name, raw)| (name.into_owned(), raw.into_owned()));
        Self { id: record.id.map(Cow::into_owned), geometry: record.geometry, properties: properties.collect() }
    }

    /// The value of a property.
    pub(super) fn get(&self, name: &str) -> &Raw<'static> {
        &self.properties.iter().find(|(own, _)| own == name).unwrap_or_else(|| panic!("{name} is not in {self:?}")).1
    }
}

/// A file of the tests.
pub(super) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)
}

/// Reads one member; a reference system that is not known is a fault here.
pub(super) fn read(reader: PathReader, path: &Path, member: &Member) -> Read {
    let mut read = Read::default();
    let mut take = |item: Item<'_>| {
        match item {
            Item::Record(record) => read.records.push(Found::new(record)),
            Item::Fault(spot, rule) => read.faults.push(format!("{spot}: {rule}")),
            Item::Note(note) => read.notes.push(note),
            Item::Title { .. } => {}
            Item::Frame { .. } => panic!("a format that is read by its path decodes its records itself"),
        }
        ControlFlow::Continue(())
    };
    let sink: &mut Sink<'_> = &mut take;
    if let Err(stop) = reader(path, member, sink) {
        read.faults.push(format!("{stop:?}"));
    }
    read
}

/// Puts bytes into a file of their own for as long as `then` runs.
pub(super) fn with_file<T>(bytes: &[u8], then: impl FnOnce(&Path) -> T) -> T {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("harmattan-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let path = env::temp_dir().join(name);
    fs::write(&path, bytes).unwrap();
    let result = then(&path);
    fs::remove_file(&path).unwrap();
    result
}

/// Reads every member of bytes that may be anything; how many records came of it.
pub(super) fn survives(members: Members, reader: PathReader, bytes: &[u8]) -> usize {
    with_file(bytes, |path| {
        let found = members(path).unwrap_or_default();
        found.iter().map(|member| read(reader, path, member).records.len()).sum()
    })
}
