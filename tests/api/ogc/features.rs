//! OGC API – Features Part 1, annex A.2: the features.

use axum::http::StatusCode;
use geojson::GeoJson;
use harmattan::formats::Encoding;
use serde_json::Value;

use super::{
    awkward::MANY,
    core::each_position,
    site::{Site, feature_path, links, parameters},
    table::suite,
};
use crate::support::{ids, link};

suite! { mod core, "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", {
    "/conf/core/fc-op" covers "/req/core/fc-op" => fc_op;
    "/conf/core/fc-bbox-definition" covers "/req/core/fc-bbox-definition" => fc_bbox_definition;
    "/conf/core/fc-bbox-response" covers "/req/core/fc-bbox-response" => fc_bbox_response;
    "/conf/core/fc-limit-definition" covers "/req/core/fc-limit-definition" => fc_limit_definition;
    "/conf/core/fc-limit-response" covers "/req/core/fc-limit-response-1, /req/core/fc-limit-response-2" => fc_limit_response;
    "/conf/core/fc-time-definition" covers "/req/core/fc-time-definition" => fc_time_definition;
    "/conf/core/fc-time-response" covers "/req/core/fc-time-response" => fc_time_response;
    "/conf/core/fc-response" covers "/req/core/fc-response" => fc_response;
    "/conf/core/fc-links" covers "/req/core/fc-links, /req/core/fc-rel-type" => fc_links;
    "/conf/core/fc-timeStamp" covers "/req/core/fc-timeStamp" => fc_time_stamp;
    "/conf/core/fc-numberMatched" covers "/req/core/fc-numberMatched" => fc_number_matched;
    "/conf/core/fc-numberReturned" covers "/req/core/fc-numberReturned" => fc_number_returned;
    "/conf/core/f-op" covers "/req/core/f-op" => f_op;
    "/conf/core/f-success" covers "/req/core/f-success" => f_success;
    "/conf/core/f-links" covers "/req/core/f-links" => f_links;
} }

async fn fc_op(site: &'static Site) {
    for path in &site.collections {
        for media in ["application/geo+json", "application/json", "text/html", "text/csv", "*/*"] {
            let answer = site.ask(&format!("{path}/items"), &[("accept", media)]).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} as {media}");
        }
    }
}

/// The parameter of every items operation with one name.
async fn definitions(site: &Site, name: &str) -> Vec<Value> {
    let api = site.json("/api").await;
    let mut found = Vec::new();
    for path in &site.collections {
        let named =
            parameters(&api, &format!("{path}/items")).into_iter().filter(|parameter| parameter["name"] == name).collect::<Vec<_>>();
        assert_eq!(named.len(), 1, "{name} once on {path}");
        found.push(named[0].clone());
    }
    for parameter in &found {
        assert_eq!((&parameter["in"], &parameter["style"]), (&"query".into(), &"form".into()), "{parameter}");
        assert_eq!((&parameter["explode"], parameter["required"] == true), (&false.into(), false), "{parameter}");
    }
    found
}

async fn fc_bbox_definition(site: &'static Site) {
    for parameter in definitions(site, "bbox").await {
        let schema = &parameter["schema"];
        assert_eq!((&schema["type"], &schema["items"]["type"]), (&"array".into(), &"number".into()));
        let lengths = schema["oneOf"].as_array().unwrap().iter().map(|one| (one["minItems"].as_u64(), one["maxItems"].as_u64()));
        assert_eq!(lengths.collect::<Vec<_>>(), [(Some(4), Some(4)), (Some(6), Some(6))]);
    }
}

/// Whether a geometry surely misses a box, or surely meets it; `None` where only exact geometry can tell.
fn meets(geometry: &Value, edges: [f64; 4]) -> Option<bool> {
    let [west, south, east, north] = edges;
    let across = |x: f64| if west <= east { west <= x && x <= east } else { x >= west || x <= east };
    // 180 and −180 are one meridian.
    let across = |x: f64| across(x) || (x.abs() == 180.0 && across(-x));
    if geometry.is_null() {
        return Some(true);
    }
    let (mut inside, mut xs, mut ys) = (false, Vec::new(), Vec::new());
    each_position(geometry, &mut |position| {
        let (x, y) = (position[0].as_f64().unwrap(), position[1].as_f64().unwrap());
        inside |= across(x) && south <= y && y <= north;
        xs.push(x);
        ys.push(y);
    });
    if inside {
        return Some(true);
    }
    let above = ys.iter().all(|y| *y > north) || ys.iter().all(|y| *y < south);
    let point = ys.len() == 1;
    (above || point).then_some(false)
}

