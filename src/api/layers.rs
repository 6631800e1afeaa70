//! What every request passes through, outermost first: access log, panic net, shedding, time limit, size limits, CORS, compression,
//! tags and security headers. All of it is tower's or tower-http's but for the small functions below.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use axum::{
    Router,
    body::HttpBody,
    error_handling::HandleErrorLayer,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state, map_response},
    response::{IntoResponse, Response},
};
use tower::{BoxError, Layer, ServiceBuilder, limit::GlobalConcurrencyLimitLayer, load_shed::LoadShedLayer};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    cors::{Any, CorsLayer},
    limit::RequestBodyLimitLayer,
    normalize_path::{NormalizePath, NormalizePathLayer},
    timeout::TimeoutLayer,
};

use super::{App, Live, extract::reads, problem::Problem, router};

/// The whole service: every resource behind every layer.
pub fn service(live: impl Into<Live>) -> NormalizePath<Router> {
    let live = live.into();
    // Settings stay what they were at the start, whatever data are served.
    let app = live.current();
    wrap(router(live), &app)
}

/// Puts every layer around some routes.
fn wrap(routes: Router, app: &Arc<App>) -> NormalizePath<Router> {
    let settings = &app.settings;
    let load = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(overloaded))
        .layer(LoadShedLayer::new())
        .layer(GlobalConcurrencyLimitLayer::new(settings.max_requests));
    // Each call wraps what stands above it: the last is the outermost.
    let routes = routes
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(map_response(tag_coding))
        .layer(from_fn_with_state(Arc::clone(app), security))
        .layer(cors())
        .layer(from_fn(options))
        .layer(RequestBodyLimitLayer::new(settings.max_body))
        .layer(from_fn_with_state(Arc::clone(app), size_limits))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, settings.request_timeout))
        .layer(load)
        .layer(map_response(explain))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(access_log));
    NormalizePathLayer::trim_trailing_slash().layer(routes)
}

fn cors() -> CorsLayer {
    let content_crs = HeaderName::from_static("content-crs");
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::OPTIONS])
        .allow_headers(Any)
        .expose_headers([header::LINK, header::ETAG, content_crs, header::CONTENT_LANGUAGE])
        // Every origin gets the same answer, so caches need not tell them apart.
        .vary(Vec::<HeaderName>::new())
        .max_age(std::time::Duration::from_secs(86_400))
}

/// One line for each request, whatever became of it.
async fn access_log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
    let response = next.run(request).await;
    let bytes = response.body().size_hint().exact();
    tracing::info!(
        target: "access",
        %method,
        %uri,
        status = response.status().as_u16(),
        // Compressed on the way, an answer's length is not known before its end.
        bytes,
        micros = started.elapsed().as_micros() as u64,
        peer = peer.as_deref().unwrap_or("-"),
    );
    response
}

/// The last net: a panic is logged by the hook and told to the client without a word of its text.
fn panicked(_: Box<dyn std::any::Any + Send>) -> axum::http::Response<axum::body::Body> {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the server failed to answer; the failure is in its log").into_response()
}

async fn overloaded(_: BoxError) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the server is answering as many requests as it may; try again in a second")
}

/// Gives the bare status codes that tower-http's layers answer with a body that explains them.
async fn explain(response: Response) -> Response {
    if response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == super::problem::MEDIA) {
        return response;
    }
    match response.status() {
        status @ StatusCode::SERVICE_UNAVAILABLE => Problem::new(status, "the request took longer than it may").into_response(),
        status @ StatusCode::PAYLOAD_TOO_LARGE => Problem::new(status, "the request's body is longer than it may be").into_response(),
        _ => response,
    }
}

async fn size_limits(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (url, headers) = (request.uri().to_string().len(), header_bytes(request.headers()));
    let settings = &app.settings;
    if url > settings.max_url {
        let detail = format!("the address has {url} bytes; at most {} are taken", settings.max_url);
        return Problem::new(StatusCode::URI_TOO_LONG, detail).into_response();
    }
    if headers > settings.max_headers {
        let detail = format!("the headers have {headers} bytes; at most {} are taken", settings.max_headers);
        return Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, detail).into_response();
    }
    next.run(request).await
}

