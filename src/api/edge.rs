//! The edge of the service: what is refused before it is understood, and what every answer carries.

use std::{
    convert::Infallible,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Instant,
};

use axum::{
    body::HttpBody,
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use pin_project_lite::pin_project;
use tower::{BoxError, Layer, Service, layer::layer_fn};

use super::{
    extract::reads,
    methods,
    problem::{self, Problem},
};
use crate::config::Settings;

/// A service with the edge around it.
#[derive(Debug, Clone)]
pub(super) struct Edge<S> {
    inner: S,
    rules: Arc<Rules>,
}

/// What the settings say of every request, made into headers once.
#[derive(Debug)]
struct Rules {
    /// Bytes of an address at the most.
    max_url: usize,
    /// Bytes of the header fields at the most.
    max_headers: usize,
    /// The Content-Security-Policy of every answer: nothing but this origin, and the configured tiles; no page in a frame.
    policy: HeaderValue,
}

/// Headers that scripts of other origins may read.
const EXPOSED: HeaderValue =
    HeaderValue::from_static("link,etag,content-crs,content-language,content-disposition,content-range,accept-ranges");
const ANY: HeaderValue = HeaderValue::from_static("*");

impl<S> Edge<S> {
    /// Puts the edge around a service.
    pub(super) fn layer(settings: &Settings) -> impl Layer<S, Service = Self> + use<S> {
        let rules =
            Arc::new(Rules { max_url: settings.max_url, max_headers: settings.max_headers, policy: content_policy(settings, "'none'") });
        layer_fn(move |inner| Self { inner, rules: Arc::clone(&rules) })
    }
}

impl<S> Service<Request> for Edge<S>
where
    S: Service<Request, Response = Response, Error = BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // Those who shed load are always ready, and say so when they are called.
        self.inner.poll_ready(context).map(|_| Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (seen, reads, rules) = (Seen::new(&request), reads(request.method()), Arc::clone(&self.rules));
        let refused = self.rules.at_once(&request);
        let inner = refused.is_none().then(|| self.inner.call(request));
        Answering { inner, refused, rules, reads, seen }
    }
}

pin_project! {
    /// An answer on its way. It is no box of its own, since there is one inside already.
    pub(super) struct Answering<F> {
        #[pin]
        inner: Option<F>,
        // What is sent in place of the inner service's answer.
        refused: Option<Response>,
        rules: Arc<Rules>,
        // Whether the method is one that reads.
        reads: bool,
        seen: Option<Seen>,
    }
}

impl<F: Future<Output = Result<Response, BoxError>>> Future for Answering<F> {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = match (this.refused.take(), this.inner.as_pin_mut()) {
            (Some(refused), _) => refused,
            (None, Some(inner)) => ready!(inner.poll(context)).map_or_else(overloaded, explain),
            (None, None) => panic!("an answer is polled after it was given"),
        };
        this.rules.finish(response.headers_mut(), *this.reads);
        if let Some(seen) = this.seen.take() {
            seen.log(&response);
        }
        Poll::Ready(Ok(response))
    }
}

impl Rules {
    /// The answer to what no handler needs to see: what is too long, and OPTIONS.
    fn at_once(&self, request: &Request) -> Option<Response> {
        let (url, headers) = (length(request.uri()), header_bytes(request.headers()));
        if url > self.max_url {
            let detail = format!("the address has {url} bytes; at most {} are taken", self.max_url);
            return Some(Problem::new(StatusCode::URI_TOO_LONG, detail).into_response());
        }
        if headers > self.max_headers {
            let detail = format!("the headers have {headers} bytes; at most {} are taken", self.max_headers);
            return Some(Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, detail).into_response());
        }
        (request.method() == Method::OPTIONS).then(|| {
            let methods = HeaderValue::from_static(methods::taken(request.uri().path()));
            let known = [
                (header::ALLOW, methods.clone()),
                (header::ACCESS_CONTROL_ALLOW_METHODS, methods),
                (header::ACCESS_CONTROL_ALLOW_HEADERS, ANY),
                (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400")),
            ];
            known.into_response()
        })
    }

