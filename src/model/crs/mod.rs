//! Coordinate reference systems: which one a text names, and the way from its coordinates to CRS84 and back.
//!
//! # The libraries, and why these
//!
//! `proj4rs` computes (MIT or Apache-2.0, pure Rust, two small crates), `crs-definitions` holds EPSG's systems as PROJ.4 texts (CC0, 0.7 MB
//! of text, no dependency). PROJ itself would need a C++ compiler, CMake and its data base of 9 MB beside the program. `geodesy` has the
//! better model of transformations, but neither definitions by EPSG code nor many of the projections (no oblique stereographic, no
//! polyconic, no Krovak): it knows what to do only once it is told how. The New Zealand Map Grid, which `proj4rs` does not have, is here.
//!
//! The price is that PROJ.4 texts are silent where no shift between datums is known, and coordinates then lie hundreds of metres off.
//! So `data/crs/epsg.tsv` lists the codes that were compared with PROJ 9.5 at three points of their area each and agree within a
//! metre, with PROJ's own shift where the text has another; a code that is not in it is refused. Where PROJ knows several shifts, each
//! for a part of the area, all of them are known here as well, and the one of a place is chosen as PROJ chooses it (`shift`). How well a
//! shift is known, EPSG says; grids, by which some are known to decimetres, are not used. The systems on WGS 84 itself agree
//! to a millimetre (`tests.rs`). The recipe is `data/recipes/epsg.py`.

mod definition;
mod definition_text;
mod described;
mod envelope;
mod error;
mod name;
#[cfg(test)]
mod national;
mod new_zealand;
mod shift;
mod table;
#[cfg(test)]
mod tests;
mod ways;

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use geo::MapCoords;

use super::{Geometry, Position};

use definition::Found;
pub use definition_text::DefinitionText;
use described::Meant;
pub use error::CrsError;
use name::Id;
use table::{Esri, System};
use ways::Ways;

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
    ways: Option<Arc<Ways>>,
    accuracy_m: Option<[f64; 2]>,
}

/// From here on EPSG's metres of accuracy stand for an accuracy that is not known.
const UNKNOWN_M: f64 = 999.0;

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

impl Crs {
    /// Longitude and latitude in degrees on WGS 84, in this order: how everything is held here.
    pub fn crs84() -> Self {
        Self { id: Id::Crs84, is_north_first: false, ways: None, accuracy_m: None }
    }

    /// The same with heights in metres above the ellipsoid.
    pub fn crs84h() -> Self {
        Self { id: Id::Crs84h, is_north_first: false, ways: None, accuracy_m: None }
    }

    /// A system of EPSG's, geographic or projected.
    ///
    /// # Errors
    /// When the way from it to WGS 84 is not known to a metre.
    pub fn epsg(code: u32) -> Result<Self, CrsError> {
        let id = Id::Epsg(code);
        if matches!(code, 4326 | 4979) {
            return Ok(Self { id, is_north_first: true, ways: None, accuracy_m: None });
        }
        table::find(code).and_then(|system| Self::of(id, &system)).ok_or_else(|| CrsError::Unknown(id.to_string()))
    }

    /// A system by the number that Esri's programs have for it (`wkid`), which is EPSG's or one of their own.
    ///
    /// # Errors
    /// As [`Crs::epsg`].
    pub fn esri(code: u32) -> Result<Self, CrsError> {
        let id = Id::Esri(code);
        let unknown = || CrsError::Unknown(id.to_string());
        match table::find_esri(code).ok_or_else(unknown)? {
            Esri::Epsg(code) => Self::epsg(code),
            Esri::Own(system) => Self::of(id, &system).ok_or_else(unknown),
        }
    }

    fn of(id: Id, system: &System) -> Option<Self> {
        let ways = Some(Arc::new(Ways::new(&system.text, &system.shifts)?));
        let known = system.shifts.iter().map(|shift| shift.accuracy_m).chain(system.accuracy_m).filter(|metres| *metres < UNKNOWN_M);
        let accuracy_m = known.fold(None, |range, metres| {
            let [best, worst] = range.unwrap_or([metres; 2]);
            Some([metres.min(best), metres.max(worst)])
        });
        Some(Self { id, is_north_first: system.is_north_first, ways, accuracy_m })
    }

