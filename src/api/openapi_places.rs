//! The part of the interface's description that tells of the gazetteer: `/places` and `/reconcile`.

use serde_json::{Map, Value, json};

use super::{App, negotiate::FEATURES_ONLY, openapi::operation};

/// The errors of what may be asked wrongly, and of what may not be there.
const ERRORS: [&str; 1] = ["400"];
const MISSING: [&str; 2] = ["400", "404"];

/// Adds the paths of the gazetteer.
pub(super) fn add(paths: &mut Map<String, Value>) {
    let mut add = |path: &str, item: Value| paths.insert(path.to_owned(), item);
    let get = |operation: Value| json!({ "get": operation });
    let places = |id, summary, names: &[&str]| get(operation(id, summary, "Places", names, &ERRORS, FEATURES_ONLY[0].media));
    let by_name = ["q", "country", "place-bbox", "near", "class", "year", "suggest-limit", "lang"];
    add("/places/search", places("search", "Places by name, every way it may be meant, best first", &by_name));
    add("/places/suggest", places("suggest", "Places by name, as it is typed", &by_name));
    add("/places/reverse", places("reverse", "Places near a point, nearest first", &["lon", "lat", "suggest-limit"]));
    let mut place = operation("place", "A place with all its names", "Places", &["placeId", "f-place"], &MISSING, "application/geo+json");
    place["responses"]["200"]["content"] = json!({
        "application/geo+json": { "schema": { "$ref": "#/components/schemas/feature" } },
        "application/ld+json": { "schema": { "type": "object" } },
        "application/vnd.linked-places+json": { "schema": { "type": "object" } },
    });
    add("/places/{id}", get(place));
    let reconcile =
        |id, summary, names: &[&str], errors: &[&str]| operation(id, summary, "Reconciliation", names, errors, "application/json");
    let service = reconcile(
        "reconcile",
        "The description of the reconciliation service (Reconciliation API 0.2); with queries or extend the answer to them",
        &["queries", "extend"],
        &ERRORS,
    );
    let mut post = reconcile("reconcilePost", "The same for batches that are too long for an address", &[], &["400", "413"]);
    post["requestBody"] = json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": {
        "type": "object",
        "properties": { "queries": { "type": "string" }, "extend": { "type": "string" } },
        "example": { "queries": QUERIES },
    } } } });
    add("/reconcile", json!({ "get": service, "post": post }));
    add(
        "/reconcile/suggest/{what}",
        get(reconcile("reconcileSuggest", "Places, types or properties that begin so", &["what", "prefix", "suggest-limit"], &MISSING)),
    );
    add(
        "/reconcile/flyout/{what}",
        get(reconcile("reconcileFlyout", "A place, type or property in a few lines of HTML", &["what", "id"], &MISSING)),
    );
    let mut preview =
        operation("reconcilePreview", "A page on a place, made to be framed", "Reconciliation", &["id"], &MISSING, "text/html");
    preview["responses"]["200"]["content"]["text/html"]["schema"] = json!({ "type": "string" });
    add("/reconcile/preview", get(preview));
    add("/reconcile/extend/propose", get(reconcile("reconcilePropose", "The properties whose values can be fetched", &["type"], &ERRORS)));
}

/// A batch of one query.
const QUERIES: &str = r#"{"q0":{"query":"Menaka"}}"#;

/// The parameters that only the gazetteer has.
pub(super) fn parameters(app: &App) -> Map<String, Value> {
    // Whatever gazetteer is served, its first place is there.

    let id = app.atlas.iter().next().map(|spot| spot.id().to_string());
    let plain = |name: &str, place: &str, required: bool, description: &str, schema: Value| json!({ "name": name, "in": place, "required": required, "description": description, "schema": schema });
    let query = |name: &str, description: &str, schema: Value| plain(name, "query", false, description, schema);
    let needed = |name: &str, description: &str, schema: Value| plain(name, "query", true, description, schema);
    let list = |mut parameter: Value| {
        parameter["style"] = json!("form");
        parameter["explode"] = json!(false);
        parameter
    };
    let numbers = |example: &[f64], least: usize, most: usize| json!({ "type": "array", "items": { "type": "number" }, "minItems": least, "maxItems": most, "example": example });
    let degrees = |most: i32, example: f64| json!({ "type": "number", "minimum": -most, "maximum": most, "example": example });
    let all = [
        (
            "country",
            query(
                "country",
                "Country that the place should lie in: ISO 3166-1 alpha-2 code.",
                json!({ "type": "string", "example": "ML" }),
            ),
        ),
        (
            "place-bbox",
            list(query(
                "bbox",
                "Box that the place should lie in: west, south, east, north in degrees.",
                numbers(&[-12.3, 10.1, 4.3, 25.0], 4, 6),
            )),
        ),
        (
            "near",
            list(query("near", "Point that the place should be near: longitude, latitude in degrees.", numbers(&[-0.04, 16.27], 2, 2))),
        ),
        (
            "class",
            query(
                "class",
                "Kind of place: settlement, camp, region, country or other; or the source's own word, or the beginning of it.",
                json!({ "type": "string", "example": "settlement" }),
            ),
        ),
        (
            "year",
            query(
                "year",
                "Year in which the place existed.",
                json!({ "type": "integer", "minimum": -32768, "maximum": 32767, "example": 2023 }),
            ),
        ),
        ("lon", needed("lon", "Longitude in degrees.", degrees(180, -0.04))),
        ("lat", needed("lat", "Latitude in degrees.", degrees(90, 16.27))),
        ("placeId", plain("id", "path", true, "Id of a place.", json!({ "type": "string", "example": id }))),
        ("id", needed("id", "Id of a place; of a type or property where these are asked for.", json!({ "type": "string", "example": id }))),
        ("f-place", query("f", "Form of the answer; else Accept decides.", json!({ "type": "string", "enum": ["json", "jsonld", "lpf"] }))),
        (
            "queries",
            query("queries", "Batch of queries: a JSON object of them, by keys of yours.", json!({ "type": "string", "example": QUERIES })),
        ),
        (
            "extend",
            query(
                "extend",
                "Values to fetch: a JSON object of ids and properties.",
                json!({ "type": "string", "example": json!({ "ids": [id], "properties": [{ "id": "country" }] }).to_string() }),
            ),
        ),
        (
            "what",
            plain(
                "what",
                "path",
                true,
                "What is asked for.",
                json!({ "type": "string", "enum": ["entity", "type", "property"], "example": "entity" }),
            ),
        ),
        ("prefix", query("prefix", "Its first letters.", json!({ "type": "string", "example": "Mena" }))),
        ("type", query("type", "Type of the places.", json!({ "type": "string", "example": "settlement" }))),
    ];
    all.into_iter().map(|(key, parameter)| (key.to_owned(), parameter)).collect()
}
