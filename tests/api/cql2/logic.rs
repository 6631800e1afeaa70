//! Combinations of predicates with AND, OR and NOT.

use std::collections::BTreeSet;

use super::{
    data::expected,
    site::{Site, embedded, standard},
};

pub(super) async fn basic_cql2_logical() {
    let lines = include_str!("combinations.tsv").lines().filter(|line| !line.starts_with('#')).skip(1);
    let mut checked = 0;
    for line in lines {
        let [count, p1, p2, p3, p4] = line.splitn(5, '\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let filter = format!("(NOT ({p2}) AND {p1}) OR ({p3} and {p4}) or not ({p1} OR {p4})");
        assert_eq!(standard().count("cities", &filter, "cql2-text").await, count.parse::<usize>().unwrap(), "{filter}");
        checked += 1;
    }
    assert_eq!(checked, 83);
}

/// Combinations of the predicates of a class and those of basic CQL2: what they leave follows from what each leaves and leaves out.
async fn combine(class: &str) {
    for collection in ["countries", "cities", "rivers"] {
        let of = |wanted: &str| {
            let all = expected().iter().filter(|expected| expected.class == wanted && expected.collection == collection);
            all.map(|expected| expected.filter).collect::<Vec<_>>()
        };
        let predicates = [of(class), of("basic-cql2")].concat();
        if of(class).is_empty() {
            continue;
        }
        check(standard(), collection, &predicates).await;
    }
}

async fn check(site: &Site, collection: &str, predicates: &[&str]) {
    let everything = site.found(collection, "TRUE").await;
    let mut results = Vec::new();
    for predicate in predicates {
        let (with, without) = (site.found(collection, predicate).await, site.found(collection, &format!("NOT ({predicate})")).await);
        assert!(with.is_disjoint(&without), "{predicate}");
        results.push((with, without));
    }
    // Twelve combinations that go through all of the predicates.
    for step in 1..=12 {
        let pick = |index: usize| (index * step * 7 + index + step) % predicates.len();
        let [a, b, c, d] = [1, 2, 3, 4].map(pick);
        let [p1, p2, p3, p4] = [a, b, c, d].map(|index| predicates[index]);
        let filter = format!("((NOT ({p1}) AND ({p2})) OR (({p3}) and NOT ({p4})) or not (({p1}) AND ({p4})))");
        let both = |x: &BTreeSet<String>, y: &BTreeSet<String>| x.intersection(y).cloned().collect::<BTreeSet<_>>();
        let mut expected = both(&results[a].1, &results[b].0);
        expected.extend(both(&results[c].0, &results[d].1));
        // NOT (p1 AND p4) holds where either is false.
        expected.extend(results[a].1.union(&results[d].1).cloned());
        assert!(expected.is_subset(&everything));
        assert_eq!(site.found(collection, &filter).await, expected, "{collection}: {filter}");
    }
}

pub(super) async fn advanced_comparison_operators_logical() {
    combine("advanced-comparison-operators").await;
}

pub(super) async fn case_insensitive_comparison_logical() {
    combine("case-insensitive-comparison").await;
}

pub(super) async fn accent_insensitive_comparison_logical() {
    combine("accent-insensitive-comparison").await;
}

pub(super) async fn basic_spatial_functions_logical() {
    combine("basic-spatial-functions").await;
}

pub(super) async fn spatial_functions_logical() {
    combine("spatial-functions").await;
}

pub(super) async fn temporal_functions_logical() {
    combine("temporal-functions").await;
}

pub(super) async fn property_property_logical() {
    combine("property-property").await;
}

pub(super) async fn arithmetic_logical() {
    combine("arithmetic").await;
}

pub(super) async fn array_functions_logical() {
    let predicates = [
        "A_CONTAINS(other_names,('Sévaré'))",
        "A_CONTAINEDBY(other_names,('Sévaré','Gao'))",
        "A_OVERLAPS(other_names,('Sévaré','Tombouctou'))",
        "A_EQUALS(other_names,())",
        "name = 'Gao'",
        "closed IS NULL",
    ];
    check(embedded(), "bases", &predicates).await;
}
