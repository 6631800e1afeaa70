//! The spatial index against `rstar`, in one run: time a query, memory and time to build, as ratios beside their marks.
//!
//! `cargo bench --bench index`, or `POINTS=10000000 cargo bench --bench index` (about 5 GB of memory). The points are seeded: 2,000
//! clusters of σ 0.02–2° with skewed weights, and one in ten anywhere. A box is centred on a point and as wide as it takes to hold
//! the hits asked for; 2,000 different boxes a row (500 of the largest).

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput};
use harmattan::model;
use seeded::Random;

mod seeded;

/// Shapes in a table without properties, whose index is the one under test.
mod memory {
    use std::ops::Range;

    use harmattan::{
        model::{Batch, Feature, Geometry, Schema},
        query::Filter,
        store::Table,
    };

    use crate::model::{Bbox, Rect};

    pub(crate) struct Ordered {
        table: Table,
        pub(crate) len: u32,
    }

    impl Ordered {
        pub(crate) fn new(geometries: impl Iterator<Item = Geometry>) -> Self {
            let schema = Schema::default();
            let mut batch = Batch::new(&schema);
            for (number, geometry) in geometries.enumerate() {
                batch.push(&Feature { id: number.to_string(), geometry: Some(geometry), time: None, values: Vec::new() });
            }
            let table = Table::build(schema, batch, false);
            Self { len: table.len(), table }
        }

        pub(crate) fn bounds(&self, position: u32) -> Rect {
            match self.table.row(position).point() {
                Some([x, y]) => Rect { min_x: x, min_y: y, max_x: x, max_y: y },
                None => self.table.row(position).geometry().and_then(|shape| shape.bounds()).expect("every feature has a shape"),
            }
        }

        pub(crate) fn meets(&self, position: u32, rect: &Rect) -> bool {
            self.table.row(position).geometry().is_some_and(|shape| shape.meets(rect))
        }

        /// The index once more, by itself, and its bytes.
        pub(crate) fn index(&self) -> (usize, impl Sized + use<>) {
            self.table.index_anew()
        }

        pub(crate) fn search(&self, bbox: &Bbox) -> Vec<Range<u32>> {
            self.table.select(&filter(bbox)).runs().to_vec()
        }

        pub(crate) fn count(&self, bbox: &Bbox) -> u64 {
            self.table.count(&filter(bbox))
        }
    }

    fn filter(bbox: &Bbox) -> Filter {
        Filter { bbox: Some(*bbox), ..Filter::default() }
    }

    /// Ascending positions as runs.
    pub(crate) fn runs_of(positions: Vec<u32>) -> Vec<Range<u32>> {
        let mut runs: Vec<Range<u32>> = Vec::new();
        for position in positions {
            match runs.last_mut() {
                Some(run) if run.end == position => run.end += 1,
                _ => runs.push(position..position + 1),
            }
        }
        runs
    }
}

/// What the packed tree took the place of.
mod replaced {
    use std::ops::Range;

    use rstar::{AABB, RTree, RTreeObject, primitives::GeomWithData};

    use crate::{
        memory::{Ordered, runs_of},
        model::{Bbox, Rect},
    };

    struct Entry {
        bounds: Rect,
        position: u32,
    }

    impl RTreeObject for Entry {
        type Envelope = AABB<[f64; 2]>;

        fn envelope(&self) -> Self::Envelope {
            envelope(&self.bounds)
        }
    }

    fn envelope(rect: &Rect) -> AABB<[f64; 2]> {
        AABB::from_corners([rect.min_x, rect.min_y], [rect.max_x, rect.max_y])
    }

    /// The store's index until then: boxes, and runs of the sorted hits.
    pub(crate) struct Index(RTree<Entry>);

    impl Index {
        pub(crate) fn new(of: &Ordered) -> Self {
            Self(RTree::bulk_load((0..of.len).map(|position| Entry { bounds: of.bounds(position), position }).collect()))
        }

        pub(crate) fn search(&self, bbox: &Bbox, of: &Ordered) -> Vec<Range<u32>> {
            let mut hits = Vec::new();
            for rect in bbox.rects() {
                let touched = self.0.locate_in_envelope_intersecting(envelope(&rect));
                let met = touched.filter(|entry| rect.contains(&entry.bounds) || of.meets(entry.position, &rect));
                hits.extend(met.map(|entry| entry.position));
            }
            hits.sort_unstable();
            hits.dedup();
            runs_of(hits)
        }
    }

