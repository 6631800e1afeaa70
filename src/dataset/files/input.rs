//! A file's bytes: hashed as they are read, unpacked where they are compressed.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use tempfile::NamedTempFile;

use super::{
    advice::advice,
    fault::{FileError, Rule},
    record::Stop,
};

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

    /// The bytes, unpacked where they are packed: many a file is unpacked on its way and keeps its name, or the other way round.
    pub(super) fn stream(&mut self) -> Box<dyn BufRead + '_> {
        let mut plain = BufReader::with_capacity(CHUNK, self);
        // What cannot be read is told by whoever reads on.
        let is_gzip = plain.fill_buf().is_ok_and(|start| start.starts_with(b"\x1f\x8b"));
        if is_gzip { Box::new(BufReader::with_capacity(CHUNK, flate2::bufread::MultiGzDecoder::new(plain))) } else { Box::new(plain) }
    }

    /// Unpacks the bytes into a temporary file, for formats that are read here and there.
    ///
    /// # Errors
    /// Where the bytes are damaged ([`is_damage`]), and what the disk says.
    pub(super) fn unpack(&mut self) -> io::Result<Option<NamedTempFile>> {
        let mut file = NamedTempFile::new()?;
        io::copy(&mut self.stream(), &mut file)?;
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

/// Begins a text: skips the byte order mark of UTF-8, which JSON forbids and tables from Windows have. Says where it is none that can
/// be read, but something else under its name.
pub(super) fn begin(stream: &mut dyn BufRead) -> Result<Option<Rule>, Stop> {
    let start = stream.fill_buf()?;
    if start.starts_with(b"\xef\xbb\xbf") {
        stream.consume(3);
        return Ok(None);
    }
    Ok(foreign(start).map(Rule::Foreign))
}

/// What a text is that begins so, where it is one that people save under a wrong name.
fn foreign(start: &[u8]) -> Option<&'static str> {
    let begins = |word: &str| start.trim_ascii_start().get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word.as_bytes()));
    match start {
        // The marks of UTF-32 begin as those of UTF-16 do, or with zeros; plain letters have zeros beside them in either.
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 0, 0xfe, 0xff, ..] | [b' '..=b'~', 0, ..] | [0, b' '..=b'~', ..] => {
            Some("is UTF-16, or another encoding of several bytes: save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8")
        }
        [b'P', b'K', 3, 4, ..] => Some("is a ZIP archive or a workbook under another name: unpack it, or save the sheet as CSV in UTF-8"),
        _ if begins("<!doctype html") || begins("<html") => {
            Some("is a web page (HTML), as of a download that failed: look at it in a browser")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_wrong_name_is_told_what_it_is() {
        for (start, said) in [
            (&b"\xff\xfei\0d\0"[..], Some("UTF-16")),
            (b"\xfe\xff\0i\0d", Some("UTF-16")),
            (b"i\0d\0,\0", Some("UTF-16")),
            (b"\0{\0\"", Some("UTF-16")),
            (b"\0\0\xfe\xff\0\0\0i", Some("UTF-16")),
            (b"PK\x03\x04\x14", Some("workbook")),
            (b"\n <!DOCTYPE html>", Some("web page")),
            (b"<HTML lang=en>", Some("web page")),
            (b"id,lon,lat", None),
            (b"{", None),
            (b"fgb\x03fgb\0", None),
            (b"<htm", None),
            (b"\x1e{", None),
            (b"", None),
        ] {
            let found = foreign(start);
            assert_eq!(found.is_some(), said.is_some(), "{start:?} {found:?}");
            assert!(found.unwrap_or_default().contains(said.unwrap_or_default()), "{start:?} {found:?}");
        }
    }
}
