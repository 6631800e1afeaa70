//! What the program is built from: crates of the registry, under terms that let anybody ship it.

use std::process::Command;

/// SPDX identifiers of terms that ask for no more than their own text.
const TERMS: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether an SPDX expression can be met with those terms. `/` is how older crates write OR.
fn may_be_shipped(expression: &str) -> bool {
    // Brackets stand around alternatives only, which are split first; those within AND are few enough to be named whole.
    let plain = expression.replace('/', " OR ");
    if let Some((alternatives, rest)) = plain.strip_prefix('(').and_then(|rest| rest.split_once(") AND ")) {
        return may_be_shipped(alternatives) && may_be_shipped(rest);
    }
    plain.split(" OR ").any(|choice| choice.split(" AND ").all(|terms| TERMS.contains(&terms.trim())))
}

fn cargo(arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn every_crate_is_from_the_registry_and_under_terms_that_may_be_shipped() {
    // Of other systems' crates not even the descriptions are here.
    let host = cargo(&["-vV"]);
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = cargo(&["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host]);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "{}", packages.len());
    for package in packages {
        let (name, licence) = (&package["name"], package["license"].as_str().unwrap_or_default());
        assert!(may_be_shipped(licence), "{name}: {licence:?}");
        let source = package["source"].as_str();
        assert!(name == "harmattan" || source.is_some_and(|source| source.starts_with("registry+")), "{name}: {source:?}");
    }
}

#[test]
fn expressions_are_read_as_they_are_meant() {
    for (expression, expected) in [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0-only OR MIT", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("MIT AND GPL-3.0-only", false),
        ("(MIT OR Apache-2.0) AND GPL-3.0-only", false),
        ("GPL-3.0-only", false),
        ("", false),
    ] {
        assert_eq!(may_be_shipped(expression), expected, "{expression}");
    }
}
