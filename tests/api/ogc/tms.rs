//! OGC Two Dimensional Tile Matrix Set and Tile Set Metadata 2.0 (OGC 17-083r4, annex A): the documents of tiles by their models.

use axum::http::StatusCode;
use serde_json::Value;

use super::{site::Site, table::suite, tiles::tile_sets};
use crate::support::link;

suite! { mod tilematrixset, "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset", {
    "/conf/tilematrixset/model" covers "/req/tilematrixset/model" => matrix_set_model;
} }

suite! { mod json_tilematrixset, "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset", {
    "/conf/json-tilematrixset/model" covers "/req/json-tilematrixset/model" => matrix_set_model;
    "/conf/json-tilematrixset/ietf" covers "/req/json-tilematrixset/ietf" => matrix_set_json;
    "/conf/json-tilematrixset/schema" covers "/req/json-tilematrixset/schema" => matrix_set_schema;
    "/conf/json-tilematrixset/media-type" covers "/req/json-tilematrixset/media-type" => matrix_set_media_type;
} }

suite! { mod tilematrixsetlimits, "http://www.opengis.net/spec/tms/2.0/conf/tilematrixsetlimits", {
    "/conf/tilematrixsetlimits/model" covers "/req/tilematrixsetlimits/model" => limits_model;
} }

suite! { mod json_tilematrixsetlimits, "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixsetlimits", {
    "/conf/json-tilematrixsetlimits/model" covers "/req/json-tilematrixsetlimits/model" => limits_model;
    "/conf/json-tilematrixsetlimits/ietf" covers "/req/json-tilematrixsetlimits/ietf" => metadata_json;
    "/conf/json-tilematrixsetlimits/schema" covers "/req/json-tilematrixsetlimits/schema" => limits_schema;
} }

suite! { mod tilesetmetadata, "http://www.opengis.net/spec/tms/2.0/conf/tilesetmetadata", {
    "/conf/tilesetmetadata/identifier" covers "/req/tilesetmetadata/identifier" => metadata_identifier;
    "/conf/tilesetmetadata/model" covers "/req/tilesetmetadata/model" => metadata_model;
} }

suite! { mod json_tilesetmetadata, "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata", {
    "/conf/json-tilesetmetadata/model" covers "/req/json-tilesetmetadata/model" => metadata_model;
    "/conf/json-tilesetmetadata/ietf" covers "/req/json-tilesetmetadata/ietf" => metadata_json;
    "/conf/json-tilesetmetadata/schema" covers "/req/json-tilesetmetadata/schema" => metadata_schema;
    "/conf/json-tilesetmetadata/media-type" covers "/req/json-tilesetmetadata/media-type" => metadata_media_type;
} }

const SET: &str = "/tileMatrixSets/WebMercatorQuad";

/// The definition of annex D.1: each matrix has twice the tiles of the one before on each side, and half its cells.
async fn matrix_set_model(site: &'static Site) {
    let list = site.json("/tileMatrixSets").await;
    for entry in list["tileMatrixSets"].as_array().unwrap() {
        let set = site.follow(link(entry, "self").unwrap()).await.json();
        check_tile_matrix_set(&set);
        for member in ["id", "uri", "title", "crs"] {
            assert_eq!(entry[member], set[member], "{member}");
        }
        for pair in set["tileMatrices"].as_array().unwrap().windows(2) {
            let number = |matrix: &Value, member: &str| matrix[member].as_f64().unwrap();
            for (member, factor) in
                [("matrixWidth", 2.0), ("matrixHeight", 2.0), ("cellSize", 0.5), ("scaleDenominator", 0.5), ("tileWidth", 1.0)]
            {
                assert!((number(&pair[1], member) / number(&pair[0], member) - factor).abs() < 1e-9, "{member}");
            }
            // A pixel is 0.28 mm.
            assert!((number(&pair[0], "cellSize") / number(&pair[0], "scaleDenominator") - 0.00028).abs() < 1e-12);
        }
    }
}

async fn matrix_set_schema(site: &'static Site) {
    check_tile_matrix_set(&site.json(SET).await);
}