/// Every feature that meets the box and no other; features without geometry always; across the antimeridian, at the poles, without area,
/// with heights.
async fn fc_bbox_response(site: &'static Site) {
    let boxes = [
        "177,65,-177,70",
        "-180,-90,180,90",
        "0,0,10,20",
        "-180,66,-178,68",
        "170,-30,180,30",
        "-180,89,180,90",
        "2.4,15.9,2.4,15.9",
        "12,-90,12,90",
        "-5,10,5,20",
    ];
    for path in &site.collections {
        let all = site.walk(&format!("{path}/items?limit=10000")).await;
        // Of the long collection three boxes are enough.
        for bbox in boxes.iter().take(if all.len() > 5000 { 3 } else { boxes.len() }) {
            let edges = bbox.split(',').map(|edge| edge.parse().unwrap()).collect::<Vec<f64>>().try_into().unwrap();
            let page = site.json(&format!("{path}/items?limit=10000&bbox={bbox}")).await;
            let found = ids(&page);
            for feature in &all {
                let id = feature["id"].as_str().unwrap();
                if let Some(expected) = meets(&feature["geometry"], edges) {
                    assert_eq!(
                        found.contains(&id) || page["numberReturned"] == 10_000,
                        expected || page["numberReturned"] == 10_000,
                        "{path} {id} {bbox}"
                    );
                }
            }
        }
        let unlocated = all.iter().filter(|feature| feature["geometry"].is_null()).count();
        let high = site.json(&format!("{path}/items?limit=10000&bbox=-180,-90,5000,180,90,6000")).await;
        for feature in high["features"].as_array().unwrap() {
            let mut heights = Vec::new();
            each_position(&feature["geometry"], &mut |position| heights.extend(position.get(2).cloned()));
            assert!(heights.is_empty() || heights.iter().any(|height| height.as_f64().unwrap() >= 5000.0), "{feature}");
        }
        assert!(high["numberMatched"].as_u64().unwrap() >= unlocated as u64);
    }
}

async fn fc_limit_definition(site: &'static Site) {
    for parameter in definitions(site, "limit").await {
        let schema = &parameter["schema"];
        assert_eq!((&schema["type"], &schema["minimum"]), (&"integer".into(), &1.into()));
        assert_eq!((&schema["maximum"], &schema["default"]), (&10_000.into(), &1000.into()));
    }
}

/// Not more than asked for, and more than the maximum is the maximum, never an error.
async fn fc_limit_response(site: &'static Site) {
    for path in &site.collections {
        let matched = site.json(&format!("{path}/items?limit=1")).await["numberMatched"].as_u64().unwrap();
        for (limit, most) in [("1", 1), ("2", 2), ("10001", 10_000), ("18446744073709551616", 10_000)] {
            let page = site.json(&format!("{path}/items?limit={limit}")).await;
            assert_eq!(page["features"].as_array().unwrap().len() as u64, matched.min(most), "{path} {limit}");
            assert_eq!(link(&page, "next").is_some(), matched > most, "{path} {limit}");
        }
        assert_eq!(site.json(&format!("{path}/items")).await["numberReturned"], matched.min(1000), "{path}");
    }
}

async fn fc_time_definition(site: &'static Site) {
    for parameter in definitions(site, "datetime").await {
        assert_eq!(parameter["schema"]["type"], "string");
    }
}

