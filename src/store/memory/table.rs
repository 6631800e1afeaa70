//! A table: features in one fixed order, and every way of asking for them.

use std::ops::Range;

use bytes::Bytes;

use super::{
    Cell,
    arena::Arena,
    blocks::{self, Blocks, Packed},
    columns::{Column, Texts},
    ids::Ids,
    index::{SpatialIndex, runs_of},
    order::{self, UNLOCATED},
    shapes::Shapes,
};
use crate::{
    model::{
        Feature, Geometry, Property, Rect, Schema,
        when::{Bounds, Instant},
    },
    query::{Certainty, Filter, Key, TimeFilter},
    store::{
        Selection,
        feature_text::{Offsets, write_feature},
    },
};

/// The features of one view of a collection, in their fixed order (along a Hilbert curve; the unlocated last).
#[derive(Debug)]
pub struct Table {
    schema: Schema,
    ranks: Vec<u64>,
    ids: Ids,
    columns: Vec<Column>,
    shapes: Shapes,
    times: Vec<Option<Bounds>>,
    /// How many features have a geometry: they are the first ones.
    located: u32,
    index: SpatialIndex,
    /// Finished text; tables that are rarely read whole do without, and are rendered from their columns.
    arena: Option<Arena>,
    /// The same text compressed, for gzip answers.
    blocks: Blocks,
}

/// A part of a page's text.
#[derive(Debug, Clone)]
pub enum Piece {
    /// The text of some features, a comma between each two.
    Text(Bytes),
    /// The same, compressed before.
    Packed(Packed),
}

impl Table {
    /// Puts features in order and builds every index. Their ids are unique and their values fit the schema: the data path has
    /// checked both.
    ///
    /// Cost: O(n log n) time.
    pub fn build(schema: Schema, features: Vec<Feature>, with_arena: bool) -> Self {
        let mut features = features.into_iter().map(located_only).map(|feature| (rank_of(&feature), feature)).collect::<Vec<_>>();
        features.sort_by(|(a_rank, a), (b_rank, b)| a_rank.cmp(b_rank).then_with(|| a.id.cmp(&b.id)));
        let count = u32::try_from(features.len()).expect("a table holds fewer than 2^32 features");

        let mut ids = Texts::default();
        let mut shapes = Shapes::default();
        let mut columns = schema.properties.iter().map(|property| Column::new(property.kind)).collect::<Vec<_>>();
        for (_, feature) in &features {
            ids.push(&feature.id);
            shapes.push(feature.geometry.as_ref());
            columns.iter_mut().zip(&feature.values).for_each(|(column, value)| column.push(value));
        }
        let ranks = features.iter().map(|(rank, _)| *rank).collect::<Vec<_>>();
        let located = ranks.partition_point(|rank| *rank < UNLOCATED) as u32;
        let mut table = Self {
            schema,
            ids: Ids::new(ids),
            columns,
            times: features.iter().map(|(_, feature)| feature.time).collect(),
            located,
            index: SpatialIndex::new(&shapes, located),
            shapes,
            ranks,
            arena: None,
            blocks: Blocks::default(),
        };
        if with_arena {
            let arena = Arena::build(count, |text, position| write_feature(text, &table.row(position)));
            table.blocks = Blocks::build(&arena, count);
            table.arena = Some(arena);
        }
        table
    }

    /// How many features there are.
    pub fn len(&self) -> u32 {
        self.ranks.len() as u32
    }

    /// Whether there is no feature.
    pub fn is_empty(&self) -> bool {
        self.ranks.is_empty()
    }

    /// The smallest rectangle that holds every geometry, in degrees.
    pub fn extent(&self) -> Option<Rect> {
        self.shapes.extent()
    }

    /// From the earliest possible start to the latest possible end of every feature's time.
    pub fn span(&self) -> Option<(Instant, Instant)> {
        self.times.iter().flatten().fold(None, |span, time| {
            let (start, end) = span.unwrap_or((time.earliest_start, time.latest_end));
            Some((start.min(time.earliest_start), end.max(time.latest_end)))
        })
    }

    /// The positions that a filter leaves, as runs, and how many they are.
    ///
    /// Features without geometry match every box, and features without time every time (OGC API – Features Part 1,
    /// `/req/core/fc-bbox-response` C and `/req/core/fc-time-response` C), unless certainty is asked for.
    pub fn select(&self, filter: &Filter) -> Selection {
        let mut runs = match &filter.bbox {
            None => std::iter::once(0..self.len()).collect(),
            Some(bbox) => {
                let mut runs = self.index.search(bbox, &self.shapes);
                runs.push(self.located..self.len());
                runs
            }
        };
        if let Some(time) = &filter.time {
            runs = runs_of(runs.into_iter().flatten().filter(|position| self.meets_time(*position, time)));
        }
        runs.retain(|run| !run.is_empty());
        Selection::new(runs)
    }

