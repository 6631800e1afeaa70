//! What a layer's properties in QGIS say of its data: description, keywords, credit, terms of use.

use std::io;

use crate::{
    formats::xml::Xml,
    model::{Collection, Lang},
};

/// Writes what a collection says of itself, for the layer, for a server of the project, and as the layer's metadata.
pub(super) fn write(xml: &mut Xml<'_>, collection: &Collection, name: &str, lang: Lang) -> io::Result<()> {
    let description = collection.description.get(lang);
    xml.leaf("title", &[], name)?;
    xml.leaf("abstract", &[], description)?;
    if !collection.keywords.is_empty() {
        xml.open("keywordList", &[])?;
        xml.leaf("value", &[], &collection.keywords.join(", "))?;
        xml.close("keywordList")?;
    }
    if let Some(attribution) = &collection.attribution {
        let address = collection.source.as_ref().and_then(|source| source.address.as_deref());
        let link = address.map(|address| ("href", address));
        xml.leaf("attribution", link.as_slice(), attribution)?;
    }
    xml.open("resourceMetadata", &[])?;
    xml.leaf("identifier", &[], &collection.id)?;
    xml.leaf("language", &[], lang.tag())?;
    xml.leaf("type", &[], "dataset")?;
    xml.leaf("title", &[], name)?;
    xml.leaf("abstract", &[], description)?;
    if !collection.keywords.is_empty() {
        xml.open("keywords", &[("vocabulary", "keywords")])?;
        collection.keywords.iter().try_for_each(|keyword| xml.leaf("keyword", &[], keyword))?;
        xml.close("keywords")?;
    }
    if let Some(attribution) = &collection.attribution {
        xml.leaf("rights", &[], attribution)?;
    }
    if let Some(licence) = &collection.licence {
        xml.leaf("license", &[], &licence.name)?;
    }
    let licence = collection.licence.as_ref().map(|licence| ("license", licence.name.as_str(), licence.address.as_str()));
    let source = collection.source.as_ref().and_then(|source| Some(("source", source.name.as_str(), source.address.as_deref()?)));
    xml.open("links", &[])?;
    for (kind, name, address) in licence.into_iter().chain(source) {
        let attributes = [("name", name), ("type", "WWW:LINK"), ("url", address), ("description", kind)];
        xml.empty("link", &[&attributes[..], &[("mimeType", ""), ("format", ""), ("size", "")]].concat())?;
    }
    xml.close("links")?;
    xml.close("resourceMetadata")
}
