//! Temporal functions.

use super::site::{Type, queryables_of};

const INTERVALS: [(Type, &str); 2] =
    [(Type::Timestamp, "INTERVAL('2021-01-01T00:00:00Z','2021-12-31T23:59:59Z')"), (Type::Date, "INTERVAL('2021-01-01','2021-12-31')")];

pub(super) async fn temporal_functions_temporal_functions_1() {
    for (kind, interval) in INTERVALS {
        let instant = if kind == Type::Date { "DATE('2022-04-24')" } else { "TIMESTAMP('2022-04-24T07:59:57Z')" };
        for (site, collection, name, _) in queryables_of(&[kind]).await {
            let known = site.found(collection, &format!("{name} IS NOT NULL")).await;
            for other in [instant, interval] {
                let ask = |function: &str| {
                    let filter = format!("{function}({name},{other})");
                    async move { site.found(collection, &filter).await }
                };
                let (after, before, equals) = (ask("T_AFTER").await, ask("T_BEFORE").await, ask("T_EQUALS").await);
                let (disjoint, intersects) = (ask("T_DISJOINT").await, ask("T_INTERSECTS").await);
                assert_eq!(disjoint, after.union(&before).cloned().collect(), "{collection} {name} {other}");
                assert!(disjoint.is_disjoint(&intersects) && equals.is_subset(&intersects), "{collection} {name} {other}");
                assert_eq!(disjoint.len() + intersects.len(), known.len(), "{collection} {name} {other}");
            }
        }
    }
}

pub(super) async fn temporal_functions_temporal_functions_2() {
    const APART: [&str; 12] = [
        "T_AFTER",
        "T_BEFORE",
        "T_EQUALS",
        "T_CONTAINS",
        "T_DURING",
        "T_FINISHEDBY",
        "T_FINISHES",
        "T_MEETS",
        "T_METBY",
        "T_OVERLAPPEDBY",
        "T_OVERLAPS",
        "T_STARTEDBY",
    ];
    let mut pairs = 0;
    for (kind, interval) in INTERVALS {
        let all = queryables_of(&[kind]).await;
        for (site, collection, first, _) in &all {
            let others = all.iter().filter(|(_, other, second, _)| other == collection && second != first);
            for (_, _, second, _) in others.take(2) {
                pairs += 1;
                let mut sum = 0;
                for function in APART.iter().chain(&["T_STARTS", "T_DISJOINT", "T_INTERSECTS"]) {
                    let found = site.found(collection, &format!("{function}(INTERVAL({first},{second}),{interval})")).await;
                    // Of the thirteen relations of Allen each pair of intervals has one.
                    sum += if matches!(*function, "T_DISJOINT" | "T_INTERSECTS") { 0 } else { found.len() };
                }
                let ordered = site.found(collection, &format!("{first} <= {second}")).await;
                assert_eq!(sum, ordered.len(), "{collection} {first} {second}");
            }
        }
    }
    assert!(pairs >= 2);
}
