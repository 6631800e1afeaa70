//! FlatGeobuf 3: magic bytes, header, index, features, each table with its size before it.
//!
//! The tables are read by the crate and verified; the frames around them are read here, since the crate's reader reserves
//! whatever a size claims (up to 4 GiB) and panics at an index it cannot measure. The index is of no use to who reads all.

mod columns;
mod geometry;
#[cfg(test)]
mod tests;

use std::{
    io::{self, BufRead},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use ::flatgeobuf::{Crs, GeometryType, size_prefixed_root_as_feature, size_prefixed_root_as_header};

use super::{
    MOST_BYTES, UNDEFINED,
    fault::{Rule, Spot},
    record::{Decode, Item, Record, Sink, Stop, push},
    scan::Framed,
};

use columns::Columns;

/// The first bytes: `fgb`, the version, `fgb` and the patch level, which may be any.
const MAGIC: [u8; 7] = *b"fgb\x03fgb";

/// Longest header, in bytes.
const MOST_HEADER: usize = 16 << 20;

/// Shortest table, in bytes: where its root is, and where the root's fields are.
const LEAST: u32 = 8;

/// Bytes of a node of the index: four edges and an offset.
const NODE: u64 = 40;

/// Why the rest of the file is not read.
enum End {
    Stop(Stop),
    Fault(Spot, Rule),
}

impl<E: Into<Stop>> From<E> for End {
    fn from(stop: E) -> Self {
        Self::Stop(stop.into())
    }
}

/// A fault of the file as a whole, at a byte of it.
fn lost(byte: u64, rule: Rule) -> End {
    End::Fault(Spot { byte: Some(byte), ..Spot::default() }, rule)
}

/// Damage, in words.
fn damaged(what: impl Into<String>) -> Rule {
    Rule::Damaged(what.into())
}

/// What the verifier found, without the path to it.
fn invalid(error: &impl ToString) -> Rule {
    damaged(error.to_string().lines().next().unwrap_or_default().trim_end_matches('.'))
}

/// Reads a file.
pub(super) fn read(stream: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Stop> {
    match file(&mut Frames { stream, offset: 0 }, sink) {
        Ok(()) => Ok(()),
        Err(End::Stop(stop)) => Err(stop),
        Err(End::Fault(spot, rule)) => push(sink, Item::Fault(spot, rule)),
    }
}

fn file(frames: &mut Frames<'_>, sink: &mut Sink<'_>) -> Result<(), End> {
    if frames.is_end()? {
        return Err(End::Fault(Spot::default(), Rule::Empty));
    }
    frames.magic()?;
    let start = frames.offset;
    let mut header = Vec::new();
    match frames.frame(&mut header, MOST_HEADER)? {
        Frame::Size(size) => return Err(lost(start, damaged(format!("a header of {size} bytes")))),
        Frame::Framed(Framed::TooLong) => return Err(lost(start, damaged(format!("its header is longer than {} MiB", MOST_HEADER >> 20)))),
        Frame::Framed(Framed::CutShort) => return Err(lost(frames.offset, damaged("it ends inside the header"))),
        Frame::Framed(Framed::Whole) => {}
    }
    let header = size_prefixed_root_as_header(&header).map_err(|error| lost(start, invalid(&error)))?;
    let system = header.crs().map_or(Ok(None), |crs| system(&crs))?;
    if system.is_none() && header.crs().is_none_or(|crs| crs.code() == 0 && crs.code_string().or(crs.name()).or(crs.wkt()).is_none()) {
        push(sink, Item::Note(UNDEFINED.to_owned()))?;
    }
    system.iter().try_for_each(|system| super::tell_of(system, sink))?;
    let columns = Columns::new(header.columns().iter().flatten()).map_err(|rule| lost(start, rule))?;
    let index = index_size(header.features_count(), header.index_node_size())
        .ok_or_else(|| lost(start, damaged("its header claims an index that no file can hold")))?;
    if !frames.skip(index)? {
        return Err(lost(frames.offset, damaged(format!("it ends inside the index, which has {index} bytes"))));
    }
    let (kind, count) = (header.geometry_type(), header.features_count());
    let decoder = Decoder { columns, kind, system, told: Told::default() };
    if decoder.columns.has_binary() {
        decoder.binary(sink)?;
    }
    let decode: Decode = Arc::new(move |table: &[u8], spot, sink: &mut Sink<'_>| decoder.feature(table, spot, sink));
    Features { frames, decode, count, sink }.read()
}

/// Bytes of the index of nodes of `fan` children; `None` where they are beyond counting.
fn index_size(features: u64, fan: u16) -> Option<u64> {
    let (mut level, fan) = (features, u64::from(fan));
    if level == 0 || fan == 0 {
        return Some(0);
    }
    if fan == 1 {
        // It would never come to an end.
        return None;
    }
    let mut nodes = level;
    loop {
        level = level.div_ceil(fan);
        nodes = nodes.checked_add(level)?;
        if level == 1 {
            return nodes.checked_mul(NODE);
        }
    }
}

/// The system of the coordinates, which are stored east first; none where they are longitude and latitude on WGS 84, or it says nothing.
/// Without an organization a code is one of EPSG's; without a code the definition counts.
fn system(crs: &Crs<'_>) -> Result<Option<crate::model::Crs>, Stop> {
    let text = |text: Option<&str>| text.unwrap_or_default().trim().to_owned();
    let (organization, mut code) = (text(crs.org()).to_ascii_uppercase(), text(crs.code_string()));
    if code.is_empty() && crs.code() != 0 {
        code = crs.code().to_string();
    }
    let organization = if organization.is_empty() { "EPSG".to_owned() } else { organization };
    let (name, wkt) = (text(crs.name()), text(crs.wkt()));
    let named = match (code.as_str(), name.as_str(), wkt.as_str()) {
        ("", "", "") => return Ok(None),
        ("", "", wkt) => wkt.to_owned(),
        ("", name, _) => name.to_owned(),
        (code, "", _) => format!("{organization}:{code}"),
        (code, name, _) => format!("{organization}:{code} ({name})"),
    };
    // A number that is not known here may be defined beside it; what defines another system does not count.
    let is_same = wkt.contains(&format!("\"{code}\"")) || wkt.contains(&format!(",{code}]"));
    let definitions = match code.is_empty() {
        true => vec![wkt],
        false => std::iter::once(format!("{organization}:{code}")).chain(Some(wkt).filter(|_| is_same)).collect(),
    };
    let system = definitions.iter().find_map(|definition| definition.parse::<crate::model::Crs>().ok());
    let system = system.ok_or_else(|| Stop::System(named.chars().take(200).collect()))?;
    Ok(Some(system).filter(|system| !system.is_wgs84()))
}

/// The features, after the index.
struct Features<'a, 'f, 's> {
    frames: &'a mut Frames<'f>,
    decode: Decode,
    /// How many the header counts; 0 where it does not.
    count: u64,
    sink: &'a mut Sink<'s>,
}

impl Features<'_, '_, '_> {
    fn read(self) -> Result<(), End> {
        let mut table = Vec::new();
        for record in 1.. {
            let start = self.frames.offset;
            let (before, count) = (record - 1, self.count);
            if self.frames.is_end()? {
                let missing = || lost(start, damaged(format!("it ends after {before} of the {count} features that its header counts")));
                return if before < count { Err(missing()) } else { Ok(()) };
            }
            if count > 0 && before == count {
                return Err(lost(start, damaged(format!("it goes on after the {count} features that its header counts"))));
            }
            let spot = Spot { record, line: 0, byte: Some(start) };
            // Most tables are whole in what is read at once, and taken from there.
            if let Some(whole) = self.frames.whole()? {
                let length = whole.len();
                push(self.sink, Item::Frame { spot, bytes: whole, decode: &self.decode })?;
                self.frames.pass(length);
                continue;
            }
            match self.frames.frame(&mut table, MOST_BYTES)? {
                Frame::Size(size) => {
                    return Err(End::Fault(spot, damaged(format!("a feature of {size} bytes: none after it can be found"))));
                }
                Frame::Framed(Framed::CutShort) => return Err(End::Fault(spot, damaged("it ends inside the feature"))),
                Frame::Framed(Framed::TooLong) => push(self.sink, Item::Fault(spot, Rule::TooLong))?,
                Frame::Framed(Framed::Whole) => push(self.sink, Item::Frame { spot, bytes: &table, decode: &self.decode })?,
            }
        }
        Ok(())
    }
}

/// What reads the table of a feature.
struct Decoder {
    columns: Columns,
    /// The type of every geometry, unless it is unknown.
    kind: GeometryType,
    /// The system of the coordinates, where they are not longitude and latitude.
    system: Option<crate::model::Crs>,
    /// What has been said of the whole file: once is enough, by whichever thread.
    told: Told,
}

#[derive(Default)]
struct Told {
    measures: AtomicBool,
    binary: AtomicBool,
}

impl Decoder {
    /// Pushes the feature of a table.
    fn feature(&self, table: &[u8], spot: Spot, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let feature = match size_prefixed_root_as_feature(table) {
            Ok(feature) => feature,
            Err(error) => return push(sink, Item::Fault(spot, invalid(&error))),
        };
        // A feature may bring columns of its own.
        let own = feature.columns().filter(|columns| !columns.is_empty()).map(|columns| Columns::new(columns.iter())).transpose();
        let own = match own {
            Ok(own) => own,
            Err(rule) => return push(sink, Item::Fault(spot, rule)),
        };
        if own.as_ref().is_some_and(Columns::has_binary) {
            self.binary(sink)?;
        }
        let geometry = feature.geometry().map(|geometry| geometry::read(geometry, self.kind, self.system.as_ref(), table.len()));
        let (geometry, has_measures) = match geometry.transpose() {
            Ok(read) => read.unwrap_or_default(),
            Err(rule) => return push(sink, Item::Fault(spot, rule)),
        };
        if has_measures && !self.told.measures.swap(true, Ordering::Relaxed) {
            push(sink, Item::Note("measures of positions (M) and their times are left out".to_owned()))?;
        }
        let bytes = feature.properties().map_or(&[][..], |properties| properties.bytes());
        let item = match own.as_ref().unwrap_or(&self.columns).read(bytes) {
            Ok(properties) => Item::Record(Record { spot, id: None, geometry, place: None, properties }),
            Err(rule) => Item::Fault(spot, rule),
        };
        push(sink, item)
    }

    fn binary(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        if self.told.binary.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        push(sink, Item::Note("columns of binary data are left out".to_owned()))
    }
}

/// A table with its size before it.
enum Frame {
    /// As it was asked for.
    Framed(Framed),
    /// A size that no table can have.
    Size(u32),
}

/// The bytes of the file, and how many of them are read.
struct Frames<'a> {
    stream: &'a mut dyn BufRead,
    offset: u64,
}

