//! Bad input of every kind: a clear error that names the value and the rule, and nothing internal.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use harmattan::config::Settings;

use crate::support::{Answer, app, ask, ask_of, get, json};

fn check(answer: &Answer, status: StatusCode, what: &str) {
    assert_eq!(answer.status, status, "{what}: {}", answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    let problem = answer.json();
    assert_eq!(problem["status"], status.as_u16(), "{what}");
    assert!(problem["title"].is_string() && problem["detail"].is_string(), "{what}: {problem}");
    let text = answer.text();
    for internal in ["src/", "panicked", "unwrap", "harmattan::", "/root"] {
        assert!(!text.contains(internal), "{what}: {text}");
    }
}

/// Features are looked at one by one for as long as the setting says, and no longer.
#[tokio::test]
async fn a_question_that_takes_too_long_is_told_what_would_be_quick() {
    let app = app(Settings { query_timeout: Duration::ZERO, ..Settings::default() });
    for (path, is_slow) in [
        ("/collections/bases/items?filter=accuracy_m%2B1%3E2", true),
        ("/collections/bases/items?filter=accuracy_m%2B1%3E2&resultType=hits", true),
        ("/collections/bases/items?filter=NOT+S_CROSSES(geometry,LINESTRING(-10+10,5+20))&f=csv", true),
        ("/collections/bases/clusters?filter=accuracy_m%2B1%3E2", true),
        ("/collections/bases/items?q=gao", true),
        ("/collections/bases/tiles/WebMercatorQuad/0/0/0?filter=accuracy_m%2B1%3E2", true),
        ("/collections/bases/items?bbox=200000,1500000,800000,2000000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/32630", true),
        ("/collections/bases/items?bbox=-10,10,5,25&datetime=2023-08-01/..&filter=accuracy_m%3E2&sortby=-name", false),
        ("/collections/bases/items?filter=S_INTERSECTS(geometry,BBOX(-10,10,5,25))&explain=true", false),
        ("/collections/bases/clusters", false),
    ] {
        let answer = ask_of(&app, Method::GET, path, &[]).await;
        if is_slow {
            check(&answer, StatusCode::BAD_REQUEST, path);
            assert!(answer.text().contains("query-timeout") && answer.json()["hint"].as_str().unwrap().contains("bbox"), "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        } else {
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn a_path_that_is_no_text_is_told_so() {
    for path in [
        "/collections/%ff",
        "/collections/%ff/items",
        "/collections/bases/items/%ff",
        "/collections/bases/tiles/%ff/0/0/0",
        "/tiles/%ff",
        "/places/%ff",
        "/reconcile/suggest/%ff",
        "/assets/%ff",
    ] {
        let answer = get(path).await;
        check(&answer, StatusCode::BAD_REQUEST, path);
        assert!(answer.text().contains(path) && answer.text().contains("UTF-8"), "{}", answer.text());
    }
    let page = ask(Method::GET, "/places/%ff", &[("accept", "text/html")]).await;
    assert!(page.status == StatusCode::BAD_REQUEST && page.header("content-type").starts_with("text/html"), "{}", page.text());
}

#[tokio::test]
async fn bad_parameters_name_themselves() {
    for (query, parameter, rule) in [
        ("bbox=1,2,3", "bbox", "4 or 6 numbers"),
        ("bbox=", "bbox", "4 or 6 numbers"),
        ("bbox=1,2,3,nan", "bbox", "4 or 6 numbers"),
        ("bbox=1,5,3,2", "bbox", "south 5 is greater than north 2"),
        ("bbox=-200,5,3,6", "bbox", "west -200 is outside"),
        ("bbox=1,2,9,3,4,5", "bbox", "lower height 9 is greater"),
        ("bbox-crs=EPSG:4326", "bbox-crs", "CRS84"),
        ("crs=http://www.opengis.net/def/crs/EPSG/0/9999999", "crs", "CRS84"),
        ("datetime=2023-08", "datetime", "2023-08"),
        ("datetime=../..", "datetime", ".."),
        ("datetime=2023-09-01/2023-08-01", "datetime", "before"),
        ("datetime=tomorrow", "datetime", "tomorrow"),
        ("datetime=2023-02-30", "datetime", "30"),
        ("certainty=maybe", "certainty", "possible, certain"),
        ("basis=some", "basis", "all, documents"),
        ("limit=0", "limit", "at least 1"),
        ("limit=-5", "limit", "at least 1"),
        ("limit=ten", "limit", "ten"),
        ("offset=-1", "offset", "at least 0"),
        ("cursor=xyz", "cursor", "not a cursor"),
        ("offset=1&cursor=AQ", "offset", "together"),
        ("f=shapefile", "f", "json, html, jsonfg, ndjson, geojsonseq, csv, kml"),
        ("limit=1&limit=1", "limit", "more than once"),
        ("bobx=1,2,3,4", "bobx", "did you mean bbox?"),
        ("LIMIT=5", "LIMIT", "did you mean limit?"),
        ("limit=%ff", "limit", "UTF-8"),
    ] {
        let answer = get(&format!("/collections/bases/items?{query}")).await;
        check(&answer, StatusCode::BAD_REQUEST, query);
        let problem = answer.json();
        assert_eq!(problem["parameter"], parameter, "{query}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(rule), "{query}: {problem}");
    }
}

#[tokio::test]
async fn unknown_parameters_are_refused_on_every_resource_but_pages() {
    for path in [
        "/",
        "/conformance",
        "/api",
        "/collections",
        "/collections/bases",
        "/collections/bases/items/gao",
        "/collections/bases/schema",
        "/map.json",
    ] {
        check(&get(&format!("{path}?utm_source=x")).await, StatusCode::BAD_REQUEST, path);
    }
    for path in
        ["/", "/conformance", "/api", "/collections", "/collections/bases", "/collections/bases/items", "/collections/bases/items/gao"]
    {
        let page = ask(Method::GET, &format!("{path}?utm_source=x"), &[("accept", "text/html")]).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: links that are shared pick parameters up");
    }
}

#[tokio::test]
async fn swapped_axes_are_noticed_with_a_count() {
    let answer = get("/collections/places/items?bbox=14,-100,17,4").await;
    check(&answer, StatusCode::BAD_REQUEST, "latitude -100");
    let hint = answer.json()["hint"].as_str().unwrap().to_owned();
    assert!(hint.contains("bbox=-100,14,4,17"), "{hint}");
    let would = json("/collections/places/items?bbox=-100,14,4,17").await["numberMatched"].clone();
    assert!(hint.contains(&format!("{would} features")), "{hint}");
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    for path in [
        "/nothing",
        "/collections/nothing",
        "/collections/nothing/items",
        "/collections/bases/items/nothing",
        "/assets/nothing.js",
        "/collections/bases/nothing",
        "/collections/bases/items/a%2Fb",
        "/collections/%00",
    ] {
        check(&get(path).await, StatusCode::NOT_FOUND, path);
    }
    let hint = get("/collections/base").await.json()["hint"].clone();
    assert!(hint.as_str().unwrap().contains("bases"));
}

#[tokio::test]
async fn wrong_methods_are_405_with_allow() {
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        for path in ["/", "/collections/bases/items", "/collections/bases/items/gao", "/assets/icon.svg"] {
            let answer = ask(method.clone(), path, &[]).await;
            check(&answer, StatusCode::METHOD_NOT_ALLOWED, path);
            assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS", "{path}");
        }
    }
}

/// RFC 9110, clauses 10.2.1 and 15.5.6: what an address says that it takes is what it takes, and all of it.
#[tokio::test]
async fn allow_lists_what_the_address_takes() {
    for path in ["/", "/collections/bases/items/gao", "/assets/icon.svg", "/healthz", "/reconcile", "/reconcile/", "/reconcile/preview"] {
        let refused = ask(Method::DELETE, path, &[]).await;
        check(&refused, StatusCode::METHOD_NOT_ALLOWED, path);
        let allowed = refused.header("allow").split(", ").collect::<Vec<_>>();
        assert_eq!(ask(Method::OPTIONS, path, &[]).await.header("allow"), refused.header("allow"), "{path}");
        for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE]
        {
            let is_taken = ask(method.clone(), path, &[]).await.status != StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(allowed.contains(&method.as_str()), is_taken, "{method} {path}: {allowed:?}");
        }
        for method in allowed {
            assert!(refused.json()["detail"].as_str().unwrap().contains(method), "{path}: {}", refused.text());
        }
    }
}

#[tokio::test]
async fn an_accept_that_nothing_serves_is_406() {
    for path in ["/", "/collections", "/collections/bases/items", "/collections/bases/items/gao", "/api"] {
        check(&ask(Method::GET, path, &[("accept", "image/png")]).await, StatusCode::NOT_ACCEPTABLE, path);
    }
}

#[tokio::test]
async fn too_long_is_a_clear_error() {
    let long = "x".repeat(9000);
    check(&get(&format!("/collections/bases/items?bbox={long}")).await, StatusCode::URI_TOO_LONG, "address");
    let half = "y".repeat(9000);
    let answer = ask(Method::GET, "/", &[("x-one", &half), ("x-two", &half)]).await;
    check(&answer, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers");
    let q = "z".repeat(5000);
    check(&get(&format!("/places/suggest?q={q}")).await, StatusCode::BAD_REQUEST, "value");
}

#[tokio::test]
async fn a_cursor_belongs_to_its_query() {
    let page = json("/collections/claims/items?limit=2").await;
    let next = crate::support::link(&page, "next").unwrap().to_owned();
    let cursor = next.split("cursor=").nth(1).unwrap();
    let answer = get(&format!("/collections/claims/items?limit=2&bbox=0,0,1,1&cursor={cursor}")).await;
    check(&answer, StatusCode::BAD_REQUEST, "another box");
    assert!(answer.json()["detail"].as_str().unwrap().contains("another query"));
    // The page size may change on the way.
    json(&format!("/collections/claims/items?limit=7&cursor={cursor}")).await;
}

#[tokio::test]
async fn hosts_that_are_none_are_refused() {
    let answer = ask(Method::GET, "/", &[("host", "a<b>")]).await;
    check(&answer, StatusCode::BAD_REQUEST, "host");
}
