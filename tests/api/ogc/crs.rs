//! OGC API – Features Part 2: Coordinate Reference Systems by Reference, annex A.

use axum::http::StatusCode;
use harmattan::model::{Crs, Order, Position};
use serde_json::Value;

use super::{
    core::each_position,
    site::{Site, feature_path, parameters},
    table::suite,
};
use crate::support::ids;

suite! { mod crs, "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs", {
    "/conf/crs/crs-uri" covers "/req/crs/crs-uri, /req/crs/fc-md-crs-list-A" => crs_uri;
    "/conf/crs/default-crs" covers "/req/crs/fc-md-crs-list-B" => default_crs;
    "/conf/crs/storageCrs" covers "/req/crs/fc-md-storageCrs, /req/crs/fc-md-storageCrs-valid-value" => storage_crs;
    "/conf/crs/crs-parameter" covers "/req/crs/fc-crs-definition, /req/crs/fc-crs-valid-value, /req/crs/ogc-crs-header, /req/crs/ogc-crs-header-value, /req/crs/geojson" => crs_parameter;
    "/conf/crs/crs-parameter-invalid" covers "/req/crs/fc-crs-valid-value" => crs_parameter_invalid;
    "/conf/crs/crs-parameter-transform" covers "/req/crs/fc-crs-action" => crs_parameter_transform;
    "/conf/crs/crs-parameter-default" covers "/req/crs/fc-crs-default-value" => crs_parameter_default;
    "/conf/crs/bbox-crs-parameter" covers "/req/crs/fc-bbox-crs-definition, /req/crs/fc-bbox-crs-valid-value, /req/crs/bbox-crs-action" => bbox_crs_parameter;
    "/conf/crs/bbox-crs-parameter-invalid" covers "/req/crs/bbox-crs-exception" => bbox_crs_parameter_invalid;
    "/conf/crs/bbox-crs-parameter-default" covers "/req/crs/fc-bbox-crs-default-value" => bbox_crs_parameter_default;
} }

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// The systems that a collection lists.
async fn listed(site: &Site, path: &str) -> Vec<String> {
    let collection = site.json(path).await;
    collection["crs"].as_array().unwrap().iter().map(|crs| crs.as_str().unwrap().to_owned()).collect()
}

/// URIs of OGC's register, that of EPSG's latitude and longitude and Web Mercator among them; the global list has them too.
async fn crs_uri(site: &'static Site) {
    let global = site.json("/collections").await["crs"].clone();
    for path in &site.collections {
        let list = listed(site, path).await;
        assert_eq!(global, serde_json::json!(list), "{path}");
        for uri in &list {
            assert_eq!(uri.parse::<Crs>().unwrap().uri(), *uri, "{path}");
        }
        for code in [4326, 3857, 32628, 32629, 32630, 32631] {
            assert!(list.contains(&format!("http://www.opengis.net/def/crs/EPSG/0/{code}")), "{code}");
        }
    }
}

async fn default_crs(site: &'static Site) {
    for path in &site.collections {
        assert_eq!(listed(site, path).await[0], CRS84, "{path}: QGIS takes the first");
    }
}

async fn storage_crs(site: &'static Site) {
    for path in &site.collections {
        let collection = site.json(path).await;
        assert_eq!(collection["storageCrs"], CRS84, "{path}");
        assert!(collection["crs"].as_array().unwrap().contains(&collection["storageCrs"]), "{path}");
    }
}

/// A parameter of every items operation, as the standard has it.
async fn definition(site: &Site, name: &str) {
    let api = site.json("/api").await;
    for path in &site.collections {
        let described = parameters(&api, &format!("{path}/items"));
        let found = described.iter().find(|parameter| parameter["name"] == name).unwrap();
        assert!(found["in"] == "query" && found["style"] == "form" && found["explode"] == false, "{found}");
        assert_eq!((&found["schema"]["type"], &found["schema"]["format"]), (&"string".into(), &"uri".into()));
    }
}

