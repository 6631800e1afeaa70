//! Texts that stand in the arena as they are: four bytes each, in place of a second copy.
//!
//! Most texts need no escape in JSON, so that the finished text of a feature holds them letter for letter.

use bytes::Bytes;

use super::{
    arena::Arena,
    array::Array,
    sections::{Damage, Part, Sink},
    texts::{self, Ends, Texts},
};

/// Where each text of a column stands in the finished text of its feature.
#[derive(Debug)]
pub(super) struct Within {
    text: Bytes,
    features: Ends,
    /// First byte, counted from that of the feature, and length.
    places: Array<[u16; 2]>,
}

/// Texts of a column that may be left to the arena, and where they stand as far as it is written.
pub(super) struct Candidate {
    /// Which column.
    pub(super) column: usize,
    places: Vec<[u16; 2]>,
    /// Whether every text so far stands near enough to the start of its feature.
    fits: bool,
}

impl Candidate {
    pub(super) fn new(column: usize) -> Self {
        Self { column, places: Vec::new(), fits: true }
    }

    /// Takes the places of the next features: first byte and length of each text.
    pub(super) fn extend(&mut self, places: &[(usize, usize)]) {
        let narrow = |number: usize| u16::try_from(number).ok();
        for (start, length) in places {
            match narrow(*start).zip(narrow(*length)) {
                Some((start, length)) => self.places.push([start, length]),
                None => self.fits = false,
            }
        }
    }

    /// Writes the places; where they do not fit, the texts themselves.
    pub(super) fn finish(self, texts: &Texts, sink: &mut Sink<'_>) -> std::io::Result<()> {
        let name = name(self.column);
        if self.fits { sink.put(&format!("{name}.within"), self.places).map(|_| ()) } else { texts.put(sink, &name) }
    }
}

/// The name of a column's section.
pub(super) fn name(column: usize) -> String {
    format!("column.{column}")
}

impl Within {
    /// Whether a column is kept so.
    pub(super) fn is_in(part: &Part<'_>, name: &str) -> bool {
        part.has(&format!("{name}.within"))
    }

    pub(super) fn open(part: &Part<'_>, name: &str, count: usize, arena: Option<&Arena>) -> Result<Self, Damage> {
        let arena = arena.ok_or_else(|| Damage::Description(format!("{name} lies within a text that is not there")))?;
        let (text, features) = arena.parts();
        Ok(Self { text, features, places: part.array(&format!("{name}.within"), count)? })
    }

    /// The text at a position; nothing where a damaged file holds no text there.
    #[inline]
    pub(super) fn get(&self, position: u32) -> &str {
        std::str::from_utf8(self.get_bytes(position)).unwrap_or_default()
    }

    /// The bytes from the text at a position on, and how many of them are its own.
    #[inline]
    pub(super) fn from(&self, position: u32) -> (&[u8], usize) {
        let [offset, length] = self.places[position as usize];
        let start = self.features.start(position as usize).saturating_add(offset.into());
        texts::from(&self.text, start, start.saturating_add(length.into()))
    }

    /// The same as bytes, which are those of a text unless the file is damaged.
    #[inline]
    pub(super) fn get_bytes(&self, position: u32) -> &[u8] {
        let [offset, length] = self.places[position as usize];
        let start = self.features.start(position as usize).saturating_add(offset.into());
        self.text.get(start..start.saturating_add(length.into())).unwrap_or_default()
    }
}
