//! What a careless reader of the sources gets wrong, each as a test.

use harmattan::{
    gazetteer::{Context, Outcome},
    model::Level,
};

use crate::support::{ALL, DOCUMENTS, Row, claims, dataset, find, row, rows};

fn only<'a>(mut rows: Vec<Row<'a>>) -> Row<'a> {
    assert_eq!(rows.len(), 1, "{:?}", rows.iter().map(Row::id).collect::<Vec<_>>());
    rows.remove(0)
}

#[test]
fn ansongo_a_weekend_whose_last_convoy_left_on_the_saturday() {
    let of = |loose| only(claims(&[("subject", "ansongo"), ("property", "closed"), ("basis", "documents"), ("loose", loose)]));
    assert_eq!(of("weekend").text("value"), "[2023-11-18..2023-11-19]");
    assert_eq!(of("weekday").text("value"), "2023-11-18");
    assert_eq!(of("weekday").text("reading"), "derived");
    let acts = row("bases", DOCUMENTS, "ansongo").text("acts");
    assert!(acts.contains("departed") && !acts.contains("handed_over"), "{acts}");
}

#[test]
fn kidal_last_week_is_the_armys_arrival() {
    // That only two other bases of the north remained gives a last day, derived, and no first one.
    let closed = only(claims(&[("subject", "kidal"), ("property", "closed"), ("basis", "documents")]));
    assert_eq!((closed.text("value"), closed.text("reading")), ("[..2023-12-11]".into(), "derived".into()));
    let army = row("events", ALL, "army-kidal");
    assert_eq!((army.text("when_earliest"), army.text("when_latest")), ("2023-11-06".into(), "2023-11-19".into()));
    assert_eq!(only(claims(&[("subject", "army-kidal")])).text("loose"), "last-week");
    let closing = row("closures", ALL, "kidal");
    for name in ["closed", "closed_documents", "closed_latest", "planned"] {
        assert!(!closing.text(name).contains("2023-11"), "{name}");
    }
}

#[test]
fn goundam_three_days_later_is_derived() {
    let claim = only(claims(&[("subject", "goundam"), ("property", "closed"), ("basis", "documents")]));
    assert_eq!(
        (claim.text("value"), claim.text("reading"), claim.text("loose")),
        ("2023-08-16".into(), "derived".into(), "days-later".into())
    );
}

#[test]
fn month_end_has_a_width() {
    let claim = only(claims(&[("subject", "menaka"), ("property", "closed"), ("loose", "month-end")]));
    assert_eq!((claim.text("value_earliest"), claim.text("value_latest")), ("2023-08-25".into(), "2023-08-31".into()));
    assert_eq!(claim.text("reading"), "derived");
}

#[test]
fn last_week_counts_from_the_articles_own_monday() {
    let claim = only(claims(&[("subject", "sevare"), ("property", "closed"), ("loose", "last-week")]));
    assert_eq!(claim.text("value"), "[2023-12-04..2023-12-10]");
    let source = row("sources", ALL, &claim.text("source"));
    assert_eq!(source.text("published"), "2023-12-11");
}

#[test]
fn a_footers_wrong_date_is_not_taken() {
    let source = row("sources", ALL, "al-jazeera-officially-ends");
    assert_eq!(source.text("published"), "2023-12-11");
    assert!(source.text("published_note").contains("19 January 2023"), "the contradiction is told");
}

#[test]
fn first_weeks_of_december_are_a_plan() {
    let claim = only(claims(&[("loose", "first-weeks")]));
    assert_eq!((claim.text("modality"), claim.text("subject")), ("planned".into(), "sevare".into()));
    assert_eq!(claim.text("value"), "[2023-12-01..2023-12-14]");
    assert_eq!(row("bases", DOCUMENTS, "sevare").text("agreement"), "single", "a plan agrees with nothing");
}

#[test]
fn twelve_bases_and_thirteen_positions_both_stay() {
    let bases = only(claims(&[("property", "bases_total"), ("basis", "documents")]));
    let positions = only(claims(&[("property", "positions_left"), ("value", "13")]));
    assert_eq!((bases.text("value"), bases.text("unit")), ("12".into(), "bases".into()));
    assert_eq!(positions.text("unit"), "positions");
    assert_ne!(bases.text("source"), positions.text("source"));
}

#[test]
fn two_counts_of_staff_both_stay() {
    let exact = only(claims(&[("property", "personnel"), ("value", "13871")]));
    let about = only(claims(&[("property", "personnel"), ("value", "13800")]));
    assert_eq!((exact.text("value_low"), exact.text("value_high")), ("13871".into(), "13871".into()));
    assert_eq!((about.text("value_low"), about.text("value_high")), ("13750".into(), "13850".into()));
}

