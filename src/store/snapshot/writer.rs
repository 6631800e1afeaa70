//! Writing a snapshot: sections in order, then the table, then the name.

use std::{
    fs::File,
    io::{self, BufWriter, Seek, SeekFrom, Write},
    path::Path,
};

use super::header::{ALIGN, Entry, Header, SIZE};
use crate::store::Beside;

/// Bytes held before they are written.
const BUFFER: usize = 1 << 20;

/// A snapshot that is being written, beside its name; gone without a trace unless it is published.
pub(in crate::store) struct Writer {
    file: BufWriter<Beside>,
    offset: u64,
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
        let mut file = BufWriter::with_capacity(BUFFER, Beside::create(path)?);
        file.write_all(&[0; SIZE])?;
        Ok(Self { file, offset: SIZE as u64, entries: Vec::new(), open: None })
    }

    /// Begins a section.
    pub(in crate::store) fn begin(&mut self, name: String) -> io::Result<()> {
        debug_assert!(self.open.is_none(), "one section at a time");
        let gap = self.offset.next_multiple_of(ALIGN) - self.offset;
        self.file.write_all(&[0; ALIGN as usize][..gap as usize])?;
        self.offset += gap;
        self.open = Some((name, self.offset, blake3::Hasher::new()));
        Ok(())
    }

    /// Ends the section at hand.
    pub(in crate::store) fn end(&mut self) -> io::Result<()> {
        if let Some((name, start, hash)) = self.open.take() {
            self.entries.push(Entry { name, start, length: self.offset - start, sum: hash.finalize().to_hex().to_string() });
        }
        Ok(())
    }

    /// A file without a name on the same disk, for what grows beside a section.
    pub(in crate::store) fn aside(&self) -> io::Result<File> {
        self.file.get_ref().aside()
    }

    /// Writes table and header, waits for the disk, and gives the file its name: from now on, and never before, it is there whole.
    ///
    /// # Errors
    /// When the disk is full or the name cannot be taken; what stood under it stays.
    pub(in crate::store) fn publish(mut self, path: &Path) -> io::Result<u64> {
        let table = serde_json::to_vec(&self.entries).map_err(io::Error::other)?;
        let gap = self.offset.next_multiple_of(ALIGN) - self.offset;
        self.file.write_all(&[0; ALIGN as usize][..gap as usize])?;
        let header = Header::of(&table, self.offset + gap);
        self.file.write_all(&table)?;
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&header.to_bytes())?;
        file.publish(path)?;
        Ok(header.start + header.length)
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        if let Some((_, _, hash)) = &mut self.open {
            hash.update(&bytes[..count]);
        }
        self.offset += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
