//! A filter leaves what its condition is true of, row by row; and pages partition what it leaves.

use std::sync::Arc;

use harmattan::{
    model::{Collection, Crs, Feature, Geometry, GeometryKind, Kind, Position, Property, Role, Schema, Value, when::Instant},
    query::{
        Budget, Certainty, Cursor, Filter, ItemsQuery, Limits, Params, TimeFilter,
        filter::{Expr, Language, parse},
    },
    store::{Layer, Table, Version, truth},
};
use jiff::civil::date;
use proptest::prelude::*;

use crate::support::{bbox, cases, features};

/// One property of each kind; texts of few and of many values.
const KINDS: [(&str, Kind); 13] = [
    ("code", Kind::Text),
    ("word", Kind::Text),
    ("day_or_so", Kind::Edtf),
    ("whole", Kind::Integer),
    ("real", Kind::Number),
    ("flag", Kind::Boolean),
    ("day", Kind::Date),
    ("moment", Kind::Timestamp),
    ("address", Kind::Uri),
    ("tags", Kind::List),
    ("fine", Kind::Number),
    ("long", Kind::Integer),
    ("instant", Kind::Timestamp),
];

fn collection() -> Collection {
    let property =
        |(name, kind): (&str, Kind)| Property { role: (kind == Kind::Date).then_some(Role::PrimaryInstant), ..Property::new(name, kind) };
    Collection::new("things", GeometryKind::Any, Schema { properties: KINDS.map(property).into() })
}

/// A value of each kind, from a number: the same number gives the same values, and every eleventh is unknown.
fn values(seed: u32) -> Vec<Value> {
    let of = |salt: u32| seed.wrapping_mul(2_654_435_761).wrapping_add(salt.wrapping_mul(40_503)) >> 8;
    let known = |salt: u32, value: Value| if of(salt) % 11 == 0 { Value::Null } else { value };
    let edtf = ["2020-01", "2020-01-XX", "[2020-01-03..2020-01-09]", "2020-01-05", "2020/..", "no time"];
    let number = |salt: u32| i64::from(of(salt) % 7) - 3;
    vec![
        known(0, ["a", "b", "É", "é", "ab%", ""][of(1) as usize % 6].into()),
        known(2, format!("w{}", of(3) % 9973).into()),
        known(4, edtf[of(5) as usize % 6].into()),
        known(6, number(7).into()),
        known(8, (number(9) as f64 / 2.0).into()),
        known(10, (of(11) % 2 == 0).into()),
        known(12, date(2020, 1, 1 + (of(13) % 9) as i8).into()),
        known(14, Value::Timestamp(Instant::from_millis(1_577_836_800_000 + i64::from(of(15) % 18) * 43_200_000))),
        known(16, format!("http://x/{}", of(17) % 3).into()),
        known(18, ["a", "b", "c"][..of(19) as usize % 4].iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>().into()),
        known(20, ([0.0, -0.0, 1.0 / 3.0, -1e300, 0.1 + 0.2, 7.0][of(21) as usize % 6]).into()),
        known(22, (number(23) * 3_074_457_345_618_258_602 + number(24) % 2).into()),
        known(25, Value::Timestamp(Instant::from_millis(number(26) * 2_000_000_000_000 + number(27)))),
    ]
}

/// Features with shapes and times that make trouble, and values of every kind.
fn things() -> impl Strategy<Value = Vec<Feature>> {
    (features(300), any::<u32>()).prop_map(|(mut features, seed)| {
        features.iter_mut().zip(seed..).for_each(|(feature, seed)| feature.values = values(seed));
        features
    })
}

