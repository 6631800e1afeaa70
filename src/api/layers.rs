//! What every request passes through, outermost first: trailing slash, edge (access log, size limits, CORS, headers that every answer
//! has), shedding, panic net, time limit, size of the body, compression. All of it is tower's or tower-http's but for the edge.
//!
//! The layers but for compression lie around the router, not around each route, so that a request passes through them as one value:
//! around routes, axum boxes each layer of each route once a request.

use std::convert::Infallible;

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    response::{IntoResponse, Response},
};
use tower::{Service, ServiceBuilder, limit::GlobalConcurrencyLimitLayer, load_shed::LoadShedLayer, service_fn};
use tower_http::{
    CompressionLevel,
    body::Limited,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    limit::RequestBodyLimitLayer,
    normalize_path::NormalizePathLayer,
    timeout::TimeoutLayer,
};

use super::{Live, coding, edge::Edge, problem::Problem, reader::Reader, router};
use crate::formats::geoparquet;

/// The whole service: every resource behind every layer.
pub fn service(
    live: impl Into<Live>,
) -> impl Service<Request<Body>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static {
    let live = live.into();
    // Settings stay what they were at the start, whatever data are served.
    wrap(router(live.clone()), &live)
}

/// Puts every layer around some routes.
fn wrap(
    routes: Router,
    live: &Live,
) -> impl Service<Request<Body>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + use<> + 'static {
    let app = live.current();
    let settings = &app.settings;
    ServiceBuilder::new()
        .layer(NormalizePathLayer::trim_trailing_slash())
        .layer(Edge::layer(settings))
        .layer(LoadShedLayer::new())
        .layer(GlobalConcurrencyLimitLayer::new(settings.max_requests))
        .map_response(IntoResponse::into_response)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, settings.request_timeout))
        .layer(RequestBodyLimitLayer::new(settings.max_body))
        .service(compressing(routes, live.clone()))
}

/// Routes whose answers are compressed as the client wants them most; those to clients that want no coding pass through nothing. Errors
/// become pages for those who read pages.
fn compressing(
    plain: Router,
    live: Live,
) -> impl Service<Request<Limited<Body>>, Response = Response, Error = Infallible, Future: Send> + Clone {
    // Inside the router, which takes the body from the answer to HEAD once its coding is known.
    let packing = CompressionLayer::new().quality(CompressionLevel::Fastest);
    // What is packed already becomes no smaller.
    let packing = plain.clone().layer(packing.compress_when(DefaultPredicate::new().and(NotForContentType::const_new(geoparquet::MEDIA))));
    service_fn(move |mut request: Request<Limited<Body>>| {
        let takes_codings = coding::settle(request.headers_mut());
        let reader = Reader::of(&request).map(|reader| (reader, live.clone()));
        let mut routes = if takes_codings { packing.clone() } else { plain.clone() };
        let answering = Service::call(&mut routes, request);
        async move {
            let answer = answering.await?;
            Ok(match reader {
                Some((reader, live)) => reader.show(answer, &live),
                None => answer,
            })
        }
    })
}

/// The last net: a panic is logged by the hook and told to the client without a word of its text.
fn panicked(_: Box<dyn std::any::Any + Send>) -> axum::http::Response<axum::body::Body> {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the server failed to answer; the failure is in its log").into_response()
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::{api::App, config::Settings, dataset::Dataset};

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
        let service = wrap(Router::new().route("/slow", get(slow)).route("/broken", get(broken)), &Live::from(app));
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