/// Bytes of the header fields as sent, separators included.
fn header_bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// OPTIONS says which methods there are; the CORS layer has answered it already.
async fn options(request: Request, next: Next) -> Response {
    let asked = request.method() == Method::OPTIONS;
    let mut response = next.run(request).await;
    if asked {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
    }
    response
}

/// Headers that keep the page to its own origin.
async fn security(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let readable = reads(request.method());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if readable && let Ok(policy) = HeaderValue::from_str(&content_policy(&app)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The Content-Security-Policy of every answer: nothing but this origin, and the configured tiles.
fn content_policy(app: &App) -> String {
    let tiles = app.settings.tiles.as_ref().map(|(template, _)| format!(" {}", origin_of(template))).unwrap_or_default();
    let frames = match app.settings.frame_ancestors.as_slice() {
        [] => "'none'".to_owned(),
        origins => origins.join(" "),
    };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{tiles}; connect-src 'self'; \
         manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {frames}"
    )
}

/// Scheme, host and port of a tile template; a host that varies (`{s}.tiles.example`) becomes a wildcard.
fn origin_of(template: &str) -> String {
    let (scheme, rest) = template.split_once("://").unwrap_or(("https", template));
    let host = rest.split('/').next().unwrap_or_default();
    let host = host.split_once('}').filter(|_| host.starts_with('{')).map_or(host.to_owned(), |(_, rest)| format!("*{rest}"));
    format!("{scheme}://{host}")
}

/// A strong tag is of the bytes sent: one that was compressed gets its coding as suffix.
async fn tag_coding(mut response: Response) -> Response {
    let coding = response.headers().get(header::CONTENT_ENCODING).and_then(|coding| coding.to_str().ok()).map(str::to_owned);
    let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    if let (Some(coding), Some(tag)) = (coding, tag)
        && let Some(opaque) = tag.strip_suffix('"')
        && let Ok(value) = HeaderValue::from_str(&format!("{opaque}-{coding}\""))
    {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::{body::Body, routing::get};
    use tower::ServiceExt;

    use super::*;
    use crate::{config::Settings, dataset::Dataset};

    async fn ask(settings: Settings, path: &'static str, together: usize) -> Vec<(StatusCode, String)> {
        let app = Arc::new(App::new(Dataset::embedded().unwrap(), settings));
        let slow = || async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            "done"
        };
        let broken = || async {
            if std::env::args().count() > 0 {
                panic!("a secret of the inside")
            }
        };
        let service = wrap(Router::new().route("/slow", get(slow)).route("/broken", get(broken)), &app);
        let asked = (0..together).map(|_| {
            let request = axum::http::Request::get(path).body(Body::empty()).unwrap();
            tokio::spawn(service.clone().oneshot(request))
        });
        let mut answers = Vec::new();
        for answer in asked.collect::<Vec<_>>() {
            let response = answer.await.unwrap().unwrap();
            let status = response.status();
            let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
            answers.push((status, String::from_utf8(body.to_vec()).unwrap()));
        }
        answers
    }

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_told_so() {
        let settings = Settings { request_timeout: Duration::from_millis(20), ..Settings::default() };
        let (status, body) = ask(settings, "/slow", 1).await.remove(0);
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains("took longer"), "{body}");
    }

    #[tokio::test]
    async fn more_requests_than_may_be_are_told_to_come_back() {
        let settings = Settings { max_requests: 2, ..Settings::default() };
        let answers = ask(settings, "/slow", 5).await;
        let count = |wanted| answers.iter().filter(|(status, _)| *status == wanted).count();
        assert_eq!((count(StatusCode::OK), count(StatusCode::SERVICE_UNAVAILABLE)), (2, 3), "{answers:?}");
        assert!(answers.iter().any(|(_, body)| body.contains("try again")));
    }

    #[tokio::test]
    async fn a_panic_shows_nothing_of_the_inside() {
        let (status, body) = ask(Settings::default(), "/broken", 1).await.remove(0);
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!body.contains("secret") && body.contains("\"status\":500"), "{body}");
    }
}