    /// How many features a filter leaves; without a time it costs less than to select them.
    pub fn count(&self, filter: &Filter) -> u64 {
        match filter {
            Filter { time: Some(_), .. } => self.select(filter).matched(),
            Filter { bbox: Some(bbox), time: None } => self.index.count(bbox, &self.shapes) + u64::from(self.len() - self.located),
            Filter { bbox: None, time: None } => u64::from(self.len()),
        }
    }

    fn meets_time(&self, position: u32, filter: &TimeFilter) -> bool {
        match (&self.times[position as usize], filter.certainty) {
            (None, certainty) => certainty == Certainty::Possible,
            (Some(time), Certainty::Possible) => time.possibly_overlaps(filter.from, filter.to),
            (Some(time), Certainty::Certain) => time.certainly_overlaps(filter.from, filter.to),
        }
    }

    /// The first position that stands after `key` in the order, whether or not the table holds it.
    pub fn position_after(&self, key: &Key) -> u32 {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if (self.ranks[middle as usize], self.ids.get(middle)) <= (key.rank, key.id.as_str()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// What a cursor keeps of a position.
    pub fn key(&self, position: u32) -> Key {
        Key { rank: self.ranks[position as usize], id: self.ids.get(position).to_owned() }
    }

    /// Where the feature with this id stands.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.ids.find(id)
    }

    /// One feature, read from the columns.
    pub fn row(&self, position: u32) -> Row<'_> {
        Row { table: self, position }
    }

    /// The GeoJSON of a run of features, a comma between each two; a slice of the arena where there is one.
    pub fn text(&self, run: &Range<u32>) -> Bytes {
        if let Some(arena) = &self.arena {
            return arena.run(run);
        }
        let mut text = Vec::new();
        for position in run.clone() {
            if position > run.start {
                text.push(b',');
            }
            write_feature(&mut text, &self.row(position));
        }
        text.into()
    }

    /// The same text in pieces, those compressed that are compressed already; between each two pieces a comma is missing.
    pub fn pieces(&self, run: &Range<u32>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        // From where on nothing is in a piece yet.
        let mut start = run.start;
        let first = run.start.div_ceil(blocks::FEATURES);
        for block in first..run.end / blocks::FEATURES {
            let Some(packed) = self.blocks.get(block) else { break };
            let from = block * blocks::FEATURES;
            if start < from {
                pieces.push(Piece::Text(self.text(&(start..from))));
            }
            pieces.push(Piece::Packed(packed.clone()));
            start = from + blocks::FEATURES;
        }
        if start < run.end {
            pieces.push(Piece::Text(self.text(&(start..run.end))));
        }
        pieces
    }

    /// The GeoJSON of one feature and where its parts stand.
    pub fn feature_text(&self, position: u32) -> (Bytes, Offsets) {
        if let Some(arena) = &self.arena {
            return (arena.run(&(position..position + 1)), arena.offsets(position));
        }
        let mut text = Vec::new();
        let offsets = write_feature(&mut text, &self.row(position));
        (text.into(), offsets)
    }
}

/// A geometry without coordinates stands for none (RFC 7946, clause 3.1).
fn located_only(mut feature: Feature) -> Feature {
    feature.geometry = feature.geometry.filter(|geometry| !geometry.is_empty());
    feature
}

fn rank_of(feature: &Feature) -> u64 {
    order::rank(feature.geometry.as_ref().and_then(Geometry::bounds))
}

/// One feature of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    position: u32,
}

impl<'a> Row<'a> {
    /// Its id.
    pub fn id(&self) -> &'a str {
        self.table.ids.get(self.position)
    }

    /// Its geometry.
    pub fn geometry(&self) -> Option<Geometry> {
        self.table.shapes.get(self.position)
    }

    /// Its geometry as ISO WKB.
    pub fn wkb(&self) -> Option<&'a [u8]> {
        self.table.shapes.wkb(self.position)
    }

    /// Its time.
    pub fn time(&self) -> Option<Bounds> {
        self.table.times[self.position as usize]
    }

    /// What its properties are.
    pub fn schema(&self) -> &'a Schema {
        &self.table.schema
    }

    /// Every property with its value, in the order of the schema.
    pub fn cells(&self) -> impl Iterator<Item = (&'a Property, Cell<'a>)> {
        let Self { table, position } = *self;
        table.schema.properties.iter().zip(table.columns.iter().map(move |column| column.get(position)))
    }

    /// The value of the property called `name`; `Null` where there is no such property.
    pub fn cell(&self, name: &str) -> Cell<'a> {
        self.table.schema.position(name).map_or(Cell::Null, |index| self.table.columns[index].get(self.position))
    }

    /// The text of the property called `name`, where it has one.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        match self.cell(name) {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }
}
