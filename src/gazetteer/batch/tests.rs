use csv::ReaderBuilder;

use super::*;

const DECISIONS: &str = "name,country,id,who,why\nOgossagou,ML,2452421,desk,the report names Bankass\nNowhere,,none,desk,a slip\n";

fn atlas() -> &'static Atlas {
    static ATLAS: std::sync::OnceLock<Atlas> = std::sync::OnceLock::new();
    ATLAS.get_or_init(Atlas::embedded)
}

fn run(table: &str, options: &BatchOptions, decisions: &Decisions) -> Result<(Vec<Vec<String>>, BatchReport), BatchError> {
    let mut out = Vec::new();
    let report = geocode_table(table.as_bytes(), &mut out, atlas(), options, decisions)?;
    let delimiter = options.delimiter.unwrap_or(delimiter(table.as_bytes()));
    let mut rows = ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(out.as_slice());
    Ok((rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect(), report))
}

fn mali(column: &str) -> BatchOptions {
    BatchOptions { column: column.to_owned(), country: Some("ML".to_owned()), ..BatchOptions::default() }
}

#[test]
fn rows_are_placed_or_marked_never_guessed() {
    let table = "n,place\n1,Menaka\n2,Ogossagou\n3,Tombuoctou\n4,\n5,Xqzzvk\n6,Menaka\n7\n";
    let (rows, report) = run(table, &mali("Place"), &Decisions::default()).unwrap();
    assert_eq!(rows[0], ["n", "place"].into_iter().chain(COLUMNS).collect::<Vec<_>>());
    let cells = |row: usize| rows[row][2..9].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(cells(1), ["2453514", "Ménaka", "2.39609", "15.91985", "folded", "0.970", "placed"]);
    assert_eq!(&cells(2)[..5], ["", "", "", "", "name"]);
    assert_eq!(cells(2)[6], "review");
    assert!(rows[2][9].contains("2452421 Ogossagou (settlement, Mopti, ML) 1.00 | 6867217 Ogossagou"), "{}", rows[2][9]);
    assert_eq!((cells(3)[1], cells(3)[4], cells(3)[6]), ("Timbuktu", "fuzzy", "placed"));
    assert_eq!((cells(4)[6], cells(5)[6], cells(7)[6]), ("none", "none", "none"));
    assert_eq!(rows[6][2..], rows[1][2..]);
    assert_eq!(report, BatchReport { rows: 7, placed: 3, decided: 0, review: 1, none: 3 });
    // In all the world some name begins with any word, or is but a slip away from it.
    let anywhere = BatchOptions { column: "place".into(), ..BatchOptions::default() };
    let (rows, report) = run("place\nnull\nnearby\nTombuoctou\nReykjavik\n", &anywhere, &Decisions::default()).unwrap();
    assert_eq!((report.review, report.placed), (3, 1), "{rows:?}");
}

#[test]
fn tables_of_any_program_are_read() {
    // A byte order mark, semicolons, line ends of Windows, a quoted separator, a line break in a cell, empty cells past the last column.
    let table = "\u{feff}place;note\r\n\"Gao\";\"a; \"\"b\"\"\r\nc\"\r\nKidal;5\" pipe;;\r\n";
    let (rows, report) = run(table, &mali("place"), &Decisions::default()).unwrap();
    assert_eq!(report, BatchReport { rows: 2, placed: 2, ..BatchReport::default() });
    assert_eq!((rows[0][0].as_str(), rows[1][1].as_str(), rows[2][1].as_str()), ("place", "a; \"b\"\r\nc", "5\" pipe"));
    assert!(rows.iter().all(|row| row.len() == 12));
}