/// UTF-8 JSON, each name once.
async fn matrix_set_json(site: &'static Site) {
    for path in ["/tileMatrixSets", SET] {
        is_json(site, path).await;
    }
}

async fn matrix_set_media_type(site: &'static Site) {
    for path in ["/tileMatrixSets", SET] {
        assert_eq!(site.ask(path, &[]).await.header("content-type"), "application/json", "{path}");
    }
}

async fn is_json(site: &Site, path: &str) {
    let answer = site.ask(path, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    let text = std::str::from_utf8(&answer.body).expect("UTF-8");
    // What has been read and is written again is as long: no name stands twice.
    assert_eq!(serde_json::from_str::<Value>(text).unwrap().to_string().len(), text.len(), "{path}");
}

async fn limits_model(site: &'static Site) {
    let mut checked = 0;
    for set in tile_sets(site).await {
        assert_eq!(set.get("tileMatrixSetLimits").is_some(), set.get("boundingBox").is_some(), "limits where anything has a place");
        if let Some(limits) = set["tileMatrixSetLimits"].as_array() {
            check_limits(limits);
            checked += 1;
        }
    }
    assert!(checked > 2);
}

/// By what the members must be: those of a matrix's limits are all there, and whole numbers.
async fn limits_schema(site: &'static Site) {
    let set = site.json("/tiles/WebMercatorQuad").await;
    check_limits(set["tileMatrixSetLimits"].as_array().expect("something has a place"));
}

/// By its registered URI and by a link to the definition.
async fn metadata_identifier(site: &'static Site) {
    for set in tile_sets(site).await {
        let definition = site.follow(link(&set, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme").unwrap()).await.json();
        assert_eq!((&definition["uri"], &definition["id"]), (&set["tileMatrixSetURI"], &set["tileMatrixSetId"]));
    }
}

async fn metadata_model(site: &'static Site) {
    for set in tile_sets(site).await {
        check_tile_set(&set);
    }
}

/// The data set's own, and that of one collection.
async fn metadata_schema(site: &'static Site) {
    for path in ["", site.collections[0].as_str()] {
        check_tile_set(&site.json(&format!("{path}/tiles/WebMercatorQuad")).await);
    }
}

async fn metadata_media_type(site: &'static Site) {
    for path in ["", site.collections[0].as_str()] {
        let answer = site.ask(&format!("{path}/tiles/WebMercatorQuad"), &[]).await;
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

async fn metadata_json(site: &'static Site) {
    for path in std::iter::once("").chain(site.collections.iter().map(String::as_str)) {
        is_json(site, &format!("{path}/tiles/WebMercatorQuad")).await;
    }
}

/// A member's name, and what a valid value of it is.
type Member = (&'static str, fn(&Value) -> bool);

/// Checks the members that are there by the types that the schema gives them, and that those which it requires are there.
fn check(object: &Value, required: &[&str], types: &[Member]) {
    let members = object.as_object().unwrap_or_else(|| panic!("an object: {object}"));
    for name in required {
        assert!(members.contains_key(*name), "{name} in {object}");
    }
    for (name, is_valid) in types {
        if let Some(value) = members.get(*name) {
            assert!(is_valid(value), "{name}: {value}");
        }
    }
}

fn is_uri(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with("http"))
}

fn is_texts(value: &Value) -> bool {
    value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_string))
}

fn is_point(value: &Value) -> bool {
    value.as_array().is_some_and(|list| list.len() == 2 && list.iter().all(Value::is_number))
}

fn is_from_one(value: &Value) -> bool {
    value.as_u64().is_some_and(|number| number > 0)
}

/// `tileMatrixSet.json` and `tileMatrix.json`.
pub(super) fn check_tile_matrix_set(set: &Value) {
    check(
        set,
        &["crs", "tileMatrices"],
        &[
            ("id", Value::is_string),
            ("title", Value::is_string),
            ("uri", is_uri),
            ("crs", is_uri),
            ("orderedAxes", is_texts),
            ("wellKnownScaleSet", is_uri),
        ],
    );
    for matrix in set["tileMatrices"].as_array().expect("a list") {
        let required = ["id", "scaleDenominator", "cellSize", "pointOfOrigin", "tileWidth", "tileHeight", "matrixWidth", "matrixHeight"];
        let corner = |value: &Value| value == "topLeft" || value == "bottomLeft";
        let types: &[Member] = &[
            ("id", Value::is_string),
            ("scaleDenominator", Value::is_number),
            ("cellSize", Value::is_number),
            ("cornerOfOrigin", corner),
            ("pointOfOrigin", is_point),
            ("tileWidth", is_from_one),
            ("tileHeight", is_from_one),
            ("matrixWidth", is_from_one),
            ("matrixHeight", is_from_one),
        ];
        check(matrix, &required, types);
    }
}

/// `tileMatrixLimits.json`; each matrix once, within it.
pub(super) fn check_limits(limits: &[Value]) {
    let mut seen = std::collections::BTreeSet::new();
    for limit in limits {
        let ends = ["minTileRow", "maxTileRow", "minTileCol", "maxTileCol"];
        check(limit, &[&["tileMatrix"], &ends[..]].concat(), &[("tileMatrix", Value::is_string)]);
        let zoom = limit["tileMatrix"].as_str().unwrap();
        assert!(seen.insert(zoom), "{zoom} stands twice");
        let [first_row, last_row, first_column, last_column] = ends.map(|end| limit[end].as_u64().expect("a whole number"));
        let size = 1 << zoom.parse::<u32>().expect("a zoom");
        assert!(first_row <= last_row && last_row < size && first_column <= last_column && last_column < size, "{limit}");
    }
}

/// `tileSet.json`, `geospatialData.json`, `propertiesSchema.json`, `2DBoundingBox.json`, `tilePoint.json` and `link.json`.
pub(super) fn check_tile_set(set: &Value) {
    let is_kind = |value: &Value| ["map", "vector", "coverage"].iter().any(|kind| value == kind);
    check(
        set,
        &["dataType", "crs", "links", "layers"],
        &[
            ("title", Value::is_string),
            ("description", Value::is_string),
            ("attribution", Value::is_string),
            ("dataType", is_kind),
            ("crs", is_uri),
            ("tileMatrixSetURI", is_uri),
        ],
    );
    if let Some(bounds) = set.get("boundingBox") {
        check(bounds, &["lowerLeft", "upperRight"], &[("lowerLeft", is_point), ("upperRight", is_point), ("crs", is_uri)]);
    }
    if let Some(centre) = set.get("centerPoint") {
        check(centre, &["coordinates"], &[("coordinates", is_point), ("crs", is_uri), ("tileMatrix", Value::is_string)]);
    }
    set["tileMatrixSetLimits"].as_array().into_iter().for_each(|limits| check_limits(limits));
    let check_links = |object: &Value| {
        for link in object["links"].as_array().expect("links") {
            check(
                link,
                &["href", "rel"],
                &[
                    ("href", is_uri),
                    ("rel", Value::is_string),
                    ("type", Value::is_string),
                    ("title", Value::is_string),
                    ("templated", Value::is_boolean),
                ],
            );
        }
    };
    check_links(set);
    let layers = set["layers"].as_array().unwrap();
    assert!(!layers.is_empty());
    for layer in layers {
        let is_dimension = |value: &Value| value.as_u64().is_some_and(|number| number <= 3);
        check(
            layer,
            &["id", "dataType"],
            &[
                ("id", Value::is_string),
                ("title", Value::is_string),
                ("dataType", is_kind),
                ("geometryDimension", is_dimension),
                ("attribution", Value::is_string),
            ],
        );
        check_links(layer);
        let schema = &layer["propertiesSchema"];
        check(schema, &["type", "properties"], &[("type", |kind| kind == "object"), ("properties", Value::is_object)]);
        for property in schema["properties"].as_object().unwrap().values() {
            let is_type =
                |value: &Value| ["array", "boolean", "integer", "null", "number", "object", "string"].iter().any(|kind| value == kind);
            check(property, &[], &[("type", is_type), ("title", Value::is_string), ("format", Value::is_string)]);
        }
    }
}