    /// `rstar` at its best: bare points, and their numbers in no order.
    pub(crate) struct Bare(RTree<GeomWithData<[f64; 2], u32>>);

    impl Bare {
        pub(crate) fn new(of: &Ordered) -> Self {
            let point = |position| {
                let bounds = of.bounds(position);
                GeomWithData::new([bounds.min_x, bounds.min_y], position)
            };
            Self(RTree::bulk_load((0..of.len).map(point).collect()))
        }

        pub(crate) fn search(&self, bbox: &Bbox) -> Vec<u32> {
            bbox.rects().iter().flat_map(|rect| self.0.locate_in_envelope(envelope(rect))).map(|point| point.data).collect()
        }

        pub(crate) fn count(&self, bbox: &Bbox) -> usize {
            bbox.rects().iter().map(|rect| self.0.locate_in_envelope(envelope(rect)).count()).sum()
        }
    }
}

/// The smallest square about a random feature that holds `hits` of them, cut off at the edges of the world.
fn box_of(hits: u64, random: &mut Random, of: &memory::Ordered) -> model::Bbox {
    let centre = of.bounds(random.below(of.len as usize) as u32);
    let square = |half: f64| {
        let (x, y) = (centre.min_x.clamp(-180.0, 180.0), centre.min_y);
        let (west, east) = ((x - half).max(-180.0), (x + half).min(180.0));
        model::Bbox::new(west, (y - half).max(-90.0), east, (y + half).min(90.0)).expect("cut off at the edges of the world")
    };
    let (mut low, mut high) = (0.0, 60.0);
    for _ in 0..40 {
        let half = (low + high) / 2.0;
        if of.count(&square(half)) < hits { low = half } else { high = half }
    }
    square(high)
}

/// Something that is asked for a box; what it gives back only keeps the work from being left out.
type Query<'a> = &'a dyn Fn(&model::Bbox) -> u64;

