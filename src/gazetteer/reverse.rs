//! What is near a point?

use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::Gazetteer;
use crate::model::{Level, Place, Position};

/// Points on the unit sphere, each with the index of its place.
///
/// In three dimensions the antimeridian and the poles are nowhere special, and the straight line through the sphere
/// grows with the great circle along it, so the nearest by one is the nearest by the other.
pub(super) type Tree = RTree<GeomWithData<[f64; 3], u32>>;

/// A place and how far it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearby<'a> {
    /// The place.
    pub place: &'a Place,
    /// Along the great circle, in metres (sphere of the mean radius).
    pub distance_m: f64,
}

/// Regions and countries are left out: they are stood for by a seat that is a place of its own.
pub(super) fn tree(places: &[Place]) -> Tree {
    let points = places.iter().zip(0u32..).filter(|(place, _)| matches!(place.level, Level::Settlement | Level::Camp));
    RTree::bulk_load(points.map(|(place, index)| GeomWithData::new(on_sphere(place.position), index)).collect())
}

fn on_sphere(position: Position) -> [f64; 3] {
    let (lon, lat) = (position.lon.to_radians(), position.lat.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

impl Gazetteer {
    /// The `limit` settlements and camps nearest to `position`, nearest first.
    ///
    /// # Example
    /// ```
    /// use harmattan::gazetteer::Gazetteer;
    /// use harmattan::model::Position;
    /// let gazetteer = Gazetteer::embedded().expect("the embedded files are checked");
    /// let nearest = &gazetteer.reverse(Position { lon: 1.4, lat: 18.4 }, 1)[0];
    /// assert_eq!(nearest.place.name, "Kidal");
    /// assert!(nearest.distance_m < 6_000.0);
    /// ```
    pub fn reverse(&self, position: Position, limit: usize) -> Vec<Nearby<'_>> {
        let point = on_sphere(position);
        let nearest = self.tree().nearest_neighbor_iter(point).take(limit);
        let nearby = nearest.map(|hit| {
            let place = self.place(hit.data);
            Nearby { place, distance_m: position.distance_m(place.position) }
        });
        nearby.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn gazetteer(points: &[(f64, f64)]) -> Gazetteer {
        let header = "geonameid\tname\tlat\tlon\tcountry\tadmin1\tpopulation\talternates\ttransliterations\tcodes\n";
        let rows = points.iter().zip(0..).map(|((lon, lat), id)| format!("{id}\tn\t{lat}\t{lon}\tML\t\t0\t\t\t\n"));
        let hand = "id\tname\tlat\tlon\tcountry\tadmin1\tlevel\taccuracy_m\tsource\tconfidence\taliases\tnote\n";
        Gazetteer::from_tsv(&(header.to_owned() + &rows.collect::<String>()), hand).unwrap()
    }

    #[test]
    fn across_the_antimeridian_and_over_the_pole() {
        let gazetteer = gazetteer(&[(-179.9, 0.0), (178.0, 0.0), (0.0, 89.0), (90.0, 85.0)]);
        let ids = |lon, lat| gazetteer.reverse(Position { lon, lat }, 2).iter().map(|n| n.place.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(179.9, 0.0), ["0", "1"]);
        assert_eq!(ids(180.0, 89.5), ["2", "3"]);
        assert!(gazetteer.reverse(Position { lon: 0.0, lat: 0.0 }, 0).is_empty());
    }

    #[test]
    fn seats_stand_for_themselves() {
        let gazetteer = super::super::shared();
        let kidal = gazetteer.get("2455290").unwrap();
        let nearest = gazetteer.reverse(kidal.position, 3);
        assert_eq!(nearest[0], Nearby { place: kidal, distance_m: 0.0 });
        assert!(nearest.iter().all(|near| near.place.level == Level::Settlement));
    }

    proptest! {
        #[test]
        fn equals_the_naive_answer(
            points in proptest::collection::vec((-180.0..=180.0, -90.0..=90.0), 1..60),
            (lon, lat) in prop_oneof![(-180.0..=180.0, -90.0..=90.0), (Just(180.0), -90.0..=90.0), (-180.0..=180.0, Just(-90.0))],
            limit in 1usize..10,
        ) {
            let gazetteer = gazetteer(&points);
            let here = Position { lon, lat };
            let mut naive: Vec<f64> = gazetteer.iter().map(|place| here.distance_m(place.position)).collect();
            naive.sort_by(f64::total_cmp);
            naive.truncate(limit);
            let found: Vec<f64> = gazetteer.reverse(here, limit).iter().map(|near| near.distance_m).collect();
            prop_assert_eq!(found.len(), naive.len());
            // A metre: near the antipode both formulas lose digits.
            prop_assert!(found.iter().zip(&naive).all(|(a, b)| (a - b).abs() < 1.0), "{:?} {:?}", found, naive);
        }
    }
}
