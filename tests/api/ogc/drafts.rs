//! OGC API – Features Parts 6 to 9, drafts without abstract tests: one test for each requirement.

use serde_json::Value;

use super::{
    core::each_position,
    site::{Site, feature_path, parameters},
    table::suite,
};
use crate::support::ids;

suite! { mod properties, "http://www.opengis.net/spec/ogcapi-features-6/0.0/conf/properties", {
    "/conf/properties/parameter" covers "/req/properties/parameter" => properties_parameter;
    "/conf/properties/response" covers "/req/properties/response" => properties_response;
} }

suite! { mod properties_features, "http://www.opengis.net/spec/ogcapi-features-6/0.0/conf/properties-features", {
    "/conf/properties-features/request" covers "/req/properties-features/request" => properties_request;
} }

suite! { mod zoom_level, "http://www.opengis.net/spec/ogcapi-features-7/0.0/conf/zoom-level", {
    "/conf/zoom-level/parameter" covers "/req/zoom-level/parameter" => zoom_parameter;
    "/conf/zoom-level/response" covers "/req/zoom-level/response" => zoom_response;
} }

suite! { mod zoom_level_features, "http://www.opengis.net/spec/ogcapi-features-7/0.0/conf/zoom-level-features", {
    "/conf/zoom-level-features/request" covers "/req/zoom-level-features/request" => zoom_request;
} }

suite! { mod sorting, "http://www.opengis.net/spec/ogcapi-features-8/0.0/conf/sorting", {
    "/conf/sorting/sortby-definition" covers "/req/sorting/sortby-definition" => sortby_definition;
    "/conf/sorting/sortby-response" covers "/req/sorting/sortby-response" => sortby_response;
} }

suite! { mod features_sorting, "http://www.opengis.net/spec/ogcapi-features-8/0.0/conf/features-sorting", {
    "/conf/features-sorting/sortby-param" covers "/req/features-sorting/sortby-param, /req/features-sorting/sortables-link" => sortby_param;
} }

suite! { mod text_search, "http://www.opengis.net/spec/ogcapi-features-9/0.0/conf/text-search", {
    "/conf/text-search/q-definition" covers "/req/text-search/q-definition" => q_definition;
    "/conf/text-search/q-response" covers "/req/text-search/q-response" => q_response;
} }

suite! { mod features_text_search, "http://www.opengis.net/spec/ogcapi-features-9/0.0/conf/features-text-search", {
    "/conf/features-text-search/q-param" covers "/req/features-text-search/q-param" => q_param;
} }

/// A parameter of every items operation and, where `item`, of every operation on a feature.
async fn definitions(site: &Site, name: &str, item: bool) -> Vec<Value> {
    let api = site.json("/api").await;
    let mut found = Vec::new();
    for path in &site.collections {
        let paths = [Some("/items"), item.then_some("/items/{featureId}")];
        for rest in paths.into_iter().flatten() {
            let all = parameters(&api, &format!("{path}{rest}"));
            let named = all.into_iter().filter(|parameter| parameter["name"] == name).cloned().collect::<Vec<_>>();
            assert_eq!(named.len(), 1, "{name} once on {path}{rest}");
            found.extend(named);
        }
    }
    for parameter in &found {
        assert!(parameter["in"] == "query" && parameter["required"] != true, "{parameter}");
        assert!(parameter["style"] == "form" && parameter["explode"] == false, "{parameter}");
    }
    found
}

fn is_list(parameters: &[Value]) {
    for parameter in parameters {
        assert_eq!(
            (&parameter["schema"]["type"], &parameter["schema"]["items"]["type"]),
            (&"array".into(), &"string".into()),
            "{parameter}"
        );
    }
}

async fn properties_parameter(site: &'static Site) {
    is_list(&definitions(site, "properties", true).await);
    is_list(&definitions(site, "exclude-properties", true).await);
}

fn encoded(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect()
}

