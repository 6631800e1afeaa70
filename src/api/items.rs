//! `/collections/{id}/items`: a page of features (OGC API – Features Part 1, clause 7.15).

use std::sync::Arc;

use axum::{extract::State, response::Response};

use super::{
    App,
    answer::{Answer, Pieces},
    coding,
    collections::layer,
    explain,
    extract::{Ask, Path},
    links::{collection, profile, self_and_others},
    negotiate::{FEATURES, Form, Offer},
    problem::Problem,
    tidy,
};
use crate::{
    formats::{Encoding, Link, geojson, html, jsonfg, shaped},
    model::Order,
    query::{Cursor, Filter, ItemsQuery, QueryError},
    store::{Fetched, Layer, Page, sort_values},
};

pub(super) async fn items(State(app): State<Arc<App>>, Path(id): Path<String>, ask: Ask) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let is_known = |name: &str| ItemsQuery::takes(&layer.collection, name) || Encoding::PARAMETERS.contains(&name);
    let known = || ItemsQuery::parameters(&layer.collection).into_iter().chain(Encoding::PARAMETERS).collect();
    let offer = ask.form_where(FEATURES, is_known, known)?.refined(&ask.params)?;
    if offer.form == Form::Html
        && let Some(tidied) = tidy::tidied(&ask, Some(&layer.collection))
    {
        return Ok(tidied);
    }
    let query = ItemsQuery::parse(&ask.params, &layer.collection, app.settings.limits).map_err(|error| teach(layer, error))?;
    if layer.source().is_some() {
        // A box, so that no other answer is larger for what is waited for here.
        return Box::pin(of_database(app, id, ask, offer, query)).await;
    }
    let page = layer.items(&query, app.store.version());
    answer(&app, &ask, layer, &offer, &query, page, "")
}

/// The answer of a collection that lies in a database.
async fn of_database(app: Arc<App>, id: String, ask: Ask, offer: Offer, query: ItemsQuery) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let Some(source) = layer.source() else { return Err(Problem::no_such("collection", &id, "/collections lists them")) };
    if query.explain.is_some() {
        return Err(QueryError::Conflict { parameter: "explain", other: "a collection that lies in a database" }.into());
    }
    refuse(&offer, &query)?;
    let Fetched { answer: page, sum } = source.page(&query).await?;
    answer(&app, &ask, layer, &offer, &query, page, &sum)
}

/// A page in the form that was asked for; `sum` names what it was made of, where the version of the data does not.
fn answer(app: &App, ask: &Ask, layer: &Layer, offer: &Offer, query: &ItemsQuery, mut page: Page, sum: &str) -> Result<Response, Problem> {
    page.shorten(app.settings.page_bytes, query.sort.is_some());
    let (own, others) = self_and_others(ask, offer, FEATURES);
    let mut links = Vec::with_capacity(others.forms.len() + 4);
    links.push(own);
    // GeoJSON is written with as little work as can be, and these are most of it on a small page.
    if offer.form != Form::Json {
        links.extend(others.links());
    }
    links.extend(next(ask, app, query, &page).map(|href| Link::new("next", href).media(offer.media).title("Next page")));
    links.extend(profile(ask, offer));
    // What has links of its own does not repeat those to its other forms, which are more than a small page is long (the recommendation
    // `/rec/core/link-header` leaves out such answers).
    let has_own = matches!(offer.form, Form::Json | Form::Html | Form::Encoded(Encoding::JsonFg(_)));
    let answer = Answer::new(app, ask, offer, &(offer.key(query.canonical()) + sum));
    let answer = answer.links(links.iter().filter(|link| !has_own || link.rel != "alternate"));
    // Pages for people show longitude and latitude whatever is asked for.
    let answer = if offer.form == Form::Html { answer.crs84() } else { answer.crs(&query.shape) };
    links.push(collection(ask, &layer.collection.id));
    refuse(offer, query)?;
    let beside = explain::beside(ask, layer, query, &page);
    let form = |order| shaped::form(&query.shape, order);
    Ok(match offer.form {
        Form::Json if !query.shape.is_whole() || !beside.is_empty() => {
            answer.send(|| shaped::page(&page, &links, &others, &form(Order::Authority), &beside))
        }
        Form::Json if coding::takes_gzip(ask.header("accept-encoding")) && geojson::is_packed(&page) => {
            answer.coded("gzip").send(|| Pieces::from(geojson::gzip_page(&page, &links, &others)))
        }
        Form::Json => answer.send(|| Pieces::from(geojson::page(&page, &links, &others))),
        Form::Encoded(Encoding::JsonFg(profile)) => answer.try_send(|| {
            let mut text = Vec::new();
            jsonfg::write(&page, &layer.collection, &form(Order::Authority), profile, &links, &mut text)?;
            Ok(text)
        })?,
        Form::Encoded(encoding) => answer.try_send(|| {
            let mut text = Vec::new();
            encoding.write(&page, &layer.collection, &form(encoding.about().order), &mut text)?;
            Ok(text)
        })?,
        Form::Html => answer.send(|| html::items(&ask.page(app, links), layer, &page)),
    })
}

/// Refuses what a form has no room for, so that nothing is asked for and not answered.
///
/// # Errors
/// 400 for the first such parameter.
pub(super) fn refuse(offer: &Offer, query: &ItemsQuery) -> Result<(), QueryError> {
    let Form::Encoded(encoding) = offer.form else { return Ok(()) };
    let conflict = |parameter, other| Err(QueryError::Conflict { parameter, other });
    if query.explain.is_some() {
        return conflict("explain", "a form other than f=json");
    }
    if query.hits && !matches!(encoding, Encoding::JsonFg(_)) {
        return conflict("resultType", "a form that has no counts; f=json has");
    }
    if !query.shape.is_crs84() && !encoding.about().takes_crs {
        return conflict("crs", "a form whose coordinates are always longitude and latitude");
    }
    Ok(())
}

/// The address of the next page: the same query, with a cursor in place of where this page started.
fn next(ask: &Ask, app: &App, query: &ItemsQuery, page: &Page) -> Option<String> {
    let next = page.next?;
    let sort = query.sort.as_ref().map(|sort| sort_values(&page.table, sort, next.last)).unwrap_or_default();
    let (version, key) = (app.store.version().0.clone(), page.table.key(next.last));
    let cursor = Cursor { version, query: query.hash(), position: next.position, key, sort };
    Some(ask.with(&[("offset", None), ("cursor", Some(&cursor.to_token()))]))
}

/// Where a box has its axes swapped, says how much would match if they were not.
pub(super) fn teach(layer: &Layer, error: QueryError) -> Problem {
    let swapped = match &error {
        QueryError::Bbox { swapped, .. } => *swapped,
        _ => None,
    };
    let problem = Problem::from(error);
    match swapped {
        None => problem,
        Some(bbox) => {
            let [west, south, east, north] = bbox.edges();
            if layer.source().is_some() {
                return problem.hint(format!("axes look swapped: bbox={west},{south},{east},{north} has the longitude first"));
            }
            let matched = layer.table().count(&Filter { bbox: Some(bbox), ..Filter::default() });
            problem.hint(format!("axes look swapped: with bbox={west},{south},{east},{north}, {matched} features would match"))
        }
    }
}
