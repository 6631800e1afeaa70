//! Texts that stand in the arena as they are: four bytes each, in place of a second copy.
//!
//! Most texts need no escape in JSON, so that the finished text of a feature holds them letter for letter.

use std::{ops::Range, sync::Arc};

use bytes::Bytes;

use super::{
    arena::Arena,
    array::Array,
    sections::{Damage, Part, Sink},
    texts::{self, Ends, Texts},
};
use crate::model;

/// Bytes that memory brings at once.
const LINE: usize = 64;

/// Where each text of a column stands in the finished text of its feature.
#[derive(Debug)]
pub(super) struct Within {
    text: Bytes,
    features: Ends,
    /// First byte, counted from that of the feature, and length.
    places: Array<[u16; 2]>,
}

/// Texts of a column as they came, which may be left to the arena: that they stand there is known once it is written.
#[derive(Debug)]
pub(super) struct Held {
    texts: model::Texts,
    /// The row of each position.
    order: Arc<Vec<u32>>,
}

impl Held {
    /// Whether all of some texts stand in JSON as they are, and are long enough to be worth it.
    pub(super) fn may_hold(texts: &model::Texts) -> bool {
        // Without a way out of a stretch, the compiler makes it a comparison of many bytes at once.
        let is_special = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
        let is_plain = |bytes: &[u8]| !bytes.iter().fold(false, |found, byte| found | is_special(*byte));
        let bytes = texts.bytes();
        bytes.len() > 2 * texts.len() && bytes.chunks(1 << 12).all(is_plain)
    }

    pub(super) fn new(texts: model::Texts, order: &Arc<Vec<u32>>) -> Self {
        Self { texts, order: Arc::clone(order) }
    }

    /// Looks at the texts of some positions, so that they are near when they are read. They lie all over memory: one after another in a
    /// loop as short as this, a core waits for a dozen of them at once; between all else that is done for a feature, for each alone.
    pub(super) fn fetch(&self, positions: Range<u32>) {
        let look = |position| {
            let letters = self.get_bytes(position);
            letters.iter().step_by(LINE).chain(letters.last()).fold(0_u8, |sum, letter| sum.wrapping_add(*letter))
        };
        std::hint::black_box(positions.map(look).fold(0, u8::wrapping_add));
    }

    pub(super) fn get(&self, position: u32) -> &str {
        self.texts.get(self.order[position as usize] as usize)
    }

    /// The same as bytes.
    #[inline]
    pub(super) fn get_bytes(&self, position: u32) -> &[u8] {
        self.texts.get_bytes(self.order[position as usize] as usize)
    }
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
    pub(super) fn finish(self, held: &Held, sink: &mut Sink<'_>) -> std::io::Result<()> {
        let name = name(self.column);
        match self.fits {
            true => sink.put(&format!("{name}.within"), self.places).map(|_| ()),
            false => Texts::write(&held.texts, &held.order, sink, &name).map(|_| ()),
        }
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
