//! A collection that is written part by part, as a database gives it, in constant memory.

use std::io::{self, Write};

use super::{Encoding, geojson};
use crate::{
    model::Collection,
    store::{Page, feature_text::Form},
};

/// A file that is being written. What stands before and after the features depends on their counts alone, which are the same in every part, so
/// each part is written as a file of its own and loses what was written already.
#[derive(Debug)]
pub struct Parts<'a> {
    encoding: Encoding,
    collection: &'a Collection,
    form: Form<'a>,
    /// Bytes before the features, and after them.
    around: (usize, usize),
    tail: Vec<u8>,
    is_first: bool,
}

impl<'a> Parts<'a> {
    /// Whether an encoding can be written so; others hold all features before they write the first, or say something of all in front.
    pub fn takes(encoding: Encoding) -> bool {
        matches!(encoding, Encoding::GeoJson | Encoding::NdJson | Encoding::GeoJsonSeq | Encoding::Csv(_))
    }

    /// Begins a file with a page of no feature that has the counts of all.
    ///
    /// # Errors
    /// What `out` says.
    pub fn begin(encoding: Encoding, blank: &Page, collection: &'a Collection, form: Form<'a>, out: &mut dyn Write) -> io::Result<Self> {
        let mut empty = Vec::new();
        encoding.write(blank, collection, &form, &mut empty)?;
        let after = if encoding == Encoding::GeoJson { geojson::TAIL.len() } else { 0 };
        let tail = empty.split_off(empty.len() - after);
        out.write_all(&empty)?;
        Ok(Self { encoding, collection, form, around: (empty.len(), after), tail, is_first: true })
    }

    /// Writes the features of a part.
    ///
    /// # Errors
    /// What `out` says.
    pub fn part(&mut self, page: &Page, out: &mut dyn Write) -> io::Result<()> {
        let mut text = Vec::new();
        self.encoding.write(page, self.collection, &self.form, &mut text)?;
        let (before, after) = self.around;
        if !std::mem::take(&mut self.is_first) && self.encoding == Encoding::GeoJson {
            out.write_all(b",")?;
        }
        out.write_all(&text[before..text.len() - after])
    }

    /// Writes what stands after the last one.
    ///
    /// # Errors
    /// What `out` says.
    pub fn end(self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&self.tail)
    }
}