/// What meets the interval, and everything without a time; closed at both ends, open where it says so.
async fn fc_time_response(site: &'static Site) {
    let count = async |query: &str| {
        let mut sum = 0;
        for path in &site.collections {
            sum += site.json(&format!("{path}/items?limit=1{query}")).await["numberMatched"].as_u64().unwrap();
        }
        sum
    };
    let (all, timeless) = (count("").await, count("&datetime=0002-01-01/0002-01-02").await);
    let ever = count("&datetime=0001-01-01/9999-12-31").await;
    assert!(ever <= all && timeless <= ever);
    for (narrow, wide) in [
        ("2023-08-03", "2023-08-01/2023-08-31"),
        ("2023-08-03T12:00:00Z", "2023-08-03"),
        ("2023-08-03T12:00:00Z", "2023-08-03T12:00:00Z/.."),
        ("2023-08-03T12:00:00+02:00", "../2023-08-03T12:00:00Z"),
        ("2023-08-01/2023-08-31", "2023-08-01/"),
        ("2023-08-01/2023-08-31", "/2023-08-31"),
        ("2023-08-03T23:59:60Z", "2023-08-03/2023-08-04"),
    ] {
        let (narrow, wide) = (narrow.replace('+', "%2B"), wide.replace('+', "%2B"));
        let (some, more) = (count(&format!("&datetime={narrow}")).await, count(&format!("&datetime={wide}")).await);
        assert!(timeless <= some && some <= more && more <= all, "{narrow} within {wide}: {timeless} {some} {more} {all}");
    }
    if site.is_awkward {
        // Feature n of `many` has time n mod 5 of awkward.rs, and every sixth none.
        let of = |test: fn(usize) -> bool| (0..MANY).filter(|n| n % 6 == 0 || test(n % 5)).count();
        for (datetime, expected) in [
            ("2023-08-01", of(|n| n == 0 || n == 3)),
            ("2023-08-04", of(|n| [0, 1, 3].contains(&n))),
            ("2023-08-31T12:00:00Z", of(|n| [0, 2, 3].contains(&n))),
            ("2023-07-31T23:59:59Z", of(|_| false)),
            ("2030-01-01/..", of(|n| n == 3)),
        ] {
            assert_eq!(
                site.json(&format!("/collections/many/items?limit=1&datetime={datetime}")).await["numberMatched"],
                expected,
                "{datetime}"
            );
        }
        assert_eq!(site.json("/collections/nowhere/items?datetime=2023-08-01").await["numberMatched"], 3);
        assert_eq!(site.json("/collections/nowhere/items?datetime=2023-08-01&certainty=certain").await["numberMatched"], 0);
    }
}

async fn fc_response(site: &'static Site) {
    for path in &site.collections {
        let answer = site.ask(&format!("{path}/items"), &[]).await;
        let Ok(GeoJson::FeatureCollection(read)) = answer.text().parse() else { panic!("{path} is GeoJSON") };
        assert_eq!(read.features.len() as u64, answer.json()["numberReturned"].as_u64().unwrap());
    }
}

/// One self, one alternate for each other form, a next while there is more, each with its type; those that lead on stand in the Link
/// header too, and all of them where the form has no place for links.
async fn fc_links(site: &'static Site) {
    for path in &site.collections {
        let query = format!("{path}/items?limit=3&bbox=-180,-90,180,90&sortby=-id&exclude-properties=geometry&q=menaka,own");
        let answer = site.ask(&query, &[]).await;
        let page = answer.json();
        // The page for people in place of the form sent.
        let others = Encoding::ALL.iter().filter(|encoding| encoding.about().is_page).count();
        assert_eq!((links(&page, "self").len(), links(&page, "alternate").len()), (1, others), "{path}");
        let sent = answer.headers.get_all("link").iter().map(|link| link.to_str().unwrap().to_owned()).collect::<Vec<_>>();
        for link in page["links"].as_array().unwrap() {
            assert!(link["rel"].is_string() && link["type"].is_string(), "{link}");
            let href = link["href"].as_str().unwrap();
            assert_eq!(site.follow(href).await.status, StatusCode::OK, "{link}");
            let in_header = sent.iter().any(|header| header.starts_with(&format!("<{href}>")));
            assert_eq!(in_header, ["self", "next"].contains(&link["rel"].as_str().unwrap()), "{link} in {sent:?}");
            if link["rel"] != "collection" {
                for kept in ["limit=3", "bbox=-180,-90,180,90", "sortby=-id", "exclude-properties=geometry", "q=menaka,own"] {
                    assert!(href.contains(kept), "{href} keeps {kept}");
                }
            }
        }
        let more = page["numberMatched"].as_u64() > page["numberReturned"].as_u64();
        assert_eq!(link(&page, "next").is_some(), more, "{path}");
        let table = site.ask(&format!("{query}&f=csv"), &[]).await;
        let alternates = table.headers.get_all("link").iter().filter(|link| link.to_str().unwrap().contains("rel=\"alternate\""));
        assert_eq!(alternates.count(), others, "{path}");
    }
}

