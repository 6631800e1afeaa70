//! Coordinate reference systems: which one a text names, and the way from its coordinates to CRS84 and back.
//!
//! # The libraries, and why these
//!
//! `proj4rs` computes (MIT or Apache-2.0, pure Rust, two small crates), `crs-definitions` holds EPSG's systems as PROJ.4 texts (CC0, 0.7 MB
//! of text, no dependency). PROJ itself would need a C++ compiler, CMake and its data base of 9 MB beside the program. `geodesy` has the
//! better model of transformations, but neither definitions by EPSG code nor many of the projections (no oblique stereographic, no
//! polyconic, no Krovak): it knows what to do only once it is told how.
//!
//! The price is that PROJ.4 texts are silent where no shift between datums is known, and coordinates then lie hundreds of metres off.
//! So `data/crs/epsg.tsv` lists the codes that were compared with PROJ 9.5 at three points of their area each and agree within a
//! metre, with PROJ's own shift where the text has another; a code that is not in it is refused. The systems on WGS 84 itself agree
//! to a millimetre (`tests.rs`). The recipe is `data/recipes/epsg.py`.

mod definition;
mod definition_text;
mod envelope;
mod error;
mod name;
mod table;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use geo::MapCoords;
use proj4rs::{Proj, transform::transform};

use super::{Geometry, Position};

pub use definition_text::DefinitionText;
pub use error::CrsError;
use name::Id;

/// A reference system that coordinates can be converted from and to.
///
/// # Example
/// ```
/// use harmattan::model::{Crs, Order, Position};
/// let utm: Crs = "EPSG:32630".parse().unwrap();
/// assert_eq!(utm.uri(), "http://www.opengis.net/def/crs/EPSG/0/32630");
/// let bamako = utm.to_crs84([-40_970.88, 1_399_050.52], Order::EastFirst).unwrap();
/// assert!((bamako.lon + 7.97522).abs() < 1e-6 && (bamako.lat - 12.60915).abs() < 1e-6);
/// assert!("EPSG:1".parse::<Crs>().is_err());
/// ```
#[derive(Clone)]
pub struct Crs {
    id: Id,
    is_north_first: bool,
    /// None where the coordinates are longitude and latitude on WGS 84 already.
    pair: Option<Arc<Pair>>,
}

/// The system and CRS84, as the library has them.
struct Pair {
    own: Proj,
    crs84: Proj,
}

/// How far the way there and back may lead from where it began, in metres: shifts between datums are undone to some centimetres.
const NEAR: f64 = 10.0;

/// Which of two coordinates comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Easting or longitude first, whatever the authority says: the order in which files store them.
    EastFirst,
    /// As the authority defines the axes of the system: latitude first in EPSG:4326. What standards ask of an interface.
    Authority,
}

/// What the coordinates are measured in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AxisUnit {
    /// Degrees of longitude and latitude.
    Degree,
    /// A length of so many metres: 1 for the metre, 0.3048 for the foot.
    Length {
        /// Metres of one unit.
        metres: f64,
    },
}

impl Pair {
    /// Whether a position has these coordinates. Beyond the edge of its map a projection may find a position all the same, as an
    /// angle goes on beyond a full turn; the way back shows it.
    fn leads_back(&self, Position { lon, lat }: Position, [x, y]: [f64; 2]) -> bool {
        // At the edge itself the position may be on the other side of the map.
        if self.own.is_latlong() || lon.abs() > 179.99 {
            return true;
        }
        let mut point = (lon.to_radians(), lat.to_radians(), 0.0);
        let near = |a: f64, b: f64| (a - b).abs() * self.own.to_meter() < NEAR;
        transform(&self.crs84, &self.own, &mut point).is_ok() && near(point.0, x) && near(point.1, y)
    }
}

impl Crs {
    /// Longitude and latitude in degrees on WGS 84, in this order: how everything is held here.
    pub fn crs84() -> Self {
        Self { id: Id::Crs84, is_north_first: false, pair: None }
    }

    /// The same with heights in metres above the ellipsoid.
    pub fn crs84h() -> Self {
        Self { id: Id::Crs84h, is_north_first: false, pair: None }
    }

    /// A system of EPSG's, geographic or projected.
    ///
    /// # Errors
    /// When the way from it to WGS 84 is not known to a metre.
    pub fn epsg(code: u32) -> Result<Self, CrsError> {
        let id = Id::Epsg(code);
        if matches!(code, 4326 | 4979) {
            return Ok(Self { id, is_north_first: true, pair: None });
        }
        let system = table::find(code).ok_or_else(|| CrsError::Unknown(id.to_string()))?;
        let project = |text: &str| Proj::from_proj_string(text).map_err(|_| CrsError::Unknown(id.to_string()));
        let pair = Pair { own: project(&system.text)?, crs84: project(table::CRS84)? };
        Ok(Self { id, is_north_first: system.is_north_first, pair: Some(Arc::new(pair)) })
    }

    /// Whether its coordinates are longitude and latitude on WGS 84, so that, east first, there is nothing to convert.
    pub fn is_wgs84(&self) -> bool {
        self.pair.is_none()
    }

    /// Its name: `EPSG:32630`, `OGC:CRS84`.
    pub fn name(&self) -> String {
        self.id.to_string()
    }

