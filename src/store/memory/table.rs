//! A table: features in one fixed order, and every way of asking for them.

use std::ops::Range;

use bytes::Bytes;

use super::{
    arena::Arena,
    blocks::{self, Packed},
    columns::Column,
    ids::Ids,
    index::{SpatialIndex, runs_of},
    order,
    row::Row,
    scan::{self, Scan},
    sections::{Damage, Part, Sections, Sink, Target},
    series::Series,
    shapes::Shapes,
    times::Times,
    types::Types,
    within,
    words::Words,
};
use crate::{
    model::{Cell, Rect, Schema, when::Instant},
    query::{Budget, Filter, Key, TextQuery, Window},
    store::{
        Selection,
        feature_text::{Keys, Offsets, write_feature},
    },
};

/// The features of one view of a collection, in their fixed order (along a Hilbert curve; the unlocated last).
#[derive(Debug)]
pub struct Table {
    pub(super) schema: Schema,
    pub(super) about: About,
    /// The properties' names as they stand in text.
    pub(super) keys: Keys,
    pub(super) ids: Ids,
    pub(super) columns: Vec<Column>,
    pub(super) shapes: Shapes,
    pub(super) times: Times,
    pub(super) index: SpatialIndex,
    /// Finished text; tables that are rarely read whole do without, and are rendered from their columns.
    pub(super) arena: Option<Arena>,
    /// Made as words are looked for.
    pub(super) words: Words,
}

/// What is known of a table without a look at its sections.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct About {
    /// How many features it has.
    pub features: u32,
    /// How many of them have a geometry: they are the first ones.
    pub located: u32,
    /// West, south, east and north edge of all of them, in degrees.
    pub extent: Option<[f64; 4]>,
    /// Earliest possible start and latest possible end of their times, in milliseconds since 1970.
    pub span: Option<[i64; 2]>,
    /// Whether finished text is kept.
    pub arena: bool,
}

impl About {
    pub(in crate::store) fn extent(&self) -> Option<Rect> {
        self.extent.map(|[min_x, min_y, max_x, max_y]| Rect { min_x, min_y, max_x, max_y })
    }

    pub(in crate::store) fn span(&self) -> Option<(Instant, Instant)> {
        self.span.map(|[start, end]| (Instant::from_millis(start), Instant::from_millis(end)))
    }
}

/// A part of a page's text.
#[derive(Debug, Clone)]
pub enum Piece {
    /// The text of some features, a comma between each two.
    Text(Bytes),
    /// The text of some features compressed before, a comma after each.
    Packed(Packed),
}

impl Table {
    /// The table that is in some sections.
    ///
    /// # Errors
    /// When a section is missing or has another length than the table needs. What stands in them is not read.
    pub(in crate::store) fn open(schema: Schema, about: About, part: &Part<'_>) -> Result<Self, Damage> {
        if about.located > about.features {
            return Err(Damage::Description(format!("{} of {} features have a geometry", about.located, about.features)));
        }
        let count = about.features as usize;
        let arena = about.arena.then(|| Arena::open(part, about.features)).transpose()?;
        let properties = schema.properties.iter().enumerate();
        let columns = properties.map(|(index, property)| Column::open(part, &within::name(index), property.kind, count, arena.as_ref()));
        Ok(Self {
            ids: Ids::open(part, count)?,
            columns: columns.collect::<Result<_, _>>()?,
            shapes: Shapes::open(part, about.located as usize)?,
            times: Times::open(part, count)?,
            index: SpatialIndex::open(part, about.located)?,
            arena,
            keys: Keys::new(&schema),
            schema,
            words: Words::of(about.features),
            about,
        })
    }

    /// What is known of it without a look at its sections.
    pub(in crate::store) fn about(&self) -> &About {
        &self.about
    }

    /// How many features there are.
    pub fn len(&self) -> u32 {
        self.about.features
    }

    /// Whether there is no feature.
    pub fn is_empty(&self) -> bool {
        self.about.features == 0
    }

    /// How many features have a geometry: they are the first ones.
    pub fn located(&self) -> u32 {
        self.about.located
    }

    /// The box of the shape at a position, which is a located one.
    pub(super) fn bounds(&self, position: u32) -> Rect {
        self.shapes.bounds(position)
    }

    /// Which types of geometry there are.
    ///
    /// Cost: O(n) when it is first asked of a table that has something else than points.
    pub fn types(&self) -> Types {
        if self.located() == 0 { Types::default() } else { self.shapes.types() }
    }