/// Every system that is listed can be asked for; the header says which one the coordinates are in.
async fn crs_parameter(site: &'static Site) {
    definition(site, "crs").await;
    for path in &site.collections {
        let page = site.json(&format!("{path}/items?limit=3")).await;
        for uri in listed(site, path).await {
            let answer = site.ask(&format!("{path}/items?limit=3&crs={uri}"), &[]).await;
            assert_eq!((answer.status, answer.header("content-crs")), (StatusCode::OK, format!("<{uri}>").as_str()), "{path}");
            assert_eq!(answer.header("content-type"), "application/geo+json");
            assert_eq!(ids(&answer.json()), ids(&page));
            for feature in page["features"].as_array().unwrap().iter().take(1) {
                let answer = site.ask(&format!("{}?crs={uri}", feature_path(path, feature)), &[]).await;
                assert_eq!(answer.header("content-crs"), format!("<{uri}>"), "{path}");
            }
        }
    }
}

async fn invalid(site: &Site, name: &str) {
    let bad = [
        "http://www.opengis.net/def/crs/0/unsupported",
        "EPSG:4326",
        "4326",
        "",
        "http://www.opengis.net/def/crs/EPSG/0/2154",
        "http://www.opengis.net/def/crs/EPSG/0/99999999",
    ];
    for path in &site.collections {
        for value in bad {
            site.refused(&format!("{path}/items?{name}={value}&bbox=0,0,1,1"), name).await;
        }
    }
    let hint = site.ask(&format!("{}/items?{name}=EPSG:3857", site.collections[0]), &[]).await;
    assert!(hint.text().contains("did you mean http://www.opengis.net/def/crs/EPSG/0/3857?"), "{}", hint.text());
}

async fn crs_parameter_invalid(site: &'static Site) {
    invalid(site, "crs").await;
    for (path, feature) in site.examples().await.iter().take(2) {
        site.refused(&format!("{}?crs=EPSG:4326", feature_path(path, feature)), "crs").await;
    }
}

fn positions(geometry: &Value) -> Vec<Vec<f64>> {
    let mut found = Vec::new();
    each_position(geometry, &mut |position| found.push(position.iter().map(|number| number.as_f64().unwrap()).collect()));
    found
}

/// Each coordinate is where the system has it, axes in the order of the authority, heights kept; the rest of the feature is the same.
async fn crs_parameter_transform(site: &'static Site) {
    for path in &site.collections {
        let plain = site.json(&format!("{path}/items?limit=100")).await;
        for uri in listed(site, path).await {
            let crs = uri.parse::<Crs>().unwrap();
            let page = site.json(&format!("{path}/items?limit=100&crs={uri}")).await;
            for (feature, projected) in plain["features"].as_array().unwrap().iter().zip(page["features"].as_array().unwrap()) {
                assert_eq!((&feature["id"], &feature["properties"]), (&projected["id"], &projected["properties"]));
                let convert = |position: &Vec<f64>| crs.from_crs84(Position { lon: position[0], lat: position[1] }, Order::Authority).ok();
                let expected = positions(&feature["geometry"]).iter().map(convert).collect::<Option<Vec<_>>>();
                let Some(expected) = expected else {
                    assert!(projected["geometry"].is_null(), "{path} {uri}: what has no coordinates is not drawn elsewhere");
                    continue;
                };
                let found = positions(&projected["geometry"]);
                assert_eq!(found.len(), expected.len(), "{path} {uri}");
                for ((found, expected), own) in found.iter().zip(expected).zip(positions(&feature["geometry"])) {
                    assert!(found[0] == expected[0] && found[1] == expected[1], "{path} {uri}: {found:?} is not {expected:?}");
                    assert_eq!(found.get(2), own.get(2), "{path} {uri}: heights stay");
                }
            }
        }
        let lat_lon = site.json(&format!("{path}/items?limit=100&crs=http://www.opengis.net/def/crs/EPSG/0/4326")).await;
        for (feature, turned) in plain["features"].as_array().unwrap().iter().zip(lat_lon["features"].as_array().unwrap()) {
            let swap = |position: &Vec<f64>| [position[1], position[0]];
            let (found, own) = (positions(&turned["geometry"]), positions(&feature["geometry"]));
            assert!(found.iter().zip(&own).all(|(found, own)| found[..2] == swap(own)), "{path}: latitude first");
        }
    }
}

