//! What a request may ask, parsed into types that are valid by existing.
//!
//! [`Params`] splits the query string; each file below parses one parameter and names, in its error, the parameter, the value and the
//! rule; [`filter`] is the language of conditions. [`ItemsQuery`] is a whole question to a collection. Nothing here knows HTTP.

mod bbox;
mod clusters;
mod cursor;
mod datetime;
mod error;
pub mod filter;
mod filtering;
mod items;
mod number;
mod params;

pub use clusters::ClustersQuery;
pub use cursor::{Cursor, Key};
pub use datetime::{Certainty, TimeFilter};
pub use error::QueryError;
pub use filtering::{FILTER_CRS, FILTER_LANGS, parameter_queryables};
pub use items::{CRS84, CRS84H, Filter, ItemsQuery, Limits, Start, crs, view};
pub use number::{limit, offset};
pub use params::Params;