    /// How many features have no geometry: they are the last ones.
    pub fn unlocated(&self) -> u32 {
        self.len() - self.about.located
    }

    /// The JSON types of the values of one property, each once, in the order in which they appear; values that are not known aside.
    ///
    /// Cost: O(n), and only where the property is one of lists or structures.
    pub fn json_types(&self, index: usize) -> Vec<&'static str> {
        let mut types = Vec::new();
        for position in 0..self.len() {
            let Cell::Json(text) = self.row(position).cell_at(index) else { continue };
            let kind = match text.as_bytes().first() {
                Some(b'{') => "object",
                Some(b'[') => "array",
                Some(b'"') => "string",
                Some(b't' | b'f') => "boolean",
                _ => "number",
            };
            if !types.contains(&kind) {
                types.push(kind);
            }
        }
        types
    }

    /// The smallest rectangle that holds every geometry, in degrees.
    pub fn extent(&self) -> Option<Rect> {
        self.about.extent()
    }

    /// The smallest rectangle that holds the geometries of what a filter leaves, in degrees.
    ///
    /// Cost: O(n) for n features that are left.
    pub fn extent_of(&self, filter: &Filter) -> Option<Rect> {
        let selection = self.select(filter);
        let positions = selection.runs().iter().cloned().flatten().filter(|position| *position < self.located());
        positions.map(|position| self.bounds(position)).reduce(|sum, rect| sum.union(&rect))
    }

    /// From the earliest possible start to the latest possible end of every feature's time.
    pub fn span(&self) -> Option<(Instant, Instant)> {
        self.about.span()
    }

    /// The positions that a filter leaves, as runs, and how many they are.
    ///
    /// Features without geometry match every box, and features without time every time (OGC API – Features Part 1,
    /// `/req/core/fc-bbox-response` C and `/req/core/fc-time-response` C), unless certainty is asked for.
    pub fn select(&self, filter: &Filter) -> Selection {
        let (runs, scan) = self.plan(filter);
        match scan {
            Some(scan) => scan.select(runs, &filter.budget),
            None => Selection::new(runs),
        }
    }

    /// The positions that the index leaves of a filter, as runs that are not empty, and what is to be asked of each.
    fn plan<'t>(&'t self, filter: &'t Filter) -> (Vec<Range<u32>>, Option<Scan<'t>>) {
        let mut runs = match &filter.bbox {
            None => std::iter::once(0..self.len()).collect(),
            Some(bbox) => {
                let mut runs = self.index.search(bbox, &self.shapes);
                runs.push(self.about.located..self.len());
                runs
            }
        };
        let mut scans = filter.time.iter().map(|time| Scan::Overlaps(&self.times, *time)).collect::<Vec<_>>();
        if let Some(condition) = &filter.expr {
            let (reach, scan) = scan::plan(self, condition, &filter.budget);
            if let Some(reach) = reach {
                runs = scan::common(&runs, &reach);
            }
            scans.push(scan);
        }
        runs.retain(|run| !run.is_empty());
        (runs, (!scans.is_empty()).then(|| Scan::chain(true, scans)))
    }

    /// What of a selection meets a box of another reference system, or has no geometry. O(n) conversions for n of the selection.
    pub fn within(&self, selection: &Selection, window: &Window, budget: &Budget) -> Selection {
        let meets = |position: &u32| {
            *position >= self.about.located || self.row(*position).geometry().is_some_and(|geometry| window.meets(&geometry))
        };
        let positions = selection.runs().iter().cloned().flatten();
        let allowed = positions.enumerate().take_while(|(looked, _)| looked % 64 != 0 || budget.allows(64));
        Selection::new(runs_of(allowed.map(|(_, position)| position).filter(meets)))
    }

    /// What of a selection says some words.
    pub fn saying(&self, selection: &Selection, text: &TextQuery, budget: &Budget) -> Selection {
        Selection::new(runs_of(self.words.find(self, selection.runs(), text, budget)))
    }

    /// How many features a filter leaves: it costs less than to select them.
    pub fn count(&self, filter: &Filter) -> u64 {
        match filter {
            Filter { time: Some(_), .. } | Filter { expr: Some(_), .. } => {
                let (runs, scan) = self.plan(filter);
                scan.expect("a time or a condition is something to ask").count(&runs, &filter.budget)
            }
            Filter { bbox: Some(bbox), .. } => self.index.count(bbox, &self.shapes) + u64::from(self.len() - self.about.located),
            Filter { bbox: None, .. } => u64::from(self.len()),
        }
    }

    /// The place of a position along the curve; the features after the last located one share the last place.
    pub fn rank(&self, position: u32) -> u64 {
        order::rank((position < self.about.located).then(|| self.shapes.bounds(position)))
    }

    /// Builds the spatial index once more, in memory of its own, and says how many bytes it has: for measuring it by itself.
    #[doc(hidden)]
    pub fn index_anew(&self) -> (usize, impl Sized + use<>) {
        let mut sections = Sections::default();
        let index = SpatialIndex::write(&self.shapes, &mut Sink::new(Target::Memory(&mut sections), String::new()));
        (sections.size(), (index.expect("memory takes every byte"), sections))
    }

    /// The first position that stands after `key` in the order, whether or not the table holds it.
    pub fn position_after(&self, key: &Key) -> u32 {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if (self.rank(middle), self.ids.get(middle)) <= (key.rank, key.id.as_str()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// What a cursor keeps of a position.
    pub fn key(&self, position: u32) -> Key {
        Key { rank: self.rank(position), id: self.ids.get(position).to_owned() }
    }

    /// Where the feature with this id stands.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.ids.find(id)
    }

    /// One feature, read from the columns.
    pub fn row(&self, position: u32) -> Row<'_> {
        Row::new(self, position)
    }

    /// The values of the property at this position of the schema; `None` where there is no such property.
    pub fn series(&self, index: usize) -> Option<Series<'_>> {
        self.columns.get(index).map(Series::new)
    }

    /// The GeoJSON of a run of features, a comma between each two; a slice of the arena where there is one.
    pub fn text(&self, run: &Range<u32>) -> Bytes {
        if let Some(arena) = &self.arena {
            return arena.run(run);
        }
        let mut text = Vec::new();
        self.write_run(&mut text, run);
        text.into()
    }

    /// Writes the GeoJSON of a run of features from the columns.
    fn write_run(&self, text: &mut Vec<u8>, run: &Range<u32>) {
        for position in run.clone() {
            if position > run.start {
                text.push(b',');
            }
            write_feature(text, &self.row(position));
        }
    }

    /// The GeoJSON of some runs of features, a comma between each two of a run: some text, and where in it each run stands. Where finished
    /// text is kept, all places are looked up one after another with nothing between, so that their waits for memory overlap.
    pub fn texts(&self, runs: &[Range<u32>]) -> (Bytes, Vec<Range<usize>>) {
        if let Some(arena) = &self.arena {
            return arena.places(runs);
        }
        let mut text = Vec::new();
        let place = |run: &Range<u32>| {
            let start = text.len();
            self.write_run(&mut text, run);
            start..text.len()
        };
        let places = runs.iter().map(place).collect();
        (text.into(), places)
    }

    /// About how many bytes of GeoJSON a run of features takes; exact where finished text is kept.
    pub fn text_size(&self, run: &Range<u32>) -> u64 {
        match &self.arena {
            Some(arena) => arena.size(run),
            None => run.clone().map(|position| self.row(position).text_size()).sum(),
        }
    }

    /// How many bytes of GeoJSON a run of features takes with a comma after each, where finished text is kept.
    pub fn exact_size(&self, run: &Range<u32>) -> Option<u64> {
        self.arena.as_ref().map(|arena| arena.size(run))
    }

    /// The same text in pieces: what was compressed already ends with a comma, so that a piece of text ends the run where it is the `last`.
    pub fn pieces(&self, run: &Range<u32>, last: bool) -> Vec<Piece> {
        let text = |run: Range<u32>| (!run.is_empty()).then(|| Piece::Text(self.text(&run)));
        let blocks = run.start.div_ceil(blocks::FEATURES)..(run.end - u32::from(last && !run.is_empty())) / blocks::FEATURES;
        let packed = self.arena.as_ref().and_then(|arena| arena.blocks.get(&blocks, arena));
        match packed {
            None => text(run.clone()).into_iter().collect(),
            Some(packed) => {
                let (before, after) = (run.start..blocks.start * blocks::FEATURES, blocks.end * blocks::FEATURES..run.end);
                text(before).into_iter().chain([Piece::Packed(packed)]).chain(text(after)).collect()
            }
        }
    }

    /// The GeoJSON of one feature and where its parts stand.
    pub fn feature_text(&self, position: u32) -> (Bytes, Offsets) {
        if let Some(arena) = &self.arena {
            let text = arena.run(&(position..position + 1));
            let close = text.len().saturating_sub(1) as u32;
            return (text, Offsets { close });
        }
        let mut text = Vec::new();
        let offsets = write_feature(&mut text, &self.row(position));
        (text.into(), offsets)
    }
}
