//! The links that every answer carries.

use super::{
    extract::Ask,
    negotiate::{Form, Offer},
};
use crate::formats::{Encoding, Link, Others, segment};

/// `self` for the form sent, and one `alternate` for each other form (OGC API – Features Part 1, `/req/core/fc-links`).
pub(super) fn self_and_alternates(ask: &Ask, sent: &Offer, offers: &[Offer]) -> Vec<Link> {
    let (own, others) = self_and_others(ask, sent, offers);
    // Programs look for `self` first.
    std::iter::once(own).chain(others.links()).collect()
}

/// The same, the links to the other forms as what is alike in them and what is not.
pub(super) fn self_and_others(ask: &Ask, sent: &Offer, offers: &[Offer]) -> (Link, Others) {
    // What only the form sent takes says nothing of another one.
    let dropped = Encoding::PARAMETERS.map(|name| (name, None));
    let [geometry, profile] = dropped;
    let mut address = ask.with(&[geometry, profile, ("f", None)]);
    let own = match ask.params.get("f") {
        Some(_) => ask.with(&[("f", Some(sent.name))]),
        None if dropped.iter().any(|(name, _)| ask.params.get(name).is_some()) => ask.with(&[]),
        None => address.clone(),
    };
    address.push_str(if address.contains('?') { "&f=" } else { "?f=" });
    let forms = offers.iter().filter(|offer| offer.name != sent.name).map(|Offer { name, media, title, .. }| [*name, media, title]);
    (Link::new("self", own).media(sent.media).title(sent.title), Others { address, forms: forms.collect() })
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
