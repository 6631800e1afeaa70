//! The collection of a gazetteer.
//!
//! The packed gazetteer is searched by name where it lies; the rest of what a collection can be asked (boxes, conditions, orders, tiles)
//! needs a table. To make that of the embedded places takes part of a second and 60 MB, which no start should pay for and few
//! servers need: so the table is made by the first request that reads it, while what stands in descriptions (count, extent, span)
//! is known without it. `q` is answered by the index of the gazetteer, not by a second copy of all names.

use std::sync::{Arc, OnceLock};

use super::{About, Table};
use crate::{
    dataset::{features_of, time_of},
    gazetteer::{Atlas, Gazetteer},
    model::{Position, Rect, Schema},
};

/// The places of a gazetteer as a collection.
#[derive(Debug)]
pub struct World {
    atlas: Arc<Atlas>,
    schema: Schema,
    about: About,
    /// Radius in metres by rank.
    accuracy: Vec<(u32, i64)>,
    tables: OnceLock<[Arc<Table>; 1]>,
}

impl World {
    /// The places of `atlas`; `known` adds the accuracy of those that both have, by id and name.
    ///
    /// Cost: O(n) reads of positions, a millisecond for 300,000.
    pub fn new(atlas: Arc<Atlas>, schema: Schema, known: &Gazetteer) -> Self {
        let accuracy = known.iter().filter_map(|place| {
            let metres = i64::from(place.accuracy_m?);
            let spot = atlas.get(&place.id).filter(|spot| spot.name() == place.name)?;
            Some((spot.rank(), metres))
        });
        let mut accuracy = accuracy.collect::<Vec<_>>();
        accuracy.sort_unstable();
        let point = |Position { lon, lat }| Rect { min_x: lon, min_y: lat, max_x: lon, max_y: lat };
        let extent = atlas.iter().map(|spot| point(spot.position())).reduce(|sum, rect| sum.union(&rect));
        let times = if atlas.is_dated() { atlas.len() } else { 0 };
        let span = atlas.iter().take(times).filter_map(time_of).map(|time| [time.earliest_start.as_millis(), time.latest_end.as_millis()]);
        let count = u32::try_from(atlas.len()).unwrap_or(u32::MAX);
        let about = About {
            features: count,
            located: count,
            extent: extent.map(|Rect { min_x, min_y, max_x, max_y }| [min_x, min_y, max_x, max_y]),
            span: span.reduce(|[a, b], [start, end]| [a.min(start), b.max(end)]),
            arena: false,
        };
        Self { atlas, schema, about, accuracy, tables: OnceLock::new() }
    }

    pub(super) fn about(&self) -> &About {
        &self.about
    }

    pub(super) fn tables(&self) -> &[Arc<Table>] {
        self.tables.get_or_init(|| {
            let batch = features_of(&self.atlas, &self.schema, &self.accuracy);
            [Arc::new(Table::build(self.schema.clone(), batch, false).named_by(Arc::clone(&self.atlas)))]
        })
    }

    pub(super) fn is_of(&self, atlas: &Arc<Atlas>) -> bool {
        Arc::ptr_eq(&self.atlas, atlas)
    }

    /// Whether there is a place of this id; the table is not needed for it.
    pub(super) fn holds(&self, id: &str) -> bool {
        self.atlas.get(id).is_some()
    }
}
