//! `/api`: the interface as OpenAPI 3.0 (OGC API – Features Part 1, clause 9), self-contained, lean: shared parameters, and the concrete
//! paths per collection that clients look for.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::{Map, Value, json};

use super::{
    App,
    answer::Answer,
    conflicts,
    extract::Ask,
    links::self_and_alternates,
    negotiate::{DOWNLOADS, FEATURE, FEATURES, Form, OPENAPI, Offer},
    openapi_conflicts, openapi_places, openapi_tiles,
    problem::{self, Problem},
    queryables,
};
use crate::{
    formats::{Encoding, csv::CsvGeometry, geojson, html, jsonfg::PROFILES, qlr, segment},
    model::{Collection, Lang},
    query::{CRS84, Certainty, ClustersQuery, CountsQuery, FILTER_LANGS, ItemsQuery, Shape, filter::Queryable, parameter_queryables},
};

pub(super) async fn document(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(OPENAPI, &[])?;
    let links = self_and_alternates(&ask, &offer, OPENAPI);
    let answer = Answer::new(&app, &ask, &offer, "").links(&links);
    Ok(match offer.form {
        Form::Html => answer.send(|| html::api(&ask.page(&app, links), &describe(&app, &ask.base))),
        _ => answer.send(|| describe(&app, &ask.base).to_string()),
    })
}

/// The whole document; `base` is the server's address.
fn describe(app: &App, base: &str) -> Value {
    let mut paths = Map::new();
    let mut add = |path: String, operation: Value| paths.insert(path, json!({ "get": operation }));
    let html_or_json = &["f", "lang"][..];
    add("/".into(), operation("landing", "The landing page; for people, the map", "Service", html_or_json, &["400"], "application/json"));
    add("/embed".into(), operation("embed", "The map, for a frame in another page", "Service", &["lang"], &["400"], "text/html"));
    add("/conformance".into(), operation("conformance", "Conformance classes", "Service", html_or_json, &["400"], "application/json"));
    add("/api".into(), operation("api", "This description", "Service", html_or_json, &["400"], OPENAPI[0].media));
    add("/collections".into(), operation("collections", "All collections", "Collections", html_or_json, &["400"], "application/json"));
    add("/functions".into(), operation("functions", "Functions that filters may call", "Service", &[], &["400"], "application/json"));
    add(
        "/map.json".into(),
        operation("map", "How the map shows the data; of this program, no standard has it", "Service", &[], &["400"], "application/json"),
    );
    add("/healthz".into(), operation("alive", "Whether the program runs", "Service", &[], &[], "application/json"));
    add("/readyz".into(), operation("ready", "Whether it serves, and which version of the data", "Service", &[], &[], "application/json"));
    // Clients look for the concrete paths of a collection and its features; what only people read stands once for all of them.
    for (path, id, summary) in SCHEMAS {
        let schema = operation(id, summary, "Collections", &["collectionId", "lang"], &["400", "404"], "application/schema+json");
        add(format!("/collections/{{collectionId}}/{path}"), schema);
    }
    add("/collections/{collectionId}/clusters".into(), clusters(app));
    add("/collections/{collectionId}/counts".into(), counts(app));
    add("/collections/{collectionId}/download".into(), download(app));
    let qgis = operation(
        "layerDefinition",
        "The collection as a layer of QGIS",
        "Collections",
        &["collectionId", "lang"],
        &["400", "404"],
        qlr::MEDIA,
    );
    add("/collections/{collectionId}/layer.qlr".into(), qgis);
    for layer in app.store.layers() {
        let collection = &layer.collection;
        let (id, name) = (segment(&collection.id), collection.title.get(Lang::En));
        let title = |what: &str| format!("{name}: {what}");
        let of = |what: &str| format!("{}.{what}", collection.id);
        let describe = operation(&of("collection"), &title("description"), name, html_or_json, &["400", "404"], "application/json");
        add(format!("/collections/{id}"), describe);
        let names = ItemsQuery::own_parameters(collection);
        let names = names.iter().copied().map(parameter_key).chain(Encoding::PARAMETERS).chain(["f-items", "lang"]).collect::<Vec<_>>();
        let mut items = operation(&of("items"), &title("features"), name, &names, &["400", "404"], FEATURES[0].media);
        if let Some(parameters) = items["parameters"].as_array_mut() {
            parameters.extend(parameter_queryables(collection).iter().map(|queryable| of_queryable(queryable, collection)));
        }
        add(format!("/collections/{id}/items"), items);
        if conflicts::claims(app, layer).is_some() {
            add(format!("/collections/{id}/conflicts"), openapi_conflicts::operation(&of("conflicts"), collection));
        }
        let names =
            ["featureId"].into_iter().chain(Shape::PARAMETERS).chain(collection.views.as_ref().map(|views| views.parameter.as_str()));
        let names = names.chain(["profile", "f-item", "lang"]).collect::<Vec<_>>();
        let item = operation(&of("item"), &title("one feature"), name, &names, &["400", "404"], FEATURES[0].media);
        add(format!("/collections/{id}/items/{{featureId}}"), item);
    }
    openapi_tiles::add(&mut paths, app);
    openapi_places::add(&mut paths);
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": app.map.title.get(Lang::En),
            "description": app.map.lede.get(Lang::En),
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0 (program); each collection names its own licence" },
        },
        "servers": [{ "url": base }],
        "paths": paths,
        "components": {
            "parameters": parameters(app),
            "schemas": schemas(),
            "responses": { "features": { "description": "Features", "content": contents(FEATURES) }, "problem": { "description": "What was wrong, and the rule", "content": { (problem::MEDIA): { "schema": { "$ref": "#/components/schemas/problem" } } } } },
        },
    })
}

