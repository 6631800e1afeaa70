//! The shifts between a datum and WGS 84 where there are several, each for a part of the datum's area (`data/crs/shifts.tsv`).

use crate::model::Position;

/// Datum by the code of its geographic system, area in degrees, shift, its accuracy in metres, and whether it is of the sea alone; those
/// of one datum in the order in which PROJ has them.
static TABLE: &str = include_str!("../../../data/crs/shifts.tsv");

/// One shift.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shift {
    /// Seven parameters as in PROJ.4's `+towgs84`: metres, arc seconds, parts per million.
    pub(super) parameters: &'static str,
    /// How well it is known, in metres.
    pub(super) accuracy_m: f64,
    /// West, south, east and north of its area; west of a greater number than east where it crosses the antimeridian.
    area: [f64; 4],
    is_of_the_sea: bool,
}

/// Those of a datum.
pub(super) fn of(datum: &str) -> impl Iterator<Item = Shift> {
    TABLE.lines().skip(1).filter_map(move |line| {
        let cells = line.split('\t').collect::<Vec<_>>();
        let [own, edges @ .., parameters, accuracy, place] = &cells[..] else { return None };
        if *own != datum {
            return None;
        }
        let edges = edges.iter().map(|edge| edge.parse().ok()).collect::<Option<Vec<f64>>>()?;
        let (area, accuracy_m) = (edges.try_into().ok()?, accuracy.parse().ok()?);
        Some(Shift { parameters, accuracy_m, area, is_of_the_sea: *place == "sea" })
    })
}

impl Shift {
    fn holds(&self, Position { lon, lat }: Position) -> bool {
        let [west, south, east, north] = self.area;
        let is_between = if west <= east { (west..=east).contains(&lon) } else { lon >= west || lon <= east };
        is_between && (south..=north).contains(&lat)
    }

    /// Of the whole sphere, in a unit of its own.
    fn size(&self) -> f64 {
        let [west, south, east, north] = self.area;
        let across = (east - west).rem_euclid(360.0);
        (if across == 0.0 { 360.0 } else { across }) * (north.to_radians().sin() - south.to_radians().sin())
    }
}

/// Which of some shifts counts at a place, as PROJ chooses it: the first whose area holds the place, unless a later one is exacter, or as
/// exact and of a smaller area, and not of the sea alone. Where none is for the place, that of the largest area.
pub(super) fn choose<'s>(shifts: impl Iterator<Item = &'s Shift> + Clone, at: Position) -> Option<usize> {
    let mut chosen: Option<(usize, &Shift)> = None;
    for (index, shift) in shifts.clone().enumerate().filter(|(_, shift)| shift.holds(at)) {
        let is_better = chosen.is_none_or(|(_, best)| {
            let exacter = shift.accuracy_m.total_cmp(&best.accuracy_m).then(shift.size().total_cmp(&best.size()));
            exacter.is_lt() && !shift.is_of_the_sea
        });
        if is_better {
            chosen = Some((index, shift));
        }
    }
    let widest = || shifts.clone().enumerate().max_by(|(_, a), (_, b)| a.size().total_cmp(&b.size()));
    chosen.or_else(widest).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shift_of_a_place_is_that_of_its_country() {
        let of = |datum: &str, lon, lat| {
            let shifts = super::of(datum).collect::<Vec<_>>();
            choose(shifts.iter(), Position { lon, lat }).map(|index| (shifts[index].parameters, shifts[index].accuracy_m))
        };
        // S-JTSK in Prague, in Košice, and in the sea, where the shift of both countries stands in.
        assert_eq!(of("4156", 14.42, 50.09), Some(("572.213,85.334,461.94,4.9732,1.529,5.2484,3.5378", 1.0)));
        assert_eq!(of("4156", 21.26, 48.72), Some(("485,169.5,483.8,7.786,4.398,4.103,0", 1.0)));
        assert_eq!(of("4156", 0.0, 0.0), Some(("589,76,480,0,0,0,0", 6.0)));
        assert_eq!(of("4326", 0.0, 0.0), None);
    }
}
