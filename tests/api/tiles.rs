//! Tiles: what they hold is what items hold, each point once.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use axum::http::{Method, StatusCode};
use harmattan::{
    api::App,
    config::Settings,
    dataset::{self, Dataset, files::Options},
};
use serde_json::Value;

use crate::support::{BASE, ask, ask_of, get, json, link, shared};

/// Fields of a Protocol Buffers message: number and value, which is a number or bytes.
fn fields(mut bytes: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes);
        let field = match tag & 7 {
            0 => Field::Number(varint(&mut bytes)),
            1 => {
                let (number, rest) = bytes.split_first_chunk().unwrap();
                bytes = rest;
                Field::Number(u64::from_le_bytes(*number))
            }
            2 => {
                let length = varint(&mut bytes) as usize;
                let (part, rest) = bytes.split_at(length);
                bytes = rest;
                Field::Bytes(part)
            }
            other => panic!("wire type {other}"),
        };
        found.push((tag >> 3, field));
    }
    found
}

#[derive(Debug, Clone, Copy)]
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (byte, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return number;
        }
    }
}

fn all<'a>(found: &[(u64, Field<'a>)], wanted: u64) -> Vec<&'a [u8]> {
    let bytes = |(number, field): &(u64, Field<'a>)| match field {
        Field::Bytes(bytes) if *number == wanted => Some(*bytes),
        _ => None,
    };
    found.iter().filter_map(bytes).collect()
}

/// A decoded layer: name, and of each feature its properties and the first numbers of its geometry.
type Decoded = BTreeMap<String, Vec<(BTreeMap<String, Value>, Vec<u64>)>>;

fn decode(tile: &[u8]) -> Decoded {
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap().to_owned();
    let numbers = |mut bytes: &[u8]| {
        let mut numbers = Vec::new();
        while !bytes.is_empty() {
            numbers.push(varint(&mut bytes));
        }
        numbers
    };
    let layer = |bytes: &[u8]| {
        let found = fields(bytes);
        assert!(found.iter().any(|(number, field)| *number == 15 && matches!(field, Field::Number(2))), "version 2");
        let keys = all(&found, 3).into_iter().map(text).collect::<Vec<_>>();
        let value = |bytes: &[u8]| match fields(bytes)[0] {
            (1, Field::Bytes(bytes)) => Value::from(text(bytes)),
            (3, Field::Number(bits)) => Value::from(f64::from_bits(bits)),
            (5, Field::Number(number)) => Value::from(number),
            (6, Field::Number(number)) => Value::from((number >> 1) as i64 ^ -((number & 1) as i64)),
            (7, Field::Number(number)) => Value::from(number == 1),
            ref other => panic!("{other:?}"),
        };
        let values = all(&found, 4).into_iter().map(value).collect::<Vec<_>>();
        let feature = |bytes: &[u8]| {
            let found = fields(bytes);
            let tags = numbers(all(&found, 2)[0]);
            let properties = tags.chunks(2).map(|tag| (keys[tag[0] as usize].clone(), values[tag[1] as usize].clone())).collect();
            (properties, numbers(all(&found, 4)[0]))
        };
        (text(all(&found, 1)[0]), all(&found, 2).into_iter().map(feature).collect())
    };
    all(&fields(tile), 3).into_iter().map(layer).collect()
}

/// The tiles of a zoom that hold anything, decoded.
async fn tiles(path: &str, zoom: u32, query: &str) -> Vec<Decoded> {
    tiles_of(shared(), path, zoom, query).await
}

/// The same of another service.
async fn tiles_of(app: &Arc<App>, path: &str, zoom: u32, query: &str) -> Vec<Decoded> {
    let mut found = Vec::new();
    for (row, column) in (0..1 << zoom).flat_map(|row| (0..1 << zoom).map(move |column| (row, column))) {
        let answer = ask_of(app, Method::GET, &format!("{path}/tiles/WebMercatorQuad/{zoom}/{row}/{column}{query}"), &[]).await;
        match answer.status {
            StatusCode::OK => {
                assert_eq!(answer.header("content-type"), "application/vnd.mapbox-vector-tile");
                found.push(decode(&answer.body));
            }
            StatusCode::NO_CONTENT => assert!(answer.body.is_empty()),
            other => panic!("{other}: {}", answer.text()),
        }
    }
    found
}

