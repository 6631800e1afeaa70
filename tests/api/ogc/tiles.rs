//! OGC API – Tiles Part 1 (OGC 20-057, annex A).

use axum::http::StatusCode;
use serde_json::Value;

use super::{
    site::{Site, links, parameters},
    table::suite,
    tms::{check_tile_matrix_set, check_tile_set},
};
use crate::{
    mvt::{decode, names},
    support::{BASE, link},
};

suite! { mod core, "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core", {
    "/conf/core/conformance-success" covers "/req/core/conformance-success" => conformance_success;
    "/conf/core/tc-op" covers "/req/core/tc-op" => tc_op;
    "/conf/core/tc-tilematrix-definition" covers "/req/core/tc-tilematrix-definition" => tc_tilematrix_definition;
    "/conf/core/tc-tilerow-definition" covers "/req/core/tc-tilerow-definition" => tc_tilerow_definition;
    "/conf/core/tc-tilecol-definition" covers "/req/core/tc-tilecol-definition" => tc_tilecol_definition;
    "/conf/core/tc-success" covers "/req/core/tc-success" => tc_success;
    "/conf/core/tc-error" covers "/req/core/tc-error" => tc_error;
} }

suite! { mod tileset, "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset", {
    "/conf/tileset/description" covers "/req/tileset/description" => description;
} }

suite! { mod tilesets_list, "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list", {
    "/conf/tilesets-list/tileset-links" covers "/req/tilesets-list/tileset-links" => tileset_links;
} }

suite! { mod dataset_tilesets, "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets", {
    "/conf/dataset-tilesets/landingpage" covers "/req/dataset-tilesets/landingpage" => landingpage;
    "/conf/dataset-tilesets/operation" covers "/req/dataset-tilesets/operation" => dataset_operation;
} }

suite! { mod geodata_tilesets, "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets", {
    "/conf/geodata-tilesets/desc-links" covers "/req/geodata-tilesets/desc-links" => desc_links;
    "/conf/geodata-tilesets/operation" covers "/req/geodata-tilesets/operation" => geodata_operation;
} }

suite! { mod collections_selection, "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/collections-selection", {
    "/conf/collections-selection/query-collections" covers "/req/collections-selection/query-collections" => query_collections;
    "/conf/collections-selection/collections-response" covers "/req/collections-selection/collections-response" => collections_response;
} }

suite! { mod datetime, "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/datetime", {
    "/conf/collections/rc-op-datetime" covers "/req/collections/rc-datetime-definition, /req/collections/rc-datetime-response" => op_datetime;
    "/conf/collections/rc-datetime-definition" covers "/req/collections/rc-datetime-definition" => datetime_definition;
    "/conf/collections/rc-datetime-response" covers "/req/collections/rc-datetime-response" => datetime_response;
    "/conf/collections/rc-op-subset" covers "/req/collections/rc-subset-definition, /req/collections/rc-subset-response" => op_subset;
    "/conf/collections/rc-subset-definition" covers "/req/collections/rc-subset-definition" => subset_definition;
    "/conf/collections/rc-subset-response" covers "/req/collections/rc-subset-response" => subset_response;
    "/conf/datetime/axis" covers "/req/datetime/axis" => axis;
} }

suite! { mod oas30, "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30", {
    "/conf/oas30/completeness" covers "/req/oas30/completeness" => completeness;
    "/conf/oas30/operation-id" covers "/req/oas30/operation-id" => operation_id;
} }

suite! { mod mvt, "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt", {
    "/conf/mvt/content" covers "/req/mvt/content" => content;
} }

const VECTOR: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
const SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
const MVT: &str = "application/vnd.mapbox-vector-tile";
/// The path of a tile in the interface's description, below that of its tile sets.
const TILE: &str = "/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}";

