//! The closing of each base, as the five documents alone and as all sources together have it.

use crate::support::{ALL, DOCUMENTS, dataset, find, row, rows};

/// Base, then value and agreement by the documents alone, then by all sources.
const CLOSINGS: [(&str, &str, &str, &str, &str); 13] = [
    ("ogossagou", "2023-08-03", "single", "2023-08-03", "disputed"),
    ("ber", "2023-08-13", "single", "2023-08-13", "agreed"),
    ("goundam", "2023-08-16", "single", "2023-08-16", "agreed"),
    ("menaka", "[2023-08-25..2023-08-31]", "single", "2023-08-25", "agreed"),
    ("douentza", "-", "none", "2023-10-21", "single"),
    ("tessalit", "-", "none", "2023-10-21", "agreed"),
    ("aguelhok", "-", "none", "2023-10-23", "agreed"),
    ("kidal", "[..2023-12-11]", "single", "2023-10-31", "agreed"),
    ("ansongo", "2023-11-18", "single", "2023-11-18", "agreed"),
    ("sevare", "[2023-12-04..2023-12-10]", "single", "2023-12-08", "agreed"),
    ("bamako", "[2023-12-11..]", "none", "2024-11-XX", "agreed"),
    ("gao", "[2023-12-11..]", "none", "2024-07-XX", "single"),
    ("timbuktu", "[2023-12-11..]", "none", "2023-12-28", "agreed"),
];

#[test]
fn closings_are_what_the_rule_gives() {
    for (base, by_documents, agreement_documents, by_all, agreement) in CLOSINGS {
        let closure = row("closures", ALL, base);
        assert_eq!((closure.text("closed"), closure.text("agreement")), (by_all.to_owned(), agreement.to_owned()), "{base}");
        let documents = (closure.text("closed_documents"), closure.text("agreement_documents"));
        assert_eq!(documents, (by_documents.to_owned(), agreement_documents.to_owned()), "{base}");
    }
}

#[test]
fn both_collections_and_both_views_say_the_same() {
    for view in [ALL, DOCUMENTS] {
        let bases = rows(dataset(), "bases", view);
        assert_eq!(bases.len(), rows(dataset(), "closures", view).len());
        for base in bases {
            let closure = row("closures", view, base.id());
            for name in ["closed", "closed_earliest", "closed_latest", "agreement", "alternatives", "acts", "planned", "phase", "order"] {
                assert_eq!(base.value(name), closure.value(name), "{} {name}", base.id());
            }
        }
    }
    for closure in rows(dataset(), "closures", DOCUMENTS) {
        for name in ["closed", "closed_earliest", "closed_latest", "agreement"] {
            assert_eq!(closure.value(name), closure.value(&format!("{name}_documents")), "{} {name}", closure.id());
        }
    }
}

#[test]
fn documents_show_only_the_bases_that_they_name() {
    let named: Vec<&str> = rows(dataset(), "bases", DOCUMENTS).iter().map(|row| row.id()).collect();
    assert_eq!(named, ["ogossagou", "ber", "goundam", "menaka", "kidal", "ansongo", "sevare", "timbuktu", "gao", "bamako"]);
    for base in rows(dataset(), "bases", ALL) {
        assert_eq!(base.text("documented"), named.contains(&base.id()).to_string(), "{}", base.id());
    }
}

#[test]
fn ogossagou_is_disputed_with_both_days_in_its_bounds() {
    let base = row("bases", ALL, "ogossagou");
    assert_eq!(base.text("alternatives"), "2023-08-03 2023-08-04");
    assert_eq!((base.text("closed_earliest"), base.text("closed_latest")), ("2023-08-03".into(), "2023-08-04".into()));
}

#[test]
fn menaka_convoy_is_another_act() {
    assert_eq!(row("events", ALL, "menaka-convoy").text("when"), "2023-08-30");
    assert_eq!(row("bases", ALL, "menaka").text("closed_latest"), "2023-08-25");
    let menaka = row("bases", DOCUMENTS, "menaka");
    assert_eq!((menaka.text("closed_earliest"), menaka.text("closed_latest")), ("2023-08-25".into(), "2023-08-31".into()));
}

#[test]
fn plans_stand_beside_the_closings() {
    for view in [ALL, DOCUMENTS] {
        let sevare = row("bases", view, "sevare");
        assert_eq!(sevare.text("planned"), "[2023-12-01..2023-12-14]");
        assert_eq!((sevare.text("planned_earliest"), sevare.text("planned_latest")), ("2023-12-01".into(), "2023-12-14".into()));
        assert_eq!(sevare.text("planned_since"), "2023-11-24", "the last day on which the report can have been written");
        for base in ["gao", "bamako"] {
            assert_eq!(row("bases", view, base).text("planned"), "[2024-01-01..]", "{base}");
            assert_eq!(row("bases", view, base).text("liquidation_from"), "2024-01-01", "{base}");
        }
    }
}

#[test]
fn bamako_has_no_end_in_the_documents() {
    let bamako = row("bases", DOCUMENTS, "bamako");
    assert_eq!((bamako.text("closed_earliest"), bamako.text("closed_latest")), ("2023-12-11".into(), "-".into()));
    let bamako = row("bases", ALL, "bamako");
    assert_eq!((bamako.text("closed_earliest"), bamako.text("closed_latest")), ("2024-11-01".into(), "2024-11-30".into()));
}

#[test]
fn states_are_those_of_the_last_day() {
    for base in rows(dataset(), "bases", ALL) {
        assert_eq!(base.text("state"), "closed", "{}", base.id());
    }
    let states = [("menaka", "closed"), ("kidal", "closed"), ("gao", "in_liquidation"), ("bamako", "in_liquidation")];
    for (base, state) in states {
        assert_eq!(row("bases", DOCUMENTS, base).text("state"), state, "{base}");
    }
}

#[test]
fn contradicted_claims_are_set_aside_or_disputed() {
    let set_aside = ["vietnam-vn.sevare-closed", "minusma-kidal-text.tessalit-departed", "minusma-kidal-text.aguelhok-departed"];
    for claim in rows(dataset(), "claims", ALL) {
        let counts = !set_aside.contains(&claim.id()) && claim.text("act") != "flag_lowered";
        assert_eq!(claim.text("counts"), counts.to_string(), "{}", claim.id());
    }
    for id in set_aside {
        let base = find("claims", ALL, id).unwrap().text("subject");
        assert_eq!(row("bases", ALL, &base).text("agreement"), "agreed", "{id}");
    }
}

#[test]
fn the_rest_of_what_is_known_of_the_bases() {
    let order = [("ogossagou", 1), ("ber", 2), ("goundam", 3), ("menaka", 4), ("kidal", 8), ("ansongo", 9), ("sevare", 10)];
    for base in rows(dataset(), "bases", ALL) {
        let rank = order.iter().find(|(id, _)| *id == base.id()).map_or("-".to_owned(), |(_, rank)| rank.to_string());
        assert_eq!(base.text("order"), rank, "{}", base.id());
        assert_ne!(base.text("region"), "-", "{}", base.id());
    }
    assert_eq!(row("bases", ALL, "ogossagou").text("opened"), "2020");
    assert_eq!(row("bases", ALL, "ogossagou").text("kind"), "temporary base");
    assert_eq!(row("bases", ALL, "bamako").text("kind"), "headquarters");
    assert_eq!(row("bases", ALL, "kidal").text("kind"), "base");
    assert_eq!(row("bases", ALL, "ansongo").text("contingents"), "Burkina Faso Niger Senegal");
}
