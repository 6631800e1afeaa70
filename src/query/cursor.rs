//! `cursor`: where the next page starts, for a download that runs on through a reload of the data.
//!
//! It holds the data version, the hash of the query and the last key. On the same version it is a jump to a position; on another it
//! goes on after the key; with another query it is an error. It is opaque to clients, unsigned, and read as input: nothing in it is
//! trusted beyond its bounds.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// A feature's place in the order of its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its rank along the curve.
    pub rank: u64,
    /// Its id, which orders equal ranks.
    pub id: String,
}

/// The content of the parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Data version for which `position` holds.
    pub version: String,
    /// Hash of the query, without page size and start.
    pub query: u64,
    /// First position of the next page.
    pub position: u32,
    /// Key of the last feature that was sent.
    pub key: Key,
}

/// First byte of every token: the form of what follows.
const FORM: u8 = 1;

impl Cursor {
    /// The token, made of unreserved characters.
    pub fn to_token(&self) -> String {
        let version = self.version.as_bytes();
        let mut bytes = vec![FORM, u8::try_from(version.len()).expect("a data version is a hash of fewer than 256 characters")];
        bytes.extend_from_slice(version);
        bytes.extend_from_slice(&self.query.to_be_bytes());
        bytes.extend_from_slice(&self.position.to_be_bytes());
        bytes.extend_from_slice(&self.key.rank.to_be_bytes());
        bytes.extend_from_slice(self.key.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a token; `None` where it is not one.
    pub fn from_token(token: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let rest = bytes.strip_prefix(&[FORM])?;
        let (length, rest) = rest.split_first()?;
        let (version, rest) = rest.split_at_checked(usize::from(*length))?;
        let (query, rest) = rest.split_first_chunk()?;
        let (position, rest) = rest.split_first_chunk()?;
        let (rank, id) = rest.split_first_chunk()?;
        Some(Self {
            version: String::from_utf8(version.to_vec()).ok()?,
            query: u64::from_be_bytes(*query),
            position: u32::from_be_bytes(*position),
            key: Key { rank: u64::from_be_bytes(*rank), id: String::from_utf8(id.to_vec()).ok()? },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_token_reads_back(version in "[0-9a-f]{0,64}", query: u64, position: u32, rank: u64, id in ".{0,40}") {
            let cursor = Cursor { version, query, position, key: Key { rank, id } };
            prop_assert_eq!(Cursor::from_token(&cursor.to_token()), Some(cursor));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,200}") {
            let _ = Cursor::from_token(&text);
        }
    }
}
