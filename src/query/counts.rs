//! A question for counts: how many features have which value, and how many there were when.

use super::{ItemsQuery, Limits, Params, QueryError, Shape, Systems, filter::Queryable, names, parameter_queryables};
use crate::model::{Collection, Kind};

const BY: &str = "by";
const BINS: &str = "bins";

/// Most stretches of time.
const MOST_BINS: u32 = 1000;
/// Most properties at once.
const MOST_PROPERTIES: usize = 16;

/// Parameters that ask something of features one by one, or of a page.
const NOT_OF_COUNTS: [&str; 8] = ["bbox-crs", "q", "sortby", "resultType", "explain", "limit", "offset", "cursor"];

/// A valid question for counts of one collection's features.
#[derive(Debug, Clone, PartialEq)]
pub struct CountsQuery {
    /// Which features.
    pub items: ItemsQuery,
    /// The properties whose values are counted, by their positions in the schema.
    pub by: Vec<usize>,
    /// Into how many stretches of the same length time is divided; 0 where that is not asked.
    pub bins: u32,
}

impl CountsQuery {
    /// The parameters that ask for counts of `collection`, in the order in which they are documented; its queryables come last.
    pub fn parameters(collection: &Collection) -> Vec<&str> {
        let mut names = Self::own_parameters(collection);
        names.extend(Self::queryables(collection).iter().map(|queryable| queryable.name));
        names
    }

    /// Those that are not a queryable's.
    pub fn own_parameters(collection: &Collection) -> Vec<&str> {
        let mut names = ItemsQuery::own_parameters(collection);
        names.retain(|name| !NOT_OF_COUNTS.contains(name) && !Shape::PARAMETERS.contains(name));
        names.extend([BY, BINS]);
        names
    }

    /// The queryables that are parameters; one that is called as a parameter of counts is reached by `filter`.
    fn queryables(collection: &Collection) -> Vec<Queryable<'_>> {
        let mut queryables = parameter_queryables(collection);
        queryables.retain(|queryable| ![BY, BINS].contains(&queryable.name));
        queryables
    }

    /// Parses the parameters; those that belong to the answer's form (`f`, `lang`) are the caller's.
    ///
    /// # Errors
    /// The first parameter that breaks its rule.
    pub fn parse(params: &Params, collection: &Collection) -> Result<Self, QueryError> {
        let limits = Limits { default: 1, most: 1, systems: Systems::plain() };
        let items = ItemsQuery::parse(&params.without(BY).without(BINS), collection, limits)?;
        let mut by = Vec::new();
        if let Some(value) = params.get(BY) {
            // What is a list or a structure has no one value.
            let countable =
                collection.schema.properties.iter().enumerate().filter(|(_, property)| !matches!(property.kind, Kind::List | Kind::Json));
            let countable = countable.map(|(index, property)| (index, property.name.as_str())).collect::<Vec<_>>();
            let known = countable.iter().map(|(_, name)| *name).collect::<Vec<_>>();
            names::list(BY, value, &known, |place| by.push(countable[place].0))?;
            if by.len() > MOST_PROPERTIES {
                return Err(QueryError::TooMany { parameter: BY, given: by.len(), most: MOST_PROPERTIES });
            }
        }
        let bins = params.get(BINS).map_or(Ok(0), bins)?;
        Ok(Self { items, by, bins })
    }

    /// The whole query in one fixed spelling.
    pub fn canonical(&self) -> String {
        format!("{}&by={:?}&bins={}", self.items.canonical(), self.by, self.bins)
    }
}

fn bins(value: &str) -> Result<u32, QueryError> {
    let plain = value.bytes().all(|byte| byte.is_ascii_digit());
    let number = if plain { value.parse().ok() } else { None };
    let rule = || QueryError::Range { parameter: BINS, value: value.to_owned(), least: 1, most: MOST_BINS };
    number.filter(|bins| (1..=MOST_BINS).contains(bins)).ok_or_else(rule)
}
