//! What holds of every conclusion, whatever the claims.

use proptest::prelude::*;

use super::{
    tests::{Pair, closed, of},
    *,
};
use crate::model::{ClaimValue, Confidence};

/// One of few days, a range of them, an open end or a month, so that claims meet and contradict each other often.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (1..8_u8).prop_map(|day| format!("2023-08-{day:02}")),
        3 => (1..8_u8, 1..5_u8).prop_map(|(day, more)| format!("[2023-08-{day:02}..2023-08-{:02}]", day + more)),
        1 => (1..8_u8).prop_map(|day| format!("[2023-08-{day:02}..]")),
        1 => Just("2023-08-XX".to_owned()),
    ]
}

fn pair() -> impl Strategy<Value = Pair> {
    let confidence = prop_oneof![Just(Confidence::Low), Just(Confidence::Medium), Just(Confidence::High)];
    let act = prop_oneof![Just(Act::Departed), Just(Act::HandedOver), Just(Act::Closed), Just(Act::FlagLowered)];
    let modality = prop_oneof![6 => Just(Modality::Reported), 1 => Just(Modality::Planned), 1 => Just(Modality::NotYet)];
    (value(), confidence, act, modality, 0..4_u8, proptest::option::of(1..4_u8)).prop_map(
        |(value, confidence, act, modality, publisher, day)| {
            let (mut claim, mut source) = closed("s", &value);
            (claim.confidence, claim.modality) = (confidence, modality);
            claim.act = Some(act).filter(|_| modality == Modality::Reported);
            source.publisher = Some(format!("p{publisher}")).filter(|_| publisher > 0);
            source.published = day.map(|day| format!("2023-09-{day:02}").parse().unwrap());
            (claim, source)
        },
    )
}

/// Claims of one source each, told apart by their position.
fn pairs() -> impl Strategy<Value = Vec<Pair>> {
    proptest::collection::vec(pair(), 0..9).prop_map(|mut pairs| {
        for (index, (claim, source)) in pairs.iter_mut().enumerate() {
            source.id = format!("s{index}");
            (claim.source, claim.id) = (source.id.clone(), format!("s{index}.c"));
        }
        pairs
    })
}

/// Claims, and the same in another order.
fn shuffled() -> impl Strategy<Value = (Vec<Pair>, Vec<Pair>)> {
    pairs().prop_flat_map(|pairs| (Just(pairs.clone()), Just(pairs).prop_shuffle()))
}

proptest! {
    #[test]
    fn the_order_of_the_claims_never_matters((given, shuffled) in shuffled()) {
        prop_assert_eq!(of(&given), of(&shuffled));
    }

    #[test]
    fn a_compatible_less_precise_claim_of_the_same_act_never_changes_the_value(pairs in pairs(), confidence in 0..3_usize) {
        let before = of(&pairs);
        let shown = before.endings.iter().find(|ending| ending.act != Act::FlagLowered);
        prop_assume!(shown.is_some());
        // A claim of unbounded width, whose source sorts last and speaks with a voice of its own.
        let (mut claim, mut source) = closed("wide", "[2000..]");
        claim.act = shown.map(|ending| ending.act);
        claim.confidence = [Confidence::Low, Confidence::Medium, Confidence::High][confidence];
        source.publisher = Some("another".to_owned());
        let mut more = pairs;
        more.push((claim, source));
        prop_assert_eq!(before.value, of(&more).value);
    }

    #[test]
    fn a_plan_or_a_flag_never_changes_the_value(pairs in pairs(), value in value()) {
        let before = of(&pairs);
        for (modality, act) in [(Modality::Planned, None), (Modality::Reported, Some(Act::FlagLowered))] {
            let (mut claim, source) = closed("more", &value);
            (claim.modality, claim.act) = (modality, act);
            let mut more = pairs.clone();
            more.push((claim, source));
            let after = of(&more);
            prop_assert_eq!(&before.value, &after.value);
            prop_assert_eq!(before.agreement, after.agreement);
        }
    }

    #[test]
    fn the_steps_tell_of_every_claim_and_lead_to_the_value(pairs in pairs()) {
        let said = pairs.iter().map(|(claim, source)| Said { claim, source }).collect::<Vec<_>>();
        let (conclusion, steps) = explain(&said);
        prop_assert_eq!(&conclusion, &of(&pairs));
        let told = steps.iter().filter_map(|step| match step {
            Step::Planned { claim } | Step::SetAside { claim } | Step::Flag { claim } | Step::First { claim, .. } | Step::Fits { claim, .. } | Step::Against { claim, .. } => Some(claim),
            _ => None,
        });
        let mut told = told.cloned().collect::<Vec<_>>();
        let mut given = pairs.iter().filter(|(claim, _)| claim.modality != Modality::NotYet).map(|(claim, _)| claim.id.clone()).collect::<Vec<_>>();
        told.sort();
        given.sort();
        prop_assert_eq!(told, given, "each claim once");
        let against = steps.iter().any(|step| matches!(step, Step::Against { .. } | Step::NotBefore { value: None, .. }));
        // Two acts that a not-yet tears apart dispute nothing that a single step tells of.
        prop_assert!(against || conclusion.agreement != Agreement::Disputed, "{steps:?}");
        let counted = steps.iter().find_map(|step| match step {
            Step::Voices { count } => Some(*count),
            _ => None,
        });
        prop_assert_eq!(counted == Some(0), conclusion.agreement == Agreement::None);
    }

    #[test]
    fn a_conclusion_holds_together(pairs in pairs()) {
        let conclusion = of(&pairs);
        let mut counted = pairs.iter().filter(|(claim, _)| {
            claim.modality == Modality::Reported && claim.act != Some(Act::FlagLowered) && !conclusion.set_aside.contains(&claim.id)
        });
        let is_bounded = pairs.iter().any(|(claim, _)| claim.modality == Modality::NotYet);
        let is_reported = counted.next().is_some();
        prop_assert_eq!(is_reported, conclusion.agreement != Agreement::None);
        prop_assert_eq!(is_reported || is_bounded, conclusion.value.is_some());
        prop_assert_eq!(conclusion.agreement == Agreement::Disputed, conclusion.alternatives.len() > 1);
        if let Some(first) = conclusion.alternatives.first() {
            prop_assert_eq!(Some(first), conclusion.value.as_ref());
        }
        for (index, a) in conclusion.alternatives.iter().enumerate() {
            for b in &conclusion.alternatives[..index] {
                prop_assert!(a.intersect(b).is_none(), "{a} and {b} can both be true");
            }
        }
        for id in &conclusion.set_aside {
            let (claim, _) = pairs.iter().find(|(claim, _)| claim.id == *id).unwrap();
            prop_assert_eq!(claim.confidence, Confidence::Low);
        }
        if let (Some(value), Some(bounds)) = (&conclusion.value, conclusion.bounds()) {
            prop_assert!(bounds.earliest_start <= value.bounds().earliest_start && value.bounds().latest_end <= bounds.latest_end);
        }
    }

    #[test]
    fn the_value_is_one_that_its_best_claim_allows(pairs in pairs()) {
        let conclusion = of(&pairs);
        let Some(best) = conclusion.endings.iter().find(|ending| ending.act != Act::FlagLowered) else { return Ok(()) };
        let (claim, _) = pairs.iter().find(|(claim, _)| claim.id == best.claims[0]).unwrap();
        let ClaimValue::When(when) = &claim.value else { return Ok(()) };
        prop_assert!(conclusion.value.unwrap().intersect(when).is_some());
    }
}
