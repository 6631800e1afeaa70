//! Tiles: what they hold is what items hold, each point once.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use axum::http::{Method, StatusCode};
use geo::Area;
use harmattan::{
    api::App,
    config::Settings,
    dataset::{self, Dataset, Prepared, files::Options},
    formats::mvt,
    model::{Batch, Collection, Feature, Geometry, GeometryKind, Schema, Tile},
    query::Filter,
    store::Layer,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::{
    mvt::{Decoded, decode, names},
    support::{BASE, ask, ask_of, get, json, link, shared},
};

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
            // Outside of what the collection covers.
            StatusCode::NOT_FOUND => assert!(answer.json()["hint"].as_str().unwrap().contains("there is something in rows")),
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
            for feature in tiles("/collections/bases", zoom, query).await.into_iter().flatten().flat_map(|(_, features)| features) {
                assert!(seen.insert(feature.name(), feature.properties).is_none(), "once");
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
    let drawn = &decoded["bases"][0];
    assert_eq!((drawn.name().as_str(), drawn.kind), ("kidal", 1));
    let unit = |share: f64| (share.fract() * 4096.0) as i64;
    assert_eq!(drawn.parts(), [[(unit(x), unit(y))]]);
}

#[tokio::test]
async fn the_data_set_has_a_layer_for_each_collection_chosen() {
    let whole = tiles("", 0, "").await.remove(0);
    assert_eq!(whole.keys().collect::<Vec<_>>(), ["bases", "claims", "closures", "events", "places"]);
    let some = tiles("", 0, "?collections=bases,events&datetime=2023-10-01/2023-12-31").await.remove(0);
    assert_eq!(some.keys().collect::<Vec<_>>(), ["bases", "events"]);
    let events = json("/collections/events/items?datetime=2023-10-01/2023-12-31").await;
    assert_eq!(
        names(&get("/tiles/WebMercatorQuad/0/0/0?collections=events,bases").await.body),
        ["events", "bases"],
        "in the order asked for"
    );
    let one = get("/tiles/WebMercatorQuad/0/0/0?collections=bases&filter=region%3D%27Gao%27").await;
    assert_eq!(one.body, get("/collections/bases/tiles/WebMercatorQuad/0/0/0?filter=region%3D%27Gao%27").await.body);
    // What one of them has of its own can be asked of it, and of no other.
    for query in ["region=Gao", "agreement=agreed&basis=documents"] {
        let one = get(&format!("/tiles/WebMercatorQuad/0/0/0?collections=bases&{query}")).await;
        assert_eq!(one.body, get(&format!("/collections/bases/tiles/WebMercatorQuad/0/0/0?{query}")).await.body, "{query}");
    }
    let set = get("/tiles/WebMercatorQuad?collections=bases,closures&agreement=agreed").await;
    assert!(set.text().contains("{tileCol}?collections=bases,closures&agreement=agreed&f=mvt"), "{}", set.text());
    for path in ["/tiles/WebMercatorQuad/0/0/0?collections=bases,events&documented=true", "/tiles/WebMercatorQuad?documented=true"] {
        let refused = get(path).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        let problem = refused.json();
        assert_eq!(problem["parameter"], "documented", "{problem}");
        assert!(problem["hint"].as_str().unwrap().contains(" as well; name those that can answer it"), "{problem}");
    }
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
        for feature in tiles_of(&app, "/collections/crowd", zoom, "").await.into_iter().flatten().flat_map(|(_, features)| features) {
            sum += feature.count();
        }
        assert_eq!(sum, on_the_map, "zoom {zoom}");
    }
    let whole = tiles_of(&app, "/collections/crowd", 0, "").await.remove(0);
    assert!(whole["crowd"].len() <= 32 * 32, "counted, not drawn one by one");
}

