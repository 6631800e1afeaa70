//! Claims as they stand in a record: every field by itself, since each can be wrong by itself.

use super::fields::{Fields, Origin};
use crate::model::{Act, Bound, Claim, ClaimValue, Confidence, Locator, Modality, Reading, Text, when::When};

/// One `[[claim]]`.
#[derive(Debug)]
pub(in crate::dataset) struct ClaimRecord {
    pub(in crate::dataset) origin: Origin,
    pub(in crate::dataset) id: Option<String>,
    pub(in crate::dataset) subject: Option<String>,
    pub(in crate::dataset) property: Option<String>,
    /// As written: its type depends on the property.
    pub(in crate::dataset) value: Option<toml::Value>,
    pub(in crate::dataset) act: Option<Act>,
    pub(in crate::dataset) modality: Modality,
    pub(in crate::dataset) reading: Reading,
    pub(in crate::dataset) confidence: Confidence,
    pub(in crate::dataset) loose: Option<String>,
    pub(in crate::dataset) as_of: Option<When>,
    pub(in crate::dataset) counted: Option<Text>,
    pub(in crate::dataset) unit: Option<String>,
    pub(in crate::dataset) bound: Option<Bound>,
    pub(in crate::dataset) note: Option<Text>,
    pub(in crate::dataset) at: Option<[u32; 2]>,
    pub(in crate::dataset) anchor: Option<String>,
}

impl ClaimRecord {
    pub(super) fn read(mut fields: Fields<'_, '_>) -> Self {
        fields.require(&["id", "subject", "property", "value"]);
        let id = fields.id("id");
        fields.name(id.as_deref());
        Self {
            id,
            subject: fields.text("subject"),
            property: fields.text("property"),
            value: fields.take("value"),
            act: fields.take("act"),
            modality: fields.take("modality").unwrap_or_default(),
            reading: fields.take("reading").unwrap_or_default(),
            confidence: fields.take("confidence").unwrap_or_default(),
            loose: fields.text("loose"),
            as_of: fields.when("as_of"),
            counted: fields.both("counted", "counted_fr"),
            unit: fields.text("unit"),
            bound: fields.take("bound"),
            note: fields.both("note", "note_fr"),
            at: fields.take("at"),
            anchor: fields.text("anchor"),
            origin: fields.finish(),
        }
    }

    /// The claim, with the value of the type that its property takes; `None` where it lacks what every claim has.
    pub(in crate::dataset) fn claim(&self, source: &str, value: ClaimValue) -> Option<Claim> {
        let locator = self.at.zip(self.anchor.clone()).map(|([start, end], anchor)| Locator { start, end, anchor });
        Some(Claim {
            id: format!("{source}.{}", self.id.as_ref()?),
            source: source.to_owned(),
            subject: self.subject.clone()?,
            property: self.property.clone()?,
            value,
            act: self.act,
            modality: self.modality,
            reading: self.reading,
            confidence: self.confidence,
            loose: self.loose.clone(),
            as_of: self.as_of.clone(),
            counted: self.counted.clone(),
            unit: self.unit.clone(),
            bound: self.bound.unwrap_or_default(),
            note: self.note.clone(),
            locator,
        })
    }
}
