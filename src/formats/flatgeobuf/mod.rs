//! FlatGeobuf 3: magic bytes, header, packed Hilbert R-tree, features, each table with its size before it.
//!
//! The crate's own writer keeps every feature in a temporary file to put them in order. A table is in that order already, so its
//! features are gone through twice instead: for the size and the box of each, then for their bytes. The tables themselves are built
//! by the crate's generated builders. Coordinates are stored easting or longitude first.

mod feature;
mod geometry;
mod header;
mod index;

use std::io::{self, BufWriter, Write};

use feature::Writer;
use index::Index;

use super::{fields::Fields, summary::Summary};
use crate::{
    model::{Collection, Geometry, Order},
    store::{Page, feature_text::Form},
};

/// Media type.
pub const MEDIA: &str = "application/flatgeobuf";

/// `fgb`, the version, `fgb` and the patch level.
const MAGIC: [u8; 8] = *b"fgb\x03fgb\x00";

/// Bytes that leave at once.
const BUFFER: usize = 32 << 10;

/// After how many features of the first pass it is asked whether anyone still wants them.
const ASK: usize = 4096;

/// Writes the features of a page, with an index of their boxes.
///
/// Cost: O(n) time, and 43 bytes a feature beside a buffer.
///
/// # Errors
/// What `out` says.
pub fn write(page: &Page, collection: &Collection, form: &Form<'_>, out: &mut dyn Write) -> io::Result<()> {
    let form = &Form { order: Order::EastFirst, ..form.clone() };
    let fields = Fields::new(&collection.schema, form);
    let mut writer = Writer::new(&fields, collection.geometry);
    let mut summary = Summary::default();
    let mut index = Index::default();
    for (at, row) in page.rows().enumerate() {
        if at % ASK == 0 {
            out.flush()?;
        }
        let geometry = form.geometry(&row);
        summary.add(geometry.as_ref());
        let bounds = geometry.as_ref().and_then(Geometry::bounds);
        index.push(bounds, writer.table(&row, geometry.as_ref()).len() as u64);
    }
    let mut out = BufWriter::with_capacity(BUFFER, out);
    out.write_all(&MAGIC)?;
    out.write_all(&header::table(collection, &fields, &form.crs, &summary))?;
    // Nothing can be found in an index of no box.
    if summary.envelope.is_some() {
        index.write(&mut out)?;
    }
    for row in page.rows() {
        out.write_all(writer.table(&row, form.geometry(&row).as_ref()))?;
    }
    out.flush()
}
