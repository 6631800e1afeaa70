//! A question for a tile: which features are drawn on it.

use super::{Filter, ItemsQuery, Limits, Params, QueryError, Systems, filtering::PARAMETERS, parameter_queryables};
use crate::model::Collection;

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
    /// The parameters that choose the features of `collection`; its queryables come last.
    pub fn parameters(collection: &Collection) -> Vec<&str> {
        let mut names = Self::own_parameters(collection);
        names.extend(parameter_queryables(collection).iter().map(|queryable| queryable.name));
        names
    }

    /// Those that are not a queryable's.
    pub fn own_parameters(collection: &Collection) -> Vec<&str> {
        let mut names = vec!["datetime", "certainty"];
        names.extend(PARAMETERS);
        names.extend(collection.views.as_ref().map(|views| views.parameter.as_str()));
        names
    }

    /// Parses the parameters, which are those named above.
    ///
    /// # Errors
    /// The first parameter that breaks its rule.
    pub fn parse(params: &Params, collection: &Collection) -> Result<Self, QueryError> {
        let items = ItemsQuery::parse(params, collection, Limits { default: 1, most: 1, systems: Systems::plain() })?;
        Ok(Self { view: items.view, canonical: items.canonical(), filter: items.filter })
    }

    /// The whole query in one fixed spelling.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }
}
