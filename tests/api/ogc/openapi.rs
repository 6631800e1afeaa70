//! The description of the interface: OpenAPI 3.0 (Features Part 1, annex A.7; Common Part 1, annex A.5).

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::Value;

use super::{
    site::{Site, feature_path, parameters},
    table::suite,
};
use crate::support::BASE;

suite! { mod oas30, "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30", {
    "/conf/oas30/oas-definition-1" covers "/req/oas30/oas-definition-1" => definition_1;
    "/conf/oas30/oas-definition-2" covers "/req/oas30/oas-definition-2" => definition_2;
    "/conf/oas30/oas-impl" covers "/req/oas30/oas-impl" => implementation;
    "/conf/oas30/completeness" covers "/req/oas30/completeness" => completeness;
    "/conf/oas30/exceptions-codes" covers "/req/oas30/exceptions-codes" => exceptions_codes;
    "/conf/oas30/security" covers "/req/oas30/security" => security;
} }

suite! { mod common_oas30, "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30", {
    "/conf/oas30/oas-definition-1" covers "/req/oas30/oas-definition-1" => definition_1;
    "/conf/oas30/oas-definition-2" covers "/req/oas30/oas-definition-2" => definition_2;
    "/conf/oas30/oas-impl" covers "/req/oas30/oas-impl" => implementation;
    "/conf/oas30/completeness" covers "/req/oas30/completeness" => completeness;
    "/conf/oas30/exceptions-codes" covers "/req/oas30/exceptions-codes" => exceptions_codes;
    "/conf/oas30/security" covers "/req/oas30/security" => security;
} }

/// JSON and a page for people, as QGIS asks for it too.
async fn definition_1(site: &'static Site) {
    let asked = "application/vnd.oai.openapi+json;version=3.0, application/openapi+json;version=3.0, application/json";
    for accept in [asked, "application/json", "*/*"] {
        let answer = site.ask("/api", &[("accept", accept)]).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/vnd.oai.openapi+json;version=3.0"));
    }
    assert_eq!(site.ask("/api", &[("accept", "text/html")]).await.header("content-type"), "text/html; charset=utf-8");
}

/// Valid OpenAPI 3.0.3 by the rules that its schema and its text set, and self-contained.
async fn definition_2(site: &'static Site) {
    let api = site.json("/api").await;
    only(&api, &["openapi", "info", "servers", "paths", "components", "tags", "security", "externalDocs"]);
    assert_eq!(api["openapi"], "3.0.3");
    only(&api["info"], &["title", "description", "termsOfService", "contact", "license", "version"]);
    assert!(api["info"]["title"].is_string() && api["info"]["version"].is_string());
    assert_eq!(api["servers"], serde_json::json!([{ "url": BASE }]), "without a trailing slash");
    let mut operations = BTreeSet::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        assert!(path.starts_with('/'), "{path}");
        only(item, &["get", "post", "parameters", "summary", "description"]);
        for operation in ["get", "post"].iter().filter_map(|method| item.get(method)) {
            only(operation, &["operationId", "summary", "description", "tags", "parameters", "requestBody", "responses"]);
            assert!(operations.insert(operation["operationId"].as_str().unwrap()), "{path}: an operation id of its own");
        }
        let operation = &item["get"];
        check_parameters(&api, path);
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.contains_key("200"), "{path}");
        for (status, response) in responses {
            assert!(status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()), "{path}: {status}");
            assert!(response.get("$ref").is_some() || response["description"].is_string(), "{path}: {status}");
            for (media, content) in response["content"].as_object().into_iter().flatten() {
                assert!(media.contains('/'), "{media}");
                check_schema(&content["schema"], path);
            }
        }
    }
    for (kind, members) in api["components"].as_object().unwrap() {
        for (key, member) in members.as_object().unwrap() {
            assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)), "{kind}: {key}");
            if kind == "schemas" {
                check_schema(member, key);
            }
        }
    }
    check_references(&api);
}

fn only(object: &Value, known: &[&str]) {
    for key in object.as_object().unwrap_or_else(|| panic!("an object: {object}")).keys() {
        assert!(known.contains(&key.as_str()) || key.starts_with("x-"), "{key} is no member of OpenAPI's here: {known:?}");
    }
}

