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
async fn a_collection_says_how_long_the_downloads_are_that_lie_finished() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { cache_dir: Some(folder.path().to_owned()), cache_bytes: 1 << 24, ..Settings::default() };
    let kept = Arc::new(App::new(awkward::dataset(), settings));
    let length = async |path: &str| {
        let about = part(&kept, path, &[]).await;
        let collection = about.json();
        // By itself or in the list, it is said of the same links.
        let of_one = collection["collections"].as_array().into_iter().flatten().find(|one| one["id"] == "many").unwrap_or(&collection);
        let link = of_one["links"].as_array().unwrap().iter().find(|link| link["href"].as_str().unwrap().ends_with("download?f=csv"));
        (link.unwrap()["length"].as_u64(), about.header("etag").to_owned())
    };
    for path in ["/collections/many", "/collections"] {
        let (before, tag) = length(path).await;
        assert_eq!((before, part(&kept, path, &[("if-none-match", &tag)]).await.status), (None, StatusCode::NOT_MODIFIED));
    }
    let (_, tag) = length("/collections/many").await;
    let whole = part(&kept, "/collections/many/download?f=csv", &[]).await;
    for path in ["/collections/many", "/collections"] {
        assert_eq!(length(path).await.0, Some(whole.body.len() as u64), "{path}");
    }
    assert_eq!(part(&kept, "/collections/many", &[("if-none-match", &tag)]).await.status, StatusCode::OK, "it is another text");
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
    // As long as what GET sends, which nobody knows before it is written; not nothing.
    assert!(!head.headers.contains_key("content-length"), "{:?}", head.headers);
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
    assert!(layer.attribute("labelsEnabled") == Some("1") && find("text-style").attribute("fieldName") == Some("name"));
    assert_eq!((find("license").text(), find("rights").text()), (Some("CC BY 4.0"), collection["attribution"].as_str()));
    // A layer of QGIS has one type of geometry: a group where there are several.
    let answer = ask_of(awkward(), Method::GET, "/collections/shapes/layer.qlr", &[]).await;
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
    let document = roxmltree::Document::parse_with_options(answer.text(), options).unwrap();
    let leaves = document.descendants().filter(|node| node.has_tag_name("layer-tree-layer")).collect::<Vec<_>>();
    let sources = leaves.iter().map(|leaf| leaf.attribute("source").unwrap());
    let of_type = |kind| format!("OAPIF:{BASE}/collections/shapes|geometrytype={kind}|option:PAGE_SIZE=1000");
    assert!(sources.eq(["Point", "LineString", "Polygon"].map(of_type)), "{}", answer.text());
    assert!(leaves.iter().all(|leaf| leaf.attribute("providerKey") == Some("ogr")));
    // Whatever names the data have, it is XML.
    for path in COLLECTIONS {
        let answer = ask_of(awkward(), Method::GET, &format!("/collections/{path}/layer.qlr?lang=fr"), &[]).await;
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
        assert!(roxmltree::Document::parse_with_options(answer.text(), options).is_ok(), "{path}");
    }
}

/// Asks a service for a part of a download.
async fn part(app: &Arc<App>, path: &str, headers: &[(&str, &str)]) -> crate::support::Answer {
    ask_of(app, Method::GET, path, headers).await
}

