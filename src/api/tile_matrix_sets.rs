//! `/tileMatrixSets` and `/tileMatrixSets/{id}`: how the world is divided into tiles (OGC 17-083r4, OGC API – Tiles Part 1, clause 8).

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::{Value, json};

use super::{
    App,
    answer::Answer,
    extract::{Ask, Path},
    links::self_and_alternates,
    negotiate::{DOCUMENT, Form},
    problem::Problem,
};
use crate::{
    formats::{Link, html},
    model::Tile,
};

/// The one set served: that of the web's maps.
pub(super) const ID: &str = "WebMercatorQuad";
/// Its identifier.
pub(super) const URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
/// Its reference system.
pub(super) const CRS: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
/// Its title.
const TITLE: &str = "Google Maps Compatible for the World";

/// Half of the equator in Mercator's projection, in metres.
const HALF: f64 = 20_037_508.342_789_244;
/// Scale denominator of zoom 0 where a pixel is 0.28 mm wide.
const SCALE: f64 = 559_082_264.028_717_9;

pub(super) async fn list(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(DOCUMENT, &[])?;
    let links = self_and_alternates(&ask, &offer, DOCUMENT);
    let own = Link::new("self", ask.url(&format!("/tileMatrixSets/{ID}"))).media("application/json").title(TITLE);
    let set = json!({ "id": ID, "title": TITLE, "uri": URI, "crs": CRS, "links": [own] });
    let document = json!({ "links": links, "tileMatrixSets": [set] });
    let answer = Answer::new(&app, &ask, &offer, "").links(&links);
    Ok(match offer.form {
        Form::Html => answer.send(|| html::tile_matrix_sets(&ask.page(&app, links.clone()), &document)),
        _ => answer.send(|| document.to_string()),
    })
}

pub(super) async fn one(State(app): State<Arc<App>>, Path(set): Path<String>, ask: Ask) -> Result<Response, Problem> {
    known(&set)?;
    let offer = ask.form(DOCUMENT, &[])?;
    let links = self_and_alternates(&ask, &offer, DOCUMENT);
    let answer = Answer::new(&app, &ask, &offer, "").links(&links);
    Ok(match offer.form {
        Form::Html => answer.send(|| html::tile_matrix_set(&ask.page(&app, links.clone()), &definition())),
        _ => answer.send(|| definition().to_string()),
    })
}

/// Checks the name of a set.
///
/// # Errors
/// 404 where there is none of this name.
pub(super) fn known(set: &str) -> Result<(), Problem> {
    if set == ID { Ok(()) } else { Err(Problem::no_such("tile matrix set", set, format!("the tile matrix set is {ID}"))) }
}

/// The definition as annex D.1 of the standard has it.
fn definition() -> Value {
    let matrix = |zoom: u32| {
        let tiles = f64::from(1_u32 << zoom);
        json!({
            "id": zoom.to_string(),
            "scaleDenominator": SCALE / tiles,
            "cellSize": 2.0 * HALF / 256.0 / tiles,
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": [-HALF, HALF],
            "tileWidth": 256,
            "tileHeight": 256,
            "matrixWidth": 1_u32 << zoom,
            "matrixHeight": 1_u32 << zoom,
        })
    };
    json!({
        "id": ID,
        "title": TITLE,
        "uri": URI,
        "crs": CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": (0..=Tile::MOST_ZOOM).map(matrix).collect::<Vec<_>>(),
    })
}
