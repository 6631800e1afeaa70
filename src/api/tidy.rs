//! The address that a form's fields mean: what a browser sends of the form on a page of records, made into parameters.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::extract::Ask;
use crate::formats::html::{BOX, SPAN};

/// A redirection to the address without empty fields, with the edges of a box and the ends of a span in one parameter each; nothing
/// where the address is that already. It leads to the same host: the path of the public address and no more.
pub(super) fn tidied(ask: &Ask) -> Option<Response> {
    let [west, south, east, north] = BOX.map(|name| given(ask, name));
    let [from, to] = SPAN.map(|name| given(ask, name));
    let fields = BOX.iter().chain(&SPAN);
    let untidy = ask.params.iter().any(|(name, value)| value.is_empty() || BOX.contains(&name) || SPAN.contains(&name));
    if !untidy {
        return None;
    }
    let edges = [west, south, east, north];
    let bbox = edges.iter().any(Option::is_some).then(|| edges.map(Option::unwrap_or_default).join(","));
    let datetime = match (from, to) {
        (None, None) => None,
        (Some(from), Some(to)) if from == to => Some(from.to_owned()),
        (from, to) => Some(format!("{}/{}", from.unwrap_or(".."), to.unwrap_or(".."))),
    };
    let empty = ask.params.iter().filter(|(_, value)| value.is_empty()).map(|(name, _)| (name, None));
    let set = [("bbox", bbox.as_deref()), ("datetime", datetime.as_deref())].into_iter().filter(|(_, value)| value.is_some());
    let changes = fields.map(|name| (*name, None)).chain(empty).chain(set).collect::<Vec<_>>();
    let address = ask.with(&changes);
    let host = address.find("://").map_or(0, |at| at + 3);
    let path = address[host..].find('/').map_or("/", |at| &address[host + at..]);
    let location = HeaderValue::try_from(path).ok()?;
    Some(
        (StatusCode::SEE_OTHER, [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))])
            .into_response(),
    )
}

/// What a field says.
fn given<'a>(ask: &'a Ask, name: &str) -> Option<&'a str> {
    ask.params.get(name).map(str::trim).filter(|value| !value.is_empty())
}
