//! Pages of features and single ones.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::support::{BASE, ask, get, ids, json, link};

#[tokio::test]
async fn a_page_is_a_feature_collection_with_counts_and_links() {
    let answer = get("/collections/bases/items").await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
    assert_eq!(answer.header("content-crs"), "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>");
    let page = answer.json();
    assert_eq!((&page["type"], &page["numberMatched"], &page["numberReturned"]), (&"FeatureCollection".into(), &13.into(), &13.into()));
    assert_eq!(link(&page, "self"), Some("http://maps.example/collections/bases/items"));
    assert_eq!(link(&page, "next"), None);
    let parsed = answer.text().parse::<geojson::GeoJson>().expect("valid GeoJSON");
    assert!(matches!(parsed, geojson::GeoJson::FeatureCollection(collection) if collection.features.len() == 13));
}

#[tokio::test]
async fn next_links_walk_every_feature_once() {
    for (collection, within) in [("bases", ""), ("claims", ""), ("places", "&bbox=-5.5,5,-4.5,6.5"), ("sources", "")] {
        let whole = json(&format!("/collections/{collection}/items?limit=10000{within}")).await;
        let expected = ids(&whole);
        let step = expected.len() / 4 + 1;
        let (mut seen, mut path) = (Vec::new(), format!("/collections/{collection}/items?limit={step}&f=json{within}"));
        loop {
            let page = json(&path).await;
            assert_eq!(page["numberMatched"], expected.len());
            seen.extend(ids(&page).into_iter().map(str::to_owned));
            match link(&page, "next") {
                Some(next) => path = next.strip_prefix(BASE).expect("same origin").to_owned(),
                None => break,
            }
        }
        assert_eq!(seen, expected, "{collection}");
    }
}

#[tokio::test]
async fn a_box_and_its_neighbours() {
    let page = json("/collections/bases/items?bbox=2,15,3,17").await;
    assert_eq!(ids(&page), ["menaka"]);
    let page = json("/collections/bases/items?bbox=177,65,-177,70").await;
    assert_eq!(page["numberMatched"], 0, "across the antimeridian there is no base");
    let page = json("/collections/bases/items?bbox=2,15,-100,3,17,9000").await;
    assert_eq!(ids(&page), ["menaka"], "no height matches any");
}

#[tokio::test]
async fn features_without_place_match_every_box() {
    let everywhere = json("/collections/sources/items").await["numberMatched"].clone();
    assert_eq!(json("/collections/sources/items?bbox=0,0,1,1").await["numberMatched"], everywhere);
}

#[tokio::test]
async fn time_is_possible_or_certain() {
    let count =
        |query: &'static str| async move { json(&format!("/collections/closures/items?{query}")).await["numberMatched"].as_u64().unwrap() };
    // Ber, Goundam, Ménaka and Ogossagou (3 or 4 August).
    assert_eq!(count("datetime=2023-08-01/2023-08-31").await, 4);
    assert_eq!(count("datetime=2023-08-01/2023-08-31&certainty=certain").await, 4);
    assert_eq!(count("datetime=2023-08-03").await, 1);
    assert_eq!(count("datetime=2023-08-03&certainty=certain").await, 0, "3 or 4 August");
    assert_eq!(count("datetime=2024-07-15T12:00:00Z").await, 1, "Gao, some day in July");
    assert_eq!(count("datetime=../2023-07-01").await, 0);
    assert_eq!(count("datetime=2024-11-30/..").await, 1);
}

