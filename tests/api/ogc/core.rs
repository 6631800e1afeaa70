//! OGC API – Features Part 1, annex A.2: everything but the features themselves.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use super::{
    site::{Site, links},
    table::suite,
};
use crate::support::{BASE, link};

suite! { mod core, "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", {
    "/conf/core/http" covers "/req/core/http" => http;
    "/conf/core/root-op" covers "/req/core/root-op" => root_op;
    "/conf/core/root-success" covers "/req/core/root-success" => root_success;
    "/conf/core/api-definition-op" covers "/req/core/api-definition-op" => api_definition_op;
    "/conf/core/api-definition-success" covers "/req/core/api-definition-success" => api_definition_success;
    "/conf/core/conformance-op" covers "/req/core/conformance-op" => conformance_op;
    "/conf/core/conformance-success" covers "/req/core/conformance-success" => conformance_success;
    "/conf/core/query-param-unknown" covers "/req/core/query-param-unknown" => query_param_unknown;
    "/conf/core/query-param-invalid" covers "/req/core/query-param-invalid" => query_param_invalid;
    "/conf/core/crs84" covers "/req/core/crs84" => crs84;
    "/conf/core/fc-md-op" covers "/req/core/fc-md-op" => fc_md_op;
    "/conf/core/fc-md-success" covers "/req/core/fc-md-success" => fc_md_success;
    "/conf/core/fc-md-links" covers "/req/core/fc-md-links" => fc_md_links;
    "/conf/core/fc-md-items" covers "/req/core/fc-md-items" => fc_md_items;
    "/conf/core/fc-md-items-links" covers "/req/core/fc-md-items-links" => fc_md_items_links;
    "/conf/core/fc-md-extent" covers "/req/core/fc-md-extent, /req/core/fc-md-extent-multi" => fc_md_extent;
    "/conf/core/sfc-md-op" covers "/req/core/sfc-md-op" => sfc_md_op;
    "/conf/core/sfc-md-success" covers "/req/core/sfc-md-success" => sfc_md_success;
} }

