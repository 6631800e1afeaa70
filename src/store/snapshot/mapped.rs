//! A mapped file together with its descriptor: the system can send its bytes without a copy.

use std::{fs::File, sync::Arc};

use bytes::Bytes;

/// A file and its bytes in memory.
#[derive(Debug)]
pub struct Mapped {
    file: Arc<File>,
    bytes: Bytes,
}

impl Mapped {
    /// `bytes` are those of the whole `file`, mapped.
    pub(super) fn new(file: Arc<File>, bytes: Bytes) -> Self {
        Self { file, bytes }
    }

    /// The file, open for reading.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Where in the file these bytes stand; `None` where they are other memory, though it hold the same.
    pub fn position_of(&self, bytes: &[u8]) -> Option<u64> {
        let start = bytes.as_ptr().addr().checked_sub(self.bytes.as_ptr().addr())?;
        (start + bytes.len() <= self.bytes.len()).then_some(start as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_bytes_have_a_position() {
        let bytes = Bytes::from(vec![7; 100]);
        let mapped = Mapped::new(tempfile::tempfile().unwrap().into(), bytes.clone());
        assert_eq!(mapped.position_of(&bytes), Some(0));
        assert_eq!(mapped.position_of(&bytes[40..100]), Some(40));
        assert_eq!(mapped.position_of(&[7; 10]), None);
    }
}
