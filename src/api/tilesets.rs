//! `/collections/{id}/tiles`, `/tiles` and the tile set below each: what tiles there are (OGC API – Tiles Part 1, clauses 8 to 10), and
//! the same as TileJSON 3.0 for the clients that read it.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{
    App,
    answer::Answer,
    collections::layer,
    extract::Ask,
    links::self_and_alternates,
    negotiate::{JSON_ONLY, Offer, TILESET},
    problem::Problem,
    tile_matrix_sets::{self, CRS, ID, URI},
    tiles,
};
use crate::{
    formats::{mvt, query_string, segment},
    model::{GeometryKind, Kind, Lang, Rect, Tile},
    query::{CRS84, TileQuery},
    store::Layer,
};

/// The zoom beyond which clients enlarge tiles: a unit of a tile is 4 cm there.
const MOST_NEEDED: u32 = 18;

/// What a set of tiles draws.
struct Set<'a> {
    title: String,
    description: String,
    attribution: Option<String>,
    /// Path of the list that it is in.
    path: String,
    layers: Vec<&'a Layer>,
}

pub(super) async fn of_collection(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(JSON_ONLY, &[])?;
    Ok(list(&app, &ask, &offer, &of(layer)))
}

pub(super) async fn of_data_set(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(JSON_ONLY, &[])?;
    let set = of_all(&app, tiles::chosen(&app, &ask.params)?);
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
    let offer = ask.form(TILESET, &tiles::PARAMETERS)?;
    let set = of_all(&app, tiles::chosen(&app, &ask.params)?);
    for layer in &set.layers {
        TileQuery::parse(&ask.params.without("collections"), &layer.collection)?;
    }
    Ok(one(&app, &ask, &offer, &set))
}

fn of(layer: &Layer) -> Set<'_> {
    let collection = &layer.collection;
    Set {
        title: collection.title.get(Lang::En).to_owned(),
        description: collection.description.get(Lang::En).to_owned(),
        attribution: collection.attribution.clone(),
        path: format!("/collections/{}/tiles", segment(&collection.id)),
        layers: vec![layer],
    }
}

fn of_all<'a>(app: &App, layers: Vec<&'a Layer>) -> Set<'a> {
    Set {
        title: app.map.title.get(Lang::En).to_owned(),
        description: app.map.lede.get(Lang::En).to_owned(),
        attribution: Some(app.map.credits()).filter(|credits| !credits.is_empty()),
        path: "/tiles".to_owned(),
        layers,
    }
}

fn list(app: &App, ask: &Ask, offer: &Offer, set: &Set<'_>) -> Response {
    let links = self_and_alternates(ask, offer, JSON_ONLY);
    Answer::new(app, ask, offer, "").links(&links).send(|| json!({ "links": links, "tilesets": [set.summary(ask, "")] }).to_string())
}

fn one(app: &App, ask: &Ask, offer: &Offer, set: &Set<'_>) -> Response {
    let links = self_and_alternates(ask, offer, TILESET);
    // What is asked of the set is asked of its tiles.
    let asked = query_string(ask.params.iter().filter(|(name, _)| !["f", "lang"].contains(name)));
    Answer::new(app, ask, offer, &asked).links(&links).send(|| {
        let document = if offer.name == "tilejson" { set.tile_json(ask, &asked) } else { set.metadata(ask, &asked) };
        document.to_string()
    })
}

impl Set<'_> {
    /// What a list says of it; `asked` is the question that its tiles carry on.
    fn summary(&self, ask: &Ask, asked: &str) -> Value {
        let own = format!("{}{}/{ID}", ask.base, self.path);
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
        }
        let layers = self.layers.iter().map(|layer| {
            let properties = layer.collection.schema.properties.iter();
            let properties = properties
                .map(|property| (property.name.clone(), json!({ "type": type_of(property.kind), "title": property.title.get(Lang::En) })));
            json!({
                "id": layer.collection.id,
                "title": layer.collection.title.get(Lang::En),
                "dataType": "vector",
                "geometryDimension": (layer.collection.geometry == GeometryKind::Point).then_some(0),
                "propertiesSchema": { "type": "object", "properties": properties.collect::<Map<_, _>>() },
            })
        });
        document["layers"] = layers.collect();
        document
    }

    /// The set as TileJSON 3.0.
    fn tile_json(&self, ask: &Ask, asked: &str) -> Value {
        let tiles = format!("{}{}/{ID}/{{z}}/{{y}}/{{x}}{asked}", ask.base, self.path);
        let layers = self.layers.iter().map(|layer| {
            let fields = layer.collection.schema.properties.iter().map(|property| (property.name.clone(), json!(property.title.get(Lang::En))));
            json!({ "id": layer.collection.id, "description": layer.collection.title.get(Lang::En), "minzoom": 0, "maxzoom": MOST_NEEDED, "fields": fields.collect::<Map<_, _>>() })
        });
        let bounds = self.extent().map(|rect| [rect.min_x, rect.min_y, rect.max_x, rect.max_y]);
        json!({
            "tilejson": "3.0.0",
            "name": self.title,
            "description": self.description,
            "attribution": self.attribution.as_deref().unwrap_or_default(),
            "scheme": "xyz",
            "tiles": [tiles],
            "minzoom": 0,
            "maxzoom": MOST_NEEDED,
            "bounds": bounds.unwrap_or([-180.0, -85.051_129, 180.0, 85.051_129]),
            "vector_layers": layers.collect::<Vec<_>>(),
        })
    }

    fn extent(&self) -> Option<Rect> {
        self.layers.iter().filter_map(|layer| layer.table().extent()).reduce(|a, b| a.union(&b))
    }
}

/// The JSON type of a property as tiles have it: lists and structures are text there.
fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Text | Kind::Date | Kind::Timestamp | Kind::Edtf | Kind::Uri | Kind::List | Kind::Json => "string",
    }
}

const _: () = assert!(MOST_NEEDED <= Tile::MOST_ZOOM);