/// The paths of every tile set list that is linked to: the data set's and those of the collections with geometries.
async fn lists(site: &Site) -> Vec<String> {
    let mut found = Vec::new();
    for path in ["/"].into_iter().chain(site.collections.iter().map(String::as_str)) {
        let document = site.json(&format!("{path}?f=json")).await;
        found.extend(link(&document, VECTOR).map(|href| href.strip_prefix(BASE).unwrap().to_owned()));
    }
    found
}

/// The metadata of every tile set.
pub(super) async fn tile_sets(site: &Site) -> Vec<Value> {
    let mut found = Vec::new();
    for list in lists(site).await {
        for set in site.json(&list).await["tilesets"].as_array().unwrap() {
            found.push(site.follow(link(set, "self").unwrap()).await.json());
        }
    }
    assert!(found.len() > 3);
    found
}

/// The address of a tile by a template.
fn fill(set: &Value, zoom: u32, row: &str, column: &str) -> String {
    let template = link(set, "item").unwrap();
    template.replace("{tileMatrix}", &zoom.to_string()).replace("{tileRow}", row).replace("{tileCol}", column)
}

async fn conformance_success(site: &'static Site) {
    let declared = site.json("/conformance").await["conformsTo"].clone();
    let declared = declared.as_array().unwrap();
    assert!(declared.iter().all(Value::is_string));
    for class in ["core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "collections-selection", "datetime", "mvt"] {
        let uri = format!("http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{class}");
        assert!(declared.contains(&uri.as_str().into()), "{uri}");
    }
}

/// The template leads to tiles; its variables are those of the tile matrix set.
async fn tc_op(site: &'static Site) {
    for set in tile_sets(site).await {
        let matrices = site.follow(link(&set, SCHEME).unwrap()).await.json()["tileMatrices"].clone();
        for matrix in matrices.as_array().unwrap().iter().take(3) {
            let (zoom, width) = (matrix["id"].as_str().unwrap().parse().unwrap(), matrix["matrixWidth"].as_u64().unwrap());
            let (mut found, mut beyond) = (0, 0);
            for (row, column) in (0..width).flat_map(|row| (0..width).map(move |column| (row, column))) {
                match site.follow(&fill(&set, zoom, &row.to_string(), &column.to_string())).await.status {
                    StatusCode::OK => found += 1,
                    StatusCode::NO_CONTENT => {}
                    StatusCode::NOT_FOUND => beyond += 1,
                    other => panic!("{other}"),
                }
            }
            assert!(found > 0 || set["boundingBox"].is_null(), "{set}");
            assert!(beyond < width * width);
        }
    }
}

async fn is_defined(site: &'static Site, name: &str, kind: &str) {
    let api = site.json("/api").await;
    for path in [format!("/tiles{TILE}"), format!("/collections/{{collectionId}}/tiles{TILE}")] {
        let found = parameters(&api, &path);
        let parameter = found.iter().find(|parameter| parameter["name"] == name).unwrap_or_else(|| panic!("{path}: {name}"));
        assert_eq!((&parameter["in"], &parameter["required"], &parameter["schema"]["type"]), (&"path".into(), &true.into(), &kind.into()));
    }
}

async fn tc_tilematrix_definition(site: &'static Site) {
    is_defined(site, "tileMatrix", "string").await;
}

async fn tc_tilerow_definition(site: &'static Site) {
    is_defined(site, "tileRow", "integer").await;
}

async fn tc_tilecol_definition(site: &'static Site) {
    is_defined(site, "tileCol", "integer").await;
}

