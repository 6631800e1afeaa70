//! `/collections/{id}/download`: every feature that a question finds, in one file, with no page limit.
//!
//! GeoJSON of features as they are kept leaves in slices of the finished text: its length is known and any part of it can be asked for.
//! Everything else is written by a thread of its own into a body that holds a few pieces at a time; where there is a folder for finished
//! downloads it is kept in passing, and from then on read from there.

use std::{
    io::{self, BufWriter, IntoInnerError, Write},
    ops::Range,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, HttpBody},
    extract::State,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    App,
    answer::Answer,
    cache::{Cache, Part},
    coding,
    collections::layer,
    download_database,
    extract::{Ask, Path},
    feed::{self, feed},
    file_body::FileBody,
    items::{refuse, teach},
    links::profile,
    negotiate::{DOWNLOADS, Offer},
    problem::Problem,
    range::{Asked, asked},
};
use crate::{
    config::Settings,
    formats::{About, Encoding, Whole, geojson, shaped},
    query::{ItemsQuery, Params},
    store::{Layer, Page},
};

/// How long a client may take nothing of a download before it is given up.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
/// After how many seconds a client that finds no room may come back.
const COME_BACK: HeaderValue = HeaderValue::from_static("10");

/// What the downloads of a server share, whatever data it serves.
#[derive(Debug, Clone)]
pub(super) struct Downloads {
    slots: Arc<Semaphore>,
    cache: Option<Arc<Cache>>,
}

impl Downloads {
    pub(super) fn new(settings: &Settings) -> Self {
        let open = |folder: &std::path::PathBuf| match Cache::open(folder, settings.cache_bytes) {
            Ok(cache) => Some(Arc::new(cache)),
            Err(error) => {
                tracing::error!(%error, folder = %folder.display(), "downloads are not kept");
                None
            }
        };
        Self { slots: Arc::new(Semaphore::new(settings.max_downloads)), cache: settings.cache_dir.as_ref().and_then(open) }
    }

    /// The length of each whole download of a collection, in the order of [`DOWNLOADS`], where it is known: of finished text, and of what
    /// lies finished in the folder.
    pub(super) fn sizes(&self, app: &App, layer: &Layer) -> Vec<Option<u64>> {
        let known = layer.finished();
        let key = |cache: &Arc<Cache>| {
            let query = ItemsQuery::parse(&Params::default(), &layer.collection, app.settings.limits).ok()?;
            Some((Arc::clone(cache), query.whole().canonical()))
        };
        let cache = self.cache.as_ref().and_then(key);
        let size = |offer: &Offer| {
            let encoding = offer.encoding()?;
            known.and_then(|table| encoding.size(table)).or_else(|| {
                let (cache, canonical) = cache.as_ref()?;
                cache.length(&name_of(app, encoding, &layer.collection.id, &offer.key(canonical)))
            })
        };
        DOWNLOADS.iter().map(size).collect()
    }

    /// Room for one more; nothing where as many run as may.
    fn slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.slots).try_acquire_owned().ok()
    }
}

/// 503 for a client that finds no room.
pub(super) fn full() -> Response {
    let detail = "as many downloads run as may at the same time; try again in some seconds";
    let mut response = Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, COME_BACK);
    response
}