/// A condition of any form, as text.
fn condition() -> impl Strategy<Value = String> {
    let pick = |texts: &'static [&'static str]| prop::sample::select(texts.to_vec()).prop_map(str::to_owned).boxed();
    let sign = pick(&["=", "<>", "<", "<=", ">", ">="]);
    let number = pick(&[
        "whole",
        "real",
        "0",
        "-1",
        "1.5",
        "0.25",
        "9007199254740993",
        "whole + 1",
        "real * whole",
        "whole / 0",
        "abs(real)",
        "fine",
        "long",
        "0.3",
        "9223372036854775806",
        "-9.3e18",
        "-1e300",
    ]);
    let text = pick(&[
        "code",
        "word",
        "address",
        "day_or_so",
        "'a'",
        "'é'",
        "'w5'",
        "CASEI(code)",
        "ACCENTI(code)",
        "CASEI('É')",
        "id",
        "upper(code)",
    ]);
    let time = pick(&[
        "day",
        "moment",
        "day_or_so",
        "instant",
        "TIMESTAMP('2033-05-18T03:33:20.001Z')",
        "DATE('2033-05-18')",
        "DATE('2020-01-05')",
        "TIMESTAMP('2020-01-05T12:00:00Z')",
        "TIMESTAMP('2020-01-03T00:00:00Z')",
    ]);
    let span = pick(&[
        "day",
        "moment",
        "day_or_so",
        "time",
        "DATE('2020-01-05')",
        "DATE('1970-01-01')",
        "TIMESTAMP('1970-01-01T00:00:00Z')",
        "INTERVAL('1970-01-01T00:00:00Z','1970-01-01T00:00:01Z')",
        "INTERVAL('2020-01-02','2020-01-05')",
        "INTERVAL('..','2020-01-05')",
        "INTERVAL(day,moment)",
        "INTERVAL('2020-01-02T00:00:00Z','..')",
    ]);
    let relation = pick(&[
        "T_AFTER",
        "T_BEFORE",
        "T_CONTAINS",
        "T_DISJOINT",
        "T_DURING",
        "T_EQUALS",
        "T_FINISHES",
        "T_INTERSECTS",
        "T_MEETS",
        "T_OVERLAPS",
        "T_STARTS",
        "certainly_intersects",
        "certainly_before",
        "certainly_after",
    ]);
    let shape = pick(&[
        "BBOX(-90,-45,90,45)",
        "BBOX(170,-90,-170,90)",
        "BBOX(180,0,180,5)",
        "BBOX(-10,-10,-50,10,10,50)",
        "POINT(0 0)",
        "POINT(5 10)",
        "LINESTRING(-180 0,180 0)",
        "POLYGON((-60 -60,60 -60,60 60,-60 60,-60 -60),(-30 -30,-30 30,30 30,30 -30,-30 -30))",
        "MULTIPOINT((0 0),(5 5))",
    ]);
    let spatial = pick(&["S_INTERSECTS", "S_DISJOINT", "S_WITHIN", "S_CONTAINS", "S_EQUALS", "S_TOUCHES"]);
    let fixed = pick(&[
        "flag",
        "TRUE",
        "FALSE",
        "flag = TRUE",
        "flag <> TRUE",
        "flag < TRUE",
        "code IS NULL",
        "whole IS NULL",
        "geometry IS NULL",
        "time IS NULL",
        "tags IS NULL",
        "id IS NULL",
        "code LIKE '%'",
        "code LIKE 'a_\\%'",
        "word LIKE 'w1%'",
        "word LIKE 'w1%7_'",
        "word LIKE '%7%'",
        "word LIKE 'w'",
        "NOT word LIKE 'w2%'",
        "CASEI(word) LIKE 'w3%'",
        "id = 'f7'",
        "id <> 'f7'",
        "word IN ('w5','w17','w1000','x')",
        "whole NOT IN (1,2,0.5)",
        "0.25 BETWEEN real AND fine",
        "1 BETWEEN whole AND long",
        "moment IN (TIMESTAMP('2020-01-03T00:00:00Z'))",
        "A_CONTAINS(tags,('a'))",
        "A_EQUALS(tags,('a','b'))",
        "A_OVERLAPS(tags,('c',code))",
        "(code = 'a' OR code IS NULL) = TRUE",
        "(flag AND code = 'a') IS NULL",
        "length(word) BETWEEN 3 AND 4",
        "id IN ('f1','f2','f3')",
        "code IN ('a','b',word)",
        "day IN ('2020-01-02','2020-01-03')",
    ]);
    let leaf = prop_oneof![
        2 => (number.clone(), sign.clone(), number.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        2 => (text.clone(), sign.clone(), text.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        2 => (time.clone(), sign, time.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        2 => (relation, span.clone(), span).prop_map(|(relation, a, b)| format!("{relation}({a},{b})")),
        2 => (spatial, shape, any::<bool>()).prop_map(|(relation, shape, first)| {
            if first { format!("{relation}(geometry,{shape})") } else { format!("{relation}({shape},geometry)") }
        }),
        1 => (number.clone(), number.clone(), number.clone()).prop_map(|(a, b, c)| format!("{a} BETWEEN {b} AND {c}")),
        1 => (time.clone(), time.clone(), time).prop_map(|(a, b, c)| format!("{a} NOT BETWEEN {b} AND {c}")),
        1 => (text.clone(), prop::collection::vec(text, 1..4)).prop_map(|(a, list)| format!("{a} IN ({})", list.join(","))),
        1 => (number.clone(), prop::collection::vec(number, 1..4)).prop_map(|(a, list)| format!("{a} NOT IN ({})", list.join(","))),
        3 => fixed,
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            2 => prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" AND "))),
            2 => prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
            1 => inner.prop_map(|part| format!("NOT ({part})")),
        ]
    })
}

