//! JSON-FG (OGC 21-045r1, annex A) and the parameter `profile` (OGC API – Common Part 3): documents of every collection, in two systems.

use axum::http::StatusCode;
use geo::Validation;
use geojson::GeoJson;
use serde_json::Value;

use super::{
    core::each_position,
    site::{Site, feature_path, links, parameters},
    table::suite,
};
use crate::support::Answer;

suite! { mod core, "http://www.opengis.net/spec/json-fg-1/1.0/conf/core", {
    "/conf/core/schema-valid" covers "/req/core/schema-valid, /req/core/metadata, /req/core/instant, /req/core/interval, /req/core/utc, /req/core/same-crs" => schema_valid;
    "/conf/core/metadata-geometry-extension" covers "/req/core/metadata" => metadata_extensions;
    "/conf/core/metadata-measures" covers "/req/core/metadata" => metadata_measures;
    "/conf/core/metadata-types-schemas" covers "/req/core/metadata" => metadata_types;
    "/conf/core/interval-start-end" covers "/req/core/interval" => interval_start_end;
    "/conf/core/instant-and-interval-a" covers "/req/core/instant-and-interval" => one_member_of_time;
    "/conf/core/instant-and-interval-bc" covers "/req/core/instant-and-interval" => one_member_of_time_bc;
    "/conf/core/instant-and-interval-de" covers "/req/core/instant-and-interval" => one_member_of_time_de;
    "/conf/core/coordinate-dimension-geometry" covers "/req/core/coordinate-dimension" => dimension_of_geometry;
    "/conf/core/coordinate-dimension-place" covers "/req/core/coordinate-dimension" => dimension_of_place;
    "/conf/core/geometry-wgs84" covers "/req/core/geometry-wgs84" => geometry_wgs84;
    "/conf/core/geometry-no-jsonfg-extension" covers "/req/core/geometry-no-jsonfg-extension" => geometry_is_plain;
    "/conf/core/valid-geometry" covers "/req/core/valid-geometry" => valid_geometry;
    "/conf/core/place-geometries" covers "/req/core/place-geometries, /req/core/fallback" => place_geometries;
    "/conf/core/axis-order" covers "/req/core/axis-order" => axis_order;
} }

suite! { mod types_schemas, "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas", {
    "/conf/types-schemas/metadata" covers "/req/types-schemas/metadata" => types_metadata;
    "/conf/types-schemas/feature-type-1" covers "/req/types-schemas/feature-type" => feature_type_of_features;
    "/conf/types-schemas/feature-type-2" covers "/req/types-schemas/feature-type" => feature_type_of_collections;
    "/conf/types-schemas/geometry-dimension" covers "/req/types-schemas/geometry-dimension" => geometry_dimension;
    "/conf/types-schemas/feature-schemas" covers "/req/types-schemas/feature-schemas, /req/types-schemas/single-feature-schema" => feature_schemas;
} }

suite! { mod profiles, "http://www.opengis.net/spec/json-fg-1/1.0/conf/profiles", {
    "/conf/profiles/rfc7946" covers "/req/profiles/rfc7946" => profile_rfc7946;
    "/conf/profiles/jsonfg" covers "/req/profiles/jsonfg" => profile_jsonfg;
    "/conf/profiles/jsonfg-plus" covers "/req/profiles/jsonfg-plus" => profile_jsonfg_plus;
} }

suite! { mod api, "http://www.opengis.net/spec/json-fg-1/1.0/conf/api", {
    "/conf/api/profile-parameter-rfc7946" covers "/req/api/profile-parameter" => parameter_rfc7946;
    "/conf/api/profile-parameter-jsonfg" covers "/req/api/profile-parameter" => parameter_jsonfg;
} }

suite! { mod profile_parameter, "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/profile-parameter", {
    "/conf/profile-parameter/definition" covers "/req/profile-parameter/profile-param" => parameter_definition;
    "/conf/profile-parameter/response" covers "/req/profile-parameter/profile-param-response" => parameter_response;
} }

const CRS84: [&str; 2] = ["http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/OGC/0/CRS84h"];
const SYSTEMS: [&str; 3] = ["", "&crs=http://www.opengis.net/def/crs/EPSG/0/4326", "&crs=http://www.opengis.net/def/crs/EPSG/0/3857"];

/// Documents of every kind: pages and single features, in both profiles and three systems.
async fn documents(site: &'static Site) -> Vec<Value> {
    let mut found = Vec::new();
    let examples = site.examples().await;
    for system in SYSTEMS {
        for profile in ["jsonfg", "jsonfg-plus"] {
            for path in &site.collections {
                found.push(site.json(&format!("{path}/items?f=jsonfg&limit=28&profile={profile}{system}")).await);
            }
            for (path, feature) in &examples {
                found.push(site.json(&format!("{}?f=json&profile={profile}{system}", feature_path(path, feature))).await);
            }
        }
    }
    assert!(found.len() > 50, "{}", found.len());
    found
}