#[test]
fn three_counts_of_losses_count_different_things() {
    let deaths = claims(&[("property", "deaths")]);
    let value = |value: &str| deaths.iter().find(|claim| claim.text("value") == value).unwrap_or_else(|| panic!("{value}"));
    let (over, all, hostile) = (value("300"), value("311"), value("180"));
    assert_eq!((over.text("bound"), all.text("bound"), hostile.text("bound")), ("at_least".into(), "exactly".into(), "about".into()));
    assert_eq!((hostile.text("value_low"), hostile.text("value_high")), ("175".into(), "185".into()));
    assert_eq!((over.text("value_low"), over.text("value_high")), ("300".into(), "-".into()));
    let counted: std::collections::BTreeSet<String> = [over, all, hostile].map(|claim| claim.text("counted")).into();
    assert_eq!(counted.len(), 3);
}

#[test]
fn ogossagou_is_one_of_the_four_of_the_first_phase() {
    let first: Vec<&str> =
        rows(dataset(), "bases", DOCUMENTS).iter().filter(|row| row.text("phase") == "first").map(|row| row.id()).collect();
    assert_eq!(first, ["ogossagou", "ber", "goundam", "menaka"]);
}

#[test]
fn spellings_are_the_same_places() {
    let mali = Context { country: Some("ML"), level: Some(Level::Settlement), ..Context::default() };
    let names = [
        ("timbuktu", ["Timbuktu", "Tombouctou", "TOMBOUCTOU"]),
        ("sevare", ["Sévaré", "Sevare", "Mopti-Sévaré"]),
        ("menaka", ["Ménaka", "Menaka", "ménaka"]),
    ];
    for (base, names) in names {
        let place = row("bases", ALL, base).text("place");
        for name in names {
            let found = dataset().gazetteer.resolve(name, mali);
            assert!(matches!(found.outcome(), Outcome::One(best) if best.place.id == place), "{name}: {found:?}");
        }
    }
}

#[test]
fn the_mopti_camp_stood_at_sevare() {
    let sevare = row("bases", ALL, "sevare");
    assert_eq!((sevare.text("name"), sevare.text("place_name")), ("Mopti–Sévaré".into(), "Sévaré".into()));
    assert!(sevare.text("other_names").contains("Mopti camp"));
    assert!(find("bases", ALL, "mopti").is_none());
}

#[test]
fn towns_are_not_the_regions_of_their_names() {
    for base in ["gao", "menaka", "kidal", "timbuktu", "bamako"] {
        let place = dataset().gazetteer.get(&row("bases", ALL, base).text("place")).unwrap();
        assert_eq!(place.level, Level::Settlement, "{base}");
    }
}

#[test]
fn sources_differ_on_where_the_liquidation_takes_place() {
    let by = |source: &str| {
        let phase = claims(&[("property", "phase"), ("value", "liquidation"), ("source", source)]);
        let mut subjects: Vec<String> = phase.iter().map(|claim| claim.text("subject")).collect();
        subjects.sort();
        subjects
    };
    assert_eq!(by("africa-world-news-final-group"), ["bamako", "gao"]);
    assert_eq!(by("ansongo-withdrawal"), ["bamako", "gao", "timbuktu"]);
}

#[test]
fn places_without_a_base_are_mentions() {
    for place in ["route-du-poisson", "koro", "madougou", "dioungani", "bandiagara"] {
        let mentions = claims(&[("subject", place)]);
        assert!(!mentions.is_empty(), "{place}");
        assert!(mentions.iter().all(|claim| claim.text("property") == "mention"), "{place}");
        assert!(find("bases", ALL, place).is_none(), "{place}");
    }
    // Bases of the mission, but not named as such in a document that mentions them.
    for base in ["aguelhok", "douentza"] {
        assert_eq!(row("bases", ALL, base).text("documented"), "false", "{base}");
    }
}

#[test]
fn the_flag_in_bamako_closed_no_base() {
    assert_eq!(row("events", ALL, "flag-bamako").text("when"), "2023-12-11");
    let flags = claims(&[("act", "flag_lowered")]);
    assert_eq!(flags.len(), 4);
    assert!(flags.iter().all(|claim| claim.text("counts") == "false" && claim.text("subject") == "bamako"));
    let bamako = row("bases", DOCUMENTS, "bamako");
    assert_eq!((bamako.text("agreement"), bamako.text("closed_latest")), ("none".into(), "-".into()));
}

#[test]
fn an_order_without_a_date_dates_nothing() {
    let claim = only(claims(&[("subject", "douentza"), ("property", "order")]));
    assert_eq!(claim.text("bound"), "at_most");
    assert_eq!(row("bases", ALL, "douentza").text("order"), "-", "a limit is no rank");
    assert_eq!(only(claims(&[("subject", "douentza"), ("property", "closed")])).text("confidence"), "medium");
}