#[tokio::test]
async fn tiles_of_long_texts_are_bounded_and_lose_no_number() {
    let line = |number: usize, note: &str| {
        let (lon, lat) = (number % 170, number / 170 % 80);
        format!(
            r#"{{"type":"Feature","id":"a{number}","geometry":{{"type":"Point","coordinates":[{lon},{lat}]}},"properties":{{"name":"n{number}","note":"{note}{number}"}}}}"#
        )
    };
    let lines = |count: usize, length: usize| (0..count).map(|number| line(number, &"é".repeat(length / 2))).collect::<Vec<_>>().join("\n");
    let app = served(&[("long.geojsonl", lines(300, 40_000)), ("broad.geojsonl", lines(9500, 1000))]);
    // Longer than a tile has them: left out. All else is there.
    let long = tiles_of(&app, "/collections/long", 0, "").await.remove(0);
    assert_eq!(long["long"].len(), 300);
    for feature in &long["long"] {
        let names = feature.properties.keys().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(names, ["id", "name"]);
    }
    // Short enough each, too much together: counted.
    let mut drawn = 0;
    for zoom in [0, 4] {
        let found = tiles_of(&app, "/collections/broad", zoom, "").await;
        let features = found.into_iter().flatten().flat_map(|(_, features)| features).collect::<Vec<_>>();
        assert_eq!(features.iter().map(|feature| feature.count()).sum::<u64>(), 9500, "zoom {zoom}");
        drawn = features.iter().filter(|feature| feature.properties.contains_key("note")).count();
        assert!(zoom > 0 || features.len() < 2000, "{} points", features.len());
    }
    assert!(drawn > 9000, "{drawn} of them are themselves on the tiles of a finer zoom");
    let tile = ask_of(&app, Method::GET, "/collections/broad/tiles/WebMercatorQuad/0/0/0", &[]).await;
    assert!(tile.body.len() < 9 << 20, "{} bytes", tile.body.len());
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
    for feature in tiles_of(&app, "/collections/shapes", 1, "").await.into_iter().flatten().flat_map(|(_, features)| features) {
        *seen.entry(feature.name()).or_default() += 1;
        assert!(feature.parts().iter().all(|part| part.len() > 1), "{feature:?}");
    }
    // It touches the other two in their common corner, with a margin.
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [("l".to_owned(), 4), ("s0".to_owned(), 4), ("s1".to_owned(), 1)]);
    let far = ask_of(&app, Method::GET, "/collections/shapes/tiles/WebMercatorQuad/8/60/128", &[]).await;
    assert_eq!(far.status, StatusCode::NO_CONTENT, "within the limits, and nothing there");
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
        ("/tiles/WebMercatorQuad/0/0/0?filter=region%3D%27Gao%27", "filter"),
        ("/tiles/WebMercatorQuad/0/0/0?region=Gao", "region"),
        ("/collections/bases/tiles/WebMercatorQuad/0/0/0?subset=datetime(soon)", "subset"),
        ("/collections/bases/tiles/WebMercatorQuad/0/0/0?subset=Lat(1:2)", "subset"),
        ("/collections/bases/tiles/WebMercatorQuad/0/0/0?subset=datetime(%222023-10-01%22)&datetime=2023-10-01", "subset"),
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
    let empty = get("/collections/bases/tiles/WebMercatorQuad/0/0/0?filter=false").await;
    assert_eq!(empty.status, StatusCode::NO_CONTENT);
    assert!(!empty.header("etag").is_empty(), "an empty one as well");
}

/// A layer of features that have nothing but a shape; their ids are the numbers from 0 on.
fn layer(geometry: GeometryKind, shapes: Vec<geo::Geometry>) -> Layer {
    let collection = Collection::new("shapes", geometry, Schema { properties: Vec::new() });
    let feature = |(number, shape): (usize, geo::Geometry)| Feature {
        id: number.to_string(),
        geometry: Some(Geometry::new(shape).unwrap()),
        time: None,
        values: Vec::new(),
    };
    let features = shapes.into_iter().enumerate().map(feature).collect::<Vec<_>>();
    let views = vec![Batch::from_features(&collection.schema, &features)];
    Layer::build(Prepared { collection, views, arena: false })
}

/// Every tile of a zoom, drawn and decoded.
fn drawn(layer: &Layer, zoom: u32) -> Vec<crate::mvt::Feature> {
    let places = (0..1 << zoom).flat_map(|row| (0..1 << zoom).map(move |column| (row, column)));
    let tiles = places.map(|(row, column)| {
        let (mut out, mut again) = (Vec::new(), Vec::new());
        let tile = Tile::new(zoom, row, column).unwrap();
        mvt::draw(&mut out, layer, 0, &Filter::default(), tile);
        mvt::draw(&mut again, layer, 0, &Filter::default(), tile);
        assert_eq!(out, again, "the same bytes each time");
        assert!(out.is_empty() || mvt::is_near(layer, &Filter::default(), tile));
        out
    });
    tiles.flat_map(|tile| decode(&tile).into_values().flatten()).collect()
}

