//! The written rule, number by number.

use super::*;
use crate::model::{Basis, Bound, ClaimValue, Confidence, Reading};

/// A claim with its source, to be changed by the test.
pub(super) type Pair = (Claim, Source);

/// A reported high-confidence closing from a source without publisher and date.
pub(super) fn closed(source: &str, value: &str) -> Pair {
    let claim = Claim {
        id: format!("{source}.c"),
        source: source.to_owned(),
        subject: "somewhere".to_owned(),
        property: "closed".to_owned(),
        value: ClaimValue::When(value.parse().unwrap()),
        act: Some(Act::Closed),
        modality: Modality::Reported,
        reading: Reading::Literal,
        confidence: Confidence::High,
        loose: None,
        as_of: None,
        counted: None,
        unit: None,
        bound: Bound::Exactly,
        note: None,
        locator: None,
    };
    let source = Source {
        id: source.to_owned(),
        title: None,
        publisher: None,
        author: None,
        published: None,
        published_note: None,
        address: None,
        language: None,
        rights: None,
        retrieved: None,
        basis: Basis::Public,
        sha256: None,
        characters: None,
    };
    (claim, source)
}

fn act(act: Act, (mut claim, source): Pair) -> Pair {
    claim.act = Some(act);
    (claim, source)
}

fn trust(confidence: Confidence, (mut claim, source): Pair) -> Pair {
    claim.confidence = confidence;
    (claim, source)
}

fn modality(modality: Modality, (mut claim, source): Pair) -> Pair {
    claim.modality = modality;
    claim.act = None;
    (claim, source)
}

fn by(publisher: &str, (claim, mut source): Pair) -> Pair {
    source.publisher = Some(publisher.to_owned());
    (claim, source)
}

fn published(day: &str, (claim, mut source): Pair) -> Pair {
    source.published = Some(day.parse().unwrap());
    (claim, source)
}

pub(super) fn of(pairs: &[Pair]) -> Conclusion {
    conclude(&pairs.iter().map(|(claim, source)| Said { claim, source }).collect::<Vec<_>>())
}

fn shown(pairs: &[Pair]) -> (Option<String>, Agreement) {
    let conclusion = of(pairs);
    (conclusion.value.map(|when| when.to_string()), conclusion.agreement)
}

fn is(value: &str, agreement: Agreement) -> (Option<String>, Agreement) {
    (Some(value.to_owned()), agreement)
}

use Agreement::{Agreed, Disputed, Single};
use Confidence::{Low, Medium};
use Modality::{NotYet, Planned};

#[test]
fn rule_1_a_plan_is_no_value_and_agrees_with_nothing() {
    let plan = modality(Planned, closed("a", "[2023-12-01..2023-12-14]"));
    let conclusion = of(std::slice::from_ref(&plan));
    assert_eq!((conclusion.value, conclusion.agreement), (None, Agreement::None));
    assert_eq!(conclusion.planned, Some("[2023-12-01..2023-12-14]".parse().unwrap()));
    assert_eq!(shown(&[plan, closed("b", "2023-12-08")]), is("2023-12-08", Single));
}

#[test]
fn rule_1_a_plan_is_known_at_the_latest_that_it_can_be() {
    let mut first = modality(Planned, closed("a", "[2024-01-01..]"));
    first.0.as_of = Some("[2023-11-19..2023-11-24]".parse().unwrap());
    let later = published("2023-12-31", modality(Planned, closed("b", "[2024-01-01..]")));
    assert_eq!(of(&[later.clone(), first]).planned_since, Some(jiff::civil::date(2023, 11, 24)));
    assert_eq!(of(&[later]).planned_since, Some(jiff::civil::date(2023, 12, 31)));
}

#[test]
fn rule_1_not_yet_narrows_and_agrees_with_nothing() {
    let not_yet = modality(NotYet, closed("a", "2023-12-11"));
    assert_eq!(shown(std::slice::from_ref(&not_yet)), is("[2023-12-11..]", Agreement::None));
    let month = closed("b", "2023-12-XX");
    assert_eq!(shown(&[not_yet.clone(), month]), is("[2023-12-11..2023-12-31]", Single));
    // Two of them: the later one says more.
    let later = modality(NotYet, closed("c", "2023-12-20"));
    assert_eq!(shown(&[not_yet, later]), is("[2023-12-20..]", Agreement::None));
}

