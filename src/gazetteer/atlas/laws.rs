//! What holds of every gazetteer and every question: each index gives what a look at all places would.

use proptest::prelude::*;

use super::{
    tests::{MALI, alternate, entry, packed},
    *,
};
use crate::{
    gazetteer::{
        fold,
        pack::{Entry, EntryName, NameCode},
    },
    model::Position,
};

/// Name, other names and their kinds, people, longitude, latitude, country.
type Row = (String, Vec<(String, u8)>, u64, f64, f64, usize);

/// Entries with a few names out of a small alphabet, so that names meet.
pub(super) fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let name = "[abÁé京 ]{1,6}";
    let one = (name, proptest::collection::vec((name, 0u8..4), 0..4), 0u64..1000, -180.0..=180.0, -90.0..=90.0, 0usize..3);
    proptest::collection::vec(one, 0..30).prop_map(|rows| {
        let alternates = |(text, kind): (String, u8)| EntryName {
            kind: if kind == 3 { NameCode::Code } else { NameCode::Alternate },
            ..alternate(&text)
        };
        let one = |(id, row): (usize, Row)| {
            let (name, names, population, lon, lat, country) = row;
            let known = entry(id, &name, ["ML", "NE", ""][country], population);
            Entry { names: names.into_iter().map(alternates).collect(), lon, lat, ..known }
        };
        rows.into_iter().enumerate().map(one).collect()
    })
}

fn real_folds(spot: Spot<'_>) -> Vec<String> {
    spot.names().filter(|name| name.kind.is_real()).map(|name| fold(&name.text)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Every index against the naive answer.
    #[test]
    fn the_indexes_equal_a_linear_scan(entries in entries(), query in "[ab]{1,3}", limit in 1usize..6) {
        let count = entries.len();
        let atlas = packed(entries);
        prop_assert_eq!(atlas.iter().count(), count);
        let scan = |test: &dyn Fn(&str) -> bool| {
            atlas.iter().filter(|spot| real_folds(*spot).iter().any(|name| test(name))).map(Spot::rank).collect::<Vec<_>>()
        };
        prop_assert_eq!(atlas.bearers(&query).real, scan(&|name| name == query));
        let mut naive = scan(&|name| name.starts_with(&query));
        naive.truncate(limit);
        let below = atlas.below(&query, limit, limit, |_| true);
        prop_assert_eq!(&below.real, &naive);
        let mut within = scan(&|name| name.starts_with(&query));
        within.retain(|&place| atlas.spot(place).country() == "ML");
        within.truncate(limit);
        prop_assert_eq!(atlas.below_within(&query, &MALI, limit), within);
        let words = scan(&|name| name.contains(' ') && name.split(' ').any(|word| word == query));
        prop_assert_eq!(atlas.with_words(&[&query]).unwrap_or_default(), words);
        for spot in atlas.iter() {
            prop_assert_eq!(atlas.get(&spot.id()), Some(spot));
        }
    }

    /// The automaton against a table of distances.
    #[test]
    fn slips_are_counted_right(entries in entries(), query in "[ab]{1,6}", slips in 1u8..3) {
        let atlas = packed(entries);
        let near = |name: &str| {
            let distance = osa(name, &query);
            !name.is_empty() && distance > 0 && distance <= usize::from(slips)
        };
        // A name of a script with two bytes a letter has a longer code, so only the others are compared letter by letter.
        let plain = |spot: Spot<'_>| real_folds(spot).iter().all(|name| name.is_ascii());
        let mut naive = atlas.iter().filter(|&spot| plain(spot) && real_folds(spot).iter().any(|name| near(name))).map(Spot::rank).collect::<Vec<_>>();
        let mut found = atlas.fuzzy(&query, slips, &Wish::default()).iter().filter(|hit| plain(hit.spot)).map(|hit| hit.spot.rank()).collect::<Vec<_>>();
        naive.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(found, naive);
    }

    #[test]
    fn the_nearest_equal_the_naive_answer(
        entries in entries(),
        (lon, lat) in prop_oneof![(-180.0..=180.0, -90.0..=90.0), (Just(180.0), -90.0..=90.0), (-180.0..=180.0, Just(-90.0))],
        limit in 1usize..10,
    ) {
        let atlas = packed(entries);
        let here = Position { lon, lat };
        let mut naive = atlas.iter().map(|spot| here.distance_m(spot.position())).collect::<Vec<_>>();
        naive.sort_by(f64::total_cmp);
        naive.truncate(limit);
        let found = atlas.reverse(here, limit).into_iter().map(|(_, metres)| metres).collect::<Vec<_>>();
        prop_assert_eq!(found.len(), naive.len());
        // A metre: near the antipode both formulas lose digits.
        prop_assert!(found.iter().zip(&naive).all(|(a, b)| (a - b).abs() < 1.0), "{:?} {:?}", found, naive);
    }

    #[test]
    fn any_query_is_answered_in_order(query in "\\PC{0,12}", limit in 0usize..20) {
        for hits in [shared().search(&query, &MALI, limit), shared().suggest(&query, &MALI, limit)] {
            prop_assert!(hits.len() <= limit);
            prop_assert!(hits.is_sorted_by(|a, b| a.order(b).is_le()));
            prop_assert!(hits.iter().all(|hit| (0.0..=1.0).contains(&hit.score)));
        }
    }

    /// A name cut anywhere still suggests its place.
    #[test]
    fn a_beginning_finds_the_place(index in any::<proptest::sample::Index>(), cut in 1usize..12) {
        let spot = shared().spot(index.index(3_000) as u32);
        let beginning: String = spot.name().chars().take(cut).collect();
        prop_assume!(!fold(&beginning).is_empty());
        let below = shared().below(&fold(&beginning), 3_000, 3_000, |_| true);
        prop_assert!(below.real.contains(&spot.rank()));
    }
}

/// Distance by letters left out, put in, changed and neighbours swapped once (restricted Damerau–Levenshtein).
fn osa(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => {
                    let changed = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut least = changed.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        least = least.min(table[i - 2][j - 2] + 1);
                    }
                    least
                }
            };
        }
    }
    table[a.len()][b.len()]
}