/// In the form asked for, with what lies on the tile.
async fn tc_success(site: &'static Site) {
    for set in tile_sets(site).await {
        let layers = set["layers"].as_array().unwrap().iter().map(|layer| layer["id"].as_str().unwrap()).collect::<Vec<_>>();
        let address = fill(&set, 0, "0", "0");
        let path = address.strip_prefix(BASE).unwrap().replace("?f=mvt", "");
        for (headers, query) in [(&[("accept", MVT)][..], ""), (&[("accept", "*/*")], ""), (&[("accept", "text/html")], "?f=mvt")] {
            let answer = site.ask(&format!("{path}{query}"), headers).await;
            if set["boundingBox"].is_null() {
                assert_eq!(answer.status, StatusCode::NO_CONTENT);
                continue;
            }
            assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, MVT), "{path}");
            let decoded = decode(&answer.body);
            assert!(decoded.keys().all(|name| layers.contains(&name.as_str())));
            for feature in decoded.values().flatten() {
                for (x, y) in feature.parts().into_iter().flatten() {
                    assert!((-64..=4160).contains(&x) && (-64..=4160).contains(&y), "{feature:?}");
                }
            }
        }
        assert_eq!(site.ask(&path, &[("accept", "image/png")]).await.status, StatusCode::NOT_ACCEPTABLE);
    }
}

