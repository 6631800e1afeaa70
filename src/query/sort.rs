//! `sortby` (OGC API – Features Part 8, draft 24-030).

use super::{
    QueryError,
    names::{each, find, no_such_name},
};
use crate::model::Schema;

/// What decides the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// The feature's id.
    Id,
    /// The property at this position of the schema.
    Property(usize),
}

/// One key of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortKey {
    /// What decides.
    pub by: SortBy,
    /// Whether the greatest value comes first. Unknown values come last either way.
    pub descending: bool,
}

/// An order of features: by the first key, among those alike by the second, and so on; at last in the order of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort(pub Vec<SortKey>);

/// The value of a key, as a cursor keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SortValue {
    /// Not known.
    Unknown,
    /// A number that orders as the value does.
    Rank(i64),
    /// A text, or its beginning where `whole` is false.
    Text {
        /// The text.
        text: String,
        /// Whether it is all of it.
        whole: bool,
    },
}

/// Keys taken, at the most; every feature's place is settled long before.
const MOST: usize = 16;

impl Sort {
    /// The names by which features can be sorted: the id, and every property whose values have an order.
    pub fn names(schema: &Schema) -> Vec<&str> {
        let sortable = schema.properties.iter().filter(|property| property.kind.is_sortable());
        std::iter::once(schema.id_name()).chain(sortable.map(|property| property.name.as_str())).collect()
    }

    /// Parses names separated by commas, each after `+` (the default: least first) or `-`. A plus sign that was not percent-encoded
    /// arrives as a space.
    ///
    /// # Errors
    /// When a name is not one of [`Sort::names`], or there are more than 16.
    pub(super) fn parse(value: &str, schema: &Schema) -> Result<Self, QueryError> {
        let known = Self::names(schema);
        let mut keys = Vec::new();
        let read = each(value, |rest| {
            // A name may begin with a sign of its own.
            let signed = rest.strip_prefix(['+', ' ', '-']).and_then(|name| find(name, &known));
            let (index, length) = signed.or_else(|| find(rest, &known))?;
            let by = match index {
                0 => SortBy::Id,
                _ => SortBy::Property(schema.position(known[index])?),
            };
            keys.push(SortKey { by, descending: signed.is_some() && rest.starts_with('-') });
            Some(length + usize::from(signed.is_some()))
        });
        read.map_err(|part| no_such_name("sortby", part.strip_prefix(['+', ' ', '-']).unwrap_or(part), &known))?;
        match keys.len() {
            0..=MOST => Ok(Self(keys)),
            given => Err(QueryError::TooMany { parameter: "sortby", given, most: MOST }),
        }
    }

    /// The order in one fixed spelling; part of what a cursor belongs to, so types are named too.
    pub(super) fn canonical(&self, schema: &Schema) -> String {
        let spell = |key: &SortKey| {
            let sign = if key.descending { '-' } else { '+' };
            match key.by {
                SortBy::Id => format!("{sign}id"),
                SortBy::Property(index) => format!("{sign}{:?}:{:?}", schema.properties[index].name, schema.properties[index].kind),
            }
        };
        self.0.iter().map(spell).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Property};

    fn parse(value: &str) -> Result<String, String> {
        let property = |(name, kind): (&str, Kind)| Property::new(name, kind);
        let names = [("a", Kind::Integer), ("a,b", Kind::Text), ("list", Kind::List), ("id", Kind::Text), ("-c", Kind::Text)];
        let schema = Schema { properties: names.into_iter().map(property).collect() };
        let sort = Sort::parse(value, &schema).map_err(|error| error.to_string())?;
        Ok(sort.canonical(&schema))
    }

    #[test]
    fn signs_and_names() {
        assert_eq!(parse("a").as_deref(), Ok("+\"a\":Integer"));
        assert_eq!(parse("-a, a,b,+id").as_deref(), Ok("-\"a\":Integer,+\"a,b\":Text,+\"id\":Text"));
        assert_eq!(parse("-id_").as_deref(), Ok("-id"));
        assert_eq!(parse("-c,--c").as_deref(), Ok("+\"-c\":Text,-\"-c\":Text"));
    }

    #[test]
    fn what_has_no_order_is_not_known() {
        assert_eq!(parse("list").unwrap_err(), "sortby: there is no \"list\" here; there are id_, a, a,b, id, -c");
        for bad in ["", "a,", "--a", "+", "A"] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
        assert!(parse(&["a"; 17].join(",")).unwrap_err().contains("17 given"));
    }
}
