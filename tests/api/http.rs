//! HTTP as clients and caches rely on it.

use axum::http::{Method, StatusCode};
use harmattan::config::Settings;

use crate::support::{Answer, app, ask, ask_of, get, json};

const PATHS: [&str; 9] = [
    "/",
    "/conformance",
    "/api",
    "/collections",
    "/collections/bases",
    "/collections/bases/items",
    "/collections/bases/items/gao",
    "/collections/bases/schema",
    "/assets/icon.svg",
];

#[tokio::test]
async fn tags_are_strong_stable_and_honoured() {
    for path in PATHS {
        let first = get(path).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"'), "{path}: strong: {tag}");
        assert_eq!(get(path).await.header("etag"), tag, "{path}");
        let again = ask(Method::GET, path, &[("if-none-match", &tag)]).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
        assert_eq!(again.header("etag"), tag);
        assert_eq!(again.header("vary"), first.header("vary"), "{path}");
        assert_eq!(ask(Method::GET, path, &[("if-none-match", "\"other\"")]).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_tag_differs_by_coding_form_language_and_address() {
    let path = "/collections/claims/items";
    let plain = get(path).await.header("etag").to_owned();
    let gzip = ask(Method::GET, path, &[("accept-encoding", "gzip")]).await;
    assert_eq!(gzip.header("content-encoding"), "gzip");
    assert_eq!(gzip.header("etag"), format!("{}-gzip\"", plain.trim_end_matches('"')));
    let again = ask(Method::GET, path, &[("accept-encoding", "gzip"), ("if-none-match", gzip.header("etag"))]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(again.header("etag"), gzip.header("etag"));

    let tag = |answer: Answer| answer.header("etag").to_owned();
    let french = tag(ask(Method::GET, path, &[("accept", "text/html"), ("accept-language", "fr")]).await);
    let english = tag(ask(Method::GET, path, &[("accept", "text/html")]).await);
    let elsewhere = tag(ask(Method::GET, path, &[("host", "other.example")]).await);
    let tags = [plain.clone(), french, english, elsewhere, tag(get(&format!("{path}?limit=3")).await)];
    for (index, one) in tags.iter().enumerate() {
        assert!(tags[..index].iter().all(|other| other != one), "{tags:?}");
    }
    // Spelled differently, asked the same.
    let spelled = tag(get(&format!("{path}?limit=1000")).await);
    assert_eq!(spelled, plain);
}

#[tokio::test]
async fn answers_are_dated_and_the_date_is_honoured() {
    let app = app(Settings { modified: Some(1_700_000_000), ..Settings::default() });
    for path in PATHS.iter().filter(|path| !path.starts_with("/assets")) {
        let answer = ask_of(&app, Method::GET, path, &[]).await;
        assert_eq!(answer.header("last-modified"), "Tue, 14 Nov 2023 22:13:20 GMT", "{path}");
        for (since, status) in [
            ("Tue, 14 Nov 2023 22:13:20 GMT", StatusCode::NOT_MODIFIED),
            ("Wed, 15 Nov 2023 00:00:00 GMT", StatusCode::NOT_MODIFIED),
            ("Wednesday, 15-Nov-23 00:00:00 GMT", StatusCode::NOT_MODIFIED),
            ("Tue, 14 Nov 2023 22:13:19 GMT", StatusCode::OK),
            ("yesterday", StatusCode::OK),
        ] {
            let again = ask_of(&app, Method::GET, path, &[("if-modified-since", since)]).await;
            assert_eq!(again.status, status, "{path} {since}");
            // Tags say more than dates: where there are some, the date is not looked at.
            let other = ask_of(&app, Method::GET, path, &[("if-modified-since", since), ("if-none-match", "\"other\"")]).await;
            assert_eq!(other.status, StatusCode::OK, "{path} {since}");
        }
    }
    assert!(get("/").await.headers.contains_key("last-modified"), "the program says since when it serves this");
}

#[tokio::test]
async fn caches_are_told_how_long() {
    assert_eq!(get("/collections").await.header("cache-control"), "public, no-cache");
    let app = app(Settings { max_age: 300, ..Settings::default() });
    for path in PATHS.iter().filter(|path| !path.starts_with("/assets")) {
        assert_eq!(ask_of(&app, Method::GET, path, &[]).await.header("cache-control"), "public, max-age=300", "{path}");
    }
    let wrong = ask_of(&app, Method::GET, "/collections/bases/items?limit=0", &[]).await;
    assert_eq!(wrong.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_page_ends_early_where_it_would_be_too_long() {
    let app = app(Settings { page_bytes: 20_000, ..Settings::default() });
    for query in ["limit=1000", "limit=1000&sortby=-id", "limit=1000&properties=geometry"] {
        for (collection, within) in [("claims", ""), ("places", "&bbox=-5.5,5,-4.5,6.5")] {
            let whole = json(&format!("/collections/{collection}/items?{}{within}", query.replace("1000", "10000"))).await;
            let (mut seen, mut path) = (Vec::new(), format!("/collections/{collection}/items?{query}{within}"));
            loop {
                let page = ask_of(&app, Method::GET, &path, &[]).await;
                assert!(page.body.len() < 25_000, "{path}: {} bytes", page.body.len());
                let page = page.json();
                let features = page["features"].as_array().unwrap();
                assert_eq!(page["numberReturned"], features.len());
                seen.extend(features.iter().map(|feature| feature["id"].clone()));
                match crate::support::link(&page, "next") {
                    Some(next) => path = next.strip_prefix(crate::support::BASE).unwrap().to_owned(),
                    None => break,
                }
            }
            let expected = whole["features"].as_array().unwrap().iter().map(|feature| feature["id"].clone()).collect::<Vec<_>>();
            assert_eq!(seen, expected, "{collection} {query}");
        }
    }
}

#[tokio::test]
async fn codings_are_weighed() {
    for (accepted, coding) in [
        ("gzip; q=0, br", Some("br")),
        ("gzip;q=0.1, zstd;q=0.9", Some("zstd")),
        ("br;q=0.2, gzip; q=0.9", Some("gzip")),
        ("gzip;q=0, br;q=0, zstd;q=0", None),
        ("identity", None),
        ("gzip;q=0.5, identity", None),
        ("deflate, *;q=0.5", Some("zstd")),
        ("X-GZIP", Some("gzip")),
        ("br;q=2, gzip;q=0.1", Some("gzip")),
    ] {
        let answer = ask(Method::GET, "/collections/claims/items", &[("accept-encoding", accepted)]).await;
        let sent = answer.headers.get("content-encoding").map(|coding| coding.to_str().unwrap());
        assert_eq!(sent, coding, "{accepted}");
    }
}

/// Whoever says that no coding is acceptable, plain bytes included, gets plain bytes (RFC 9110, clause 12.5.3, leaves that to the server):
/// most who write `*;q=0` mean that nothing be compressed, and an error would have to be sent in some coding too.
#[tokio::test]
async fn a_client_that_takes_no_coding_at_all_gets_plain_bytes() {
    let whole = "/collections/claims/download";
    for refusing in ["identity;q=0, *;q=0", "*;q=0", "identity;q=0", "br;q=x, *;q=0"] {
        let coding = ("accept-encoding", refusing);
        for path in PATHS.into_iter().chain(["/collections/bases/items?limit=0", "/nothing", "/places/search?q=Gao&f=html", whole]) {
            let plain = get(path).await;
            for (method, more) in [(Method::GET, None), (Method::HEAD, None), (Method::GET, Some(("range", "bytes=0-9")))] {
                let headers = [Some(coding), more].into_iter().flatten().collect::<Vec<_>>();
                let answer = ask(method.clone(), path, &headers).await;
                let expected = ask(method.clone(), path, more.as_slice()).await;
                let what = format!("{method} {path} {headers:?}");
                assert_eq!((answer.status, answer.body), (expected.status, expected.body), "{what}");
                for name in ["etag", "content-type", "content-length", "content-encoding", "content-range", "vary", "cache-control"] {
                    assert_eq!(answer.headers.get(name), expected.headers.get(name), "{what}: {name}");
                }
            }
            if let Some(tag) = plain.headers.get("etag") {
                let again = ask(Method::GET, path, &[coding, ("if-none-match", tag.to_str().unwrap())]).await;
                assert_eq!((again.status, again.headers.get("etag")), (StatusCode::NOT_MODIFIED, Some(tag)), "{path} {refusing}");
            }
        }
    }
    let part = ask(Method::GET, whole, &[("accept-encoding", "*;q=0"), ("range", "bytes=0-9")]).await;
    assert_eq!((part.status, part.body.len()), (StatusCode::PARTIAL_CONTENT, 10));
}

#[tokio::test]
async fn geojson_never_varies_by_language() {
    let path = "/collections/bases/items";
    let english = ask(Method::GET, path, &[("accept-language", "en")]).await;
    let french = ask(Method::GET, path, &[("accept-language", "fr")]).await;
    assert_eq!(english.body, french.body);
    assert!(!english.header("vary").to_lowercase().contains("language"));
    let page = ask(Method::GET, path, &[("accept", "text/html"), ("accept-language", "de, fr;q=0.8, en;q=0.5")]).await;
    assert_eq!(page.header("content-language"), "fr");
    assert!(page.header("vary").to_lowercase().contains("accept-language"));
    assert!(page.text().contains("lang=\"fr\""));
}

#[tokio::test]
async fn compression_is_negotiated() {
    for coding in ["gzip", "br", "zstd"] {
        let answer = ask(Method::GET, "/collections/claims/items", &[("accept-encoding", coding)]).await;
        assert_eq!(answer.header("content-encoding"), coding);
        assert!(answer.header("vary").to_lowercase().contains("accept-encoding"));
    }
    let none = ask(Method::GET, "/collections/claims/items", &[("accept-encoding", "gzip;q=0")]).await;
    assert!(none.headers.get("content-encoding").is_none());
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    for path in PATHS {
        let (got, head) = (get(path).await, ask(Method::HEAD, path, &[]).await);
        assert_eq!(head.status, StatusCode::OK, "{path}");
        assert!(head.body.is_empty(), "{path}");
        for name in ["content-type", "etag", "content-length"] {
            assert_eq!(head.header(name), got.header(name), "{path}: {name}");
        }
    }
}

#[tokio::test]
async fn options_and_cors_are_open_to_readers() {
    for path in PATHS {
        let preflight = ask(Method::OPTIONS, path, &[("origin", "https://kepler.example"), ("access-control-request-method", "GET")]).await;
        assert!(preflight.status.is_success(), "{path}");
        assert_eq!(preflight.header("access-control-allow-origin"), "*");
        assert!(preflight.header("allow").contains("GET"));
        let get = ask(Method::GET, path, &[("origin", "https://kepler.example")]).await;
        let exposed = get.header("access-control-expose-headers").to_lowercase();
        for name in ["link", "etag", "content-crs"] {
            assert!(exposed.contains(name), "{path}: {exposed}");
        }
    }
}

#[tokio::test]
async fn links_follow_the_public_address() {
    let settings = Settings { public_url: Some("https://example.org/geo".into()), ..Settings::default() };
    let app = app(settings);
    let answer = ask_of(&app, Method::GET, "/collections/bases/items?limit=1", &[]).await;
    for link in answer.json()["links"].as_array().unwrap() {
        assert!(link["href"].as_str().unwrap().starts_with("https://example.org/geo/collections/bases"), "{link}");
    }
    assert!(answer.headers.get_all("link").iter().any(|link| link.to_str().unwrap().contains("rel=\"next\"")));
    let page = ask_of(&app, Method::GET, "/", &[("accept", "text/html")]).await;
    assert!(page.text().contains("https://example.org/geo/"));
}

#[tokio::test]
async fn the_page_stays_in_its_origin() {
    let policy = get("/?f=html").await.header("content-security-policy").to_owned();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("script-src 'self'") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    let settings = Settings {
        frame_ancestors: vec!["https://news.example".into()],
        tiles: Some(("https://{s}.tiles.example/{z}/{x}/{y}.png".into(), "Tiles".into())),
        ..Settings::default()
    };
    let app = app(settings);
    let answer = ask_of(&app, Method::GET, "/", &[]).await;
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let framed = ask_of(&app, Method::GET, "/embed", &[]).await;
    assert_eq!(framed.header("content-type"), "text/html; charset=utf-8");
    let policy = framed.header("content-security-policy");
    assert!(policy.contains("frame-ancestors https://news.example") && policy.contains("default-src 'none'"), "{policy}");
    let closed = get("/embed").await;
    assert!(closed.header("content-security-policy").contains("frame-ancestors 'none'"));
    assert!(policy.contains("img-src 'self' data: https://*.tiles.example;"), "{policy}");
    let map = ask_of(&app, Method::GET, "/map.json", &[]).await.json();
    assert_eq!((&map["basemap"]["kind"], &map["embed"]), (&"raster".into(), &true.into()));
}

#[tokio::test]
async fn health_is_told() {
    assert_eq!(json("/healthz").await["status"], "alive");
    let ready = json("/readyz").await;
    assert_eq!(ready["status"], "ready");
    assert!(ready["features"].as_u64().unwrap() > 13);
}

#[tokio::test]
async fn a_trailing_slash_is_forgiven() {
    assert_eq!(json("/collections/").await["collections"].as_array().unwrap().len(), 6);
}
