//! Uncertain time on a page: in words, with the EDTF text small beside it for those who copy.

use jiff::civil::Date;
use maud::{Markup, html};

use super::words::Words;
use crate::model::when::{Instant, When, in_words};

/// A date as EDTF, in words, with its text; a text that is no EDTF as it stands.
pub(super) fn when(words: Words, text: &str) -> Markup {
    let Ok(parsed) = text.parse::<When>() else { return html! { (text) } };
    let spoken = in_words(&parsed, words.lang);
    html! {
        @if is_html_date(text) { time datetime=(text) { (spoken) } } @else { span { (spoken) } }
        @if spoken != text { " " code .edtf title=(words.t("dates.edtf")) { (text) } }
    }
}

/// A date in words alone; the text itself where it is no EDTF.
pub(super) fn plain(words: Words, text: &str) -> String {
    text.parse::<When>().map_or_else(|_| text.to_owned(), |when| in_words(&when, words.lang))
}

/// A civil day in words.
pub(super) fn day(words: Words, day: Date) -> Markup {
    let text = day.to_string();
    html! { time datetime=(text) { (plain(words, &text)) } }
}

/// A span of time in words: from one instant to another, either of which may be without bound. `None` where both are.
pub(super) fn span(words: Words, (from, to): (Instant, Instant)) -> Option<String> {
    let end = |instant: Instant| instant.day().map(|day| day.to_string());
    let text = match (end(from), end(to)) {
        (None, None) => return None,
        (Some(from), Some(to)) if from == to => from,
        (from, to) => format!("{}/{}", from.as_deref().unwrap_or(".."), to.as_deref().unwrap_or("..")),
    };
    Some(plain(words, &text))
}

/// Whether the text is a date that HTML's `time` element takes: a day, a month or a year, without qualifier. (EDTF's months from
/// 21 on are seasons, which HTML does not know.)
fn is_html_date(text: &str) -> bool {
    let parts = text.split('-').collect::<Vec<_>>();
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [year] => digits(year, 4),
        [year, month] => digits(year, 4) && digits(month, 2) && *month <= "12",
        [year, month, day] => digits(year, 4) && digits(month, 2) && digits(day, 2),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    #[test]
    fn a_day_is_a_time_element_and_a_set_is_not() {
        let fr = Words::of(Lang::Fr);
        let day = when(fr, "2023-08-25").into_string();
        assert!(day.starts_with("<time datetime=\"2023-08-25\">25 août 2023</time> <code"), "{day}");
        let set = when(fr, "[2023-08-25..2023-08-31]").into_string();
        assert!(
            set.starts_with("<span>un jour entre le 25 et le 31 août 2023</span>") && set.contains("[2023-08-25..2023-08-31]"),
            "{set}"
        );
        assert_eq!(when(fr, "soon & <b>").into_string(), "soon &amp; &lt;b&gt;");
    }

    #[test]
    fn html_dates() {
        for (text, expected) in [
            ("2023-08-25", true),
            ("2023-08", true),
            ("2023", true),
            ("2023-08-XX", false),
            ("2023~", false),
            ("2023-22", false),
            ("-0043", false),
        ] {
            assert_eq!(is_html_date(text), expected, "{text}");
        }
    }
}