    fn named(id: Id) -> Result<Self, CrsError> {
        match id {
            Id::Crs84 => Ok(Self::crs84()),
            Id::Crs84h => Ok(Self::crs84h()),
            Id::Epsg(code) => Self::epsg(code),
            Id::Esri(code) => Self::esri(code),
            Id::Own(_) => Err(CrsError::Unknown(id.to_string())),
        }
    }

    /// A system by its parameters.
    fn described(meant: Meant) -> Option<Self> {
        let system = match meant {
            Meant::Known(code) => return Self::epsg(code).ok(),
            Meant::On(base, projection) => table::on(base, &projection)?,
            Meant::Own(text) => System { text: text.into(), is_north_first: false, shifts: Vec::new(), accuracy_m: None },
        };
        let mut hash = DefaultHasher::new();
        system.text.hash(&mut hash);
        Self::of(Id::Own(hash.finish()), &system)
    }

    /// How well the shift from its datum to WGS 84 is known, in metres: the best and the worst, where there is another in each part of its
    /// area; `None` where there is none to do, or nothing known.
    pub fn accuracy_m(&self) -> Option<[f64; 2]> {
        self.accuracy_m
    }

    /// Whether its coordinates are longitude and latitude on WGS 84, so that, east first, there is nothing to convert.
    pub fn is_wgs84(&self) -> bool {
        self.ways.is_none()
    }

    /// Its name: `EPSG:32630`, `OGC:CRS84`.
    pub fn name(&self) -> String {
        self.id.to_string()
    }

    /// Its identifier as OGC's standards write it (OGC 09-048r5): `http://www.opengis.net/def/crs/EPSG/0/32630`.
    pub fn uri(&self) -> String {
        self.id.uri()
    }

    /// Its number in EPSG's list (of a system that only Esri has in theirs, and 0 for one that a file defines); that of WGS 84, whose axes are the other way round, where it is one of OGC's.
    pub fn epsg_code(&self) -> u32 {
        match self.id {
            Id::Crs84 | Id::Crs84h => 4326,
            Id::Epsg(code) | Id::Esri(code) => code,
            Id::Own(_) => 0,
        }
    }

    /// Whether EPSG or OGC defines it, so that files and addresses can name it to any program.
    pub fn is_standard(&self) -> bool {
        matches!(self.id, Id::Crs84 | Id::Crs84h | Id::Epsg(_))
    }

    /// Whether the authority puts the northing or the latitude first.
    pub fn is_north_first(&self) -> bool {
        self.is_north_first
    }

    /// What the coordinates are measured in.
    pub fn unit(&self) -> AxisUnit {
        match &self.ways {
            Some(ways) if !ways.is_in_degrees() => AxisUnit::Length { metres: ways.to_meter() },
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
        match &self.ways {
            None => Position::new(x, y).map_err(|_| outside()),
            Some(ways) => ways.to_crs84([x, y]).ok_or_else(outside),
        }
    }

    /// A position → two coordinates.
    ///
    /// # Errors
    /// When the system has none for it: it lies outside of what the projection shows.
    pub fn from_crs84(&self, position: Position, order: Order) -> Result<[f64; 2], CrsError> {
        let own = match &self.ways {
            None => [position.lon, position.lat],
            Some(ways) => ways.coordinates(position).ok_or_else(|| CrsError::None { system: self.name(), position })?,
        };
        Ok(self.turned(own, order))
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

    /// Reads any of `EPSG:32630`, `[EPSG:32630]`, `ESRI:102003`, `CRS84`, `urn:ogc:def:crs:EPSG::32630`,
    /// `http://www.opengis.net/def/crs/EPSG/0/32630`, well-known text (OGC 01-009 and 18-010r11) and PROJJSON; of the last two the
    /// identifier, and the parameters where it has none that is known.
    ///
    /// # Errors
    /// When it names no system, or one that is not known.
    fn from_str(text: &str) -> Result<Self, CrsError> {
        let text = text.trim();
        if !text.contains(['[', '{']) || text.starts_with('[') {
            return Self::named(name::read(text)?);
        }
        let Found { id, meant, name } = definition::read(text)?;
        match (id.map(Self::named), meant) {
            (Some(Ok(system)), _) => Ok(system),
            (_, Some(meant)) => Self::described(meant).ok_or(CrsError::Anonymous(name)),
            (Some(refused), None) => refused,
            (None, None) => Err(CrsError::Anonymous(name)),
        }
    }
}
