//! Seeded features as GeoJSON, one a line.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use crate::seeded::Random;

/// Categories of `kind`.
const KINDS: [&str; 12] =
    ["airfield", "bridge", "camp", "clinic", "market", "mine", "port", "quarry", "school", "settlement", "tower", "well"];
/// What names are made of.
const SYLLABLES: [&str; 24] = [
    "ba", "da", "dou", "fa", "gao", "ka", "ki", "ko", "la", "lo", "ma", "me", "mo", "na", "ni", "ra", "re", "sa", "sé", "ta", "ti", "tou",
    "wa", "yé",
];
/// What notes are made of.
const WORDS: [&str; 24] = [
    "above", "after", "before", "bridge", "dry", "east", "far", "field", "former", "ground", "hill", "large", "market", "near", "north",
    "old", "on", "river", "road", "small", "south", "the", "town", "west",
];

/// The points, rounded as they are written: the same N for whoever asks.
pub(crate) fn places(count: usize) -> impl Iterator<Item = [f64; 2]> {
    let mut random = Random(1);
    let clusters = random.clusters();
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    (0..count).map(move |_| random.place(&clusters)).map(move |point| [round(point.x()), round(point.y())])
}

/// Writes `count` points.
pub(crate) fn points(count: usize, file: &Path) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file)?);
    for (index, [x, y]) in places(count).enumerate() {
        feature(&mut out, index, |out| write!(out, r#""Point","coordinates":[{x},{y}]"#))?;
    }
    out.flush()
}

/// The polygons' shapes.
fn stars(count: usize) -> impl Iterator<Item = (geo::Point, geo::Polygon)> {
    let mut random = Random(2);
    let clusters = random.clusters();
    (0..count).map(move |_| {
        let centre = random.place(&clusters);
        (centre, random.star(centre))
    })
}

/// Where the polygons lie.
pub(crate) fn centres(count: usize) -> impl Iterator<Item = [f64; 2]> {
    stars(count).map(|(centre, _)| [centre.x(), centre.y()])
}

/// Writes `count` polygons.
pub(crate) fn polygons(count: usize, file: &Path) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file)?);
    for (index, (_, star)) in stars(count).enumerate() {
        feature(&mut out, index, |out| {
            write!(out, r#""Polygon","coordinates":[["#)?;
            for (step, corner) in star.exterior().coords().enumerate() {
                let comma = if step > 0 { "," } else { "" };
                write!(out, "{comma}[{:.6},{:.6}]", corner.x, corner.y)?;
            }
            write!(out, "]]")
        })?;
    }
    out.flush()
}

/// One line: six properties, of every type that a column can have in a table of places.
fn feature<W: Write>(out: &mut W, index: usize, geometry: impl FnOnce(&mut W) -> io::Result<()>) -> io::Result<()> {
    // A stream of its own, so that the points do not depend on the texts.
    let mut random = Random(index as u64 ^ 0x5eed << 40);
    write!(out, r#"{{"type":"Feature","id":"{index:07}","geometry":{{"type":"#)?;
    geometry(out)?;
    write!(out, r#"}},"properties":{{"name":""#)?;
    for _ in 0..4 {
        write!(out, "{}", SYLLABLES[random.below(SYLLABLES.len())])?;
    }
    let kind = KINDS[random.below(KINDS.len())];
    let (people, rating) = (random.below(1_000_000), random.below(100) as f64 / 10.0);
    let (year, month, day) = (1990 + random.below(40), 1 + random.below(12), 1 + random.below(28));
    write!(out, r#"","kind":"{kind}","people":{people},"rating":{rating:.1},"opened":"{year}-{month:02}-{day:02}","note":""#)?;
    for word in 0..12 {
        write!(out, "{}{}", if word > 0 { " " } else { "" }, WORDS[random.below(WORDS.len())])?;
    }
    writeln!(out, "\"}}}}")
}
