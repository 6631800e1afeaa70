//! From the coordinates of a system to WGS 84 and back: the library's projections and shifts, and what it does not have.

use std::borrow::Cow;

use proj4rs::{Proj, transform::transform};

use super::{
    new_zealand,
    shift::{self, Shift},
};
use crate::model::Position;

/// CRS84 as a PROJ.4 text.
const CRS84: &str = "+proj=longlat +datum=WGS84 +no_defs";
/// What begins the definition of the one projection that the library does not have.
const MAP_GRID: &str = "+proj=nzmg ";
/// What that definition says of the projection itself.
const OF_MAP_GRID: [&str; 6] = ["+proj=", "+lat_0=", "+lon_0=", "+x_0=", "+y_0=", "+units="];

/// How far the way there and back may lead from where it began, in metres: shifts between datums are undone to some centimetres.
const NEAR: f64 = 10.0;

/// The ways between a system and CRS84; several where its datum has another shift in each part of its area.
pub(super) struct Ways {
    all: Vec<Way>,
    crs84: Proj,
    /// Whether the New Zealand Map Grid lies between the coordinates and what the library has.
    is_map_grid: bool,
}

/// One of them, and the shift on it where there are several.
struct Way {
    own: Proj,
    shift: Option<Shift>,
}

impl Ways {
    /// The ways of a definition; `None` where the library does not understand it. `shifts` is empty where the definition has its own.
    pub(super) fn new(text: &str, shifts: &[Shift]) -> Option<Self> {
        let is_map_grid = text.starts_with(MAP_GRID);
        let text = if is_map_grid { Cow::Owned(under_map_grid(text)) } else { Cow::Borrowed(text) };
        let way = |text: &str, shift| Some(Way { own: Proj::from_proj_string(text).ok()?, shift });
        let all = match shifts {
            [] => vec![way(&text, None)?],
            _ => shifts.iter().map(|shift| way(&shifted(&text, shift.parameters), Some(*shift))).collect::<Option<_>>()?,
        };
        Some(Self { all, crs84: Proj::from_proj_string(CRS84).ok()?, is_map_grid })
    }

    /// Whether the coordinates are degrees of longitude and latitude.
    pub(super) fn is_in_degrees(&self) -> bool {
        !self.is_map_grid && self.all[0].own.is_latlong()
    }

    /// Metres of one unit of the coordinates.
    pub(super) fn to_meter(&self) -> f64 {
        if self.is_map_grid { 1.0 } else { self.all[0].own.to_meter() }
    }

    /// Finite coordinates → a position on WGS 84; `None` where no place has them.
    pub(super) fn to_crs84(&self, point: [f64; 2]) -> Option<Position> {
        let first = self.all.first()?;
        let mut way = first;
        let mut position = self.there(way, point)?;
        if let Some(chosen) = self.choose(position).filter(|chosen| !std::ptr::eq(*chosen, first)) {
            way = chosen;
            position = self.there(way, point)?;
        }
        self.leads_back(way, position, point).then_some(position)
    }

    /// A position on WGS 84 → its coordinates; `None` where it has none, or none that are finite.
    pub(super) fn coordinates(&self, position: Position) -> Option<[f64; 2]> {
        self.back(self.choose(position)?, position)
    }

    /// The way at a place.
    fn choose(&self, position: Position) -> Option<&Way> {
        match &self.all[..] {
            [way] => Some(way),
            all => all.get(shift::choose(all.iter().filter_map(|way| way.shift.as_ref()), position)?),
        }
    }

    fn there(&self, way: &Way, point: [f64; 2]) -> Option<Position> {
        let [x, y] = if self.is_map_grid { new_zealand::inverse(point)? } else { point };
        let mut point = if way.own.is_latlong() { (x.to_radians(), y.to_radians(), 0.0) } else { (x, y, 0.0) };
        transform(&way.own, &self.crs84, &mut point).ok()?;
        Position::new(point.0.to_degrees(), point.1.to_degrees()).ok()
    }

    fn back(&self, way: &Way, Position { lon, lat }: Position) -> Option<[f64; 2]> {
        let mut point = (lon.to_radians(), lat.to_radians(), 0.0);
        transform(&self.crs84, &way.own, &mut point).ok()?;
        let (x, y, _) = point;
        let own = if way.own.is_latlong() { [x.to_degrees(), y.to_degrees()] } else { [x, y] };
        let own = if self.is_map_grid { new_zealand::forward(own)? } else { own };
        own.iter().all(|number| number.is_finite()).then_some(own)
    }

    /// Whether a position has these coordinates. Beyond the edge of its map a projection may find a position all the same, as an
    /// angle goes on beyond a full turn; the way back shows it.
    fn leads_back(&self, way: &Way, position: Position, [x, y]: [f64; 2]) -> bool {
        // At the edge itself the position may be on the other side of the map.
        if self.is_in_degrees() || position.lon.abs() > 179.99 {
            return true;
        }
        let near = |a: f64, b: f64| (a - b).abs() * self.to_meter() < NEAR;
        self.back(way, position).is_some_and(|[own_x, own_y]| near(own_x, x) && near(own_y, y))
    }
}

/// The system of longitudes and latitudes that the New Zealand Map Grid is made of.
fn under_map_grid(text: &str) -> String {
    let kept = text.split_whitespace().filter(|part| !OF_MAP_GRID.iter().any(|own| part.starts_with(own)));
    std::iter::once("+proj=longlat").chain(kept).collect::<Vec<_>>().join(" ")
}

/// A definition with another shift to WGS 84; a datum that stands for a shift becomes the ellipsoid that it is on.
pub(super) fn shifted(text: &str, shift: &str) -> String {
    let own = text.split_whitespace().filter(|part| !part.starts_with("+towgs84=") && !part.starts_with("+nadgrids="));
    let own = own.map(|part| match part {
        "+datum=WGS84" => "+ellps=WGS84",
        "+datum=NAD83" => "+ellps=GRS80",
        "+datum=NAD27" => "+ellps=clrk66",
        "+datum=nzgd49" => "+ellps=intl",
        "+datum=potsdam" | "+datum=hermannskogel" => "+ellps=bessel",
        "+datum=carthage" => "+a=6378249.2 +b=6356515",
        "+datum=OSGB36" => "+ellps=airy",
        "+datum=ire65" => "+ellps=mod_airy",
        part => part,
    });
    format!("{} +towgs84={shift}", own.collect::<Vec<_>>().join(" "))
}
