//! JSONP: answers as a script, for clients from before CORS. The clause lets a service have it; OpenRefine before 3.3 needs it.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::bad;
use crate::{api::problem::Problem, query::Params};

/// Longest name of a callback, in bytes.
const LONGEST: usize = 128;

/// The function that the client names, where it names one.
///
/// # Errors
/// When it is not the name of a function, or of a member of an object: anything else could be a script of its own.
pub(super) fn callback(params: &Params) -> Result<Option<&str>, Problem> {
    let Some(name) = params.get("callback") else { return Ok(None) };
    let is_name = |part: &str| {
        let mut letters = part.bytes();
        letters.next().is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, b'_' | b'$'))
            && letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
    };
    if name.len() <= LONGEST && name.split('.').all(is_name) {
        return Ok(Some(name));
    }
    Err(bad(format!(
        "callback: {:?} is not the name of a function, of at most {LONGEST} letters",
        name.chars().take(80).collect::<String>()
    )))
}

/// The answer as a call of that function.
pub(super) fn send(callback: &str, answer: &Value) -> Response {
    // The comment keeps programs from taking the first bytes, which the client chooses, for another kind of file.
    let script = format!("/**/{callback}({});", answer.to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"));
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, script).into_response()
}