async fn crs_parameter_default(site: &'static Site) {
    for path in &site.collections {
        let answer = site.ask(&format!("{path}/items?limit=5"), &[]).await;
        assert_eq!(answer.header("content-crs"), format!("<{CRS84}>"));
        let named = site.ask(&format!("{path}/items?limit=5&crs={CRS84}"), &[]).await;
        assert_eq!(answer.json()["features"], named.json()["features"], "{path}");
    }
}

/// The same box in every system finds the same features.
async fn bbox_crs_parameter(site: &'static Site) {
    definition(site, "bbox-crs").await;
    for path in &site.collections {
        let plain = site.json(&format!("{path}/items?limit=10000&bbox=-5,14,1,18")).await;
        for (bbox, code) in
            [("14,-5,18,1", "EPSG/0/4326"), ("-556597.4539663679,1574216.5480221335,111319.49079327357,2037548.5447506003", "EPSG/0/3857")]
        {
            let page = site.json(&format!("{path}/items?limit=10000&bbox={bbox}&bbox-crs=http://www.opengis.net/def/crs/{code}")).await;
            assert_eq!(ids(&page), ids(&plain), "{path} {code}");
        }
        // A box of a projection is asked in it: what meets it there, and nothing that only the box around it holds.
        let utm = "http://www.opengis.net/def/crs/EPSG/0/32630";
        let crs = utm.parse::<Crs>().unwrap();
        let query = format!("{path}/items?limit=10000&bbox=200000,1500000,800000,2000000&bbox-crs={utm}");
        let page = site.json(&query).await;
        let hits = site.json(&format!("{query}&resultType=hits")).await;
        assert_eq!(hits["numberMatched"], page["numberMatched"]);
        let found = ids(&page);
        for feature in site.walk(&format!("{path}/items?limit=10000")).await {
            let is_found = found.contains(&feature["id"].as_str().unwrap());
            if feature["geometry"].is_null() {
                assert!(is_found, "{path}: what has no place matches every box");
            } else if feature["geometry"]["type"] == "Point" {
                let [lon, lat] = [0, 1].map(|axis| feature["geometry"]["coordinates"][axis].as_f64().unwrap());
                let inside = crs
                    .from_crs84(Position { lon, lat }, Order::EastFirst)
                    .is_ok_and(|[x, y]| (200_000.0..=800_000.0).contains(&x) && (1_500_000.0..=2_000_000.0).contains(&y));
                assert_eq!(is_found, inside, "{path}: {}", feature["id"]);
            }
        }
        // Both parameters together.
        let both = site
            .json(&format!("{path}/items?limit=10000&bbox=14,-5,18,1&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326&crs={utm}"))
            .await;
        assert_eq!(ids(&both), ids(&plain), "{path}");
        let beyond = site
            .json(&format!(
                "{path}/items?limit=1&bbox=-30000000,-30000000,30000000,30000000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857"
            ))
            .await;
        assert!(beyond["numberMatched"].as_u64() >= plain["numberMatched"].as_u64(), "{path}: a map that shows more than the world");
    }
}

async fn bbox_crs_parameter_invalid(site: &'static Site) {
    invalid(site, "bbox-crs").await;
    for path in &site.collections {
        let mercator = "bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857";
        for bbox in ["0,0,1", "a,b,c,d", "0,5,1,4", "5,0,4,1"] {
            site.refused(&format!("{path}/items?bbox={bbox}&{mercator}"), "bbox").await;
        }
        site.refused(&format!("{path}/items?bbox=91,0,92,1&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326"), "bbox").await;
    }
}

async fn bbox_crs_parameter_default(site: &'static Site) {
    for path in &site.collections {
        let plain = site.json(&format!("{path}/items?bbox=177,65,-177,70")).await;
        for crs in ["OGC/1.3/CRS84", "OGC/0/CRS84h"] {
            let named = site.json(&format!("{path}/items?bbox=177,65,-177,70&bbox-crs=http://www.opengis.net/def/crs/{crs}")).await;
            assert_eq!(named["features"], plain["features"], "{path}");
        }
    }
}
