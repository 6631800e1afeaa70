//! Whole collections in one file, and the forms of features: each holds what the GeoJSON holds.

use std::sync::{Arc, OnceLock};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use harmattan::{
    api::{self, App},
    config::Settings,
    dataset::Dataset,
    formats::Encoding,
};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::{
    ogc::awkward,
    support::{BASE, ask, ask_of, get, json},
};

/// The awkward data set, where a page holds all of it.
fn awkward() -> &'static Arc<App> {
    static APP: OnceLock<Arc<App>> = OnceLock::new();
    APP.get_or_init(|| {
        let mut settings = Settings::default();
        settings.limits.most = 100_000;
        settings.limits.default = 100_000;
        Arc::new(App::new(awkward::dataset(), settings))
    })
}

/// Collections of the awkward data set, as they stand in an address.
const COLLECTIONS: [&str; 5] = ["shapes", "s%C3%BC%C3%9F%20%26%20sa%C3%9F", "empty", "many", "nowhere"];

/// Features of a text of one form, as GeoJSON.
fn features_of(name: &str, body: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(body).unwrap();
    match name {
        "json" => serde_json::from_str::<Value>(text).unwrap()["features"].as_array().unwrap().clone(),
        "ndjson" => {
            assert!(text.is_empty() || text.ends_with('\n'));
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        }
        "geojsonseq" => {
            let records = text.split('\u{1e}').collect::<Vec<_>>();
            assert!(records[0].is_empty(), "a record starts with its separator");
            let record = |record: &&str| serde_json::from_str(record.strip_suffix('\n').unwrap()).unwrap();
            records[1..].iter().map(record).collect()
        }
        other => panic!("{other} is no text of features"),
    }
}

#[tokio::test]
async fn lines_and_sequences_hold_the_features_of_geojson() {
    for collection in COLLECTIONS {
        let path = format!("/collections/{collection}");
        let expected = ask_of(awkward(), Method::GET, &format!("{path}/items"), &[]).await.json()["features"].as_array().unwrap().clone();
        for name in ["json", "ndjson", "geojsonseq"] {
            for address in [format!("{path}/download?f={name}"), format!("{path}/items?f={name}")] {
                let answer = ask_of(awkward(), Method::GET, &address, &[]).await;
                assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
                assert_eq!(features_of(name, &answer.body), expected, "{address}");
            }
            let query = "bbox=-10,-10,20,20&sortby=-id&properties=flag,geometry&crs=http://www.opengis.net/def/crs/EPSG/0/3857";
            if collection == "shapes" {
                let shaped = ask_of(awkward(), Method::GET, &format!("{path}/items?{query}"), &[]).await.json();
                let answer = ask_of(awkward(), Method::GET, &format!("{path}/download?{query}&f={name}"), &[]).await;
                assert_eq!(answer.header("content-crs"), "<http://www.opengis.net/def/crs/EPSG/0/3857>");
                assert_eq!(features_of(name, &answer.body), *shaped["features"].as_array().unwrap(), "{name}");
                assert!(!shaped["features"].as_array().unwrap().is_empty());
            }
        }
    }
}

#[tokio::test]
async fn a_collection_links_to_its_downloads() {
    let collection = json("/collections/bases").await;
    let links = collection["links"].as_array().unwrap().iter().filter(|link| link["rel"] == "enclosure").collect::<Vec<_>>();
    assert_eq!(links.len(), Encoding::ALL.len());
    for (link, encoding) in links.iter().zip(Encoding::ALL) {
        let about = encoding.about();
        assert!(link["title"].as_str().unwrap().ends_with(about.title), "{link}");
        let answer = get(link["href"].as_str().unwrap().strip_prefix(BASE).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{link}");
        assert_eq!((answer.header("content-type"), &link["type"]), (about.media, &about.media.into()));
        assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"bases.{}\"", about.extension));
        assert!(answer.headers.contains_key("etag") && answer.headers.contains_key("accept-ranges"));
        if let Some(length) = link["length"].as_u64() {
            assert_eq!(answer.body.len() as u64, length, "{link}");
        }
    }
    let known = links.iter().filter(|link| link["length"].is_u64()).count();
    assert!(known >= 3, "the lengths of what is made of finished text are known");
}

