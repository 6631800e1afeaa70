//! `/collections/{id}/items/{feature}`: one feature (OGC API – Features Part 1, clause 7.16).

use std::sync::Arc;

use axum::{extract::State, response::Response};

use super::{
    App,
    answer::Answer,
    collections::layer,
    extract::{Ask, Path},
    links::{collection, profile, self_and_alternates},
    negotiate::{FEATURE, Form, Offer},
    problem::Problem,
};
use crate::{
    formats::{Encoding, geojson, html, jsonfg, segment, shaped},
    model::Order,
    query::{self, CRS84, Shape},
    store::{Fetched, Layer, Table},
};

pub(super) async fn item(State(app): State<Arc<App>>, Path((id, feature)): Path<(String, String)>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let views = layer.collection.views.as_ref().map(|views| views.parameter.as_str());
    let known = Shape::PARAMETERS.into_iter().chain(views).chain(["profile"]).collect::<Vec<_>>();
    let offer = ask.form(FEATURE, &known)?.refined(&ask.params)?;
    let shape = Shape::parse(&ask.params, &layer.collection.schema, app.settings.limits.systems)?;
    let view = query::view(&ask.params, &layer.collection)?;
    if layer.source().is_some() {
        // A box, so that no other answer is larger for what is waited for here.
        return Box::pin(of_database(app, id, feature, ask, offer, shape)).await;
    }
    let (table, position) = layer.item(view, &feature).ok_or_else(|| missing(&id, &feature))?;
    Ok(answer(&app, &ask, layer, &offer, &shape, (&table, position), itoa::Buffer::new().format(view)))
}

/// The answer of a collection that lies in a database.
async fn of_database(app: Arc<App>, id: String, feature: String, ask: Ask, offer: Offer, shape: Shape) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let source = layer.source().ok_or_else(|| missing(&id, &feature))?;
    let Fetched { answer: table, sum } = source.item(&feature).await?.ok_or_else(|| missing(&id, &feature))?;
    Ok(answer(&app, &ask, layer, &offer, &shape, (&table, 0), &sum))
}

fn missing(id: &str, feature: &str) -> Problem {
    let items = format!("/collections/{}/items", segment(id));
    Problem::no_such("feature", feature, format!("the features of {id} are listed at {items}"))
}

/// A feature in the form that was asked for; `of` names what it was taken from: the view, or the sum of what it was made of.
fn answer(app: &App, ask: &Ask, layer: &Layer, offer: &Offer, shape: &Shape, (table, position): (&Table, u32), of: &str) -> Response {
    let mut links = self_and_alternates(ask, offer, FEATURE);
    links.extend(profile(ask, offer));
    let key = offer.key(format!("{of} {CRS84}{}", shape.canonical()));
    let answer = Answer::new(app, ask, offer, &key).links(&links);
    let answer = if offer.form == Form::Html { answer.crs84() } else { answer.crs(shape) };
    links.push(collection(ask, &layer.collection.id));
    match offer.form {
        Form::Html => answer.send(|| html::item(&ask.page(app, links), app.store.layers(), layer, &table.row(position))),
        Form::Encoded(Encoding::JsonFg(profile)) => {
            let form = shaped::form(shape, Order::Authority);
            answer.send(|| jsonfg::item(&table.row(position), &layer.collection, &form, profile, &links))
        }
        _ if !shape.is_whole() => answer.send(|| shaped::item(&table.row(position), &links, &shaped::form(shape, Order::Authority))),
        _ => answer.send(|| {
            let (text, offsets) = table.feature_text(position);
            geojson::item(&text, offsets, &links)
        }),
    }
}
