//! Where the tiles of an archive lie (PMTiles 3): a root directory of tiles, or of directories of tiles where they are many.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, Write},
};

use super::gzip;
use crate::formats::wire::varint;

/// Tiles of a directory below the root, at the least.
const LEAF: u64 = 4096;
/// Directories below the root, about, at the most; each takes some five bytes of it.
const LEAVES: u64 = 2500;
/// Bytes of an entry as it is kept aside.
const SIZE: usize = 24;

/// One entry: a tile, or some that follow one another and are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// The number of the first.
    pub(super) id: u64,
    /// Where it lies, counted from the first tile.
    pub(super) offset: u64,
    /// How long it is, in bytes.
    pub(super) length: u32,
    /// How many there are; 0 for a directory.
    pub(super) run: u32,
}

/// The entries of an archive under way, kept in a file so that memory does not grow with them.
#[derive(Debug)]
pub(super) struct Entries {
    file: BufWriter<File>,
    /// The last one, which may grow yet.
    last: Option<Entry>,
    /// How many there are, but for the last.
    count: u64,
}

/// The directories of an archive, finished.
#[derive(Debug)]
pub(super) struct Directories {
    pub(super) root: Vec<u8>,
    pub(super) leaves: Vec<u8>,
    /// How many entries there are in all.
    pub(super) entries: u64,
}

impl Entries {
    pub(super) fn new(file: File) -> Self {
        Self { file: BufWriter::new(file), last: None, count: 0 }
    }

    /// Adds a tile; each has a greater number than the one before.
    pub(super) fn add(&mut self, id: u64, offset: u64, length: u32) -> io::Result<()> {
        match &mut self.last {
            Some(last) if (last.offset, last.length, last.id + u64::from(last.run)) == (offset, length, id) => last.run += 1,
            _ => {
                self.settle()?;
                self.last = Some(Entry { id, offset, length, run: 1 });
            }
        }
        Ok(())
    }

    fn settle(&mut self) -> io::Result<()> {
        if let Some(Entry { id, offset, length, run }) = self.last.take() {
            self.file.write_all(&id.to_le_bytes())?;
            self.file.write_all(&offset.to_le_bytes())?;
            self.file.write_all(&length.to_le_bytes())?;
            self.file.write_all(&run.to_le_bytes())?;
            self.count += 1;
        }
        Ok(())
    }

    /// Makes the directories; the root has at most `room` bytes.
    ///
    /// # Errors
    /// When the file that holds the entries fails.
    pub(super) fn finish(mut self, room: usize) -> io::Result<Directories> {
        self.settle()?;
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        if self.count <= LEAF {
            let root = gzip(&serialize(&read(&mut file, self.count)?))?;
            if root.len() <= room {
                return Ok(Directories { root, leaves: Vec::new(), entries: self.count });
            }
        }
        let mut size = LEAF.max(self.count.div_ceil(LEAVES));
        loop {
            let (root, leaves) = split(&mut file, self.count, size)?;
            if root.len() <= room {
                return Ok(Directories { root, leaves, entries: self.count });
            }
            size *= 2;
        }
    }
}

/// A root of directories of `size` tiles each, and these.
fn split(file: &mut File, count: u64, size: u64) -> io::Result<(Vec<u8>, Vec<u8>)> {
    file.rewind()?;
    let mut reader = BufReader::new(file);
    let (mut root, mut leaves, mut left) = (Vec::new(), Vec::new(), count);
    while left > 0 {
        let entries = next(&mut reader, left.min(size))?;
        left -= entries.len() as u64;
        let leaf = gzip(&serialize(&entries))?;
        let length = u32::try_from(leaf.len()).map_err(io::Error::other)?;
        root.push(Entry { id: entries[0].id, offset: leaves.len() as u64, length, run: 0 });
        leaves.extend_from_slice(&leaf);
    }
    Ok((gzip(&serialize(&root))?, leaves))
}

fn read(file: &mut File, count: u64) -> io::Result<Vec<Entry>> {
    file.rewind()?;
    next(&mut BufReader::new(file), count)
}

fn next(reader: &mut impl Read, count: u64) -> io::Result<Vec<Entry>> {
    let mut bytes = [0; SIZE];
    let entry = |_| {
        reader.read_exact(&mut bytes)?;
        let long = |at: usize| u64::from_le_bytes(*bytes[at..].first_chunk().expect("an entry has 24 bytes"));
        let lengths = long(16);
        Ok(Entry { id: long(0), offset: long(8), length: lengths as u32, run: (lengths >> 32) as u32 })
    };
    (0..count).map(entry).collect()
}

/// Column by column, each number as short as it can be.
fn serialize(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::with_capacity(entries.len() * 4);
    varint(&mut out, entries.len() as u64);
    let mut last = 0;
    for entry in entries {
        varint(&mut out, entry.id - last);
        last = entry.id;
    }
    entries.iter().for_each(|entry| varint(&mut out, entry.run.into()));
    entries.iter().for_each(|entry| varint(&mut out, entry.length.into()));
    let mut follows = None;
    for entry in entries {
        // 0 where it lies behind the one before.
        varint(&mut out, if follows == Some(entry.offset) { 0 } else { entry.offset + 1 });
        follows = Some(entry.offset + u64::from(entry.length));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_in_few_bytes() {
        let mut entries = Entries::new(tempfile::tempfile().unwrap());
        for (id, offset, length) in [(5, 0, 10), (6, 0, 10), (7, 10, 3), (42, 0, 10)] {
            entries.add(id, offset, length).unwrap();
        }
        let mut file = {
            entries.settle().unwrap();
            entries.file.into_inner().unwrap()
        };
        let entry = |id, offset, length, run| Entry { id, offset, length, run };
        let all = read(&mut file, 3).unwrap();
        assert_eq!(all, [entry(5, 0, 10, 2), entry(7, 10, 3, 1), entry(42, 0, 10, 1)]);
        assert_eq!(serialize(&all), [3, 5, 2, 35, 2, 1, 1, 10, 3, 10, 1, 0, 1]);
    }

    #[test]
    fn many_tiles_have_directories_of_their_own() {
        let mut entries = Entries::new(tempfile::tempfile().unwrap());
        for id in 0..10_000_u64 {
            // Lengths without a pattern, so that they do not compress.
            let length = (id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u32;
            entries.add(2 * id, id << 24, length).unwrap();
        }
        let directories = entries.finish(200).unwrap();
        assert!(directories.root.len() <= 200 && directories.leaves.len() > 20_000);
        assert_eq!(directories.entries, 10_000);
    }
}
