//! What a request costs in process: import, pages put together, tiles, counts, filters by time, category and number; beside their marks.
//!
//! `cargo bench --bench store`, or with `POINTS=10000000` (1 million where it is not set). Points and texts are those of
//! `tests/perf/run`.

use std::{
    env,
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{body::Body, http::Request};
use criterion::{Criterion, Throughput};
use harmattan::{
    api::{self, App},
    config::Settings,
    dataset::{
        Dataset,
        files::{self, Options},
    },
    formats::mvt,
    model::Tile,
    query::{Filter, ItemsQuery, Params},
    store::Layer,
};
use http_body_util::BodyExt;
use tower::ServiceExt;

#[path = "tool/features.rs"]
#[expect(dead_code, reason = "the points are enough here")]
mod features;
mod seeded;

/// Questions to the table: what they ask, the query string, and the mark in nanoseconds a row or in all.
const QUESTIONS: [(&str, &str, &str); 5] = [
    ("everything", "", "≤20 µs"),
    ("half of the world", "bbox=-180,-90,0.3,90", "≤20 µs"),
    ("half of the time", "datetime=2000-01-01T00:00:00Z/2019-12-31T23:59:59Z", "≤0.4 ns a row"),
    ("a category", "filter=kind='well'", "≤25 µs"),
    ("a number", "filter=people<500000", "≤0.4 ns a row"),
];

/// The points, read from a file as the server reads them, and how many a second.
fn import(count: usize, folder: &std::path::Path) -> (Dataset, f64) {
    let file = folder.join("points.geojsonl");
    features::points(count, &file).expect("the disk takes the points");
    let start = Instant::now();
    let embedded = Dataset::embedded().expect("the embedded data set breaks no rule");
    let (data, report) = files::load(&[file], Options::default(), embedded, &mut |_| {}).expect("the points are read");
    assert_eq!(report.bad(), 0, "{report}");
    (data, count as f64 / start.elapsed().as_secs_f64())
}

/// The best of some rounds, in nanoseconds.
fn best(mut work: impl FnMut() -> u64) -> f64 {
    let round = |_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed()
    };
    (0..15).map(round).min().unwrap_or_default().as_nanos() as f64
}

fn counts(criterion: &mut Criterion, layer: &Layer, table: &mut Vec<String>) {
    let rows = layer.table().len();
    for (what, query, mark) in QUESTIONS {
        let params = Params::parse(query).expect("a valid query");
        let asked = ItemsQuery::parse(&params, &layer.collection, Settings::default().limits).expect("a valid question");
        let count = || layer.table().count(&asked.filter);
        let time = best(count);
        let each = time / f64::from(rows);
        table.push(format!("counted: {what:<18} {:>10} of {rows}: {:>9.2} µs, {each:.3} ns a row ({mark})", count(), time / 1e3));
        criterion.bench_function(&format!("count/{what}"), |bencher| bencher.iter(count));
    }
}

fn pages(criterion: &mut Criterion, app: &Arc<App>, table: &mut Vec<String>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let service = api::service(Arc::clone(app));
    let ask = |path: &str| {
        runtime.block_on(async {
            let request = Request::get(path).header("host", "localhost").body(Body::empty()).expect("a valid request");
            let response = service.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
            response.into_body().collect().await.expect("a body of memory").to_bytes().len() as u64
        })
    };
    for limit in [1, 10, 100, 1000, 10_000] {
        let path = format!("/collections/points/items?bbox=-60,-30,60,30&limit={limit}");
        let (time, bytes) = (best(|| ask(&path)), ask(&path));
        table.push(format!("page of {limit:>6} put together, all layers: {:>8.2} µs, {bytes} bytes", time / 1e3));
        let mut group = criterion.benchmark_group("page");
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function(limit.to_string(), |bencher| bencher.iter(|| ask(&path)));
        group.finish();
    }
}

/// Tiles of so many points and no others: a tile of the zoom on which they lie in one, out of a table of their own.
fn tiles(criterion: &mut Criterion, folder: &std::path::Path, table: &mut Vec<String>) {
    for (count, mark) in [(1000, "≤100 µs"), (10_000, "≤1.5 ms")] {
        let (data, _) = import(count, folder);
        let layer = data.layers.into_iter().map(Layer::build).next().expect("the file's collection");
        let world = Tile::new(0, 0, 0).expect("zoom 0 has one tile");
        let draw = || {
            let mut out = Vec::new();
            mvt::draw(&mut out, &layer, 0, &Filter::default(), world);
            out.len() as u64
        };
        table.push(format!("tile of {count:>6} points of 6 properties: {:>9.2} µs, {} bytes ({mark})", best(draw) / 1e3, draw()));
        criterion.bench_function(&format!("tile/{count}"), |bencher| bencher.iter(draw));
    }
}

fn main() {
    let count = env::var("POINTS").map_or(1_000_000, |count| count.parse().expect("POINTS is a number"));
    let second = Duration::from_secs(1);
    let mut criterion =
        Criterion::default().warm_up_time(second / 2).measurement_time(second).sample_size(10).without_plots().configure_from_args();
    let mut table = vec![format!("{count} points in process")];
    let folder = tempfile::tempdir().expect("a folder for the points");
    let (data, rate) = import(count, folder.path());
    table.push(format!("import of newline-delimited GeoJSON, without text and index: {:.2} M features/s by the clock", rate / 1e6));
    let app = Arc::new(App::new(data, Settings::default()));
    counts(&mut criterion, app.store.layer("points").expect("the file's collection"), &mut table);
    pages(&mut criterion, &app, &mut table);
    tiles(&mut criterion, folder.path(), &mut table);
    criterion.bench_function("import/20000 features", |bencher| bencher.iter(|| import(20_000, folder.path()).1));
    criterion.final_summary();
    println!("\n{}", table.join("\n"));
}
