//! The bytes of a Parquet file, given to the library only as far as they can be what they claim.

use std::{
    fs::File,
    io::{BufReader, Cursor, Read, Seek, SeekFrom},
    path::Path,
};

use bytes::Bytes;
use parquet::{
    errors::ParquetError,
    file::{
        metadata::ParquetMetaData,
        reader::{ChunkReader, Length},
    },
};

use super::super::fault::Rule;

/// Longest page, unpacked, in bytes: what is held of a column at the most. Writers make pages of one MiB, or of one long value.
const MOST_PAGE: u64 = if cfg!(test) { 4 << 20 } else { 256 << 20 };
/// Bytes in which the size of a page stands.
const PAGE_HEAD: u64 = 16;
/// The first and the last bytes.
const MAGIC: &[u8; 4] = b"PAR1";

/// A file that does not give more than it has.
pub(super) struct Checked {
    file: File,
    size: u64,
}

impl Checked {
    pub(super) fn open(path: &Path) -> Result<Self, Rule> {
        let damaged = |error: std::io::Error| Rule::Damaged(error.to_string());
        let mut file = File::open(path).map_err(damaged)?;
        let size = file.metadata().map_err(damaged)?.len();
        let mut start = Vec::new();
        file.by_ref().take(MAGIC.len() as u64).read_to_end(&mut start).map_err(damaged)?;
        if start.is_empty() {
            return Err(Rule::Empty);
        }
        if start != MAGIC {
            let found = format!("\"{}\"", start.escape_ascii());
            return Err(Rule::Expected { expected: "\"PAR1\", with which Parquet begins", found });
        }
        Ok(Self { file, size })
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    fn at(&self, start: u64) -> Result<File, ParquetError> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(start))?;
        Ok(file)
    }
}

impl Length for Checked {
    fn len(&self) -> u64 {
        self.size
    }
}

impl ChunkReader for Checked {
    type T = std::io::Chain<Cursor<Vec<u8>>, BufReader<File>>;

    /// The bytes from `start` on, at which a page begins: its header says first of all how long it is unpacked.
    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        let mut file = self.at(start)?;
        let mut head = Vec::new();
        file.by_ref().take(PAGE_HEAD).read_to_end(&mut head)?;
        if unpacked(&head).is_some_and(|size| size > MOST_PAGE) {
            return Err(ParquetError::General(format!("a page is longer than {} MiB", MOST_PAGE >> 20)));
        }
        Ok(Cursor::new(head).chain(BufReader::new(file)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let is_there = start.checked_add(length as u64).is_some_and(|end| end <= self.size);
        if !is_there {
            return Err(ParquetError::EOF(format!("{length} bytes at byte {start}, where the file has {}", self.size)));
        }
        let mut bytes = Vec::with_capacity(length);
        self.at(start)?.take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("the file became shorter while it was read".to_owned()));
        }
        Ok(bytes.into())
    }
}

/// The size of a page unpacked, from the first bytes of its header: the second of its fields, each a number of 32 bits, in Thrift's
/// compact protocol.
fn unpacked(head: &[u8]) -> Option<u64> {
    /// The field after the one before, a number of 32 bits.
    const NEXT_I32: u8 = 0x15;
    let mut bytes = head.iter().copied();
    let mut size = 0;
    for _ in 0..2 {
        if bytes.next()? != NEXT_I32 {
            return None;
        }
        let mut zigzag = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = bytes.next()?;
            zigzag |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        size = zigzag >> 1;
    }
    Some(size)
}

/// Checks that the columns lie within the file, and that no row group claims more rows than its columns have values.
pub(super) fn check(metadata: &ParquetMetaData, size: u64) -> Result<(), Rule> {
    for (index, group) in metadata.row_groups().iter().enumerate() {
        let rows = group.num_rows();
        for column in group.columns() {
            let (start, length) = (column.data_page_offset(), column.compressed_size());
            let first = column.dictionary_page_offset().map_or(start, |dictionary| dictionary.min(start));
            let is_there = first >= 0 && length >= 0 && first.checked_add(length).is_some_and(|end| end.unsigned_abs() <= size);
            if !is_there {
                return Err(Rule::Damaged(format!("row group {} has a column that lies beyond the end of the file", index + 1)));
            }
            if rows < 0 || column.num_values() < rows {
                return Err(Rule::Damaged(format!("row group {} claims {rows} rows where a column has fewer values", index + 1)));
            }
        }
        if group.columns().is_empty() && rows > 0 {
            return Err(Rule::Damaged(format!("row group {} has rows but no columns", index + 1)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{super::super::by_path::with_file, *};

    #[test]
    fn no_more_is_given_than_there_is_and_no_page_is_longer_than_allowed() {
        with_file(&[b"PAR1", &[0x15, 0x00, 0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0x15, 0x10][..]].concat(), |path| {
            let file = Checked::open(path).unwrap();
            let told = file.get_read(4).map(|_| ()).unwrap_err().to_string();
            assert!(told.ends_with("a page is longer than 4 MiB"), "{told}");
            assert!(file.get_read(0).is_ok());
            let told = file.get_bytes(4, usize::MAX).unwrap_err().to_string();
            assert!(told.contains("where the file has 14"), "{told}");
        });
    }

    #[test]
    fn the_size_of_a_page_is_the_second_number_of_its_header() {
        assert_eq!(unpacked(&[0x15, 0x00, 0x15, 0x80, 0x01, 0x15, 0x10]), Some(64));
        assert_eq!(unpacked(&[0x15, 0x04, 0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f]), Some(i32::MAX as u64));
        assert_eq!(unpacked(&[0x15, 0x04]), None);
        assert_eq!(unpacked(b"PAR1"), None);
    }
}
