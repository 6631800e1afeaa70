//! The places of the whole world, searched where they lie in a packed file (see `pack`).
//!
//! Opening costs nothing that grows with the number of places. Read in this order: [`Spot`] (a place), `list` (who bears a name),
//! [`Wish`] and [`Hit`] (what is asked, what is found), `whole`, `prefix` and `begun`, `words`, `fuzzy` (the ways a name is found), `search`
//! (how they make one ranking), `nearest` (the way back).
//!
//! # Speed
//! `tests/perf/gazetteer.rs` on the embedded places, and on 1.3 million of Who's On First in brackets; medians in µs: who bears a name
//! 0.5 (0.8), a name as it is 11 (80), ten suggestions 6–12 (12–20), in other scripts 7–14 (12–27), one error 66 (120), two errors 840 (1,340), the nearest place 1 (2), the ten
//! nearest 3 (6).
//! 1.3 million places with 5.7 million names, of which 3.5 million fold otherwise, are packed in 13 s of CPU time and 420 MB into 130 MB
//! (23 bytes for each name given, 38 for each kept), and open in 0.1 s.

mod begun;
mod country;
mod fuzzy;
mod hit;
mod list;
mod nearest;
mod needle;
mod phrase;
mod prefix;
mod renown;
mod saying;
mod search;
mod spot;
mod suggest;
mod verdict;
mod whole;
mod wish;
mod words;

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use fst::raw::Fst;

pub use country::UnknownCountry;
pub use hit::Hit;
pub use spot::{AtlasName, Spot};
pub use verdict::{Verdict, verdict};
pub use wish::Wish;

use super::pack::{HEADER, MAGIC, Section, number_at, text_at, texts_in, u32_at};

/// Why a file is not a packed gazetteer that this program reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AtlasError {
    /// The first bytes are others.
    #[error("it is no packed gazetteer: `harmattan gazetteer build FILE -o OUT` makes one of tables, GeoNames' files and the like")]
    Magic,
    /// It is one in another layout.
    #[error(
        "it is a packed gazetteer of layout {0}, and this program reads layout {layout} alone: pack its sources anew with `harmattan gazetteer build`",
        layout = MAGIC[MAGIC.len() - 1]
    )]
    Layout(u8),
    /// The sum in the header is not that of the bytes.
    #[error("it is damaged: its checksum is {found:08x}, the header says {expected:08x}")]
    Sum {
        /// Of the bytes.
        found: u32,
        /// In the header.
        expected: u32,
    },
    /// A part lies outside the file or is of a wrong length.
    #[error("it is damaged: part {0} of it is not where the header says")]
    Section(usize),
}

/// A packed gazetteer.
pub struct Atlas {
    bytes: Bytes,
    sections: [(usize, usize); Section::ALL.len()],
    places: usize,
    keys: Fst<Bytes>,
    words: Fst<Bytes>,
    kept: begun::Kept,
}

impl std::fmt::Debug for Atlas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Atlas").field("places", &self.places).field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

impl Atlas {
    /// The gazetteer that is part of the program: GeoNames' places of 500 people or more, countries, and the hand table.
    pub fn embedded() -> Self {
        static WORLD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/world.gazetteer"));
        Self::new(Bytes::from_static(WORLD)).expect("build.rs writes what this module reads, as a test shows")
    }

    /// The same, opened once for all who ask.
    pub fn world() -> Arc<Self> {
        static WORLD: LazyLock<Arc<Atlas>> = LazyLock::new(|| Arc::new(Atlas::embedded()));
        Arc::clone(&WORLD)
    }

    /// Opens a packed gazetteer, once its checksum shows that it is whole.
    ///
    /// # Errors
    /// When the bytes are no packed gazetteer of this version, or damaged.
    pub fn open(bytes: Bytes) -> Result<Self, AtlasError> {
        known(&bytes)?;
        let (found, expected) = (crc32fast::hash(&bytes[MAGIC.len() + 4..]), u32_at(&bytes, MAGIC.len() / 4));
        if found != expected {
            return Err(AtlasError::Sum { found, expected });
        }
        Self::new(bytes)
    }

