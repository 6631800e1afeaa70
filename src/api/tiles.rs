//! `/collections/{id}/tiles/{set}/{zoom}/{row}/{column}` and `/tiles/…`: vector tiles (OGC API – Tiles Part 1, clauses 7, 10 and 11).

use std::{ops::RangeInclusive, sync::Arc};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::Response,
};

use super::{
    App,
    answer::Answer,
    collections::layer,
    extract::{Ask, Path},
    negotiate::TILE,
    problem::Problem,
    tile_matrix_sets,
};
use crate::{
    formats::{mvt, segment},
    model::{GeometryKind, Tile, TileRange},
    query::{Params, QueryError, TileQuery},
    store::Layer,
};

/// Where a tile is: set, zoom, row, column, as written.
type Address = (String, String, String, String);

/// The parameters of the data set's tiles that do not depend on what is drawn.
pub(super) fn parameters() -> Vec<&'static str> {
    ["collections"].into_iter().chain(TileQuery::COMMON).collect()
}

/// The parameters of tiles of some collections: also those that any of them has of its own.
pub(super) fn parameters_of<'a>(layers: &[&'a Layer]) -> Vec<&'a str> {
    let mut names = parameters();
    for name in layers.iter().flat_map(|layer| TileQuery::parameters(&layer.collection)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

pub(super) async fn of_collection(
    State(app): State<Arc<App>>,
    Path((id, set, zoom, row, column)): Path<(String, String, String, String, String)>,
    ask: Ask,
) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(TILE, &TileQuery::parameters(&layer.collection))?;
    let tile = tile(&(set, zoom, row, column), &[layer])?;
    let query = TileQuery::parse(&ask.params, &layer.collection)?;
    let answer = Answer::new(&app, &ask, &offer, query.canonical());
    let draw = |out: &mut Vec<u8>| {
        mvt::draw(out, layer, query.view, &query.filter, tile);
    };
    Ok(send(answer, draw))
}

pub(super) async fn of_data_set(State(app): State<Arc<App>>, Path(address): Path<Address>, ask: Ask) -> Result<Response, Problem> {
    let layers = chosen(&app, &ask)?;
    let offer = ask.form(TILE, &parameters_of(&layers))?;
    let tile = tile(&address, &layers)?;
    let queries = questions(&layers, &ask.params)?;
    let key = queries.iter().map(TileQuery::canonical).collect::<Vec<_>>().join("\n");
    let answer = Answer::new(&app, &ask, &offer, &key);
    let draw = |out: &mut Vec<u8>| {
        for (layer, query) in layers.iter().zip(&queries) {
            mvt::draw(out, layer, query.view, &query.filter, tile);
        }
    };
    Ok(send(answer, draw))
}

/// The collections that `collections` names, by id or by address, in this order, which is the order in which they are drawn; without
/// it all that have a geometry (`/req/collections-selection/collections-response`).
///
/// # Errors
/// When one is named that there is not.
pub(super) fn chosen<'a>(app: &'a App, ask: &Ask) -> Result<Vec<&'a Layer>, Problem> {
    let drawn = || app.store.layers().iter().filter(|layer| layer.collection.geometry != GeometryKind::None);
    let Some(names) = ask.params.get("collections") else { return Ok(drawn().collect()) };
    let mut chosen = Vec::<&Layer>::new();
    for name in names.split(',') {
        let is_it =
            |id: &str| id == name || name.strip_prefix(&ask.base).is_some_and(|path| path == format!("/collections/{}", segment(id)));
        let Some(layer) = drawn().find(|layer| is_it(&layer.collection.id)) else {
            let allowed = drawn().map(|layer| layer.collection.id.as_str()).collect::<Vec<_>>().join(", ");
            return Err(QueryError::Choice { parameter: "collections".into(), value: name.to_owned(), allowed }.into());
        };
        if chosen.iter().all(|known| known.collection.id != layer.collection.id) {
            chosen.push(layer);
        }
    }
    Ok(chosen)
}

/// What is asked of each of some collections.
///
/// # Errors
/// When a parameter breaks its rule, or asks for what one of them does not have.
pub(super) fn questions(layers: &[&Layer], params: &Params) -> Result<Vec<TileQuery>, Problem> {
    let params = params.without("collections");
    let of_any = parameters_of(layers);
    let question = |layer: &&Layer| {
        let own = TileQuery::parameters(&layer.collection);
        let foreign = params.iter().map(|(name, _)| name).find(|name| of_any.contains(name) && !own.contains(name));
        let question = match foreign {
            Some(name) => Err(QueryError::Unknown { parameter: name.to_owned(), known: own.join(", "), nearest: None }),
            None => TileQuery::parse(&params, &layer.collection),
        };
        question.map_err(|error| {
            let is_of_one = layers.len() > 1 && matches!(error, QueryError::Filter { .. } | QueryError::Unknown { .. });
            let problem = Problem::from(error);
            let hint = || format!("it is asked of {} as well; name those that can answer it with collections=", layer.collection.id);
            if is_of_one { problem.hint(hint()) } else { problem }
        })
    };
    layers.iter().map(question).collect()
}

/// The tiles of a zoom on which something of some collections can lie; `None` where nothing of theirs has a place.
pub(super) fn limits(layers: &[&Layer], zoom: u32) -> Option<TileRange> {
    let extents = layers.iter().filter_map(|layer| {
        let margin = if layer.collection.geometry == GeometryKind::Point { 0.0 } else { mvt::MARGIN };
        let rect = layer.tables.iter().filter_map(|table| table.extent()).reduce(|a, b| a.union(&b))?;
        Some(Tile::meeting(&rect, zoom, margin))
    });
    extents.reduce(|a, b| {
        let hull = |a: RangeInclusive<u32>, b: RangeInclusive<u32>| *a.start().min(b.start())..=*a.end().max(b.end());
        TileRange { rows: hull(a.rows, b.rows), columns: hull(a.columns, b.columns) }
    })
}

/// The tile at an address.
///
/// # Errors
/// 404 where the tile matrix set has none there, or it lies outside of what the collections cover (`/req/core/tc-error`).
fn tile((set, zoom, row, column): &Address, layers: &[&Layer]) -> Result<Tile, Problem> {
    tile_matrix_sets::known(set)?;
    let number = |text: &str| if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None };
    let missing = |hint: String| Problem::no_such("tile", &format!("{zoom}/{row}/{column}"), hint);
    let tile = (|| Tile::new(number(zoom)?, number(row)?, number(column)?))();
    let rule = || format!("zoom is 0 to {}, row and column are 0 to 2^zoom - 1, the row comes first", Tile::MOST_ZOOM);
    let tile = tile.ok_or_else(|| missing(rule()))?;
    match limits(layers, tile.zoom()) {
        Some(range) if !tile.is_in(&range) => {
            let ends = |range: &RangeInclusive<u32>| format!("{} to {}", range.start(), range.end());
            Err(missing(format!("at zoom {zoom} there is something in rows {} and columns {}", ends(&range.rows), ends(&range.columns))))
        }
        _ => Ok(tile),
    }
}

/// The tile; 204 where nothing is on it.
fn send(answer: Answer<'_>, draw: impl FnOnce(&mut Vec<u8>)) -> Response {
    let mut is_empty = false;
    let mut response = answer.send(|| {
        let mut tile = Vec::new();
        draw(&mut tile);
        is_empty = tile.is_empty();
        tile
    });
    // A tile that could not be drawn in time is an error, not an empty one.
    if is_empty && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NO_CONTENT;
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    response
}