pub(super) async fn download(
    State(app): State<Arc<App>>,
    State(downloads): State<Downloads>,
    Path(id): Path<String>,
    method: Method,
    ask: Ask,
) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let known = ItemsQuery::whole_parameters(&layer.collection).into_iter().chain(Encoding::PARAMETERS).collect::<Vec<_>>();
    let offer = ask.form(DOWNLOADS, &known)?.refined(&ask.params)?;
    let encoding = offer.encoding().expect("a whole collection is offered to programs only");
    let query = ItemsQuery::parse(&ask.params, &layer.collection, app.settings.limits).map_err(|error| teach(layer, error))?;
    refuse(&offer, &query)?;
    let query = query.whole();
    if let Some(source) = layer.source() {
        let room = || downloads.slot();
        return Box::pin(download_database::download(&app, &ask, &offer, source, query, &method, room)).await;
    }
    let key = offer.key(query.canonical());
    let links = profile(&ask, &offer).into_iter().collect::<Vec<_>>();
    let answer = Answer::new(&app, &ask, &offer, &key)
        .links(&links)
        .crs(&query.shape)
        .header(header::CONTENT_DISPOSITION, disposition(&id, encoding.about().extension));
    let gzip = coding::takes_gzip(ask.header("accept-encoding")) && ask.header("range").is_none();
    let has_text = layer.tables[query.view].exact_size(&(0..0)).is_some();
    let is_text = has_text && encoding == Encoding::GeoJson && query.shape.is_whole() && query.sort.is_none();
    let name = name_of(&app, encoding, &id, &key);
    let kept = || downloads.cache.as_ref().filter(|_| !is_text)?.find(&name);
    if is_text {
        let page = layer.items(&query, app.store.version());
        if !(gzip && geojson::is_packed(&page))
            && let Some(text) = Whole::new(page)
        {
            let length = text.length();
            return Ok(ranged(answer, &ask, &method, length, |part| Slices::new(text, part).into()));
        }
    } else if let Some((file, length)) = kept() {
        return Ok(ranged(answer, &ask, &method, length, |part| FileBody::new(file, part).into()));
    }
    let answer = answer.header(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    let answer = if is_text && gzip { answer.coded("gzip") } else { answer };
    if method == Method::HEAD {
        // As GET has it: of no known length, where an empty body would be one of none.
        return Ok(answer.send(|| feed(PATIENCE, |_| Ok(()))));
    }
    let Some(slot) = downloads.slot() else { return Ok(full()) };
    let data = Arc::clone(&app);
    Ok(answer.send(|| {
        let part = downloads.cache.as_ref().filter(|_| !is_text).and_then(|cache| cache.begin(&name));
        feed(PATIENCE, move |out| {
            // Held until the last piece is taken.
            let _slot = slot;
            let Some(layer) = data.store.layer(&id) else { return Ok(()) };
            let page: Page = layer.items(&query, data.store.version());
            if is_text && gzip {
                return geojson::write_gzip(&page, out);
            }
            // Encoders write a few bytes at a time, and each of these would be a call of the system where the download is kept.
            let mut out = BufWriter::with_capacity(feed::PIECE, Keeping { out, part });
            encoding.write(&page, &layer.collection, &shaped::form(&query.shape, encoding.about().order), &mut out)?;
            out.into_inner().map_err(IntoInnerError::into_error)?.finish()
        })
    }))
}

/// The name of a finished download: what the file holds, and nothing of who asks for it.
fn name_of(app: &App, encoding: Encoding, id: &str, key: &str) -> String {
    let About { media, extension, .. } = encoding.about();
    let name = app.digests.of(&[media, id, key]);
    format!("{name}.{extension}")
}

/// The answer with a body of known length, or the part of it that is asked for.
fn ranged(answer: Answer<'_>, ask: &Ask, method: &Method, length: u64, body: impl FnOnce(Range<u64>) -> Body) -> Response {
    let mut response = answer.header(header::ACCEPT_RANGES, HeaderValue::from_static("bytes")).send(Body::empty);
    if response.status() != StatusCode::OK {
        return response;
    }
    let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default();
    // Only GET has parts (RFC 9110, clause 14.2).
    let range = ask.header("range").filter(|_| *method == Method::GET);
    let part = match asked(range, ask.header("if-range"), tag, length) {
        Asked::Whole => 0..length,
        Asked::Part(part) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let said = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            response.headers_mut().extend(HeaderValue::try_from(said).map(|said| (header::CONTENT_RANGE, said)));
            part
        }
        Asked::Nothing => {
            let detail = format!("Range: {:?} asks for none of the {length} bytes", range.unwrap_or_default());
            let mut problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, detail).into_response();
            problem.headers_mut().extend(HeaderValue::try_from(format!("bytes */{length}")).map(|said| (header::CONTENT_RANGE, said)));
            return problem;
        }
    };
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    if *method == Method::GET {
        *response.body_mut() = body(part);
    }
    response
}

/// Writes to the client, and beside it to the file that is kept; where that fails the client gets the rest all the same.
struct Keeping<'a> {
    out: &'a mut feed::Writer,
    part: Option<Part>,
}

impl Keeping<'_> {
    /// Puts the file under its name once the client has, or is about to have, all of it.
    fn finish(mut self) -> io::Result<()> {
        self.out.flush()?;
        if let Some(Err(error)) = self.part.take().map(Part::publish) {
            tracing::warn!(%error, "a download cannot be kept");
        }
        Ok(())
    }
}

impl Write for Keeping<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.out.write(bytes)?;
        if let Some(Err(error)) = self.part.as_mut().map(|part| part.add(&bytes[..taken])) {
            tracing::warn!(%error, "a download is not kept");
            self.part = None;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Finished text as a body of known length.
struct Slices {
    text: Whole,
    /// A slice that begins before the part does.
    first: Option<Bytes>,
    left: u64,
}

impl Slices {
    fn new(mut text: Whole, part: Range<u64>) -> Self {
        let first = text.pass_over(part.start);
        Self { text, first, left: part.end - part.start }
    }
}

impl From<Slices> for Body {
    fn from(body: Slices) -> Self {
        Self::new(body)
    }
}

impl HttpBody for Slices {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut slice = match self.first.take() {
            Some(slice) => slice,
            None => match self.text.next() {
                Some(slice) => slice,
                None => return Poll::Ready(None),
            },
        };
        slice.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.left -= slice.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(slice))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
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