    fn new(bytes: Bytes) -> Result<Self, AtlasError> {
        known(&bytes)?;
        let mut sections = [(0, 0); Section::ALL.len()];
        for (index, section) in sections.iter_mut().enumerate() {
            let number = |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes));
            let at = MAGIC.len() + 4 + 16 * index;
            let range = usize::try_from(number(at)).ok().zip(usize::try_from(number(at + 8)).ok());
            let range = range.and_then(|(start, length)| Some((start, start.checked_add(length)?)));
            *section = range.filter(|&(_, end)| end <= bytes.len()).ok_or(AtlasError::Section(index))?;
        }
        let part = |section: Section| {
            let (start, end) = sections[section as usize];
            bytes.slice(start..end)
        };
        let index = |section: Section| Fst::new(part(section)).map_err(|_| AtlasError::Section(section as usize));
        let (keys, words) = (index(Section::Keys)?, index(Section::Words)?);
        Ok(Self { places: part(Section::Points).len() / 8, keys, words, sections, bytes, kept: begun::Kept::default() })
    }

    fn section(&self, section: Section) -> &[u8] {
        let (start, end) = self.sections[section as usize];
        &self.bytes[start..end]
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.places
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places == 0
    }

    /// Size of the whole in bytes.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The checksum: two gazetteers that differ have another one, all but certainly.
    pub fn sum(&self) -> u32 {
        u32_at(&self.bytes, MAGIC.len() / 4)
    }

    /// What the file holds and whom to credit, in a line.
    pub fn about(&self) -> &str {
        text_at(self.section(Section::About), 0)
    }

    /// Every place, most important first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Spot<'_>> {
        (0..self.places as u32).map(|index| self.spot(index))
    }

    /// The place with this id: a binary search.
    pub fn get(&self, id: &str) -> Option<Spot<'_>> {
        let order = self.section(Section::ById);
        let number = id.parse::<u32>().ok().filter(|number| number.to_string() == id);
        let wanted = number.map_or((1, 0, id), |number| (0, number, ""));
        let (mut from, mut to) = (0, self.places);
        while from < to {
            let middle = from + (to - from) / 2;
            let spot = self.spot(number_at(order, self.places, middle));
            match spot.id_key().cmp(&wanted) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
                std::cmp::Ordering::Equal => return Some(spot),
            }
        }
        None
    }

    /// Whether it says of any place when it is attested.
    pub fn is_dated(&self) -> bool {
        !self.section(Section::Years).is_empty()
    }

    /// The source's words for kinds of places, each once.
    pub fn classes(&self) -> impl Iterator<Item = &str> {
        let table = self.section(Section::Classes);
        (1..texts_in(table)).map(|index| text_at(table, index))
    }

    fn spot(&self, index: u32) -> Spot<'_> {
        Spot::new(self, index)
    }

    /// The places of a country, most important first.
    fn in_country(&self, code: &str) -> impl Iterator<Item = u32> {
        let table = self.section(Section::Countries);
        let row = table.chunks_exact(12).find(|row| row[..2] == *code.as_bytes());
        let range = row.map_or(0..0, |row| u32_at(row, 1) as usize..u32_at(row, 2) as usize);
        let places = self.section(Section::ByCountry);
        range.map(|at| number_at(places, self.places, at))
    }
}

/// Whether the first bytes are those of a file that can be read.
fn known(bytes: &[u8]) -> Result<(), AtlasError> {
    match bytes.split_first_chunk::<{ MAGIC.len() }>() {
        Some((start, _)) if *start == MAGIC && bytes.len() >= HEADER => Ok(()),
        Some(([name @ .., layout], _)) if MAGIC.starts_with(name) && *layout != MAGIC[MAGIC.len() - 1] => Err(AtlasError::Layout(*layout)),
        _ => Err(AtlasError::Magic),
    }
}

/// The embedded gazetteer, opened once for all tests.
#[cfg(test)]
fn shared() -> &'static Atlas {
    static SHARED: std::sync::OnceLock<Atlas> = std::sync::OnceLock::new();
    SHARED.get_or_init(Atlas::embedded)
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
