//! Downloads of what lies in a database: part by part in constant memory where the form allows it, else at once, of a bounded number.

use std::{
    io::{self, Write},
    sync::Arc,
    time::SystemTime,
};

use axum::{
    http::{HeaderValue, Method, header},
    response::Response,
};
use tokio::{runtime::Handle, sync::OwnedSemaphorePermit};

use super::{
    App,
    answer::Answer,
    download::{PATIENCE, disposition, full},
    extract::Ask,
    feed::feed,
    links::profile,
    negotiate::Offer,
    problem::Problem,
};
use crate::{
    formats::{Parts, shaped},
    query::ItemsQuery,
    store::{Fetched, PostgisError, Source},
};

/// The download of a whole question.
///
/// # Errors
/// What the database says; 400 where there are too many features for a form that is made of all at once.
pub(super) async fn download(
    app: &App,
    ask: &Ask,
    offer: &Offer,
    source: &Arc<Source>,
    mut query: ItemsQuery,
    method: &Method,
    room: impl FnOnce() -> Option<OwnedSemaphorePermit>,
) -> Result<Response, Problem> {
    let encoding = offer.encoding().expect("a whole collection is offered to programs only");
    let collection = source.outside().collection.clone();
    // What is read while it is sent has no sum that could name it: nobody has it already.
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let key = format!("{} {now}", offer.key(query.canonical()));
    let links = profile(ask, offer).into_iter().collect::<Vec<_>>();
    let answer = Answer::new(app, ask, offer, &key)
        .links(&links)
        .crs(&query.shape)
        .header(header::CONTENT_DISPOSITION, disposition(&collection.id, encoding.about().extension))
        .header(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    let Some(slot) = room() else { return Ok(full()) };
    let is_sql = source.is_exact(&query.filter) && query.window.is_none() && query.text.is_none();
    let response = if *method == Method::HEAD {
        answer.send(|| feed(PATIENCE, |_| Ok(())))
    } else if is_sql && Parts::takes(encoding) {
        let mut parts = source.parts(&query).await?;
        answer.send(|| {
            feed(PATIENCE, move |out| {
                // Held until the last piece is taken.
                let _slot = slot;
                let form = shaped::form(&query.shape, encoding.about().order);
                let mut file = Parts::begin(encoding, &parts.blank(), &collection, form, out)?;
                while let Some(page) = Handle::current().block_on(parts.next()).map_err(io::Error::other)? {
                    file.part(&page, out)?;
                    // Asks whether anyone still waits for it.
                    out.flush()?;
                }
                file.end(out)
            })
        })
    } else {
        query.limit = u32::try_from(Source::MOST_HELD).unwrap_or(u32::MAX);
        let Fetched { answer: page, .. } = source.page(&query).await?;
        if page.next.is_some() {
            return Err(PostgisError::Many { matched: page.matched, most: Source::MOST_HELD }.into());
        }
        answer.send(|| {
            feed(PATIENCE, move |out| {
                let _slot = slot;
                let mut out = io::BufWriter::with_capacity(super::feed::PIECE, out);
                encoding.write(&page, &collection, &shaped::form(&query.shape, encoding.about().order), &mut out)?;
                out.flush()
            })
        })
    };
    let mut response = response;
    response.headers_mut().remove(header::ETAG);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
