//! `/collections/{id}/tiles`, `/tiles` and the tile set below each: what tiles there are (OGC API – Tiles Part 1, clauses 8 to 10), and
//! the same as TileJSON 3.0 for the clients that read it.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::{Map, Value, json};

use super::{
    App,
    answer::Answer,
    collections::layer,
    extract::{Ask, Path},
    links::self_and_alternates,
    negotiate::{DOCUMENT, Form, Offer, TILESET},
    problem::Problem,
    tile_matrix_sets::{self, CRS, ID, URI},
    tiles,
};
use crate::{
    formats::{Link, html, mvt, query_string, segment},
    model::{Collection, GeometryKind, Lang, Rect, Tile, TileRange},
    query::{CRS84, TileQuery},
    store::Layer,
};

/// The zoom beyond which clients enlarge tiles: a unit of a tile is 4 cm there.
const MOST_NEEDED: u32 = 18;

/// Relation of a set of tiles to the collection that it draws.
const DATA: &str = "http://www.opengis.net/def/rel/ogc/1.0/geodata";
/// The same to the data set.
const DATA_SET: &str = "http://www.opengis.net/def/rel/ogc/1.0/dataset";

/// What a set of tiles draws.
struct Set<'a> {
    title: String,
    description: String,
    attribution: Option<String>,
    /// Path of the list that it is in.
    path: String,
    /// The one collection that it draws; nothing where it draws the data set.
    collection: Option<&'a Collection>,
    layers: Vec<&'a Layer>,
}

pub(super) async fn of_collection(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(DOCUMENT, &[])?;
    Ok(list(&app, &ask, &offer, &of(layer)))
}

pub(super) async fn of_data_set(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(DOCUMENT, &[])?;
    let set = of_all(&app, tiles::chosen(&app, &ask)?);
    Ok(list(&app, &ask, &offer, &set))
}

pub(super) async fn one_of_collection(
    State(app): State<Arc<App>>,
    Path((id, set)): Path<(String, String)>,
    ask: Ask,
) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    tile_matrix_sets::known(&set)?;
    let offer = ask.form(TILESET, &TileQuery::parameters(&layer.collection))?;
    TileQuery::parse(&ask.params, &layer.collection)?;
    Ok(one(&app, &ask, &offer, &of(layer)))
}

pub(super) async fn one_of_data_set(State(app): State<Arc<App>>, Path(set): Path<String>, ask: Ask) -> Result<Response, Problem> {
    tile_matrix_sets::known(&set)?;
    let set = of_all(&app, tiles::chosen(&app, &ask)?);
    let offer = ask.form(TILESET, &tiles::parameters_of(&set.layers))?;
    tiles::questions(&set.layers, &ask.params)?;
    Ok(one(&app, &ask, &offer, &set))
}

fn of(layer: &Layer) -> Set<'_> {
    let collection = &layer.collection;
    Set {
        title: collection.title.get(Lang::En).to_owned(),
        description: collection.description.get(Lang::En).to_owned(),
        attribution: collection.attribution.clone(),
        path: format!("/collections/{}/tiles", segment(&collection.id)),
        collection: Some(collection),
        layers: vec![layer],
    }
}

fn of_all<'a>(app: &App, layers: Vec<&'a Layer>) -> Set<'a> {
    Set {
        title: app.map.title.get(Lang::En).to_owned(),
        description: app.map.lede.get(Lang::En).to_owned(),
        attribution: Some(app.map.credits()).filter(|credits| !credits.is_empty()),
        path: "/tiles".to_owned(),
        collection: None,
        layers,
    }
}

fn list(app: &App, ask: &Ask, offer: &Offer, set: &Set<'_>) -> Response {
    let links = self_and_alternates(ask, offer, DOCUMENT);
    let answer = Answer::new(app, ask, offer, "").links(&links);
    let document = || json!({ "links": links, "tilesets": [set.summary(ask, "")] });
    match offer.form {
        Form::Html => answer.send(|| html::tile_sets(&ask.page(app, links.clone()), set.collection, &document())),
        _ => answer.send(|| document().to_string()),
    }
}

fn one(app: &App, ask: &Ask, offer: &Offer, set: &Set<'_>) -> Response {
    let links = self_and_alternates(ask, offer, TILESET);
    // What is asked of the set is asked of its tiles.
    let asked = query_string(ask.params.iter().filter(|(name, _)| !["f", "lang"].contains(name)));
    let answer = Answer::new(app, ask, offer, &asked).links(&links);
    match (offer.form, offer.name) {
        (Form::Html, _) => answer.send(|| html::tile_set(&ask.page(app, links.clone()), set.collection, &set.metadata(ask, &asked))),
        (_, "tilejson") => answer.send(|| set.tile_json(ask, &asked).to_string()),
        _ => answer.send(|| set.metadata(ask, &asked).to_string()),
    }
}

