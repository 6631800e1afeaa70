//! How a record's values follow from the claims on it, step by step.
//!
//! The steps are not told from memory: the claims are read back from their collection and the rule is applied to them again. Where
//! that does not lead to the value that the record has, nothing is told.

use std::collections::HashMap;

use maud::{Markup, html};

use super::{
    Frame, claims, dates,
    said::{Pair, pairs},
    values,
    words::Words,
};
use crate::{
    dataset::conclude::{Reason, Said, Step, explain, preferred},
    formats::segment,
    model::{Bound, ClaimValue, when::When},
    store::{Cell, Layer, Row},
};

/// Properties of claims that are dates.
const DATED: [&str; 4] = ["closed", "opened", "when", "liquidation"];
/// Properties of which one value is taken.
const TAKEN: [&str; 4] = ["kind", "region", "phase", "order"];
/// The property of claims whose values are all listed, and the record's list of them.
const LISTED: (&str, &str) = ("contingent", "contingents");

/// One value of a record, and how it follows.
#[derive(Debug)]
struct Explained {
    /// The property.
    name: String,
    title: String,
    value: Markup,
    steps: Vec<Markup>,
    /// Whether claims disagree on it.
    in_conflict: bool,
}

/// Every value of a record that rests on claims.
///
/// `here`: whether the claims stand on the same page; else each is linked to its own.
fn explained(frame: &Frame, layers: &[Layer], row: &Row<'_>, said: &[Row<'_>], here: bool) -> Vec<Explained> {
    let pairs = pairs(layers, said);
    let names = DATED.into_iter().chain(TAKEN).chain([LISTED.0]);
    names.filter_map(|name| of_property(frame, row, &pairs, name, here)).collect()
}

fn of_property(frame: &Frame, row: &Row<'_>, pairs: &[Pair], name: &str, here: bool) -> Option<Explained> {
    let words = frame.words();
    let own = if name == LISTED.0 { LISTED.1 } else { name };
    let property = &row.schema().properties[row.schema().position(own)?];
    let said = pairs.iter().filter(|(claim, _)| claim.property == name);
    let said = said.map(|(claim, source)| Said { claim, source }).collect::<Vec<_>>();
    let teller = Teller { frame, words, said: &said, here };
    let (steps, in_conflict) = if said.is_empty() {
        return None;
    } else if DATED.contains(&name) {
        teller.date(row.text(own))?
    } else if name == LISTED.0 {
        (vec![html! { (words.t("how.all")) }], false)
    } else {
        teller.pick(row.cell(own))?
    };
    let value = match (property.name.as_str(), row.text(own)) {
        ("closed" | "when", Some(text)) => values::own_date(words, row, text),
        _ if name == LISTED.0 => listed(words, row),
        _ => values::value(words, property, row.cell(own)).unwrap_or_else(|| html! { (words.t("items.unknown")) }),
    };
    Some(Explained { name: own.to_owned(), title: property.title.get(words.lang).to_owned(), value, steps, in_conflict })
}

/// The values of the list, one after another.
fn listed(words: Words, row: &Row<'_>) -> Markup {
    let Cell::Json(text) = row.cell(LISTED.1) else { return html! {} };
    let all = serde_json::from_str::<Vec<String>>(text).unwrap_or_default();
    html! { (all.iter().map(|value| words.code_of(LISTED.1, value).unwrap_or(value)).collect::<Vec<_>>().join(", ")) }
}

/// The section of a record's page.
pub(super) fn section(frame: &Frame, layers: &[Layer], row: &Row<'_>, said: &[Row<'_>]) -> Markup {
    let words = frame.words();
    let all = explained(frame, layers, row, said, true);
    html! {
        @if !all.is_empty() {
            section .how {
                h2 { (words.t("how.title")) }
                p .quiet { (words.t("how.lede")) }
                @for one in &all { (one.markup(words, false)) }
            }
        }
    }
}

