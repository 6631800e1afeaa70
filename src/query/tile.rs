//! A question for a tile: which features are drawn on it.

use super::{Filter, ItemsQuery, Limits, Params, QueryError, Systems, filtering::PARAMETERS, parameter_queryables};
use crate::model::Collection;

/// The parameter that says the same as `datetime` in another way.
const SUBSET: &str = "subset";

/// A valid question for a tile of one collection.
#[derive(Debug, Clone, PartialEq)]
pub struct TileQuery {
    /// Which of the collection's views, by position.
    pub view: usize,
    /// Which features; the box is the tile's to say.
    pub filter: Filter,
    canonical: String,
}

impl TileQuery {
    /// The parameters that every collection understands, and so the data set as a whole.
    pub const COMMON: [&str; 6] = ["datetime", SUBSET, "certainty", PARAMETERS[0], PARAMETERS[1], PARAMETERS[2]];

    /// The parameters that choose the features of `collection`; its queryables come last.
    pub fn parameters(collection: &Collection) -> Vec<&str> {
        let mut names = Self::own_parameters(collection);
        names.extend(parameter_queryables(collection).iter().map(|queryable| queryable.name).filter(|name| *name != SUBSET));
        names
    }

    /// Those that are not a queryable's.
    pub fn own_parameters(collection: &Collection) -> Vec<&str> {
        let mut names = Self::COMMON.to_vec();
        names.extend(collection.views.as_ref().map(|views| views.parameter.as_str()));
        names
    }

    /// Parses the parameters, which are those named above.
    ///
    /// # Errors
    /// The first parameter that breaks its rule.
    pub fn parse(params: &Params, collection: &Collection) -> Result<Self, QueryError> {
        let limits = Limits { default: 1, most: 1, systems: Systems::plain() };
        let items = match params.get(SUBSET) {
            None => ItemsQuery::parse(params, collection, limits)?,
            Some(_) if params.get("datetime").is_some() => {
                return Err(QueryError::Conflict { parameter: SUBSET, other: "datetime" });
            }
            Some(value) => ItemsQuery::parse(&params.without(SUBSET).with("datetime", datetime(value)?), collection, limits)?,
        };
        Ok(Self { view: items.view, canonical: items.canonical(), filter: items.filter })
    }

    /// The whole query in one fixed spelling.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }
}

/// What `subset` asks for, as `datetime` has it: `datetime("2023-10-01")`, `datetime("2023-10-01":"2023-12-31")`, an end also `*`
/// (OGC API – Tiles Part 1, `/req/datetime/axis`).
fn datetime(value: &str) -> Result<String, QueryError> {
    let malformed = |rule| QueryError::Malformed { parameter: SUBSET, value: value.chars().take(200).collect(), rule };
    let (axis, rest) = value.split_once('(').ok_or_else(|| malformed("not of the form datetime(\"2023-10-01\":\"2023-12-31\")"))?;
    if axis != "datetime" {
        return Err(malformed("not about datetime, the one axis that tiles have beside rows and columns"));
    }
    let inner = rest.strip_suffix(')').ok_or_else(|| malformed("without its closing bracket"))?;
    let quoted = |text: &str| text.strip_prefix('"')?.strip_suffix('"').filter(|text| !text.contains('"')).map(str::to_owned);
    let end = |text: &str| if text == "*" { Some("..".to_owned()) } else { quoted(text) };
    // Times have colons of their own: the one between the ends stands beside a quote or an asterisk on both sides.
    let between = inner
        .match_indices(':')
        .map(|(at, _)| inner.split_at(at))
        .find(|(low, high)| low.ends_with(['"', '*']) && high[1..].starts_with(['"', '*']));
    let interval = match between {
        Some((low, high)) => end(low).zip(end(&high[1..])).map(|(low, high)| format!("{low}/{high}")),
        None => quoted(inner),
    };
    interval.ok_or_else(|| malformed("not one time in double quotes, or two with a colon between them, either of which may be *"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subset_says_what_datetime_says() {
        for (subset, expected) in [
            (r#"datetime("2023-10-01")"#, "2023-10-01"),
            (r#"datetime("2023-10-01T10:00:00Z")"#, "2023-10-01T10:00:00Z"),
            (r#"datetime("2023-10-01T10:00:00Z":"2023-12-31T00:00:00Z")"#, "2023-10-01T10:00:00Z/2023-12-31T00:00:00Z"),
            (r#"datetime("2023-10-01":*)"#, "2023-10-01/.."),
            (r#"datetime(*:"2023-10-01")"#, "../2023-10-01"),
            ("datetime(*:*)", "../.."),
        ] {
            assert_eq!(datetime(subset).as_deref(), Ok(expected), "{subset}");
        }
        for bad in [
            "",
            "datetime",
            "datetime(",
            "datetime()",
            "datetime(2023)",
            "Lat(1:2)",
            r#"time("2023-10-01")"#,
            r#"datetime("a":)"#,
            r#"datetime("a"b")"#,
            "datetime(*)",
        ] {
            let message = datetime(bad).unwrap_err().to_string();
            assert!(message.starts_with("subset: "), "{message}");
        }
    }
}
