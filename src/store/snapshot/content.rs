//! What a snapshot holds: collections with their tables, and how the page shows them.

use std::{
    fs::File,
    io::{self, Read, Write as _},
    path::Path,
    sync::Arc,
};

use bytemuck::{Pod, Zeroable};
use bytes::Bytes;

use super::{
    error::SnapshotError,
    header::{Entry, Header, MAGIC, SIZE},
    map::{map, map_to_read_through},
    mapped::Mapped,
    writer::Writer,
};
use crate::{
    dataset::{MapConfig, Prepared},
    model::{Collection, hex},
    store::{
        Layer, Table, Version,
        memory::{About, Build, Made, Sections, Sink, Target},
    },
};

/// The section that describes the others.
const CONTENT: &str = "content";
/// Bytes of the content hash that make a data version: 128 bits never collide by chance.
const VERSION_BYTES: usize = 16;
/// Bytes whose sum is taken at once.
const CHUNK: usize = 1 << 20;

/// The description of a snapshot.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Content {
    collections: Vec<Described>,
    map: MapConfig,
}

#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Described {
    collection: Collection,
    /// One for each view.
    tables: Vec<About>,
}

/// An open snapshot.
#[derive(Debug)]
pub struct Snapshot {
    /// Hash of the content.
    pub version: Version,
    /// The collections, in the order in which they are listed.
    pub layers: Vec<Layer>,
    /// How the page shows them.
    pub map: MapConfig,
    /// What the bytes must add up to.
    pub sums: Sums,
    /// The file, where it is mapped.
    pub mapped: Option<Mapped>,
}

/// The bytes of a snapshot and the sums that they had when it was written.
#[derive(Debug, Clone)]
pub struct Sums {
    bytes: Bytes,
    /// The file that they are mapped from.
    file: Option<Arc<File>>,
    entries: Arc<[Entry]>,
}

impl Snapshot {
    /// Whether a file calls itself a snapshot, by its ending or by its first bytes.
    pub fn is_at(path: &Path) -> bool {
        let is_called = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("harmattan"));
        let mut first = [0; MAGIC.len()];
        is_called || File::open(path).and_then(|mut file| file.read_exact(&mut first)).is_ok() && first == MAGIC
    }

    /// Opens a snapshot: mapped, or read into memory where `mapped` is false.
    ///
    /// Cost: O(1) of what it holds where it is mapped; the sums of the sections are not taken ([`Sums::verify`]).
    ///
    /// # Errors
    /// When the file is no snapshot, is of another version or machine, is cut short, or its parts contradict each other.
    pub fn open(path: &Path, mapped: bool) -> Result<Self, SnapshotError> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut head = Vec::with_capacity(SIZE);
        Read::by_ref(&mut file).take(SIZE as u64).read_to_end(&mut head)?;
        let header = Header::read(&head, size)?;
        let bytes = if mapped { map(&file)? } else { read(&mut file, &head, size)? };
        // The file may have been shortened since its size was asked for.
        let short = || SnapshotError::Short { size: bytes.len() as u64, expected: size };
        let table = bytes.get(header.start as usize..(header.start + header.length) as usize).ok_or_else(short)?;
        let entries = header.entries(table)?;
        let mut sections = Sections::default();
        for Entry { name, start, length, .. } in &entries {
            sections.insert(name.clone(), bytes.slice(*start as usize..(start + length) as usize));
        }
        let file = mapped.then(|| Arc::new(file));
        let mapped = file.clone().map(|file| Mapped::new(file, bytes.clone()));
        let sums = Sums { bytes, file, entries: entries.into() };
        sums.verify_one(CONTENT)?;
        let content = sections.part("").text(CONTENT)?;
        let Content { collections, map } =
            serde_json::from_slice(&content).map_err(|error| SnapshotError::Damaged(format!("its description: {error}")))?;
        let layers = collections.into_iter().enumerate().map(|(number, Described { collection, tables })| {
            let table = |(view, about): (usize, &About)| {
                Table::open(collection.schema.clone(), *about, &sections.part(&prefix(number, view))).map(Arc::new)
            };
            let opened = tables.iter().enumerate().map(table).collect::<Result<Vec<_>, _>>()?;
            let views = collection.views.as_ref().map_or(1, |views| views.names.len());
            if opened.is_empty() || opened.len() != views {
                return Err(SnapshotError::Damaged(format!(
                    "collection {:?} has {} tables for {views} views",
                    collection.id,
                    opened.len()
                )));
            }
            Ok(Layer { collection, tables: opened.into() })
        });
        Ok(Self { version: Version(hex(&header.sum[..VERSION_BYTES])), layers: layers.collect::<Result<_, _>>()?, map, sums, mapped })
    }

    /// Builds tables and writes them as a snapshot, which stands under `path` from its last step on; how many bytes it has.
    ///
    /// # Errors
    /// When the disk does not take it; what stood under `path` stays.
    pub fn write(
        path: &Path,
        layers: Vec<Prepared>,
        map: &MapConfig,
        how: Build,
        progress: &mut dyn FnMut(&Collection, Made),
    ) -> io::Result<u64> {
        let mut writer = Writer::create(path)?;
        let mut collections = Vec::new();
        for (number, Prepared { collection, views, arena }) in layers.into_iter().enumerate() {
            let mut tables = Vec::new();
            for (view, batch) in views.into_iter().enumerate() {
                let mut sink = Sink::new(Target::File(&mut writer), prefix(number, view));
                let mut tell = |made| progress(&collection, made);
                tables.push(Table::write(&collection.schema, batch, arena, how, &mut sink, &mut tell)?);
            }
            collections.push(Described { collection, tables });
        }
        let content = serde_json::to_vec(&Content { collections, map: map.clone() }).map_err(io::Error::other)?;
        writer.begin(format!("/{CONTENT}"))?;
        writer.write_all(&content)?;
        writer.end()?;
        writer.publish()
    }
}

