//! Lists of names within one value, and what to say where a name is not known.

use super::{QueryError, params::nearest};

/// The parts of a list separated by commas. A name may hold a comma itself: the longest run of parts that is a known name is one.
///
/// # Errors
/// [`QueryError::NoSuchName`] for the first part that is no known name.
pub(super) fn list(parameter: &'static str, value: &str, known: &[&str], mut take: impl FnMut(usize)) -> Result<(), QueryError> {
    each(value, |rest| {
        find(rest, known).map(|(index, length)| {
            take(index);
            length
        })
    })
    .map_err(|part| no_such_name(parameter, part, known))
}

/// Calls `take` at the start of each part; it says how many bytes it took, which end at a comma or at the end. `Err` is the first part
/// that it did not take.
pub(super) fn each<'a>(value: &'a str, mut take: impl FnMut(&'a str) -> Option<usize>) -> Result<(), &'a str> {
    let mut rest = value;
    loop {
        let length = take(rest).ok_or_else(|| rest.split(',').next().unwrap_or(rest))?;
        match rest[length..].strip_prefix(',') {
            Some(more) => rest = more,
            None => return Ok(()),
        }
    }
}

/// The longest known name with which a list starts: which one it is, and its length in bytes.
pub(super) fn find(list: &str, known: &[&str]) -> Option<(usize, usize)> {
    let starts = |name: &str| list.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(','));
    let found = known.iter().enumerate().filter(|(_, name)| starts(name));
    found.map(|(index, name)| (index, name.len())).max_by_key(|(_, length)| *length)
}

/// The error for a name that is not known, with the nearest one.
pub(super) fn no_such_name(parameter: &'static str, name: &str, known: &[&str]) -> QueryError {
    QueryError::NoSuchName { parameter, value: name.to_owned(), known: known.join(", "), nearest: nearest(name, known) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Vec<usize>, String> {
        let mut found = Vec::new();
        list("properties", value, &["a", "a,b", "b", "name"], |index| found.push(index)).map_err(|error| error.to_string())?;
        Ok(found)
    }

    #[test]
    fn a_name_may_hold_a_comma() {
        assert_eq!(read("a"), Ok(vec![0]));
        assert_eq!(read("a,b"), Ok(vec![1]));
        assert_eq!(read("b,a,b,a"), Ok(vec![2, 1, 0]));
    }

    #[test]
    fn what_is_not_known_is_named_with_the_nearest() {
        let message = "properties: there is no \"nam\" here; there are a, a,b, b, name; did you mean name?";
        assert_eq!(read("a,nam"), Err(message.into()));
        for bad in ["", "a,", ",a", "a b"] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
