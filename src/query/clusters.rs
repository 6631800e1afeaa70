//! A question for clusters: which features, and how finely they are told apart.

use super::{ItemsQuery, Limits, Params, QueryError, Shape, Systems, filter::Queryable, parameter_queryables};
use crate::model::{Bbox, Collection};

/// Where the box alone says how finely: it is taken to fill this many pixels of a map's width.
const WIDTH: f64 = 1024.0;

const ZOOM: &str = "zoom";

/// Parameters that ask something of features one by one.
const NOT_OF_CLUSTERS: [&str; 6] = ["bbox-crs", "sortby", "resultType", "explain", "offset", "cursor"];

/// A valid question for clusters of one collection's features.
#[derive(Debug, Clone, PartialEq)]
pub struct ClustersQuery {
    /// Which features, and how many clusters at the most.
    pub items: ItemsQuery,
    /// Zoom of the map that they are drawn on: the world is 256 · 2^zoom pixels wide.
    pub zoom: u32,
}

impl ClustersQuery {
    /// The finest zoom taken.
    pub const MOST_ZOOM: u32 = 28;

    /// The parameters that ask for clusters of `collection`, in the order in which they are documented; its queryables come last.
    pub fn parameters(collection: &Collection) -> Vec<&str> {
        let mut names = Self::own_parameters(collection);
        names.extend(Self::queryables(collection).iter().map(|queryable| queryable.name));
        names
    }

    /// Those that are not a queryable's: as its features have them, but for those that ask something of each feature, and of
    /// the page: clusters come on one.
    pub fn own_parameters(collection: &Collection) -> Vec<&str> {
        let mut names = ItemsQuery::own_parameters(collection);
        names.retain(|name| !NOT_OF_CLUSTERS.contains(name) && !Shape::PARAMETERS.contains(name));
        names.push(ZOOM);
        names
    }

    /// The queryables that are parameters; one that is called as a parameter of clusters is reached by `filter`.
    pub fn queryables(collection: &Collection) -> Vec<Queryable<'_>> {
        let mut queryables = parameter_queryables(collection);
        queryables.retain(|queryable| queryable.name != ZOOM);
        queryables
    }

    /// Parses the parameters; those that belong to the answer's form (`f`, `lang`) are the caller's.
    ///
    /// # Errors
    /// The first parameter that breaks its rule.
    pub fn parse(params: &Params, collection: &Collection, limits: Limits) -> Result<Self, QueryError> {
        // Cells are counted along meridians and parallels.
        let limits = Limits { systems: Systems::plain(), ..limits };
        let items = ItemsQuery::parse(&params.without(ZOOM), collection, limits)?;
        let zoom = match params.get(ZOOM) {
            Some(value) => zoom(value)?,
            None => items.filter.bbox.as_ref().map_or(0, fitting),
        };
        Ok(Self { items, zoom })
    }

    /// The whole query in one fixed spelling: two requests with the same one have the same answer.
    pub fn canonical(&self) -> String {
        format!("{}&zoom={}", self.items.canonical(), self.zoom)
    }
}

fn zoom(value: &str) -> Result<u32, QueryError> {
    let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let number = plain.then(|| value.parse().ok()).flatten();
    let rule = || QueryError::Range { parameter: ZOOM, value: value.to_owned(), least: 0, most: ClustersQuery::MOST_ZOOM };
    number.filter(|zoom| *zoom <= ClustersQuery::MOST_ZOOM).ok_or_else(rule)
}

/// The zoom at which a box fills [`WIDTH`].
fn fitting(bbox: &Bbox) -> u32 {
    let [west, _, east, _] = bbox.edges();
    let degrees = if west > east { east - west + 360.0 } else { east - west };
    let zoom = (WIDTH / 256.0 * 360.0 / degrees).log2().floor();
    // A box without width is one point: as finely as can be.
    zoom.clamp(0.0, f64::from(ClustersQuery::MOST_ZOOM)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zoom_is_a_whole_number_in_range() {
        assert_eq!((zoom("0"), zoom("28")), (Ok(0), Ok(28)));
        for bad in ["", "-1", "29", "1.5", "1e1", " 1", "99999999999999999999"] {
            assert_eq!(zoom(bad).unwrap_err().to_string(), format!("zoom: {bad:?} is not a whole number from 0 to 28"));
        }
    }

    #[test]
    fn a_box_without_a_zoom_fills_a_map() {
        let zoom = |west, east| fitting(&Bbox::new(west, 0.0, east, 1.0).unwrap());
        assert_eq!(zoom(-180.0, 180.0), 2);
        assert_eq!(zoom(0.0, 90.0), 4);
        assert_eq!(zoom(170.0, -100.0), 4, "across the antimeridian");
        assert_eq!(zoom(7.0, 7.0), 28);
    }
}