/// Nanoseconds a query for each of several ways, in turns: for each hundred boxes the best of five rounds, so that other work on the
/// machine disturbs neither their times nor their ratio. Each turn asks everything twice and times the second time, with what fits
/// of it in the caches.
fn compare<const N: usize>(boxes: &[model::Bbox], ways: [Query<'_>; N]) -> [f64; N] {
    let batches = boxes.chunks(100).collect::<Vec<_>>();
    let mut best = vec![[Duration::MAX; N]; batches.len()];
    for _ in 0..5 {
        for (way, query) in ways.iter().enumerate() {
            black_box(boxes.iter().map(query).sum::<u64>());
            for (batch, best) in batches.iter().zip(&mut best) {
                let start = Instant::now();
                black_box(batch.iter().map(query).sum::<u64>());
                best[way] = best[way].min(start.elapsed());
            }
        }
    }
    std::array::from_fn(|way| best.iter().map(|best| best[way]).sum::<Duration>().as_nanos() as f64 / boxes.len() as f64)
}

/// The same query under Criterion, which keeps its figures and tells what has changed since its last run.
fn watch(criterion: &mut Criterion, name: &str, boxes: &[model::Bbox], query: Query<'_>) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(boxes.len() as u64));
    group.bench_function("packed", |bencher| bencher.iter(|| boxes.iter().map(query).sum::<u64>()));
    group.finish();
}

/// What something took to build, and the bytes that it has.
fn line(name: &str, features: u32, start: Instant, bytes: f64) -> String {
    let (seconds, each) = (start.elapsed().as_secs_f64(), bytes / f64::from(features));
    format!("{name:<32} {seconds:>8.3} s {each:>8.1} bytes a feature")
}

/// Builds something that does not know its bytes: it, and the line with those of resident memory that it took (Linux only).
fn built<T>(name: &str, features: u32, build: impl FnOnce() -> T) -> (T, String) {
    let resident = || {
        let pages = std::fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse::<f64>().ok()?;
        Some(pages * 4096.0)
    };
    let (before, start) = (resident(), Instant::now());
    let made = build();
    let bytes = resident().zip(before).map_or(f64::NAN, |(after, before)| after - before);
    (made, line(name, features, start, bytes))
}

fn points(criterion: &mut Criterion, table: &mut Vec<String>) {
    let count = std::env::var("POINTS").map_or(1_000_000, |count| count.parse().expect("POINTS is a number"));
    let mut random = Random(1);
    let clusters = random.clusters();
    let of = memory::Ordered::new((0..count).map(|_| model::Geometry::new(random.place(&clusters).into()).expect("finite")));
    table.push(format!("{count} points; packed: built in ≤1 s a 10 million, ≤22 bytes a feature"));
    drop(of.index());
    let start = Instant::now();
    let (bytes, packed) = of.index();
    table.push(line("packed", of.len, start, bytes as f64));
    drop(packed);
    let (old, line) = built("rstar, as the store had it", of.len, || replaced::Index::new(&of));
    table.push(line);
    let (bare, line) = built("rstar, bare points", of.len, || replaced::Bare::new(&of));
    table.push(line);

    let search: Query<'_> = &|bbox| of.search(bbox).len() as u64;
    let counted: Query<'_> = &|bbox| of.count(bbox);
    for (hits, count, mark) in [(10, 2000, 4), (100, 2000, 10), (1000, 2000, 20), (10_000, 500, 50)] {
        let boxes = (0..count).map(|_| box_of(hits, &mut random, &of)).collect::<Vec<_>>();
        let old: Query<'_> = &|bbox| old.search(bbox, &of).len() as u64;
        let [new, counted, was, rstar] = compare(&boxes, [search, counted, old, &|bbox| bare.search(bbox).len() as u64]);
        let ratios = format!("{:>6.1} × {:>6.1} × (≥{mark} ×)", was / new, rstar / new);
        table.push(format!("{hits:>6} hits {new:>9.0} ns, counted {counted:>7.0} ns; rstar {was:>9.0} and {rstar:>9.0} ns: {ratios}"));
        watch(criterion, &format!("points/{hits} hits"), &boxes, search);
    }
    for edges in [[-180.0, -90.0, 180.0, 90.0], [-180.0, -90.0, 0.3, 90.0], [-60.0, -30.0, 60.0, 30.0], [100.0, -80.1, -100.0, 80.1]] {
        let [west, south, east, north] = edges;
        let boxes = [model::Bbox::new(west, south, east, north).expect("a valid box")];
        let [runs, new, rstar] = compare(&boxes, [search, counted, &|bbox| bare.count(bbox) as u64]).map(|time| time / 1e3);
        let hits = of.count(&boxes[0]);
        table.push(format!("{edges:?}: {hits} hits, runs {runs:.2} µs, counted {new:.2} µs (≤20 µs); rstar {rstar:.0} µs"));
        watch(criterion, &format!("points/{edges:?} counted"), &boxes, counted);
    }
}

fn polygons(criterion: &mut Criterion, table: &mut Vec<String>) {
    let mut random = Random(2);
    let clusters = random.clusters();
    let star = |random: &mut Random| {
        let centre = random.place(&clusters);
        random.star(centre).into()
    };
    let of = memory::Ordered::new((0..50_000).map(|_| model::Geometry::new(star(&mut random)).expect("finite")));
    table.push("50000 polygons".into());
    let old = replaced::Index::new(&of);
    let search: Query<'_> = &|bbox| of.search(bbox).len() as u64;
    for hits in [10, 100, 1000] {
        let boxes = (0..2000).map(|_| box_of(hits, &mut random, &of)).collect::<Vec<_>>();
        let [new, was] = compare(&boxes, [search, &|bbox| old.search(bbox, &of).len() as u64]);
        table.push(format!("{hits:>6} hits {new:>9.0} ns; rstar {was:>9.0} ns: {:>6.1} ×", was / new));
        watch(criterion, &format!("polygons/{hits} hits"), &boxes, search);
    }
}

#[path = "filter.rs"]
mod filter;

fn main() {
    if std::env::args().any(|argument| argument == "filter") {
        return filter::run();
    }
    let second = Duration::from_secs(1);
    let mut criterion =
        Criterion::default().warm_up_time(second / 2).measurement_time(second).sample_size(10).without_plots().configure_from_args();
    let mut table = Vec::new();
    points(&mut criterion, &mut table);
    polygons(&mut criterion, &mut table);
    criterion.final_summary();
    println!("\n{}", table.join("\n"));
}
