//! Errors for people: who asks for a page gets one, whatever goes wrong; all others get problem details.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, HeaderValue, Request, Uri, header},
    response::Response,
};

use super::{
    App, Live,
    extract::Ask,
    negotiate::{DOCUMENT, Form, negotiate},
    problem::Problem,
};
use crate::formats::{Link, html};

/// Somebody who reads pages, and what was asked.
#[derive(Debug)]
pub(super) struct Reader {
    uri: Uri,
    headers: HeaderMap,
    peer: Option<SocketAddr>,
}

impl Reader {
    /// The reader behind a request: whoever wants a page more than JSON, or names no other form.
    pub(super) fn of<B>(request: &Request<B>) -> Option<Self> {
        let accept = request.headers().get(header::ACCEPT)?.to_str().ok()?;
        let wants_page = accept.contains("html") && negotiate(DOCUMENT, None, Some(accept)).is_ok_and(|offer| offer.form == Form::Html);
        let query = request.uri().query().unwrap_or_default();
        let other = query.split('&').any(|part| part.starts_with("f=") && part != "f=html");
        (wants_page && !other).then(|| Self {
            uri: request.uri().clone(),
            headers: request.headers().clone(),
            peer: request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0),
        })
    }

    /// The answer as this reader can read it: a page in place of problem details.
    pub(super) fn show(self, response: Response, live: &Live) -> Response {
        let Some(problem) = response.extensions().get::<Problem>().cloned() else { return response };
        let app = live.current();
        let page = self.page(&app, &problem);
        let (mut parts, _) = response.into_parts();
        for header in [header::CONTENT_ENCODING, header::CONTENT_LENGTH] {
            parts.headers.remove(header);
        }
        parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        parts.headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language"));
        Response::from_parts(parts, Body::from(page))
    }

    fn page(self, app: &Arc<App>, problem: &Problem) -> String {
        let ask = Ask::lenient(app, self.peer.map(|peer| peer.ip()), &self.uri, self.headers);
        let links = vec![
            Link::new("self", ask.with(&[])).media("text/html; charset=utf-8").title("HTML"),
            Link::new("alternate", ask.with(&[("f", Some("json"))])).media("application/json").title("JSON"),
        ];
        let collection = ask.path.strip_prefix("/collections/").and_then(|rest| rest.strip_suffix("/items"));
        let collection = collection.map(|id| percent_encoding::percent_decode_str(id).decode_utf8_lossy());
        let layer = collection.and_then(|id| app.store.layer(&id));
        html::problem(&ask.page(app, links), &problem.fault(), layer)
    }
}
