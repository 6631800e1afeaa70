//! What can be wrong with a reference system, or with coordinates in it.

use crate::model::Position;

/// Why a text is no system, or coordinates have no place in one.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CrsError {
    /// Not a name of a system.
    #[error("{0:?} names no reference system; expected is one like EPSG:32630 or http://www.opengis.net/def/crs/EPSG/0/32630")]
    Name(String),
    /// A definition that does not say which system it is, nor can be told by its parameters.
    #[error("the definition of {0:?} has no identifier of EPSG or OGC, and its parameters are not all known here")]
    Anonymous(String),
    /// A system without a known way to WGS 84.
    #[error("{0} is not one of the {count} reference systems known here", count = super::table::count())]
    Unknown(String),
    /// Coordinates that are nowhere.
    #[error("{system} has no place with the coordinates {}, {}", coordinates[0], coordinates[1])]
    Outside {
        /// The system.
        system: String,
        /// As given.
        coordinates: [f64; 2],
    },
    /// A place beyond what the projection shows.
    #[error("{system} has no coordinates for longitude {}, latitude {}", position.lon, position.lat)]
    None {
        /// The system.
        system: String,
        /// The place.
        position: Position,
    },
}
