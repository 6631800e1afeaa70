//! `/`: the landing page (OGC API – Features Part 1, clause 7.2); for people it is the map.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::json;

use super::{
    App,
    answer::Answer,
    extract::Ask,
    links::self_and_alternates,
    negotiate::{DOCUMENT, Form, OPENAPI},
    problem::Problem,
};
use crate::{
    formats::{Link, html},
    model::Lang,
};

pub(super) async fn landing(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(DOCUMENT, &[])?;
    let mut links = self_and_alternates(&ask, &offer, DOCUMENT);
    let own = links.len();
    links.extend([
        Link::new("service-desc", ask.url("/api?f=json")).media(OPENAPI[0].media).title("The interface, as OpenAPI 3.0"),
        Link::new("service-doc", ask.url("/api?f=html")).media("text/html").title("The interface, for people"),
        Link::new("conformance", ask.url("/conformance")).media("application/json").title("Conformance classes"),
        Link::new("http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", ask.url("/tiles"))
            .media("application/json")
            .title("Vector tiles"),
        Link::new("http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", ask.url("/tileMatrixSets"))
            .media("application/json")
            .title("Tile matrix sets"),
        Link::new("data", ask.url("/collections")).media("application/json").title("Collections"),
    ]);
    let answer = Answer::new(&app, &ask, &offer, "").links(&links[..own]);
    Ok(match offer.form {
        Form::Html => answer.send(|| html::landing(&ask.page(&app, links), &app.map, app.store.layers())),
        _ => answer.send(|| {
            let (title, description) = (app.map.title.get(Lang::En), app.map.lede.get(Lang::En));
            json!({ "title": title, "description": description, "attribution": app.map.credits(), "links": links }).to_string()
        }),
    })
}
