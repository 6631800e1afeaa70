//! PMTiles 3: vector tiles of some collections in one file, which any web server can serve by ranges.
//!
//! Header and root directory, then the tiles in their order, then metadata and the directories below the root. Tiles are drawn in
//! batches and written as they come; the file takes its name when it is whole.

mod directory;
mod hilbert;

use std::{
    collections::HashMap,
    io::{self, BufWriter, Seek, SeekFrom, Write},
    path::Path,
};

use flate2::{Compression, write::GzEncoder};
use rayon::prelude::*;
use serde_json::{Map, Value, json};

use self::directory::{Directories, Entries};
use super::mvt;
use crate::{
    beside::Beside,
    model::{Lang, Rect, Tile},
    query::Filter,
    store::Layer,
};

/// Bytes of the header.
const HEADER: usize = 127;
/// Header and root directory are within the first bytes, so that one request reads both.
const HEAD: usize = 16_384;
/// Tiles drawn at once.
const BATCH: usize = 256;
/// Tiles of up to so many bytes are written once, however often they come; and how many are remembered.
const SHORT: usize = 512;
const MOST_KNOWN: usize = 1 << 16;
/// Where nothing else is asked for: the zoom whose units are 5 m, or, where tiles of it only count, a deeper one that draws each feature.
const FINE: u32 = 11;
const FINEST: u32 = 14;

/// What an archive is to hold.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The first zoom.
    pub min_zoom: u32,
    /// The last one; where it is left open, the first from 11 on on which every feature is drawn by itself, 14 at the most.
    pub max_zoom: Option<u32>,
    /// For people.
    pub title: String,
    /// For people.
    pub description: String,
    /// Whom to credit.
    pub attribution: Option<String>,
}

/// What is drawn of a collection, in its default view.
#[derive(Debug, Clone)]
pub struct Drawn<'a> {
    /// The collection.
    pub layer: &'a Layer,
    /// Which features of it.
    pub filter: Filter,
    /// Which of their properties, by position; all where none are named.
    pub properties: Option<Vec<usize>>,
}

impl<'a> Drawn<'a> {
    /// All of a collection.
    pub fn all(layer: &'a Layer) -> Self {
        Self { layer, filter: Filter::default(), properties: None }
    }
}

/// How far the work is: tiles of the zoom at hand that have been passed, and how many it has.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The zoom at hand.
    pub zoom: u32,
    /// Tiles of it that have been passed.
    pub passed: u64,
    /// All tiles of it.
    pub all: u64,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The last zoom.
    pub max_zoom: u32,
    /// How many tiles.
    pub tiles: u64,
    /// Length of the file in bytes.
    pub bytes: u64,
}