/// 404 outside of the tile matrix set and of the limits; 204 where nothing is.
async fn tc_error(site: &'static Site) {
    for set in tile_sets(site).await {
        for (zoom, row, column) in
            [(0, "1", "0"), (0, "0", "1"), (3, "8", "0"), (3, "0", "8"), (25, "0", "0"), (1, "-1", "0"), (1, "a", "0"), (1, "0.5", "0")]
        {
            let answer = site.follow(&fill(&set, zoom, row, column)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{zoom}/{row}/{column}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
        for limits in set["tileMatrixSetLimits"].as_array().into_iter().flatten() {
            let zoom = limits["tileMatrix"].as_str().unwrap().parse::<u32>().unwrap();
            let end = |name: &str| limits[name].as_u64().unwrap();
            let inside = site.follow(&fill(&set, zoom, &end("minTileRow").to_string(), &end("maxTileCol").to_string())).await;
            assert!([StatusCode::OK, StatusCode::NO_CONTENT].contains(&inside.status));
            for (row, column) in [(end("maxTileRow") + 1, end("minTileCol")), (end("minTileRow"), end("maxTileCol") + 1)] {
                let outside = site.follow(&fill(&set, zoom, &row.to_string(), &column.to_string())).await;
                assert_eq!(outside.status, StatusCode::NOT_FOUND, "{zoom}/{row}/{column}");
            }
        }
        let empty = site.follow(&format!("{}&filter=false", fill(&set, 0, "0", "0"))).await;
        assert_eq!((empty.status, empty.body.len(), empty.headers.get("content-type")), (StatusCode::NO_CONTENT, 0, None));
    }
}

async fn description(site: &'static Site) {
    for list in lists(site).await {
        let answer = site.ask(&format!("{list}/WebMercatorQuad"), &[("accept", "application/json")]).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
        let set = answer.json();
        check_tile_set(&set);
        assert_eq!(set["tileMatrixSetURI"], "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad");
        check_tile_matrix_set(&site.follow(link(&set, SCHEME).unwrap()).await.json());
        let items = links(&set, "item");
        assert!(!items.is_empty());
        for item in items {
            assert_eq!((&item["templated"], &item["type"]), (&true.into(), &MVT.into()));
            for variable in ["{tileMatrix}", "{tileRow}", "{tileCol}"] {
                assert!(item["href"].as_str().unwrap().contains(variable), "{item}");
            }
        }
    }
}

async fn tileset_links(site: &'static Site) {
    for path in lists(site).await {
        assert!(path.ends_with("/tiles"));
        let answer = site.ask(&path, &[("accept", "application/json")]).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
        let list = answer.json();
        let sets = list["tilesets"].as_array().unwrap();
        assert!(!sets.is_empty());
        for set in sets {
            for member in ["dataType", "crs", "tileMatrixSetURI"] {
                assert!(set[member].is_string(), "{member}");
            }
            let id = set["tileMatrixSetId"].as_str().unwrap();
            assert_eq!(link(set, "self").unwrap(), format!("{BASE}{path}/{id}"));
            let whole = site.follow(link(set, "self").unwrap()).await.json();
            for member in ["dataType", "crs", "tileMatrixSetURI", "title"] {
                assert_eq!(whole[member], set[member], "{member}");
            }
            check_tile_matrix_set(&site.follow(link(set, SCHEME).unwrap()).await.json());
        }
    }
}

async fn landingpage(site: &'static Site) {
    assert_eq!(link(&site.json("/").await, VECTOR).unwrap(), format!("{BASE}/tiles"));
}

async fn dataset_operation(site: &'static Site) {
    assert!(!site.json("/tiles").await["tilesets"].as_array().unwrap().is_empty());
}

/// Every collection that has geometries has tiles; one that has none has no link to any.
async fn desc_links(site: &'static Site) {
    let mut linked = 0;
    for path in &site.collections {
        let collection = site.json(path).await;
        match link(&collection, VECTOR) {
            Some(href) => {
                assert_eq!(href, format!("{BASE}{path}/tiles"));
                linked += 1;
            }
            None => assert!(collection["extent"].get("spatial").is_none(), "{path}"),
        }
    }
    assert!(linked > 2);
}

async fn geodata_operation(site: &'static Site) {
    for path in &site.collections {
        assert!(!site.json(&format!("{path}/tiles")).await["tilesets"].as_array().unwrap().is_empty());
    }
}

/// The ids of the collections that are drawn.
async fn drawn(site: &Site) -> Vec<String> {
    let set = site.json("/tiles/WebMercatorQuad").await;
    set["layers"].as_array().unwrap().iter().map(|layer| layer["id"].as_str().unwrap().to_owned()).collect()
}

/// By ids and by addresses, for tile sets and for tiles.
async fn query_collections(site: &'static Site) {
    let api = site.json("/api").await;
    for path in ["/tiles/{tileMatrixSetId}".to_owned(), format!("/tiles{TILE}")] {
        let parameters = parameters(&api, &path);
        let parameter = parameters.iter().find(|parameter| parameter["name"] == "collections").expect("it is described");
        assert_eq!((&parameter["in"], &parameter["required"]), (&"query".into(), &false.into()));
        assert_eq!((&parameter["style"], &parameter["explode"]), (&"form".into(), &false.into()));
        assert_eq!((&parameter["schema"]["type"], &parameter["schema"]["items"]["type"]), (&"array".into(), &"string".into()));
    }
    let ids = drawn(site).await;
    let escaped = |id: &String| harmattan::formats::segment(id).to_string();
    let address = |id: &String| format!("{BASE}/collections/{}", escaped(id)).replace('%', "%25");
    for list in [
        escaped(&ids[0]),
        format!("{},{}", escaped(&ids[1]), escaped(&ids[0])),
        address(&ids[1]),
        format!("{},{}", address(&ids[0]), escaped(&ids[1])),
    ] {
        for path in ["/tiles/WebMercatorQuad", "/tiles/WebMercatorQuad/0/0/0"] {
            let answer = site.ask(&format!("{path}?collections={list}"), &[]).await;
            assert_eq!(answer.status, StatusCode::OK, "{list}: {}", answer.text());
        }
    }
    site.refused("/tiles/WebMercatorQuad/0/0/0?collections=", "collections").await;
    site.refused(&format!("/tiles/WebMercatorQuad?collections={},none", escaped(&ids[0])), "collections").await;
}

/// Those and no others, in the order asked for.
async fn collections_response(site: &'static Site) {
    let ids = drawn(site).await;
    let escaped = |id: &String| harmattan::formats::segment(id).to_string();
    for wanted in [vec![&ids[0]], vec![&ids[0], &ids[1]], vec![&ids[1], &ids[0]]] {
        let list = wanted.iter().map(|id| escaped(id)).collect::<Vec<_>>().join(",");
        let set = site.json(&format!("/tiles/WebMercatorQuad?collections={list}")).await;
        let layers = set["layers"].as_array().unwrap().iter().map(|layer| layer["id"].as_str().unwrap()).collect::<Vec<_>>();
        assert_eq!(layers, wanted, "{list}");
        let tile = site.follow(&fill(&set, 0, "0", "0")).await;
        assert_eq!(names(&tile.body).iter().collect::<Vec<_>>(), wanted, "the set's own template asks the same: {list}");
    }
}

async fn is_a_parameter_of_tiles(site: &'static Site, name: &str) {
    let api = site.json("/api").await;
    let below = ["/{tileMatrixSetId}".to_owned(), TILE.to_owned()];
    for path in below.iter().flat_map(|path| [format!("/tiles{path}"), format!("/collections/{{collectionId}}/tiles{path}")]) {
        let parameters = parameters(&api, &path);
        let parameter = parameters.iter().find(|parameter| parameter["name"] == name).unwrap_or_else(|| panic!("{path}: {name}"));
        assert_eq!((&parameter["in"], &parameter["required"]), (&"query".into(), &false.into()));
        assert_eq!(parameter["schema"]["type"], "string");
    }
}

/// How many features of a collection a tile of all the world stands for.
async fn counted(site: &Site, path: &str, query: &str) -> u64 {
    let answer = site.ask(&format!("{path}/tiles/WebMercatorQuad/0/0/0?{query}"), &[]).await;
    match answer.status {
        StatusCode::NO_CONTENT => 0,
        StatusCode::OK => {
            let decoded = decode(&answer.body);
            let mut seen = std::collections::BTreeSet::new();
            // One feature can have points, lines and polygons, one entry for each.
            let entries = decoded
                .values()
                .flatten()
                .filter(|feature| feature.count() > 1 || seen.insert(format!("{:?} {:?}", feature.id, feature.properties)));
            entries.map(|feature| feature.count()).sum()
        }
        other => panic!("{other}: {}", answer.text()),
    }
}

const TIMES: [&str; 4] = ["2023-08-03", "2023-08-25/2023-09-01", "2023-12-11/..", "../2023-10-01"];

async fn op_datetime(site: &'static Site) {
    datetime_definition(site).await;
    datetime_response(site).await;
}

async fn datetime_definition(site: &'static Site) {
    is_a_parameter_of_tiles(site, "datetime").await;
    for bad in ["2023-08", "soon", "2023-09-01/2023-08-01", "/"] {
        site.refused(&format!("/tiles/WebMercatorQuad/0/0/0?datetime={bad}"), "datetime").await;
        site.refused(&format!("{}/tiles/WebMercatorQuad/0/0/0?datetime={bad}", site.collections[0]), "datetime").await;
    }
}

/// What is drawn is what the items of the same time are: points, so that nothing but time decides.
async fn datetime_response(site: &'static Site) {
    let path = if site.is_awkward { "/collections/many" } else { "/collections/closures" };
    for time in TIMES {
        let items = site.walk(&format!("{path}/items?limit=10000&datetime={time}")).await;
        let located = items.iter().filter(|item| !item["geometry"].is_null()).count() as u64;
        assert_eq!(counted(site, path, &format!("datetime={time}")).await, located, "{time}");
    }
}

async fn op_subset(site: &'static Site) {
    subset_definition(site).await;
    subset_response(site).await;
}

async fn subset_definition(site: &'static Site) {
    is_a_parameter_of_tiles(site, "subset").await;
    for bad in ["datetime", "datetime(2023)", "Lat(1:2)", "datetime(%222023-08%22)"] {
        let answer = site.ask(&format!("/tiles/WebMercatorQuad/0/0/0?subset={bad}"), &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

/// The same as `datetime` says in its own words; an asterisk is an open end.
async fn subset_response(site: &'static Site) {
    for path in ["/tiles".to_owned(), format!("{}/tiles", site.collections[0])] {
        for (subset, time) in [
            ("datetime(%222023-08-03%22)", TIMES[0]),
            ("datetime(%222023-08-25%22:%222023-09-01%22)", TIMES[1]),
            ("datetime(%222023-12-11%22:*)", TIMES[2]),
            ("datetime(*%3A%222023-10-01%22)", TIMES[3]),
        ] {
            let tile = async |query: String| site.ask(&format!("{path}/WebMercatorQuad/0/0/0?{query}"), &[]).await;
            let (one, other) = (tile(format!("subset={subset}")).await, tile(format!("datetime={time}")).await);
            assert_eq!((one.status, one.body), (other.status, other.body), "{subset}");
        }
    }
}

async fn axis(site: &'static Site) {
    subset_response(site).await;
}

/// Every resource of tiles is described, and what is described is there.
async fn completeness(site: &'static Site) {
    let api = site.json("/api").await;
    let described = api["paths"].as_object().unwrap();
    for root in ["/tiles", "/collections/{collectionId}/tiles"] {
        for path in [root.to_owned(), format!("{root}/{{tileMatrixSetId}}"), format!("{root}{TILE}")] {
            assert!(described.contains_key(&path), "{path}");
        }
    }
    for path in ["/tileMatrixSets", "/tileMatrixSets/{tileMatrixSetId}"] {
        assert!(described.contains_key(path), "{path}");
    }
    let tile = &described[&format!("/tiles{TILE}")]["get"]["responses"];
    assert!(tile["200"]["content"].get(MVT).is_some() && tile.get("204").is_some() && tile.get("404").is_some());
}

async fn operation_id(site: &'static Site) {
    let api = site.json("/api").await;
    let of = |path: &str| api["paths"][path]["get"]["operationId"].as_str().unwrap().to_owned();
    for (root, scope) in [("/tiles", "dataset"), ("/collections/{collectionId}/tiles", "collection")] {
        assert_eq!(of(root), format!("{scope}.vector.getTileSetsList"));
        assert_eq!(of(&format!("{root}/{{tileMatrixSetId}}")), format!("{scope}.vector.getTileSet"));
        assert_eq!(of(&format!("{root}{TILE}")), format!("{scope}.vector.getTile"));
    }
    assert_eq!(
        (of("/tileMatrixSets"), of("/tileMatrixSets/{tileMatrixSetId}")),
        ("getTileMatrixSetsList".into(), "getTileMatrixSet".into())
    );
}

/// One tile an answer, each feature with its type and its geometry, units linear in the projection: the same place on two zooms.
async fn content(site: &'static Site) {
    let path = if site.is_awkward { "/collections/many" } else { "/collections/bases" };
    let items = site.json(&format!("{path}/items?limit=1")).await;
    let place = &items["features"][0];
    let [lon, lat] = [0, 1].map(|axis| place["geometry"]["coordinates"][axis].as_f64().unwrap());
    let (x, y) = ((lon + 180.0) / 360.0, (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0);
    let mut seen = 0;
    for zoom in [0, 1, 5, 9, 14] {
        let size = f64::from(1_u32 << zoom);
        let (column, row) = ((x * size).floor(), (y * size).floor());
        let answer = site.ask(&format!("{path}/tiles/WebMercatorQuad/{zoom}/{row}/{column}"), &[]).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, MVT));
        let decoded = decode(&answer.body);
        for feature in decoded.values().flatten() {
            assert!((1..=3).contains(&feature.kind) && !feature.geometry.is_empty());
        }
        let own = decoded.values().flatten().find(|feature| feature.name() == place["id"].as_str().unwrap());
        let Some(own) = own else { continue };
        let unit = |share: f64, cell: f64| ((share * size - cell) * 4096.0) as i64;
        let (dx, dy) = (own.parts()[0][0].0 - unit(x, column), own.parts()[0][0].1 - unit(y, row));
        assert!(dx.abs() <= 1 && dy.abs() <= 1, "{zoom}: {dx} {dy}");
        seen += 1;
    }
    assert!(seen > 1);
}
