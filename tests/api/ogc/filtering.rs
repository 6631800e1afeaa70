//! OGC API – Features Part 3: Filtering, annex A. The language has a suite of its own (`cql2`).

use axum::http::StatusCode;
use serde_json::Value;

use super::{
    site::{Site, links, parameters},
    table::suite,
};
use crate::support::{BASE, ids};

suite! { mod queryables, "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables", {
    "/conf/queryables/get-conformance" covers "n/a" => get_conformance;
    "/conf/queryables/get-queryables-uris" covers "/req/queryables/queryables-link" => get_collection;
    "/conf/queryables/get-queryables" covers "/req/queryables/get-queryables-op, /req/queryables/get-queryables-response" => get_queryables;
    "/conf/queryables/expression-construction" covers "/req/queryables/expression-construction" => expression_construction;
} }

suite! { mod parameters, "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters", {
    "/conf/queryables-query-parameters/get-conformance" covers "n/a" => get_conformance;
    "/conf/queryables-query-parameters/parameters" covers "/req/queryables-query-parameters/parameters" => queryables_are_parameters;
} }

suite! { mod filter, "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter", {
    "/conf/filter/get-conformance" covers "n/a" => get_conformance;
    "/conf/filter/filter-param" covers "/req/filter/filter-param, /req/filter/filter-lang-param, /req/filter/response" => filter_param;
    "/conf/filter/filter-lang-default" covers "/req/filter/filter-lang-param" => filter_lang_default;
    "/conf/filter/expression-construction" covers "/req/filter/expression-construction" => expression_construction;
    "/conf/filter/filter-crs-wgs84" covers "/req/filter/filter-crs-wgs84" => filter_crs_wgs84;
    "/conf/filter/filter-crs-param" covers "/req/filter/filter-crs-param" => filter_crs_param;
    "/conf/filter/logical" covers "/req/filter/mixing-expressions" => mixing_expressions;
    "/conf/filter/get-functions" covers "/req/filter/get-functions-operation, /req/filter/get-functions-response-json" => get_functions;
} }

suite! { mod features_filter, "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter", {
    "/conf/features-filter/get-conformance" covers "n/a" => get_conformance;
    "/conf/features-filter/filter-on-items" covers "/req/features-filter/filter-param, /req/features-filter/filter-lang-param, /req/features-filter/filter-crs-param" => filter_on_items;
} }

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A name as a filter writes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

async fn get_conformance(site: &'static Site) {
    let classes = site.json("/conformance").await["conformsTo"].clone();
    for class in ["queryables", "queryables-query-parameters", "filter", "features-filter"] {
        let uri = format!("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/{class}");
        assert!(classes.as_array().unwrap().iter().any(|known| *known == uri), "{uri}");
    }
}

async fn get_collection(site: &'static Site) {
    for path in &site.collections {
        let collection = site.json(path).await;
        let found = links(&collection, "http://www.opengis.net/def/rel/ogc/1.0/queryables");
        assert_eq!(found.len(), 1, "{path}");
        assert_eq!((&found[0]["href"], &found[0]["type"]), (&format!("{BASE}{path}/queryables").into(), &"application/schema+json".into()));
    }
}

/// The queryables of a collection: name and schema.
async fn queryables_of(site: &Site, path: &str) -> Vec<(String, Value)> {
    let schema = site.json(&format!("{path}/queryables")).await;
    schema["properties"].as_object().unwrap().iter().map(|(name, schema)| (name.clone(), schema.clone())).collect()
}

async fn get_queryables(site: &'static Site) {
    for path in &site.collections {
        let answer = site.ask(&format!("{path}/queryables"), &[("accept", "application/schema+json")]).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/schema+json"), "{path}");
        let schema = answer.json();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!((&schema["$id"], &schema["type"]), (&format!("{BASE}{path}/queryables").into(), &"object".into()));
        assert!(!schema["properties"].as_object().unwrap().is_empty());
        for (name, property) in schema["properties"].as_object().unwrap() {
            let geometry = property["format"].as_str().is_some_and(|format| format.starts_with("geometry-"));
            assert_eq!(property.get("type").is_none(), geometry, "{path}: {name}: a type, or a geometry");
        }
    }
}

