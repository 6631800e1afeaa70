//! Geometries: how they are read, and how they are asked whether they meet a box.
//!
//! Tables keep them in any reference system; answers, boxes and conditions are in longitude and latitude. What is exact is asked there, of
//! the geometry made into it; before that a box around what is asked for, made into the system of the table, lets its index leave
//! out what lies elsewhere.

use super::{
    catalog::Shape,
    sql::{Bound, Sql},
};
use crate::{
    model::{Bbox, Crs, Geometry, GeometryKind, Order, Position, Rect, wkb},
    store::Types,
};

/// Longitude and latitude on WGS 84, as PostGIS numbers it.
const WGS84: i32 = 4326;
/// Types that our reader of WKB has; of others curves are made into lines.
const PLAIN: [&str; 6] = ["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON"];
/// Points looked at on each edge of a box: edges are curves in another system.
const STEPS: u32 = 32;

impl Shape {
    /// The type without what its name says of heights.
    fn plain(&self) -> &str {
        self.kind.trim_end_matches(['Z', 'M'])
    }

    pub(super) fn geometry_kind(&self) -> GeometryKind {
        if self.plain() == "POINT" { GeometryKind::Point } else { GeometryKind::Any }
    }

    /// Which types of geometry there can be; none where there can be any.
    pub(super) fn types(&self) -> Types {
        let plain = self.plain();
        Types {
            points: plain.ends_with("POINT"),
            lines: plain.ends_with("LINESTRING") || plain.ends_with("CURVE"),
            areas: plain.ends_with("POLYGON") || plain.ends_with("SURFACE"),
            collections: plain == "GEOMETRYCOLLECTION",
        }
    }

    /// Whether a geometry can be a collection of others, whose relations are not known.
    pub(super) fn may_be_collection(&self) -> bool {
        matches!(self.plain(), "GEOMETRY" | "GEOMETRYCOLLECTION")
    }

    /// Whether conditions on the column itself are conditions in longitude and latitude, so that the index serves them.
    fn is_direct(&self) -> bool {
        self.srid == WGS84 && !self.is_geography
    }

    /// The column.
    pub(super) fn raw(&self, sql: &mut Sql) {
        sql.push("t.").name(&self.column);
    }

    fn flat(&self, sql: &mut Sql) {
        self.raw(sql);
        if self.is_geography {
            sql.push("::geometry");
        }
    }

    /// The geometry in longitude and latitude.
    pub(super) fn plane(&self, sql: &mut Sql) {
        match self.srid {
            WGS84 => self.flat(sql),
            0 => {
                sql.push("ST_SetSRID(");
                self.flat(sql);
                sql.push(", 4326)");
            }
            _ => {
                sql.push("ST_Transform(");
                self.flat(sql);
                sql.push(", 4326)");
            }
        }
    }

    /// The same, unknown where it is empty, as an empty geometry stands for none.
    pub(super) fn known(&self, sql: &mut Sql) {
        sql.push("(CASE WHEN NOT ST_IsEmpty(");
        self.flat(sql);
        sql.push(") THEN ");
        self.plane(sql);
        sql.push(" END)");
    }

    /// The geometry as WKB, without measures and curves.
    pub(super) fn sent(&self, sql: &mut Sql) {
        let is_curved = !PLAIN.contains(&self.plain());
        let whole = |sql: &mut Sql| {
            sql.push(if is_curved { "ST_CurveToLine(" } else { "(" });
            self.plane(sql);
            sql.push(")");
        };
        sql.push("ST_AsBinary(CASE ST_Zmflag(");
        self.flat(sql);
        sql.push(") WHEN 1 THEN ST_Force2D(");
        whole(sql);
        sql.push(") WHEN 3 THEN ST_Force3DZ(");
        whole(sql);
        sql.push(") ELSE ");
        whole(sql);
        sql.push(" END, 'NDR')");
    }

    /// The condition of `bbox`: a geometry that meets the box, or none.
    pub(super) fn meets_or_is_none(&self, sql: &mut Sql, bbox: &Bbox) {
        sql.push("(");
        self.raw(sql);
        sql.push(" IS NULL OR ");
        self.meets(sql, bbox);
        sql.push(")");
    }

