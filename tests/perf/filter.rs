//! Filters over columns: nanoseconds a row of one condition, and what a filter adds to a plain box.
//!
//! `cargo bench --bench index -- filter`; ROWS (10,000,000 if not set) says how many.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use harmattan::{
    model::{Batch, Bbox, Collection, Crs, Feature, Geometry, GeometryKind, Kind, Position, Property, Role, Schema, Value, when},
    query::{
        Certainty, Filter, TimeFilter,
        filter::{Language, parse},
    },
    store::Table,
};

const KINDS: [(&str, Kind); 10] = [
    ("category", Kind::Text),
    ("name", Kind::Text),
    ("whole", Kind::Integer),
    ("real", Kind::Number),
    ("day", Kind::Date),
    ("moment", Kind::Timestamp),
    ("second", Kind::Timestamp),
    ("fine", Kind::Number),
    ("long", Kind::Integer),
    ("code", Kind::Text),
];

const DAY: i64 = 86_400_000;

fn collection() -> Collection {
    let property =
        |(name, kind): (&str, Kind)| Property { role: (kind == Kind::Date).then_some(Role::PrimaryInstant), ..Property::new(name, kind) };
    Collection::new("rows", GeometryKind::Point, Schema { properties: KINDS.map(property).into() })
}

/// The same rows in every run; neighbours are alike in nothing.
fn rows(schema: &Schema, count: u64) -> Table {
    let mut batch = Batch::new(schema);
    for number in 0..count {
        let random = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let part = |shift: u32, below: u64| (random >> shift) % below;
        let (lon, lat) = (part(3, 3_600_000) as f64 / 10_000.0 - 180.0, part(17, 1_800_000) as f64 / 10_000.0 - 90.0);
        let millis = (19_000 + part(7, 1000) as i64) * DAY;
        let start = when::Instant::from_millis(millis);
        let day = start.day().expect("a day of this century");
        batch.push(&Feature {
            id: format!("r{number}"),
            geometry: Position::new(lon, lat).ok().map(Geometry::point),
            time: Some(when::Bounds::certain(start, when::Instant::from_millis(millis + DAY - 1))),
            values: vec![
                format!("category {}", part(11, 20)).into(),
                format!("Name of number {}", part(5, 1_000_000)).into(),
                Value::Integer(part(23, 1000) as i64),
                Value::Number(part(31, 100_000) as f64 / 100.0),
                Value::Date(day),
                Value::Timestamp(when::Instant::from_millis(millis + part(13, 1000) as i64)),
                Value::Timestamp(when::Instant::from_millis(millis + part(13, 86_400) as i64 * 1000)),
                // Neither a decimal nor a whole number of 32 bits, and a text of each row's own.
                Value::Number(part(19, 1 << 40) as f64 / 3.0),
                Value::Integer((random >> 1) as i64),
                format!("{random:016x}").into(),
            ],
        });
    }
    Table::build(schema.clone(), batch, false)
}

fn best(mut ask: impl FnMut() -> u64) -> (Duration, u64) {
    let mut result = (Duration::MAX, 0);
    for _ in 0..7 {
        let start = Instant::now();
        let matched = black_box(ask());
        result = result.min((start.elapsed(), matched));
    }
    result
}

pub(crate) fn run() {
    let count = std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(10_000_000_u64);
    let collection = collection();
    let table = rows(&collection.schema, count);
    let read = |text: &str| parse(text, Language::Text, &Crs::crs84(), &collection).expect("a filter of this file");
    println!("\n{count} rows, the best of seven rounds\n\n| condition | matched | ns a row |\n| --- | --- | --- |");
    for text in [
        "whole = 7",
        "whole < 10",
        "whole < 500",
        "real > 990",
        "real BETWEEN 10 AND 20",
        "day = DATE('2023-01-05')",
        "moment >= TIMESTAMP('2024-09-20T00:00:00Z')",
        "second >= TIMESTAMP('2024-09-20T00:00:00Z')",
        "fine < 1000000000",
        "long < 1000000000000000000",
        "category = 'category 7'",
        "category LIKE '%9'",
        "CASEI(category) IN (CASEI('Category 1'), CASEI('Category 2'))",
        "whole < 10 AND category = 'category 7'",
        "whole < 10 OR real > 990",
        "T_INTERSECTS(time, DATE('2023-01-05'))",
        "certainly_before(time, DATE('2022-01-10'))",
        "name = 'Name of number 77'",
        "name > 'Name of number 5'",
        "name IN ('Name of number 7', 'Name of number 77', 'Name of number 777')",
        "name LIKE 'Name of number 77%'",
        "name LIKE '%77'",
        "CASEI(name) = CASEI('NAME of number 77')",
        "code = '00000fffffffffff'",
        "code < '8'",
        "code LIKE '77%'",
        "code LIKE '%77%'",
        "id = 'r777'",
    ] {
        let filter = Filter { expr: Some(read(text)), ..Filter::default() };
        let (time, matched) = best(|| table.count(&filter));
        println!("| `{text}` | {matched} | {:.3} |", time.as_nanos() as f64 / count as f64);
    }
    let bbox = Bbox::new(0.0, 0.0, 6.0, 6.0).ok();
    let at = |day: i64| when::Instant::from_millis(day * DAY);
    let time = Some(TimeFilter { from: at(19_100), to: at(19_600), certainty: Certainty::Possible });
    println!("\n| question | matched | µs |\n| --- | --- | --- |");
    for (name, filter) in [
        ("box", Filter { bbox, ..Filter::default() }),
        ("box, time and `whole < 500`", Filter { bbox, time, expr: Some(read("whole < 500")), ..Filter::default() }),
        (
            "box and `S_INTERSECTS` with a triangle",
            Filter { bbox, expr: Some(read("S_INTERSECTS(geometry,POLYGON((0 0,6 0,0 6,0 0)))")), ..Filter::default() },
        ),
    ] {
        let (time, matched) = best(|| table.select(&filter).matched());
        println!("| {name} | {matched} | {:.1} |", time.as_nanos() as f64 / 1000.0);
    }
}