#[test]
fn rule_1_not_yet_against_a_report_is_a_dispute() {
    let pairs = [modality(NotYet, closed("a", "2023-12-11")), closed("b", "2023-12-08")];
    assert_eq!(shown(&pairs), is("2023-12-08", Disputed));
    let conclusion = of(&pairs);
    assert_eq!(conclusion.alternatives.len(), 2);
    assert_eq!((conclusion.earliest(), conclusion.latest()), (Some(jiff::civil::date(2023, 12, 8)), None));
}

#[test]
fn rule_2_a_lowered_flag_never_closes() {
    let flag = act(Act::FlagLowered, closed("a", "2023-12-11"));
    let conclusion = of(std::slice::from_ref(&flag));
    assert_eq!((conclusion.value, conclusion.agreement), (None, Agreement::None));
    assert_eq!(conclusion.endings.len(), 1, "it is shown as an act all the same");
    assert_eq!(shown(&[flag, closed("b", "2024-11-XX")]), is("2024-11-XX", Single));
}

#[test]
fn rule_3_compatible_values_narrow_each_other() {
    let pairs = [closed("a", "[2023-08-25..2023-08-31]"), closed("b", "[2023-08-20..2023-08-26]")];
    assert_eq!(shown(&pairs), is("[2023-08-25..2023-08-26]", Agreed));
}

#[test]
fn rule_3_incompatible_values_stay_side_by_side() {
    let pairs = [closed("b", "2023-08-04"), closed("a", "2023-08-03")];
    let conclusion = of(&pairs);
    assert_eq!(conclusion.agreement, Disputed);
    let alternatives: Vec<String> = conclusion.alternatives.iter().map(ToString::to_string).collect();
    assert_eq!(alternatives, ["2023-08-03", "2023-08-04"]);
    assert_eq!(conclusion.earliest().zip(conclusion.latest()), Some((jiff::civil::date(2023, 8, 3), jiff::civil::date(2023, 8, 4))));
}

#[test]
fn rule_3_the_order_of_what_is_shown_first() {
    let first = |pairs: &[Pair]| shown(pairs).0.unwrap();
    // Confidence before precision.
    assert_eq!(first(&[trust(Medium, closed("a", "2023-08-03")), closed("b", "[2023-08-04..2023-08-09]")]), "[2023-08-04..2023-08-09]");
    // Precision before the number of publishers.
    let week = |id| closed(id, "[2023-08-04..2023-08-09]");
    assert_eq!(first(&[week("a"), week("b"), closed("c", "2023-08-03")]), "2023-08-03");
    // The number of independent publishers before the day of publication.
    let (third, fourth) = (|id| closed(id, "2023-08-03"), |id| closed(id, "2023-08-04"));
    assert_eq!(first(&[published("2024", fourth("a")), third("b"), third("c")]), "2023-08-03");
    assert_eq!(first(&[by("x", third("b")), by("x", third("c")), published("2024", fourth("a"))]), "2023-08-04");
    // Later publication before the source's id, undated last.
    assert_eq!(first(&[published("2023-08-05", third("b")), published("2023-08-06", fourth("c"))]), "2023-08-04");
    assert_eq!(first(&[third("a"), published("2023-08-05", fourth("c"))]), "2023-08-04");
    // The source's id at last.
    assert_eq!(first(&[fourth("b"), third("a")]), "2023-08-03");
}

#[test]
fn rule_4_agreement_takes_two_independent_sources() {
    let day = |id| closed(id, "2023-08-03");
    assert_eq!(of(&[]).agreement, Agreement::None);
    assert_eq!(of(&[day("a")]).agreement, Single);
    assert_eq!(of(&[day("a"), day("b")]).agreement, Agreed);
    // Rule 8: two pages of one publisher are one voice, and a source without publisher is one by itself.
    assert_eq!(of(&[by("x", day("a")), by("x", day("b"))]).agreement, Single);
    assert_eq!(of(&[by("x", day("a")), day("b")]).agreement, Agreed);
    // Two claims of one source are one voice too.
    let (mut again, source) = closed("a", "2023-08-XX");
    again.id = "a.again".to_owned();
    assert_eq!(of(&[day("a"), (again, source)]).agreement, Single);
}

