//! Answers that say why: what became of the features that are not there.

use axum::http::StatusCode;

use crate::support::{get, ids, json};

#[tokio::test]
async fn every_filter_says_how_many_it_removed() {
    let page = json(
        "/collections/bases/items?bbox=-5,15,3,21&datetime=2023-08-01/2023-08-31&filter=state%3D%27closed%27&q=menaka,ber&explain=true",
    )
    .await;
    let explain = &page["explain"];
    assert_eq!(explain["features"], 13);
    let filters = explain["filters"].as_array().unwrap();
    let names = filters.iter().map(|filter| filter["parameter"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(names, ["bbox", "datetime", "filter", "q"]);
    let mut left = 13;
    for filter in filters {
        left -= filter["removed"].as_u64().unwrap();
        assert_eq!(filter["left"], left, "{filter}");
        assert!(filter["value"].is_string(), "{filter}");
    }
    assert_eq!((&explain["matched"], &page["numberMatched"]), (&left.into(), &left.into()));
    assert!(left > 0 && left < 13);
}

#[tokio::test]
async fn one_feature_is_told_why_it_is_missing() {
    let of = async |query: &str| json(&format!("/collections/bases/items?{query}")).await["explain"]["feature"].clone();
    let kidal = of("bbox=2,15,3,17&datetime=2023-08-01/2023-08-31&explain=kidal").await;
    assert_eq!((&kidal["exists"], &kidal["matches"]), (&true.into(), &false.into()));
    let said = kidal["filters"].as_array().unwrap();
    assert!(said.iter().all(|filter| filter["keeps"] == false), "{kidal}");
    assert!(said[0]["why"].as_str().unwrap().contains("lies within 1.4"), "{kidal}");
    assert!(said[1]["why"].as_str().unwrap().contains("2023-10-31"), "{kidal}");
    let menaka = of("bbox=-10,10,5,25&explain=menaka&limit=1").await;
    assert_eq!(menaka["matches"], true);
    let offset = menaka["offset"].as_u64().unwrap();
    let page = json(&format!("/collections/bases/items?bbox=-10,10,5,25&limit=1&offset={offset}")).await;
    assert_eq!(page["features"][0]["id"], "menaka", "that is where it stands");
    assert_eq!(of("explain=nobody").await["exists"], false);
    // What the conditions looked at, and what is not known.
    let gao = of("filter=accuracy_m%3C10+AND+name+LIKE+'G%25'&state=closed&explain=gao").await;
    let said = gao["filters"].as_array().unwrap();
    assert_eq!((&said[0]["parameter"], &said[0]["keeps"], &said[1]["parameter"]), (&"filter".into(), &false.into(), &"state".into()));
    let why = said[0]["why"].as_str().unwrap();
    assert!(why.contains("is false (accuracy_m is ") && why.contains("is true (name is \"Gao\")"), "{why}");
    let unknown = of("filter=closed_latest%3EDATE('2000-01-01')&explain=bamako").await;
    assert!(!unknown["filters"][0]["why"].as_str().unwrap().is_empty());
    // What is not known of a feature is removed as what is false is.
    let page = json("/collections/bases/items?filter=id+IS+NULL&explain=true").await;
    assert_eq!((&page["explain"]["filters"][0]["removed"], &page["explain"]["filters"][0]["unknown"]), (&13.into(), &0.into()));
    let page = json("/collections/bases/items?basis=documents&filter=closed_latest%3EDATE('2100-01-01')&explain=true").await;
    let undated = json("/collections/bases/items?basis=documents&filter=closed_latest+IS+NULL").await;
    assert_eq!(page["explain"]["filters"][0]["unknown"], undated["numberMatched"]);
    assert!(undated["numberMatched"].as_u64().unwrap() > 0);
    // In another order it stands elsewhere.
    let offset = of("sortby=-name&explain=gao").await["offset"].as_u64().unwrap();
    let page = json(&format!("/collections/bases/items?sortby=-name&limit=1&offset={offset}")).await;
    assert_eq!(page["features"][0]["id"], "gao");
    // What the five documents do not name is in the other view.
    let all = json("/collections/bases/items?limit=1000").await;
    let documents = json("/collections/bases/items?limit=1000&basis=documents").await;
    if let Some(other) = ids(&all).into_iter().find(|id| !ids(&documents).contains(id)) {
        let told = of(&format!("basis=documents&explain={other}")).await;
        assert!(told["why"].as_str().unwrap().contains("basis=all"), "{told}");
    }
    let source = json("/collections/sources/items?bbox=0,0,1,1&limit=1").await["features"][0]["id"].as_str().unwrap().to_owned();
    let source = json(&format!("/collections/sources/items?bbox=0,0,1,1&explain={source}")).await;
    assert!(source["explain"]["feature"]["filters"][0]["why"].as_str().unwrap().contains("no geometry"), "{source}");
}

#[tokio::test]
async fn an_explanation_has_no_table() {
    let answer = get("/collections/bases/items?f=csv&explain=true").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text().contains("explain: cannot stand together with a form other than f=json"), "{}", answer.text());
}

#[tokio::test]
async fn a_box_that_finds_nothing_with_its_axes_swapped_says_so() {
    // Mali with latitude first is a valid box in the Gulf of Guinea and beyond.
    let page = json("/collections/bases/items?bbox=14,-5,17,1").await;
    assert_eq!(page["numberMatched"], 0);
    let hint = page["hint"].as_str().unwrap();
    let found = json("/collections/bases/items?bbox=-5,14,1,17").await["numberMatched"].clone();
    assert!(hint.contains("bbox=-5,14,1,17") && hint.contains(&format!("meet {found}")), "{hint}");
    for fine in ["bbox=-5,14,1,17", "bbox=50,50,51,51", "datetime=2030-01-01", "bbox=-5,14,1,17&datetime=1990-01-01"] {
        assert!(json(&format!("/collections/bases/items?{fine}")).await.get("hint").is_none(), "{fine}");
    }
}

#[tokio::test]
async fn names_that_are_not_known_come_with_the_nearest() {
    for (query, nearest) in
        [("sortby=nam", "name"), ("properties=nmae", "name"), ("exclude-properties=regoin", "region"), ("sortby=-closed", "closed_latest")]
    {
        let answer = get(&format!("/collections/bases/items?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.contains("did you mean") && (detail.contains(&format!("did you mean {nearest}?")) || nearest == "closed_latest"),
            "{detail}"
        );
    }
}