/// Writes an archive of features of some collections.
///
/// # Memory
/// A batch of tiles, and some four bytes for each tile when the directories are made.
///
/// # Errors
/// When the file cannot be written; what stood under its name stays.
pub fn write(path: &Path, layers: &[Drawn<'_>], wish: &Wish, tell: &mut dyn FnMut(Progress)) -> io::Result<Written> {
    let beside = Beside::create(path)?;
    let entries = Entries::new(beside.aside()?);
    let mut file = BufWriter::with_capacity(1 << 20, beside);
    file.write_all(&[0; HEAD])?;
    let mut archive = Archive { file, entries, known: HashMap::new(), length: 0, tiles: 0, contents: 0 };
    let mut zoom = wish.min_zoom;
    loop {
        let is_each = archive.zoom(layers, zoom, tell)?;
        let is_last = match wish.max_zoom {
            Some(last) => zoom >= last,
            None => zoom >= FINEST || zoom >= FINE && is_each,
        };
        if is_last {
            break;
        }
        zoom += 1;
    }
    archive.finish(layers, wish, zoom)
}

/// An archive under way.
struct Archive {
    file: BufWriter<Beside>,
    entries: Entries,
    /// Where short tiles have been written, by their bytes.
    known: HashMap<Vec<u8>, u64>,
    /// Bytes of all tiles so far.
    length: u64,
    tiles: u64,
    contents: u64,
}

impl Archive {
    /// Adds the tiles of a zoom; whether each feature is drawn by itself on all of them.
    fn zoom(&mut self, layers: &[Drawn<'_>], zoom: u32, tell: &mut dyn FnMut(Progress)) -> io::Result<bool> {
        let (mut batch, mut is_each) = (Vec::with_capacity(BATCH), true);
        let all = 1_u64 << (2 * zoom);
        let mut flush = |batch: &mut Vec<(u64, Tile)>| {
            let drawn = batch.par_iter().map(|(index, tile)| draw(layers, *tile).map(|(bytes, each)| (*index, bytes, each)));
            for drawn in drawn.collect::<Vec<_>>() {
                let (index, bytes, each) = drawn?;
                is_each &= each;
                self.add(hilbert::first(zoom) + index, bytes)?;
            }
            if let Some((index, _)) = batch.last() {
                tell(Progress { zoom, passed: index + 1, all });
            }
            batch.clear();
            Ok::<_, io::Error>(())
        };
        visit(layers, 0, 0, zoom, &mut |index, tile| {
            batch.push((index, tile));
            if batch.len() == BATCH { flush(&mut batch) } else { Ok(()) }
        })?;
        flush(&mut batch)?;
        tell(Progress { zoom, passed: all, all });
        Ok(is_each)
    }

    fn add(&mut self, id: u64, bytes: Vec<u8>) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        self.tiles += 1;
        if let Some(offset) = self.known.get(&bytes) {
            return self.entries.add(id, *offset, length);
        }
        self.file.write_all(&bytes)?;
        self.entries.add(id, self.length, length)?;
        if bytes.len() <= SHORT && self.known.len() < MOST_KNOWN {
            self.known.insert(bytes, self.length);
        }
        self.length += u64::from(length);
        self.contents += 1;
        Ok(())
    }

    fn finish(mut self, layers: &[Drawn<'_>], wish: &Wish, max_zoom: u32) -> io::Result<Written> {
        let Directories { root, leaves, entries } = self.entries.finish(HEAD - HEADER)?;
        let metadata = gzip(metadata(layers, wish, max_zoom).to_string().as_bytes())?;
        self.file.write_all(&metadata)?;
        self.file.write_all(&leaves)?;
        let extents = layers.iter().filter_map(|drawn| drawn.layer.table().extent_of(&drawn.filter));
        let bounds = mvt::bounds(extents.reduce(|a, b| a.union(&b)));
        let after = HEAD as u64 + self.length;
        let numbers = [
            HEADER as u64,
            root.len() as u64,
            after,
            metadata.len() as u64,
            after + metadata.len() as u64,
            leaves.len() as u64,
            HEAD as u64,
            self.length,
            self.tiles,
            entries,
            self.contents,
        ];
        let head = header(numbers, wish.min_zoom, max_zoom, &bounds);
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&head)?;
        file.write_all(&root)?;
        file.publish()?;
        Ok(Written { max_zoom, tiles: self.tiles, bytes: after + (metadata.len() + leaves.len()) as u64 })
    }
}

/// Finds the tiles of a zoom on which anything can lie, in their order, below the tile that comes at `index` of `zoom`.
fn visit(layers: &[Drawn<'_>], zoom: u32, index: u64, wanted: u32, found: &mut dyn FnMut(u64, Tile) -> io::Result<()>) -> io::Result<()> {
    let (column, row) = hilbert::place(zoom, index);
    let Some(tile) = Tile::new(zoom, row, column) else { return Ok(()) };
    if !layers.iter().any(|drawn| mvt::is_near(drawn.layer, &drawn.filter, tile)) {
        return Ok(());
    }
    if zoom == wanted {
        return found(index, tile);
    }
    (0..4).try_for_each(|child| visit(layers, zoom + 1, 4 * index + child, wanted, found))
}

/// A tile, compressed; nothing where it is empty; and whether each feature is drawn by itself.
fn draw(layers: &[Drawn<'_>], tile: Tile) -> io::Result<(Vec<u8>, bool)> {
    let (mut out, mut is_each) = (Vec::new(), true);
    for Drawn { layer, filter, properties } in layers {
        is_each &= mvt::draw_some(&mut out, layer, 0, filter, tile, properties.as_deref());
    }
    if out.is_empty() { Ok((out, is_each)) } else { Ok((gzip(&out)?, is_each)) }
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// The header.
fn header(numbers: [u64; 11], min_zoom: u32, max_zoom: u32, bounds: &Rect) -> Vec<u8> {
    let mut out = b"PMTiles\x03".to_vec();
    numbers.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
    // Clustered, directories and tiles in gzip, tiles of vectors.
    out.extend_from_slice(&[1, 2, 2, 1, min_zoom as u8, max_zoom as u8]);
    let mut place =
        |lon: f64, lat: f64| [lon, lat].iter().for_each(|degrees| out.extend_from_slice(&((degrees * 1e7).round() as i32).to_le_bytes()));
    place(bounds.min_x, bounds.min_y);
    place(bounds.max_x, bounds.max_y);
    let [lon, lat, zoom] = mvt::centre(bounds);
    out.push((zoom as u32).clamp(min_zoom, max_zoom) as u8);
    [lon, lat].iter().for_each(|degrees| out.extend_from_slice(&((degrees * 1e7).round() as i32).to_le_bytes()));
    debug_assert_eq!(out.len(), HEADER);
    out
}

/// What clients are told.
fn metadata(layers: &[Drawn<'_>], wish: &Wish, max_zoom: u32) -> Value {
    let layers = layers.iter().map(|Drawn { layer, properties, .. }| {
        let fields = mvt::fields(&layer.collection, properties.as_deref()).into_iter().map(|field| (field.name, json!(field.kind.plain())));
        json!({
            "id": layer.collection.id,
            "description": layer.collection.title.get(Lang::En),
            "minzoom": wish.min_zoom,
            "maxzoom": max_zoom,
            "fields": fields.collect::<Map<_, _>>(),
        })
    });
    let mut metadata = json!({
        "name": wish.title,
        "description": wish.description,
        "type": "overlay",
        "generator": concat!("harmattan ", env!("CARGO_PKG_VERSION")),
        "vector_layers": layers.collect::<Vec<_>>(),
    });
    if let Some(attribution) = &wish.attribution {
        metadata["attribution"] = json!(attribution);
    }
    metadata
}
