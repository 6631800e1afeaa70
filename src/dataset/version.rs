//! What a data set is made of, as one short text.

use sha2::{Digest, Sha256};

use super::File;
use crate::model::hex;

/// How many bytes of the hash make a version: 128 bits never collide by chance.
const VERSION_BYTES: usize = 16;

/// SHA-256 of bytes, in lower-case hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The version of a data set: the beginning of the SHA-256 over the names and texts of its files, each with its length, in
/// the order of names.
pub(super) fn of(files: &[File<'_>]) -> String {
    let mut files = files.to_vec();
    files.sort_by_key(|file| file.name);
    of_parts(files.iter().flat_map(|file| [file.name.as_bytes(), file.text.as_bytes()]))
}

/// The version of what is made of these parts, in their order: the beginning of the SHA-256 over them, each with its length.
pub(super) fn of_parts<'a>(parts: impl Iterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex(&hash.finalize()[..VERSION_BYTES])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_depends_on_names_and_texts_and_not_on_order() {
        let file = |name, text| File { name, text };
        let (a, b) = (file("a", "x"), file("b", "y"));
        assert_eq!(of(&[a, b]), of(&[b, a]));
        assert_ne!(of(&[a, b]), of(&[file("a", "y"), file("b", "x")]));
        assert_ne!(of(&[file("a", "bx")]), of(&[file("ab", "x")]));
        assert_eq!(of(&[]).len(), 32);
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