/// What is named and nothing else; the geometry is a property like the others, the id is always there.
async fn properties_response(site: &'static Site) {
    for path in &site.collections {
        let schema = site.json(&format!("{path}/schema")).await;
        let members = schema["properties"].as_object().unwrap();
        let whole = site.json(&format!("{path}/items?limit=20")).await;
        for (name, property) in members {
            let only = site.json(&format!("{path}/items?limit=20&properties={}", encoded(name))).await;
            let without = site.json(&format!("{path}/items?limit=20&exclude-properties={}", encoded(name))).await;
            let role = property["x-ogc-role"].as_str().unwrap_or_default();
            let sets = [&whole, &only, &without].map(|page| page["features"].as_array().unwrap());
            for ((feature, only), without) in sets[0].iter().zip(sets[1]).zip(sets[2]) {
                assert_eq!((&only["id"], &without["id"]), (&feature["id"], &feature["id"]));
                let is_geometry = role == "primary-geometry";
                let (shown, hidden) = if is_geometry { (only, without) } else { (without, only) };
                assert_eq!((&shown["geometry"], &hidden["geometry"]), (&feature["geometry"], &Value::Null), "{path}: {name}");
                let mut expected = feature["properties"].as_object().unwrap().clone();
                let selected = expected.get(name).filter(|_| !is_geometry && role != "id").cloned();
                let selected = selected.map(|value| (name.clone(), value)).into_iter().collect::<serde_json::Map<_, _>>();
                assert_eq!(only["properties"].as_object().unwrap(), &selected, "{path}: {name}");
                selected.keys().for_each(|name| drop(expected.shift_remove(name)));
                assert_eq!(without["properties"].as_object().unwrap(), &expected, "{path}: {name}");
            }
        }
        site.refused(&format!("{path}/items?properties=geometry&exclude-properties=geometry"), "properties").await;
    }
}

async fn properties_request(site: &'static Site) {
    for (path, feature) in site.examples().await {
        let path = feature_path(&path, &feature);
        let bare = site.json(&format!("{path}?properties=geometry")).await;
        assert!(bare["properties"].as_object().unwrap().len() <= 1 && bare["links"].is_array(), "{path}");
        assert_eq!(bare["id"], feature["id"]);
    }
}

async fn zoom_parameter(site: &'static Site) {
    for parameter in definitions(site, "zoom-level", true).await {
        assert_eq!((&parameter["schema"]["type"], &parameter["schema"]["minimum"]), (&"number".into(), &0.into()));
    }
}

fn positions(geometry: &Value) -> Vec<Vec<Value>> {
    let mut found = Vec::new();
    each_position(geometry, &mut |position| found.push(position.to_vec()));
    found
}

/// Fewer positions the farther out, none moved, the type kept.
async fn zoom_response(site: &'static Site) {
    let mut fewer = 0;
    for path in &site.collections {
        let whole = site.json(&format!("{path}/items?limit=50")).await;
        let mut last = Vec::new();
        for zoom in ["24", "9.5", "4", "0"] {
            let page = site.json(&format!("{path}/items?limit=50&zoom-level={zoom}")).await;
            assert_eq!(ids(&page), ids(&whole));
            let counts = page["features"].as_array().unwrap().iter().zip(whole["features"].as_array().unwrap()).map(|(simple, whole)| {
                assert_eq!(simple["geometry"]["type"], whole["geometry"]["type"], "{path}");
                assert_eq!(simple["properties"], whole["properties"]);
                let (some, all) = (positions(&simple["geometry"]), positions(&whole["geometry"]));
                assert!(some.iter().all(|position| all.contains(position)), "{path} at {zoom}: no position is moved");
                assert_eq!(some.is_empty(), all.is_empty());
                some.len()
            });
            let counts = counts.collect::<Vec<_>>();
            assert!(last.is_empty() || counts.iter().zip(&last).all(|(now, before)| now <= before), "{path} at {zoom}");
            fewer += usize::from(counts.iter().zip(&last).any(|(now, before)| now < before));
            last = counts;
        }
    }
    assert!(fewer > 0 || !site.is_awkward, "something is simplified");
}

async fn zoom_request(site: &'static Site) {
    for (path, feature) in site.examples().await.into_iter().step_by(7) {
        let simple = site.json(&format!("{}?zoom-level=3", feature_path(&path, &feature))).await;
        assert_eq!(simple["geometry"]["type"], feature["geometry"]["type"], "{path}");
    }
}

async fn sortby_definition(site: &'static Site) {
    let parameters = definitions(site, "sortby", false).await;
    is_list(&parameters);
    assert!(parameters.iter().all(|parameter| parameter["schema"]["minItems"] == 1));
}

