//! The links that every answer carries.

use super::{
    extract::Ask,
    negotiate::{Form, Offer},
};
use crate::formats::{Encoding, Link};

/// `self` for the form sent, and one `alternate` for each other form (OGC API – Features Part 1, `/req/core/fc-links`).
pub(super) fn self_and_alternates(ask: &Ask, sent: &Offer, offers: &[Offer]) -> Vec<Link> {
    // What only the form sent takes says nothing of another one. The rest of the address is written once for all of them.
    let dropped = Encoding::PARAMETERS.into_iter().chain(["f"]).map(|name| (name, None));
    let mut others = ask.with(&dropped.collect::<Vec<_>>());
    others.push_str(if others.contains('?') { "&f=" } else { "?f=" });
    let link = |offer: &Offer| {
        let own = offer.name == sent.name;
        let href = match (own, ask.params.get("f")) {
            (true, None) => ask.with(&[]),
            (true, Some(_)) => ask.with(&[("f", Some(offer.name))]),
            (false, _) => [others.as_str(), offer.name].concat(),
        };
        Link::new(if own { "self" } else { "alternate" }, href).media(offer.media).title(offer.title)
    };
    // Programs look for `self` first.
    let (own, others): (Vec<&Offer>, Vec<&Offer>) = offers.iter().partition(|offer| offer.name == sent.name);
    own.into_iter().chain(others).map(link).collect()
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
