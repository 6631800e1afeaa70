//! The part of the interface's description that tells of conflicts between claims.

use serde_json::{Value, json};

use super::openapi;
use crate::{
    formats::conflicts::STEPS,
    model::{Collection, Lang},
};

/// Conflicts of a collection are asked for by view.
pub(super) fn operation(id: &str, collection: &Collection) -> Value {
    let view = collection.views.as_ref().map(|views| views.parameter.as_str());
    let names = view.into_iter().chain(["f", "lang"]).collect::<Vec<_>>();
    let summary = format!("{}: where claims disagree, and what becomes of each", collection.title.get(Lang::En));
    let tag = collection.title.get(Lang::En);
    let mut operation = openapi::operation(id, &summary, tag, &names, &["400", "404"], "application/json");
    operation["responses"]["200"]["content"]["application/json"]["schema"] = json!({ "$ref": "#/components/schemas/conflicts" });
    operation
}

/// What `/collections/{id}/conflicts` answers.
pub(super) fn schema() -> Value {
    let step = json!({ "type": "object", "required": ["step"], "properties": {
        "step": { "type": "string", "enum": STEPS },
        "claim": { "type": "string", "description": "Id of a feature of the collection of claims." },
        "value": { "description": "What the claim says, or what is left after the step." },
        "act": { "type": "string" },
        "over": { "type": "string", "description": "Id of the claim that comes next." },
        "by": { "type": "string", "enum": ["confidence", "precision", "voices", "later", "id"], "description": "What puts one claim before another." },
        "count": { "type": "integer", "description": "Independent voices." },
    } });
    let value = json!({ "type": "object", "required": ["property", "value", "steps"], "properties": {
        "property": { "type": "string" },
        "value": { "description": "What the feature has; null where nothing is left.", "nullable": true },
        "agreement": { "type": "string", "enum": ["none", "single", "agreed", "disputed"] },
        "alternatives": { "type": "array", "items": { "type": "string" }, "description": "Dates in dispute as EDTF, the one shown first in front." },
        "steps": { "type": "array", "items": step, "description": "How the value follows, in the order in which the rule takes the claims." },
    } });
    let conflict = json!({ "type": "object", "required": ["id", "href", "values"], "properties": {
        "id": { "type": "string" },
        "href": { "type": "string", "description": "Address of the feature." },
        "values": { "type": "array", "items": value, "minItems": 1 },
    } });
    json!({ "type": "object", "required": ["links", "numberReturned", "conflicts"], "properties": {
        "links": { "type": "array", "items": { "$ref": "#/components/schemas/link" } },
        "numberReturned": { "type": "integer", "minimum": 0 },
        "conflicts": { "type": "array", "items": conflict, "description": "Features on which claims contradict each other, by id." },
    } })
}
