//! What every page needs of its request, and the addresses made from it.

use super::{
    super::{Link, query_string, segment},
    words::Words,
};
use crate::model::{Collection, Lang};

/// What every page needs: its language, its links, and where the service is.
#[derive(Debug)]
pub struct Frame {
    /// Language of the page.
    pub lang: Lang,
    /// Base of every link, without a trailing slash.
    pub base: String,
    /// This page's address in each language, in the order of [`Lang::ALL`].
    pub in_languages: Vec<String>,
    /// Title of the whole service.
    pub service: String,
    /// The links of the resource, as in its JSON.
    pub links: Vec<Link>,
}

impl Frame {
    /// The page's words.
    pub(super) fn words(&self) -> Words {
        Words::of(self.lang)
    }

    /// The path of the service's root on its host, without a trailing slash: what `base` has after the host.
    pub(super) fn root(&self) -> &str {
        let host = self.base.find("://").map_or(0, |at| at + 3);
        self.base[host..].find('/').map_or("", |at| &self.base[host + at..])
    }

    /// The address of another page. It stays on the host under which the reader came, and in the language that the reader chose.
    pub(super) fn local(&self, segments: &[&str], query: &[(&str, &str)]) -> String {
        let mut query = query.to_vec();
        if self.asked("lang").is_some() {
            query.push(("lang", self.lang.tag()));
        }
        format!("{}{}", self.root(), join(segments, &query))
    }

    /// A whole address of this service as a page links to it: its path on the host under which the reader came.
    pub(super) fn of<'a>(&self, address: &'a str) -> &'a str {
        let host = self.base.find("://").map_or(0, |at| at + 3);
        let origin = self.base[host..].find('/').map_or(self.base.as_str(), |at| &self.base[..host + at]);
        address.strip_prefix(origin).unwrap_or(address)
    }

    /// The address of a resource for other programs: whole, and without the reader's language.
    pub(super) fn absolute(&self, segments: &[&str], query: &[(&str, &str)]) -> String {
        format!("{}{}", self.base, join(segments, query))
    }

    /// This page's own address.
    pub(super) fn own(&self) -> &str {
        self.links.iter().find(|link| link.rel == "self").map_or(&self.base, |link| &link.href)
    }

    /// The parameters of this page's own address, decoded, in order.
    pub(super) fn parameters(&self) -> Vec<(String, String)> {
        let query = self.own().split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// The value of a parameter of this page's own address.
    pub(super) fn asked(&self, name: &str) -> Option<String> {
        self.parameters().into_iter().find(|(given, _)| given == name).map(|(_, value)| value)
    }

    /// This page's own address without some of its parameters.
    pub(super) fn without(&self, names: &[&str]) -> String {
        self.changed(names, &[])
    }

    /// This page's own address without some of its parameters, and with others set.
    pub(super) fn changed(&self, without: &[&str], with: &[(&str, &str)]) -> String {
        let is_kept = |name: &str| !without.contains(&name) && with.iter().all(|(set, _)| *set != name);
        let kept = self.parameters().into_iter().filter(|(name, _)| is_kept(name)).collect::<Vec<_>>();
        let kept = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(with.iter().copied());
        format!("{}{}", self.path(), query_string(kept))
    }

    /// This page's own address without its parameters.
    pub(super) fn path(&self) -> &str {
        self.own().split('?').next().unwrap_or_default()
    }

    /// The view of a collection that this page shows, where the reader asked for one: the parameter and its value.
    pub(super) fn view(&self, collection: &Collection) -> Option<(String, String)> {
        let views = collection.views.as_ref()?;
        let asked = self.asked(&views.parameter)?;
        views.names.contains(&asked).then(|| (views.parameter.clone(), asked))
    }
}

/// A path below a root and its query.
pub(super) fn join_to(root: &str, segments: &[&str], query: &[(&str, &str)]) -> String {
    format!("{root}{}", join(segments, query))
}

/// A path below the root and its query.
fn join(segments: &[&str], query: &[(&str, &str)]) -> String {
    let path = segments.iter().map(|part| format!("/{}", segment(part))).collect::<String>();
    // The root is the only page whose address ends in a slash.
    let path = if path.is_empty() { "/".to_owned() } else { path };
    format!("{path}{}", query_string(query.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::frame;

    #[test]
    fn addresses_keep_the_prefix_and_the_chosen_language() {
        let plain = frame("https://example.org/geo", "/collections", "");
        assert_eq!(plain.local(&["collections", "a b/ç"], &[]), "/geo/collections/a%20b%2F%C3%A7");
        assert_eq!(plain.local(&[], &[]), "/geo/");
        let chosen = frame("http://127.0.0.1:8080", "/collections", "?lang=fr");
        assert_eq!(chosen.local(&["api"], &[("f", "html")]), "/api?f=html&lang=fr");
        assert_eq!(chosen.absolute(&["api"], &[]), "http://127.0.0.1:8080/api");
    }

    #[test]
    fn parameters_are_left_out_by_name() {
        let frame = frame("http://a", "/x", "?bbox=1,2,3,4&q=a%26b&lang=en");
        assert_eq!(frame.without(&["bbox"]), "http://a/x?q=a%26b&lang=en");
        assert_eq!(frame.asked("q").as_deref(), Some("a&b"));
        assert_eq!(frame.changed(&["bbox", "lang"], &[("q", "c")]), "http://a/x?q=c");
    }
}
