//! OGC API – Common Part 3: Schemas, annex A.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::Value;

use super::{
    site::{Site, feature_path, links},
    table::suite,
};
use crate::support::{BASE, link};

suite! { mod schemas, "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas", {
    "/conf/schemas/basic-schema-inspection" covers "/req/schemas/json-schema, /req/schemas/properties, /req/schemas/additional-keywords" => basic_schema_inspection;
    "/conf/schemas/role" covers "/req/schemas/role" => role;
    "/conf/schemas/role-id" covers "/req/schemas/role-id" => role_id;
    "/conf/schemas/property-seq" covers "/req/schemas/property-seq" => property_seq;
    "/conf/schemas/unit" covers "/req/schemas/unit" => unit;
    "/conf/schemas/definition" covers "/req/schemas/definition" => definition;
    "/conf/schemas/nullvalues" covers "/req/schemas/nullvalues" => null_values;
} }

suite! { mod roles, "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/advanced-property-roles", {
    "/conf/advanced-property-roles/role-primary-geometry" covers "/req/advanced-property-roles/role-primary-geometry" => role_primary_geometry;
    "/conf/advanced-property-roles/role-primary-temporal" covers "/req/advanced-property-roles/role-primary-instant, /req/advanced-property-roles/role-primary-interval-start, /req/advanced-property-roles/role-primary-interval-end, /req/advanced-property-roles/role-primary-interval, /req/advanced-property-roles/primary-temporal-constraints" => role_primary_temporal;
    "/conf/advanced-property-roles/role-type" covers "/req/advanced-property-roles/role-type" => role_type;
} }

suite! { mod returnables, "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/returnables-and-receivables", {
    "/conf/returnables-and-receivables/get-conformance" covers "n/a" => get_conformance;
    "/conf/returnables-and-receivables/link" covers "/req/returnables-and-receivables/link" => schema_link;
    "/conf/returnables-and-receivables/op-and-response" covers "/req/returnables-and-receivables/op, /req/returnables-and-receivables/response" => schema_op;
    "/conf/returnables-and-receivables/response-1" covers "/req/returnables-and-receivables/response" => schema_response;
} }

suite! { mod queryables, "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/queryables", {
    "/conf/queryables/get-conformance" covers "n/a" => get_conformance;
    "/conf/queryables/link" covers "/req/queryables/link" => queryables_link;
    "/conf/queryables/op-and-response" covers "/req/queryables/op, /req/queryables/response" => queryables_op;
} }

suite! { mod sortables, "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/sortables", {
    "/conf/sortables/get-conformance" covers "n/a" => get_conformance;
    "/conf/sortables/link" covers "/req/sortables/link" => sortables_link;
    "/conf/sortables/op-and-response" covers "/req/sortables/op, /req/sortables/response" => sortables_op;
} }

suite! { mod draft, "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas", {
    "/conf/schemas/as-qgis-reads-it" covers "/req/schemas/json-schema" => as_qgis_reads_it;
} }

/// The keywords of JSON Schema that are used.
const KEYWORDS: [&str; 13] = [
    "$schema",
    "$id",
    "type",
    "title",
    "description",
    "properties",
    "additionalProperties",
    "format",
    "enum",
    "items",
    "minItems",
    "maxItems",
    "required",
];

/// Every flat schema of every collection: path and document.
async fn schemas(site: &Site) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for path in &site.collections {
        for name in ["schema", "queryables", "sortables"] {
            let path = format!("{path}/{name}");
            let document = site.json(&path).await;
            found.push((path, document));
        }
    }
    found
}

/// Every property of every flat schema.
async fn properties(site: &Site) -> Vec<(String, Value)> {
    let schemas = schemas(site).await;
    let of = |(path, schema): (String, Value)| {
        let members = schema["properties"].as_object().unwrap().clone();
        members.into_iter().map(move |(name, property)| (format!("{path}: {name}"), property))
    };
    schemas.into_iter().flat_map(of).collect()
}

async fn basic_schema_inspection(site: &'static Site) {
    for (path, schema) in schemas(site).await {
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{path}");
        assert_eq!(schema["type"], "object", "{path}");
        assert_eq!(schema["$id"], format!("{BASE}{path}"), "without a query");
        let answer = site.ask(&path, &[("accept", "application/schema+json")]).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/schema+json"), "{path}");
        for key in schema.as_object().unwrap().keys() {
            assert!(KEYWORDS.contains(&key.as_str()), "{path}: {key}");
        }
    }
    for (name, property) in properties(site).await {
        let geometry = property["format"].as_str().is_some_and(|format| format.starts_with("geometry-"));
        assert_eq!(property.get("type").is_none(), geometry, "{name}: a type, or a geometry");
        assert!(property.get("$ref").is_none() && property["title"].is_string(), "{name}");
        for key in property.as_object().unwrap().keys() {
            assert!(KEYWORDS.contains(&key.as_str()) || key.starts_with("x-ogc-"), "{name}: {key}");
        }
    }
}

