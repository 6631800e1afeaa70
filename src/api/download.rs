//! `/collections/{id}/download`: every feature that a question finds, in one file, with no page limit.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    App,
    answer::Answer,
    collections::layer,
    extract::Ask,
    feed::feed,
    items::{refuse, teach},
    links::profile,
    negotiate::DOWNLOADS,
    problem::Problem,
};
use crate::{
    config::Settings,
    formats::{Encoding, shaped},
    query::ItemsQuery,
};

/// How long a client may take nothing of a download before it is given up.
const PATIENCE: Duration = Duration::from_secs(60);
/// After how many seconds a client that finds no room may come back.
const COME_BACK: HeaderValue = HeaderValue::from_static("10");

/// What the downloads of a server share.
#[derive(Debug, Clone)]
pub(super) struct Downloads {
    slots: Arc<Semaphore>,
}

impl Downloads {
    pub(super) fn new(settings: &Settings) -> Self {
        Self { slots: Arc::new(Semaphore::new(settings.max_downloads)) }
    }

    /// Room for one more.
    ///
    /// # Errors
    /// 503 where as many run as may.
    fn slot(&self) -> Result<OwnedSemaphorePermit, Response> {
        Arc::clone(&self.slots).try_acquire_owned().map_err(|_| {
            let detail = "as many downloads run as may at the same time; try again in some seconds";
            let mut response = Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, COME_BACK);
            response
        })
    }
}

pub(super) async fn download(
    State(app): State<Arc<App>>,
    State(downloads): State<Downloads>,
    Path(id): Path<String>,
    method: Method,
    ask: Ask,
) -> Result<Response, Problem> {
    let collection = &layer(&app, &id)?.collection;
    let known = ItemsQuery::whole_parameters(collection).into_iter().chain(Encoding::PARAMETERS).collect::<Vec<_>>();
    let offer = ask.form(DOWNLOADS, &known)?.refined(&ask.params)?;
    let encoding = offer.encoding().expect("a whole collection is offered to programs only");
    let query = ItemsQuery::parse(&ask.params, collection, app.settings.limits).map_err(|error| match app.store.layer(&id) {
        Some(layer) => teach(layer, error),
        None => error.into(),
    })?;
    refuse(&offer, &query)?;
    let query = query.whole();
    let name = disposition(&id, encoding.about().extension);
    let links = profile(&ask, &offer).into_iter().collect::<Vec<_>>();
    let answer = Answer::new(&app, &ask, &offer, &offer.key(&query.canonical()))
        .links(&links)
        .crs(&query.shape)
        .header(header::CONTENT_DISPOSITION, name)
        .header(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    if method == Method::HEAD {
        return Ok(answer.send(Body::empty));
    }
    let slot = match downloads.slot() {
        Ok(slot) => slot,
        Err(full) => return Ok(full),
    };
    let data = Arc::clone(&app);
    Ok(answer.send(|| {
        feed(PATIENCE, move |out| {
            // Held until the last piece is taken.
            let _slot = slot;
            let Some(layer) = data.store.layer(&id) else { return Ok(()) };
            let page = layer.items(&query, data.store.version());
            encoding.write(&page, &layer.collection, &shaped::form(&query.shape, encoding.about().order), out)
        })
    }))
}

/// What a client calls the file that it keeps (RFC 6266, clause 4): an id that is not plain has its exact name beside a plain one.
pub(super) fn disposition(id: &str, extension: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    let name = id.chars().map(|character| if plain(character) { character } else { '_' }).collect::<String>();
    match name == id {
        true => format!("attachment; filename=\"{name}.{extension}\""),
        false => format!(
            "attachment; filename=\"{name}.{extension}\"; filename*=UTF-8''{}.{extension}",
            utf8_percent_encode(id, NON_ALPHANUMERIC)
        ),
    }
}