/// What stands on the page of conflicts for one record; nothing where its claims agree.
pub(super) fn conflicts(frame: &Frame, layers: &[Layer], row: &Row<'_>, said: &[Row<'_>]) -> Option<Markup> {
    let words = frame.words();
    let all = explained(frame, layers, row, said, false).into_iter().filter(|one| one.in_conflict).collect::<Vec<_>>();
    (!all.is_empty()).then(|| html! { @for one in &all { (one.markup(words, true)) } })
}

impl Explained {
    /// The value, and its steps: folded where nothing is in conflict.
    fn markup(&self, words: Words, bare: bool) -> Markup {
        let steps = html! { ol .steps { @for step in &self.steps { li { (step) } } } };
        html! {
            @if bare {
                div .how-value { p { (self.title) (words.t("colon")) " " b { (self.value) } } (steps) }
            } @else {
                details .how-value id={ "how-" (self.name) } open[self.in_conflict || self.name == "closed" || self.name == "when"] {
                    summary { (self.title) (words.t("colon")) " " b { (self.value) } }
                    (steps)
                }
            }
        }
    }
}

/// Puts steps into words.
struct Teller<'a> {
    frame: &'a Frame,
    words: Words,
    said: &'a [Said<'a>],
    here: bool,
}

impl Teller<'_> {
    /// The steps to a date, and whether claims disagree on it; none where they do not lead to the date shown.
    fn date(&self, shown: Option<&str>) -> Option<(Vec<Markup>, bool)> {
        let (conclusion, steps) = explain(self.said);
        // A property may rest on its plan alone.
        let value = conclusion.value.as_ref().or(conclusion.planned.as_ref());
        if value.map(When::as_str) != shown && conclusion.value.as_ref().map(When::as_str) != shown {
            return None;
        }
        let in_conflict = steps.iter().any(|step| matches!(step, Step::Against { .. } | Step::SetAside { .. }))
            || steps.iter().any(|step| matches!(step, Step::NotBefore { value: None, .. }));
        let agreement = self.words.code_of("sure", conclusion.agreement.as_str()).unwrap_or_default();
        Some((steps.iter().map(|step| self.step(step, agreement)).collect(), in_conflict))
    }

    /// The steps to a value without a date.
    fn pick(&self, shown: Cell<'_>) -> Option<(Vec<Markup>, bool)> {
        let exact = self.said.iter().copied().filter(|said| said.claim.bound == Bound::Exactly).collect::<Vec<_>>();
        let order = preferred(&exact);
        let (first, _) = order.first()?;
        let is_shown = match (&first.claim.value, shown) {
            (ClaimValue::Text(text), Cell::Text(shown)) => text == shown,
            (ClaimValue::Integer(number), Cell::Integer(shown)) => *number == shown,
            _ => false,
        };
        let mut in_conflict = false;
        let steps = order.iter().map(|(said, behind)| {
            let claim = self.claim(&said.claim.id);
            match behind {
                None => self.fill("how.taken", &[("claim", claim)]),
                Some(_) if said.claim.value == first.claim.value => self.fill("how.same", &[("claim", claim)]),
                Some(reason) => {
                    in_conflict = true;
                    let value = html! { (self.spoken(&said.claim.property, &said.claim.value)) };
                    self.fill("how.otherwise", &[("claim", claim), ("value", value), ("reason", self.reason("reason", *reason))])
                }
            }
        });
        let steps = steps.collect();
        is_shown.then_some((steps, in_conflict))
    }

    fn step(&self, step: &Step, agreement: &str) -> Markup {
        let date = |value: &When| dates::when(self.words, value.as_str());
        match step {
            Step::Planned { claim } => self.fill("how.planned", &[("claim", self.claim(claim))]),
            Step::SetAside { claim } => self.fill("how.aside", &[("claim", self.claim(claim))]),
            Step::Flag { claim } => self.fill("how.flag", &[("claim", self.claim(claim))]),
            Step::First { claim, value, act, over } => {
                let act = act.map(|act| self.code("act", act.as_str()));
                let key = if act.is_some() { "how.first_of_act" } else { "how.first" };
                let first = self.fill(key, &[("claim", self.claim(claim)), ("value", date(value)), ("act", act.unwrap_or_default())]);
                match over {
                    None => first,
                    Some((other, reason)) => {
                        let over = self.fill("how.over", &[("other", self.claim(other)), ("reason", self.reason("over", *reason))]);
                        html! { (first) " " (over) }
                    }
                }
            }
            Step::Fits { claim, value, narrows } => {
                self.fill(if *narrows { "how.narrows" } else { "how.fits" }, &[("claim", self.claim(claim)), ("value", date(value))])
            }
            Step::Against { claim, by, .. } => {
                self.fill("how.against", &[("claim", self.claim(claim)), ("reason", self.reason("reason", *by))])
            }
            Step::ActsMeet { act, value } => self.fill("how.acts_meet", &[("act", self.code("act", act.as_str())), ("value", date(value))]),
            Step::ActApart { act, value } => self.fill("how.act_apart", &[("act", self.code("act", act.as_str())), ("value", date(value))]),
            Step::NotBefore { claim, value: Some(value) } => {
                self.fill("how.not_before", &[("claim", self.claim(claim)), ("value", date(value))])
            }
            Step::NotBefore { claim, value: None } => self.fill("how.not_before_against", &[("claim", self.claim(claim))]),
            Step::Voices { count } => html! { (self.words.count("how.voices", *count as u64)) " " (agreement) },
        }
    }

    /// A claim by who makes it and what it says, with the way to it.
    fn claim(&self, id: &str) -> Markup {
        let Some(said) = self.said.iter().find(|said| said.claim.id == id) else { return html! { (id) } };
        let who = said.source.publisher.as_deref().or(said.source.title.as_deref()).unwrap_or(&said.source.id);
        let value = self.spoken(&said.claim.property, &said.claim.value);
        let certainty = self.words.code_of("confidence", said.claim.confidence.as_str()).unwrap_or_default();
        let text = self.words.fill("how.claim", &[("who", who), ("value", &value)]);
        let address = if self.here {
            format!("#claim-{}", segment(id))
        } else {
            self.frame.local(&["collections", claims::CLAIMS, "items", id], &[])
        };
        html! { a href=(address) title=(certainty) { (text) } }
    }

    fn spoken(&self, property: &str, value: &ClaimValue) -> String {
        match value {
            ClaimValue::When(when) => dates::plain(self.words, when.as_str()),
            ClaimValue::Integer(number) => self.words.integer((*number).into()),
            ClaimValue::Text(text) => self.words.code_of(property, text).unwrap_or(text).to_owned(),
        }
    }

    fn code(&self, name: &str, code: &str) -> Markup {
        html! { (self.words.code_of(name, code).unwrap_or(code)) }
    }

    fn reason(&self, kind: &str, reason: Reason) -> Markup {
        let key = format!("{kind}.{}", reason.as_str());
        html! { (self.words.find(&key).unwrap_or_default()) }
    }

    /// The text of a key with each `{name}` replaced by markup.
    fn fill(&self, key: &str, parts: &[(&str, Markup)]) -> Markup {
        let mut rest = self.words.t(key);
        let mut pieces = Vec::new();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let part = parts.iter().find(|(given, _)| *given == name).map(|(_, markup)| markup);
            pieces.push((before, part));
            rest = after;
        }
        html! { @for (before, part) in &pieces { (before) @if let Some(part) = part { (part) } } (rest) }
    }
}

/// The claims of a view by what they are about.
pub(super) fn by_subject<'a>(frame: &Frame, store: &'a Layer) -> HashMap<&'a str, Vec<Row<'a>>> {
    let mut all: HashMap<&str, Vec<Row<'_>>> = HashMap::new();
    for row in claims::of_view(frame, store) {
        if let Some(subject) = row.text(claims::SUBJECT) {
            all.entry(subject).or_default().push(row);
        }
    }
    all
}
