//! CASEI and ACCENTI.

use super::site::{Type, queryables_of};

pub(super) async fn case_insensitive_comparison_casei() {
    apart("CASEI({}) = casei('foo')", "CASEI({}) <> casei('FOO')").await;
}

pub(super) async fn case_insensitive_comparison_casei_like() {
    alike("CASEI({}) LIKE casei('foo%')", "CASEI({}) LIKE casei('FOO%')").await;
    alike("CASEI({}) LIKE casei('b%')", "CASEI({}) LIKE casei('B%')").await;
}

pub(super) async fn accent_insensitive_comparison_accenti() {
    apart("ACCENTI({}) = accenti('äöüéáí')", "ACCENTI({}) <> accenti('aoueai')").await;
}

pub(super) async fn accent_insensitive_comparison_accenti_like() {
    alike("ACCENTI({}) LIKE accenti('Ä%')", "ACCENTI({}) LIKE accenti('A%')").await;
}

pub(super) async fn accent_insensitive_comparison_accenti_casei() {
    alike("ACCENTI(CASEI({})) = accenti(casei('ÄÉ'))", "ACCENTI(CASEI({})) = accenti(casei('ae'))").await;
    alike("ACCENTI(CASEI({})) = accenti(casei('SÃO PAULO'))", "CASEI(ACCENTI({})) = casei(accenti('sao paulo'))").await;
}

pub(super) async fn accent_insensitive_comparison_accenti_casei_like() {
    alike("ACCENTI(CASEI({})) LIKE accenti(casei('Ä%'))", "ACCENTI(CASEI({})) LIKE accenti(casei('a%'))").await;
}

/// Two filters of every text leave nothing in common, and together all that is known.
async fn apart(one: &str, other: &str) {
    for (site, collection, name, _) in queryables_of(&[Type::String]).await {
        let (one, other) = (one.replace("{}", &name), other.replace("{}", &name));
        let (a, b) = (site.found(collection, &one).await, site.found(collection, &other).await);
        assert!(a.is_disjoint(&b), "{collection}: {one}");
        assert_eq!(a.len() + b.len(), site.found(collection, &format!("{name} IS NOT NULL")).await.len(), "{collection}: {one}");
    }
}

/// Two filters of every text leave the same.
async fn alike(one: &str, other: &str) {
    for (site, collection, name, _) in queryables_of(&[Type::String]).await {
        let (one, other) = (one.replace("{}", &name), other.replace("{}", &name));
        assert_eq!(site.found(collection, &one).await, site.found(collection, &other).await, "{collection}: {one}");
    }
}
