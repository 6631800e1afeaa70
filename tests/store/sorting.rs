//! Sorted answers against sorting everything, page after page, through a change of the data too; and words against reading every text.

use std::{cmp::Ordering, sync::Arc};

use harmattan::{
    model::{Collection, Feature, Geometry, GeometryKind, Kind, Position, Property, Schema, Value, names::fold_whole},
    query::{Cursor, ItemsQuery, Limits, Params},
    store::{Layer, Page, Table, Version, sort_values},
};
use proptest::prelude::*;

fn schema() -> Schema {
    let property = |(name, kind): (&str, Kind)| Property::new(name, kind);
    let kinds = [("whole", Kind::Integer), ("number", Kind::Number), ("text", Kind::Text), ("flag", Kind::Boolean), ("list", Kind::List)];
    Schema { properties: kinds.into_iter().map(property).collect() }
}

fn layer(features: &[Feature]) -> Layer {
    let collection = Collection::new("things", GeometryKind::Any, schema());
    Layer { collection, tables: vec![Arc::new(Table::of_features(schema(), features, true))].into() }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Gao".to_owned()),
        Just("gao  région".to_owned()),
        Just("L'École".to_owned()),
        "[a-c]{0,3}",
        Just("x".repeat(300) + "1"),
        Just("x".repeat(300) + "2")
    ]
}

/// Few values, so that many are alike, and some unknown.
fn features() -> impl Strategy<Value = Vec<Feature>> {
    let values = (
        prop::option::of(-2_i64..3),
        prop::option::of(prop_oneof![Just(-0.0), Just(0.0), Just(-1.5), Just(1e300), Just(2.0)]),
        prop::option::of(text()),
        prop::option::of(any::<bool>()),
        prop::collection::vec(text(), 0..3),
    );
    let place = prop::option::of((-180.0..180.0, -90.0..90.0));
    prop::collection::vec((place, values), 0..40).prop_map(|all| {
        type Values = (Option<i64>, Option<f64>, Option<String>, Option<bool>, Vec<String>);
        let feature = |(number, (place, (whole, decimal, text, flag, list))): (usize, (Option<(f64, f64)>, Values))| Feature {
            id: format!("f{number}"),
            geometry: place.map(|(lon, lat)| Geometry::point(Position::new(lon, lat).unwrap())),
            time: None,
            values: vec![whole.into(), decimal.into(), Value::from(text), flag.into(), Value::List(list)],
        };
        all.into_iter().enumerate().map(feature).collect()
    })
}

fn ask(layer: &Layer, text: &str) -> ItemsQuery {
    ItemsQuery::parse(&Params::parse(text).unwrap(), &layer.collection, Limits { default: 1000, most: 10_000, ..Limits::default() })
        .unwrap()
}

fn ids(page: &Page) -> Vec<String> {
    page.rows().map(|row| row.id().to_owned()).collect()
}

/// Two values in the order that the documents promise: unknown ones last, whichever way the key runs.
fn compare(a: &Value, b: &Value, descending: bool) -> Ordering {
    let order = match (a, b) {
        (Value::Null, Value::Null) => return Ordering::Equal,
        (Value::Null, _) => return Ordering::Greater,
        (_, Value::Null) => return Ordering::Less,
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b).unwrap(),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        other => panic!("{other:?}"),
    };
    if descending { order.reverse() } else { order }
}

