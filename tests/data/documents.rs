//! Hash, length, place and words of claims against texts, on an invented text.

use std::{fs, path::PathBuf};

use harmattan::dataset::{Report, Rule, check, check_files};

use crate::support::small;

/// Invented; with letters of two, three and four bytes before the anchors, a combining accent and line ends of two bytes.
const TEXT: &str = "Alpha\u{301} \u{2014} 😀 rapport.\r\nLe camp d\u{2019}Alpha a fermé le 3 août 2023, dit la radio.\r\n";
const SHA256: &str = "c0ad6dce519cd56523477bf866a397e6ac5b28f1958f5d73c5effc193a54e1a4";
const ANCHOR: &str = "a fermé le 3 août 2023";

/// A record on [`TEXT`], with the parts given put in the place of the right ones.
fn record(hash: &str, characters: usize, at: [usize; 2], anchor: &str) -> String {
    format!(
        r#"
[source]
id = "invented"
title = "Invented"
rights = "ours"
basis = "documents"
sha256 = "{hash}"
characters = {characters}

[[claim]]
id = "alpha-closed"
subject = "alpha"
property = "closed"
value = "2023-08-03"
act = "closed"
at = [{}, {}]
anchor = "{anchor}"
"#,
        at[0], at[1]
    )
}

/// A new folder with the text and whatever else the test wants there.
fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    // What an earlier run left.
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).expect("the build folder takes folders");
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).expect("the build folder takes files");
    }
    folder
}

const START: usize = 37;
const END: usize = START + 22;
const LENGTH: usize = 76;

fn verify(test: &str, record: &str) -> Report {
    check_files(&small(record), Some(&folder(test, &[("a-text.txt", TEXT.as_bytes())])))
}

/// The one violation of a report: field and rule.
fn only(report: Report) -> (String, Rule) {
    let [violation] = &report.violations[..] else { panic!("{:#?}", report.violations) };
    assert_eq!(violation.file, "seeds/invented.toml");
    assert_eq!(report.summary, "1 violation");
    (violation.field.clone(), violation.rule.clone())
}

#[test]
fn a_good_record_is_verified_in_code_points() {
    let span: String = TEXT.chars().skip(START).take(END - START).collect();
    assert_eq!((span.as_str(), TEXT.chars().count()), (ANCHOR, LENGTH), "the test's own numbers");
    let report = verify("good", &record(SHA256, LENGTH, [START, END], ANCHOR));
    assert!(report.violations.is_empty(), "{:#?}", report.violations);
    assert!(report.summary.ends_with("claims verified against their texts: 1"), "{}", report.summary);
}

#[test]
fn another_hash_is_another_text() {
    let other = "0".repeat(64);
    let found = only(verify("hash", &record(&other, LENGTH, [START, END], ANCHOR)));
    assert_eq!(found, ("sha256".into(), Rule::TextMissing));
}

#[test]
fn another_length_is_reported() {
    let found = only(verify("length", &record(SHA256, LENGTH + 1, [START, END], ANCHOR)));
    assert_eq!(found, ("characters".into(), Rule::TextLength { found: LENGTH, expected: LENGTH as u32 + 1 }));
}

#[test]
fn a_shifted_locator_has_other_words() {
    let (field, rule) = only(verify("shifted", &record(SHA256, LENGTH, [START + 1, END + 1], ANCHOR)));
    assert_eq!(field, "anchor");
    assert!(matches!(rule, Rule::OtherWords { anchor, .. } if anchor == ANCHOR));
}

#[test]
fn other_words_are_reported_even_where_only_an_accent_differs() {
    let (field, rule) = only(verify("words", &record(SHA256, LENGTH, [START, END], "a ferme le 3 août 2023")));
    assert_eq!(field, "anchor");
    assert!(matches!(rule, Rule::OtherWords { .. }));
    // The same letter in another Unicode form is other code points, here one more.
    let (field, rule) = only(verify("form", &record(SHA256, LENGTH, [START, END + 1], "a ferme\u{301} le 3 août 2023")));
    assert_eq!(field, "anchor");
    assert!(matches!(rule, Rule::OtherWords { .. }));
}

#[test]
fn nine_words_are_one_too_many() {
    let anchor = "camp d\u{2019}Alpha a fermé le 3 août 2023, dit";
    let end = START - 13 + anchor.chars().count();
    let (field, rule) = only(verify("nine", &record(SHA256, LENGTH, [START - 13, end], anchor)));
    assert_eq!(field, "anchor");
    assert!(matches!(rule, Rule::AnchorWords { words: 9, .. }), "{rule:?}");
}

#[test]
fn files_that_cannot_be_read_as_text_are_reported() {
    let folder = folder("bytes", &[("a-text.txt", TEXT.as_bytes()), ("bytes.bin", b"ab\xff")]);
    let report = check_files(&small(&record(SHA256, LENGTH, [START, END], ANCHOR)), Some(&folder));
    let [violation] = &report.violations[..] else { panic!("{:#?}", report.violations) };
    assert!(violation.file.ends_with("bytes.bin"));
    assert_eq!(violation.rule, Rule::NotUtf8(2));
}

#[test]
fn a_folder_that_is_not_there_is_reported() {
    let missing = folder("missing", &[]).join("nothing");
    let report = check_files(&small(&record(SHA256, LENGTH, [START, END], ANCHOR)), Some(&missing));
    let rules: Vec<&Rule> = report.violations.iter().map(|violation| &violation.rule).collect();
    assert!(matches!(rules[..], [Rule::Unreadable(_), Rule::TextMissing]), "{rules:?}");
}

/// The texts are not part of the project; where a folder with them lies beside it, the real claims are verified.
#[test]
fn the_documents_say_what_the_claims_keep_of_them() {
    let texts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    if !texts.is_dir() {
        eprintln!("nothing to verify: there is no folder {}", texts.display());
        return;
    }
    let report = check(Some(&texts));
    assert!(report.violations.is_empty(), "{:#?}", report.violations);
}
