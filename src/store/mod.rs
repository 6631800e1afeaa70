//! Where features are kept: whatever the backend, a request is answered by runs of positions and a count.
//!
//! [`Store`] is an enum so that every backend is listed here and nothing is looked up through a pointer. The memory store keeps
//! each view of a collection as a [`Table`]: fixed order, finished text, typed columns, binary geometry, an id index and a
//! spatial index. All of it is immutable: a new version of the data is a new store. The same tables can be written into one file
//! and mapped back: a [`Snapshot`].
//!
//! A collection may lie in a PostGIS database instead: its [`Source`] answers with pages as the memory store does.

mod clusters;
mod condition;
mod digits;
pub mod feature_text;
mod memory;
mod postgis;
mod selection;
mod snapshot;
mod sorted;
mod tables;
mod tally;
mod world;

use std::sync::Arc;

pub use clusters::{Cluster, Clusters};
pub use condition::{Facts, truth};
pub use memory::{About, Build, Compressor, Damage, Made, Marks, Packed, Piece, Row, Series, Table, Types};
pub use postgis::{
    Cells, Counted, Counts, Database, Fetched, Look, OpenError, Parts, PostgisError, Source, Tallied, ValueCounts, Wishes, is_address,
};
pub use selection::{Next, Page, Selection};
pub use snapshot::{Mapped, Snapshot, SnapshotError, Sums, map};
pub use sorted::sort_values;
pub use tables::Tables;
pub use tally::Tally;
pub use world::World;

pub use crate::model::Cell;
use sorted::Sorted;

use crate::{
    dataset::Prepared,
    gazetteer::Atlas,
    model::{Collection, Rect, when::Instant},
    query::{ClustersQuery, ItemsQuery, Start},
};

/// The data version: the hash of everything that the store holds, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(pub String);

/// A collection and the tables that hold its features, one for each of its views.
#[derive(Debug)]
pub struct Layer {
    /// What it is.
    pub collection: Collection,
    /// One table for each view, in the order of the collection's view names; one where it has no views.
    pub tables: Tables,
}

impl Layer {
    /// Builds the tables of a collection in memory.
    pub fn build(prepared: Prepared) -> Self {
        let Prepared { collection, views, arena } = prepared;
        let table = |batch| Arc::new(Table::build(collection.schema.clone(), batch, arena));
        Self { tables: views.into_iter().map(table).collect::<Vec<_>>().into(), collection }
    }

    /// The table of the default view.
    pub fn table(&self) -> &Arc<Table> {
        self.tables.first().expect("a layer is built with at least one table")
    }

    /// The table of the default view, unless it is yet to be made: then it has no finished text, whose size could be known.
    pub fn finished(&self) -> Option<&Arc<Table>> {
        match &self.tables {
            Tables::Made(tables) => tables.first(),
            Tables::World(_) | Tables::Database(_) => None,
        }
    }

    /// How many features the default view has.
    pub fn len(&self) -> u32 {
        self.tables.about().features
    }

    /// Whether the default view has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The smallest rectangle that holds every geometry of the default view, in degrees.
    pub fn extent(&self) -> Option<Rect> {
        self.tables.about().extent()
    }

    /// The smallest rectangle that holds every geometry of all views.
    pub fn whole_extent(&self) -> Option<Rect> {
        match &self.tables {
            Tables::Made(tables) => tables.iter().filter_map(|table| table.extent()).reduce(|a, b| a.union(&b)),
            Tables::World(_) | Tables::Database(_) => self.extent(),
        }
    }

    /// From the earliest possible start to the latest possible end of every feature's time, in the default view.
    pub fn span(&self) -> Option<(Instant, Instant)> {
        self.tables.about().span()
    }

    /// Whether the default view has a feature of this id.
    pub fn holds(&self, id: &str) -> bool {
        match &self.tables {
            Tables::Made(_) => self.table().find(id).is_some(),
            Tables::World(world) => world.holds(id),
            // It is told by those who ask it.
            Tables::Database(_) => false,
        }
    }