/// A time stamp would break entity tags; there is none.
async fn fc_time_stamp(site: &'static Site) {
    for path in &site.collections {
        assert!(site.json(&format!("{path}/items?limit=1")).await.get("timeStamp").is_none());
    }
}

/// The number of all pages together, whichever page it stands on; the pages hold every feature once.
async fn fc_number_matched(site: &'static Site) {
    for path in &site.collections {
        for query in ["", "&bbox=-10,10,10,30", "&datetime=2023-08-03/..", "&q=menaka", "&sortby=-id"] {
            let matched = site.json(&format!("{path}/items?limit=1{query}")).await["numberMatched"].as_u64().unwrap();
            let features = site.walk(&format!("{path}/items?limit=3001{query}")).await;
            assert_eq!(features.len() as u64, matched, "{path} {query}");
            let mut seen = features.iter().map(|feature| feature["id"].as_str().unwrap()).collect::<Vec<_>>();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len() as u64, matched, "{path} {query}: each once");
            let hits = site.json(&format!("{path}/items?resultType=hits{query}")).await;
            assert_eq!((&hits["numberMatched"], &hits["numberReturned"]), (&matched.into(), &0.into()), "{path} {query}");
            assert_eq!((hits["features"].as_array().map(Vec::len), link(&hits, "next")), (Some(0), None));
        }
    }
}

async fn fc_number_returned(site: &'static Site) {
    for path in &site.collections {
        for query in ["limit=7", "limit=5&offset=3", "offset=99999999999"] {
            let page = site.json(&format!("{path}/items?{query}")).await;
            assert_eq!(page["numberReturned"].as_u64().unwrap(), page["features"].as_array().unwrap().len() as u64, "{path} {query}");
        }
    }
}

async fn f_op(site: &'static Site) {
    for (path, feature) in site.examples().await {
        let path = feature_path(&path, &feature);
        assert_eq!(site.ask(&path, &[]).await.status, StatusCode::OK, "{path}");
        assert_eq!(site.ask(&path, &[("accept", "text/html")]).await.status, StatusCode::OK, "{path}");
    }
    for path in &site.collections {
        assert_eq!(site.ask(&format!("{path}/items/no%20such%20feature"), &[]).await.status, StatusCode::NOT_FOUND);
    }
}

/// The feature is the one that the page had.
async fn f_success(site: &'static Site) {
    for (path, listed) in site.examples().await {
        let answer = site.ask(&feature_path(&path, &listed), &[]).await;
        assert_eq!(answer.header("content-type"), "application/geo+json");
        assert!(matches!(answer.text().parse(), Ok(GeoJson::Feature(_))), "{}", answer.text());
        let mut alone = answer.json();
        alone.as_object_mut().unwrap().remove("links");
        assert_eq!(alone, listed, "{path}");
    }
}

/// A self link on every feature, an alternate for each other form, and its collection.
async fn f_links(site: &'static Site) {
    for (path, listed) in site.examples().await {
        let feature = site.json(&feature_path(&path, &listed)).await;
        for (rel, count) in [("self", 1), ("alternate", 2), ("collection", 1)] {
            let found = links(&feature, rel);
            assert_eq!(found.len(), count, "{rel} of {}", feature["id"]);
            for link in found {
                let answer = site.follow(link["href"].as_str().unwrap()).await;
                assert_eq!(answer.status, StatusCode::OK, "{link}");
                assert!(answer.header("content-type").starts_with(link["type"].as_str().unwrap().split(';').next().unwrap()));
            }
        }
        assert_eq!(site.follow(link(&feature, "self").unwrap()).await.json()["id"], listed["id"]);
    }
}
