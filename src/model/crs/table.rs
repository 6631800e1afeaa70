//! The codes whose coordinates can be converted (`data/crs/epsg.tsv`), and how.

use std::{borrow::Cow, sync::LazyLock};

/// CRS84 as a PROJ.4 text.
pub(super) const CRS84: &str = "+proj=longlat +datum=WGS84 +no_defs";

/// Ranges of codes, ascending: first, last, order of the axes (`xy` or `yx`), and the shift to WGS 84 where the definition's is not it.
static TABLE: &str = include_str!("../../../data/crs/epsg.tsv");

/// What is needed of a system.
pub(super) struct System {
    /// As a PROJ.4 text.
    pub(super) text: Cow<'static, str>,
    pub(super) is_north_first: bool,
}

struct Range {
    first: u32,
    last: u32,
    is_north_first: bool,
    shift: &'static str,
}

static RANGES: LazyLock<Vec<Range>> = LazyLock::new(|| {
    let ranges = TABLE.lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        let (first, last, order, shift) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
        Some(Range { first: first.parse().ok()?, last: last.parse().ok()?, is_north_first: order == "yx", shift })
    });
    ranges.collect()
});

/// How many systems there are.
pub(super) fn count() -> usize {
    RANGES.iter().map(|range| (range.last - range.first + 1) as usize).sum()
}

/// The system of a code.
pub(super) fn find(code: u32) -> Option<System> {
    let after = RANGES.partition_point(|range| range.first <= code);
    let range = RANGES[..after].last().filter(|range| code <= range.last)?;
    let text = crs_definitions::from_code(u16::try_from(code).ok()?)?.proj4;
    let text = if range.shift.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(shifted(text, range.shift)) };
    Some(System { text, is_north_first: range.is_north_first })
}

/// A definition with another shift to WGS 84; a datum that stands for a shift becomes the ellipsoid that it is on.
fn shifted(text: &str, shift: &str) -> String {
    let own = text.split_whitespace().filter(|part| !part.starts_with("+towgs84=") && !part.starts_with("+nadgrids="));
    let own = own.map(|part| match part {
        "+datum=WGS84" => "+ellps=WGS84",
        "+datum=NAD83" => "+ellps=GRS80",
        "+datum=NAD27" => "+ellps=clrk66",
        "+datum=nzgd49" => "+ellps=intl",
        "+datum=potsdam" | "+datum=hermannskogel" => "+ellps=bessel",
        "+datum=carthage" => "+a=6378249.2 +b=6356515",
        "+datum=OSGB36" => "+ellps=airy",
        "+datum=ire65" => "+ellps=mod_airy",
        part => part,
    });
    format!("{} +towgs84={shift}", own.collect::<Vec<_>>().join(" "))
}