/// Every queryable can stand in a filter, whatever its name; what is none cannot.
async fn expression_construction(site: &'static Site) {
    for path in &site.collections {
        for (name, schema) in queryables_of(site, path).await {
            let filter = if schema.get("type").is_none() || schema["x-ogc-role"] == "primary-interval" {
                continue;
            } else {
                format!("{} IS NULL", quoted(&name))
            };
            let answer = site.ask(&format!("{path}/items?limit=1&filter={}", encoded(&filter)), &[]).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {filter}: {}", answer.text());
        }
        site.refused(&format!("{path}/items?filter={}", encoded("this_is_not_a_queryable IS NULL")), "filter").await;
    }
}

/// A queryable's parameter leaves the features that have the value.
async fn queryables_are_parameters(site: &'static Site) {
    let api = site.json("/api").await;
    for path in &site.collections {
        let described = parameters(&api, &format!("{path}/items"))
            .iter()
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>();
        let own = ["bbox", "limit", "q", "f", "lang", "crs", "properties"];
        for (name, schema) in queryables_of(site, path).await {
            let simple = ["string", "integer", "number", "boolean"].iter().any(|kind| schema["type"] == *kind);
            if !simple || own.contains(&name.as_str()) {
                continue;
            }
            assert!(described.contains(&name), "{path}: {name} is described");
            let sample = site.json(&format!("{path}/items?limit=3")).await;
            for feature in sample["features"].as_array().unwrap() {
                let value = if schema["x-ogc-role"] == "id" { &feature["id"] } else { &feature["properties"][&name] };
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                if value.is_null() || schema["format"] == "edtf" {
                    continue;
                }
                let found = site.json(&format!("{path}/items?limit=10000&{}={}", encoded(&name), encoded(&text))).await;
                assert!(ids(&found).contains(&feature["id"].as_str().unwrap()), "{path}: {name}={text}: {found}");
                if schema["x-ogc-role"] != "id" {
                    assert!(
                        found["features"].as_array().unwrap().iter().all(|found| found["properties"][&name] == *value),
                        "{path}: {name}={text}"
                    );
                }
            }
        }
    }
}

/// Without a filter everything; with one what it is true of; nonsense is refused.
async fn filter_param(site: &'static Site) {
    for path in &site.collections {
        let all = site.json(&format!("{path}/items?limit=1")).await["numberMatched"].as_u64().unwrap();
        for lang in ["&filter-lang=cql2-text", "&filter-lang=cql-text", ""] {
            let of = async |filter: &str| {
                site.json(&format!("{path}/items?limit=1&filter={}{lang}", encoded(filter))).await["numberMatched"].as_u64().unwrap()
            };
            assert_eq!(of("id IS NULL").await + of("id IS NOT NULL").await, all, "{path}");
            site.refused(&format!("{path}/items?filter={}{lang}", encoded("THIS IS NOT A FILTER")), "filter").await;
        }
        let json = r#"{"op":"not","args":[{"op":"isNull","args":[{"property":"id"}]}]}"#;
        let answer = site.json(&format!("{path}/items?limit=1&filter-lang=cql2-json&filter={}", encoded(json))).await;
        assert_eq!(answer["numberMatched"], site.json(&format!("{path}/items?limit=1&filter=id+IS+NOT+NULL")).await["numberMatched"]);
        site.refused(&format!("{path}/items?filter-lang=cql3&filter=id+IS+NULL"), "filter-lang").await;
    }
}

async fn filter_lang_default(site: &'static Site) {
    let api = site.json("/api").await;
    for path in &site.collections {
        let all = parameters(&api, &format!("{path}/items"));
        let lang = all.iter().find(|parameter| parameter["name"] == "filter-lang").unwrap();
        assert_eq!(lang["schema"]["default"], "cql2-text", "{path}");
    }
}

