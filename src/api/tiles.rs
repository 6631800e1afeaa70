//! `/collections/{id}/tiles/{set}/{zoom}/{row}/{column}` and `/tiles/…`: vector tiles (OGC API – Tiles Part 1, clauses 7, 10 and 11).

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::Response,
};

use super::{App, answer::Answer, collections::layer, extract::Ask, negotiate::TILE, problem::Problem, tile_matrix_sets};
use crate::{
    formats::mvt,
    model::{GeometryKind, Tile},
    query::{Params, QueryError, TileQuery},
    store::Layer,
};

/// Where a tile is: set, zoom, row, column, as written.
type Address = (String, String, String, String);

/// The parameters of the data set's tiles.
pub(super) const PARAMETERS: [&str; 3] = ["collections", "datetime", "certainty"];

pub(super) async fn of_collection(
    State(app): State<Arc<App>>,
    Path((id, set, zoom, row, column)): Path<(String, String, String, String, String)>,
    ask: Ask,
) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(TILE, &TileQuery::parameters(&layer.collection))?;
    let tile = tile(&(set, zoom, row, column))?;
    let query = TileQuery::parse(&ask.params, &layer.collection)?;
    let answer = Answer::new(&app, &ask, &offer, query.canonical());
    Ok(send(answer, |out| mvt::draw(out, layer, query.view, &query.filter, tile)))
}

pub(super) async fn of_data_set(State(app): State<Arc<App>>, Path(address): Path<Address>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(TILE, &PARAMETERS)?;
    let tile = tile(&address)?;
    let layers = chosen(&app, &ask.params)?;
    let params = ask.params.without("collections");
    let queries = layers.iter().map(|layer| TileQuery::parse(&params, &layer.collection)).collect::<Result<Vec<_>, _>>()?;
    let key = queries.iter().map(TileQuery::canonical).collect::<Vec<_>>().join("\n");
    let answer = Answer::new(&app, &ask, &offer, &key);
    let draw = |out: &mut Vec<u8>| {
        layers.iter().zip(&queries).for_each(|(layer, query)| mvt::draw(out, layer, query.view, &query.filter, tile));
    };
    Ok(send(answer, draw))
}

/// The collections that `collections` names, in the order in which they are listed; without it all that have a geometry.
///
/// # Errors
/// When one is named that there is not.
pub(super) fn chosen<'a>(app: &'a App, params: &Params) -> Result<Vec<&'a Layer>, Problem> {
    let drawn = || app.store.layers().iter().filter(|layer| layer.collection.geometry != GeometryKind::None);
    let Some(names) = params.get("collections") else { return Ok(drawn().collect()) };
    let wanted = names.split(',').collect::<Vec<_>>();
    if let Some(unknown) = wanted.iter().find(|name| drawn().all(|layer| layer.collection.id != **name)) {
        let allowed = drawn().map(|layer| layer.collection.id.as_str()).collect::<Vec<_>>().join(", ");
        return Err(QueryError::Choice { parameter: "collections".into(), value: (*unknown).to_owned(), allowed }.into());
    }
    Ok(drawn().filter(|layer| wanted.contains(&layer.collection.id.as_str())).collect())
}

fn tile((set, zoom, row, column): &Address) -> Result<Tile, Problem> {
    tile_matrix_sets::known(set)?;
    let number = |text: &str| if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None };
    let tile = (|| Tile::new(number(zoom)?, number(row)?, number(column)?))();
    tile.ok_or_else(|| {
        let hint = format!("zoom is 0 to {}, row and column are 0 to 2^zoom - 1, the row comes first", Tile::MOST_ZOOM);
        Problem::no_such("tile", &format!("{zoom}/{row}/{column}"), hint)
    })
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
    if is_empty {
        *response.status_mut() = StatusCode::NO_CONTENT;
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    response
}
