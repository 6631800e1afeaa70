//! `filter` and what belongs to it, on the embedded data: parameters, queryables, functions, what clients look for.

use axum::http::StatusCode;
use serde_json::Value;

use crate::support::{BASE, get, ids, json, link};

/// A value as it stands in an address.
fn encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

async fn found(collection: &str, filter: &str) -> Vec<String> {
    let page = json(&format!("/collections/{collection}/items?limit=10000&filter={}", encoded(filter))).await;
    assert_eq!(page["numberMatched"], page["numberReturned"], "{filter}");
    let mut found = ids(&page).into_iter().map(str::to_owned).collect::<Vec<_>>();
    found.sort();
    found
}

#[tokio::test]
async fn a_filter_leaves_what_it_is_true_of() {
    assert_eq!(found("bases", "name = 'Ménaka'").await, ["menaka"]);
    assert_eq!(found("bases", "ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('MEN%'))").await, ["menaka"]);
    assert_eq!(found("bases", "S_INTERSECTS(geometry, BBOX(2,15,3,17)) AND name IS NOT NULL").await, ["menaka"]);
    assert_eq!(found("bases", "id IN ('gao', 'menaka')").await, ["gao", "menaka"]);
    assert_eq!(
        found("bases", "A_CONTAINS(other_names, ('Sévaré')) OR FALSE").await.len(),
        found("bases", "A_OVERLAPS(other_names, ('Sévaré', '?'))").await.len()
    );
    let all = found("bases", "TRUE").await;
    let (with, without) = (found("bases", "closed IS NULL").await, found("bases", "NOT closed IS NULL").await);
    assert_eq!(with.len() + without.len(), all.len());
    assert!(found("sources", "TRUE").await.len() > 5);
}

#[tokio::test]
async fn uncertain_time_is_possible_or_certain() {
    let month = "INTERVAL('2023-08-01','2023-08-31')";
    // Ber, Goundam, Ménaka and Ogossagou (3 or 4 August).
    assert_eq!(found("closures", &format!("T_INTERSECTS(time, {month})")).await.len(), 4);
    assert_eq!(found("closures", &format!("T_INTERSECTS(closed, {month})")).await.len(), 4);
    assert_eq!(found("closures", &format!("certainly_intersects(time, {month})")).await.len(), 4);
    assert_eq!(found("closures", "T_INTERSECTS(time, DATE('2023-08-03'))").await.len(), 1);
    assert!(found("closures", "certainly_intersects(time, DATE('2023-08-03'))").await.is_empty(), "3 or 4 August");
    assert_eq!(
        found("closures", "T_AFTER(time, DATE('2024-07-15'))").await,
        found("closures", "T_AFTER(closed, DATE('2024-07-15'))").await
    );
    let possibly = found("closures", "T_BEFORE(time, DATE('2024-07-15'))").await;
    let certainly = found("closures", "certainly_before(time, DATE('2024-07-15'))").await;
    assert_eq!(possibly.iter().filter(|id| !certainly.contains(id)).collect::<Vec<_>>(), ["gao"], "some day in July");
}

#[tokio::test]
async fn features_without_place_or_time_follow_three_valued_logic() {
    let count = |filter: &'static str| async move { found("events", filter).await.len() };
    let everything = count("TRUE").await;
    assert_eq!(count("S_INTERSECTS(geometry, BBOX(-180,-90,180,90))").await, count("geometry IS NOT NULL").await);
    assert_eq!(count("NOT S_INTERSECTS(geometry, BBOX(0,0,1,1))").await, count("S_DISJOINT(geometry, BBOX(0,0,1,1))").await);
    assert!(count("geometry IS NULL").await > 0 && count("geometry IS NULL").await < everything);
}