/// Ascending and descending by every sortable, unknown values last, ids to the end of ties on every page.
async fn sortby_response(site: &'static Site) {
    for path in &site.collections {
        let sortables = site.json(&format!("{path}/sortables")).await;
        for (name, property) in sortables["properties"].as_object().unwrap() {
            let value =
                |feature: &Value| if property["x-ogc-role"] == "id" { feature["id"].clone() } else { feature["properties"][name].clone() };
            for sign in if name.starts_with("id") { &["", "%2B", "+", "-"][..] } else { &["%2B", "-"] } {
                let page = site.json(&format!("{path}/items?limit=60&sortby={sign}{}", encoded(name))).await;
                let values = page["features"].as_array().unwrap().iter().map(value).collect::<Vec<_>>();
                for pair in values.windows(2) {
                    let order = match (&pair[0], &pair[1]) {
                        (_, Value::Null) => continue,
                        (Value::Null, other) => panic!("{path}: {name}: null before {other}"),
                        (Value::String(a), Value::String(b)) => a.cmp(b),
                        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
                        (Value::Number(a), Value::Number(b)) if a.is_i64() && b.is_i64() => a.as_i64().cmp(&b.as_i64()),
                        (a, b) => a.as_f64().unwrap().total_cmp(&b.as_f64().unwrap()),
                    };
                    assert!(if *sign == "-" { order.is_ge() } else { order.is_le() }, "{path} {sign}{name}: {} {}", pair[0], pair[1]);
                }
            }
        }
    }
}

async fn sortby_param(site: &'static Site) {
    for path in &site.collections {
        for (value, hint) in [("titel", None), ("-idd", Some("did you mean id")), ("list", None), ("structure", None)] {
            let answer = site.ask(&format!("{path}/items?sortby={value}"), &[]).await;
            assert_eq!(answer.status, 400, "{path}: {value}");
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains("there are id"), "{detail}");
            assert!(hint.is_none_or(|hint| detail.contains(hint)), "{detail}");
        }
        let walked = site.walk(&format!("{path}/items?limit=2503&sortby=-id")).await;
        let ids = walked.iter().map(|feature| feature["id"].as_str().unwrap()).collect::<Vec<_>>();
        if !site.is_awkward {
            assert!(ids.is_sorted_by(|a, b| a > b), "{path}: descending through all pages, each once");
        }
        assert_eq!(ids.len() as u64, site.json(&format!("{path}/items?limit=1")).await["numberMatched"]);
    }
}

async fn q_definition(site: &'static Site) {
    is_list(&definitions(site, "q", false).await);
}

/// Case, accents and hyphens aside; a comma is or, a space is and next.
async fn q_response(site: &'static Site) {
    let count = async |path: &str, q: &str| site.json(&format!("{path}/items?limit=1&q={q}")).await["numberMatched"].as_u64().unwrap();
    if site.is_awkward {
        for path in ["/collections/shapes", "/collections/s%C3%BC%C3%9F%20%26%20sa%C3%9F"] {
            let filled = count(path, "gao").await;
            assert!(filled > 20);
            for same in ["GAO", "g%C3%A3o", "Gao%20region", "gao+r%C3%A9gion", "gao-region", "one", "xyz,gao"] {
                assert_eq!(count(path, same).await, filled, "{path} {same}");
            }
            for none in ["region+gao", "ao", "two+gao", "xyz"] {
                assert_eq!(count(path, none).await, 0, "{path} {none}");
            }
            assert_eq!(count(path, "menaka+7").await, 1);
        }
        assert_eq!(count("/collections/empty", "gao").await, 0);
    } else {
        assert_eq!(count("/collections/bases", "menaka").await, 1);
        assert_eq!(count("/collections/bases", "M%C3%89NAKA,ber").await, 2);
        assert!(count("/collections/places", "timbuktu,tombouctou").await >= 1);
    }
}

async fn q_param(site: &'static Site) {
    for path in &site.collections {
        for value in ["", ",", "%20", "***"] {
            site.refused(&format!("{path}/items?q={value}"), "q").await;
        }
        let all = site.walk(&format!("{path}/items?limit=10000&q=menaka&bbox=-10,0,10,30")).await;
        for feature in &all {
            assert!(feature["properties"].to_string().to_lowercase().contains("naka"), "{path}: {feature}");
        }
    }
}