/// The ids of every feature, sorted all at once; those alike in the order of the table.
fn naive(layer: &Layer, features: &[Feature], keys: &[(usize, bool)]) -> Vec<String> {
    let mut all = features.to_vec();
    all.sort_by_key(|feature| layer.table().find(&feature.id));
    all.sort_by(|a, b| {
        keys.iter().map(|(index, down)| compare(&a.values[*index], &b.values[*index], *down)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    });
    all.into_iter().map(|feature| feature.id).collect()
}

fn sortby(keys: &[(usize, bool)]) -> String {
    let names = schema();
    let key = |(index, down): &(usize, bool)| format!("{}{}", if *down { "-" } else { "%2B" }, names.properties[*index].name);
    keys.iter().map(key).collect::<Vec<_>>().join(",")
}

fn cursor(page: &Page, query: &ItemsQuery, version: &Version) -> Option<String> {
    let next = page.next?;
    let sort = sort_values(&page.table, query.sort.as_ref().unwrap(), next.last);
    let (version, key) = (version.0.clone(), page.table.key(next.last));
    Some(Cursor { version, query: query.hash(), position: next.position, key, sort }.to_token())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn pages_partition_the_sorted_answer(
        features in features(), keys in prop::collection::vec((0_usize..4, any::<bool>()), 1..4), limit in 1_u32..12,
    ) {
        let (layer, version) = (layer(&features), Version("one".into()));
        let expected = naive(&layer, &features, &keys);
        let sortby = sortby(&keys);
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let query = ask(&layer, &format!("sortby={sortby}&limit={limit}{after}"));
            let page = layer.items(&query, &version);
            prop_assert_eq!(page.matched, features.len() as u64);
            prop_assert!(page.returned <= u64::from(limit));
            seen.extend(ids(&page));
            let Some(token) = cursor(&page, &query, &version) else { break };
            after = format!("&cursor={token}");
        }
        prop_assert_eq!(&seen, &expected);
        for offset in [0, 1, 7, 39, 1000] {
            let page = layer.items(&ask(&layer, &format!("sortby={sortby}&limit={limit}&offset={offset}")), &version);
            let part = expected.iter().skip(offset).take(limit as usize).cloned().collect::<Vec<_>>();
            prop_assert_eq!(ids(&page), part);
        }
    }

    #[test]
    fn a_sorted_download_runs_on_through_a_reload(
        features in features(), keys in prop::collection::vec((0_usize..4, any::<bool>()), 1..3), limit in 1_u32..12,
        dropped in prop::collection::vec(any::<bool>(), 40),
    ) {
        let (before, versions) = (layer(&features), [Version("one".into()), Version("two".into())]);
        let query = ask(&before, &format!("sortby={}&limit={limit}", sortby(&keys)));
        let first = before.items(&query, &versions[0]);
        let Some(token) = cursor(&first, &query, &versions[0]) else { return Ok(()) };
        let kept = features.iter().zip(&dropped).filter(|(_, dropped)| !**dropped).map(|(feature, _)| feature.clone()).collect::<Vec<_>>();
        let after = layer(&kept);
        let rest = after.items(&ask(&after, &format!("sortby={}&cursor={token}", sortby(&keys))), &versions[1]);
        // Of the features that stay, those that stand after the last one sent; a text that is kept only in part may send some again.
        let last = ids(&first).pop().unwrap();
        let sorted = naive(&before, &features, &keys);
        let stay = |id: &&String| kept.iter().any(|feature| feature.id == **id);
        let expected = sorted.iter().skip_while(|id| **id != last).skip(1).filter(stay).cloned().collect::<Vec<_>>();
        let found = ids(&rest);
        let is_long = |feature: &Feature| keys.iter().any(|(index, _)| matches!(&feature.values[*index], Value::Text(text) if text.len() > 128));
        if features.iter().any(|feature| feature.id == last && is_long(feature)) {
            prop_assert!(expected.iter().all(|id| found.contains(id)), "{:?} within {:?}", expected, found);
        } else {
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn words_are_found_where_they_stand(features in features(), phrases in prop::collection::vec("(gao|region|ecole|l|[a-c]|x| ){1,3}", 1..3), boxed: bool) {
        let (layer, version) = (layer(&features), Version("one".into()));
        let q = phrases.join(",");
        prop_assume!(phrases.iter().any(|phrase| !fold_whole(phrase).is_empty()));
        let says = |feature: &&Feature| {
            let mut texts = Vec::new();
            if let Value::Text(text) = &feature.values[2] { texts.push(text.clone()); }
            if let Value::List(list) = &feature.values[4] { texts.extend(list.clone()); }
            texts.iter().any(|text| {
                let text = format!(" {}", fold_whole(text));
                phrases.iter().map(|phrase| fold_whole(phrase)).any(|phrase| !phrase.is_empty() && text.contains(&format!(" {phrase}")))
            })
        };
        let box_ = if boxed { "&bbox=-90,-45,90,45" } else { "" };
        let meets = |feature: &&Feature| !boxed || feature.geometry.as_ref().and_then(Geometry::bounds).is_none_or(|rect| rect.min_x.abs() <= 90.0 && rect.min_y.abs() <= 45.0);
        let mut expected = features.iter().filter(says).filter(meets).map(|feature| feature.id.clone()).collect::<Vec<_>>();
        let query = format!("q={}{box_}", q.replace(' ', "+"));
        let page = layer.items(&ask(&layer, &query), &version);
        let mut found = ids(&page);
        expected.sort();
        found.sort();
        prop_assert_eq!(&found, &expected);
        let counted = layer.items(&ask(&layer, &format!("{query}&resultType=hits")), &version);
        prop_assert_eq!((counted.matched, counted.returned), (expected.len() as u64, 0));
    }

    #[test]
    fn a_page_within_a_budget_loses_nothing(features in features(), budget in 1_u64..3000, sorted: bool) {
        let (layer, version) = (layer(&features), Version("one".into()));
        let sort = if sorted { "&sortby=-whole" } else { "" };
        let whole = ids(&layer.items(&ask(&layer, &format!("limit=10000{sort}")), &version));
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let query = ask(&layer, &format!("limit=25{sort}{after}"));
            let mut page = layer.items(&query, &version);
            page.shorten(budget, sorted);
            prop_assert_eq!(page.returned, page.rows().count() as u64);
            let size = page.runs.iter().map(|run| layer.table().text_size(run)).sum::<u64>();
            prop_assert!(size <= budget || page.returned == 1);
            seen.extend(ids(&page));
            let Some(next) = page.next else { break };
            let sort = query.sort.as_ref().map(|sort| sort_values(&page.table, sort, next.last)).unwrap_or_default();
            let token = Cursor { version: version.0.clone(), query: query.hash(), position: next.position, key: page.table.key(next.last), sort };
            after = format!("&cursor={}", token.to_token());
        }
        prop_assert_eq!(seen, whole);
    }
}
