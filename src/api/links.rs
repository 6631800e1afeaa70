//! The links that every answer carries.

use super::{
    extract::Ask,
    negotiate::{Form, Offer},
};
use crate::formats::{Encoding, Link, segment};

/// `self` for the form sent, and one `alternate` for each other form (OGC API – Features Part 1, `/req/core/fc-links`).
pub(super) fn self_and_alternates(ask: &Ask, sent: &Offer, offers: &[Offer]) -> Vec<Link> {
    // What only the form sent takes says nothing of another one. The rest of the address is written once for all of them.
    let dropped = Encoding::PARAMETERS.into_iter().chain(["f"]).map(|name| (name, None)).collect::<Vec<_>>();
    let mut others = ask.with(&dropped);
    let own = match ask.params.get("f") {
        Some(_) => ask.with(&[("f", Some(sent.name))]),
        None if dropped.iter().any(|(name, _)| ask.params.get(name).is_some()) => ask.with(&[]),
        None => others.clone(),
    };
    others.push_str(if others.contains('?') { "&f=" } else { "?f=" });
    // Room for those that follow: the next page, the collection, a profile.
    let mut links = Vec::with_capacity(offers.len() + 3);
    // Programs look for `self` first.
    links.push(Link::new("self", own).media(sent.media).title(sent.title));
    for Offer { name, media, title, .. } in offers.iter().filter(|offer| offer.name != sent.name) {
        links.push(Link::new("alternate", [others.as_str(), name].concat()).media(media).title(*title));
    }
    links
}

/// The way from what is in a collection back to it; its path is that of all that the collection has.
pub(super) fn collection(ask: &Ask, id: &str) -> Link {
    Link::new("collection", [&ask.base, "/collections/", &segment(id)].concat()).media("application/json").title("The collection")
}

/// The profile of an answer in GeoJSON: where it is not the plain one, and where one was asked for (OGC API – Common Part 3,
/// `/req/profile-parameter/profile-param-response`).
pub(super) fn profile(ask: &Ask, sent: &Offer) -> Option<Link> {
    let uri = match sent.form {
        Form::Encoded(encoding) => encoding.profile(),
        Form::Json if ask.params.get("profile").is_some() => Encoding::GeoJson.profile(),
        _ => None,
    };
    uri.map(|uri| Link::new("profile", uri))
}
