//! `cursor`: where the next page starts, for a download that runs on through a reload of the data.
//!
//! It holds the data version, the hash of the query and the last key. On the same version it is a jump to a position; on another it
//! goes on after the key; with another query it is an error. It is opaque to clients, unsigned, and read as input: nothing in it is
//! trusted beyond its bounds.

use super::SortValue;

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
    /// First position of the next page; where the answer was sorted, that of the last feature that was sent.
    pub position: u32,
    /// Key of the last feature that was sent.
    pub key: Key,
    /// Its values of the keys by which the answer was sorted, if it was.
    pub sort: Vec<SortValue>,
}

/// First byte of every token: the form of what follows.
const FORM: u8 = 1;
/// The same for answers that were sorted: between position and key stand the sort values, counted by one byte.
const SORTED: u8 = 2;
/// Bytes of a text that are kept at the most; a value is told apart by fewer.
const LONGEST: usize = 128;

impl Cursor {
    /// The token, made of unreserved characters.
    pub fn to_token(&self) -> String {
        let version = self.version.as_bytes();
        let form = if self.sort.is_empty() { FORM } else { SORTED };
        let mut bytes = vec![form, u8::try_from(version.len()).expect("a data version is a hash of fewer than 256 characters")];
        bytes.extend_from_slice(version);
        bytes.extend_from_slice(&self.query.to_be_bytes());
        bytes.extend_from_slice(&self.position.to_be_bytes());
        if form == SORTED {
            bytes.push(u8::try_from(self.sort.len()).expect("there are at most 16 sort keys"));
            self.sort.iter().for_each(|value| write(&mut bytes, value));
        }
        bytes.extend_from_slice(&self.key.rank.to_be_bytes());
        bytes.extend_from_slice(self.key.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a token; `None` where it is not one.
    pub fn from_token(token: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (form, rest) = bytes.split_first().filter(|(form, _)| [FORM, SORTED].contains(form))?;
        let (length, rest) = rest.split_first()?;
        let (version, rest) = rest.split_at_checked(usize::from(*length))?;
        let (query, rest) = rest.split_first_chunk()?;
        let (position, mut rest) = rest.split_first_chunk()?;
        let mut sort = Vec::new();
        if *form == SORTED {
            let (count, values) = rest.split_first()?;
            rest = values;
            for _ in 0..*count {
                let (value, values) = read(rest)?;
                sort.push(value);
                rest = values;
            }
        }
        let (rank, id) = rest.split_first_chunk()?;
        Some(Self {
            version: String::from_utf8(version.to_vec()).ok()?,
            query: u64::from_be_bytes(*query),
            position: u32::from_be_bytes(*position),
            key: Key { rank: u64::from_be_bytes(*rank), id: String::from_utf8(id.to_vec()).ok()? },
            sort,
        })
    }
}

impl SortValue {
    /// A text, or its beginning where it is long.
    pub fn text(text: &str) -> Self {
        let end = (0..=LONGEST.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        Self::Text { text: text[..end].to_owned(), whole: end == text.len() }
    }
}

fn write(bytes: &mut Vec<u8>, value: &SortValue) {
    match value {
        SortValue::Unknown => bytes.push(0),
        SortValue::Rank(rank) => {
            bytes.push(1);
            bytes.extend_from_slice(&rank.to_be_bytes());
        }
        SortValue::Text { text, whole } => {
            bytes.push(if *whole { 2 } else { 3 });
            bytes.push(u8::try_from(text.len()).expect("at most 128 bytes of a text are kept"));
            bytes.extend_from_slice(text.as_bytes());
        }
    }
}

fn read(bytes: &[u8]) -> Option<(SortValue, &[u8])> {
    let (kind, rest) = bytes.split_first()?;
    match kind {
        0 => Some((SortValue::Unknown, rest)),
        1 => rest.split_first_chunk().map(|(rank, rest)| (SortValue::Rank(i64::from_be_bytes(*rank)), rest)),
        2 | 3 => {
            let (length, rest) = rest.split_first()?;
            let (text, rest) = rest.split_at_checked(usize::from(*length))?;
            Some((SortValue::Text { text: String::from_utf8(text.to_vec()).ok()?, whole: *kind == 2 }, rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_token_reads_back(
            version in "[0-9a-f]{0,64}", query: u64, position: u32, rank: u64, id in ".{0,40}",
            values in prop::collection::vec(prop_oneof![
                Just(SortValue::Unknown), any::<i64>().prop_map(SortValue::Rank), ".{0,200}".prop_map(|text| SortValue::text(&text)),
            ], 0..5),
        ) {
            let cursor = Cursor { version, query, position, key: Key { rank, id }, sort: values };
            prop_assert_eq!(Cursor::from_token(&cursor.to_token()), Some(cursor));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,200}") {
            let _ = Cursor::from_token(&text);
        }
    }
}