#[tokio::test]
async fn parts_of_what_lies_finished_are_sent() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { cache_dir: Some(folder.path().to_owned()), cache_bytes: 1 << 20, ..Settings::default() };
    let kept = Arc::new(App::new(awkward::dataset(), settings));
    for (path, written) in [("/collections/many/download?f=json", false), ("/collections/many/download?f=csv&bbox=-10,-10,10,10", true)] {
        let first = part(&kept, path, &[]).await;
        assert_eq!((first.status, first.header("accept-ranges")), (StatusCode::OK, if written { "none" } else { "bytes" }), "{path}");
        let whole = part(&kept, path, &[]).await;
        assert_eq!((whole.status, whole.header("accept-ranges")), (StatusCode::OK, "bytes"), "{path}: it lies there now");
        assert!(whole.body == first.body && whole.headers["etag"] == first.headers["etag"], "the same bytes");
        let length = whole.body.len();
        assert_eq!(whole.header("content-length"), length.to_string());
        let tag = whole.header("etag").to_owned();
        for (start, end) in [(0, 1), (0, length), (length - 1, length), (100, 300_000.min(length)), (length / 2, length)] {
            let asked = format!("bytes={start}-{}", end - 1);
            let answer = part(&kept, path, &[("range", &asked), ("if-range", &tag)]).await;
            assert_eq!((answer.status, answer.header("content-type")), (StatusCode::PARTIAL_CONTENT, whole.header("content-type")));
            assert_eq!(answer.header("content-range"), format!("bytes {start}-{}/{length}", end - 1));
            assert_eq!(answer.header("content-length"), (end - start).to_string());
            assert!(answer.body == whole.body[start..end], "{path} {asked}");
        }
        let answer = part(&kept, path, &[("range", "bytes=-5")]).await;
        assert_eq!(answer.body, whole.body[length - 5..]);
        let answer = part(&kept, path, &[("range", &format!("bytes={length}-"))]).await;
        assert_eq!(
            (answer.status, answer.header("content-range")),
            (StatusCode::RANGE_NOT_SATISFIABLE, format!("bytes */{length}").as_str())
        );
        assert!(answer.json()["detail"].as_str().unwrap().contains("asks for none of the"), "{}", answer.text());
        let other = part(&kept, path, &[("range", "bytes=0-9"), ("if-range", "\"another\"")]).await;
        assert_eq!((other.status, other.body.len()), (StatusCode::OK, length), "of other bytes a part is of no use");
        let head = ask_of(&kept, Method::HEAD, path, &[("range", "bytes=0-9")]).await;
        assert_eq!((head.status, head.header("content-length")), (StatusCode::OK, length.to_string().as_str()));
        let known = part(&kept, path, &[("range", "bytes=0-9"), ("if-none-match", &tag)]).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    }
    let names = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = names.collect::<Vec<_>>();
    assert!(names.len() == 1 && names[0].starts_with("harmattan-") && names[0].ends_with(".csv"), "what needs no file has none: {names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_ends_early_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { cache_dir: Some(folder.path().to_owned()), cache_bytes: 1 << 30, max_downloads: 1, ..Settings::default() };
    let service = api::service(Arc::new(App::new(Dataset::embedded().unwrap(), settings)));
    let ask = || {
        let request = Request::get("/collections/places/download?f=csv").header("host", "maps.example").body(Body::empty()).unwrap();
        service.clone().oneshot(request)
    };
    let mut body = ask().await.unwrap().into_body();
    assert!(body.frame().await.unwrap().unwrap().is_data());
    drop(body);
    // Room again: the writer has noticed.
    let whole = loop {
        let answer = ask().await.unwrap();
        if answer.status() == StatusCode::OK {
            break answer.into_body().collect().await.unwrap().to_bytes();
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    assert_eq!(files.len(), 1, "only the whole one: {files:?}");
    assert_eq!(std::fs::read(&files[0]).unwrap(), whole);
}

#[tokio::test]
async fn compressed_downloads_read_back_as_the_plain_ones() {
    use std::io::Read;
    for collection in COLLECTIONS {
        for name in ["json", "ndjson", "kml"] {
            for query in ["", "&bbox=-90,-45,90,45", "&datetime=2023-08-04T00:00:00Z"] {
                let path = format!("/collections/{collection}/download?f={name}{query}");
                let plain = ask_of(awkward(), Method::GET, &path, &[]).await;
                let packed = ask_of(awkward(), Method::GET, &path, &[("accept-encoding", "gzip")]).await;
                // A few bytes are sent as they are.
                if !packed.headers.contains_key("content-encoding") {
                    assert!(packed.body == plain.body && plain.body.len() < 200, "{path}");
                    continue;
                }
                let mut read = Vec::new();
                flate2::bufread::GzDecoder::new(packed.body.as_slice()).read_to_end(&mut read).unwrap();
                assert!(read == plain.body, "{path}");
                assert!(packed.header("etag").ends_with("-gzip\"") && !packed.headers.contains_key("content-length"), "{path}");
            }
        }
    }
}

/// What an encoder has made it hands on, so that a writer that waits for its reader holds little of it, however long the whole.
#[test]
fn encoders_hand_on_what_they_have_made() {
    let table = Arc::clone(awkward().store.layer("many").unwrap().table());
    // A page may hold features more than once: twenty times ten thousand.
    let runs = (0..20).map(|_| 0..table.len()).collect::<Vec<_>>();
    let count = runs.len() as u64 * u64::from(table.len());
    let page = harmattan::store::Page { table, runs, matched: count, returned: count, next: None };
    let collection = awkward().store.layer("many").unwrap().collection.clone();
    for encoding in Encoding::ALL.into_iter().filter(|encoding| encoding.about().is_page) {
        let written = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = Arc::clone(&written);
        let (page, collection) = (&page, &collection);
        let mut out = Counted { written: counted, most: 300_000 };
        let error = encoding.write(page, collection, &harmattan::store::feature_text::Form::default(), &mut out).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe, "{encoding:?}");
        let written = written.load(std::sync::atomic::Ordering::Relaxed);
        assert!(written <= 400_000, "{encoding:?} gave {written} bytes at once");
    }
}

/// Takes some bytes and breaks.
struct Counted {
    written: Arc<std::sync::atomic::AtomicUsize>,
    most: usize,
}

impl std::io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let before = self.written.fetch_add(bytes.len(), std::sync::atomic::Ordering::Relaxed);
        if before > self.most { Err(std::io::ErrorKind::BrokenPipe.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