async fn role(site: &'static Site) {
    for (name, property) in properties(site).await {
        assert!(property.get("x-ogc-role").is_none_or(Value::is_string), "{name}");
    }
}

async fn role_id(site: &'static Site) {
    for (path, schema) in schemas(site).await {
        let members = schema["properties"].as_object().unwrap().values();
        let ids = members.filter(|property| property["x-ogc-role"] == "id").collect::<Vec<_>>();
        assert_eq!(ids.len(), 1, "{path}");
        assert_eq!(ids[0]["type"], "string", "{path}");
    }
}

async fn property_seq(site: &'static Site) {
    for (path, schema) in schemas(site).await {
        let places = schema["properties"].as_object().unwrap().values().map(|property| property["x-ogc-propertySeq"].as_u64());
        let places = places.collect::<Option<Vec<_>>>().unwrap_or_else(|| panic!("{path}: a place for each"));
        assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), places.len(), "{path}: each of its own");
        assert!(places.is_sorted(), "{path}");
    }
}

async fn unit(site: &'static Site) {
    for (name, property) in properties(site).await {
        let Some(unit) = property.get("x-ogc-unit") else { continue };
        let unit = unit.as_str().unwrap();
        assert!(["number", "integer"].iter().any(|kind| property["type"] == *kind), "{name}");
        // UCUM: a unit that we use, or an annotation in printable ASCII.
        let annotation = unit.strip_prefix('{').and_then(|unit| unit.strip_suffix('}'));
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"{}".contains(&byte));
        assert!(["m", "km", "d", "1", "%"].contains(&unit) || annotation.is_some_and(plain), "{name}: {unit}");
    }
}

async fn definition(site: &'static Site) {
    for (name, property) in properties(site).await {
        assert!(property.get("x-ogc-definition").is_none_or(|uri| uri.as_str().is_some_and(|uri| uri.starts_with("http"))), "{name}");
    }
}

async fn null_values(site: &'static Site) {
    for (name, property) in properties(site).await {
        assert!(property.get("x-ogc-nullValues").is_none_or(Value::is_array), "{name}");
    }
}

async fn role_primary_geometry(site: &'static Site) {
    for path in &site.collections {
        let schema = site.json(&format!("{path}/schema")).await;
        let spatial =
            schema["properties"].as_object().unwrap().values().filter(|property| property.get("type").is_none()).collect::<Vec<_>>();
        assert!(spatial.len() <= 1, "{path}");
        assert!(spatial.iter().all(|property| property["x-ogc-role"] == "primary-geometry"), "{path}");
        let located = site.json(&format!("{path}/items?limit=1")).await["features"][0]["geometry"].is_object();
        assert!(!located || spatial.len() == 1, "{path} has geometries and says so");
    }
}

async fn role_primary_temporal(site: &'static Site) {
    for (path, schema) in schemas(site).await {
        let mut roles = Vec::new();
        for (name, property) in schema["properties"].as_object().unwrap() {
            let Some(role) = property["x-ogc-role"].as_str().filter(|role| role.starts_with("primary-i")) else { continue };
            let (kind, formats) = if role == "primary-interval" {
                assert_eq!(
                    (&property["items"]["type"], &property["minItems"], &property["maxItems"]),
                    (&"string".into(), &2.into(), &2.into())
                );
                ("array", &["interval-array"][..])
            } else {
                ("string", &["date", "date-time"][..])
            };
            assert!(property["type"] == kind && formats.iter().any(|format| property["format"] == *format), "{path}: {name}");
            roles.push(role);
        }
        roles.sort_unstable();
        assert!(roles.len() <= 1 || roles == ["primary-interval-end", "primary-interval-start"], "{path}: {roles:?}");
    }
}

async fn role_type(site: &'static Site) {
    for (path, schema) in schemas(site).await {
        let members = schema["properties"].as_object().unwrap().values();
        assert!(members.filter(|property| property["x-ogc-role"] == "type").count() <= 1, "{path}");
    }
}

async fn get_conformance(site: &'static Site) {
    let classes = site.json("/conformance").await["conformsTo"].clone();
    for class in ["schemas", "returnables-and-receivables", "queryables", "sortables"] {
        let uri = format!("http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/{class}");
        assert!(classes.as_array().unwrap().iter().any(|known| *known == uri), "{uri}");
    }
}

async fn linked(site: &Site, name: &str) {
    for path in &site.collections {
        let collection = site.json(path).await;
        let found = links(&collection, &format!("http://www.opengis.net/def/rel/ogc/1.0/{name}"));
        assert_eq!(found.len(), 1, "{path}");
        assert_eq!(found[0]["href"], format!("{BASE}{path}/{name}"));
        assert_eq!(found[0]["type"], "application/schema+json");
    }
}

async fn schema_link(site: &'static Site) {
    linked(site, "schema").await;
}

