//! Well-known binary → a geometry, unchecked, curves as lines: that of OGC 06-103r4 (clause 8), of ISO 13249-3, and PostGIS's extension of it.

mod curves;

use super::{
    fault::Rule,
    shape::{Nest, Shape},
};

/// Collections within collections at the most.
const MOST_NESTED: usize = 128;

/// Bits by which PostGIS says what coordinates have.
const HAS_Z: u32 = 0x8000_0000;
const HAS_M: u32 = 0x4000_0000;
const HAS_SRID: u32 = 0x2000_0000;

/// Reads a geometry, which must fill `bytes`, and says whether it has measures, which are left out.
pub(super) fn read(bytes: &[u8]) -> Result<(Shape, bool), Rule> {
    let mut reader = Reader::new(bytes);
    Ok((reader.whole()?, reader.has_measures))
}

/// The same with the number that PostGIS gives its reference system, where it has one.
pub(super) fn read_numbered(bytes: &[u8]) -> Result<(Shape, Option<u32>), Rule> {
    let mut reader = Reader::new(bytes);
    Ok((reader.whole()?, reader.number_of_system))
}

fn damaged(what: impl Into<String>) -> Rule {
    Rule::Damaged(what.into())
}

struct Reader<'b> {
    /// What is left.
    bytes: &'b [u8],
    is_little: bool,
    has_measures: bool,
    /// PostGIS's number of the system.
    number_of_system: Option<u32>,
    /// How many its arcs have so far.
    corners: usize,
}

/// What a geometry begins with.
#[derive(Clone, Copy)]
struct Head {
    kind: u32,
    has_z: bool,
    has_m: bool,
}

impl Head {
    /// Numbers of a position.
    fn numbers(self) -> usize {
        2 + usize::from(self.has_z) + usize::from(self.has_m)
    }
}

