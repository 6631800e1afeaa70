//! The packed gazetteer: one file that is searched where it lies, in the binary or on disk; nothing of it is parsed at start.
//!
//! `build.rs` compiles this module too, to make the embedded file, so it uses nothing of the crate but `fold`.
//!
//! # Layout
//! All numbers are little-endian; ids, offsets and numbers of places take three bytes where all of them fit, else four. A header of fixed length: [`MAGIC`], CRC-32 of all that follows it, then for each [`Section`] its
//! offset and length in bytes (two `u64`). Places are numbered by importance, most important first, so that the number of a place is
//! also its rank. The indexes lead from a name to the places that bear it; which of a place's names it was is found by folding them.
//!
//! | section | what |
//! | --- | --- |
//! | points | for each place longitude and latitude, `i32`, in units of 10⁻⁷ degree |
//! | facts | for each place population `u32`, region `u16` (which names its country), level and how many names it has `u8` (see `weight`), flags `u8` |
//! | ids, by id | for each place its number or, flagged, where its text lies in texts; places in the order of their ids |
//! | names at, names | where each place's names begin; the names (see `code`), each without the beginning that it shares with the one before |
//! | keys, postings | an fst from folded name (see `code`) to where its list lies; the lists, in the order of the best place in each |
//! | words, word postings | the same for the words of names that have several |
//! | countries, by country | for each country a run of places, most important first |
//! | nearest, splits | settlements and camps in the order of a k-d tree over the unit sphere; its planes (see `split`) |
//! | kinds | for each place its class, `u16`; empty where no place has any |
//! | years | for each place first and last year, `i16`; empty where no place has any |
//! | parents | for each place the number of the one that it lies in plus 1, or 0; empty where no hierarchy was given |
//! | areas | outlines of regions (see `area`) |
//! | regions, classes, languages, sources, about | tables of texts; a language may have years and use beside it (see `tag`) |
//!
//! The first number of a list has in its lowest bit whether there are several places. One place: in the next bit whether only
//! machines call it so, above that its number. Several: how many above the bit, then how many are called so by people, which come
//! first, then their numbers, each as the difference from the one before. Romanizations by machines are indexed, but not stored. That the offset of a list is also its rank is what makes search by importance cheap: the fst
//! pushes the least output of a subtree to its root, so the best names below any prefix are found best first, without a visit to the others.

mod area;
mod code;
mod entry;
mod index;
mod name;
mod sort;
mod split;
mod tag;
mod weight;
mod write;

pub use area::{Area, AreaText, areas_at};
pub use code::{decode, encode, first_letter, may_hold, may_hold_other};
pub use entry::{Entry, EntryName};
pub use name::{NameCode, Names, Stored};
pub use split::{Split, depth};
pub use tag::{NameUse, Tag};
pub use weight::{Weight, abbreviates};
pub use write::{Builder, PackError, Packed};

/// First bytes of a file; the last is the version of the layout.
pub const MAGIC: [u8; 8] = *b"HMTNGAZ\x04";
/// Length of the header in bytes.
pub const HEADER: usize = 12 + Section::ALL.len() * 16;
/// Most places in a file.
pub const MOST_PLACES: usize = 1 << 28;
/// Most names of one place that are stored; further ones are dropped, the least real first.
pub const MOST_NAMES: usize = 255;
/// Bit of the flags: the id is a text. The other bits are the index of the source.
pub const ID_IS_TEXT: u8 = 1;

/// The parts of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Positions.
    Points,
    /// What is known of every place.
    Facts,
    /// Ids.
    Ids,
    /// Places in the order of their ids.
    ById,
    /// Where names begin.
    NamesAt,
    /// Names.
    Names,
    /// The fst over folded names.
    Keys,
    /// Its lists.
    Postings,
    /// The fst over words.
    Words,
    /// Its lists.
    WordPostings,
    /// Runs of the section that follows.
    Countries,
    /// Places by country.
    ByCountry,
    /// The k-d order.
    Nearest,
    /// What splits it.
    Splits,
    /// Classes of places.
    Kinds,
    /// First and last years.
    Years,
    /// The place that each lies in.
    Parents,
    /// Outlines of regions.
    Areas,
    /// Ids that are no numbers.
    Texts,
    /// Country, code and name of first-level divisions.
    Regions,
    /// Texts of classes.
    Classes,
    /// Codes of languages.
    Languages,
    /// Who gives positions.
    Sources,
    /// What the file holds.
    About,
}