/// The collection's own box holds all that has a place; the default reference system is WGS 84, longitude first.
async fn filter_crs_wgs84(site: &'static Site) {
    for path in &site.collections {
        let collection = site.json(path).await;
        let Some(edges) = collection.pointer("/extent/spatial/bbox/0").and_then(Value::as_array) else { continue };
        let edges = edges.iter().map(Value::to_string).collect::<Vec<_>>().join(",");
        let queryables = queryables_of(site, path).await;
        let geometry = queryables.iter().find(|(_, schema)| schema.get("type").is_none()).map(|(name, _)| quoted(name)).unwrap();
        let inside = encoded(&format!("S_INTERSECTS({geometry},BBOX({edges}))"));
        let inside = site.json(&format!("{path}/items?limit=10000&filter={inside}")).await;
        let located =
            site.walk(&format!("{path}/items?limit=10000")).await.iter().filter(|feature| feature["geometry"].is_object()).count();
        assert_eq!(inside["numberMatched"], located, "{path}");
        let beyond = encoded(&format!("S_INTERSECTS({geometry},BBOX(1000000,1000000,2000000,2000000))"));
        site.refused(&format!("{path}/items?filter={beyond}"), "filter").await;
    }
}

async fn filter_crs_param(site: &'static Site) {
    let path = &site.collections[0];
    let geometry = quoted(&queryables_of(site, path).await.into_iter().find(|(_, schema)| schema.get("type").is_none()).unwrap().0);
    let lon_lat = encoded(&format!("S_INTERSECTS({geometry},BBOX(0,10,5,20))"));
    let lat_lon = encoded(&format!("S_INTERSECTS({geometry},BBOX(10,0,20,5))"));
    let plain = site.json(&format!("{path}/items?filter={lon_lat}")).await;
    for (crs, filter) in [("OGC/1.3/CRS84", &lon_lat), ("EPSG/0/4326", &lat_lon)] {
        let crs = encoded(&format!("http://www.opengis.net/def/crs/{crs}"));
        assert_eq!(ids(&site.json(&format!("{path}/items?filter={filter}&filter-crs={crs}")).await), ids(&plain), "{crs}");
    }
    site.refused(&format!("{path}/items?filter={lon_lat}&filter-crs=http%3A%2F%2Fexample.org%2Fcrs"), "filter-crs").await;
}

/// Every filter must be true: `filter`, bbox, datetime, q, and the parameters of queryables.
async fn mixing_expressions(site: &'static Site) {
    for path in &site.collections {
        let of = async |query: &str| {
            let page = site.json(&format!("{path}/items?limit=10000&{query}")).await;
            ids(&page).into_iter().map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
        };
        let alone = ["filter=id+IS+NOT+NULL", "bbox=-10,0,10,30", "datetime=2023-08-03/..", "q=menaka,gao"];
        let mut both = of(alone[0]).await;
        for query in &alone[1..] {
            both = both.intersection(&of(query).await).cloned().collect();
        }
        assert_eq!(of(&alone.join("&")).await, both, "{path}");
    }
}

async fn get_functions(site: &'static Site) {
    let functions = site.json("/functions").await;
    for function in functions["functions"].as_array().unwrap() {
        assert!(function["name"].is_string() && function["returns"].is_array(), "{function}");
    }
}

async fn filter_on_items(site: &'static Site) {
    let api = site.json("/api").await;
    for path in &site.collections {
        let described = parameters(&api, &format!("{path}/items"));
        for name in ["filter", "filter-lang", "filter-crs"] {
            let found = described.iter().find(|parameter| parameter["name"] == name).unwrap_or_else(|| panic!("{path}: {name}"));
            assert!(found["schema"]["type"] == "string" && found["in"] == "query", "{found}");
        }
    }
}