fn read(condition: &str, collection: &Collection) -> Expr {
    parse(condition, Language::Text, &Crs::crs84(), collection).unwrap_or_else(|error| panic!("{condition}: {error}"))
}

/// Every position that a look at every row finds.
fn naive(table: &Table, condition: &Expr) -> Vec<u32> {
    (0..table.len()).filter(|position| truth(condition, &table.row(*position)) == Some(true)).collect()
}

fn found(table: &Table, filter: &Filter) -> Vec<u32> {
    let selection = table.select(filter);
    assert_eq!(table.count(filter), selection.matched());
    let found = selection.runs().iter().cloned().flatten().collect::<Vec<_>>();
    assert_eq!(found.len() as u64, selection.matched());
    found
}

/// What looks at features one by one stops when it may not go on, and says so; what need not does not ask.
#[test]
fn a_budget_ends_a_look_at_every_feature() {
    let collection = collection();
    let things = (0..1000).map(|number| Feature {
        id: format!("f{number}"),
        geometry: Position::new(f64::from(number % 360) - 180.0, 0.0).ok().map(Geometry::point),
        time: None,
        values: values(number),
    });
    let table = Table::of_features(collection.schema.clone(), &things.collect::<Vec<_>>(), false);
    for (condition, is_slow) in [
        ("whole + 1 < 2", true),
        ("word LIKE '%1%'", true),
        ("S_CROSSES(geometry,LINESTRING(-170 -1,170 1)) OR whole < 2", true),
        ("NOT S_WITHIN(geometry,POLYGON((-100 -1,100 -1,100 1,-100 1,-100 -1)))", true),
        ("flag AND abs(real) > 1", true),
        ("whole < 2", false),
        ("code = 'a' OR flag", false),
        ("S_INTERSECTS(geometry,BBOX(-150,-80,150,80)) AND whole < 2", false),
    ] {
        let of = |most: u64| {
            let budget = Budget::new(move |looked| looked >= most);
            let filter = Filter { expr: Some(read(condition, &collection)), budget, ..Filter::default() };
            (table.select(&filter), filter.budget.is_spent())
        };
        let (whole, spent) = of(u64::MAX);
        assert!(!spent, "{condition}");
        for most in [0, 1, 100, 900] {
            let (part, spent) = of(most);
            assert!(if most == 0 { spent == is_slow } else { is_slow || !spent }, "{condition}: {most}");
            if !condition.contains("NOT") {
                assert_eq!(part.and(&whole), part, "{condition}: some of the answer");
            }
            assert!(spent || part == whole, "{condition}: {most}");
        }
    }
}