/// Counts likewise.
fn counts(app: &App) -> Value {
    let mut names = vec!["collectionId"];
    for name in app.store.layers().iter().flat_map(|layer| CountsQuery::own_parameters(&layer.collection)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    operation("counts", "Features counted by their values and by time", "Collections", &names, &["400", "404"], "application/json")
}

/// Clusters are asked for with the parameters of features; those that are a queryable's stand with the features of each collection.
fn clusters(app: &App) -> Value {
    let mut names = vec!["collectionId"];
    for name in app.store.layers().iter().flat_map(|layer| ClustersQuery::own_parameters(&layer.collection)) {
        let key = match name {
            "limit" => "clusters-limit",
            "q" => "q-items",
            name => name,
        };
        if !names.contains(&key) {
            names.push(key);
        }
    }
    operation("clusters", "Features counted by the cells of a map", "Collections", &names, &["400", "404"], FEATURES[0].media)
}

/// Whole collections are asked for with the parameters of features, but for those about pages.
fn download(app: &App) -> Value {
    let mut names = vec!["collectionId"];
    for name in app.store.layers().iter().flat_map(|layer| ItemsQuery::whole_own_parameters(&layer.collection)) {
        let key = parameter_key(name);
        if !names.contains(&key) {
            names.push(key);
        }
    }
    names.extend(Encoding::PARAMETERS.into_iter().chain(["f-download", "lang"]));
    operation("download", "All features in one file", "Collections", &names, &["400", "404"], FEATURES[0].media)
}

/// The key of a parameter, where another one of this name is described differently.
fn parameter_key(name: &str) -> &str {
    if name == "q" { "q-items" } else { name }
}

/// The schemas of a collection: path, operation, summary.
const SCHEMAS: [(&str, &str, &str); 4] = [
    ("schema", "schema", "Schema of the properties"),
    ("queryables", "queryables", "The properties by which features can be filtered"),
    ("schema/feature", "featureSchema", "Schema of a feature in GeoJSON"),
    ("sortables", "sortables", "The properties by which features can be sorted"),
];

/// One operation: its parameters by their keys, the statuses of its errors beside those of all, and what it answers.
pub(super) fn operation(id: &str, summary: &str, tag: &str, names: &[&str], errors: &[&str], media: &str) -> Value {
    let parameters = names.iter().map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })).collect::<Vec<_>>();
    let schema = match media {
        "application/geo+json" if id.ends_with(".item") => json!({ "$ref": "#/components/schemas/feature" }),
        "application/geo+json" => json!({ "$ref": "#/components/schemas/featureCollection" }),
        _ => json!({ "type": "object" }),
    };
    let mut content = json!({ (media): { "schema": schema } });
    // What has a page has a choice of forms.
    if names.iter().any(|name| ["f", "f-item", "f-items"].contains(name)) {
        content["text/html"] = json!({ "schema": { "type": "string" } });
    }
    if id == "download" {
        content = contents(DOWNLOADS);
    }
    let mut responses = json!({ "200": { "description": summary, "content": content }, "304": { "description": "Not modified: the tag that the client named is current" } });
    // Every page of features has the same choice.
    if id.ends_with(".items") {
        responses["200"] = json!({ "$ref": "#/components/responses/features" });
    }
    for status in errors.iter().chain(&["406", "500", "503"]) {
        responses[*status] = json!({ "$ref": "#/components/responses/problem" });
    }
    json!({ "operationId": id, "summary": summary, "tags": [tag], "parameters": parameters, "responses": responses })
}

