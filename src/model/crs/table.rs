//! The codes whose coordinates can be converted (`data/crs/epsg.tsv`, `data/crs/esri.tsv`), and how.

use std::{borrow::Cow, sync::LazyLock};

use super::{
    shift::{self, Shift},
    ways::shifted,
};

/// Ranges of EPSG's codes, ascending: first, last, order of the axes (`xy` or `yx`), the shift to WGS 84 where the definition's is not it
/// (`@4230` where there are several, in `shifts.tsv`), and how well that is known, in metres.
static EPSG: &str = include_str!("../../../data/crs/epsg.tsv");
/// Codes of Esri, ascending: the code of EPSG that is the same, or the definition, and shift and accuracy as above.
static ESRI: &str = include_str!("../../../data/crs/esri.tsv");
/// Codes whose definition leaves out that their axes go south and west.
const SOUTH_WEST: [u32; 2] = [2065, 5513];

/// What is needed of a system.
pub(super) struct System {
    /// As a PROJ.4 text.
    pub(super) text: Cow<'static, str>,
    pub(super) is_north_first: bool,
    /// The shifts to WGS 84, where there is another in each part of its area.
    pub(super) shifts: Vec<Shift>,
    /// How well the one shift is known, in metres.
    pub(super) accuracy_m: Option<f64>,
}

struct Range {
    first: u32,
    last: u32,
    is_north_first: bool,
    shift: &'static str,
    accuracy_m: Option<f64>,
}

static RANGES: LazyLock<Vec<Range>> = LazyLock::new(|| {
    let ranges = EPSG.lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        let (first, last, order, shift) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
        let accuracy_m = cells.next()?.parse().ok();
        Some(Range { first: first.parse().ok()?, last: last.parse().ok()?, is_north_first: order == "yx", shift, accuracy_m })
    });
    ranges.collect()
});

/// How many systems of EPSG there are.
pub(super) fn count() -> usize {
    RANGES.iter().map(|range| (range.last - range.first + 1) as usize).sum()
}

/// The system of a code of EPSG's.
pub(super) fn find(code: u32) -> Option<System> {
    let after = RANGES.partition_point(|range| range.first <= code);
    let range = RANGES[..after].last().filter(|range| code <= range.last)?;
    let text = Cow::Borrowed(crs_definitions::from_code(u16::try_from(code).ok()?)?.proj4);
    let text = if SOUTH_WEST.contains(&code) { Cow::Owned(format!("{text} +axis=swu")) } else { text };
    Some(system(text, range.shift, range.accuracy_m, range.is_north_first))
}

/// A projection of the longitudes and latitudes of EPSG's system `base`.
pub(super) fn on(base: u32, projection: &str) -> Option<System> {
    const OF_BASE: [&str; 3] = ["+proj=longlat", "+no_defs", "+type=crs"];
    let of = |base: System| {
        let kept = base.text.split_whitespace().filter(|part| !OF_BASE.contains(part));
        let text = std::iter::once(projection).chain(kept).collect::<Vec<_>>().join(" ");
        System { text: Cow::Owned(text), is_north_first: false, ..base }
    };
    match base {
        4326 => Some(system(Cow::Owned(format!("{projection} +datum=WGS84 +no_defs")), "", None, false)),
        base => find(base).filter(|base| base.text.contains("+proj=longlat")).map(of),
    }
}

fn system(text: Cow<'static, str>, shift: &str, accuracy_m: Option<f64>, is_north_first: bool) -> System {
    match shift.strip_prefix('@') {
        Some(datum) => System { text, is_north_first, shifts: shift::of(datum).collect(), accuracy_m: None },
        None if shift.is_empty() => System { text, is_north_first, shifts: Vec::new(), accuracy_m },
        None => System { text: Cow::Owned(shifted(&text, shift)), is_north_first, shifts: Vec::new(), accuracy_m },
    }
}

/// What a code of Esri's is.
pub(super) enum Esri {
    /// The same as a code of EPSG's.
    Epsg(u32),
    /// A system of its own.
    Own(System),
}

/// The system of a code of Esri's.
pub(super) fn find_esri(code: u32) -> Option<Esri> {
    let cells = ESRI.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let found = cells.into_iter().find(|cells| cells[0].parse() == Ok(code))?;
    let [_, epsg, text, shift, accuracy] = found[..] else { return None };
    match epsg.parse() {
        Ok(code) => Some(Esri::Epsg(code)),
        Err(_) => Some(Esri::Own(system(Cow::Borrowed(text), shift, accuracy.parse().ok(), false))),
    }
}
