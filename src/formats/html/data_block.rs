//! Data for programs within a page: JSON that no browser runs.

use maud::{Markup, PreEscaped, html};
use serde_json::Value;

/// A JSON-LD object as an element of the page. Whatever its texts hold, none ends the element or begins another: the three characters
/// that could are written as escapes of JSON (ECMA-404, clause 9), which say the same.
pub(super) fn json_ld(value: &Value) -> Markup {
    let text = value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    html! { script type="application/ld+json" { (PreEscaped(text)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_the_element() {
        let value = serde_json::json!({ "name": "</script><script>alert(1)</script><!-- &amp;" });
        let block = json_ld(&value).into_string();
        assert_eq!(block.matches('<').count(), 2, "{block}");
        let text = block.split_once('>').unwrap().1.rsplit_once('<').unwrap().0;
        assert_eq!(serde_json::from_str::<Value>(text).unwrap(), value);
    }
}
