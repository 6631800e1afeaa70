//! Clusters count every located match once, in the cell where its place lies.

use std::collections::BTreeMap;

use harmattan::{
    model::{Bbox, Feature, Geometry, Position, Rect, Value, when::Instant},
    query::{Certainty, Filter, TimeFilter},
};
use proptest::prelude::*;

use crate::support::{bbox, cases, features, table};

/// Column and row of a position's cell: the share of the map, in parts of 2^32 − 1 as the order has them.
fn cell((lon, lat): (f64, f64), level: u32) -> (u32, u32) {
    let part = |degrees: f64, limit: f64| {
        let share = ((degrees + limit) / (2.0 * limit)).clamp(0.0, 1.0);
        ((share * f64::from(u32::MAX)) as u32).checked_shr(32 - level).unwrap_or(0)
    };
    (part(lon, 180.0), part(lat, 90.0))
}

/// Where a feature counts, word by word: the centre of its box, if its cell is one of the view's; else moved into a part of the view
/// that its box meets. Either way it is moved into the view.
fn place(bounds: &Rect, view: &[Rect], level: u32) -> (f64, f64) {
    let centre = ((bounds.min_x + bounds.max_x) / 2.0, (bounds.min_y + bounds.max_y) / 2.0);
    let own = cell(centre, level);
    let is_of = |rect: &&Rect| {
        let (low, high) = (cell((rect.min_x, rect.min_y), level), cell((rect.max_x, rect.max_y), level));
        low.0 <= own.0 && own.0 <= high.0 && low.1 <= own.1 && own.1 <= high.1
    };
    let rect = view.iter().find(is_of).or_else(|| view.iter().find(|rect| rect.intersects(bounds))).unwrap();
    (centre.0.clamp(rect.min_x, rect.max_x), centre.1.clamp(rect.min_y, rect.max_y))
}

const WORLD: Rect = Rect { min_x: -180.0, min_y: -90.0, max_x: 180.0, max_y: 90.0 };

/// Asks a table and compares with the naive answer; gives the level of the grid and the counts of its cells.
fn check(features: &[Feature], filter: &Filter, zoom: u32, most: u32) -> (u32, BTreeMap<(u32, u32), u64>) {
    let table = table(features);
    let clusters = table.clusters(filter, zoom, most);
    let selection = table.select(filter);
    assert_eq!(clusters.matched, selection.matched());
    let view = filter.bbox.map_or(vec![WORLD], |bbox| bbox.rects());

    let mut expected = BTreeMap::<_, Vec<String>>::new();
    for row in selection.runs().iter().cloned().flatten().map(|position| table.row(position)) {
        if let Some(bounds) = row.geometry().and_then(|geometry| geometry.bounds()) {
            expected.entry(cell(place(&bounds, &view, clusters.level), clusters.level)).or_default().push(row.id().to_owned());
        }
    }
    assert_eq!(clusters.located(), expected.values().map(|ids| ids.len() as u64).sum::<u64>());

    let width = 360.0 / f64::from(1_u32 << clusters.level);
    let mut found = BTreeMap::new();
    for cluster in &clusters.cells {
        let (lon, lat) = (cluster.position.lon, cluster.position.lat);
        let key = cell((lon, lat), clusters.level);
        let ids = expected.get(&key).unwrap_or_else(|| panic!("a cell without features: {cluster:?}"));
        assert_eq!(cluster.count, ids.len() as u64, "{cluster:?}");
        assert_eq!(cluster.only.map(|row| row.id()), (ids.len() == 1).then(|| ids[0].as_str()));
        // The position is that of a member, in the view and in the cell.
        let is_member = |id: &String| {
            let bounds = table.row(table.find(id).unwrap()).geometry().unwrap().bounds().unwrap();
            place(&bounds, &view, clusters.level) == (lon, lat)
        };
        assert!(ids.iter().any(is_member), "{cluster:?}");
        assert!(view.iter().any(|rect| rect.contains(&Rect { min_x: lon, min_y: lat, max_x: lon, max_y: lat })));
        let Rect { min_x, min_y, max_x, max_y } = cluster.cell;
        assert_eq!((min_x, min_y), (f64::from(key.0) * width - 180.0, f64::from(key.1) * width / 2.0 - 90.0));
        assert!(min_x - 1e-7 <= lon && lon <= max_x + 1e-7 && min_y - 1e-7 <= lat && lat <= max_y + 1e-7, "{cluster:?}");
        assert_eq!(found.insert(key, cluster.count), None, "each cell once");
    }
    assert_eq!(found.len(), expected.len(), "every cell that holds a feature");
    assert!(found.len() as u64 <= u64::from(most) || clusters.level == 0);
    (clusters.level, found)
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn counts_are_those_of_a_linear_scan(
        features in features(80), bbox in prop::option::of(bbox()), zoom in 0_u32..=28, most in prop_oneof![Just(10_000_u32), 1_u32..50],
        time in prop::option::of((0_i64..20, 0_i64..5, any::<bool>())),
    ) {
        let time = time.map(|(from, length, certain)| TimeFilter {
            from: Instant::from_millis(from),
            to: Instant::from_millis(from + length),
            certainty: if certain { Certainty::Certain } else { Certainty::Possible },
        });
        check(&features, &Filter { bbox, time, ..Filter::default() }, zoom, most);
    }

    /// Tables of several hundred features, so that runs are long and are cut within.
    #[test]
    fn piles_and_crowds_are_cut_where_cells_end(
        points in prop::collection::vec((0_i32..24, 0_i32..24), 0..900), west in -1_i32..24, south in -1_i32..24, zoom in 0_u32..12,
    ) {
        let bbox = Bbox::new(f64::from(west), f64::from(south), f64::from(west + 9), f64::from(south + 7)).unwrap();
        let features = crowd(&points.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).collect::<Vec<_>>());
        check(&features, &Filter { bbox: Some(bbox), ..Filter::default() }, zoom, 10_000);
        check(&features, &Filter::default(), zoom, 10_000);
    }
}

