//! The first bytes of a snapshot and its table of sections.

use super::error::SnapshotError;

/// How every snapshot begins.
pub(super) const MAGIC: [u8; 8] = *b"HARMATTA";
/// The form written and read here; it changes with every change of the sections' layout.
const VERSION: u32 = 3;
/// Reads as another number where bytes have another order.
const ENDIAN: u32 = 0x0102_0304;
/// Bytes of the header.
pub(super) const SIZE: usize = 64;
/// Sections start at multiples of this: a line of the cache, and more than any type needs.
pub(super) const ALIGN: u64 = 64;
/// Longest table, in bytes.
const MOST_TABLE: u64 = 64 << 20;

/// One section.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Entry {
    pub(super) name: String,
    /// First byte in the file.
    pub(super) start: u64,
    /// How many bytes.
    pub(super) length: u64,
    /// BLAKE3 of them, in hexadecimal.
    pub(super) sum: String,
}

/// Where the table of sections is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) start: u64,
    pub(super) length: u64,
    pub(super) sum: [u8; 32],
}

impl Header {
    /// The header of a table that starts at a byte of the file.
    pub(super) fn of(table: &[u8], start: u64) -> Self {
        Self { start, length: table.len() as u64, sum: blake3::hash(table).into() }
    }

    pub(super) fn to_bytes(&self) -> [u8; SIZE] {
        let mut bytes = [0; SIZE];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&ENDIAN.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.start.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.length.to_le_bytes());
        bytes[32..].copy_from_slice(&self.sum);
        bytes
    }

    /// Reads a header of a file of `size` bytes.
    ///
    /// # Errors
    /// When the file is no snapshot, one of another version or machine, or cut short.
    pub(super) fn read(bytes: &[u8], size: u64) -> Result<Self, SnapshotError> {
        let known = bytes.len().min(MAGIC.len());
        if known == 0 || bytes[..known] != MAGIC[..known] {
            return Err(SnapshotError::Foreign);
        }
        let bytes: &[u8; SIZE] = bytes.first_chunk().ok_or(SnapshotError::Short { size, expected: SIZE as u64 })?;
        let four = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let eight = |at: usize| u64::from(four(at)) | u64::from(four(at + 4)) << 32;
        // Both sides of the mark: the file's and this machine's.
        if four(12) != ENDIAN || cfg!(target_endian = "big") {
            return Err(SnapshotError::Endian);
        }
        if four(8) != VERSION {
            return Err(SnapshotError::Version { found: four(8), known: VERSION });
        }
        let (start, length) = (eight(16), eight(24));
        let end = start.checked_add(length).filter(|_| start >= SIZE as u64 && length <= MOST_TABLE);
        let end = end.ok_or_else(|| SnapshotError::Damaged(format!("its header names a table of {length} bytes at byte {start}")))?;
        if end != size {
            return Err(SnapshotError::Short { size, expected: end });
        }
        let mut sum = [0; 32];
        sum.copy_from_slice(&bytes[32..]);
        Ok(Self { start, length, sum })
    }

    /// Reads the table, which the header's sum must fit; sections lie before it, aligned, and do not reach into it.
    pub(super) fn entries(&self, table: &[u8]) -> Result<Vec<Entry>, SnapshotError> {
        if *blake3::hash(table).as_bytes() != self.sum {
            return Err(SnapshotError::Damaged("its table of sections has another sum than its header says".to_owned()));
        }
        let entries: Vec<Entry> =
            serde_json::from_slice(table).map_err(|error| SnapshotError::Damaged(format!("its table of sections: {error}")))?;
        let lies_within = |entry: &&Entry| {
            let end = entry.start.checked_add(entry.length);
            entry.start >= SIZE as u64 && entry.start.is_multiple_of(ALIGN) && end.is_some_and(|end| end <= self.start)
        };
        match entries.iter().find(|entry| !lies_within(entry)) {
            None => Ok(entries),
            Some(Entry { name, start, length, .. }) => {
                Err(SnapshotError::Damaged(format!("section {name} of {length} bytes at byte {start} does not lie within the file")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_reads_back_and_says_what_is_wrong() {
        let header = Header::of(b"[]", 128);
        let bytes = header.to_bytes();
        assert_eq!(Header::read(&bytes, 130), Ok(header.clone()));
        assert_eq!(header.entries(b"[]"), Ok(Vec::new()));
        let changed = |at: usize, to: u8| {
            let mut bytes = bytes;
            bytes[at] = to;
            Header::read(&bytes, 130).unwrap_err().to_string()
        };
        assert_eq!(changed(0, b'P'), "is no snapshot of harmattan");
        assert_eq!(changed(8, 9), format!("is a snapshot of form 9; this program reads form {VERSION}: build it anew"));
        assert_eq!(changed(15, 9), "was made on a machine of another byte order: build it anew on this one");
        assert_eq!(changed(24, 9), "is cut short or has something behind it: 130 bytes where there should be 137");
        assert_eq!(
            Header::read(&bytes[..20], 20).unwrap_err().to_string(),
            "is cut short or has something behind it: 20 bytes where there should be 64"
        );
        assert_eq!(Header::read(b"", 0).unwrap_err(), SnapshotError::Foreign);
        assert!(header.entries(b"[ ]").is_err());
    }
}