#[test]
fn decisions_are_replayed_with_who_and_why() {
    let decisions = Decisions::read(DECISIONS.as_bytes(), atlas()).unwrap();
    assert_eq!((decisions.len(), decisions.is_empty()), (2, false));
    let (rows, report) = run("place\nOGOSSAGOU\nnowhere\n", &mali("place"), &decisions).unwrap();
    assert_eq!(
        rows[1][1..].iter().map(String::as_str).collect::<Vec<_>>(),
        ["2452421", "Ogossagou", "-3.45379", "14.0664", "decision", "1.000", "decided", "", "desk", "the report names Bankass"]
    );
    assert_eq!((rows[2][1].as_str(), rows[2][7].as_str(), rows[2][10].as_str()), ("", "decided", "a slip"));
    assert_eq!(report.decided, 2);
}

#[test]
fn a_row_may_name_its_own_country() {
    let options = BatchOptions { column: "ville".into(), country_column: Some("pays".into()), ..BatchOptions::default() };
    let (rows, _) = run("pays;ville\nMali;Gao\nBF;Gao\n;Bamako\n", &options, &Decisions::default()).unwrap();
    assert_eq!((rows[1][2].as_str(), rows[1][8].as_str()), ("2457163", "placed"));
    assert_ne!(rows[2][2], rows[1][2]);
    assert_eq!(rows[3][3], "Bamako");
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let column = run("a,b\n", &mali("place"), &Decisions::default()).unwrap_err().to_string();
    assert_eq!(column, "the header names no column \"place\"; it has a, b");
    for (table, message) in [
        ("", "the table is empty: its first line has to name the columns"),
        ("\n\n", "the table is empty: its first line has to name the columns"),
        ("place,n\nGao,1\nKidal, Mali,2\n", "line 3: 3 cells, 2 columns: a cell with a separator or a quote in it has to be quoted"),
        ("place,n\nGao,1\n\"Kidal,2\nGao,3\n", "line 3: a quote that opens in this row is not closed"),
        // Lines are those of the file: blank ones count, and so do those of Windows.
        (
            "place,n\r\n\r\nGao,1\r\n\r\n\r\nKidal, Mali,2\r\n",
            "line 6: 3 cells, 2 columns: a cell with a separator or a quote in it has to be quoted",
        ),
    ] {
        assert_eq!(run(table, &mali("place"), &Decisions::default()).unwrap_err().to_string(), message, "{table:?}");
    }
    let bytes = |table: &[u8]| {
        let run = geocode_table(table, &mut Vec::new(), atlas(), &mali("place"), &Decisions::default());
        run.unwrap_err().to_string()
    };
    assert_eq!(bytes(b"n,place\n1,M\xe9naka\n"), "line 2: column \"place\" is not UTF-8: save the table as UTF-8");
    assert_eq!(bytes(b"\xff\xfep\0l\0"), "line 1: the table is not UTF-8: save the table as UTF-8");
    let long = format!("place\n\"Gao\n{}", "Gao,\n".repeat(2_000_000));
    assert_eq!(bytes(long.as_bytes()), "line 2: a quote that opens in this row is not closed");
    let twice = run("place,place_id\n", &mali("place"), &Decisions::default()).unwrap_err().to_string();
    assert!(twice.contains("\"place_id\" already"), "{twice}");
    let head = "name,country,id,who,why\n";
    for (text, message) in [
        ("name,id\n".to_owned(), "line 1: the header is \"name,id\", expected \"name,country,id,who,why\""),
        (format!("{head}\r\n\n,,none,a,b\n"), "line 4: name: is empty"),
        (format!("{head}A,,none,a\n"), "line 2: has 4 cells where the header has 5"),
        (String::new(), "line 1: the header is \"\", expected \"name,country,id,who,why\""),
        (format!("{head}A,,none,,b\n"), "line 2: who: is empty"),
        (format!("{head}A,Mali,none,a,b\n"), "line 2: country: \"Mali\" is not a two-letter code in capitals"),
        (format!("{head}A,,0,a,b\n"), "line 2: id: \"0\" is no place of the gazetteer, nor `none`"),
        (format!("{head}A,,none,a,b\na,,none,a,b\n"), "line 3: name: \"a\" is decided in an earlier line"),
    ] {
        assert_eq!(Decisions::read(text.as_bytes(), atlas()).unwrap_err().to_string(), message);
    }
}