async fn queryables_link(site: &'static Site) {
    linked(site, "queryables").await;
}

async fn sortables_link(site: &'static Site) {
    linked(site, "sortables").await;
}

async fn schema_op(site: &'static Site) {
    for path in &site.collections {
        let answer = site.ask(&format!("{path}/schema"), &[("accept", "application/schema+json")]).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/schema+json"));
        let french = site.json(&format!("{path}/schema?lang=fr")).await;
        let names = |schema: &Value| schema["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&french), names(&answer.json()), "{path}: the same in every language");
    }
}

/// Whether a value is what a property's schema says; null is no value.
fn is_valid(value: &Value, schema: &Value) -> bool {
    let is = |kind: &str| match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type of JSON Schema: {other}"),
    };
    let typed = match &schema["type"] {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds.iter().any(|kind| is(kind.as_str().unwrap())),
        other => panic!("{other}"),
    };
    let formed = match (schema["format"].as_str(), value.as_str()) {
        (Some("date"), Some(text)) => text.parse::<jiff::civil::Date>().is_ok(),
        (Some("date-time"), Some(text)) => text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok(),
        (Some("edtf"), Some(text)) => text.parse::<harmattan::model::when::When>().is_ok(),
        (Some("uri"), Some(text)) => text.contains(':'),
        _ => true,
    };
    let listed = schema["enum"].as_array().is_none_or(|codes| codes.contains(value));
    let items = schema.get("items").is_none_or(|items| value.as_array().into_iter().flatten().all(|item| is_valid(item, items)));
    value.is_null() || (typed && formed && listed && items)
}

/// Features have the properties of the schema and no other, with values that it allows.
async fn schema_response(site: &'static Site) {
    for path in &site.collections {
        let schema = site.json(&format!("{path}/schema")).await;
        assert_eq!(schema["additionalProperties"], false, "{path}");
        let members = schema["properties"].as_object().unwrap();
        let own = members.iter().filter(|(_, property)| ["id", "primary-geometry"].iter().all(|role| property["x-ogc-role"] != *role));
        let names = own.map(|(name, _)| name).collect::<Vec<_>>();
        let page = site.json(&format!("{path}/items?limit=10000")).await;
        for feature in page["features"].as_array().unwrap() {
            let properties = feature["properties"].as_object().unwrap();
            assert_eq!(properties.keys().collect::<Vec<_>>(), names, "{path}: in the order of the schema");
            for (name, value) in properties {
                assert!(is_valid(value, &members[name]), "{path}: {name} = {value} by {}", members[name]);
            }
        }
        if let Some(feature) = page["features"].get(0) {
            assert_eq!(site.json(&feature_path(path, feature)).await["properties"], feature["properties"], "{path}");
        }
    }
}

/// The schema passes the tests of schemas, as the others do; what is no geometry has a type.
async fn queryables_op(site: &'static Site) {
    const GEOMETRIES: [&str; 8] =
        ["point", "multipoint", "linestring", "multilinestring", "polygon", "multipolygon", "geometrycollection", "any"];
    for path in &site.collections {
        let answer = site.ask(&format!("{path}/queryables"), &[("accept", "application/schema+json")]).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/schema+json"));
        let schema = answer.json();
        assert_eq!(schema["additionalProperties"], false, "{path}: nothing else is taken");
        for (name, property) in schema["properties"].as_object().unwrap() {
            let kind = property["format"].as_str().and_then(|format| format.strip_prefix("geometry-"));
            assert!(kind.is_none_or(|kind| kind.split("-or-").all(|kind| GEOMETRIES.contains(&kind))), "{path}: {name}");
        }
    }
}

async fn sortables_op(site: &'static Site) {
    for path in &site.collections {
        let answer = site.ask(&format!("{path}/sortables"), &[("accept", "application/schema+json")]).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/schema+json"));
        for (name, property) in answer.json()["properties"].as_object().unwrap() {
            assert!(["string", "integer", "number", "boolean"].iter().any(|kind| property["type"] == *kind), "{path}: {name}");
        }
    }
}

/// QGIS reads `type` and `format` of a flat schema behind the link, and needs the class by its earlier name; GDAL reads a schema of the
/// feature behind describedby, with one type for each property.
async fn as_qgis_reads_it(site: &'static Site) {
    for path in &site.collections {
        let collection = site.json(path).await;
        let schema = site.follow(link(&collection, "http://www.opengis.net/def/rel/ogc/1.0/schema").unwrap()).await.json();
        let nested = site.follow(link(&collection, "describedby").unwrap()).await.json();
        for (name, property) in nested["properties"]["properties"]["properties"].as_object().unwrap() {
            assert_eq!(property["type"], schema["properties"][name]["type"], "{path}: {name}");
            assert_eq!(property["format"], schema["properties"][name]["format"], "{path}: {name}");
            assert!(property["type"].is_string() || name == "mixed", "{path}: {name} has one type");
        }
    }
}
