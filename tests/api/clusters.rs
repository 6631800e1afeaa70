//! Clusters: counts that add up to what items count.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::support::{ask, get, json, link};

fn counts(page: &Value) -> u64 {
    page["features"].as_array().unwrap().iter().map(|feature| feature["properties"]["count"].as_u64().unwrap()).sum()
}

#[tokio::test]
async fn counts_add_up_to_what_items_count() {
    for query in [
        "",
        "q=menaka,gao",
        "bbox=-8,12,2,20",
        "bbox=-8,12,2,20&zoom=9",
        "zoom=0&limit=1",
        "bbox=170,-90,-170,90",
        "datetime=2023-08-01/2023-08-31",
    ] {
        for collection in ["bases", "closures", "claims", "sources"] {
            let clusters = json(&format!("/collections/{collection}/clusters?{query}")).await;
            let of_items =
                query.split('&').filter(|part| !part.starts_with("zoom") && !part.starts_with("limit")).collect::<Vec<_>>().join("&");
            let items = json(&format!("/collections/{collection}/items?limit=10000&{of_items}")).await;
            assert_eq!(clusters["numberMatched"], items["numberMatched"], "{collection} {query}");
            let located = items["features"].as_array().unwrap().iter().filter(|feature| !feature["geometry"].is_null()).count() as u64;
            assert_eq!((clusters["numberLocated"].as_u64(), counts(&clusters)), (Some(located), located), "{collection} {query}");
            assert_eq!(clusters["numberReturned"], clusters["features"].as_array().unwrap().len());
        }
    }
}

#[tokio::test]
async fn a_cluster_is_a_point_in_its_box_and_one_alone_is_its_feature() {
    let answer = get("/collections/bases/clusters?bbox=-9,11,3,21&zoom=4").await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
    assert_eq!(answer.header("content-crs"), "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>");
    answer.text().parse::<geojson::GeoJson>().expect("valid GeoJSON");
    let page = answer.json();
    let mut alone = 0;
    for feature in page["features"].as_array().unwrap() {
        let number = |value: &Value| value.as_f64().unwrap();
        let bbox = feature["bbox"].as_array().unwrap().iter().map(number).collect::<Vec<_>>();
        let at = feature["geometry"]["coordinates"].as_array().unwrap().iter().map(number).collect::<Vec<_>>();
        assert!(bbox[0] <= at[0] && at[0] <= bbox[2] && bbox[1] <= at[1] && at[1] <= bbox[3], "{feature}");
        match feature.get("id") {
            None => assert!(feature["properties"]["count"].as_u64().unwrap() > 1, "{feature}"),
            Some(id) => {
                alone += 1;
                let item = json(&format!("/collections/bases/items/{}", id.as_str().unwrap())).await;
                assert_eq!(feature["geometry"], item["geometry"]);
                for name in ["name", "name_fr"] {
                    assert_eq!(feature["properties"][name], item["properties"][name]);
                }
            }
        }
    }
    assert!(alone > 0 && alone < 13, "{alone}");
}

#[tokio::test]
async fn a_view_has_its_own_clusters() {
    let all = json("/collections/bases/clusters").await;
    let documents = json("/collections/bases/clusters?basis=documents").await;
    let items = json("/collections/bases/items?basis=documents").await;
    assert_eq!(documents["numberMatched"], items["numberMatched"]);
    assert_ne!(all["numberMatched"], documents["numberMatched"]);
}

#[tokio::test]
async fn filters_and_queryables_are_those_of_items() {
    for query in ["filter=region%3D%27Gao%27", "region=Gao", "region=Gao&bbox=-1,15,1,17&filter=name%20LIKE%20%27A%25%27"] {
        let clusters = json(&format!("/collections/bases/clusters?zoom=7&{query}")).await;
        let items = json(&format!("/collections/bases/items?{query}")).await;
        assert_eq!(clusters["numberMatched"], items["numberMatched"], "{query}");
        assert_eq!(counts(&clusters), items["numberReturned"].as_u64().unwrap(), "{query}");
        assert!(counts(&clusters) > 0 && counts(&clusters) < 13, "{query}");
    }
}

#[tokio::test]
async fn more_cells_than_asked_for_are_never_sent() {
    for limit in [1, 7, 40, 1000] {
        let page = json(&format!("/collections/places/clusters?zoom=28&limit={limit}")).await;
        assert!(page["features"].as_array().unwrap().len() <= limit, "{limit}");
    }
    json("/collections/places/clusters?zoom=28&limit=99999999999").await;
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    for (query, parameter) in [
        ("zoom=29", "zoom"),
        ("zoom=-1", "zoom"),
        ("zoom=2.5", "zoom"),
        ("zoom=", "zoom"),
        ("limit=0", "limit"),
        ("offset=1", "offset"),
        ("cursor=x", "cursor"),
        ("zooom=1", "zooom"),
        ("bbox=1,2,3", "bbox"),
        ("datetime=yesterday", "datetime"),
        ("certainty=maybe", "certainty"),
        ("basis=none", "basis"),
        ("f=csv", "f"),
    ] {
        let answer = get(&format!("/collections/bases/clusters?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.json()["parameter"], parameter, "{query}");
    }
    assert_eq!(get("/collections/places/clusters?basis=all").await.status, StatusCode::BAD_REQUEST, "places have one view");
    assert_eq!(get("/collections/nothing/clusters").await.status, StatusCode::NOT_FOUND);
    let swapped = get("/collections/bases/clusters?bbox=14,-120,20,-100").await.json();
    assert!(swapped["hint"].as_str().unwrap().contains("axes look swapped"), "{swapped}");
}

#[tokio::test]
async fn they_are_cached_and_linked_like_features() {
    let first = get("/collections/bases/clusters?zoom=5").await;
    let tag = first.header("etag").to_owned();
    let again = ask(Method::GET, "/collections/bases/clusters?zoom=5", &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_ne!(get("/collections/bases/clusters?bbox=-9,11,3,21&zoom=4").await.header("etag"), tag);
    let collection = json("/collections/bases").await;
    assert_eq!(link(&collection, "related"), Some("http://maps.example/collections/bases/clusters"));
    let api = json("/api").await;
    let parameters = api["paths"]["/collections/{collectionId}/clusters"]["get"]["parameters"].as_array().unwrap();
    assert!(parameters.iter().any(|parameter| parameter["$ref"] == "#/components/parameters/zoom"));
}
