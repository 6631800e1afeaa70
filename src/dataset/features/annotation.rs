//! A claim as a W3C Web Annotation (Web Annotation Data Model, W3C Recommendation, 2017).

use serde_json::{Value, json};

use crate::dataset::{conclude::Said, version};

/// The annotation of a claim; `None` where nothing identifies the text that it would annotate.
///
/// The target is the source's address, or the hash of its text. A text that was read whole is annotated at its span, by
/// position and by quote (clauses 4.2.4 and 4.2.5); code points are counted as the text is stored, without normalization.
pub(super) fn annotation(said: Said<'_>, value: &str) -> Option<Value> {
    let hash = said.source.sha256.as_ref().map(|hash| format!("urn:sha256:{hash}"));
    let target = match (&said.source.address, &hash) {
        (Some(address), _) => address.as_str(),
        (None, Some(hash)) => hash.as_str(),
        (None, None) => return None,
    };
    let mut annotation = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": name(&said.claim.id),
        "type": "Annotation",
        "motivation": "identifying",
        "body": { "type": "TextualBody", "value": value, "format": "text/plain" },
        "target": { "source": target },
    });
    if let Some(locator) = &said.claim.locator {
        annotation["target"]["selector"] = json!([
            { "type": "TextPositionSelector", "start": locator.start, "end": locator.end },
            { "type": "TextQuoteSelector", "exact": locator.anchor },
        ]);
    }
    Some(annotation)
}

/// A name for the annotation that needs no address: a UUID of version 8 (RFC 9562, clause 5.8) made of the claim's id, so
/// that the same claim always has the same one.
fn name(claim: &str) -> String {
    let hash = version::sha256(claim.as_bytes());
    format!("urn:uuid:{}-{}-8{}-8{}-{}", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32])
}
