//! Pages of features in the forms that clients take: one file for each form.

pub mod clusters;
pub mod counts;
pub mod csv;
pub mod geojson;
pub mod gzip;
pub mod html;
mod link;
pub mod mvt;
pub mod pmtiles;
pub mod shaped;

pub use link::{Link, push_query, query_string, segment};
