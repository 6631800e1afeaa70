//! What servers of this kind were found to get wrong in the field, on data made to show it: each of it once, beside the tests of the standards.

use axum::http::{Method, StatusCode};

use crate::{
    ogc::awkward::MANY,
    server::awkward,
    support::{Answer, ids},
};

fn ask(path: &str) -> Answer {
    awkward().ask(&Method::GET, path, &[], &[])
}

/// The ids of the features that have a geometry and a time, and are found.
fn found(query: &str) -> Vec<String> {
    let answer = ask(&format!("/collections/shapes/items?limit=1000&{query}"));
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
    let page = answer.json();
    let features = page["features"].as_array().unwrap().iter().filter(|feature| !feature["geometry"].is_null());
    features.map(|feature| feature["id"].as_str().unwrap().to_owned()).collect()
}

fn matched(path: &str) -> u64 {
    let answer = ask(path);
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.json()["numberMatched"].as_u64().unwrap()
}

/// Not a ring from the west around the world to the east, not refused, and not left to a backend.
#[test]
fn a_box_whose_west_is_east_of_its_east_crosses_the_antimeridian() {
    let all = found("").len();
    let across = found("bbox=177,65,-177,70");
    assert!(!across.is_empty() && across.len() < all);
    assert_eq!(
        found("bbox=177,65,180,70").into_iter().chain(found("bbox=-180,65,-177,70")).collect::<std::collections::BTreeSet<_>>().len(),
        across.len()
    );
    let between = found("bbox=-170,65,170,70");
    let west = found("bbox=-180,-70,-175,-60");
    assert!(!west.is_empty() && west.iter().all(|id| !across.contains(id) && !between.contains(id)));
    assert_eq!(found("bbox=175,-70,-175,-60"), west, "a point on -180 lies in a box across");
}

/// Not ignored, with a line in the log or without.
#[test]
fn a_bad_box_or_time_is_refused() {
    for query in [
        "bbox=1,2,3",
        "bbox=a,b,c,d",
        "bbox=1,50,2,40",
        "bbox=1,2,3,NaN",
        "datetime=2023-13-01",
        "datetime=yesterday",
        "datetime=2023-08-02/2023-08-01",
        "datetime=2023-08",
    ] {
        let answer = ask(&format!("/collections/shapes/items?{query}"));
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.json()["parameter"], query.split('=').next().unwrap());
    }
}

#[test]
fn a_box_leaves_something_out() {
    assert!(found("bbox=-60,-60,-50,-50").is_empty());
    assert!(found("bbox=2,15,3,16").len() < found("").len());
}

/// An open end is no end, and not today: what is still to come is found.
#[test]
fn an_open_end_is_not_now() {
    let path = "/collections/many/items?limit=1&datetime=";
    let undated = (0..MANY).filter(|number| number % 6 == 0).count() as u64;
    let open = (0..MANY).filter(|number| number % 6 != 0 && number % 5 == 3).count() as u64;
    for datetime in ["2090-01-01T00:00:00Z/..", "2090-01-01T00:00:00Z/", "2090-01-01/2091-01-01"] {
        assert_eq!(matched(&format!("{path}{datetime}")), undated + open, "{datetime}");
    }
}

/// An interval that ends at the instant at which a feature begins meets it, and so does one that begins where it ends.
#[test]
fn ends_that_touch_meet() {
    let count = |datetime: &str| matched(&format!("/collections/many/items?limit=1&datetime={datetime}"));
    let month = (0..MANY).filter(|number| number % 6 != 0 && number % 5 == 0).count() as u64;
    assert!(count("../2023-08-01T00:00:00Z") >= count("../2023-07-31T23:59:59Z") + month);
    assert!(count("2023-08-31T23:59:59Z/2023-09-30T00:00:00Z") >= count("2023-09-01T00:00:00Z/2023-09-30T00:00:00Z") + month);
}

/// What has a start and no end does not match whatever is asked.
#[test]
fn what_only_begins_is_not_before_its_beginning() {
    let undated = (0..MANY).filter(|number| number % 6 == 0).count() as u64;
    let ancient = (0..MANY).filter(|number| number % 6 != 0 && number % 5 == 4).count() as u64;
    assert_eq!(matched("/collections/many/items?limit=1&datetime=../2022-01-01T00:00:00Z"), undated + ancient);
}

/// Features without time match every time; it is no error to ask.
#[test]
fn a_collection_without_time_takes_a_time() {
    let all = matched("/collections/nowhere/items");
    assert_eq!(matched("/collections/nowhere/items?datetime=2023-08-01"), all);
    assert!(all > 0);
}

/// An offset is a place in the order, and not bounded by what a page may hold; a limit beyond that is clamped.
#[test]
fn an_offset_reaches_the_last_feature() {
    let page = ask(&format!("/collections/many/items?limit=10&offset={}", MANY - 1)).json();
    assert_eq!((ids(&page).len(), &page["numberMatched"]), (1, &MANY.into()));
    let page = ask(&format!("/collections/many/items?offset={MANY}")).json();
    assert_eq!((ids(&page).len(), &page["numberMatched"]), (0, &MANY.into()));
    let page = ask("/collections/many/items?limit=99999999999999999999");
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.json()["numberReturned"], 10_000);
}
