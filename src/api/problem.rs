//! Errors as a client reads them: problem details (RFC 9457), and the one table from domain errors to status codes.
//!
//! What the client may read is here; what only the log gets is never put into a [`Problem`].

use std::time::Duration;

use axum::{
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::methods;
use crate::{formats::html::Fault, query::QueryError, store::PostgisError};

/// Media type of every error body.
pub(super) const MEDIA: &str = "application/problem+json";

/// An error as a client reads it. Boxed, so that results stay small where nothing fails.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Problem(Box<Details>);

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Details {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    /// The parameter or header at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// Its value as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// What would work instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl Problem {
    /// A problem with a sentence that names the value and the rule.
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            parameter: None,
            value: None,
            hint: None,
        }))
    }

    /// 400 for a question that asks too much of features one by one. Not 503, which would have clients ask it again and again.
    pub(super) fn too_slow(time: Duration) -> Self {
        let seconds = time.as_secs_f64();
        Self::new(
            StatusCode::BAD_REQUEST,
            format!("the question has features looked at one by one, which may take {seconds} s here (the setting query-timeout), and is not done by then"),
        )
        .hint(
            "ask of fewer features: bbox, datetime and S_INTERSECTS with a BBOX are found by an index; comparisons of one property with a \
             value go through all features at once; LIKE, arithmetic, functions and relations of geometries do not",
        )
    }

    /// Adds what would work instead.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// 404 for a path under which there is nothing called `id`.
    pub(super) fn no_such(what: &str, id: &str, hint: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::NOT_FOUND, format!("there is no {what} {id:?}")).hint(hint);
        problem.0.value = Some(id.to_owned());
        problem
    }

    /// The same for a page.
    pub(super) fn fault(&self) -> Fault<'_> {
        let Details { status, detail, parameter, value, hint, .. } = &*self.0;
        Fault { status: *status, detail, parameter: parameter.as_deref(), value: value.as_deref(), hint: hint.as_deref() }
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        let mut problem = Self::new(StatusCode::BAD_REQUEST, error.to_string());
        problem.0.parameter = Some(error.parameter().to_owned());
        problem.0.value = error.value().map(str::to_owned);
        problem
    }
}

/// What a database says goes to the log; a client reads what it can do about it.
impl From<PostgisError> for Problem {
    fn from(error: PostgisError) -> Self {
        let status = match &error {
            PostgisError::Query(error) => return error.clone().into(),
            PostgisError::Away | PostgisError::Busy => StatusCode::SERVICE_UNAVAILABLE,
            PostgisError::Slow | PostgisError::Many { .. } | PostgisError::Large => StatusCode::BAD_REQUEST,
            PostgisError::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let problem = Self::new(status, error.to_string());
        match error {
            PostgisError::Away | PostgisError::Busy => problem.hint("try again in some seconds"),
            PostgisError::Slow => problem.hint(
                "ask of fewer features, by bbox, datetime or a comparison with a column that has an index; how long one question may take is the \
                 setting query-timeout",
            ),
            PostgisError::Many { .. } | PostgisError::Large => problem.hint("ask of fewer features, by bbox, datetime or filter, or page through /items"),
            PostgisError::Query(_) | PostgisError::Failed => problem,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).expect("made from a status code");
        let body = serde_json::to_vec(&self.0).expect("a problem is plain text");
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA), (header::CACHE_CONTROL, "no-store")], body).into_response();
        // Who reads pages gets one instead.
        response.extensions_mut().insert(self);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// 404 for a path that no resource has.
pub(super) async fn not_found(uri: Uri) -> Problem {
    Problem::no_such("resource", uri.path(), "the landing page / links to every resource")
}

/// 405 with what is allowed instead.
pub(super) async fn method_not_allowed(method: Method, uri: Uri) -> Response {
    let taken = methods::taken(uri.path());
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not allowed on {}, which takes {taken}", uri.path()));
    let mut response = problem.into_response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(taken));
    response
}