fn check_parameters(api: &Value, path: &str) {
    let mut seen = BTreeSet::new();
    let mut in_path = BTreeSet::new();
    for parameter in parameters(api, path) {
        only(
            parameter,
            &["name", "in", "description", "required", "deprecated", "allowReserved", "style", "explode", "schema", "example", "examples"],
        );
        let (name, place) = (parameter["name"].as_str().unwrap(), parameter["in"].as_str().unwrap());
        assert!(seen.insert((name, place)), "{path}: {name} once");
        assert!(["query", "path"].contains(&place), "{path}: {name}");
        if place == "path" {
            assert_eq!(parameter["required"], true, "{path}: {name}");
            in_path.insert(name);
        }
        check_schema(&parameter["schema"], name);
    }
    let named = path.split('{').skip(1).map(|part| part.split('}').next().unwrap()).collect::<BTreeSet<_>>();
    assert_eq!(in_path, named, "{path}: the parameters of its template");
}

/// The keywords of OpenAPI 3.0's schema object: no type lists, no `null`, no `const`.
fn check_schema(schema: &Value, place: &str) {
    if schema.get("$ref").is_some() {
        return;
    }
    only(
        schema,
        &[
            "title",
            "description",
            "type",
            "format",
            "enum",
            "default",
            "example",
            "nullable",
            "items",
            "properties",
            "required",
            "oneOf",
            "anyOf",
            "allOf",
            "not",
            "minimum",
            "maximum",
            "minItems",
            "maxItems",
            "minLength",
            "maxLength",
            "pattern",
            "additionalProperties",
        ],
    );
    if let Some(kind) = schema.get("type") {
        assert!(["string", "number", "integer", "boolean", "array", "object"].iter().any(|known| kind == known), "{place}: {kind}");
        assert_eq!(kind == "array", schema.get("items").is_some(), "{place}: an array says what it holds");
    }
    let inner = ["items", "not"].into_iter().filter_map(|key| schema.get(key));
    let lists = ["oneOf", "anyOf", "allOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
    let members = schema["properties"].as_object().into_iter().flat_map(|members| members.values());
    inner.chain(lists).chain(members).for_each(|part| check_schema(part, place));
}

/// Every reference is of this document and leads somewhere.
fn check_references(api: &Value) {
    let mut stack = vec![api];
    while let Some(value) = stack.pop() {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("remote: {reference}"));
                    assert!(api.pointer(pointer).is_some(), "{reference}");
                }
                stack.extend(members.values());
            }
            Value::Array(values) => stack.extend(values),
            _ => {}
        }
    }
}

/// Each path, with ids filled in.
async fn paths(site: &Site, api: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in api["paths"].as_object().unwrap().keys() {
        let mut real = path.replace("{collectionId}", site.collections[0].rsplit('/').next().unwrap());
        real = real.replace("{tileMatrixSetId}", "WebMercatorQuad").replace("{tileMatrix}/{tileRow}/{tileCol}", "0/0/0");
        for parameter in parameters(api, path).into_iter().filter(|parameter| parameter["in"] == "path") {
            if let Some(example) = example(parameter) {
                let name = parameter["name"].as_str().unwrap();
                real = real.replace(&format!("{{{name}}}"), &harmattan::formats::segment(&example));
            }
        }
        if path.contains("{featureId}") {
            let collection = path.strip_suffix("/items/{featureId}").unwrap();
            let page = site.json(&format!("{collection}/items?limit=1")).await;
            match page["features"].get(0) {
                Some(feature) => real = feature_path(collection, feature),
                None => continue,
            }
        }
        found.push((path.clone(), real));
    }
    found
}

fn with(path: &str, name: &str, value: &str) -> String {
    let encoded = form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>();
    format!("{path}{}{name}={encoded}", if path.contains('?') { '&' } else { '?' })
}

/// An example, or a default, of a parameter.
fn example(parameter: &Value) -> Option<String> {
    let schema = &parameter["schema"];
    let found = [&parameter["example"], &schema["example"], &schema["default"]].into_iter().find(|value| !value.is_null())?;
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Some(found.as_array().map_or_else(|| plain(found), |parts| parts.iter().map(plain).collect::<Vec<_>>().join(",")))
}

