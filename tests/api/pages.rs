//! The pages for people: forms that become addresses, errors that can be read.

use axum::http::{Method, StatusCode};

use crate::support::{Answer, ask};

const READER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

async fn read(path: &str) -> Answer {
    ask(Method::GET, path, &[READER]).await
}

#[tokio::test]
async fn the_fields_of_a_form_become_an_address() {
    let items = "/collections/bases/items";
    for (sent, meant) in [
        ("q=&sortby=&limit=&agreement=", ""),
        ("q=gao&agreement=", "?q=gao"),
        ("form.west=-5&form.south=10&form.east=5&form.north=20", "?bbox=-5,10,5,20"),
        ("form.from=2023-08-01&form.to=", "?datetime=2023-08-01/.."),
        ("form.from=&form.to=2023-08-01", "?datetime=../2023-08-01"),
        ("form.from=2023-08-01&form.to=2023-08-01&lang=fr", "?lang=fr&datetime=2023-08-01"),
        ("form.west=1&form.north=", "?bbox=1,,,"),
        ("bbox=1,2,3,4&form.west=2&form.south=2&form.east=3&form.north=3", "?bbox=2,2,3,3"),
    ] {
        let answer = read(&format!("{items}?{sent}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{sent}");
        assert_eq!(answer.header("location"), format!("{items}{meant}"), "{sent}");
    }
    // Programs get what they ask for: their parameters are never guessed at.
    let answer = ask(Method::GET, &format!("{items}?q="), &[]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_tidy_address_is_answered_as_it_is() {
    let page = read("/collections/bases/items?agreement=agreed&sortby=-closed_earliest&datetime=2023-08-01/..&utm_source=x").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(text.contains("aria-sort=\"descending\""), "the column by which it is sorted says so");
    assert!(text.contains("Agreement: sources agree") && text.contains("by Closed, earliest, descending"), "what was asked for is said");
    assert!(
        text.contains("<option value=\"agreed\" selected>") && text.contains("name=\"form.from\" value=\"2023-08-01\""),
        "the form is filled in"
    );
    let features = text.split("data-features=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    assert!(!features.contains("utm_source"), "the map asks for nothing unknown: {features}");
    let answer = ask(Method::GET, &features, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{features}: {}", answer.text());
    assert!(answer.json()["features"][0]["geometry"]["coordinates"].is_array());
}

#[tokio::test]
async fn an_error_is_a_page_for_those_who_read_pages() {
    for (path, status, said) in [
        ("/collections/bases/items?bbox=14,-100,17,4", StatusCode::BAD_REQUEST, "axes look swapped"),
        ("/collections/bases/items?filter=closed%20%3E", StatusCode::BAD_REQUEST, "name=\"filter\""),
        ("/collections/bases/items?limit=1&limit=2", StatusCode::BAD_REQUEST, "more than once"),
        ("/collections/base", StatusCode::NOT_FOUND, "the collections are bases"),
        ("/nowhere", StatusCode::NOT_FOUND, "/nowhere"),
        ("/collections/bases/items/%3Cscript%3E", StatusCode::NOT_FOUND, "&lt;script&gt;"),
    ] {
        let page = read(path).await;
        assert_eq!(page.status, status, "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        let text = page.text();
        assert!(text.contains("<h1>") && text.contains(said), "{path}: {text}");
        assert!(!text.contains("<script>"), "{path}");
        // Compressed or not, it is the same page.
        let packed = ask(Method::GET, path, &[READER, ("accept-encoding", "gzip")]).await;
        assert_eq!((packed.status, packed.text()), (status, text), "{path}");
    }
    for (path, accept) in [("/nowhere", "*/*"), ("/nowhere?f=json", READER.1), ("/collections/bases/items?f=csv&limit=0", READER.1)] {
        let answer = ask(Method::GET, path, &[("accept", accept)]).await;
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path} {accept}");
    }
    let french = read("/collections/bases/items?limit=0&lang=fr").await;
    assert!(french.text().contains("<html lang=\"fr\">") && french.text().contains("Redemander sans limit"), "{}", french.text());
}
