//! The content codings that a client takes (RFC 9110, clause 12.5.3).

use axum::http::{HeaderMap, HeaderValue, header};

/// What is asked for when a client wants some of gzip, br and zstd most, and all of these alike: the place of each set has the bit of
/// each coding that is in it.
const WANTED: [&str; 8] = ["", "gzip", "br", "gzip, br", "zstd", "gzip, zstd", "br, zstd", "gzip, br, zstd"];

/// Leaves of `Accept-Encoding` the codings that are wanted most; `false` where there are none, and plain bytes are sent.
///
/// So it is where plain bytes are refused and no coding known here is taken (`identity;q=0, *;q=0`). The standard has a server choose
/// between 406 and plain bytes (clause 12.4.1); most who write this mean that nothing be compressed, and no client is known that cannot
/// read what is not.
pub(super) fn settle(headers: &mut HeaderMap) -> bool {
    let mut wishes = Wishes::default();
    for value in headers.get_all(header::ACCEPT_ENCODING) {
        value.to_str().unwrap_or_default().split(',').for_each(|part| wishes.read(part));
    }
    let wanted = wishes.most();
    if wanted.is_empty() {
        headers.remove(header::ACCEPT_ENCODING);
        return false;
    }
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(wanted));
    true
}

/// Whether what was settled takes gzip, which costs nothing where it lies ready.
pub(super) fn takes_gzip(settled: Option<&str>) -> bool {
    settled.is_some_and(|codings| codings.starts_with("gzip"))
}

/// Quality of each coding, where it is given.
#[derive(Debug, Default)]
struct Wishes {
    gzip: Option<f32>,
    br: Option<f32>,
    zstd: Option<f32>,
    identity: Option<f32>,
    others: Option<f32>,
}

impl Wishes {
    /// Adds one coding with its quality; a quality that is none counts as 0.
    fn read(&mut self, part: &str) {
        let (coding, parameters) = part.split_once(';').unwrap_or((part, ""));
        let coding = coding.trim();
        let is = |name: &str| coding.eq_ignore_ascii_case(name);
        let wish = match coding {
            "*" => &mut self.others,
            _ if is("gzip") || is("x-gzip") => &mut self.gzip,
            _ if is("br") => &mut self.br,
            _ if is("zstd") => &mut self.zstd,
            _ if is("identity") => &mut self.identity,
            _ => return,
        };
        let quality = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('='));
        let number = |text: &str| text.trim().parse().ok().filter(|quality| (0.0..=1.0).contains(quality));
        // The first word counts.
        wish.get_or_insert(quality.map_or(1.0, |quality| number(quality).unwrap_or(0.0)));
    }

    /// The codings that are wanted most; none where plain bytes are wanted more than any.
    fn most(&self) -> &'static str {
        let others = self.others.unwrap_or(0.0);
        let codings = [self.gzip, self.br, self.zstd].map(|wish| wish.unwrap_or(others));
        let most = codings.into_iter().fold(0.0, f32::max);
        if most == 0.0 || self.identity.is_some_and(|identity| identity > most) {
            return WANTED[0];
        }
        let is_wanted = codings.map(|wish| usize::from(wish == most));
        WANTED[is_wanted[0] | is_wanted[1] << 1 | is_wanted[2] << 2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of an `Accept-Encoding`.
    fn settled(accepted: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.extend(accepted.iter().map(|value| (header::ACCEPT_ENCODING, HeaderValue::from_static(value))));
        settle(&mut headers).then(|| {
            assert_eq!(headers.get_all(header::ACCEPT_ENCODING).iter().count(), 1);
            headers[header::ACCEPT_ENCODING].to_str().unwrap().to_owned()
        })
    }

    #[test]
    fn the_codings_wanted_most_are_left() {
        for (accepted, expected) in [
            ("gzip", Some("gzip")),
            ("gzip, deflate, br, zstd", Some("gzip, br, zstd")),
            ("br;q=0.5, gzip;q=0.5", Some("gzip, br")),
            ("br; q=0.4, gzip; q=0.5", Some("gzip")),
            ("gzip; q=0.5, br", Some("br")),
            ("zstd, br;q=0.9", Some("zstd")),
            ("br, zstd", Some("br, zstd")),
            ("zstd,GZIP", Some("gzip, zstd")),
            ("*", Some("gzip, br, zstd")),
            ("*;q=0.5, br;q=0", Some("gzip, zstd")),
            ("deflate, X-Gzip", Some("gzip")),
            ("gzip ; Q = 0.3", Some("gzip")),
            ("identity;q=0.5, gzip;q=0.5", Some("gzip")),
            ("identity;q=0, gzip;q=0.001", Some("gzip")),
            ("identity, gzip;q=0.5", None),
            ("identity", None),
            ("deflate", None),
            ("", None),
            ("gzip;q=0", None),
            ("gzip; q=0", None),
            ("gzip ; Q = 0.0", None),
            ("gzip;q=x", None),
            ("gzip;q=2", None),
            ("gzip;q=NaN", None),
            ("*;q=0", None),
            ("identity;q=0, *;q=0", None),
        ] {
            assert_eq!(settled(&[accepted]).as_deref(), expected, "{accepted}");
        }
        assert_eq!(settled(&["br;q=0.5", "gzip;q=0.5, *;q=0"]).as_deref(), Some("gzip, br"), "two lines are one list");
        assert_eq!(settled(&[]), None);
    }

    #[test]
    fn gzip_is_taken_where_nothing_is_wanted_more() {
        for (index, wanted) in WANTED.into_iter().enumerate() {
            assert_eq!(takes_gzip(Some(wanted)), index & 1 == 1, "{wanted}");
        }
        assert!(!takes_gzip(None));
    }
}