/// The media types of features on offer.
fn contents(offers: &[Offer]) -> Value {
    let mut content = Map::new();
    for offer in offers {
        let schema = match offer.media {
            geojson::MEDIA => json!({ "$ref": "#/components/schemas/featureCollection" }),
            _ => json!({ "type": "string" }),
        };
        content.insert(offer.media.split(';').next().unwrap_or(offer.media).to_owned(), json!({ "schema": schema }));
    }
    content.into()
}

/// A queryable as a parameter of its own, concrete on the path of its collection: clients look for it there.
fn of_queryable(queryable: &Queryable<'_>, collection: &Collection) -> Value {
    let mut schema = queryables::schema(queryable, collection, Lang::En);
    let title = schema["title"].take();
    if let Some(schema) = schema.as_object_mut() {
        schema.retain(|name, _| matches!(name.as_str(), "type" | "format" | "enum" | "items"));
    }
    json!({ "name": queryable.name, "in": "query", "required": false, "description": title, "style": "form", "explode": false, "schema": schema })
}

fn names_of(offers: &[Offer]) -> Vec<&'static str> {
    offers.iter().map(|offer| offer.name).collect()
}

/// Every parameter of the service, once.
fn parameters(app: &App) -> Value {
    let query = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "query", "required": false, "description": description, "style": "form", "explode": false, "schema": schema });
    let choice = |names: &[&str], default: &str| json!({ "type": "string", "enum": names, "default": default });
    let forms = |names: &[&str]| json!({ "type": "string", "enum": names });
    let limits = app.settings.limits;
    let systems = limits.systems.uris().collect::<Vec<_>>();
    let mut all = json!({
        "bbox": query("bbox", "Features whose geometry meets this box: west, south, east, north in degrees, or west, south, lower height, east, north, \
            upper height with heights in metres. West greater than east crosses the antimeridian. Features without geometry match every box.",
            json!({ "type": "array", "oneOf": [{ "minItems": 4, "maxItems": 4 }, { "minItems": 6, "maxItems": 6 }], "minItems": 4, "maxItems": 6,
                "items": { "type": "number" }, "example": [-4.5, 14, 1, 17] })),
        "bbox-crs": query("bbox-crs", "Reference system of bbox, its axes in the order of the authority.", json!({ "type": "string", "format": "uri", "enum": systems, "default": CRS84 })),
        "crs": query("crs", "Reference system of the answer, its axes in the order of the authority. A geometry that the system cannot hold is null.", json!({ "type": "string", "format": "uri", "enum": systems, "default": CRS84 })),
        "datetime": query("datetime", "Features whose time meets this instant, day or closed interval (RFC 3339); '..' leaves an end open, and the end may be a length of time (2023-08-01/P1M). Features without time match every time.",
            json!({ "type": "string", "example": "2023-08-01/2023-08-31" })),
        "certainty": query("certainty", "Uncertain time: features that possibly meet the interval, or only those that certainly do.",
            choice(&Certainty::NAMES, "possible")),
        "filter": query("filter", "Features of which this condition is true, in CQL2; the queryables of the collection say what it can name.",
            json!({ "type": "string", "maxLength": 32_768 })),
        "filter-lang": query("filter-lang", "Language of filter; cql-text is an older name of cql2-text.", choice(&FILTER_LANGS, FILTER_LANGS[0])),
        "filter-crs": query("filter-crs", "Reference system of the geometries in filter: CRS84 or one of EPSG's, its axes in the order of the authority.",
            json!({ "type": "string", "format": "uri", "default": CRS84 })),
        "limit": query("limit", "Features on a page; more than the maximum counts as the maximum.",
            json!({ "type": "integer", "minimum": 1, "maximum": limits.most, "default": limits.default })),
        "zoom": query("zoom", "Zoom of the map that clusters are drawn on, whose world is 256 · 2^zoom pixels wide: their cells are 64 pixels wide. \
            Without it the box fills 1,024 pixels.",
            json!({ "type": "integer", "minimum": 0, "maximum": ClustersQuery::MOST_ZOOM })),
        "clusters-limit": query("limit", "Clusters at the most: cells are larger where the box holds more of them. A feature counts once, in the cell of its \
            box's centre, or of the point of the box asked for that is nearest to it.",
            json!({ "type": "integer", "minimum": 1, "maximum": limits.most, "default": limits.default })),
        "by": query("by", "Properties whose values are counted.", json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 })),
        "bins": query("bins", "Into how many stretches of the same length time is divided: that of datetime where it has two ends, else the collection's.",
            json!({ "type": "integer", "minimum": 1, "maximum": 1000, "example": 12 })),
        "offset": query("offset", "Features to skip; the links to the next page are cheaper and safe while data change.", json!({ "type": "integer", "minimum": 0, "default": 0 })),
        "cursor": query("cursor", "Where the page starts, as a link to the next page says it.", json!({ "type": "string" })),
        "f": query("f", "Form of the answer; else Accept decides.", forms(&["json", "html"])),
        "f-items": query("f", "Form of the answer; else Accept decides.", forms(&names_of(FEATURES))),
        "f-item": query("f", "Form of the answer; else Accept decides.", forms(&names_of(FEATURE))),
        "f-download": query("f", "Form of the file; else Accept decides.", forms(&names_of(DOWNLOADS))),
        "csv-geometry": query("csv-geometry", "How CSV says where a feature is: by two columns of coordinates (of a point within the shape, where it \
            is not a point itself), or by well-known text. By default the first where all features are points.", forms(&CsvGeometry::NAMES)),
        "profile": query("profile", "Profile of GeoJSON, by its name, registered address or safe CURIE: plain (rfc7946), JSON-FG (jsonfg), or JSON-FG \
            whose geometry is also given on WGS 84 where the answer is in another system (jsonfg-plus). Other forms have none.",
            json!({ "type": "array", "items": { "type": "string" }, "minItems": 1, "default": [PROFILES[0].name], "example": ["jsonfg"] })),
        "lang": query("lang", "Language of pages and titles; else Accept-Language decides.", forms(&Lang::ALL.map(Lang::tag))),
        "q": json!({ "name": "q", "in": "query", "required": true, "description": "The name or its first letters, in any spelling.", "schema": { "type": "string", "example": "Menaka" } }),
        "suggest-limit": query("limit", "Places at the most.", json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 10 })),
        "collectionId": json!({ "name": "collectionId", "in": "path", "required": true, "description": "Id of a collection.",
            "schema": { "type": "string", "example": app.store.layers().first().map(|layer| layer.collection.id.as_str()) } }),
        "featureId": json!({ "name": "featureId", "in": "path", "required": true, "description": "Id of a feature.", "schema": { "type": "string" } }),
    });
    let list = |example: &[&str]| json!({ "type": "array", "items": { "type": "string" }, "minItems": 1, "example": example });
    let drafts = [
        (
            "q-items",
            query(
                "q",
                "Features one of whose texts says one of these phrases, spelling aside (case, accents, hyphens). A comma separates phrases; \
            the words of a phrase stand together. Words may be cut short at the end.",
                list(&["Menaka", "Gao region"]),
            ),
        ),
        (
            "sortby",
            query(
                "sortby",
                "Order of the features: names of sortables, each after + (ascending, the default) or -. Unknown values come last; \
            texts are compared by code point.",
                list(&["-id"]),
            ),
        ),
        (
            "properties",
            query(
                "properties",
                "Only these properties. The geometry is null unless it is among them; the id is always there.",
                list(&["geometry"]),
            ),
        ),
        ("exclude-properties", query("exclude-properties", "All properties but these.", list(&["geometry"]))),
        (
            "zoom-level",
            query(
                "zoom-level",
                "Geometries simplified for a map at this level of WebMercatorQuad; those with heights stay whole.",
                json!({ "type": "number", "minimum": 0, "example": 6 }),
            ),
        ),
        (
            "resultType",
            query("resultType", "hits: only how many features match, in numberMatched.", choice(&["results", "hits"], "results")),
        ),
        (
            "explain",
            query(
                "explain",
                "true: which filter removed how many features. The id of a feature: also what each filter says of it.",
                json!({ "type": "string", "example": "true" }),
            ),
        ),
    ];
    for (key, parameter) in drafts {
        all[key] = parameter;
    }
    if let (Some(all), Value::Object(tiles)) = (all.as_object_mut(), openapi_tiles::parameters()) {
        all.extend(tiles);
        all.extend(openapi_places::parameters(app));
    }
    for views in app.store.layers().iter().filter_map(|layer| view_parameter(&layer.collection)) {
        all[&views.0] = query(&views.0, "Which view of the collection: what every source says, or one part of them.", views.1);
    }
    all
}

