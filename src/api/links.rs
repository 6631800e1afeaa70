//! The links that every answer carries.

use super::{extract::Ask, negotiate::Offer};
use crate::formats::Link;

/// `self` for the form sent, and one `alternate` for each other form (OGC API – Features Part 1, `/req/core/fc-links`).
pub(super) fn self_and_alternates(ask: &Ask, sent: &Offer, offers: &[Offer]) -> Vec<Link> {
    let link = |offer: &Offer| {
        let own = offer.name == sent.name;
        let href = if own && ask.params.get("f").is_none() { ask.with(&[]) } else { ask.with(&[("f", Some(offer.name))]) };
        Link::new(if own { "self" } else { "alternate" }, href).media(offer.media).title(offer.title)
    };
    // Programs look for `self` first.
    let (own, others): (Vec<&Offer>, Vec<&Offer>) = offers.iter().partition(|offer| offer.name == sent.name);
    own.into_iter().chain(others).map(link).collect()
}
