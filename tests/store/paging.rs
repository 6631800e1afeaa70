//! Pages partition the answer, whatever their size, and go on through a change of the data.

use harmattan::{
    model::{Collection, GeometryKind, Schema},
    query::{Cursor, ItemsQuery, Limits, Params},
    store::{Layer, Version},
};
use proptest::prelude::*;
use std::sync::Arc;

use crate::support::{features, table};

fn layer(features: &[harmattan::model::Feature]) -> Layer {
    let collection = Collection::new("things", GeometryKind::Any, Schema::default());
    Layer { collection, tables: vec![Arc::new(table(features))].into() }
}

fn ask(layer: &Layer, text: &str) -> ItemsQuery {
    let limits = Limits { default: 1000, most: 10_000, ..Limits::default() };
    ItemsQuery::parse(&Params::parse(text).unwrap(), &layer.collection, limits).unwrap()
}

/// Every id, page after page, as a client that follows `next` would read them; `after_first` is the layer from the second page on.
fn walk(layer: &Layer, after_first: &Layer, query: &str) -> Vec<String> {
    let versions = [Version("one".into()), Version("two".into())];
    let changed = !std::ptr::eq(layer, after_first);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let first = cursor.is_empty();
        let (here, version) = if first { (layer, &versions[0]) } else { (after_first, &versions[usize::from(changed)]) };
        let question = ask(here, &format!("{query}{cursor}"));
        let page = here.items(&question, version);
        assert!(page.returned <= u64::from(question.limit));
        assert_eq!(page.returned, page.rows().count() as u64);
        seen.extend(page.rows().map(|row| row.id().to_owned()));
        match page.next {
            None => return seen,
            Some(next) => {
                let token = Cursor {
                    version: version.0.clone(),
                    query: question.hash(),
                    position: next.position,
                    key: page.table.key(next.last),
                    sort: Vec::new(),
                };
                cursor = format!("&cursor={}", token.to_token());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn pages_partition_the_answer(features in features(40), limit in 1_u32..12, boxed: bool) {
        let layer = layer(&features);
        let filter = if boxed { "bbox=-90,-60,90,60&" } else { "" };
        let whole = walk(&layer, &layer, &format!("{filter}limit=10000"));
        prop_assert_eq!(&walk(&layer, &layer, &format!("{filter}limit={limit}")), &whole);

        // Plain offsets read the same order.
        let mut by_offset = Vec::new();
        for offset in (0..whole.len()).step_by(limit as usize) {
            let page = layer.items(&ask(&layer, &format!("{filter}limit={limit}&offset={offset}")), &Version("one".into()));
            prop_assert_eq!(page.matched, whole.len() as u64);
            by_offset.extend(page.rows().map(|row| row.id().to_owned()));
        }
        prop_assert_eq!(by_offset, whole);
    }

    #[test]
    fn a_download_runs_on_through_a_reload(features in features(40), limit in 1_u32..12, dropped in prop::collection::vec(any::<bool>(), 40)) {
        let before = layer(&features);
        let kept = features.iter().zip(&dropped).filter(|(_, dropped)| !**dropped).map(|(feature, _)| feature.clone()).collect::<Vec<_>>();
        let after = layer(&kept);
        let first = walk(&before, &before, "limit=10000").into_iter().take(limit as usize).collect::<Vec<_>>();
        let read = walk(&before, &after, &format!("limit={limit}"));
        // The first page as it was, then every feature of the new data that stands after it, once.
        let rest = walk(&after, &after, "limit=10000").into_iter().filter(|id| !first.contains(id)).collect::<Vec<_>>();
        let expected = if features.len() > limit as usize {
            let last = before.table().find(first.last().unwrap()).unwrap();
            let key = before.table().key(last);
            let start = after.table().position_after(&key);
            first.iter().cloned().chain(rest.into_iter().filter(|id| after.table().find(id).unwrap() >= start)).collect()
        } else {
            first
        };
        prop_assert_eq!(read, expected);
    }
}

#[test]
fn beyond_the_end_is_an_empty_page() {
    let layer = layer(&[]);
    for query in ["offset=5", "offset=99999999999999999999", "limit=1", ""] {
        let page = layer.items(&ask(&layer, query), &Version("one".into()));
        assert_eq!((page.matched, page.returned, page.next), (0, 0, None), "{query}");
    }
}