impl Sums {
    /// Takes the sum of every section; `progress` is told how many bytes are done, and of how many.
    ///
    /// # Errors
    /// The first section whose bytes are not those that were written.
    pub fn verify(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), SnapshotError> {
        let all = self.entries.iter().map(|entry| entry.length).sum();
        let mut done = 0;
        // What is verified is what is served: the same pages of the system. A file that is shorter by now is read as it was mapped.
        let through = self.file.as_ref().and_then(|file| map_to_read_through(file).ok()).filter(|bytes| bytes.len() == self.bytes.len());
        let bytes = through.as_ref().unwrap_or(&self.bytes);
        for entry in &*self.entries {
            entry.verify(bytes, &mut |bytes| {
                done += bytes;
                progress(done, all);
            })?;
        }
        Ok(())
    }

    fn verify_one(&self, name: &str) -> Result<(), SnapshotError> {
        let name = format!("/{name}");
        self.entries.iter().filter(|entry| entry.name == name).try_for_each(|entry| entry.verify(&self.bytes, &mut |_| {}))
    }
}

impl Entry {
    /// Takes the sum of the section in the `bytes` of the whole file.
    fn verify(&self, bytes: &[u8], progress: &mut dyn FnMut(u64)) -> Result<(), SnapshotError> {
        let mut hash = blake3::Hasher::new();
        for chunk in bytes[self.start as usize..(self.start + self.length) as usize].chunks(CHUNK) {
            hash.update(chunk);
            progress(chunk.len() as u64);
        }
        if hash.finalize().to_hex().as_str() == self.sum { Ok(()) } else { Err(SnapshotError::Sum(self.name.clone())) }
    }
}

/// What the names of a table's sections begin with.
fn prefix(layer: usize, view: usize) -> String {
    format!("{layer}/{view}")
}

/// Memory that is aligned as every section needs it.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, align(64))]
struct Line([u8; 64]);

/// A whole file as memory of this process.
struct Read64(Vec<Line>);

impl AsRef<[u8]> for Read64 {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

/// Reads the rest of a file of `size` bytes whose first ones are `head`.
fn read(file: &mut File, head: &[u8], size: u64) -> io::Result<Bytes> {
    let size = usize::try_from(size).map_err(|_| io::Error::other("it is larger than this machine can address"))?;
    let mut lines = vec![Line([0; 64]); size.div_ceil(64)];
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut lines);
    let (first, rest) = bytes[..size].split_at_mut(head.len());
    first.copy_from_slice(head);
    file.read_exact(rest)?;
    Ok(Bytes::from_owner(Read64(lines)).slice(..size))
}
