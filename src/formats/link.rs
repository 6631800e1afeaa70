//! Web links (RFC 8288) as OGC API writes them.

/// A link to another resource.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Link {
    /// Absolute address.
    pub href: String,
    /// Relation type: a registered name or a URI.
    pub rel: &'static str,
    /// Media type of what the address answers.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub media: Option<&'static str>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// BCP 47 tag of its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hreflang: Option<&'static str>,
}

impl Link {
    /// A link with a relation and nothing more.
    pub fn new(rel: &'static str, href: impl Into<String>) -> Self {
        Self { href: href.into(), rel, media: None, title: None, hreflang: None }
    }

    /// With the media type of what it answers.
    pub fn media(self, media: &'static str) -> Self {
        Self { media: Some(media), ..self }
    }

    /// With a title for people.
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }
}