#[tokio::test]
async fn a_download_is_negotiated_and_cached_like_any_answer() {
    let path = "/collections/bases/download";
    let answer = ask(Method::GET, path, &[("accept", "text/csv")]).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8; header=present"));
    let tag = answer.header("etag").to_owned();
    let again = ask(Method::GET, path, &[("accept", "text/csv"), ("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    let head = ask(Method::HEAD, path, &[("accept", "text/csv")]).await;
    assert_eq!((head.status, head.header("etag"), head.body.len()), (StatusCode::OK, tag.as_str(), 0));
    assert_eq!(ask(Method::GET, path, &[("accept", "image/png")]).await.status, StatusCode::NOT_ACCEPTABLE);
    let name = ask_of(awkward(), Method::HEAD, "/collections/s%C3%BC%C3%9F%20%26%20sa%C3%9F/download", &[]).await;
    let name = name.header("content-disposition").to_owned();
    assert_eq!(name, "attachment; filename=\"s_____sa_.geojson\"; filename*=UTF-8''s%C3%BC%C3%9F%20%26%20sa%C3%9F.geojson");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_name() {
    for (address, said) in [
        ("/collections/bases/download?f=html", "f: \"html\" is not one of json,"),
        ("/collections/bases/download?f=xls", "f: \"xls\" is not one of json,"),
        ("/collections/bases/download?limit=5", "limit: unknown parameter"),
        ("/collections/bases/download?cursor=x", "cursor: unknown parameter"),
        ("/collections/bases/download?bbox=1,2", "bbox: \"1,2\" is not 4 or 6 numbers"),
        ("/collections/bases/download?f=json&csv-geometry=wkt", "csv-geometry: cannot stand together with a form other than f=csv"),
        ("/collections/bases/items?f=csv&csv-geometry=wkb", "csv-geometry: \"wkb\" is not one of lonlat, wkt"),
        ("/collections/bases/items?f=ndjson&resultType=hits", "resultType: cannot stand together with a form that has no counts"),
        ("/collections/bases/items?f=jsonfg&explain=true", "explain: cannot stand together with a form other than f=json"),
        ("/collections/bases/items?f=kml&crs=http://www.opengis.net/def/crs/EPSG/0/32630", "crs: cannot stand together with a form whose"),
        (
            "/collections/bases/download?f=kml&crs=http://www.opengis.net/def/crs/EPSG/0/32630",
            "crs: cannot stand together with a form whose",
        ),
        ("/collections/bases/items?profile=nonsense", "profile: \"nonsense\" is not one of rfc7946, jsonfg, jsonfg-plus"),
        ("/collections/bases/items?f=ndjson&explain=true", "explain: cannot stand together with a form other than f=json"),
    ] {
        let answer = get(address).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}");
        assert!(answer.json()["detail"].as_str().unwrap().starts_with(said), "{address}: {}", answer.text());
    }
    assert_eq!(get("/collections/nothing/download").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn csv_says_where_things_are_in_two_ways() {
    let rows = |text: &str| {
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect::<Vec<_>>();
        (header, reader.records().map(|record| record.unwrap()).collect::<Vec<_>>())
    };
    let of = async |query: &str| {
        let answer = ask_of(awkward(), Method::GET, &format!("/collections/shapes/download?f=csv{query}"), &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.text().to_owned()
    };
    let (wkt, lonlat) = (of("").await, of("&csv-geometry=lonlat").await);
    let (header, as_text) = rows(&wkt);
    assert_eq!(header[..3], ["id_", "geometry_", "a b"], "beside properties of these names");
    assert_eq!(header.iter().collect::<std::collections::BTreeSet<_>>().len(), header.len(), "every name once");
    let (header, as_numbers) = rows(&lonlat);
    assert_eq!(header[..4], ["id_", "longitude", "latitude", "a b"]);
    assert_eq!(as_text.len(), as_numbers.len());
    for (text, numbers) in as_text.iter().zip(&as_numbers) {
        assert_eq!(text[0], numbers[0]);
        assert!(text.iter().skip(2).eq(numbers.iter().skip(3)), "the properties are the same");
        assert_eq!(text[1].is_empty(), numbers[1].is_empty(), "{text:?}");
        if let Some(point) = text[1].strip_prefix("POINT (") {
            assert_eq!(point, format!("{} {})", &numbers[1], &numbers[2]));
        }
    }
    assert!(wkt.contains("POLYGON (("), "shapes are whole");
}

/// A service of its own, whose downloads are counted together.
fn service(most: usize) -> impl Fn(&str) -> futures::Answering {
    let settings = Settings { max_downloads: most, ..Settings::default() };
    let service = api::service(Arc::new(App::new(Dataset::embedded().unwrap(), settings)));
    move |path: &str| {
        let request = Request::get(path).header("host", "maps.example").body(Body::empty()).unwrap();
        let service = service.clone();
        Box::pin(async move { service.oneshot(request).await.unwrap() })
    }
}

mod futures {
    //! The type of an answer that is awaited.
    pub(super) type Answering = std::pin::Pin<Box<dyn Future<Output = axum::response::Response> + Send>>;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_than_some_run_at_once_and_who_leaves_makes_room() {
    let ask = service(1);
    // The gazetteer takes more room than may wait, so its writer waits for its reader.
    let path = "/collections/places/download?f=csv";
    let first = ask(path).await;
    assert_eq!(first.status(), StatusCode::OK);
    let second = ask(path).await;
    assert_eq!(second.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(second.headers()["retry-after"], "10");
    let said = second.into_body().collect().await.unwrap().to_bytes();
    assert!(std::str::from_utf8(&said).unwrap().contains("as many downloads run as may"), "{said:?}");
    let mut body = first.into_body();
    assert!(body.frame().await.unwrap().unwrap().into_data().unwrap().starts_with(b"id,longitude,latitude,"));
    drop(body);
    // The writer notices at its next piece.
    let third = loop {
        let answer = ask(path).await;
        if answer.status() == StatusCode::OK {
            break answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    let whole = third.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(whole, ask(path).await.into_body().collect().await.unwrap().to_bytes());
}

#[tokio::test]
async fn a_layer_definition_opens_the_collection_in_qgis() {
    let collection = json("/collections/bases").await;
    let links = collection["links"].as_array().unwrap();
    let link = links.iter().find(|link| link["type"] == "application/x-qgis-layer-definition").unwrap();
    let answer = get(link["href"].as_str().unwrap().strip_prefix(BASE).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"bases.qlr\"");
    let text = answer.text();
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
    let document = roxmltree::Document::parse_with_options(text, options).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "qlr");
    let find = |name: &str| root.descendants().find(|node| node.has_tag_name(name)).unwrap_or_else(|| panic!("{name} in {text}"));
    // The tree and the layer are joined by the id.
    let (leaf, layer) = (find("layer-tree-layer"), find("maplayer"));
    let of_layer = |name: &str| layer.children().find(|node| node.has_tag_name(name)).and_then(|node| node.text()).unwrap();
    assert_eq!((leaf.attribute("id"), leaf.attribute("providerKey")), (Some(of_layer("id")), Some("OAPIF")));
    assert_eq!((of_layer("provider"), layer.attribute("type")), ("OAPIF", Some("vector")));
    let source = of_layer("datasource");
    assert_eq!(leaf.attribute("source"), Some(source));
    assert!(source.contains(&format!("url='{BASE}'")) && source.contains("typename='bases'"), "{source}");
    // What the temporal controller reads are columns of days.
    let temporal = find("temporal");
    assert_eq!((temporal.attribute("enabled"), temporal.attribute("mode")), (Some("1"), Some("2")));
    let schema = json("/collections/bases/schema").await;
    for field in ["startField", "endField"] {
        assert_eq!(schema["properties"][temporal.attribute(field).unwrap()]["format"], "date", "{field}");
    }
    // Each state of the map has its colour.
    let categories = root.descendants().filter(|node| node.has_tag_name("category")).map(|node| node.attribute("value").unwrap());
    let codes = schema["properties"]["state"]["enum"].as_array().unwrap().iter().map(|code| code.as_str().unwrap());
    assert!(categories.eq(codes), "{text}");
    let symbols = find("symbols").children().filter(|node| node.has_tag_name("symbol")).count();
    assert_eq!(symbols, 5);
    // Whatever names the data have, it is XML.
    for path in COLLECTIONS {
        let answer = ask_of(awkward(), Method::GET, &format!("/collections/{path}/layer.qlr?lang=fr"), &[]).await;
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
        assert!(roxmltree::Document::parse_with_options(answer.text(), options).is_ok(), "{path}");
    }
}
