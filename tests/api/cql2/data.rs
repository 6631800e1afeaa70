//! The predicates of the standard on its test data, and the counts that they must leave.

use std::sync::OnceLock;

use super::site::standard;

/// A predicate of the standard.
pub(super) struct Expected {
    pub(super) class: &'static str,
    pub(super) collection: &'static str,
    pub(super) count: usize,
    pub(super) filter: &'static str,
}

/// Every predicate.
pub(super) fn expected() -> &'static [Expected] {
    static ALL: OnceLock<Vec<Expected>> = OnceLock::new();
    ALL.get_or_init(|| {
        let lines = include_str!("expected.tsv").lines().filter(|line| !line.starts_with('#')).skip(1);
        let read = |line: &'static str| {
            let mut fields = line.splitn(4, '\t');
            let mut next = || fields.next().unwrap();
            Expected { class: next(), collection: next(), count: next().parse().unwrap(), filter: next() }
        };
        let all = lines.map(read).collect::<Vec<_>>();
        assert_eq!(all.len(), 274);
        all
    })
}

/// The predicates of a class leave as many features as the standard says.
async fn check(class: &str) {
    let mut checked = 0;
    for expected in expected().iter().filter(|expected| expected.class == class) {
        let count = standard().count(expected.collection, expected.filter, "cql2-text").await;
        assert_eq!(count, expected.count, "{}: {}", expected.collection, expected.filter);
        checked += 1;
    }
    assert!(checked > 5, "{class}");
}

pub(super) async fn basic_cql2_test_data() {
    check("basic-cql2").await;
}

pub(super) async fn advanced_comparison_operators_test_data() {
    check("advanced-comparison-operators").await;
}

pub(super) async fn case_insensitive_comparison_test_data() {
    check("case-insensitive-comparison").await;
}

pub(super) async fn accent_insensitive_comparison_test_data() {
    check("accent-insensitive-comparison").await;
}

pub(super) async fn basic_spatial_functions_test_data() {
    check("basic-spatial-functions").await;
}

pub(super) async fn basic_spatial_functions_plus_test_data() {
    check("basic-spatial-functions-plus").await;
}

pub(super) async fn spatial_functions_test_data() {
    check("spatial-functions").await;
}

pub(super) async fn temporal_functions_test_data() {
    check("temporal-functions").await;
}

pub(super) async fn property_property_test_data() {
    check("property-property").await;
}

pub(super) async fn arithmetic_test_data() {
    check("arithmetic").await;
}
