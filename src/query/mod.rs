//! What a request may ask, parsed into types that are valid by existing.
//!
//! [`Params`] splits the query string; each file below parses one parameter and names, in its error, the parameter, the value and the
//! rule; [`filter`] is the language of conditions. [`ItemsQuery`] is a whole question to a collection. Nothing here knows HTTP.

mod bbox;
mod budget;
mod clusters;
mod counts;
mod cursor;
mod datetime;
mod error;
mod explain;
mod fields;
pub mod filter;
mod filtering;
mod items;
mod names;
mod number;
mod params;
mod place;
mod shape;
mod sort;
mod systems;
mod text;
mod tile;
mod window;

pub use budget::Budget;
pub use clusters::ClustersQuery;
pub use counts::CountsQuery;
pub use cursor::{Cursor, Key};
pub use datetime::{Certainty, TimeFilter};
pub use error::QueryError;
pub use explain::Explain;
pub use fields::Fields;
pub use filtering::{FILTER_LANGS, parameter_queryables};
pub use items::{CRS84, CRS84H, Filter, ItemsQuery, Limits, Start, choice, view};
pub use number::{limit, offset};
pub use params::Params;
pub use place::{LONGEST_NAME, PlaceQuery, country, lon_lat, name, place_limit, position};
pub use shape::Shape;
pub use sort::{Sort, SortBy, SortKey, SortValue};
pub use systems::Systems;
pub use text::TextQuery;
pub use tile::TileQuery;
pub use window::Window;