/// More features than runs are kept of.
#[test]
fn a_large_table_is_filtered_as_a_small_one() {
    let collection = collection();
    let at = |number: u32, most: u32| f64::from(number.wrapping_mul(2_654_435_761) >> 8 & 0xFFFF) / 65_536.0 * f64::from(most);
    let things = (0..80_000).map(|number| Feature {
        id: format!("f{number}"),
        geometry: Position::new(at(number, 360) - 180.0, at(number + 7, 180) - 90.0).ok().map(Geometry::point).filter(|_| number % 9 != 0),
        time: None,
        values: values(number),
    });
    let table = Arc::new(Table::of_features(collection.schema.clone(), &things.collect::<Vec<_>>(), false));
    let layer = Layer { collection, tables: vec![table].into() };
    let table = layer.table();
    for condition in [
        "whole < 2",
        "code = 'a' OR flag",
        "NOT (real > 0)",
        "word LIKE 'w1%' AND whole = 0",
        "S_INTERSECTS(geometry,BBOX(-150,-80,150,80))",
        "FALSE",
    ] {
        let expr = read(condition, &layer.collection);
        let expected = naive(table, &expr);
        let filter = Filter { expr: Some(expr), ..Filter::default() };
        assert_eq!(found(table, &filter), expected, "{condition}");
        let selection = table.select(&filter);
        for offset in [0, 1, 500, expected.len() / 2, expected.len().saturating_sub(1), expected.len()] {
            assert_eq!(selection.at(offset as u64), expected.get(offset).copied().unwrap_or(u32::MAX), "{condition}");
            let encoded: String = form_urlencoded::byte_serialize(condition.as_bytes()).collect();
            let params = Params::parse(&format!("filter={encoded}&limit=10&offset={offset}")).unwrap();
            let question = ItemsQuery::parse(&params, &layer.collection, Limits { default: 10, most: 10, ..Limits::default() }).unwrap();
            let page = layer.items(&question, &Version("one".into()));
            let ids = expected.iter().skip(offset).take(10).map(|position| table.row(*position).id()).collect::<Vec<_>>();
            assert_eq!(page.rows().map(|row| row.id()).collect::<Vec<_>>(), ids, "{condition}");
            assert_eq!(page.next.map(|next| next.position), expected.get(offset + 10).copied(), "{condition}");
        }
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn a_filter_is_its_condition_row_by_row(things in things(), conditions in prop::collection::vec(condition(), 1..6), bbox in bbox(), from in 0_i64..20, length in 0_i64..9, certain: bool) {
        let collection = collection();
        let table = Table::of_features(collection.schema.clone(), &things, false);
        let certainty = if certain { Certainty::Certain } else { Certainty::Possible };
        let time = TimeFilter { from: Instant::from_millis(from), to: Instant::from_millis(from + length), certainty };
        for condition in conditions {
            let expr = read(&condition, &collection);
            let expected = naive(&table, &expr);
            let filter = Filter { expr: Some(expr), ..Filter::default() };
            prop_assert_eq!(&found(&table, &filter), &expected, "{}", condition);
            for (bbox, time) in [(Some(bbox), None), (None, Some(time)), (Some(bbox), Some(time))] {
                let rest = found(&table, &Filter { bbox, time, ..Filter::default() });
                let both = expected.iter().copied().filter(|position| rest.contains(position)).collect::<Vec<_>>();
                prop_assert_eq!(found(&table, &Filter { bbox, time, ..filter.clone() }), both, "{}", condition);
            }
        }
    }

    #[test]
    fn pages_partition_what_a_filter_leaves(things in things(), condition in condition(), limit in 1_u32..40) {
        let collection = collection();
        let expected = {
            let table = Table::of_features(collection.schema.clone(), &things, false);
            naive(&table, &read(&condition, &collection)).into_iter().map(|position| table.row(position).id().to_owned()).collect::<Vec<_>>()
        };
        let table = Arc::new(Table::of_features(collection.schema.clone(), &things, true));
        let layer = Layer { collection, tables: vec![table].into() };
        let filter: String = form_urlencoded::byte_serialize(condition.as_bytes()).collect();
        let (version, limits) = (Version("one".into()), Limits { default: 1000, most: 10_000, ..Limits::default() });
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let params = Params::parse(&format!("filter={filter}&limit={limit}{cursor}")).unwrap();
            let question = ItemsQuery::parse(&params, &layer.collection, limits).unwrap();
            let page = layer.items(&question, &version);
            prop_assert_eq!(page.matched, expected.len() as u64);
            seen.extend(page.rows().map(|row| row.id().to_owned()));
            let Some(next) = page.next else { break };
            let token = Cursor { version: version.0.clone(), query: question.hash(), position: next.position, key: page.table.key(next.last), sort: Vec::new() };
            cursor = format!("&cursor={}", token.to_token());
        }
        prop_assert_eq!(seen, expected);
    }
}
