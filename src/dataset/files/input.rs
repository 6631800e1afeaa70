//! A file's bytes: hashed as they are read, unpacked where they are compressed.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use tempfile::NamedTempFile;

use super::{advice::advice, fault::FileError, record::Stop};

/// Bytes read at once.
const CHUNK: usize = 256 << 10;

/// How far a file is read.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// The file, as it was named.
    pub file: &'a str,
    /// Bytes read of it.
    pub read: u64,
    /// Bytes that it has; 0 where that is not known.
    pub size: u64,
}

/// An open file.
pub(super) struct Source<'a> {
    file: File,
    name: &'a str,
    hash: blake3::Hasher,
    read: u64,
    size: u64,
    progress: &'a mut dyn FnMut(Progress<'_>),
}

impl<'a> Source<'a> {
    pub(super) fn open(path: &Path, name: &'a str, progress: &'a mut dyn FnMut(Progress<'_>)) -> Result<Self, FileError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => FileError::Missing(name.to_owned(), advice_where_missing(path)),
            _ => FileError::Open { file: name.to_owned(), error },
        };
        let file = File::open(path).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        if about.is_dir() {
            return Err(FileError::Directory(name.to_owned()));
        }
        Ok(Self { file, name, hash: blake3::Hasher::new(), read: 0, size: about.len(), progress })
    }

    /// The bytes, unpacked.
    pub(super) fn stream(&mut self, is_gzip: bool) -> Box<dyn BufRead + '_> {
        let plain = BufReader::with_capacity(CHUNK, self);
        if is_gzip { Box::new(BufReader::with_capacity(CHUNK, flate2::bufread::MultiGzDecoder::new(plain))) } else { Box::new(plain) }
    }

    /// Unpacks the bytes into a temporary file, for formats that are read here and there.
    ///
    /// # Errors
    /// Where the bytes are damaged ([`is_damage`]), and what the disk says.
    pub(super) fn unpack(&mut self) -> io::Result<Option<NamedTempFile>> {
        let mut file = NamedTempFile::new()?;
        io::copy(&mut self.stream(true), &mut file)?;
        Ok(Some(file))
    }

    /// Reads what is left, and gives the hash of the whole.
    pub(super) fn finish(mut self) -> Result<[u8; 32], FileError> {
        let mut rest = vec![0; CHUNK];
        loop {
            match self.read(&mut rest) {
                Ok(0) => return Ok(self.hash.finalize().into()),
                Ok(_) => {}
                Err(error) => return Err(FileError::Read { file: self.name.to_owned(), error }),
            }
        }
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = loop {
            match self.file.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.hash.update(&buffer[..count]);
        self.read += count as u64;
        (self.progress)(Progress { file: self.name, read: self.read, size: self.size });
        Ok(count)
    }
}

/// What to say of a path at which there is no file.
fn advice_where_missing(path: &Path) -> String {
    if path.to_str().is_some_and(|path| path.contains("://")) { advice(path) } else { String::new() }
}

/// Whether the bytes are at fault, not the reading of them.
pub(super) fn is_damage(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
}

/// Skips the byte order mark of UTF-8, which JSON forbids and tables from Windows have.
pub(super) fn skip_mark(stream: &mut dyn BufRead) -> Result<(), Stop> {
    if stream.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        stream.consume(3);
    }
    Ok(())
}