/// HTTP 1.1: what is not there, what is not allowed, what cannot be sent.
pub(super) async fn http(site: &'static Site) {
    for path in ["/", "/conformance", "/api", "/collections"] {
        assert_eq!(site.method(Method::HEAD, path).await.status, StatusCode::OK, "{path}");
        let answer = site.method(Method::DELETE, path).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert!(answer.header("allow").contains("GET"));
        let answer = site.ask(path, &[("accept", "image/png")]).await;
        assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE, "{path}");
    }
    for path in ["/nothing", "/collections/nothing", "/collections/nothing/items", "/collections//items"] {
        assert_eq!(site.ask(path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

pub(super) async fn root_op(site: &'static Site) {
    assert_eq!(site.ask("/", &[]).await.status, StatusCode::OK);
    assert_eq!(site.ask("/", &[("accept", "text/html")]).await.header("content-type"), "text/html; charset=utf-8");
}

/// QGIS needs service-desc, conformance and data; every link is absolute and answers in the form it says.
pub(super) async fn root_success(site: &'static Site) {
    let landing = site.json("/").await;
    assert!(landing["title"].is_string() && landing["description"].is_string());
    assert!(link(&landing, "service-desc").or(link(&landing, "service-doc")).is_some());
    for rel in ["self", "alternate", "service-desc", "service-doc", "conformance", "data"] {
        assert!(!links(&landing, rel).is_empty(), "{rel}");
    }
    for link in links(&landing, "alternate") {
        assert_eq!(link["type"], "text/html", "letter by letter, as OGC's executable suite looks for it");
    }
    for link in landing["links"].as_array().unwrap() {
        let answer = site.follow(link["href"].as_str().unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{link}");
        let media = link["type"].as_str().unwrap().split(';').next().unwrap();
        assert!(answer.header("content-type").starts_with(media), "{link}: {}", answer.header("content-type"));
    }
}

pub(super) async fn api_definition_op(site: &'static Site) {
    let landing = site.json("/").await;
    for rel in ["service-desc", "service-doc"] {
        for link in links(&landing, rel) {
            assert_eq!(site.follow(link["href"].as_str().unwrap()).await.status, StatusCode::OK, "{link}");
        }
    }
}

pub(super) async fn api_definition_success(site: &'static Site) {
    let api = site.json("/api").await;
    assert!(api["openapi"].as_str().unwrap().starts_with("3.0."));
    assert!(site.ask("/api", &[("accept", "text/html")]).await.text().starts_with("<!DOCTYPE html>"));
}

pub(super) async fn conformance_op(site: &'static Site) {
    let landing = site.json("/").await;
    let answer = site.follow(link(&landing, "conformance").unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK);
}

pub(super) async fn conformance_success(site: &'static Site) {
    let conformance = site.json("/conformance").await;
    let classes = conformance["conformsTo"].as_array().unwrap();
    for class in ["core", "geojson", "html", "oas30"] {
        let uri = format!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{class}");
        assert!(classes.contains(&Value::from(uri.as_str())), "{uri}");
    }
    assert!(classes.iter().all(|class| {
        class
            .as_str()
            .is_some_and(|class| class.trim_start_matches("https").trim_start_matches("http").starts_with("://www.opengis.net/spec/"))
    }));
}

/// Every operation refuses a parameter that its description does not have.
pub(super) async fn query_param_unknown(site: &'static Site) {
    for path in ["/", "/conformance", "/api", "/collections"] {
        site.refused(&format!("{path}?unknown=1"), "unknown").await;
    }
    for path in &site.collections {
        for rest in ["", "/items", "/schema", "/sortables", "/schema/feature"] {
            site.refused(&format!("{path}{rest}?unknown=1"), "unknown").await;
            site.refused(&format!("{path}{rest}?BBOX=1,2,3,4"), "BBOX").await;
        }
    }
    for (path, feature) in site.examples().await.iter().take(3) {
        site.refused(&format!("{}?limit=1", super::site::feature_path(path, feature)), "limit").await;
    }
}

/// Every parameter refuses a value that its description rules out.
pub(super) async fn query_param_invalid(site: &'static Site) {
    let bad = [
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "x"),
        ("limit", ""),
        ("limit", "1.5"),
        ("offset", "-1"),
        ("bbox", "1,2,3"),
        ("bbox", "1,2,3,4,5"),
        ("bbox", "a,b,c,d"),
        ("bbox", "0,91,1,92"),
        ("bbox", "0,5,1,4"),
        ("datetime", "2023-08"),
        ("datetime", "2023-02-30"),
        ("datetime", "../.."),
        ("datetime", "2023-01-02/2023-01-01"),
        ("datetime", "now"),
        ("f", "pdf"),
        ("lang", "xx"),
        ("crs", "EPSG:4326"),
        ("bbox-crs", "http://www.opengis.net/def/crs/EPSG/0/0"),
        ("resultType", "count"),
        ("zoom-level", "-1"),
        ("sortby", "no-such"),
        ("properties", "no-such"),
        ("exclude-properties", "no-such"),
        ("q", "--"),
        ("certainty", "maybe"),
        ("cursor", "x"),
    ];
    for path in &site.collections {
        for (parameter, value) in bad {
            site.refused(&format!("{path}/items?{parameter}={value}"), parameter).await;
        }
    }
}

/// Coordinates are WGS 84, longitude first, where nothing else is asked for.
pub(super) async fn crs84(site: &'static Site) {
    for (path, feature) in site.examples().await {
        let answer = site.ask(&super::site::feature_path(&path, &feature), &[]).await;
        assert_eq!(answer.header("content-crs"), "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>");
        each_position(&feature["geometry"], &mut |position| {
            let number = |index: usize| position[index].as_f64().unwrap();
            assert!(number(0).abs() <= 180.0 && number(1).abs() <= 90.0, "{position:?}");
        });
    }
}

/// Calls `take` with each position of a geometry.
pub(super) fn each_position(value: &Value, take: &mut impl FnMut(&[Value])) {
    match value {
        Value::Array(items) if items.first().is_some_and(Value::is_number) => take(items),
        Value::Array(items) => items.iter().for_each(|item| each_position(item, take)),
        Value::Object(members) => {
            let inner = members.get("coordinates").or(members.get("geometries"));
            inner.into_iter().for_each(|inner| each_position(inner, take));
        }
        _ => {}
    }
}

pub(super) async fn fc_md_op(site: &'static Site) {
    let landing = site.json("/").await;
    assert_eq!(link(&landing, "data"), Some(format!("{BASE}/collections").as_str()));
    assert_eq!(site.ask("/collections", &[]).await.status, StatusCode::OK);
}

pub(super) async fn fc_md_success(site: &'static Site) {
    let list = site.json("/collections").await;
    assert!(list["links"].is_array());
    let listed = list["collections"].as_array().unwrap().iter().filter(|collection| collection["id"] != "places");
    assert_eq!(listed.count(), site.collections.len());
}

pub(super) async fn fc_md_links(site: &'static Site) {
    let list = site.json("/collections").await;
    assert_eq!(links(&list, "self").len(), 1);
    assert_eq!(links(&list, "alternate").len(), 1);
    for link in list["links"].as_array().unwrap() {
        assert!(link["rel"].is_string() && link["type"].is_string(), "{link}");
        assert_eq!(site.follow(link["href"].as_str().unwrap()).await.status, StatusCode::OK);
    }
}

pub(super) async fn fc_md_items(site: &'static Site) {
    let list = site.json("/collections").await;
    for (collection, path) in list["collections"].as_array().unwrap().iter().zip(&site.collections) {
        let id = collection["id"].as_str().unwrap();
        assert_eq!(*path, format!("/collections/{}", harmattan::formats::segment(id)));
        assert_eq!(site.json(path).await["id"], id);
        assert!(!id.contains('.'), "QGIS fails on a dot");
        assert_eq!(collection["itemType"], "feature");
    }
}

/// An items link for each form in which features are sent, each with its type.
pub(super) async fn fc_md_items_links(site: &'static Site) {
    let list = site.json("/collections").await;
    for collection in list["collections"].as_array().unwrap() {
        let items = links(collection, "items");
        for media in ["application/geo+json", "text/html"] {
            assert!(items.iter().any(|link| link["type"].as_str().unwrap().starts_with(media)), "{media} of {}", collection["id"]);
        }
        for link in items {
            let answer = site.follow(link["href"].as_str().unwrap()).await;
            // One of the two may say more: of letters, or of the profile.
            let (said, sent) = (link["type"].as_str().unwrap(), answer.header("content-type"));
            assert!(sent.starts_with(said) || said.starts_with(&format!("{sent};")), "{link}");
        }
    }
}

/// The boxes hold every feature, the interval every time; nothing is said where there is nothing. Times are RFC 3339.
pub(super) async fn fc_md_extent(site: &'static Site) {
    let list = site.json("/collections").await;
    for (collection, path) in list["collections"].as_array().unwrap().iter().zip(&site.collections) {
        assert!(collection["extent"].is_object());
        let features = site.walk(&format!("{path}/items?limit=10000")).await;
        let mut positions = Vec::new();
        for feature in &features {
            each_position(&feature["geometry"], &mut |position| {
                positions.push((position[0].as_f64().unwrap(), position[1].as_f64().unwrap()))
            });
        }
        let boxes = collection.pointer("/extent/spatial/bbox").and_then(Value::as_array);
        assert_eq!(boxes.is_some(), !positions.is_empty(), "{path}");
        if let Some(boxes) = boxes {
            let edges = boxes[0].as_array().unwrap().iter().map(|edge| edge.as_f64().unwrap()).collect::<Vec<_>>();
            assert_eq!(edges.len(), 4);
            for (lon, lat) in positions {
                assert!(edges[0] <= lon && lon <= edges[2] && edges[1] <= lat && lat <= edges[3], "{path}: {lon} {lat} in {edges:?}");
            }
        }
        if let Some(intervals) = collection.pointer("/extent/temporal/interval").and_then(Value::as_array) {
            for end in intervals.iter().flat_map(|interval| interval.as_array().unwrap()) {
                let text = end.as_str().unwrap_or_else(|| panic!("{path}: OGC's executable suite reads both ends"));
                assert!(text.ends_with('Z') && text.contains('T'), "{path}: a date-time: {text}");
                for datetime in [text.to_owned(), format!("{}/P2D", &text[..10].replace("9999-12-31", "9999-12-01"))] {
                    site.json(&format!("{path}/items?limit=1&datetime={datetime}")).await;
                }
            }
        }
    }
}

pub(super) async fn sfc_md_op(site: &'static Site) {
    for path in &site.collections {
        assert_eq!(site.ask(path, &[]).await.status, StatusCode::OK, "{path}");
        assert_eq!(site.ask(path, &[("accept", "text/html")]).await.status, StatusCode::OK, "{path}");
    }
}

/// A collection says of itself what the list says of it.
pub(super) async fn sfc_md_success(site: &'static Site) {
    let list = site.json("/collections").await;
    for (listed, path) in list["collections"].as_array().unwrap().iter().zip(&site.collections) {
        let alone = site.json(path).await;
        for (member, value) in listed.as_object().unwrap().iter().filter(|(member, _)| !["links", "crs"].contains(&member.as_str())) {
            assert_eq!(alone[member], *value, "{path}: {member}");
        }
        let rels = |collection: &Value| links(collection, "items").len();
        assert_eq!(rels(&alone), rels(listed), "{path}");
        assert_eq!((links(&alone, "self").len(), links(&alone, "alternate").len()), (1, 1), "{path}");
    }
}