#[test]
fn rule_6_a_low_claim_that_two_publishers_contradict_is_set_aside() {
    let low = trust(Low, closed("z", "2023-10-08"));
    let right = |id| closed(id, "2023-12-08");
    let conclusion = of(&[low.clone(), right("a"), right("b")]);
    assert_eq!(conclusion.set_aside, ["z.c"]);
    assert_eq!(conclusion.agreement, Agreed);
    assert_eq!(conclusion.earliest(), Some(jiff::civil::date(2023, 12, 8)), "it widens nothing");
    // One publisher is not enough, nor are two pages of one, nor the same confidence, nor another act.
    assert_eq!(of(&[low.clone(), right("a")]).agreement, Disputed);
    assert_eq!(of(&[low.clone(), by("x", right("a")), by("x", right("b"))]).agreement, Disputed);
    assert_eq!(of(&[low.clone(), trust(Low, right("a")), trust(Low, right("b"))]).agreement, Disputed);
    let other_act = of(&[low, right("a"), act(Act::HandedOver, right("b"))]);
    assert_eq!((other_act.agreement, other_act.set_aside.len()), (Disputed, 0));
}

#[test]
fn rule_7_acts_on_different_days_are_no_dispute() {
    let conclusion = of(&[act(Act::Departed, closed("a", "2023-08-25")), act(Act::HandedOver, closed("b", "2023-08-30"))]);
    assert_eq!(conclusion.agreement, Single);
    assert_eq!(conclusion.value, Some("2023-08-25".parse().unwrap()));
    assert_eq!((conclusion.earliest(), conclusion.latest()), (conclusion.latest(), conclusion.earliest()));
    let acts: Vec<Act> = conclusion.endings.iter().map(|ending| ending.act).collect();
    assert_eq!(acts, [Act::Departed, Act::HandedOver]);
}

#[test]
fn rule_7_acts_that_can_share_a_day_narrow_each_other() {
    let pairs = [closed("a", "[2023-08-25..2023-08-31]"), act(Act::HandedOver, closed("b", "2023-08-25"))];
    assert_eq!(shown(&pairs), is("2023-08-25", Agreed));
    let conclusion = of(&pairs);
    let closing = conclusion.endings.iter().find(|ending| ending.act == Act::Closed).unwrap();
    assert_eq!(closing.value.to_string(), "[2023-08-25..2023-08-31]", "each act keeps its own date");
}

#[test]
fn rule_7_a_dispute_about_one_act_is_a_dispute() {
    let pairs = [closed("a", "2023-08-03"), trust(Low, closed("b", "2023-08-04")), act(Act::HandedOver, closed("c", "2023-08-03"))];
    assert_eq!(shown(&pairs), is("2023-08-03", Disputed));
    let agreements: Vec<Agreement> = of(&pairs).endings.iter().map(|ending| ending.agreement).collect();
    assert_eq!(agreements, [Disputed, Single]);
}

#[test]
fn words_are_picked_by_the_same_order() {
    let word = |id, text: &str| {
        let (mut claim, source) = closed(id, "2023");
        claim.value = ClaimValue::Text(text.to_owned());
        (claim, source)
    };
    let picked = |pairs: &[Pair]| {
        let said: Vec<Said<'_>> = pairs.iter().map(|(claim, source)| Said { claim, source }).collect();
        pick(&said).cloned()
    };
    let text = |text: &str| Some(ClaimValue::Text(text.to_owned()));
    assert_eq!(picked(&[]), None);
    assert_eq!(picked(&[word("a", "x"), word("b", "y"), word("c", "y")]), text("y"));
    assert_eq!(picked(&[modality(Planned, word("a", "x")), trust(Low, word("b", "y"))]), text("y"));
    assert_eq!(picked(&[modality(Planned, word("a", "x"))]), text("x"));
}