    /// Says that every origin may read the answer (<https://fetch.spec.whatwg.org/#http-cors-protocol>) and keeps pages to their own;
    /// a strong tag is of the bytes sent, so one that was compressed gets its coding as suffix.
    fn finish(&self, headers: &mut HeaderMap, reads: bool) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        if reads {
            // What is made to be framed has a policy of its own.
            headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| self.policy.clone());
        }
        // Whatever says nothing else is compressed as the client takes it.
        headers.entry(header::VARY).or_insert(HeaderValue::from_static("accept-encoding"));
        if let Some(tag) = tag_of_coding(headers) {
            headers.insert(header::ETAG, tag);
        }
    }
}

fn overloaded(_: BoxError) -> Response {
    let detail = "the server is answering as many requests as it may; try again in a second";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).into_response()
}

/// Bytes of an address as it was sent.
fn length(uri: &Uri) -> usize {
    let start = uri.scheme_str().map_or(0, |scheme| scheme.len() + 3) + uri.authority().map_or(0, |authority| authority.as_str().len());
    start + uri.path_and_query().map_or(0, |rest| rest.as_str().len())
}

/// Bytes of the header fields as sent, separators included.
fn header_bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// Gives the bare status codes that tower-http's layers answer with a body that explains them.
fn explain(response: Response) -> Response {
    let detail = match response.status() {
        StatusCode::SERVICE_UNAVAILABLE => "the request took longer than it may",
        StatusCode::PAYLOAD_TOO_LARGE => "the request's body is longer than it may be",
        _ => return response,
    };
    if response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == problem::MEDIA) {
        return response;
    }
    Problem::new(response.status(), detail).into_response()
}

/// The tag of an answer that is in a content coding.
fn tag_of_coding(headers: &HeaderMap) -> Option<HeaderValue> {
    let coding = headers.get(header::CONTENT_ENCODING)?.to_str().ok()?;
    let opaque = headers.get(header::ETAG)?.to_str().ok()?.strip_suffix('"')?;
    HeaderValue::from_str(&format!("{opaque}-{coding}\"")).ok()
}

/// What the access log says of a request; nothing where nobody reads it.
struct Seen {
    started: Instant,
    method: Method,
    uri: Uri,
    peer: Option<SocketAddr>,
}

impl Seen {
    fn new(request: &Request) -> Option<Self> {
        tracing::enabled!(target: "access", tracing::Level::INFO).then(|| Self {
            started: Instant::now(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            peer: request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0),
        })
    }

    /// One line, whatever became of the request.
    fn log(self, response: &Response) {
        let Self { started, method, uri, peer } = self;
        let peer = peer.map_or_else(|| "-".to_owned(), |peer| peer.ip().to_string());
        tracing::info!(
            target: "access",
            %method,
            %uri,
            status = response.status().as_u16(),
            // Compressed on the way, an answer's length is not known before its end.
            bytes = response.body().size_hint().exact(),
            micros = started.elapsed().as_micros() as u64,
            peer,
        );
    }
}

/// What a page may load, and who may frame it (Content Security Policy Level 3, clauses 6.1 and 6.4.2).
pub(super) fn content_policy(settings: &Settings, frames: &str) -> HeaderValue {
    let tiles = settings.tiles.as_ref().map(|(template, _)| format!(" {}", origin_of(template))).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{tiles}; connect-src 'self'; \
         manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {frames}"
    );
    // The settings take only what may stand in a header; were there anything else, the page would load nothing.
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Scheme, host and port of a tile template; a host that varies (`{s}.tiles.example`) becomes a wildcard.
fn origin_of(template: &str) -> String {
    let (scheme, rest) = template.split_once("://").unwrap_or(("https", template));
    let host = rest.split('/').next().unwrap_or_default();
    let host = host.split_once('}').filter(|_| host.starts_with('{')).map_or(host.to_owned(), |(_, rest)| format!("*{rest}"));
    format!("{scheme}://{host}")
}