/// The features of a document.
fn features(document: &Value) -> Vec<&Value> {
    match document["features"].as_array() {
        Some(features) => features.iter().collect(),
        None => vec![document],
    }
}

fn is_date(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

fn is_timestamp(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.as_bytes().get(10) == Some(&b'T') && text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok()
}

async fn schema_valid(site: &'static Site) {
    for document in documents(site).await {
        let text = document.to_string();
        assert!(text.parse::<GeoJson>().is_ok(), "it is GeoJSON too");
        assert!(document["conformsTo"].as_array().unwrap().iter().any(|class| *class == core_class()), "{document}");
        assert!(document["featureType"].is_string());
        for feature in features(&document) {
            assert_eq!(feature["type"], "Feature");
            for name in ["id", "time", "place", "geometry", "properties"] {
                assert!(feature.get(name).is_some(), "{name} in {feature}");
            }
            let inner = document["features"].is_array();
            for name in ["conformsTo", "coordRefSys", "featureType", "links"] {
                assert!(!inner || feature.get(name).is_none(), "{name} is of the root alone");
            }
            match &feature["time"] {
                Value::Null => {}
                Value::Object(time) => {
                    assert!(!time.is_empty());
                    for (name, value) in time {
                        match name.as_str() {
                            "date" => assert!(is_date(value), "{value}"),
                            "timestamp" => assert!(is_timestamp(value), "{value}"),
                            "interval" => {
                                let [start, end] = value.as_array().unwrap().as_slice() else { panic!("two ends: {value}") };
                                let of = |is: fn(&Value) -> bool| [start, end].into_iter().all(|edge| *edge == ".." || is(edge));
                                assert!(of(is_date) || of(is_timestamp), "{value}");
                            }
                            // Of our own, as the standard allows.
                            "edtf" => assert!(value.as_str().unwrap().parse::<harmattan::model::when::When>().is_ok(), "{value}"),
                            other => panic!("{other} in {feature}"),
                        }
                    }
                }
                other => panic!("time: {other}"),
            }
        }
    }
}

fn core_class() -> String {
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/core".to_owned()
}

fn declares(document: &Value, class: &str) -> bool {
    let class = format!("http://www.opengis.net/spec/json-fg-1/1.0/conf/{class}");
    document["conformsTo"].as_array().unwrap().iter().any(|declared| *declared == class)
}

async fn metadata_extensions(site: &'static Site) {
    let simple = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"];
    for document in documents(site).await {
        for feature in features(&document) {
            let place = &feature["place"];
            assert!(place.is_null() || simple.contains(&place["type"].as_str().unwrap()), "no extension is used: {place}");
        }
        for class in ["polyhedra", "prisms", "circular-arcs"] {
            assert!(!declares(&document, class), "so none is declared");
        }
    }
}

async fn metadata_measures(site: &'static Site) {
    for document in documents(site).await {
        let used = document.get("measures").is_some() || features(&document).iter().any(|feature| feature.get("measures").is_some());
        assert_eq!(used, declares(&document, "measures"));
    }
}

async fn metadata_types(site: &'static Site) {
    for document in documents(site).await {
        assert!(document.get("featureType").is_some() && declares(&document, "types-schemas"), "{document}");
    }
}

async fn interval_start_end(site: &'static Site) {
    let mut seen = 0;
    for document in documents(site).await {
        for feature in features(&document) {
            let Some([Value::String(start), Value::String(end)]) = feature["time"]["interval"].as_array().map(Vec::as_slice) else {
                continue;
            };
            seen += 1;
            // Of one form, texts of RFC 3339 in UTC order as the moments do.
            assert!(start == ".." || end == ".." || start <= end, "{start} {end}");
        }
    }
    assert!(seen > 0);
}

async fn one_member_of_time(site: &'static Site) {
    for document in documents(site).await {
        for feature in features(&document) {
            let said = ["date", "timestamp", "interval"].iter().filter(|name| feature["time"].get(**name).is_some()).count();
            assert!(said <= 1, "nothing can contradict itself: {feature}");
        }
    }
}

async fn one_member_of_time_bc(site: &'static Site) {
    one_member_of_time(site).await;
}

async fn one_member_of_time_de(site: &'static Site) {
    one_member_of_time(site).await;
}

/// The lengths of the positions of a geometry.
fn dimensions(geometry: &Value) -> Vec<usize> {
    match geometry {
        Value::Array(items) if items.first().is_some_and(Value::is_number) => vec![items.len()],
        Value::Array(items) => items.iter().flat_map(dimensions).collect(),
        Value::Object(object) => ["coordinates", "geometries"].iter().filter_map(|name| object.get(*name)).flat_map(dimensions).collect(),
        _ => Vec::new(),
    }
}

/// The requirement speaks of the positions of one geometry; the collections under test hold some with heights and some without.
async fn same_dimension(site: &'static Site, member: &str) {
    let mut seen = 0;
    for document in documents(site).await {
        for feature in features(&document) {
            let lengths = dimensions(&feature[member]);
            seen += lengths.len();
            assert!(lengths.windows(2).all(|pair| pair[0] == pair[1]) && lengths.iter().all(|length| [2, 3].contains(length)), "{feature}");
        }
    }
    assert!(seen > 0);
}

async fn dimension_of_geometry(site: &'static Site) {
    same_dimension(site, "geometry").await;
}

async fn dimension_of_place(site: &'static Site) {
    same_dimension(site, "place").await;
}

fn within(position: &[Value], first: f64, second: f64) -> bool {
    position[0].as_f64().unwrap().abs() <= first && position[1].as_f64().unwrap().abs() <= second
}

async fn geometry_wgs84(site: &'static Site) {
    for document in documents(site).await {
        for feature in features(&document) {
            each_position(&feature["geometry"], &mut |position| {
                assert!(within(position, 180.0, 90.0), "{feature}");
            });
        }
    }
}

async fn geometry_is_plain(site: &'static Site) {
    for document in documents(site).await {
        for feature in features(&document) {
            assert!(feature["geometry"].get("coordRefSys").is_none() && feature["geometry"].get("measures").is_none());
        }
    }
}

/// What goes in valid comes out valid, whatever the system.
async fn valid_geometry(site: &'static Site) {
    for document in documents(site).await {
        for feature in features(&document) {
            for member in ["geometry", "place"] {
                if feature[member].is_object() {
                    let read = feature[member].to_string().parse::<geojson::Geometry>().unwrap();
                    let shape = geo::Geometry::<f64>::try_from(read).unwrap();
                    assert!(shape.is_valid(), "{member}: {:?} {feature}", shape.validation_errors());
                }
            }
        }
    }
}

async fn place_geometries(site: &'static Site) {
    let mut placed = 0;
    for document in documents(site).await {
        let system = document["coordRefSys"].as_str();
        for feature in features(&document) {
            if feature["place"].is_null() {
                continue;
            }
            placed += 1;
            assert!(system.is_some_and(|system| !CRS84.contains(&system)), "{system:?}");
            assert_ne!(feature["place"], feature["geometry"]);
        }
    }
    assert!(placed > 0);
}

async fn axis_order(site: &'static Site) {
    for document in documents(site).await {
        let (first, second) = match document["coordRefSys"].as_str() {
            None => continue,
            Some("http://www.opengis.net/def/crs/EPSG/0/4326") => (90.0, 180.0),
            Some("http://www.opengis.net/def/crs/EPSG/0/3857") => (20_037_508.4, 250_000_000.0),
            Some(other) => panic!("{other}"),
        };
        for feature in features(&document) {
            each_position(&feature["place"], &mut |position| assert!(within(position, first, second), "{feature}"));
        }
    }
}

async fn types_metadata(site: &'static Site) {
    for document in documents(site).await {
        assert!(declares(&document, "types-schemas"));
    }
}

async fn feature_type_of_features(site: &'static Site) {
    for document in documents(site).await.iter().filter(|document| document["type"] == "Feature") {
        assert!(document["featureType"].is_string());
    }
}

async fn feature_type_of_collections(site: &'static Site) {
    for document in documents(site).await.iter().filter(|document| document["type"] == "FeatureCollection") {
        assert!(document["featureType"].is_string());
    }
}

async fn geometry_dimension(site: &'static Site) {
    let mut said = 0;
    for document in documents(site).await {
        if document["geometryDimension"].is_null() {
            continue;
        }
        said += 1;
        assert_eq!(document["geometryDimension"], 0);
        for feature in features(&document) {
            let primary = if feature["place"].is_null() { &feature["geometry"] } else { &feature["place"] };
            assert!(primary.is_null() || primary["type"] == "Point", "{feature}");
        }
    }
    assert!(said > 0);
}

async fn feature_schemas(site: &'static Site) {
    for document in documents(site).await {
        assert!(document.get("featureSchema").is_none(), "no schema is referenced; the collection links to it");
    }
}

/// Addresses of GeoJSON: of pages and of single features.
async fn addresses(site: &'static Site) -> Vec<String> {
    let pages = site.collections.iter().map(|path| format!("{path}/items?limit=28"));
    let single = site.examples().await.into_iter().map(|(path, feature)| format!("{}?", feature_path(&path, &feature)));
    pages.chain(single).collect()
}

async fn profiled(site: &'static Site, address: &str, profile: &str) -> Answer {
    let answer = site.ask(&format!("{address}&profile={profile}"), &[("accept", "application/geo+json")]).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/geo+json"), "{address}");
    answer
}

fn links_to(answer: &Answer, profile: &str) -> bool {
    let wanted = format!("<http://www.opengis.net/def/profile/OGC/0/{profile}>; rel=\"profile\"");
    answer.headers.get_all("link").iter().any(|link| link.to_str().unwrap().starts_with(&wanted))
}

async fn profile_rfc7946(site: &'static Site) {
    for address in addresses(site).await {
        let document = profiled(site, &address, "rfc7946").await.json();
        assert!(document.to_string().parse::<GeoJson>().is_ok() && document.get("conformsTo").is_none());
        assert!(features(&document).iter().all(|feature| feature.get("place").is_none()));
    }
}

async fn profile_jsonfg(site: &'static Site) {
    for address in addresses(site).await {
        let document = profiled(site, &address, "jsonfg").await.json();
        assert!(declares(&document, "core") && features(&document).iter().all(|feature| feature.get("place").is_some()));
    }
}

async fn profile_jsonfg_plus(site: &'static Site) {
    let mut placed = 0;
    for document in documents(site).await {
        let plus = links(&document, "profile").iter().any(|link| link["href"].as_str().unwrap().ends_with("/jsonfg-plus"));
        for feature in features(&document).into_iter().filter(|feature| feature["place"].is_object()) {
            assert_eq!(feature["geometry"].is_object(), plus, "{feature}");
            placed += usize::from(plus);
        }
    }
    assert!(placed > 0);
}

async fn parameter_rfc7946(site: &'static Site) {
    for address in addresses(site).await {
        assert!(links_to(&profiled(site, &address, "rfc7946").await, "rfc7946"), "{address}");
    }
}

async fn parameter_jsonfg(site: &'static Site) {
    for address in addresses(site).await {
        let answer = profiled(site, &address, "jsonfg").await;
        assert!(links_to(&answer, "jsonfg") && declares(&answer.json(), "core"), "{address}");
    }
}

async fn parameter_definition(site: &'static Site) {
    let api = site.json("/api").await;
    for path in &site.collections {
        for rest in ["/items", "/items/{featureId}"] {
            let all = parameters(&api, &format!("{path}{rest}"));
            let named = all.into_iter().filter(|parameter| parameter["name"] == "profile").collect::<Vec<_>>();
            let [profile] = named.as_slice() else { panic!("once on {path}{rest}") };
            assert_eq!((&profile["in"], &profile["required"], &profile["style"]), (&"query".into(), &false.into(), &"form".into()));
            assert_eq!((&profile["schema"]["type"], &profile["schema"]["items"]["type"]), (&"array".into(), &"string".into()));
            assert_eq!(profile["explode"], false);
        }
    }
    // By address, by safe CURIE, by name; a list of which the first is taken.
    for asked in ["http://www.opengis.net/def/profile/OGC/0/jsonfg", "[ogc-profile:jsonfg]", "jsonfg", "jsonfg,rfc7946"] {
        assert!(links_to(&profiled(site, &format!("{}/items?limit=1", site.collections[0]), asked).await, "jsonfg"), "{asked}");
    }
    site.refused(&format!("{}/items?profile=nonsense", site.collections[0]), "profile").await;
}

async fn parameter_response(site: &'static Site) {
    for address in addresses(site).await {
        let plain = site.ask(&address, &[]).await;
        assert_eq!(plain.status, StatusCode::OK, "it is not required");
        for profile in ["rfc7946", "jsonfg", "jsonfg-plus"] {
            let answer = profiled(site, &address, profile).await;
            let document = answer.json();
            let said = links(&document, "profile");
            assert_eq!(said.len(), 1, "{address}");
            assert_eq!(said[0]["href"], format!("http://www.opengis.net/def/profile/OGC/0/{profile}"));
            assert!(links_to(&answer, profile));
        }
    }
    // A form that has no profiles is no error.
    let table = site.ask(&format!("{}/items?f=csv&profile=jsonfg", site.collections[0]), &[]).await;
    assert_eq!(table.status, StatusCode::OK);
}
