//! The web service: the only module that knows axum, addresses and status codes.
//!
//! `router` lists every resource on one screen. A handler extracts (`extract`), asks the store once, and renders; `layers` holds what
//! every request passes through, `problem` the one table from errors to status codes.

mod answer;
mod assets;
mod cache;
mod clusters;
mod coding;
mod collections;
mod conflicts;
mod conformance;
mod counts;
mod download;
mod download_database;
mod edge;
mod embed;
mod explain;
mod extract;
mod feed;
mod file_body;
mod functions;
mod health;
mod item;
mod items;
mod landing;
mod layer_definition;
mod layers;
mod links;
mod live;
mod map;
mod methods;
mod negotiate;
mod openapi;
mod openapi_conflicts;
mod openapi_places;
mod openapi_tiles;
mod places;
mod problem;
mod public_url;
mod queryables;
mod range;
mod reader;
mod reconcile;
mod schema;
mod sending;
mod serve;
mod tidy;
mod tile_matrix_sets;
mod tiles;
mod tilesets;

use std::sync::Arc;

use axum::{Router, routing::get};

use answer::{Digests, Modified};
pub use layers::service;
pub use live::Live;
pub use serve::{Shutdown, at_hangup, bind, serve, stop_signal};

use crate::{
    config::Settings,
    dataset::{Dataset, MapConfig, files},
    gazetteer::{Atlas, Gazetteer},
    store::{Layer, Look, Mapped, Snapshot, Store},
};

/// What the handlers share: the data, and how to serve it.
#[derive(Debug)]
pub struct App {
    /// The features.
    pub store: Store,
    /// The names that the data rest on.
    pub gazetteer: Gazetteer,
    /// The names that anybody may ask for: the world's, or those of a packed file.
    pub atlas: Arc<Atlas>,
    /// How the page shows them.
    pub map: MapConfig,
    /// How to serve them.
    pub settings: Settings,
    /// The file that holds the features, where it is mapped.
    pub mapped: Option<Mapped>,
    /// When it was last changed.
    modified: Option<Modified>,
    /// What names its answers.
    digests: Digests,
}

/// Every resource, in reading order.
fn router(live: Live) -> Router {
    Router::new()
        .route("/", get(landing::landing))
        .route("/embed", get(embed::embed))
        .route("/conformance", get(conformance::conformance))
        .route("/api", get(openapi::document))
        .route("/functions", get(functions::list))
        .route("/collections", get(collections::list))
        .route("/collections/{collection}", get(collections::one))
        .route("/collections/{collection}/schema", get(schema::schema))
        .route("/collections/{collection}/schema/feature", get(schema::feature))
        .route("/collections/{collection}/queryables", get(queryables::queryables))
        .route("/collections/{collection}/sortables", get(schema::sortables))
        .route("/collections/{collection}/items", get(items::items))
        .route("/collections/{collection}/download", get(download::download))
        .route("/collections/{collection}/layer.qlr", get(layer_definition::definition))
        .route("/collections/{collection}/conflicts", get(conflicts::conflicts))
        .route("/collections/{collection}/clusters", get(clusters::clusters))
        .route("/collections/{collection}/counts", get(counts::counts))
        .route("/collections/{collection}/items/{feature}", get(item::item))
        .route("/collections/{collection}/tiles", get(tilesets::of_collection))
        .route("/collections/{collection}/tiles/{set}", get(tilesets::one_of_collection))
        .route("/collections/{collection}/tiles/{set}/{zoom}/{row}/{column}", get(tiles::of_collection))
        .route("/tiles", get(tilesets::of_data_set))
        .route("/tiles/{set}", get(tilesets::one_of_data_set))
        .route("/tiles/{set}/{zoom}/{row}/{column}", get(tiles::of_data_set))
        .route("/tileMatrixSets", get(tile_matrix_sets::list))
        .route("/tileMatrixSets/{set}", get(tile_matrix_sets::one))
        .route("/places/search", get(places::search))
        .route("/places/suggest", get(places::suggest))
        .route("/places/reverse", get(places::reverse))
        .route("/places/{id}", get(places::place))
        .route("/reconcile", get(reconcile::service).post(reconcile::post))
        .route("/reconcile/suggest/{what}", get(reconcile::suggest))
        .route("/reconcile/flyout/{what}", get(reconcile::flyout))
        .route("/reconcile/preview", get(reconcile::preview))
        .route("/reconcile/extend/propose", get(reconcile::propose))
        .route("/map.json", get(map::config))
        .route("/assets/{*path}", get(assets::asset))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .with_state(live)
}

impl App {
    /// Puts a data set into the memory store and shares it.
    pub fn new(data: Dataset, settings: Settings) -> Self {
        let layers = data.layers.into_iter().map(|prepared| places::layer(prepared, &data.gazetteer)).collect();
        let store = Store::of_layers(places::version(&data.version, &Atlas::world()), layers);
        Self::of_store(store, data.gazetteer, data.atlas, data.map, settings, None)
    }

    /// What a store is served with. The places of a gazetteer that is not the embedded one become its collection `places`.
    fn of_store(store: Store, gazetteer: Gazetteer, atlas: Arc<Atlas>, map: MapConfig, settings: Settings, mapped: Option<Mapped>) -> Self {
        let is_embedded = Arc::ptr_eq(&Atlas::world(), &atlas);
        let store = if is_embedded { store } else { places::store_with(store, &atlas, &gazetteer) };
        let modified = settings.modified.and_then(Modified::of);
        let digests = Digests::new(&store.version().0, &settings);
        Self { store, gazetteer, atlas, map, settings, mapped, modified, digests }
    }

    /// Shares the tables of a database; of the data set `base` the gazetteer is served beside them, and its collection ([`Dataset::names`]).
    pub fn of_database(look: Look, base: Dataset, settings: Settings) -> Self {
        let Look { version, mut layers, plan, .. } = look;
        let tables = layers.iter().filter_map(|layer| Some((layer.source()?.outside(), u64::from(layer.len())))).collect::<Vec<_>>();
        let extent = layers.iter().filter_map(Layer::extent).reduce(|a, b| a.union(&b));
        let spans = layers.iter().filter_map(|layer| layer.source()?.known_span());
        let span = spans.reduce(|(a, b), (start, end)| (a.min(start), b.max(end)));
        let map = plan.page(&tables, extent, span, &base.map);
        let own = base.layers.into_iter().filter(|layer| layer.collection.id == files::PLACES);
        layers.extend(own.map(|prepared| places::layer(prepared, &base.gazetteer)));
        let store = Store::of_layers(places::version(&version.0, &Atlas::world()), layers);
        // What a table holds may be changed at any time: no answer has a date.
        Self::of_store(store, base.gazetteer, base.atlas, map, Settings { modified: None, ..settings }, None)
    }

    /// Shares an open snapshot; of the data set `base` the gazetteer is served beside it, and its collection ([`Dataset::names`]).
    pub fn of_snapshot(snapshot: Snapshot, base: Dataset, settings: Settings) -> Self {
        let Snapshot { version, mut layers, map, mapped, .. } = snapshot;
        let own = base.layers.into_iter().filter(|layer| layer.collection.id == files::PLACES);
        layers.extend(own.map(|prepared| places::layer(prepared, &base.gazetteer)));
        let store = Store::of_layers(places::version(&version.0, &Atlas::world()), layers);
        Self::of_store(store, base.gazetteer, base.atlas, map, settings, mapped)
    }
}
