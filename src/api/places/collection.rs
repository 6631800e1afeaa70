//! The gazetteer as the collection `places`.

use std::sync::{Arc, OnceLock};

use crate::{
    dataset::{Prepared, files::PLACES},
    gazetteer::{Atlas, Gazetteer},
    model::Text,
    store::{Layer, Store, Tables, Version, World},
};

/// Places beyond which a gazetteer is searched by name only: a table of more would take more than half a gigabyte.
const MOST: usize = 2_000_000;

/// A collection ready to be served: in the place of the data set's own places stand those of the world.
///
/// All services of a process share the table, since the description of the places is the same for all.
pub(in crate::api) fn layer(prepared: Prepared, known: &Gazetteer) -> Layer {
    static SHARED: OnceLock<Arc<World>> = OnceLock::new();
    if prepared.collection.id != PLACES {
        return Layer::build(prepared);
    }
    let schema = prepared.collection.schema.clone();
    let world = SHARED.get_or_init(|| Arc::new(World::new(Atlas::world(), schema, known)));
    Layer { collection: prepared.collection, tables: Tables::World(Arc::clone(world)) }
}

/// The store with the places of another gazetteer, unless they are too many for a table: then no collection has them.
pub(in crate::api) fn store_with(store: Store, atlas: &Arc<Atlas>, known: &Gazetteer) -> Store {
    let Store::Memory(memory) = store;
    let mut layers = memory.layers;
    if atlas.len() > MOST {
        layers.retain(|layer| layer.collection.id != PLACES);
    }
    for layer in layers.iter_mut().filter(|layer| layer.collection.id == PLACES) {
        let collection = &mut layer.collection;
        collection.description = Text::plain(format!("Places of the gazetteer that this service was given: {}", atlas.about()));
        collection.attribution = None;
        collection.licence = None;
        collection.keywords = vec!["gazetteer".to_owned()];
        layer.tables = Tables::World(Arc::new(World::new(Arc::clone(atlas), collection.schema.clone(), known)));
    }
    Store::of_layers(version(&memory.version.0, atlas), layers)
}

/// The version of some data and a gazetteer: another one where either is another.
pub(in crate::api) fn version(data: &str, atlas: &Atlas) -> Version {
    Version(format!("{data}{:08x}", atlas.sum()))
}