#[tokio::test]
async fn the_languages_and_reference_systems_of_a_filter() {
    let path = |filter: &str, more: &str| format!("/collections/bases/items?filter={}{more}", encoded(filter));
    let by_json = r#"{"op":"=","args":[{"property":"name"},"Gao"]}"#;
    for (filter, more) in [
        ("name='Gao'", ""),
        ("name='Gao'", "&filter-lang=cql2-text"),
        ("name='Gao'", "&filter-lang=cql-text"),
        (by_json, "&filter-lang=cql2-json"),
        ("S_INTERSECTS(geometry,BBOX(16,-0.2,16.5,0.2))", "&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326"),
        ("S_INTERSECTS(geometry,BBOX(-0.2,16,0.2,16.5))", "&filter-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("S_INTERSECTS(geometry,BBOX(-22264,1804723,22264,1862762))", "&filter-crs=http://www.opengis.net/def/crs/EPSG/0/3857"),
    ] {
        assert_eq!(ids(&json(&path(filter, more)).await), ["gao"], "{filter}{more}");
    }
    let tag = |answer: &crate::support::Answer| answer.header("etag").to_owned();
    let (text, other) = (get(&path("name='Gao'", "&lang=en")).await, get(&path("( name = 'Gao' )", "&lang=en")).await);
    assert_eq!(tag(&text), tag(&other), "one question, one tag");
}

#[tokio::test]
async fn pages_of_a_filter_go_on_with_it() {
    let filter = "reading = 'literal' AND NOT S_INTERSECTS(geometry, BBOX(0,0,1,1))";
    let whole = found("claims", filter).await;
    let (mut seen, mut path) = (Vec::new(), format!("/collections/claims/items?limit=7&filter={}", encoded(filter)));
    loop {
        let page = json(&path).await;
        assert_eq!(page["numberMatched"], whole.len());
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        let Some(next) = link(&page, "next") else { break };
        path = next.strip_prefix(BASE).unwrap().to_owned();
    }
    seen.sort();
    assert!(whole.len() > 20);
    assert_eq!(seen, whole);
    let cursor = json(&format!("/collections/claims/items?limit=7&filter={}", encoded(filter))).await;
    let next = link(&cursor, "next").unwrap().strip_prefix(BASE).unwrap().replace("literal", "derived");
    assert_eq!(get(&next).await.status, StatusCode::BAD_REQUEST, "a cursor goes with its filter");
}

#[tokio::test]
async fn errors_teach() {
    for (query, parameter, rule) in [
        ("filter=nane%3D1", "filter", "at character 0: there is no property \"nane\" to filter by; did you mean name?"),
        ("filter=name%3D5", "filter", "= compares values of one type"),
        ("filter=", "filter", "at character 0: expected"),
        ("filter=%7B%7D&filter-lang=cql2-json", "filter", "at the top"),
        ("filter=name&filter-lang=sql", "filter-lang", "cql2-text, cql2-json, cql-text"),
        ("filter-crs=EPSG:1", "filter-crs", "not one of the"),
        ("filter-crs=here", "filter-crs", "names no reference system"),
        ("documented=perhaps", "documented", "true or false"),
        ("closed_earliest=August", "closed_earliest", "a date"),
        ("nam=Gao", "nam", "did you mean name?"),
    ] {
        let answer = get(&format!("/collections/bases/items?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}: {}", answer.text());
        let problem = answer.json();
        assert_eq!(problem["parameter"], parameter, "{query}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(rule), "{query}: {problem}");
    }
}

#[tokio::test]
async fn every_simple_queryable_is_a_parameter() {
    assert_eq!(ids(&json("/collections/bases/items?name=Gao").await), ["gao"]);
    assert_eq!(ids(&json("/collections/bases/items?id=gao&documented=true").await), ["gao"]);
    let page = json("/collections/closures/items?closed_earliest=2023-08-03").await;
    assert_eq!(page["numberMatched"], 1);
    // A property with the name of another parameter is reached by a filter.
    let claims = json("/collections/claims/items?limit=10000&basis=documents").await["numberMatched"].as_u64();
    assert_eq!(found("claims", "basis = 'documents'").await.len() as u64, claims.unwrap());
}

#[tokio::test]
async fn queryables_are_a_schema_that_filters_can_name() {
    for collection in ["bases", "closures", "events", "places", "claims", "sources"] {
        let one = json(&format!("/collections/{collection}")).await;
        let href = link(&one, "http://www.opengis.net/def/rel/ogc/1.0/queryables").unwrap();
        let answer = get(href.strip_prefix(BASE).unwrap()).await;
        assert_eq!(answer.header("content-type"), "application/schema+json");
        let schema = answer.json();
        assert_eq!((&schema["$id"], &schema["type"]), (&Value::from(href), &Value::from("object")));
        let properties = schema["properties"].as_object().unwrap();
        assert!(properties.contains_key("id"));
        for (name, property) in properties {
            assert!(property["type"].is_string() || property["format"].is_string(), "{collection} {name}");
            let filter = format!("\"{name}\" IS NULL OR \"{name}\" IS NOT NULL");
            let page = json(&format!("/collections/{collection}/items?limit=1&filter={}", encoded(&filter))).await;
            assert_eq!(page["numberMatched"], json(&format!("/collections/{collection}/items?limit=1")).await["numberMatched"], "{name}");
        }
    }
}

#[tokio::test]
async fn the_interface_lists_filters_as_clients_look_for_them() {
    let api = json("/api?f=json").await;
    let langs = api["components"]["parameters"]["filter-lang"]["schema"]["enum"].as_array().unwrap();
    assert!(langs.contains(&"cql-text".into()), "GDAL pushes filters down only where it finds its name");
    let parameters = api["paths"]["/collections/bases/items"]["get"]["parameters"].as_array().unwrap();
    let name = parameters.iter().find(|parameter| parameter["name"] == "name").expect("a concrete parameter, as QGIS wants it");
    assert_eq!((&name["style"], &name["explode"], &name["schema"]["type"]), (&"form".into(), &false.into(), &"string".into()));
    let functions = json("/functions").await;
    let names = functions["functions"].as_array().unwrap().iter().map(|function| function["name"].as_str().unwrap()).collect::<Vec<_>>();
    assert!(["certainly_intersects", "certainly_before", "certainly_after"].iter().all(|name| names.contains(name)));
}
