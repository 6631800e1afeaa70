//! Writing a snapshot: sections in order, then the table, then the name.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
    path::Path,
};

use super::header::{ALIGN, Entry, Header, SIZE};
use crate::beside::Beside;

/// Bytes that are hashed and written at once, from a multiple of it on: the system keeps what it is given in pieces of that size. What lies
/// in large pages is mapped, copied and sent with less work: the server's CPU for a box of 10,000 is a quarter less than where the
/// file lies in pages of 4 kB, and for one run of 10,000 a third. (Blocks of 2 MiB are better by 2 to 4 % there, but to build takes
/// a third longer wherever memory is in pieces, since the system has to bring them together first.)
const BLOCK: usize = 1 << 20;

/// Bytes that the disk is given at once.
const SETTLE: u64 = 32 << 20;

/// A snapshot that is being written, beside its name; gone without a trace unless it is published.
pub(in crate::store) struct Writer {
    file: Beside,
    /// What is not written yet; begins at a multiple of [`BLOCK`].
    held: Vec<u8>,
    /// How much of that is hashed, or belongs to no section.
    hashed: usize,
    offset: u64,
    /// How much of the file the disk has been given.
    settled: u64,
    entries: Vec<Entry>,
    /// The section at hand, and the hash of what is written of it.
    open: Option<(String, u64, blake3::Hasher)>,
}

impl Writer {
    /// Begins a file that will be called `path`.
    ///
    /// # Errors
    /// When no file can be made in that folder.
    pub(in crate::store) fn create(path: &Path) -> io::Result<Self> {
        let mut writer = Self {
            file: Beside::create(path)?,
            held: Vec::with_capacity(BLOCK),
            hashed: 0,
            offset: 0,
            settled: 0,
            entries: Vec::new(),
            open: None,
        };
        writer.write_all(&[0; SIZE])?;
        Ok(writer)
    }

    /// Adds what is held of the section at hand to its hash.
    fn hash(&mut self) {
        if let Some((_, _, hash)) = &mut self.open {
            hash.update(&self.held[self.hashed..]);
        }
        self.hashed = self.held.len();
    }

    /// Writes zeros up to where a section may begin.
    fn align(&mut self) -> io::Result<()> {
        let gap = self.offset.next_multiple_of(ALIGN) - self.offset;
        self.write_all(&[0; ALIGN as usize][..gap as usize])
    }

    /// Begins a section.
    pub(in crate::store) fn begin(&mut self, name: String) -> io::Result<()> {
        debug_assert!(self.open.is_none(), "one section at a time");
        self.align()?;
        self.hash();
        self.open = Some((name, self.offset, blake3::Hasher::new()));
        Ok(())
    }

    /// Ends the section at hand.
    pub(in crate::store) fn end(&mut self) -> io::Result<()> {
        self.hash();
        if let Some((name, start, hash)) = self.open.take() {
            self.entries.push(Entry { name, start, length: self.offset - start, sum: hash.finalize().to_hex().to_string() });
        }
        Ok(())
    }

    /// A file without a name on the same disk, for what grows beside a section.
    pub(in crate::store) fn aside(&self) -> io::Result<File> {
        self.file.aside()
    }

    /// Writes table and header, waits for the disk, and gives the file its name: from now on, and never before, it is there whole.
    ///
    /// # Errors
    /// When the disk is full or the name cannot be taken; what stood under it stays.
    pub(in crate::store) fn publish(mut self) -> io::Result<u64> {
        let table = serde_json::to_vec(&self.entries).map_err(io::Error::other)?;
        self.align()?;
        let header = Header::of(&table, self.offset);
        self.write_all(&table)?;
        self.flush()?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&header.to_bytes())?;
        self.file.publish()?;
        Ok(header.start + header.length)
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut taken = bytes.len().min(BLOCK - self.held.len());
        if self.held.is_empty() && taken == BLOCK {
            taken = bytes.len() / BLOCK * BLOCK;
            if let Some((_, _, hash)) = &mut self.open {
                hash.update(&bytes[..taken]);
            }
            self.file.write_all(&bytes[..taken])?;
        } else {
            self.held.extend_from_slice(&bytes[..taken]);
            if self.held.len() == BLOCK {
                self.flush()?;
            }
        }
        self.offset += taken as u64;
        let written = self.offset - self.held.len() as u64;
        if written - self.settled >= SETTLE {
            self.file.settle(self.settled, written - self.settled);
            self.settled = written;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hash();
        self.file.write_all(&self.held)?;
        self.held.clear();
        self.hashed = 0;
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn sections_are_what_was_written_in_whatever_pieces(
            sections in prop::collection::vec(prop::collection::vec(prop_oneof![0..200_usize, BLOCK - 2..BLOCK + 3, 2 * BLOCK - 70..2 * BLOCK + 70], 0..4), 1..4)
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("written");
            let mut writer = Writer::create(&path).unwrap();
            let mut said = Vec::new();
            for (number, pieces) in sections.iter().enumerate() {
                writer.begin(number.to_string()).unwrap();
                let mut section = Vec::new();
                for (place, &length) in pieces.iter().enumerate() {
                    let piece = (0..length).map(|at| (at * 7 + place + number) as u8).collect::<Vec<_>>();
                    writer.write_all(&piece).unwrap();
                    section.extend(piece);
                }
                writer.end().unwrap();
                said.push(section);
            }
            let size = writer.publish().unwrap();
            let file = fs::read(&path).unwrap();
            prop_assert_eq!(file.len() as u64, size);
            let header = Header::read(&file[..SIZE], size).unwrap();
            let entries = header.entries(&file[header.start as usize..(header.start + header.length) as usize]).unwrap();
            prop_assert_eq!(entries.len(), said.len());
            for (entry, section) in entries.iter().zip(&said) {
                prop_assert_eq!(entry.start % ALIGN, 0);
                prop_assert!(&file[entry.start as usize..(entry.start + entry.length) as usize] == section.as_slice());
                prop_assert_eq!(&entry.sum, &blake3::hash(section).to_hex().to_string());
            }
        }
    }
}
