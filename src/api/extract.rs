//! What every handler needs of a request, read once.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use axum::{
    extract::{self, ConnectInfo, FromRef, FromRequestParts},
    http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts},
};
use serde::de::DeserializeOwned;

use super::{
    App,
    negotiate::{Form, Offer, negotiate},
    problem::Problem,
    public_url::base_url,
};
use crate::{
    formats::{Link, html::Frame, push_query},
    model::Lang,
    query::{Budget, Params, QueryError},
};

/// The parts of a request that decide its answer.
#[derive(Debug)]
pub(super) struct Ask {
    /// Base of every link, without a trailing slash.
    pub(super) base: String,
    /// Path below the base, as sent.
    pub(super) path: String,
    /// The query's parameters.
    pub(super) params: Params,
    headers: HeaderMap,
}

/// Parameters that shape every answer, whatever the resource.
const COMMON: [&str; 2] = ["f", "lang"];

impl<S: Sync> FromRequestParts<S> for Ask
where
    Arc<App>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let app = Arc::<App>::from_ref(state);
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        Ok(Self {
            base: base_url(&app.settings, peer, &parts.headers)?,
            path: parts.uri.path().to_owned(),
            params: Params::parse(parts.uri.query().unwrap_or_default())?.within(budget(app.settings.query_timeout)),
            // Nothing reads them after this: handlers take an `Ask` last.
            headers: std::mem::take(&mut parts.headers),
        })
    }
}

/// The variable segments of a path, decoded.
pub(super) struct Path<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = extract::Path::from_request_parts(parts, state).await;
        // All that is ever wrong with text: how many segments there are is the route's to say.
        path.map(|extract::Path(segments)| Self(segments))
            .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, format!("the path {} does not decode to UTF-8 text", parts.uri.path())))
    }
}

/// What a request may spend on looking at features one by one.
fn budget(time: Duration) -> Budget {
    from_first_look(time, Instant::now)
}

/// Time runs from the first look on: the first request of all may make a table before, and what is asked costs no more for that.
fn from_first_look(time: Duration, now: impl Fn() -> Instant + Send + Sync + 'static) -> Budget {
    let first = OnceLock::new();
    Budget::new(move |_| {
        let now = now();
        now.saturating_duration_since(*first.get_or_init(|| now)) >= time
    })
}

impl Ask {
    /// A request as far as it can be understood: what an error page is made from.
    pub(super) fn lenient(app: &App, peer: Option<IpAddr>, uri: &Uri, headers: HeaderMap) -> Self {
        Self {
            base: base_url(&app.settings, peer, &headers).unwrap_or_default(),
            path: uri.path().to_owned(),
            params: Params::parse(uri.query().unwrap_or_default()).unwrap_or_default(),
            headers,
        }
    }

    /// The representation to send, once the parameters are known to be ones that this resource takes. Pages for people ignore
    /// unknown parameters, since links that are shared pick them up on the way.
    ///
    /// # Errors
    /// 400 for an unknown parameter, form or language, 406 where Accept leaves nothing.
    pub(super) fn form(&self, offers: &'static [Offer], known: &[&str]) -> Result<Offer, Problem> {
        self.form_where(offers, |name| known.contains(&name), || known.to_vec())
    }

    /// The same of parameters that it would cost something to list.
    ///
    /// # Errors
    /// As [`Ask::form`].
    pub(super) fn form_where<'a>(
        &self,
        offers: &'static [Offer],
        is_known: impl Fn(&str) -> bool,
        known: impl FnOnce() -> Vec<&'a str>,
    ) -> Result<Offer, Problem> {
        let offer = negotiate(offers, self.params.get("f"), self.header(header::ACCEPT.as_str()))?;
        if offer.form != Form::Html {
            let all = || known().into_iter().chain(COMMON.into_iter().filter(|name| !is_known(name))).collect();
            self.params.only_where(|name| COMMON.contains(&name) || is_known(name), all)?;
            // Where it is a parameter of the resource's own, it is more than the language of titles.
            if let Some(lang) = self.params.get("lang").filter(|lang| !is_known("lang") && Lang::from_tag(lang).is_none()) {
                let allowed = Lang::ALL.map(Lang::tag).join(", ");
                return Err(QueryError::Choice { parameter: "lang".into(), value: lang.to_owned(), allowed }.into());
            }
        }
        Ok(offer)
    }

    /// The language of a page: `lang=`, then Accept-Language, then English.
    pub(super) fn lang(&self) -> Lang {
        if let Some(lang) = self.params.get("lang").and_then(Lang::from_tag) {
            return lang;
        }
        let accepted = self.header(header::ACCEPT_LANGUAGE.as_str()).unwrap_or_default();
        let wish = |range: &str| {
            let (tag, rest) = range.split_once(";q=").unwrap_or((range, "1"));
            Some((Lang::from_tag(tag.trim())?, rest.trim().parse::<f32>().ok()?))
        };
        // The first of those wanted most: `rev` makes `max_by` keep the earlier of two alike.
        let best = accepted.rsplit(',').filter_map(wish).filter(|(_, quality)| *quality > 0.0).max_by(|a, b| a.1.total_cmp(&b.1));
        best.map_or(Lang::En, |(lang, _)| lang)
    }

    /// What a page for people needs of the request.
    pub(super) fn page(&self, app: &App, links: Vec<Link>) -> Frame {
        let lang = self.lang();
        Frame {
            lang,
            base: self.base.clone(),
            in_languages: Lang::ALL.iter().map(|lang| self.with(&[("lang", Some(lang.tag()))])).collect(),
            service: app.map.title.get(lang).to_owned(),
            links,
        }
    }

    /// A header's text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The address of a path of this service.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// This request's own address with some parameters set to another value, or left out where the value is `None`.
    pub(super) fn with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let kept = self.params.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        let set = changes.iter().filter_map(|(name, value)| value.map(|value| (*name, value)));
        let mut address = String::with_capacity(self.base.len() + 256);
        address.extend([self.base.as_str(), &self.path]);
        push_query(&mut address, kept.chain(set));
        address
    }
}

/// Whether a method only reads.
pub(super) fn reads(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

    use super::*;

    #[test]
    fn time_runs_from_the_first_look_on() {
        let (start, seconds) = (Instant::now(), Arc::new(AtomicU64::new(0)));
        let clock = Arc::clone(&seconds);
        let budget = from_first_look(Duration::from_secs(5), move || start + Duration::from_secs(clock.load(Relaxed)));
        for (second, allowed) in [(60, true), (64, true), (65, false), (65, false)] {
            seconds.store(second, Relaxed);
            assert_eq!(budget.allows(1), allowed, "{second}");
        }
        assert!(!from_first_look(Duration::ZERO, move || start).allows(1));
    }
}