    /// Its identifier as OGC's standards write it (OGC 09-048r5): `http://www.opengis.net/def/crs/EPSG/0/32630`.
    pub fn uri(&self) -> String {
        self.id.uri()
    }

    /// Its number in EPSG's list; that of WGS 84, whose axes are the other way round, where it is one of OGC's.
    pub fn epsg_code(&self) -> u32 {
        match self.id {
            Id::Crs84 | Id::Crs84h => 4326,
            Id::Epsg(code) => code,
        }
    }

    /// Whether the authority puts the northing or the latitude first.
    pub fn is_north_first(&self) -> bool {
        self.is_north_first
    }

    /// What the coordinates are measured in.
    pub fn unit(&self) -> AxisUnit {
        match &self.pair {
            Some(pair) if !pair.own.is_latlong() => AxisUnit::Length { metres: pair.own.to_meter() },
            _ => AxisUnit::Degree,
        }
    }

    /// Two coordinates → a position.
    ///
    /// # Errors
    /// When they are not finite, or no place on the Earth has them.
    pub fn to_crs84(&self, coordinates: [f64; 2], order: Order) -> Result<Position, CrsError> {
        let [x, y] = self.turned(coordinates, order);
        let outside = || CrsError::Outside { system: self.name(), coordinates };
        if !(x.is_finite() && y.is_finite()) {
            return Err(outside());
        }
        let Some(pair) = &self.pair else { return Position::new(x, y).map_err(|_| outside()) };
        let mut point = if pair.own.is_latlong() { (x.to_radians(), y.to_radians(), 0.0) } else { (x, y, 0.0) };
        transform(&pair.own, &pair.crs84, &mut point).map_err(|_| outside())?;
        let position = Position::new(point.0.to_degrees(), point.1.to_degrees()).map_err(|_| outside())?;
        if pair.leads_back(position, [x, y]) { Ok(position) } else { Err(outside()) }
    }

    /// A position → two coordinates.
    ///
    /// # Errors
    /// When the system has none for it: it lies outside of what the projection shows.
    pub fn from_crs84(&self, position: Position, order: Order) -> Result<[f64; 2], CrsError> {
        let Position { lon, lat } = position;
        let Some(pair) = &self.pair else { return Ok(self.turned([lon, lat], order)) };
        let none = || CrsError::None { system: self.name(), position };
        let mut point = (lon.to_radians(), lat.to_radians(), 0.0);
        transform(&pair.crs84, &pair.own, &mut point).map_err(|_| none())?;
        let (x, y, _) = point;
        let own = if pair.own.is_latlong() { [x.to_degrees(), y.to_degrees()] } else { [x, y] };
        if own.iter().all(|number| number.is_finite()) { Ok(self.turned(own, order)) } else { Err(none()) }
    }

    /// A plane geometry of this system → a geometry; edges stay straight between their ends.
    ///
    /// # Errors
    /// As [`Crs::to_crs84`], for its first coordinate that has no position.
    pub fn geometry_to_crs84(&self, plane: &geo::Geometry<f64>, order: Order) -> Result<Geometry, CrsError> {
        let flat = plane.try_map_coords(|coord| {
            let Position { lon, lat } = self.to_crs84([coord.x, coord.y], order)?;
            Ok::<_, CrsError>(geo::coord! { x: lon, y: lat })
        })?;
        Ok(Geometry::new(flat).expect("positions are finite"))
    }

    /// A geometry → its coordinates in this system; heights, which it has beside them, stay as they are.
    ///
    /// # Errors
    /// As [`Crs::from_crs84`], for its first coordinate that has none.
    pub fn geometry_from_crs84(&self, geometry: &Geometry, order: Order) -> Result<geo::Geometry<f64>, CrsError> {
        geometry.flat().try_map_coords(|coord| {
            let [x, y] = self.from_crs84(Position { lon: coord.x, lat: coord.y }, order)?;
            Ok(geo::coord! { x: x, y: y })
        })
    }

    /// From an order of axes to east first, or back: the same thing.
    fn turned(&self, [a, b]: [f64; 2], order: Order) -> [f64; 2] {
        if self.is_north_first && order == Order::Authority { [b, a] } else { [a, b] }
    }
}

impl PartialEq for Crs {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Crs {}

impl fmt::Debug for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crs({})", self.id)
    }
}

impl std::str::FromStr for Crs {
    type Err = CrsError;

    /// Reads any of `EPSG:32630`, `[EPSG:32630]`, `CRS84`, `urn:ogc:def:crs:EPSG::32630`,
    /// `http://www.opengis.net/def/crs/EPSG/0/32630`, well-known text (OGC 01-009 and 18-010r11) and PROJJSON; of the last two the
    /// identifier is read, not the parameters.
    ///
    /// # Errors
    /// When it names no system, or one that is not known.
    fn from_str(text: &str) -> Result<Self, CrsError> {
        let text = text.trim();
        let id = if text.contains(['[', '{']) && !text.starts_with('[') { definition::read(text)? } else { name::read(text)? };
        match id {
            Id::Crs84 => Ok(Self::crs84()),
            Id::Crs84h => Ok(Self::crs84h()),
            Id::Epsg(code) => Self::epsg(code),
        }
    }
}