/// Every path answers; every parameter takes its example, its default and each of its choices.
async fn implementation(site: &'static Site) {
    let api = site.json("/api").await;
    post_examples(site, &api).await;
    for (path, real) in paths(site, &api).await {
        // Nothing may be on a tile: `tiles` asks for them.
        if path.ends_with("{tileCol}") {
            assert!([StatusCode::OK, StatusCode::NO_CONTENT].contains(&site.ask(&real, &[]).await.status), "{real}");
            continue;
        }
        let asked = parameters(&api, &path).into_iter().filter(|parameter| parameter["in"] == "query").collect::<Vec<_>>();
        let needed = asked.iter().filter(|parameter| parameter["required"] == true);
        let real = needed.fold(real, |real, parameter| with(&real, parameter["name"].as_str().unwrap(), &example(parameter).unwrap()));
        let answer = site.ask(&real, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{real}: {}", answer.text());
        let media = answer.header("content-type").split(';').next().unwrap();
        let response = &api["paths"][&path]["get"]["responses"]["200"];
        let response = response["$ref"].as_str().map_or(response, |place| api.pointer(place.trim_start_matches('#')).unwrap());
        let described = response["content"].as_object().unwrap();
        assert!(described.keys().any(|known| known.split(';').next() == Some(media)), "{real}: {media} in {described:?}");
        for parameter in asked.iter().filter(|parameter| parameter["required"] != true) {
            let name = parameter["name"].as_str().unwrap();
            let real = if real.ends_with("/items") && name != "limit" { format!("{real}?limit=2") } else { real.clone() };
            // Goes with one form only.
            let real = if name == "csv-geometry" { with(&real, "f", "csv") } else { real };
            let choices = parameter["schema"]["enum"].as_array().into_iter().flatten().map(|choice| choice.as_str().unwrap().to_owned());
            for value in choices.chain(example(parameter)) {
                let answer = site.ask(&with(&real, name, &value), &[]).await;
                assert_eq!(answer.status, StatusCode::OK, "{real} {name}={value}: {}", answer.text());
            }
        }
    }
}

/// What can be posted is answered too.
async fn post_examples(site: &Site, api: &Value) {
    let mut posted = 0;
    for (path, item) in api["paths"].as_object().unwrap().iter().filter(|(_, item)| item.get("post").is_some()) {
        let (media, content) = item["post"]["requestBody"]["content"].as_object().unwrap().iter().next().unwrap();
        let example = content["schema"]["example"].as_object().unwrap();
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(example.iter().map(|(name, value)| (name, value.as_str().unwrap())))
            .finish();
        let answer = site.post(path, media, &form).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        posted += 1;
    }
    assert!(posted > 0);
}

/// The paths that the program answers, as its route table has them.
fn served() -> Vec<&'static str> {
    let table = include_str!("../../../src/api/mod.rs");
    let paths = table.split(".route(\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect::<Vec<_>>();
    assert!(paths.len() > 30, "{paths:?}");
    paths
}

/// A path without the names of its parameters; those of one collection stand for those of all.
fn unnamed(path: &str) -> String {
    let parts = path.split('/').enumerate().map(|(place, part)| {
        let is_collection = place == 2 && path.starts_with("/collections/");
        if part.starts_with('{') || is_collection { "{}" } else { part }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Every resource is described: the concrete paths of every collection and its features, which clients look for.
async fn completeness(site: &'static Site) {
    let api = site.json("/api").await;
    let described = api["paths"].as_object().unwrap();
    for path in served() {
        let is_described = described.keys().any(|described| unnamed(described) == unnamed(path));
        // What the pages of people are made of; and what only collections with claims have.
        let may_lack = path.starts_with("/assets/") || (site.is_awkward && path.ends_with("/conflicts"));
        assert_eq!(is_described, !may_lack, "{path}");
    }
    for path in &site.collections {
        for rest in ["", "/items", "/items/{featureId}"] {
            assert!(described.contains_key(&format!("{path}{rest}")), "{path}{rest}");
        }
    }
    // Lean: three paths a collection, and small ones, since clients read the whole document first.
    let size = api.to_string().len();
    let collections = site.json("/collections").await["collections"].as_array().unwrap().len();
    assert!(size < 65_000 + collections * 5_000, "{size} bytes");
}

/// The statuses that an operation can answer are those that it is described with.
async fn exceptions_codes(site: &'static Site) {
    let api = site.json("/api").await;
    for (path, real) in paths(site, &api).await {
        let described = api["paths"][&path]["get"]["responses"].as_object().unwrap();
        let provoked = [
            site.ask(&with(&real, "unknown", "1"), &[]).await.status,
            site.ask(&real, &[("accept", "image/png")]).await.status,
            site.ask(&format!("{}x", real.split('?').next().unwrap()), &[]).await.status,
        ];
        for status in provoked.iter().filter(|status| **status != StatusCode::OK) {
            let known = described.contains_key(status.as_str()) || (*status == StatusCode::NOT_FOUND && !path.contains("/collections/"));
            assert!(known, "{path}: {status}");
        }
        for status in ["500", "503"] {
            assert!(described.contains_key(status), "{path}: {status}");
        }
    }
}

/// Nothing asks for credentials, and nothing says so.
async fn security(site: &'static Site) {
    let api = site.json("/api").await;
    assert!(api.get("security").is_none() && api["components"].get("securitySchemes").is_none());
    assert!(site.ask("/collections", &[]).await.headers.get("www-authenticate").is_none());
}