#[tokio::test]
async fn every_feature_is_on_one_tile_with_its_properties() {
    for query in ["", "?datetime=../2023-09-30", "?certainty=certain", "?filter=region%3D%27Gao%27", "?basis=documents"] {
        let items = json(&format!("/collections/bases/items{query}")).await;
        let expected = items["features"].as_array().unwrap();
        for zoom in 0..5 {
            let mut seen = BTreeMap::new();
            for (properties, _) in tiles("/collections/bases", zoom, query).await.into_iter().flatten().flat_map(|(_, features)| features) {
                assert!(seen.insert(properties["id"].as_str().unwrap().to_owned(), properties).is_none(), "once");
            }
            assert_eq!(seen.len(), expected.len(), "{query} at zoom {zoom}");
            for feature in expected {
                let drawn = &seen[feature["id"].as_str().unwrap()];
                for (name, value) in feature["properties"].as_object().unwrap() {
                    match value {
                        Value::Null => assert!(!drawn.contains_key(name), "{name}"),
                        Value::Array(_) | Value::Object(_) => {
                            assert_eq!(serde_json::from_str::<Value>(drawn[name].as_str().unwrap()).unwrap(), *value, "{name}");
                        }
                        value => assert_eq!(drawn[name], *value, "{name}"),
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_point_lies_where_it_should() {
    // By the formula of the projection, written another way than the program has it.
    let kidal = json("/collections/bases/items/kidal").await;
    let [lon, lat] = [0, 1].map(|axis| kidal["geometry"]["coordinates"][axis].as_f64().unwrap());
    let size = f64::from(1 << 10);
    let x = (lon + 180.0) / 360.0 * size;
    let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * size;
    let answer = get(&format!("/collections/bases/tiles/WebMercatorQuad/10/{}/{}", y.floor(), x.floor())).await;
    let decoded = decode(&answer.body);
    let (properties, geometry) = &decoded["bases"][0];
    assert_eq!(properties["id"], "kidal");
    let unit = |share: f64| (share.fract() * 4096.0) as u64;
    assert_eq!(geometry, &[9, unit(x) << 1, unit(y) << 1]);
}

#[tokio::test]
async fn the_data_set_has_a_layer_for_each_collection_chosen() {
    let whole = tiles("", 0, "").await.remove(0);
    assert_eq!(whole.keys().collect::<Vec<_>>(), ["bases", "claims", "closures", "events", "places"]);
    let some = tiles("", 0, "?collections=bases,events&datetime=2023-10-01/2023-12-31").await.remove(0);
    assert_eq!(some.keys().collect::<Vec<_>>(), ["bases", "events"]);
    let events = json("/collections/events/items?datetime=2023-10-01/2023-12-31").await;
    let located = events["features"].as_array().unwrap().iter().filter(|event| !event["geometry"].is_null()).count();
    assert_eq!(some["events"].len(), located);
}

/// Files of a service of its own.
fn served(files: &[(&str, String)]) -> Arc<App> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{}", files[0].0, std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let paths = files.iter().map(|(name, text)| {
        std::fs::write(folder.join(name), text).unwrap();
        folder.join(name)
    });
    let paths = paths.collect::<Vec<_>>();
    let loaded = dataset::files::load(&paths, Options { strict: true, ..Options::default() }, Dataset::embedded().unwrap(), &mut |_| {});
    std::fs::remove_dir_all(&folder).unwrap();
    Arc::new(App::new(loaded.unwrap().0, Settings::default()))
}

#[tokio::test]
async fn crowds_thin_out_and_no_number_is_lost() {
    // On the edges of tiles, on the antimeridian, at the poles; twelve in each place make more than a tile draws one by one.
    let steps = |most: i32, step: usize| (-most..=most).step_by(step).map(f64::from);
    let places = steps(180, 10).flat_map(|lon| steps(90, 5).map(move |lat| (lon, lat))).collect::<Vec<_>>();
    let lines = (0..places.len() * 20).map(|number| {
        let (lon, lat) = places[number % places.len()];
        format!(r#"{{"type":"Feature","id":{number},"geometry":{{"type":"Point","coordinates":[{lon},{lat}]}},"properties":{{"name":"n{number}"}}}}"#)
    });
    let app = served(&[("crowd.geojsonl", lines.collect::<Vec<_>>().join("\n"))]);
    let on_the_map = places.iter().filter(|(_, lat)| lat.abs() <= 85.0).count() as u64 * 20;
    assert!(on_the_map > 10_000);
    for zoom in 0..4 {
        let mut sum = 0;
        for (properties, _) in tiles_of(&app, "/collections/crowd", zoom, "").await.into_iter().flatten().flat_map(|(_, features)| features)
        {
            sum += properties.get("count").map_or(1, |count| count.as_u64().unwrap());
        }
        assert_eq!(sum, on_the_map, "zoom {zoom}");
    }
    let whole = tiles_of(&app, "/collections/crowd", 0, "").await.remove(0);
    assert!(whole["crowd"].len() <= 32 * 32, "counted, not drawn one by one");
}

#[tokio::test]
async fn lines_and_polygons_are_drawn_with_a_margin() {
    let square = |id: u32, west: f64, south: f64, size: f64| {
        let (east, north) = (west + size, south + size);
        format!(
            r#"{{"type":"Feature","id":"s{id}","geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}},"properties":{{"size":{size}}}}}"#
        )
    };
    let line =
        r#"{"type":"Feature","id":"l","geometry":{"type":"LineString","coordinates":[[-170,-80],[170,80]]},"properties":{"size":null}}"#;
    let app = served(&[("shapes.geojsonl", [square(0, -1.0, -1.0, 2.0), square(1, 100.0, 50.0, 0.5), line.to_owned()].join("\n"))]);
    // The square about the middle of the map is on all four tiles, the other on one, the line on the two that it crosses.
    let mut seen = BTreeMap::<String, usize>::new();
    for (properties, geometry) in
        tiles_of(&app, "/collections/shapes", 1, "").await.into_iter().flatten().flat_map(|(_, features)| features)
    {
        *seen.entry(properties["id"].as_str().unwrap().to_owned()).or_default() += 1;
        assert!(geometry.len() > 4);
    }
    // It touches the other two in their common corner, with a margin.
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [("l".to_owned(), 4), ("s0".to_owned(), 4), ("s1".to_owned(), 1)]);
    let far = ask_of(&app, Method::GET, "/collections/shapes/tiles/WebMercatorQuad/8/10/10", &[]).await;
    assert_eq!(far.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn tile_sets_lead_to_their_tiles() {
    for path in ["/collections/bases/tiles", "/tiles"] {
        let list = json(path).await;
        let set = &list["tilesets"][0];
        assert_eq!(set["tileMatrixSetURI"], "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad");
        for rel in ["self", "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"] {
            json(link(set, rel).unwrap().strip_prefix(BASE).unwrap()).await;
        }
        let metadata = json(link(set, "self").unwrap().strip_prefix(BASE).unwrap()).await;
        assert_eq!(metadata["dataType"], "vector");
        assert_eq!(metadata["layers"][0]["id"], "bases");
        let template = link(&metadata, "item").unwrap();
        let tile = template.replace("{tileMatrix}", "0").replace("{tileRow}", "0").replace("{tileCol}", "0");
        assert_eq!(get(tile.strip_prefix(BASE).unwrap()).await.status, StatusCode::OK);

        let tile_json = json(&format!("{path}/WebMercatorQuad?f=tilejson&datetime=2023-12-11")).await;
        assert_eq!((&tile_json["tilejson"], &tile_json["vector_layers"][0]["id"]), (&"3.0.0".into(), &"bases".into()));
        let template = tile_json["tiles"][0].as_str().unwrap();
        assert!(template.ends_with("/WebMercatorQuad/{z}/{y}/{x}?datetime=2023-12-11"), "{template}");
    }
    let matrices = json("/tileMatrixSets/WebMercatorQuad").await["tileMatrices"].clone();
    let matrices = matrices.as_array().unwrap();
    assert_eq!(matrices.len(), 25);
    assert_eq!((&matrices[3]["id"], &matrices[3]["matrixWidth"]), (&"3".into(), &8.into()));
    assert!((matrices[0]["cellSize"].as_f64().unwrap() - 156_543.033_928_041).abs() < 1e-6);
    for rel in ["http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"] {
        assert!(link(&json("/").await, rel).is_some(), "{rel}");
    }
}

#[tokio::test]
async fn what_is_no_tile_is_said_to_be_none() {
    for path in ["25/0/0", "0/1/0", "0/0/1", "x/0/0", "-1/0/0", "1/2/0", "99999999999/0/0", "0/0/0.5"] {
        let answer = get(&format!("/collections/bases/tiles/WebMercatorQuad/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.json()["hint"].as_str().unwrap().contains("zoom"), "{path}");
    }
    assert_eq!(get("/collections/bases/tiles/WorldCRS84Quad/0/0/0").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get("/collections/none/tiles/WebMercatorQuad/0/0/0").await.status, StatusCode::NOT_FOUND);
    for (path, parameter) in [
        ("/collections/bases/tiles/WebMercatorQuad/0/0/0?bbox=0,0,1,1", "bbox"),
        ("/collections/bases/tiles/WebMercatorQuad/0/0/0?datetime=soon", "datetime"),
        ("/collections/bases/tiles/WebMercatorQuad?datetime=soon", "datetime"),
        ("/tiles/WebMercatorQuad/0/0/0?collections=bases,none", "collections"),
        ("/tiles/WebMercatorQuad/0/0/0?filter=true", "filter"),
        ("/tiles/WebMercatorQuad/0/0/0?f=png", "f"),
    ] {
        let answer = get(path).await;
        assert_eq!((answer.status, &answer.json()["parameter"]), (StatusCode::BAD_REQUEST, &parameter.into()), "{path}");
    }
}

#[tokio::test]
async fn tiles_are_cached() {
    let path = "/collections/bases/tiles/WebMercatorQuad/0/0/0";
    let tag = get(path).await.header("etag").to_owned();
    let again = ask(Method::GET, path, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_ne!(get(&format!("{path}?datetime=2023-09-01")).await.header("etag"), tag);
    assert!(!get("/collections/bases/tiles/WebMercatorQuad/1/1/1").await.header("etag").is_empty(), "an empty one as well");
}