impl Set<'_> {
    /// What a list says of it; `asked` is the question that its tiles carry on.
    fn summary(&self, ask: &Ask, asked: &str) -> Value {
        let own = format!("{}{}/{ID}", ask.base, self.path);
        let (rel, origin) = if self.path == "/tiles" { (DATA_SET, "/") } else { (DATA, self.path.trim_end_matches("/tiles")) };
        let data = Link::new(rel, ask.url(origin));
        let scheme = ask.url(&format!("/tileMatrixSets/{ID}"));
        let tiles = format!("{own}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{asked}{}f=mvt", if asked.is_empty() { '?' } else { '&' });
        json!({
            "title": self.title,
            "dataType": "vector",
            "crs": CRS,
            "tileMatrixSetId": ID,
            "tileMatrixSetURI": URI,
            "links": [
                { "rel": "self", "type": "application/json", "title": "This tile set", "href": format!("{own}{asked}") },
                { "rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", "type": "application/json", "title": "How the world is divided", "href": scheme },
                { "rel": "item", "type": mvt::MEDIA, "title": "Tiles", "templated": true, "href": tiles },
                data.media("application/json").title("The data"),
            ],
        })
    }

    /// The metadata of the set (OGC 17-083r4, clause 7).
    fn metadata(&self, ask: &Ask, asked: &str) -> Value {
        let mut document = self.summary(ask, asked);
        document["description"] = json!(self.description);
        if let Some(attribution) = &self.attribution {
            document["attribution"] = json!(attribution);
        }
        if let Some(Rect { min_x, min_y, max_x, max_y }) = self.extent() {
            document["boundingBox"] = json!({ "lowerLeft": [min_x, min_y], "upperRight": [max_x, max_y], "crs": CRS84 });
            let [lon, lat, zoom] = self.centre();
            document["centerPoint"] = json!({ "coordinates": [lon, lat], "crs": CRS84, "tileMatrix": format!("{zoom:.0}") });
        }
        let limits = (0..=Tile::MOST_ZOOM).filter_map(|zoom| {
            let TileRange { rows, columns } = tiles::limits(&self.layers, zoom)?;
            Some(json!({ "tileMatrix": zoom.to_string(), "minTileRow": rows.start(), "maxTileRow": rows.end(), "minTileCol": columns.start(), "maxTileCol": columns.end() }))
        });
        let limits = limits.collect::<Vec<_>>();
        if !limits.is_empty() {
            document["tileMatrixSetLimits"] = limits.into();
        }
        document["layers"] = self.layers.iter().map(|layer| described(ask, &layer.collection)).collect();
        document
    }

    /// The set as TileJSON 3.0.
    fn tile_json(&self, ask: &Ask, asked: &str) -> Value {
        let tiles = format!("{}{}/{ID}/{{z}}/{{y}}/{{x}}{asked}", ask.base, self.path);
        let layers = self.layers.iter().map(|layer| {
            let fields = mvt::fields(&layer.collection, None).into_iter().map(|field| (field.name, json!(field.title)));
            json!({ "id": layer.collection.id, "description": layer.collection.title.get(Lang::En), "minzoom": 0, "maxzoom": MOST_NEEDED, "fields": fields.collect::<Map<_, _>>() })
        });
        let bounds = self.bounds();
        json!({
            "tilejson": "3.0.0",
            "name": self.title,
            "description": self.description,
            "attribution": self.attribution.as_deref().unwrap_or_default(),
            "scheme": "xyz",
            "tiles": [tiles],
            "minzoom": 0,
            "maxzoom": MOST_NEEDED,
            "bounds": [bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y],
            "center": self.centre(),
            "vector_layers": layers.collect::<Vec<_>>(),
        })
    }

    fn extent(&self) -> Option<Rect> {
        self.layers.iter().filter_map(|layer| layer.whole_extent()).reduce(|a, b| a.union(&b))
    }

    /// The extent as far as the map reaches; all of it where nothing has a place.
    fn bounds(&self) -> Rect {
        mvt::bounds(self.extent())
    }

    /// Where a map that shows everything may start: longitude and latitude in degrees, zoom.
    fn centre(&self) -> [f64; 3] {
        mvt::centre(&self.bounds())
    }
}

/// What a layer of the tiles holds (OGC 17-083r4, clause 7: GeospatialData).
fn described(ask: &Ask, collection: &Collection) -> Value {
    let property = |field: mvt::Field| (field.name, json!({ "type": field.kind.json(), "title": field.title }));
    let properties = mvt::fields(collection, None).into_iter().map(property).collect::<Map<_, _>>();
    let data = ask.url(&format!("/collections/{}", segment(&collection.id)));
    let mut layer = json!({
        "id": collection.id,
        "title": collection.title.get(Lang::En),
        "description": collection.description.get(Lang::En),
        "dataType": "vector",
        "propertiesSchema": { "type": "object", "properties": properties },
        "links": [Link::new(DATA, data).media("application/json")],
    });
    if collection.geometry == GeometryKind::Point {
        layer["geometryDimension"] = json!(0);
    }
    if let Some(attribution) = &collection.attribution {
        layer["attribution"] = json!(attribution);
    }
    layer
}

const _: () = assert!(MOST_NEEDED <= Tile::MOST_ZOOM);
