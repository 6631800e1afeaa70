//! The Reconciliation Service API 0.2: every member that its published schemas require, of the kind that they say.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{ask, get, json as read, post};

/// Checks that members are texts.
fn texts(value: &Value, names: &[&str]) {
    for name in names {
        assert!(value[name].as_str().is_some_and(|text| !text.is_empty()), "{name} in {value}");
    }
}

async fn batch(queries: Value) -> Value {
    let answer = post("/reconcile", &[("queries", &queries.to_string())]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

/// A result batch as its schema has it.
fn check_results(answer: &Value) {
    for (key, one) in answer.as_object().unwrap() {
        let result = one["result"].as_array().unwrap_or_else(|| panic!("{key}: {one}"));
        for candidate in result {
            texts(candidate, &["id", "name", "description"]);
            assert!(candidate["score"].is_number() && candidate["match"].is_boolean(), "{candidate}");
            candidate["type"].as_array().unwrap().iter().for_each(|kind| texts(kind, &["id", "name"]));
            for feature in candidate["features"].as_array().unwrap() {
                assert!(feature["id"].is_string() && (feature["value"].is_number() || feature["value"].is_boolean()), "{feature}");
            }
        }
        let scores = result.iter().map(|candidate| candidate["score"].as_f64().unwrap()).collect::<Vec<_>>();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    }
}

#[tokio::test]
async fn the_manifest_says_what_the_service_can() {
    let manifest = read("/reconcile").await;
    texts(&manifest, &["name", "identifierSpace", "schemaSpace", "documentation", "serviceVersion", "logo"]);
    assert!(manifest["versions"].as_array().unwrap().contains(&json!("0.2")));
    assert!(manifest["view"]["url"].as_str().unwrap().contains("{{id}}"));
    assert!(manifest["preview"]["url"].as_str().unwrap().contains("{{id}}"));
    assert!(manifest["preview"]["width"].is_u64() && manifest["preview"]["height"].is_u64());
    manifest["defaultTypes"].as_array().unwrap().iter().for_each(|kind| texts(kind, &["id", "name"]));
    for what in ["entity", "type", "property"] {
        let suggest = &manifest["suggest"][what];
        texts(suggest, &["service_url", "service_path", "flyout_service_url"]);
        assert!(suggest["flyout_service_path"].as_str().unwrap().contains("${id}"));
        let path = suggest["service_path"].as_str().unwrap();
        let found = read(&format!("{path}?prefix=co")).await;
        found["result"].as_array().unwrap().iter().for_each(|one| texts(one, &["id", "name"]));
        let id = found["result"][0]["id"].as_str().unwrap();
        let fly = read(&suggest["flyout_service_path"].as_str().unwrap().replace("${id}", id)).await;
        texts(&fly, &["id", "html"]);
    }
}

#[tokio::test]
async fn batches_of_queries_are_answered_by_key() {
    let answer = batch(json!({
        "q0": { "query": "Menaka", "limit": 3, "type": "settlement", "properties": [{ "pid": "country", "v": "Mali" }] },
        "q1": { "query": "Gao" },
        "q2": { "query": "  " },
        "q3": { "query": "Gao", "type": [{ "id": "region" }], "type_strict": "any", "properties": [{ "pid": "country", "v": { "id": "ML" } }] },
        "q4": { "query": "Paris", "properties": [{ "pid": "near", "v": "-95.5,33.6" }, { "pid": "unheard-of", "v": [1] }] },
        "q5": { "query": "qzxwvkj" },
        "q7": { "query": "Reykjavik", "properties": [{ "pid": "country", "v": "n/a" }] },
        "q8": { "query": "Reykjavik" },
        "q6": { "query": "Springfield", "limit": 9_999, "properties": [{ "pid": "region", "v": "Illinois" }] },
    }))
    .await;
    check_results(&answer);
    assert_eq!(answer.as_object().unwrap().len(), 9);
    let first = |key: &str| answer[key]["result"][0].clone();
    assert_eq!((first("q0")["id"].as_str(), first("q0")["match"].as_bool()), (Some("2453514"), Some(true)));
    assert!(answer["q0"]["result"].as_array().unwrap().len() <= 3);
    assert_eq!(first("q1")["match"], false, "a homonym is never a match");
    assert_eq!(answer["q2"]["result"], json!([]));
    assert_eq!((first("q3")["id"].as_str(), answer["q3"]["result"].as_array().unwrap().len()), (Some("ml-09"), 1));
    assert!(first("q4")["description"].as_str().unwrap().contains("Texas"), "{}", first("q4"));
    assert_eq!(answer["q5"]["result"], json!([]));
    assert!(first("q6")["description"].as_str().unwrap().contains("Illinois"), "{}", first("q6"));
    // A country that is none is said, and nothing is a match without it.
    assert_eq!((first("q7")["id"].as_str(), first("q7")["match"].as_bool()), (first("q8")["id"].as_str(), Some(false)));
    let said = first("q7")["description"].as_str().unwrap().to_owned();
    assert!(said.ends_with(r#"; country: "n/a" is no country in which the gazetteer has a place"#), "{said}");
    assert_eq!(first("q8")["match"], true);
    // The same in the address.
    let by_get = read("/reconcile?queries=%7B%22a%22%3A%7B%22query%22%3A%22Kidal%22%7D%7D").await;
    check_results(&by_get);
    assert_eq!(by_get["a"]["result"][0]["name"], "Kidal");
}

#[tokio::test]
async fn values_are_fetched_in_the_form_of_their_kind() {
    let proposed = read("/reconcile/extend/propose?type=settlement").await;
    proposed["properties"].as_array().unwrap().iter().for_each(|property| texts(property, &["id", "name"]));
    let wanted = json!({ "ids": ["2457163", "0"], "properties": [{ "id": "country" }, { "id": "lon" }, { "id": "population", "settings": {} }, { "id": "other_names" }, { "id": "name", "settings": { "limit": "x" } }] });
    let answer = post("/reconcile", &[("extend", &wanted.to_string())]).await.json();
    answer["meta"].as_array().unwrap().iter().for_each(|property| texts(property, &["id", "name"]));
    let gao = &answer["rows"]["2457163"];
    assert_eq!((&gao["country"], &gao["lon"]), (&json!([{ "str": "ML" }]), &json!([{ "float": -0.04472 }])));
    assert!(gao["population"][0]["int"].as_u64().unwrap() > 10_000);
    assert!(gao["other_names"].as_array().unwrap().contains(&json!({ "str": "جاو" })));
    assert_eq!(answer["rows"]["0"]["country"], json!([]));
    let few = json!({ "ids": ["2457163"], "properties": [{ "id": "other_names", "settings": { "limit": 1, "of": "x" } }] });
    let answer = post("/reconcile", &[("extend", &few.to_string())]).await.json();
    assert_eq!(answer["rows"]["2457163"]["other_names"].as_array().unwrap().len(), 1);
    assert!(!proposed["properties"].as_array().unwrap().iter().any(|property| property["id"] == "near"));
}

#[tokio::test]
async fn an_id_is_as_good_as_a_name_and_a_name_may_be_a_property() {
    let answer = batch(json!({
        "id": { "query": "2457163" },
        "name": { "properties": [{ "pid": "name", "v": ["Gao", "Kawkaw"] }, { "pid": "country", "v": "ML" }], "limit": 2.0 },
        "none": { "properties": [{ "pid": "country", "v": "ML" }] },
    }))
    .await;
    check_results(&answer);
    let gao = &answer["id"]["result"][0];
    assert_eq!((gao["id"].as_str(), gao["score"].as_f64(), gao["match"].as_bool()), (Some("2457163"), Some(100.0), Some(true)));
    assert_eq!(answer["id"]["result"].as_array().unwrap().iter().filter(|one| one["match"] == true).count(), 1);
    assert_eq!((answer["name"]["result"][0]["id"].as_str(), answer["name"]["result"].as_array().unwrap().len()), (Some("2457163"), 2));
    assert_eq!(answer["none"]["result"], json!([]), "nothing is looked for without a name");
    for (what, id) in [("entity", "2457163"), ("type", "camp"), ("property", "admin1")] {
        let found = read(&format!("/reconcile/suggest/{what}?prefix={id}")).await;
        assert_eq!(found["result"][0]["id"], id);
    }
}

#[tokio::test]
async fn suggestions_go_on_where_the_client_is() {
    let all = read("/reconcile/suggest/entity?prefix=San&limit=6").await["result"].as_array().unwrap().clone();
    let rest = read("/reconcile/suggest/entity?prefix=San&limit=3&cursor=3").await;
    assert_eq!(rest["result"].as_array().unwrap()[..], all[3..]);
    assert_eq!(read("/reconcile/suggest/type?prefix=c&cursor=9").await["result"], json!([]));
    let proposed = read("/reconcile/extend/propose?type=camp&limit=2").await;
    assert_eq!((&proposed["type"], &proposed["limit"], proposed["properties"].as_array().unwrap().len()), (&json!("camp"), &json!(2), 2));
}

#[tokio::test]
async fn a_client_from_before_cors_gets_a_script() {
    let plain = read("/reconcile/suggest/type?prefix=camp").await;
    for path in [
        "/reconcile?",
        "/reconcile/suggest/type?prefix=camp&",
        "/reconcile?queries=%7B%7D&",
        "/reconcile/flyout/type?id=camp&",
        "/reconcile/extend/propose?",
    ] {
        let answer = get(&format!("{path}callback=jQuery1.call_2")).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "text/javascript; charset=utf-8"), "{path}");
        let json = answer.text().strip_prefix("/**/jQuery1.call_2(").and_then(|text| text.strip_suffix(");")).unwrap();
        let value: Value = serde_json::from_str(json).unwrap();
        assert!(!path.contains("suggest") || value == plain);
    }
}

#[tokio::test]
async fn a_preview_may_be_framed_and_nothing_else() {
    let preview = get("/reconcile/preview?id=2457163").await;
    assert_eq!(preview.header("content-type"), "text/html; charset=utf-8");
    assert!(preview.text().contains("<h1>Gao</h1>"));
    assert!(preview.header("content-security-policy").contains("frame-ancestors *"));
    assert!(!get("/collections").await.header("content-security-policy").contains("frame-ancestors *"));
}

#[tokio::test]
async fn any_origin_may_ask() {
    let asked = [("origin", "https://refine.example"), ("access-control-request-method", "POST")];
    let answer = ask(Method::OPTIONS, "/reconcile", &asked).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(answer.header("access-control-allow-methods").contains("POST"));
    let answer = ask(Method::OPTIONS, "/reconcile", &[]).await;
    assert!(answer.header("allow").contains("POST"));
}

#[tokio::test]
async fn bad_questions_are_400_with_the_rule() {
    let many = (0..101).map(|index| (index.to_string(), json!({ "query": "Gao" }))).collect::<serde_json::Map<_, _>>();
    let many = Value::Object(many).to_string();
    for (name, value, rule) in [
        ("queries", "", "no JSON object"),
        ("queries", "[]", "no JSON object"),
        ("queries", r#"{"a":{}}"#, "neither `query` nor `properties`"),
        ("queries", r#"{"a":{"properties":[]}}"#, "neither `query` nor `properties`"),
        ("queries", r#"{"a":{"query":"Gao","limit":0}}"#, "limit: 0 is not a number of at least 1"),
        ("queries", r#"{"a":{"query":"Gao","limit":"3"}}"#, "invalid type"),
        ("queries", r#"{"a":"Gao"}"#, "expected an object with `query` or `properties`"),
        ("queries", r#"{"a":{"query":"Gao","properties":["ML"]}}"#, "expected an object with `pid` and `v`"),
        ("extend", r#""2457163""#, "expected an object with `ids` and `properties`"),
        ("queries", r#"{"a":{"query":"Gao","type_strict":"some"}}"#, "is not one of any, all, should"),
        ("queries", r#"{"a":{"query":"Gao","properties":[{"pid":"country"}]}}"#, "missing field `v`"),
        ("queries", r#"{"a":{"query":"Gao","properties":[{"pid":"near","v":"9"}]}}"#, "longitude,latitude"),
        ("extend", "{}", "missing field"),
        ("extend", r#"{"ids":["1"],"properties":[{"id":"colour"}]}"#, "is not one of country"),
        ("other", "", "`queries` or `extend`"),
    ] {
        let answer = post("/reconcile", &[(name, value)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}={value}");
        assert!(answer.json()["detail"].as_str().unwrap().contains(rule), "{name}={value}: {}", answer.text());
    }
    let answer = post("/reconcile", &[("queries", &many)]).await;
    assert_eq!((answer.status, answer.json()["detail"].as_str().unwrap().contains("at most 100")), (StatusCode::PAYLOAD_TOO_LARGE, true));
    for (path, rule) in [
        ("/reconcile?callback=alert(1)", "is not the name of a function"),
        ("/reconcile?callback=", "is not the name of a function"),
        ("/reconcile/suggest/entity?prefix=Gao&cursor=x", "is not a number of suggestions"),
        ("/reconcile/suggest/entity?prefix=Gao&limit=0", "limit"),
        ("/reconcile/extend/propose?type=settlement&limit=0", "limit"),
    ] {
        let answer = get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.json()["detail"].as_str().unwrap().contains(rule), "{path}: {}", answer.text());
    }
    for path in ["/reconcile/preview?id=0", "/reconcile/flyout/entity?id=0", "/reconcile/flyout/colour?id=1", "/reconcile/suggest/colour"] {
        assert_eq!(get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
