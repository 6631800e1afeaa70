//! Pages of features in the forms that clients take: one file for each form.

mod about;
pub mod clusters;
pub mod conflicts;
pub mod counts;
pub mod csv;
mod encoding;
mod fields;
pub mod flatgeobuf;
mod follow;
pub mod geojson;
pub mod geopackage;
pub mod geoparquet;
pub mod gzip;
pub mod html;
pub mod jsonfg;
pub mod kml;
mod link;
pub mod mvt;
mod parts;
pub mod pmtiles;
pub mod qlr;
mod said;
pub mod shaped;
mod summary;
mod whole;
mod wire;
mod xml;

pub use encoding::{About, Encoding};
pub use link::{Link, Others, push_query, query_string, segment, write_links, write_links_and_others};
pub use parts::Parts;
pub use whole::Whole;