    /// The condition that a geometry meets a box, of which its heights are a part where it has any.
    pub(super) fn meets(&self, sql: &mut Sql, bbox: &Bbox) {
        sql.push("(");
        if let Some((bottom, top)) = bbox.heights() {
            sql.push("(ST_Zmflag(");
            self.flat(sql);
            sql.push(") < 2 OR (ST_ZMin(");
            self.flat(sql);
            sql.push(") <= ").bind(Bound::Number(top)).push(" AND ST_ZMax(");
            self.flat(sql);
            sql.push(") >= ").bind(Bound::Number(bottom)).push(")) AND ");
        }
        sql.push("(");
        let rects = bbox.rects();
        sql.join(" OR ", &rects, |sql, rect| {
            let corner = |sql: &mut Sql| envelope(sql, rect, WGS84);
            self.near(sql, rect);
            sql.push("ST_Intersects(");
            self.plane(sql);
            sql.push(", ");
            corner(sql);
            sql.push(")");
        });
        sql.push("))");
    }

    /// The condition, with AND after it, that the index finds what can meet a rectangle; nothing where there is none to be had.
    pub(super) fn near(&self, sql: &mut Sql, rect: &Rect) {
        if self.is_geography {
            return;
        }
        let own = match self.srid {
            WGS84 | 0 => Some(*rect),
            srid => u32::try_from(srid).ok().and_then(|srid| Crs::epsg(srid).ok()).and_then(|crs| projected(&crs, rect)),
        };
        if let Some(own) = own {
            self.raw(sql);
            sql.push(" && ");
            envelope(sql, &own, self.srid);
            sql.push(" AND ");
        }
    }

    /// The condition that a geometry lies so to one of a filter's; `function` is one of PostGIS's.
    pub(super) fn relates(&self, sql: &mut Sql, function: &'static str, other: &geo::Geometry, is_positive: bool) -> Option<()> {
        let geometry = Geometry::new(other.clone()).ok()?;
        let bounds = geometry.bounds()?;
        let mut bytes = Vec::new();
        wkb::write(&mut bytes, &geometry);
        sql.push("(");
        if is_positive {
            self.near(sql, &bounds);
        }
        sql.push(function).push("(");
        if is_positive && self.is_direct() {
            self.plane(sql);
        } else {
            self.known(sql);
        }
        sql.push(", ST_GeomFromWKB(").bind(Bound::Bytes(bytes)).push(", 4326)))");
        Some(())
    }
}

/// A rectangle as a geometry of a system: a point or a line where it has no area.
fn envelope(sql: &mut Sql, rect: &Rect, srid: i32) {
    let Rect { min_x, min_y, max_x, max_y } = *rect;
    let number = |sql: &mut Sql, value: f64| {
        sql.bind(Bound::Number(value));
    };
    match (min_x == max_x, min_y == max_y) {
        (true, true) => {
            sql.push("ST_SetSRID(ST_MakePoint(");
            number(sql, min_x);
            sql.push(", ");
            number(sql, min_y);
            sql.push("), ").bind(Bound::Integer(srid.into())).push("::int4)");
        }
        (false, false) => {
            sql.push("ST_MakeEnvelope(");
            for value in [min_x, min_y, max_x, max_y] {
                number(sql, value);
                sql.push(", ");
            }
            sql.bind(Bound::Integer(srid.into())).push("::int4)");
        }
        _ => {
            sql.push("ST_SetSRID(ST_MakeLine(ST_MakePoint(");
            number(sql, min_x);
            sql.push(", ");
            number(sql, min_y);
            sql.push("), ST_MakePoint(");
            number(sql, max_x);
            sql.push(", ");
            number(sql, max_y);
            sql.push(")), ").bind(Bound::Integer(srid.into())).push("::int4)");
        }
    }
}

/// A rectangle of a system that holds one in degrees, with room to spare; `None` where the system does not reach as far.
fn projected(crs: &Crs, rect: &Rect) -> Option<Rect> {
    let between = |from: f64, to: f64, step: u32| from + (to - from) * (f64::from(step) / f64::from(STEPS));
    let mut held: Option<Rect> = None;
    for column in 0..=STEPS {
        for row in 0..=STEPS {
            let (lon, lat) = (between(rect.min_x, rect.max_x, column), between(rect.min_y, rect.max_y, row));
            let [x, y] = crs.from_crs84(Position { lon, lat }, Order::EastFirst).ok()?;
            if !(x.is_finite() && y.is_finite()) {
                return None;
            }
            let point = Rect { min_x: x, min_y: y, max_x: x, max_y: y };
            held = Some(held.map_or(point, |held| held.union(&point)));
        }
    }
    let held = held?;
    // What curves do between the points, and what two programs make of one system.
    let room = ((held.max_x - held.min_x) + (held.max_y - held.min_y)) / 64.0 + 1e-5 * held.max_x.abs().max(held.max_y.abs()).max(1.0);
    Some(Rect { min_x: held.min_x - room, min_y: held.min_y - room, max_x: held.max_x + room, max_y: held.max_y + room })
}
