//! What the claims on a base come to, for the collections that tell of it.

use serde_json::json;

use super::{Knowledge, View, edtf};
use crate::{
    dataset::{
        conclude::{Conclusion, Said, conclude, pick},
        record::{Subject, SubjectKind},
        state::Days,
    },
    model::{Basis, Bound, ClaimValue, Value},
};

/// The kind of a base of which no source says anything else.
const ORDINARY: &str = "base";

/// A base as one view has it.
pub(super) struct Base<'a> {
    pub(super) subject: &'a Subject,
    pub(super) said: Vec<Said<'a>>,
    pub(super) closing: Conclusion,
    pub(super) opening: Conclusion,
    pub(super) liquidation: Conclusion,
}

/// The bases of a view: all of them, or, of the documents alone, those that a document names as a base.
pub(super) fn bases<'a>(knowledge: &Knowledge<'a>, view: View) -> Vec<Base<'a>> {
    let bases = knowledge.of_kind(SubjectKind::Base).map(|subject| Base::new(knowledge, subject, view));
    bases.filter(|base| view == View::All || base.is_documented()).collect()
}

impl<'a> Base<'a> {
    pub(super) fn new(knowledge: &Knowledge<'a>, subject: &'a Subject, view: View) -> Self {
        let said = knowledge.said(&subject.id, view);
        let dated = |property| conclude(&on(&said, property));
        Self { subject, closing: dated("closed"), opening: dated("opened"), liquidation: dated("liquidation"), said }
    }

    /// Whether one of the documents names it as a base; those that it only mentions are not.
    pub(super) fn is_documented(&self) -> bool {
        on(&self.said, "named_base").iter().any(|said| said.source.basis == Basis::Documents)
    }

    /// The text of a property without dates.
    pub(super) fn text(&self, property: &str) -> Option<&'a str> {
        match pick(&on(&self.said, property)) {
            Some(ClaimValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// What sort of base it was.
    pub(super) fn kind(&self) -> &'a str {
        self.text("kind").unwrap_or(ORDINARY)
    }

    /// Which base it was in the order of closing; a mere limit is no rank.
    pub(super) fn order(&self) -> Option<i64> {
        let ranks: Vec<_> = on(&self.said, "order").into_iter().filter(|said| said.claim.bound == Bound::Exactly).collect();
        match pick(&ranks) {
            Some(ClaimValue::Integer(rank)) => Some(*rank),
            _ => None,
        }
    }

    /// The countries whose people served there, each once, in alphabetical order.
    pub(super) fn contingents(&self) -> Vec<String> {
        let mut names: Vec<String> = on(&self.said, "contingent")
            .iter()
            .filter_map(|said| match &said.claim.value {
                ClaimValue::Text(name) => Some(name.clone()),
                _ => None,
            })
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// The days that its state follows from. A liquidation that was only planned counts: nobody reports that one began.
    pub(super) fn days(&self) -> Days {
        let liquidation = self.liquidation.value.as_ref().or(self.liquidation.planned.as_ref());
        Days {
            closed_earliest: self.closing.earliest(),
            closed_latest: self.closing.latest(),
            liquidation_from: liquidation.and_then(|when| when.first_day()),
            planned_since: self.closing.planned_since,
        }
    }

    /// The properties that bases and closures share.
    pub(super) fn shared(&self) -> Vec<(&'static str, Value)> {
        let Self { subject, closing, .. } = self;
        let planned = closing.planned.as_ref();
        vec![
            ("name", subject.name.en.as_str().into()),
            ("name_fr", subject.name.fr.as_deref().into()),
            ("closed", edtf(closing.value.as_ref())),
            ("closed_earliest", closing.earliest().into()),
            ("closed_latest", closing.latest().into()),
            ("agreement", closing.agreement.as_str().into()),
            ("alternatives", alternatives(closing)),
            ("acts", acts(closing)),
            ("planned", edtf(planned)),
            ("planned_earliest", planned.and_then(|when| when.first_day()).into()),
            ("planned_latest", planned.and_then(|when| when.last_day()).into()),
            ("phase", self.text("phase").into()),
            ("order", self.order().into()),
        ]
    }
}

/// The claims on one property.
pub(super) fn on<'a>(said: &[Said<'a>], property: &str) -> Vec<Said<'a>> {
    said.iter().copied().filter(|said| said.claim.property == property).collect()
}

fn alternatives(closing: &Conclusion) -> Value {
    Value::List(closing.alternatives.iter().map(|when| when.as_str().to_owned()).collect())
}

fn acts(closing: &Conclusion) -> Value {
    let each = closing.endings.iter().map(|ending| {
        json!({
            "act": ending.act.as_str(),
            "when": ending.value.as_str(),
            "earliest": ending.earliest().map(|day| day.to_string()),
            "latest": ending.latest().map(|day| day.to_string()),
            "agreement": ending.agreement.as_str(),
            "claims": ending.claims,
        })
    });
    Value::from(each.collect::<serde_json::Value>())
}