    /// Where its features are, where that is a database.
    #[inline]
    pub fn source(&self) -> Option<&Arc<Source>> {
        match &self.tables {
            Tables::Database(source) => Some(source),
            Tables::Made(_) | Tables::World(_) => None,
        }
    }

    /// Whether its features are the places of this gazetteer, all of them.
    pub fn is_of(&self, atlas: &Arc<Atlas>) -> bool {
        matches!(&self.tables, Tables::World(world) if world.is_of(atlas))
    }

    /// The features that a query asks for: one page and the count of all.
    pub fn items(&self, query: &ItemsQuery, version: &Version) -> Page {
        let table = &self.tables[query.view];
        if query.hits && query.text.is_none() && query.window.is_none() {
            return Page::counted(Arc::clone(table), table.count(&query.filter));
        }
        let mut selection = table.select(&query.filter);
        if let Some(window) = &query.window {
            selection = table.within(&selection, window, &query.filter.budget);
        }
        if let Some(text) = &query.text {
            selection = table.saying(&selection, text, &query.filter.budget);
        }
        if query.hits {
            return Page::counted(Arc::clone(table), selection.matched());
        }
        if let Some(sort) = &query.sort {
            let same = matches!(&query.start, Start::After(cursor) if cursor.version == version.0);
            return Sorted::new(table, sort).page(&selection, &query.start, same, query.limit);
        }
        let start = match &query.start {
            Start::First => selection.at(0),
            Start::Offset(offset) => selection.at(*offset),
            Start::After(cursor) if cursor.version == version.0 => cursor.position,
            Start::After(cursor) => table.position_after(&cursor.key),
        };
        Page::new(Arc::clone(table), &selection, start, query.limit)
    }

    /// The features that a query asks for, counted by the cells of a grid.
    pub fn clusters(&self, query: &ClustersQuery) -> Clusters<'_> {
        let (table, filter) = (&self.tables[query.items.view], &query.items.filter);
        let mut selection = table.select(filter);
        if let Some(text) = &query.items.text {
            selection = table.saying(&selection, text, &filter.budget);
        }
        table.clusters_of(&selection, filter.bbox.as_ref(), query.zoom, query.items.limit)
    }

    /// How many features of a selection stand before a position in the order that a query asks for.
    ///
    /// Cost: O(n) comparisons where that is not the order of the table.
    pub fn before(&self, query: &ItemsQuery, selection: &Selection, position: u32) -> u64 {
        match &query.sort {
            None => selection.before(position),
            Some(sort) => Sorted::new(&self.tables[query.view], sort).before(selection, position),
        }
    }

    /// One feature of a view.
    pub fn item(&self, view: usize, id: &str) -> Option<(Arc<Table>, u32)> {
        let table = &self.tables[view];
        table.find(id).map(|position| (Arc::clone(table), position))
    }
}

/// Where features are kept.
#[derive(Debug)]
pub enum Store {
    /// All in memory.
    Memory(Memory),
}

/// Everything in memory.
#[derive(Debug)]
pub struct Memory {
    /// Hash of the data.
    pub version: Version,
    /// In the order in which they are listed.
    pub layers: Vec<Layer>,
}

impl Store {
    /// Builds the tables of every collection in memory.
    pub fn memory(version: String, layers: Vec<Prepared>) -> Self {
        Self::of_layers(Version(version), layers.into_iter().map(Layer::build).collect())
    }

    /// Serves tables that are there already.
    pub fn of_layers(version: Version, layers: Vec<Layer>) -> Self {
        Self::Memory(Memory { version, layers })
    }

    /// The version of the data held.
    pub fn version(&self) -> &Version {
        let Self::Memory(memory) = self;
        &memory.version
    }

    /// Every layer, in the order in which they are listed.
    pub fn layers(&self) -> &[Layer] {
        let Self::Memory(memory) = self;
        &memory.layers
    }

    /// The layer of a collection.
    pub fn layer(&self, id: &str) -> Option<&Layer> {
        self.layers().iter().find(|layer| layer.collection.id == id)
    }
}
