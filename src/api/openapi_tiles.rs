//! The part of the interface's description that tells of tiles (OGC API – Tiles Part 1, clause 14).

use serde_json::{Map, Value, json};

use super::{App, tile_matrix_sets, tiles};
use crate::{formats::mvt, model::Tile, query::TileQuery};

/// What stands behind a tile set's address for one of its tiles.
const TILE: &str = "/{tileMatrix}/{tileRow}/{tileCol}";
/// The same for its own address.
const SET: &str = "/{tileMatrixSetId}";

/// Adds the paths of tiles.
pub(super) fn add(paths: &mut Map<String, Value>, app: &App) {
    let mut add = |path: String, operation: Value| paths.insert(path, json!({ "get": operation }));
    add("/tileMatrixSets".into(), operation("getTileMatrixSetsList", "Tile matrix sets", "Tiles", &["f", "lang"], false));
    add(
        format!("/tileMatrixSets{SET}"),
        operation("getTileMatrixSet", "How the world is divided", "Tiles", &["tileMatrixSetId", "f", "lang"], false),
    );
    add("/tiles".into(), operation("dataset.vector.getTileSetsList", "Tile sets of all collections", "Tiles", &["f", "lang"], false));
    let asked = tiles::parameters();
    add(
        format!("/tiles{SET}"),
        operation(
            "dataset.vector.getTileSet",
            "A tile set",
            "Tiles",
            &[&["tileMatrixSetId", "f-tileset", "lang"], &asked[..]].concat(),
            false,
        ),
    );
    add(format!("/tiles{SET}{TILE}"), operation("dataset.vector.getTile", "A tile", "Tiles", &[&PATH, &asked[..]].concat(), true));
    // One description for all collections: what only tile clients read need not stand once for each.
    let views = app.store.layers().iter().filter_map(|layer| layer.collection.views.as_ref()).map(|views| views.parameter.as_str());
    let mut asked = TileQuery::COMMON.to_vec();
    for view in views {
        if !asked.contains(&view) {
            asked.push(view);
        }
    }
    let of = |more: &[&'static str]| [&["collectionId"], more, &asked[..]].concat();
    add(
        "/collections/{collectionId}/tiles".into(),
        operation("collection.vector.getTileSetsList", "Tile sets of a collection", "Tiles", &["collectionId", "f", "lang"], false),
    );
    let set = operation(
        "collection.vector.getTileSet",
        "A tile set of a collection",
        "Tiles",
        &of(&["tileMatrixSetId", "f-tileset", "lang"]),
        false,
    );
    add(format!("/collections/{{collectionId}}/tiles{SET}"), set);
    add(
        format!("/collections/{{collectionId}}/tiles{SET}{TILE}"),
        operation("collection.vector.getTile", "A tile of a collection", "Tiles", &of(&PATH), true),
    );
}

/// The parameters of a tile's path.
const PATH: [&str; 5] = ["tileMatrixSetId", "tileMatrix", "tileRow", "tileCol", "f-tile"];

/// The parameters that only tiles have.
pub(super) fn parameters() -> Value {
    let path = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "path", "required": true, "description": description, "schema": schema });
    let form = |names: &[&str]| json!({ "name": "f", "in": "query", "required": false, "description": "Form of the answer; else Accept decides.", "schema": { "type": "string", "enum": names } });
    let number = || json!({ "type": "integer", "minimum": 0 });
    json!({
        "tileMatrixSetId": path("tileMatrixSetId", "How the world is divided.", json!({ "type": "string", "enum": [tile_matrix_sets::ID] })),
        "tileMatrix": path("tileMatrix", "Zoom, from 0.", json!({ "type": "string", "enum": (0..=Tile::MOST_ZOOM).map(|zoom| zoom.to_string()).collect::<Vec<_>>() })),
        "tileRow": path("tileRow", "Row from the north.", number()),
        "tileCol": path("tileCol", "Column from the west.", number()),
        "collections": json!({ "name": "collections", "in": "query", "required": false, "description": "The collections drawn, as a list of ids or addresses, in the order in which they are drawn.", "style": "form", "explode": false,
            "schema": { "type": "array", "items": { "type": "string" } } }),
        "subset": json!({ "name": "subset", "in": "query", "required": false, "description": "The same as datetime, as datetime(\"low\":\"high\"); an end may be *.",
            "schema": { "type": "string", "example": "datetime(\"2023-10-01\":*)" } }),
        "f-tile": form(&["mvt"]),
        "f-tileset": form(&["json", "tilejson", "html"]),
    })
}

fn operation(id: &str, summary: &str, tag: &str, parameters: &[&str], is_tile: bool) -> Value {
    let parameters = parameters.iter().map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })).collect::<Vec<_>>();
    let problem = json!({ "$ref": "#/components/responses/problem" });
    let content = match is_tile {
        true => json!({ (mvt::MEDIA): { "schema": { "type": "string", "format": "binary" } } }),
        false => json!({ "application/json": { "schema": { "type": "object" } }, "text/html": { "schema": { "type": "string" } } }),
    };
    let mut responses = json!({ "200": { "description": summary, "content": content }, "304": { "description": "Not modified: the tag that the client named is current" } });
    if is_tile {
        responses["204"] = json!({ "description": "Nothing is on the tile" });
    }
    for status in ["400", "404", "406", "500", "503"] {
        responses[status] = problem.clone();
    }
    json!({ "operationId": id, "summary": summary, "tags": [tag], "parameters": parameters, "responses": responses })
}
