//! The geometry column: every shape of a table in binary, exact doubles.
//!
//! Points are two doubles each; anything else is WKB ([`wkb`]) with its box beside it.

use std::{io, sync::OnceLock};

use super::{
    array::Array,
    sections::{Damage, Part, Sink},
    texts::Ends,
    types::Types,
};
use crate::model::{Geometry, Position, Rect, ShapeColumn, border, wkb};

/// The shapes of the first positions of a table; those after them have none.
#[derive(Debug)]
pub(super) enum Shapes {
    /// All are points without heights: longitude and latitude.
    Points(Array<[f64; 2]>),
    /// Some are something else.
    Any(Any),
}

/// Shapes of any type.
#[derive(Debug)]
pub(super) struct Any {
    bytes: Array<u8>,
    ends: Ends,
    /// West, south, east and north edge of the box of each.
    boxes: Array<[f64; 4]>,
    /// Lowest and highest height of each in metres, not a number for those without; only where any has heights.
    heights: Option<Array<[f64; 2]>>,
    /// Found out when it is first asked.
    types: OnceLock<Types>,
}

/// The box of nothing.
const NOWHERE: Rect = Rect { min_x: f64::INFINITY, min_y: f64::INFINITY, max_x: f64::NEG_INFINITY, max_y: f64::NEG_INFINITY };

impl Shapes {
    /// Writes the shapes of some rows, all of which have one.
    pub(super) fn write(shapes: &ShapeColumn, located: &[u32], sink: &mut Sink<'_>) -> io::Result<Self> {
        let each = || located.iter().map(|row| shapes.wkb(*row as usize).unwrap_or_default());
        if let Some(points) = each().map(wkb::point).collect::<Option<Vec<_>>>() {
            return Ok(Self::Points(sink.put("points", points)?));
        }
        let bounds = each().map(|bytes| wkb::bounds(bytes).unwrap_or((NOWHERE, None))).collect::<Vec<_>>();
        let boxes = bounds.iter().map(|(rect, _)| [rect.min_x, rect.min_y, rect.max_x, rect.max_y]).collect();
        let heights = if bounds.iter().any(|(_, heights)| heights.is_some()) {
            let ranges = bounds.iter().map(|(_, heights)| heights.map_or([f64::NAN; 2], |(low, high)| [low, high]));
            Some(sink.put("heights", ranges.collect())?)
        } else {
            None
        };
        let ends = Ends::write(each().map(<[u8]>::len), sink, "shapes")?;
        let bytes = sink.put("shapes", each().collect::<Vec<_>>().concat())?;
        Ok(Self::Any(Any { bytes, ends, boxes: sink.put("boxes", boxes)?, heights, types: OnceLock::new() }))
    }

    pub(super) fn open(part: &Part<'_>, located: usize) -> Result<Self, Damage> {
        if part.has("points") {
            return Ok(Self::Points(part.array("points", located)?));
        }
        let heights = part.has("heights").then(|| part.array("heights", located)).transpose()?;
        let ends = Ends::open(part, "shapes", located)?;
        Ok(Self::Any(Any { bytes: part.values("shapes")?, ends, boxes: part.array("boxes", located)?, heights, types: OnceLock::new() }))
    }

    /// How many positions have a shape.
    pub(super) fn len(&self) -> u32 {
        match self {
            Self::Points(points) => points.len() as u32,
            Self::Any(any) => any.boxes.len() as u32,
        }
    }

    /// The shape at a position.
    pub(super) fn get(&self, position: u32) -> Option<Geometry> {
        match self {
            Self::Points(_) => self.point(position).map(|[lon, lat]| Geometry::point(Position { lon, lat })),
            Self::Any(any) => wkb::read(any.wkb(position)),
        }
    }

    /// Longitude and latitude of the shape at a position, where it is a point without a height.
    #[inline]
    pub(super) fn point(&self, position: u32) -> Option<[f64; 2]> {
        match self {
            // A damaged file can hold numbers that are no coordinates.
            Self::Points(points) => points.get(position as usize).copied().filter(|[x, y]| x.is_finite() && y.is_finite()),
            Self::Any(any) => wkb::point(any.wkb(position)).filter(|[x, y]| x.is_finite() && y.is_finite()),
        }
    }

    /// Whether the shape at a position is a point, a line or a polygon, which are connected; other types need not be.
    pub(super) fn is_connected(&self, position: u32) -> bool {
        match self {
            Self::Points(_) => true,
            Self::Any(any) => wkb::is_connected(any.wkb(position)),
        }
    }

    /// Whether the shape at a position meets a rectangle, exactly ([`Geometry::meets`]).
    pub(super) fn meets(&self, position: u32, rect: &Rect) -> bool {
        let told = match self {
            Self::Points(_) => None,
            Self::Any(any) => border::meets(any.wkb(position), rect),
        };
        told.unwrap_or_else(|| self.get(position).is_some_and(|shape| shape.meets(rect)))
    }

    /// The types of all of them.
    pub(super) fn types(&self) -> Types {
        match self {
            Self::Points(_) => Types::POINTS,
            Self::Any(any) => {
                let each = || (0..self.len()).filter_map(|position| wkb::kind(any.wkb(position)));
                *any.types.get_or_init(|| Types::of(each()))
            }
        }
    }

    /// The box of the shape at a position; an inverted one where there is no shape.
    #[inline]
    pub(super) fn bounds(&self, position: u32) -> Rect {
        let at = position as usize;
        match self {
            Self::Points(points) => points.get(at).map_or(NOWHERE, |[x, y]| Rect { min_x: *x, min_y: *y, max_x: *x, max_y: *y }),
            Self::Any(any) => any.boxes.get(at).map_or(NOWHERE, |[min_x, min_y, max_x, max_y]| Rect {
                min_x: *min_x,
                min_y: *min_y,
                max_x: *max_x,
                max_y: *max_y,
            }),
        }
    }

    /// Whether a shape meets a range of heights; shapes without heights meet every range.
    pub(super) fn meets_heights(&self, position: u32, (bottom, top): (f64, f64)) -> bool {
        let Self::Any(Any { heights: Some(heights), .. }) = self else { return true };
        heights.get(position as usize).is_none_or(|[low, high]| low.is_nan() || *low <= top && bottom <= *high)
    }
}

impl Any {
    fn wkb(&self, position: u32) -> &[u8] {
        let position = position as usize;
        if position >= self.ends.len() {
            return &[];
        }
        self.bytes.get(self.ends.start(position)..self.ends.end(position)).unwrap_or_default()
    }
}