/// The polygons of a feature: outer rings have a positive area by the surveyor's formula, holes follow theirs (clause 4.3.4.4).
fn polygons(feature: &crate::mvt::Feature) -> geo::MultiPolygon {
    let mut all = Vec::<geo::Polygon>::new();
    for ring in feature.parts() {
        assert!(ring.len() > 2 && ring.first() != ring.last(), "a ring has three corners and is closed by a command: {ring:?}");
        let line = ring.iter().map(|(x, y)| geo::coord! { x: *x as f64, y: *y as f64 }).collect::<geo::LineString>();
        let area = geo::Polygon::new(line.clone(), Vec::new()).signed_area();
        assert!(area != 0.0, "no ring without an area: {ring:?}");
        if area > 0.0 {
            all.push(geo::Polygon::new(line, Vec::new()))
        } else {
            all.last_mut().expect("a hole has a polygon before it").interiors_push(line)
        }
    }
    geo::MultiPolygon(all)
}

/// Positions of the map, on the edges of its tiles as well.
fn position() -> impl Strategy<Value = geo::Coord> {
    let lon = prop_oneof![-180.0..=180.0_f64, Just(180.0), Just(-180.0), (-8..=8_i32).prop_map(|part| f64::from(part) * 22.5)];
    let lat = prop_oneof![-85.0..=85.0_f64, Just(0.0)];
    (lon, lat).prop_map(|(x, y)| geo::coord! { x: x, y: y })
}

/// A star, a line or points somewhere, from a metre to a continent wide.
fn shape() -> impl Strategy<Value = geo::Geometry> {
    (0..3_u8, position(), prop::collection::vec(0.05..1.0_f64, 3..12), -5..2_i32).prop_map(|(kind, centre, radii, size)| {
        let size = 10_f64.powi(size);
        let corner = |(index, radius): (usize, &f64)| {
            let (sine, cosine) = (index as f64 / radii.len() as f64 * std::f64::consts::TAU).sin_cos();
            geo::coord! { x: (centre.x + radius * size * cosine).clamp(-180.0, 180.0), y: (centre.y + radius * size * sine).clamp(-84.9, 84.9) }
        };
        let corners = radii.iter().enumerate().map(corner).collect::<geo::LineString>();
        match kind {
            0 => geo::Polygon::new(corners, Vec::new()).into(),
            1 => corners.into(),
            _ => geo::MultiPoint::from_iter(corners.points()).into(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn points_are_on_one_tile_of_each_zoom(places in prop::collection::vec(position(), 1..60)) {
        let count = places.len() as u64;
        let layer = layer(GeometryKind::Point, places.into_iter().map(|place| geo::Point(place).into()).collect());
        for zoom in 0..5 {
            prop_assert_eq!(drawn(&layer, zoom).iter().map(|feature| feature.count()).sum::<u64>(), count, "zoom {}", zoom);
        }
    }

    #[test]
    fn shapes_are_valid_on_every_tile_and_none_is_lost(shapes in prop::collection::vec(shape(), 1..8)) {
        use geo::Validation;
        let count = shapes.len();
        let layer = layer(GeometryKind::Any, shapes);
        for zoom in 0..4 {
            let mut seen = std::collections::BTreeSet::new();
            for feature in drawn(&layer, zoom) {
                seen.insert(feature.name());
                let parts = feature.parts();
                let (low, high) = if feature.kind == 1 { (0, 4095) } else { (-64, 4160) };
                prop_assert!(parts.iter().flatten().all(|(x, y)| (low..=high).contains(x) && (low..=high).contains(y)), "{:?}", feature);
                match feature.kind {
                    1 => prop_assert!(parts.iter().all(|part| part.len() == 1)),
                    2 => prop_assert!(parts.iter().all(|part| part.len() > 1 && part.windows(2).all(|pair| pair[0] != pair[1]))),
                    _ => prop_assert!(polygons(&feature).is_valid(), "{:?}", feature),
                }
            }
            prop_assert_eq!(seen.len(), count, "zoom {}", zoom);
        }
    }
}

#[test]
fn a_tile_of_shapes_with_too_many_corners_counts_them() {
    let wave = |number: usize| {
        let corner = |step: usize| geo::coord! { x: step as f64 / 30.0 - 160.0, y: (step % 2) as f64 * 40.0 + number as f64 / 10.0 };
        (0..9000).map(corner).collect::<geo::LineString>().into()
    };
    let layer = layer(GeometryKind::Any, (0..60).map(wave).collect());
    let found = drawn(&layer, 0);
    assert_eq!(found.iter().map(|feature| feature.count()).sum::<u64>(), 60);
    assert!(found.iter().all(|feature| feature.kind == 1));
    let mut out = Vec::new();
    assert!(!mvt::draw(&mut out, &layer, 0, &Filter::default(), Tile::new(0, 0, 0).unwrap()), "it says that it counts");
}