impl Section {
    /// Every section, in the order of the header.
    pub const ALL: [Self; 24] = [
        Self::Points,
        Self::Facts,
        Self::Ids,
        Self::ById,
        Self::NamesAt,
        Self::Names,
        Self::Keys,
        Self::Postings,
        Self::Words,
        Self::WordPostings,
        Self::Countries,
        Self::ByCountry,
        Self::Nearest,
        Self::Splits,
        Self::Kinds,
        Self::Years,
        Self::Parents,
        Self::Areas,
        Self::Texts,
        Self::Regions,
        Self::Classes,
        Self::Languages,
        Self::Sources,
        Self::About,
    ];
}

/// A point of the unit sphere, for degrees. In three dimensions the antimeridian and the poles are nowhere special, and the straight
/// line between two points grows with the great circle between them.
pub fn on_sphere(lon: f64, lat: f64) -> [f64; 3] {
    let (lon, lat) = (lon.to_radians(), lat.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

/// Appends a number, seven bits a byte, low ones first.
pub fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Takes a number off the front; `None` where the bytes end within one.
pub fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first < 0x80 {
            return Some(value);
        }
    }
    None
}

/// The `u32` with this index in a section; 0 outside it.
pub fn u32_at(bytes: &[u8], index: usize) -> u32 {
    bytes.get(index * 4..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// Numbers in three bytes each where all fit, else in four.
pub fn put_numbers(numbers: &[u32]) -> Vec<u8> {
    let width = if numbers.iter().all(|&number| number < 1 << 24) { 3 } else { 4 };
    numbers.iter().flat_map(|number| number.to_le_bytes().into_iter().take(width)).collect()
}

/// The number with this index of a section that holds `count`; 0 outside it.
pub fn number_at(bytes: &[u8], count: usize, index: usize) -> u32 {
    if index >= count {
        return 0;
    }
    if bytes.len() == count * 3 {
        return bytes.get(index * 3..).and_then(<[u8]>::first_chunk).map_or(0, |&[a, b, c]| u32::from_le_bytes([a, b, c, 0]));
    }
    u32_at(bytes, index)
}

/// A text of a table: offsets of all texts, then the texts. Empty where there is none with this index.
pub fn text_at(table: &[u8], index: usize) -> &str {
    let count = u32_at(table, 0) as usize;
    if index >= count {
        return "";
    }
    let (from, to) = (u32_at(table, 1 + index) as usize, u32_at(table, 2 + index) as usize);
    table.get(from..to).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}

/// How many texts a table has.
pub fn texts_in(table: &[u8]) -> usize {
    u32_at(table, 0) as usize
}

/// A table of texts, as [`text_at`] reads it.
fn text_table<'t>(texts: impl ExactSizeIterator<Item = &'t str>) -> Vec<u8> {
    let count = texts.len();
    let mut offsets = Vec::from((count as u32).to_le_bytes());
    let mut all = Vec::new();
    let start = 4 * (count + 2);
    for text in texts {
        offsets.extend_from_slice(&((start + all.len()) as u32).to_le_bytes());
        all.extend_from_slice(text.as_bytes());
    }
    offsets.extend_from_slice(&((start + all.len()) as u32).to_le_bytes());
    offsets.append(&mut all);
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_tables_come_back() {
        let mut bytes = Vec::new();
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX];
        numbers.iter().for_each(|&number| put_varint(&mut bytes, number));
        let mut rest = bytes.as_slice();
        let read = std::iter::from_fn(|| take_varint(&mut rest)).collect::<Vec<_>>();
        assert_eq!(read, numbers);
        let table = text_table(["a", "", "ñb"].into_iter());
        assert_eq!((0..4).map(|index| text_at(&table, index)).collect::<Vec<_>>(), ["a", "", "ñb", ""]);
        for numbers in [[0, 7, 1 << 23], [1 << 24, 2, u32::MAX]] {
            let bytes = put_numbers(&numbers);
            assert_eq!([0, 1, 2].map(|index| number_at(&bytes, 3, index)), numbers);
            assert_eq!(number_at(&bytes, 3, 3), 0);
        }
        assert_eq!((texts_in(&table), text_at(&[], 0)), (3, ""));
    }
}
