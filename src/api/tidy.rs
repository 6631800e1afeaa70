//! The address that a form's fields mean: what a browser sends of the form on a page of records, made into parameters.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::extract::Ask;
use crate::{
    formats::html::{BOX, SPAN, bound_field},
    model::{Collection, Kind, Property},
    query::{
        filter::{Bound, Simple, all_of},
        parameter_queryables,
    },
};

/// A redirection to the address without empty fields, with the edges of a box and the ends of a span in one parameter each, and with
/// what is asked of properties in `filter`; nothing where the address is that already. It leads to the same host: the path of the
/// public address and no more.
pub(super) fn tidied(ask: &Ask, collection: Option<&Collection>) -> Option<Response> {
    let [west, south, east, north] = BOX.map(|name| given(ask, name));
    let [from, to] = SPAN.map(|name| given(ask, name));
    let Bounds { fields: bounds, equal, filter } = collection.map(|collection| bounds(ask, collection)).unwrap_or_default();
    let fields = BOX.iter().chain(&SPAN).copied().chain(bounds.iter().map(String::as_str));
    let untidy = ask.params.iter().any(|(name, value)| value.is_empty() || fields.clone().any(|field| field == name));
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
    let equal = equal.iter().map(|(name, value)| (*name, Some(*value)));
    let set = [("bbox", bbox.as_deref()), ("datetime", datetime.as_deref()), ("filter", filter.as_deref())];
    let set = set.into_iter().chain(equal).filter(|(_, value)| value.is_some());
    let changes = fields.map(|name| (name, None)).chain(empty).chain(set).collect::<Vec<_>>();
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

/// What the form asks of properties: its fields, what they are equal to, and everything else with what `filter` asks already.
#[derive(Default)]
struct Bounds<'a> {
    fields: Vec<String>,
    equal: Vec<(&'a str, &'a str)>,
    filter: Option<String>,
}

fn bounds<'a>(ask: &'a Ask, collection: &'a Collection) -> Bounds<'a> {
    let (mut fields, mut equal, mut asked) = (Vec::new(), Vec::new(), Vec::new());
    for property in parameter_queryables(collection).into_iter().filter_map(|queryable| queryable.property) {
        let Property { name, kind, .. } = property;
        let given = |bound: &Bound| {
            let field = bound_field(*bound, name);
            let value = ask.params.get(&field).map(str::trim);
            (*bound, field, value)
        };
        let given = Simple::bounds(*kind).iter().map(given).filter(|(_, _, value)| value.is_some()).collect::<Vec<_>>();
        match given.as_slice() {
            // An instant or an uncertain date on one day need not be that day.
            [(Bound::From, _, Some(from)), (Bound::To, _, Some(to))]
                if from == to && !from.is_empty() && !matches!(kind, Kind::Timestamp | Kind::Edtf) =>
            {
                equal.push((name.as_str(), *from))
            }
            _ => {
                let said = given.iter().filter_map(|(bound, _, value)| Some((*bound, value.filter(|value| !value.is_empty())?)));
                asked.extend(said.map(|(bound, value)| Simple { property: name.clone(), bound, value: value.to_owned() }.write(*kind)));
            }
        }
        fields.extend(given.into_iter().map(|(_, field, _)| field));
    }
    let parts = given(ask, "filter").into_iter().chain(asked.iter().map(String::as_str));
    let filter = (!asked.is_empty()).then(|| all_of(parts));
    Bounds { fields, equal, filter }
}