#[tokio::test]
async fn the_documents_alone_are_another_view() {
    let all = json("/collections/bases/items").await;
    let documents = json("/collections/bases/items?basis=documents").await;
    assert!(documents["numberMatched"].as_u64() < all["numberMatched"].as_u64());
    let menaka = json("/collections/bases/items/menaka?basis=documents").await;
    assert_eq!(menaka["properties"]["closed"], "[2023-08-25..2023-08-31]");
    assert_eq!(json("/collections/bases/items/menaka").await["properties"]["closed"], "2023-08-25");
    assert_eq!(get("/collections/places/items?basis=documents").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn one_feature_has_links_of_its_own() {
    let item = json("/collections/bases/items/menaka").await;
    assert_eq!(item["type"], "Feature");
    assert_eq!(item["id"], "menaka");
    assert_eq!(item["geometry"]["coordinates"], serde_json::json!([2.39609, 15.91985]));
    assert_eq!(link(&item, "self"), Some("http://maps.example/collections/bases/items/menaka"));
    assert_eq!(link(&item, "collection"), Some("http://maps.example/collections/bases"));
    assert!(link(&item, "alternate").is_some());
    let page = json("/collections/bases/items").await;
    let listed = page["features"].as_array().unwrap().iter().find(|feature| feature["id"] == "menaka").unwrap();
    assert_eq!(listed["properties"], item["properties"]);
    assert!(listed.get("links").is_none());
}

#[tokio::test]
async fn tables_without_finished_text_read_the_same() {
    let page = json("/collections/places/items?bbox=-0.1,16.2,0,16.3").await;
    let gao = page["features"].as_array().unwrap().iter().find(|feature| feature["properties"]["level"] == "settlement").unwrap();
    let alone = json(&format!("/collections/places/items/{}", gao["id"].as_str().unwrap())).await;
    assert_eq!(alone["properties"], gao["properties"]);
    assert_eq!(alone["geometry"], gao["geometry"]);
}

#[tokio::test]
async fn csv_holds_the_same_rows() {
    let answer = ask(Method::GET, "/collections/bases/items", &[("accept", "text/csv")]).await;
    assert!(answer.header("content-type").starts_with("text/csv"));
    let mut reader = csv::Reader::from_reader(answer.body.as_slice());
    let headers = reader.headers().unwrap().clone();
    assert_eq!(headers.iter().take(3).collect::<Vec<_>>(), ["id", "longitude", "latitude"]);
    let rows = reader.records().map(|row| row.unwrap()).collect::<Vec<_>>();
    assert_eq!(rows.len(), 13);
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let menaka = rows.iter().find(|row| &row[0] == "menaka").unwrap();
    assert_eq!((&menaka[1], &menaka[2]), ("2.39609", "15.91985"));
    assert_eq!(&menaka[column("closed_earliest")], "2023-08-25");
    assert_eq!(&menaka[column("name")], "Ménaka");
}

#[tokio::test]
async fn a_limit_beyond_the_maximum_is_clamped() {
    for limit in ["10001", "99999999999999999999999999999"] {
        let page = json(&format!("/collections/places/items?limit={limit}")).await;
        assert_eq!(page["numberReturned"], 10_000, "there are more places than that");
    }
    assert_eq!(json("/collections/places/items").await["numberReturned"], 1000);
}

#[tokio::test]
async fn offset_reads_the_same_order() {
    let whole = json("/collections/claims/items").await;
    let part = json("/collections/claims/items?offset=10&limit=5").await;
    assert_eq!(ids(&part), ids(&whole)[10..15]);
    let beyond = json("/collections/claims/items?offset=99999999").await;
    assert_eq!((&beyond["numberReturned"], link(&beyond, "next")), (&Value::from(0), None));
}

#[tokio::test]
async fn claims_are_web_annotations() {
    let page = json("/collections/claims/items?basis=documents&limit=10000").await;
    for claim in page["features"].as_array().unwrap() {
        let annotation = &claim["properties"]["annotation"];
        assert_eq!(annotation["type"], "Annotation", "{}", claim["id"]);
        let selectors = annotation["target"]["selector"].as_array().unwrap();
        let quote = selectors.iter().find(|selector| selector["type"] == "TextQuoteSelector").unwrap();
        assert!(quote["exact"].as_str().unwrap().split_whitespace().count() <= 8, "{}", claim["id"]);
        let place = selectors.iter().find(|selector| selector["type"] == "TextPositionSelector").unwrap();
        assert!(place["start"].as_u64() < place["end"].as_u64());
    }
}
