//! What the values of settings must be.
//!
//! Each function takes a value as it is written; what it says of a wrong one follows the value in the message.

use std::path::PathBuf;

use crate::{model::Position, query};

/// An absolute http(s) address without query or fragment, its trailing slash removed.
pub(super) fn public_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'"' | b'<' | b'>' | b'\\');
    match rest {
        Some(rest) if !rest.is_empty() && !rest.starts_with('/') && rest.bytes().all(plain) => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err("it must be an absolute http:// or https:// address without query or fragment".into()),
    }
}

/// A folder that files can be written into; it is made where there is none.
pub(super) fn folder(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_file() {
        return Err("a file has this name, where a folder is needed".into());
    }
    std::fs::create_dir_all(&path).map_err(|error| format!("it cannot be made: {error}"))?;
    tempfile::tempfile_in(&path).map_err(|error| format!("nothing can be written into it: {error}"))?;
    Ok(path)
}

/// A tile template: an absolute address with {z}, {x} and {y}.
pub(super) fn tile_template(text: &str) -> Result<String, String> {
    public_url(text)?;
    match ["{z}", "{x}", "{y}"].into_iter().find(|part| !text.contains(part)) {
        None => Ok(text.to_owned()),
        Some(part) => Err(format!("it has no {part}")),
    }
}

/// An origin as Content-Security-Policy takes it.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'/' | b'*' | b'[' | b']' | b'\'');
    if !text.is_empty() && text.bytes().all(known) {
        Ok(text.to_owned())
    } else {
        Err("it must be an origin such as https://news.example, or *".into())
    }
}

/// A country's code of two letters (ISO 3166-1), in capitals.
pub(super) fn country(text: &str) -> Result<String, String> {
    query::country(text, "country").map_err(|error| error.to_string())
}

/// Longitude and latitude in degrees.
pub(super) fn near(text: &str) -> Result<Position, String> {
    query::position(text, "near").map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked() {
        assert_eq!(public_url("https://example.org/geo/").as_deref(), Ok("https://example.org/geo"));
        for bad in ["example.org", "ftp://x", "https://", "https:///x", "https://x?y", "https://x y"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
        assert!(tile_template("https://t.example/{z}/{x}.png").is_err());
    }
}
