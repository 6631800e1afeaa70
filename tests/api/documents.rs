//! The documents of the service: landing page, conformance, interface, collections, schemas.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::support::{BASE, ask, get, json, link};

/// Every link of a document is absolute, and those to this service answer.
async fn check_links(document: &Value) {
    let mut stack = vec![document];
    while let Some(value) = stack.pop() {
        match value {
            Value::Object(members) => {
                if let Some(href) = members.get("href").and_then(Value::as_str) {
                    assert!(href.starts_with("http"), "absolute: {href}");
                    if let Some(path) = href.strip_prefix(BASE) {
                        let answer = get(if path.is_empty() { "/" } else { path }).await;
                        assert_eq!(answer.status, StatusCode::OK, "{href}: {}", answer.text());
                    }
                }
                stack.extend(members.values());
            }
            Value::Array(items) => stack.extend(items),
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_landing_page_links_to_everything() {
    let landing = json("/").await;
    for rel in ["self", "alternate", "service-desc", "service-doc", "conformance", "data"] {
        assert!(link(&landing, rel).is_some(), "{rel}");
    }
    assert!(landing["title"].as_str().unwrap().contains("MINUSMA"));
    check_links(&landing).await;
}

#[tokio::test]
async fn conformance_names_the_classes() {
    let conformance = json("/conformance").await;
    let classes = conformance["conformsTo"].as_array().unwrap();
    for class in ["core", "geojson", "html", "oas30"] {
        let uri = format!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{class}");
        assert!(classes.iter().any(|known| *known == uri), "{uri}");
    }
}

#[tokio::test]
async fn the_six_collections_are_described_the_same_everywhere() {
    let list = json("/collections").await;
    let collections = list["collections"].as_array().unwrap();
    let ids = collections.iter().map(|collection| collection["id"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(ids, ["bases", "closures", "events", "claims", "sources", "places"]);
    check_links(&list).await;
    for collection in collections {
        let id = collection["id"].as_str().unwrap();
        let alone = json(&format!("/collections/{id}")).await;
        for member in ["id", "title", "description", "extent", "crs", "storageCrs", "itemType", "attribution"] {
            assert_eq!(alone[member], collection[member], "{id}: {member}");
        }
        assert_eq!(alone["crs"][0], "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
        assert!(link(&alone, "items").is_some_and(|href| href.contains("/items")));
        assert!(link(&alone, "license").is_some(), "{id} names its licence");
        check_links(&alone).await;
    }
}

#[tokio::test]
async fn extents_are_a_box_and_an_interval() {
    let bases = json("/collections/bases").await;
    let bbox = bases["extent"]["spatial"]["bbox"][0].as_array().unwrap();
    assert_eq!(bbox.len(), 4);
    assert_eq!(bbox[0], -7.97522, "Bamako is the westernmost");
    let interval = &bases["extent"]["temporal"]["interval"][0];
    assert!(interval[0].as_str().unwrap().ends_with('Z'), "RFC 3339 date-times: {interval}");
    let sources = json("/collections/sources").await;
    assert!(sources["extent"].get("spatial").is_none(), "sources have no place");
}

#[tokio::test]
async fn the_interface_is_self_contained_openapi_3() {
    let answer = ask(
        Method::GET,
        "/api",
        &[("accept", "application/vnd.oai.openapi+json;version=3.0, application/openapi+json;version=3.0, application/json")],
    )
    .await;
    assert_eq!(answer.header("content-type"), "application/vnd.oai.openapi+json;version=3.0");
    let api = answer.json();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.0"));
    assert_eq!(api["servers"][0]["url"], BASE, "no trailing slash");
    let parameters = &api["components"]["parameters"];
    assert_eq!(parameters["limit"]["schema"]["maximum"], 10_000);
    assert_eq!(parameters["limit"]["schema"]["default"], 1000);
    for name in ["limit", "bbox", "datetime"] {
        assert_eq!(parameters[name]["style"], "form", "{name}");
    }
    let items = &api["paths"]["/collections/bases/items"]["get"];
    let named = items["parameters"].as_array().unwrap().iter().filter_map(|parameter| parameter["$ref"].as_str()).collect::<Vec<_>>();
    assert!(named.contains(&"#/components/parameters/basis"));
}

#[tokio::test]
async fn schemas_describe_every_property() {
    for id in ["bases", "closures", "events", "claims", "sources", "places"] {
        let schema = json(&format!("/collections/{id}/schema")).await;
        let described = schema["properties"].as_object().unwrap();
        let page = json(&format!("/collections/{id}/items?limit=5")).await;
        for feature in page["features"].as_array().unwrap() {
            for name in feature["properties"].as_object().unwrap().keys() {
                let property = described.get(name).unwrap_or_else(|| panic!("{id}.{name} is described"));
                assert!(property["title"].as_str().is_some_and(|title| !title.is_empty()), "{id}.{name} has a title");
            }
        }
    }
    let french = json("/collections/bases/schema?lang=fr").await;
    let english = json("/collections/bases/schema?lang=en").await;
    assert_ne!(french["properties"]["closed"]["title"], english["properties"]["closed"]["title"]);
}

#[tokio::test]
async fn the_page_and_its_files_are_embedded() {
    let page = get("/?f=html").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let html = page.text();
    for (start, _) in html.match_indices("assets/") {
        let path = html[start..].split(['"', '\'']).next().unwrap();
        assert_eq!(get(&format!("/{path}")).await.status, StatusCode::OK, "{path}");
    }
    let map = json("/map.json").await;
    assert_eq!(map["layers"][0]["collection"], "bases");
    assert_eq!(map["basemap"]["kind"], "vector");
    assert_eq!(get("/assets/../Cargo.toml").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn places_are_suggested_best_first() {
    for (typed, expected) in [("menaka", "Ménaka"), ("Tombouctou", "Timbuktu"), ("sev", "Sévaré"), ("gao", "Gao")] {
        let found = json(&format!("/places/suggest?q={typed}&bbox=-13,10,5,25")).await;
        let first = &found["features"][0];
        assert_eq!(first["properties"]["name"], expected, "{typed}");
        assert_eq!(first["geometry"]["type"], "Point");
    }
    assert_eq!(json("/places/suggest?q=a&limit=3").await["features"].as_array().unwrap().len(), 3);
    assert_eq!(get("/places/suggest").await.status, StatusCode::BAD_REQUEST);
}
