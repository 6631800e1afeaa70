//! `/collections/{id}/layer.qlr`: the collection as a layer of QGIS, opened by a double click.

use std::sync::Arc;

use axum::{extract::State, http::header, response::Response};

use super::{
    App,
    answer::Answer,
    collections::layer,
    download::disposition,
    extract::{Ask, Path},
    negotiate::LAYER_DEFINITION,
    problem::Problem,
};
use crate::{
    formats::qlr,
    model::{GeometryKind, Lang},
    store::Types,
};

pub(super) async fn definition(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let of_id = layer(&app, &id)?;
    let collection = &of_id.collection;
    let offer = ask.form(LAYER_DEFINITION, &[])?;
    // By the parameter alone: a file that is kept varies with nothing else.
    let lang = ask.params.get("lang").and_then(Lang::from_tag).unwrap_or(Lang::En);
    let answer = Answer::new(&app, &ask, &offer, lang.tag()).header(header::CONTENT_DISPOSITION, disposition(&id, "qlr"));
    let shown = app.map.layers.iter().find(|layer| layer.collection == id);
    answer.try_send(|| {
        // What is said to be points is asked no more of.
        let types = match of_id.source() {
            _ if collection.geometry != GeometryKind::Any => Types::default(),
            Some(source) => source.types(),
            None => of_id.table().types(),
        };
        let mut text = Vec::new();
        qlr::write(collection, shown, types, &ask.base, lang, &mut text)?;
        Ok(text)
    })
}