impl<'b> Reader<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, is_little: true, has_measures: false, number_of_system: None, corners: 0 }
    }

    /// The geometry, after which nothing may stand.
    fn whole(&mut self) -> Result<Shape, Rule> {
        let shape = self.shape(MOST_NESTED)?;
        match self.bytes.len() {
            0 => Ok(shape),
            more => Err(damaged(format!("{more} bytes stand after the end of its geometry"))),
        }
    }

    fn head(&mut self) -> Result<Head, Rule> {
        let [order] = self.array()?;
        if order > 1 {
            return Err(damaged(format!("byte order {order}, where there are 0 and 1")));
        }
        self.is_little = order == 1;
        let word = self.word()?;
        if word & HAS_SRID != 0 {
            self.number_of_system = Some(self.word()?);
        }
        let plain = word & !(HAS_Z | HAS_M | HAS_SRID);
        let (thousands, kind) = (plain / 1000, plain % 1000);
        if thousands > 3 {
            return Err(Rule::Type(format!("{plain} of well-known binary")));
        }
        let has_z = word & HAS_Z != 0 || matches!(thousands, 1 | 3);
        let has_m = word & HAS_M != 0 || thousands > 1;
        self.has_measures |= has_m;
        Ok(Head { kind, has_z, has_m })
    }

    fn shape(&mut self, depth: usize) -> Result<Shape, Rule> {
        if depth == 0 {
            return Err(Rule::TooDeep);
        }
        let head = self.head()?;
        Ok(match head.kind {
            1 => Shape::Point(self.point(head)?),
            2 => Shape::LineString(self.line(head)?),
            3 => Shape::Polygon(self.rings(head)?),
            4 => Shape::MultiPoint(self.parts(1, Self::point)?),
            5 => Shape::MultiLineString(self.parts(2, Self::line)?),
            6 => Shape::MultiPolygon(self.parts(3, Self::rings)?),
            7 => {
                let count = self.count(5)?;
                Shape::Collection((0..count).map(|_| self.shape(depth - 1)).collect::<Result<_, _>>()?)
            }
            8 | 9 => Shape::LineString(self.curve(head)?),
            10 => Shape::Polygon(self.surface(head)?),
            11 => Shape::MultiLineString(self.members(Self::curve)?),
            12 => Shape::MultiPolygon(self.members(Self::surface)?),
            15 => Shape::MultiPolygon(self.parts(3, Self::rings)?),
            16 => Shape::MultiPolygon(self.parts(17, Self::rings)?),
            17 => Shape::Polygon(self.rings(head)?),
            other => return Err(Rule::Type(name(other))),
        })
    }

    /// A position; one of no numbers is an empty point.
    fn point(&mut self, head: Head) -> Result<Nest, Rule> {
        match self.position(head)? {
            Nest::Position { numbers: [x, y, _], .. } if x.is_nan() && y.is_nan() => Ok(Nest::List(Vec::new())),
            at => Ok(at),
        }
    }

    fn line(&mut self, head: Head) -> Result<Nest, Rule> {
        let count = self.count(head.numbers() * size_of::<f64>())?;
        (0..count).map(|_| self.position(head)).collect::<Result<_, _>>().map(Nest::List)
    }

    fn rings(&mut self, head: Head) -> Result<Nest, Rule> {
        let count = self.count(size_of::<u32>())?;
        (0..count).map(|_| self.line(head)).collect::<Result<_, _>>().map(Nest::List)
    }

    /// The parts of a geometry of many, each with a head of its own, of one type; empty points among them are left out.
    fn parts(&mut self, kind: u32, part: fn(&mut Self, Head) -> Result<Nest, Rule>) -> Result<Nest, Rule> {
        let count = self.count(5)?;
        let mut parts = Vec::new();
        for _ in 0..count {
            let head = self.head()?;
            if head.kind != kind {
                return Err(damaged(format!("a part is a {}, where it must be a {}", name(head.kind), name(kind))));
            }
            match part(self, head)? {
                Nest::List(list) if list.is_empty() => {}
                part => parts.push(part),
            }
        }
        Ok(Nest::List(parts))
    }

    fn position(&mut self, head: Head) -> Result<Nest, Rule> {
        let (x, y) = (self.number()?, self.number()?);
        let z = if head.has_z { self.number()? } else { 0.0 };
        if head.has_m {
            self.number()?;
        }
        Ok(Nest::Position { numbers: [x, y, z], count: if head.has_z { 3 } else { 2 } })
    }

    /// How many follow, each of `least` bytes or more: what is not there is not counted.
    fn count(&mut self, least: usize) -> Result<usize, Rule> {
        let count = self.word()? as usize;
        if count > self.bytes.len() / least {
            return Err(damaged(format!("its geometry counts {count} parts where {} bytes are left", self.bytes.len())));
        }
        Ok(count)
    }

    fn word(&mut self) -> Result<u32, Rule> {
        let bytes = self.array()?;
        Ok(if self.is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn number(&mut self) -> Result<f64, Rule> {
        let bytes = self.array()?;
        Ok(if self.is_little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Rule> {
        let (bytes, rest) = self.bytes.split_first_chunk().ok_or_else(|| damaged("it ends inside its geometry"))?;
        self.bytes = rest;
        Ok(*bytes)
    }
}

/// The name of a type.
fn name(kind: u32) -> String {
    let names = [
        "Geometry",
        "Point",
        "LineString",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
        "CircularString",
        "CompoundCurve",
        "CurvePolygon",
        "MultiCurve",
        "MultiSurface",
        "Curve",
        "Surface",
        "PolyhedralSurface",
        "TIN",
        "Triangle",
    ];
    names.get(kind as usize).map_or_else(|| format!("{kind} of well-known binary"), |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Geometry;

    /// Bytes of a text of hexadecimal digits.
    fn bytes(hex: &str) -> Vec<u8> {
        let digits = hex.split_whitespace().collect::<String>();
        (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
    }

    fn geometry(hex: &str) -> Result<Option<Geometry>, String> {
        read(&bytes(hex)).and_then(|(shape, _)| shape.check()).map_err(|rule| rule.to_string())
    }

    const ONE: &str = "000000000000f03f";
    const TWO: &str = "0000000000000040";
    const THREE: &str = "0000000000000840";
    const NAN: &str = "000000000000f87f";

    #[test]
    fn heights_are_read_and_measures_are_not_whichever_way_they_are_marked() {
        for (head, numbers, heights) in [
            ("01 01000000", [ONE, TWO, "", ""], None),
            ("01 e9030000", [ONE, TWO, THREE, ""], Some(3.0)),
            ("01 d1070000", [ONE, TWO, THREE, ""], None),
            ("01 b90b0000", [ONE, TWO, THREE, ONE], Some(3.0)),
            ("01 01000080", [ONE, TWO, THREE, ""], Some(3.0)),
            ("01 01000040", [ONE, TWO, THREE, ""], None),
            ("01 010000a0 e6100000", [ONE, TWO, THREE, ""], Some(3.0)),
        ] {
            let point = geometry(&format!("{head}{}", numbers.concat())).unwrap().unwrap();
            assert_eq!(point.flat(), &geo::Geometry::Point(geo::Point::new(1.0, 2.0)), "{head}");
            assert_eq!(point.heights().map(|heights| heights[0]), heights, "{head}");
        }
        assert_eq!(geometry("00 00000001 3ff0000000000000 4000000000000000").unwrap(), geometry(&format!("0101000000{ONE}{TWO}")).unwrap());
    }

    #[test]
    fn empty_geometries_are_none() {
        for hex in [
            &format!("01 01000000 {NAN}{NAN}"),
            "01 02000000 00000000",
            "01 03000000 00000000",
            "01 07000000 00000000",
            "01 08000000 00000000",
        ] {
            assert_eq!(geometry(hex), Ok(None), "{hex}");
        }
        let with_empty = format!("01 04000000 02000000 01 01000000 {NAN}{NAN} 01 01000000 {ONE}{TWO}");
        assert!(geometry(&with_empty).unwrap().is_some());
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (hex, message) in [
            ("", "the file is damaged or cut short: it ends inside its geometry"),
            ("02 01000000", "the file is damaged or cut short: byte order 2, where there are 0 and 1"),
            ("01 0d000000 00000000", "\"type\" is Curve, not one of GeoJSON's"),
            ("01 02000000 ffffffff", "the file is damaged or cut short: its geometry counts 4294967295 parts where 0 bytes are left"),
            (
                "01 04000000 01000000 01 02000000 00000000",
                "the file is damaged or cut short: a part is a LineString, where it must be a Point",
            ),
            ("01 02000000 00000000 00", "the file is damaged or cut short: 1 bytes stand after the end of its geometry"),
        ] {
            assert_eq!(geometry(hex).unwrap_err(), message, "{hex}");
        }
        assert_eq!(geometry(&"01 07000000 01000000".repeat(10_000)).unwrap_err(), "is nested deeper than 128");
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_geometry_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200), kind in 0..20_u8) {
            let framed = [&[1, kind, 0, 0, 0][..], &bytes].concat();
            for bytes in [&bytes, &framed] {
                let _ = read(bytes).and_then(|(shape, _)| shape.check());
            }
        }
    }
}
