//! Files in a folder of their own, and what is read of them.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use harmattan::{
    dataset::{
        Dataset, MapConfig,
        files::{self, FileError, Options, Report},
    },
    gazetteer::{Atlas, Gazetteer},
    model::Feature,
};

/// A folder that goes with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("files-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Where it is.
    pub(crate) fn here(&self) -> PathBuf {
        self.0.clone()
    }

    /// Writes a file; its path.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn load(paths: &[PathBuf], strict: bool) -> Result<(Dataset, Report), FileError> {
    files::load(paths, Options { strict, ..Options::default() }, Dataset::embedded().unwrap(), &mut |_| {})
}

/// Why files cannot be read.
pub(crate) fn refused(paths: &[PathBuf]) -> FileError {
    // A data set is too much to be shown where a test fails.
    load(paths, false).map(|_| ()).unwrap_err()
}

/// What files are read beside: no collection, and a gazetteer without a place, which is read in no time.
fn bare() -> Dataset {
    let header = |text: &str| text.lines().find(|line| !line.starts_with('#')).unwrap_or_default().to_owned() + "\n";
    let places = header(include_str!("../../data/gazetteer/places.tsv"));
    let hand = header(include_str!("../../data/gazetteer/hand.tsv"));
    Dataset {
        version: String::new(),
        layers: Vec::new(),
        map: MapConfig::default(),
        gazetteer: Gazetteer::from_tsv(&places, &hand).unwrap(),
        atlas: Atlas::world(),
    }
}

/// The features of one file that is wholly good, and the names of its properties.
pub(crate) fn features(name: &str, bytes: impl AsRef<[u8]>) -> (Vec<String>, Vec<Feature>) {
    let folder = Folder::new();
    let paths = [folder.file(name, bytes)];
    let (mut data, report) = files::load(&paths, Options { strict: true, threads: 2, ..Options::default() }, bare(), &mut |_| {}).unwrap();
    assert_eq!(report.bad(), 0, "{report}");
    let layer = data.layers.swap_remove(0);
    let names = layer.collection.schema.properties.into_iter().map(|property| property.name);
    (names.collect(), layer.views[0].features().collect())
}
