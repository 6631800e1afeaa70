//! How a record's values follow from the claims on it, step by step, in words.

use maud::{Markup, html};

use super::{Frame, claims, dates, values, words::Words};
use crate::{
    dataset::conclude::{Reason, Said, Step},
    formats::{
        follow::{DATED, Followed, TAKEN},
        said::{Pair, pairs},
        segment,
    },
    model::{ClaimValue, when::When},
    store::{Cell, Layer, Row},
};

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
    let (steps, in_conflict) = if name == LISTED.0 && !said.is_empty() {
        (vec![html! { (words.t("how.all")) }], false)
    } else {
        let followed = Followed::of(name, &said, row.cell(own))?;
        (teller.steps(&followed), followed.in_conflict())
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
    fn steps(&self, followed: &Followed<'_>) -> Vec<Markup> {
        match followed {
            Followed::Date(conclusion, steps) => {
                let agreement = self.words.code_of("sure", conclusion.agreement.as_str()).unwrap_or_default();
                steps.iter().map(|step| self.step(step, agreement)).collect()
            }
            Followed::Taken(order) => {
                let step = |(said, behind): &(Said<'_>, Option<Reason>)| {
                    let claim = self.claim(&said.claim.id);
                    match behind {
                        None => self.fill("how.taken", &[("claim", claim)]),
                        Some(_) if said.claim.value == order[0].0.claim.value => self.fill("how.same", &[("claim", claim)]),
                        Some(reason) => {
                            let value = html! { (self.spoken(&said.claim.property, &said.claim.value)) };
                            let reason = self.reason("reason", *reason);
                            self.fill("how.otherwise", &[("claim", claim), ("value", value), ("reason", reason)])
                        }
                    }
                };
                order.iter().map(step).collect()
            }
        }
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
            Step::Voices { count: 0 } => html! { (self.words.t("how.voices.none")) },
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