fn crowd(points: &[(f64, f64)]) -> Vec<Feature> {
    let feature = |(number, (lon, lat)): (i64, &(f64, f64))| Feature {
        id: number.to_string(),
        geometry: Some(Geometry::point(Position { lon: *lon, lat: *lat })),
        time: None,
        values: vec![Value::Integer(number)],
    };
    (0..).zip(points).map(feature).collect()
}

#[test]
fn a_grid_is_as_fine_as_the_map_and_no_finer_than_asked() {
    let features = crowd(&[(0.5, 0.5), (1.0, 1.0), (100.0, 50.0)]);
    let (level, cells) = check(&features, &Filter::default(), 0, 1000);
    assert_eq!((level, cells.into_values().collect::<Vec<_>>()), (2, vec![2, 1]), "cells of 90 degrees");
    let (level, cells) = check(&features, &Filter::default(), 8, 10_000_000);
    assert_eq!((level, cells.len()), (10, 3));
    let (level, _) = check(&features, &Filter::default(), 28, 1000);
    assert_eq!(level, 4, "256 cells of the whole map; the next level would have 1,024");
    let (level, cells) = check(&features, &Filter::default(), 28, 1);
    assert_eq!((level, cells.into_values().collect::<Vec<_>>()), (0, vec![3]));
}

#[test]
fn the_edges_of_the_map_are_cells_like_others() {
    let features = crowd(&[(180.0, 90.0), (-180.0, -90.0), (-180.0, 90.0), (180.0, -90.0), (180.0, 0.0), (-180.0, 0.0)]);
    for zoom in [0, 1, 5, 20, 28] {
        check(&features, &Filter::default(), zoom, u32::MAX);
        let bbox = Some(Bbox::new(170.0, -90.0, -170.0, 90.0).unwrap());
        let (_, cells) = check(&features, &Filter { bbox, ..Filter::default() }, zoom, u32::MAX);
        assert_eq!(cells.values().sum::<u64>(), 6);
    }
}
