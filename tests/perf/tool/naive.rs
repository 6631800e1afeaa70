//! The server to compare with: one process, `rstar` for the box, features as values of the geojson crate, serialized for each answer.
//! It does only that: no links, no checks, no tags.

use std::{
    collections::HashMap,
    error::Error,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    sync::Arc,
};

use axum::{
    Router,
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use geojson::{Feature, FeatureCollection, GeometryValue};
use rstar::{AABB, RTree, primitives::GeomWithData};

struct Features {
    features: Vec<Feature>,
    index: RTree<GeomWithData<[f64; 2], u32>>,
}

/// Serves a file of points, one feature a line, on a free port, which it prints.
pub(crate) fn serve(file: &Path) -> Result<(), Box<dyn Error>> {
    let lines = BufReader::new(File::open(file)?).lines();
    let features = lines.map(|line| Ok(line?.parse::<Feature>()?)).collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let entry = |(number, feature): (u32, &Feature)| match &feature.geometry.as_ref()?.value {
        GeometryValue::Point { coordinates } => Some(GeomWithData::new([coordinates[0], coordinates[1]], number)),
        _ => None,
    };
    let index = RTree::bulk_load((0..).zip(&features).filter_map(entry).collect());
    let routes = Router::new().route("/collections/points/items", get(items)).with_state(Arc::new(Features { features, index }));
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on http://{}", listener.local_addr()?);
        Ok(axum::serve(listener, routes).await?)
    })
}

async fn items(State(held): State<Arc<Features>>, RawQuery(query): RawQuery) -> impl IntoResponse {
    let query = query.unwrap_or_default();
    let parameters = form_urlencoded::parse(query.as_bytes()).collect::<HashMap<_, _>>();
    let numbers = parameters.get("bbox").map(|bbox| bbox.split(',').filter_map(|edge| edge.parse().ok()).collect::<Vec<f64>>());
    let Some([west, south, east, north]) = numbers.as_deref() else { return Err(StatusCode::BAD_REQUEST) };
    let limit = parameters.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(1000);
    let hits = held.index.locate_in_envelope(AABB::from_corners([*west, *south], [*east, *north])).collect::<Vec<_>>();
    let features = hits.iter().take(limit).map(|hit| held.features[hit.data as usize].clone()).collect();
    let members = serde_json::Map::from_iter([("numberMatched".to_owned(), hits.len().into())]);
    let page = FeatureCollection { bbox: None, features, foreign_members: Some(members) };
    Ok(([(header::CONTENT_TYPE, "application/geo+json")], page.to_string()))
}