fn view_parameter(collection: &Collection) -> Option<(String, Value)> {
    let views = collection.views.as_ref()?;
    Some((views.parameter.clone(), json!({ "type": "string", "enum": views.names, "default": views.names.first() })))
}

fn schemas() -> Value {
    let link = json!({ "type": "object", "required": ["href", "rel"], "properties": {
        "href": { "type": "string" }, "rel": { "type": "string" }, "type": { "type": "string" }, "title": { "type": "string" }, "hreflang": { "type": "string" } } });
    let links = json!({ "type": "array", "items": { "$ref": "#/components/schemas/link" } });
    let feature = json!({ "type": "object", "required": ["type", "id", "geometry", "properties"], "properties": {
        "type": { "type": "string", "enum": ["Feature"] }, "id": { "type": "string" },
        "geometry": { "type": "object", "nullable": true }, "properties": { "type": "object" }, "links": links } });
    json!({
        "link": link,
        "feature": feature,
        "featureCollection": { "type": "object", "required": ["type", "features"], "properties": {
            "type": { "type": "string", "enum": ["FeatureCollection"] },
            "numberMatched": { "type": "integer", "minimum": 0 }, "numberReturned": { "type": "integer", "minimum": 0 },
            "links": links, "features": { "type": "array", "items": { "$ref": "#/components/schemas/feature" } } } },
        "conflicts": openapi_conflicts::schema(),
        "problem": { "type": "object", "required": ["title", "status", "detail"], "properties": {
            "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" }, "detail": { "type": "string" },
            "parameter": { "type": "string" }, "value": { "type": "string" }, "hint": { "type": "string" } } },
    })
}
