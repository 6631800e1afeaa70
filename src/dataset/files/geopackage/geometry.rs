//! GeoPackageBinary (OGC 12-128r19, clause 2.1.3): a header before well-known binary.

use super::{
    super::{fault::Rule, wkb},
    table::System,
};
use crate::model::Geometry;

/// Numbers of an envelope, by the three bits that say which it is; further ones there are not.
const ENVELOPES: [usize; 5] = [0, 4, 6, 6, 8];

/// The geometry of a cell, which is none where it is empty, and whether it has measures, which are left out.
pub(super) fn read(bytes: &[u8], system: &System) -> Result<(Option<Geometry>, bool), Rule> {
    let damaged = |what: String| Rule::Damaged(what);
    let Some((head, rest)) = bytes.split_first_chunk::<8>() else {
        return Err(damaged(format!("its geometry has {} bytes, fewer than its header", bytes.len())));
    };
    let [magic @ .., version, flags, _, _, _, _] = *head;
    if magic != *b"GP" || version != 0 {
        return Err(damaged(format!("its geometry begins with \"{}\", not with \"GP\\x00\"", head[..3].escape_ascii())));
    }
    if flags & 0b10_0000 != 0 {
        return Err(Rule::Type("of an extension of GeoPackage".to_owned()));
    }
    let number = [head[4], head[5], head[6], head[7]];
    let srs = if flags & 1 == 1 { i32::from_le_bytes(number) } else { i32::from_be_bytes(number) };
    // Some writers leave the number undefined.
    if !(srs == system.number || srs == 0 || srs == -1) {
        return Err(Rule::OtherSystem { found: srs, expected: system.number });
    }
    let envelope = usize::from(flags >> 1 & 0b111);
    let size =
        ENVELOPES.get(envelope).ok_or_else(|| damaged(format!("its geometry has an envelope of type {envelope}")))? * size_of::<f64>();
    let body = rest.get(size..).ok_or_else(|| damaged("it ends inside the envelope of its geometry".to_owned()))?;
    let (shape, has_measures) = wkb::read(body)?;
    Ok((shape.check_in(Some(&system.crs))?, has_measures))
}