impl Frames<'_> {
    fn magic(&mut self) -> Result<(), End> {
        let mut bytes = Vec::new();
        let is_whole = self.keep(MAGIC.len() + 1, &mut bytes)?;
        if bytes.len() >= MAGIC.len() && bytes[..3] == MAGIC[..3] && bytes[4..7] == MAGIC[4..] && bytes[3] != MAGIC[3] {
            return Err(lost(3, Rule::Expected { expected: "FlatGeobuf of version 3", found: format!("version {}", bytes[3]) }));
        }
        let known = bytes.len().min(MAGIC.len());
        if bytes[..known] != MAGIC[..known] {
            let found = format!("\"{}\"", bytes.escape_ascii());
            return Err(lost(0, Rule::Expected { expected: "\"fgb\", with which FlatGeobuf begins", found }));
        }
        if is_whole { Ok(()) } else { Err(lost(self.offset, damaged("it ends inside its first 8 bytes"))) }
    }

    fn is_end(&mut self) -> io::Result<bool> {
        Ok(self.stream.fill_buf()?.is_empty())
    }

    /// The next table with its size before it, where all of it is there already and is of a size that a table can have.
    fn whole(&mut self) -> io::Result<Option<&[u8]>> {
        let chunk = self.stream.fill_buf()?;
        let size = chunk.first_chunk().map(|size| u32::from_le_bytes(*size)).filter(|size| *size >= LEAST);
        Ok(size.filter(|size| *size as usize <= MOST_BYTES).and_then(|size| chunk.get(..size_of::<u32>() + size as usize)))
    }

    /// Moves past bytes that are there already.
    fn pass(&mut self, count: usize) {
        self.stream.consume(count);
        self.offset += count as u64;
    }

    /// Puts the next table into `table`, with its size before it.
    fn frame(&mut self, table: &mut Vec<u8>, most: usize) -> io::Result<Frame> {
        table.clear();
        if !self.keep(size_of::<u32>(), table)? {
            return Ok(Frame::Framed(Framed::CutShort));
        }
        let size = u32::from_le_bytes([table[0], table[1], table[2], table[3]]);
        if size < LEAST {
            return Ok(Frame::Size(size));
        }
        let (is_long, size) = (u64::from(size) > most as u64, size as usize);
        let is_whole = if is_long { self.skip(size as u64)? } else { self.keep(size, table)? };
        Ok(Frame::Framed(match (is_whole, is_long) {
            (_, true) => Framed::TooLong,
            (true, false) => Framed::Whole,
            (false, false) => Framed::CutShort,
        }))
    }

    /// Adds the next `count` bytes to `kept`, which grows with what there is; `false` where there are fewer.
    fn keep(&mut self, count: usize, kept: &mut Vec<u8>) -> io::Result<bool> {
        self.advance(count as u64, |bytes| kept.extend_from_slice(bytes))
    }

    fn skip(&mut self, count: u64) -> io::Result<bool> {
        self.advance(count, |_| {})
    }

    fn advance(&mut self, count: u64, mut each: impl FnMut(&[u8])) -> io::Result<bool> {
        let mut left = count;
        while left > 0 {
            let chunk = self.stream.fill_buf()?;
            if chunk.is_empty() {
                return Ok(false);
            }
            let used = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
            each(&chunk[..used]);
            self.stream.consume(used);
            self.offset += used as u64;
            left -= used as u64;
        }
        Ok(true)
    }
}
