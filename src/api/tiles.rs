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
    query::{Filter, Params, QueryError, TileQuery},
    store::{Cells, Fetched, Layer, PostgisError, Source},
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
    let (parts, sum) = fetched(&[layer], std::slice::from_ref(&query), tile).await?;
    let answer = Answer::new(&app, &ask, &offer, &(query.canonical().to_owned() + &sum));
    Ok(send(answer, |out| parts[0].draw(out, layer, &query, tile)))
}

pub(super) async fn of_data_set(State(app): State<Arc<App>>, Path(address): Path<Address>, ask: Ask) -> Result<Response, Problem> {
    let layers = chosen(&app, &ask)?;
    let offer = ask.form(TILE, &parameters_of(&layers))?;
    let tile = tile(&address, &layers)?;
    let queries = questions(&layers, &ask.params)?;
    let (parts, sum) = fetched(&layers, &queries, tile).await?;
    let key = queries.iter().map(TileQuery::canonical).collect::<Vec<_>>().join("\n") + &sum;
    let answer = Answer::new(&app, &ask, &offer, &key);
    let draw = |out: &mut Vec<u8>| {
        for (part, (layer, query)) in parts.iter().zip(layers.iter().zip(&queries)) {
            part.draw(out, layer, query, tile);
        }
    };
    Ok(send(answer, draw))
}

/// What a layer of a tile is drawn from.
enum Part {
    /// The layer itself.
    Own,
    /// Its features on the tile, from a database.
    Gathered(Box<Layer>),
    /// Their counts, where they are too many.
    Counted(Cells),
}

impl Part {
    fn draw(&self, out: &mut Vec<u8>, layer: &Layer, query: &TileQuery, tile: Tile) {
        match self {
            Self::Own => drop(mvt::draw(out, layer, query.view, &query.filter, tile)),
            Self::Gathered(layer) => drop(mvt::draw(out, layer, query.view, &query.filter, tile)),
            Self::Counted(cells) => mvt::draw_counted(out, &layer.collection, cells.table(), &cells.clusters().cells, tile),
        }
    }
}

/// What some layers are drawn from on a tile, and the sum of what came from a database for it.
///
/// # Errors
/// What the database says.
async fn fetched(layers: &[&Layer], queries: &[TileQuery], tile: Tile) -> Result<(Vec<Part>, String), Problem> {
    let (mut parts, mut sums) = (Vec::with_capacity(layers.len()), String::new());
    for (layer, query) in layers.iter().zip(queries) {
        let Some(source) = layer.source() else {
            parts.push(Part::Own);
            continue;
        };
        let (part, sum) = Box::pin(from_database(layer, source, query, tile)).await?;
        parts.push(part);
        sums += &sum;
    }
    Ok((parts, sums))
}

async fn from_database(layer: &Layer, source: &Source, query: &TileQuery, tile: Tile) -> Result<(Part, String), PostgisError> {
    let within = |bbox| Filter { bbox: Some(bbox), ..query.filter.clone() };
    let (around, most) = (within(mvt::around(layer, tile)), mvt::most(layer.collection.schema.properties.len()));
    if source.is_exact(&around) && source.has_more(&around, most).await? {
        let Fetched { answer, sum } = source.cells(&within(tile.bbox()), tile.zoom() + mvt::FINER, mvt::CLUSTERS).await?;
        return Ok((Part::Counted(answer), sum));
    }
    let Fetched { answer, sum } = source.gather(&around, true, Source::MOST_HELD).await?;
    Ok((Part::Gathered(Box::new(answer)), sum))
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
        let rect = layer.whole_extent()?;
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
    // What lies in a database may lie elsewhere since it was looked at.
    if layers.iter().any(|layer| layer.source().is_some()) {
        return Ok(tile);
    }
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
