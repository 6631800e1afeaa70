//! `/collections/{id}/items/{feature}`: one feature (OGC API – Features Part 1, clause 7.16).

use std::sync::Arc;

use axum::{extract::State, response::Response};

use super::{
    App,
    answer::Answer,
    collections::layer,
    extract::{Ask, Path},
    links::{collection, profile, self_and_alternates},
    negotiate::{FEATURE, Form},
    problem::Problem,
};
use crate::{
    formats::{Encoding, geojson, html, jsonfg, segment, shaped},
    model::Order,
    query::{self, CRS84, Shape},
    store::Fetched,
};

pub(super) async fn item(State(app): State<Arc<App>>, Path((id, feature)): Path<(String, String)>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let views = layer.collection.views.as_ref().map(|views| views.parameter.as_str());
    let known = Shape::PARAMETERS.into_iter().chain(views).chain(["profile"]).collect::<Vec<_>>();
    let offer = ask.form(FEATURE, &known)?.refined(&ask.params)?;
    let shape = Shape::parse(&ask.params, &layer.collection.schema, app.settings.limits.systems)?;
    let view = query::view(&ask.params, &layer.collection)?;
    let (found, sum) = match layer.source() {
        None => (layer.item(view, &feature), String::new()),
        Some(source) => match Box::pin(source.item(&feature)).await? {
            Some(Fetched { answer, sum }) => (Some((answer, 0)), sum),
            None => (None, String::new()),
        },
    };
    let (table, position) = found.ok_or_else(|| {
        let items = format!("/collections/{}/items", segment(&id));
        Problem::no_such("feature", &feature, format!("the features of {id} are listed at {items}"))
    })?;
    let mut links = self_and_alternates(&ask, &offer, FEATURE);
    links.extend(profile(&ask, &offer));
    let key = offer.key(format!("{view} {CRS84}{}{sum}", shape.canonical()));
    let answer = Answer::new(&app, &ask, &offer, &key).links(&links);
    let answer = if offer.form == Form::Html { answer.crs84() } else { answer.crs(&shape) };
    links.push(collection(&ask, &id));
    Ok(match offer.form {
        Form::Html => answer.send(|| html::item(&ask.page(&app, links), app.store.layers(), layer, &table.row(position))),
        Form::Encoded(Encoding::JsonFg(profile)) => {
            let form = shaped::form(&shape, Order::Authority);
            answer.send(|| jsonfg::item(&table.row(position), &layer.collection, &form, profile, &links))
        }
        _ if !shape.is_whole() => answer.send(|| shaped::item(&table.row(position), &links, &shaped::form(&shape, Order::Authority))),
        _ => answer.send(|| {
            let (text, offsets) = table.feature_text(position);
            geojson::item(&text, offsets, &links)
        }),
    })
}
