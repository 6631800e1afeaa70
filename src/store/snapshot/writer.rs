//! Writing a snapshot: sections in order, then the table, then the name.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
    path::Path,
};

use super::header::{ALIGN, Entry, Header, SIZE};
use crate::beside::Beside;

/// Bytes held before they are hashed and written: many at once are hashed side by side.
const BUFFER: usize = 1 << 20;

/// Bytes that the disk is given at once.
const SETTLE: u64 = 32 << 20;

/// A snapshot that is being written, beside its name; gone without a trace unless it is published.
pub(in crate::store) struct Writer {
    file: Beside,
    /// What is not written yet.
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
            held: Vec::with_capacity(BUFFER),
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
        if self.held.len() + bytes.len() > BUFFER {
            self.flush()?;
        }
        if bytes.len() > BUFFER {
            if let Some((_, _, hash)) = &mut self.open {
                hash.update(bytes);
            }
            self.file.write_all(bytes)?;
        } else {
            self.held.extend_from_slice(bytes);
        }
        self.offset += bytes.len() as u64;
        let written = self.offset - self.held.len() as u64;
        if written - self.settled >= SETTLE {
            self.file.settle(self.settled, written - self.settled);
            self.settled = written;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hash();
        self.file.write_all(&self.held)?;
        self.held.clear();
        self.hashed = 0;
        self.file.flush()
    }
}
