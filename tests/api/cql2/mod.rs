//! The abstract test suite of CQL2 (OGC 21-065r2, annex A): one test for each abstract test, named by its identifier.
//!
//! The standard's own test data are served as three collections (`recipe.py` made them), its predicates and the counts that they must
//! leave stand in `expected.tsv` and `combinations.tsv`. What is asked of every queryable is asked of the embedded data as well.

mod arrays;
mod comparison;
mod data;
mod folding;
mod json;
mod logic;
mod site;
mod spatial;
mod temporal;

/// Lists tests: identifier, requirements of the standard, function. Each becomes a test of its own.
macro_rules! suite {
    ($($id:literal covers $requirements:literal => $name:ident in $module:ident;)+) => {
        /// Every abstract test that is run: its identifier and the requirements that it covers.
        pub(crate) const TESTS: &[(&str, &str)] = &[$(($id, $requirements)),+];
        $(
            #[tokio::test]
            async fn $name() {
                let _note = crate::ogc::note_cql2($id);
                $module::$name().await;
            }
        )+
    };
}

suite! {
    "/conf/cql2-text/validate" covers "all requirements" => cql2_text_validate in json;
    "/conf/cql2-text/escaping" covers "/req/cql2-text/escaping" => cql2_text_escaping in comparison;
    "/conf/cql2-json/validate" covers "all requirements" => cql2_json_validate in json;
    "/conf/basic-cql2/basic-test" covers "n/a" => basic_cql2_basic_test in comparison;
    "/conf/basic-cql2/comparison" covers "/req/basic-cql2/cql2-filter, /req/basic-cql2/property, /req/basic-cql2/binary-comparison-predicate" => basic_cql2_comparison in comparison;
    "/conf/basic-cql2/is-null" covers "/req/basic-cql2/null-predicate" => basic_cql2_is_null in comparison;
    "/conf/basic-cql2/boolean" covers "/req/basic-cql2/cql2-filter" => basic_cql2_boolean in comparison;
    "/conf/basic-cql2/test-data" covers "all requirements" => basic_cql2_test_data in data;
    "/conf/basic-cql2/logical" covers "/req/basic-cql2/cql2-filter" => basic_cql2_logical in logic;
    "/conf/advanced-comparison-operators/like" covers "/req/advanced-comparison-operators/like-predicate" => advanced_comparison_operators_like in comparison;
    "/conf/advanced-comparison-operators/between" covers "/req/advanced-comparison-operators/between-predicate" => advanced_comparison_operators_between in comparison;
    "/conf/advanced-comparison-operators/in" covers "/req/advanced-comparison-operators/in-predicate" => advanced_comparison_operators_in in comparison;
    "/conf/advanced-comparison-operators/test-data" covers "all requirements" => advanced_comparison_operators_test_data in data;
    "/conf/advanced-comparison-operators/logical" covers "n/a" => advanced_comparison_operators_logical in logic;
    "/conf/case-insensitive-comparison/casei" covers "/req/case-insensitive-comparison/casei-function" => case_insensitive_comparison_casei in folding;
    "/conf/case-insensitive-comparison/casei-like" covers "/req/case-insensitive-comparison/casei-function" => case_insensitive_comparison_casei_like in folding;
    "/conf/case-insensitive-comparison/test-data" covers "all requirements" => case_insensitive_comparison_test_data in data;
    "/conf/case-insensitive-comparison/logical" covers "n/a" => case_insensitive_comparison_logical in logic;
    "/conf/accent-insensitive-comparison/accenti" covers "/req/accent-insensitive-comparison/accenti-function" => accent_insensitive_comparison_accenti in folding;
    "/conf/accent-insensitive-comparison/accenti-like" covers "/req/accent-insensitive-comparison/accenti-function" => accent_insensitive_comparison_accenti_like in folding;
    "/conf/accent-insensitive-comparison/accenti-casei" covers "/req/accent-insensitive-comparison/accenti-function" => accent_insensitive_comparison_accenti_casei in folding;
    "/conf/accent-insensitive-comparison/accenti-casei-like" covers "/req/accent-insensitive-comparison/accenti-function" => accent_insensitive_comparison_accenti_casei_like in folding;
    "/conf/accent-insensitive-comparison/test-data" covers "all requirements" => accent_insensitive_comparison_test_data in data;
    "/conf/accent-insensitive-comparison/logical" covers "n/a" => accent_insensitive_comparison_logical in logic;
    "/conf/basic-spatial-functions/s_intersects" covers "/req/basic-spatial-functions/spatial-predicate, /req/basic-spatial-functions/spatial-functions" => basic_spatial_functions_s_intersects in spatial;
    "/conf/basic-spatial-functions/test-data" covers "all requirements" => basic_spatial_functions_test_data in data;
    "/conf/basic-spatial-functions/logical" covers "n/a" => basic_spatial_functions_logical in logic;
    "/conf/basic-spatial-functions-plus/s_intersects" covers "/req/basic-spatial-functions-plus/spatial-data-types" => basic_spatial_functions_plus_s_intersects in spatial;
    "/conf/basic-spatial-functions-plus/test-data" covers "all requirements" => basic_spatial_functions_plus_test_data in data;
    "/conf/spatial-functions/s_intersects" covers "/req/spatial-functions/spatial-functions, /req/spatial-functions/spatial-data-types" => spatial_functions_s_intersects in spatial;
    "/conf/spatial-functions/s_disjoint" covers "/req/spatial-functions/spatial-functions" => spatial_functions_s_disjoint in spatial;
    "/conf/spatial-functions/s_equals" covers "/req/spatial-functions/spatial-functions" => spatial_functions_s_equals in spatial;
    "/conf/spatial-functions/s_touches" covers "/req/spatial-functions/spatial-functions" => spatial_functions_s_touches in spatial;
    "/conf/spatial-functions/s_crosses" covers "/req/spatial-functions/spatial-functions" => spatial_functions_s_crosses in spatial;
    "/conf/spatial-functions/s_within" covers "/req/spatial-functions/spatial-functions" => spatial_functions_s_within in spatial;
    "/conf/spatial-functions/s_contains" covers "/req/spatial-functions/spatial-functions" => spatial_functions_s_contains in spatial;
    "/conf/spatial-functions/s_overlaps" covers "/req/spatial-functions/spatial-functions" => spatial_functions_s_overlaps in spatial;
    "/conf/spatial-functions/test-data" covers "all requirements" => spatial_functions_test_data in data;
    "/conf/spatial-functions/logical" covers "n/a" => spatial_functions_logical in logic;
    "/conf/temporal-functions/temporal-functions-1" covers "/req/temporal-functions/temporal-predicates, /req/temporal-functions/temporal-functions" => temporal_functions_temporal_functions_1 in temporal;
    "/conf/temporal-functions/temporal-functions-2" covers "/req/temporal-functions/temporal-predicates, /req/temporal-functions/temporal-functions" => temporal_functions_temporal_functions_2 in temporal;
    "/conf/temporal-functions/test-data" covers "all requirements" => temporal_functions_test_data in data;
    "/conf/temporal-functions/logical" covers "n/a" => temporal_functions_logical in logic;
    "/conf/array-functions/array-predicates" covers "/req/array-functions/array-predicates" => array_functions_array_predicates in arrays;
    "/conf/array-functions/logical" covers "n/a" => array_functions_logical in logic;
    "/conf/property-property/comparison-value-property" covers "/req/property-property/withdraw-permissions" => property_property_comparison_value_property in comparison;
    "/conf/property-property/comparison-property-property" covers "/req/property-property/withdraw-permissions" => property_property_comparison_property_property in comparison;
    "/conf/property-property/comparison-value-value" covers "/req/property-property/withdraw-permissions" => property_property_comparison_value_value in comparison;
    "/conf/property-property/test-data" covers "all requirements" => property_property_test_data in data;
    "/conf/property-property/logical" covers "n/a" => property_property_logical in logic;
    "/conf/functions/functions" covers "/req/functions/functions" => functions_functions in arrays;
    "/conf/arithmetic/arithmetic" covers "/req/arithmetic/arithmetic" => arithmetic_arithmetic in comparison;
    "/conf/arithmetic/test-data" covers "all requirements" => arithmetic_test_data in data;
    "/conf/arithmetic/logical" covers "n/a" => arithmetic_logical in logic;
}

#[tokio::test]
async fn every_class_that_is_declared_is_tested() {
    let declared = site::embedded().json("/conformance").await;
    let mut classes = 0;
    for class in declared["conformsTo"].as_array().unwrap() {
        if let Some(name) = class.as_str().unwrap().strip_prefix("http://www.opengis.net/spec/cql2/1.0/conf/") {
            assert!(TESTS.iter().any(|(id, _)| id.starts_with(&format!("/conf/{name}/"))), "{name} is declared, and no test covers it");
            classes += 1;
        }
    }
    assert_eq!((classes, TESTS.len()), (14, 54), "fourteen classes, fifty-four abstract tests");
}
