//! The program itself: its command line, its port, its log and its end.

use std::{io::Write, time::Duration};

use axum::{Router, routing::get};
use harmattan::{
    api::{self, Live, Shutdown},
    config::Settings,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::Layer;
use tower_http::normalize_path::NormalizePathLayer;

use crate::{
    running::{Running, run},
    support::app,
};

#[test]
fn it_serves_logs_and_ends_cleanly() {
    let server = Running::start(["--log-format", "json"]);
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(server.get("/collections/bases/items?limit=2").contains("\"numberMatched\":13"));
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    let line = log.lines().find(|line| line.contains("/collections/bases/items")).unwrap_or_else(|| panic!("{log}"));
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!((&line["method"], &line["status"]), (&"GET".into(), &200.into()), "{line}");
    assert_eq!(line["uri"], "/collections/bases/items?limit=2");
}

/// Asks for something slow, stops the server in the middle, and tells how it ended and what the client read.
async fn stop_during_a_request(patience: Duration) -> (Shutdown, String) {
    let slow = || async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        "done"
    };
    let service = NormalizePathLayer::trim_trailing_slash().layer(Router::new().route("/slow", get(slow)));
    let settings = Settings { shutdown_timeout: patience, ..Settings::default() };
    let listener = api::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(async move {
        api::serve(listener, &Live::from(app(settings)), service, async {
            stopped.await.unwrap();
        })
        .await
    });
    let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send(()).unwrap();
    let ended = server.await.unwrap();
    let mut answer = String::new();
    if ended == Shutdown::Clean {
        client.read_to_string(&mut answer).await.unwrap();
    }
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "no connection is taken any more");
    (ended, answer)
}

#[tokio::test]
async fn an_open_request_is_answered_after_the_signal() {
    let (ended, answer) = stop_during_a_request(Duration::from_secs(10)).await;
    assert_eq!(ended, Shutdown::Clean);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer:?}");
}

#[tokio::test]
async fn an_open_request_is_cut_when_its_time_is_up() {
    assert_eq!(stop_during_a_request(Duration::from_millis(50)).await.0, Shutdown::Cut);
}

#[test]
fn malformed_requests_end_in_a_4xx_and_harm_nobody() {
    let server = Running::start(["--log-level", "error"]);
    let mut long = b"GET /".to_vec();
    long.extend(std::iter::repeat_n(b'a', 20_000));
    long.extend(b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(server.raw(&long).starts_with("HTTP/1.1 414"));
    let mut heavy = b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ".to_vec();
    heavy.extend(std::iter::repeat_n(b'b', 300_000));
    heavy.extend(b"\r\n\r\n");
    assert!(server.raw(&heavy).starts_with("HTTP/1.1 431"));
    for bad in [&b"\r\n\r\n\r\nnonsense\r\n\r\n"[..], b"GET", b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", b"\x00\x01\x02\x03"] {
        let mut stream = server.connect();
        let _ = stream.write_all(bad);
        drop(stream);
    }
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
}

#[test]
fn the_command_line_explains_itself() {
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    for word in ["--listen", "HARMATTAN_LISTEN", "--public-url", "check", "geocode", "[default: 127.0.0.1:8080]"] {
        assert!(help.contains(word), "{word}:\n{help}");
    }
    let slip = String::from_utf8(run(&["bulid"]).stderr).unwrap();
    assert!(slip.contains("bulid: there is no such file; did you mean the command `build`?"), "{slip}");
    let other = String::from_utf8(run(&["nowhere.csv"]).stderr).unwrap();
    assert!(other.contains("no such file") && !other.contains("mean"), "{other}");
    let bad = run(&["--listen", "nonsense"]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(String::from_utf8(bad.stderr).unwrap().contains("nonsense"));
    let taken = Running::start(["--log-level", "error"]);
    let second = run(&["--listen", &taken.address]);
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8(second.stderr).unwrap().contains("cannot listen on"));
}

#[test]
fn names_are_looked_up() {
    let found = run(&["geocode", "Menaka", "--country", "ML"]);
    let text = String::from_utf8(found.stdout).unwrap();
    assert!(text.contains("2453514") && text.contains("Ménaka"), "{text}");
    let short = run(&["geocode", "London", "--country", "uk"]);
    assert!(String::from_utf8_lossy(&short.stdout).contains("\n1.00  2643743"), "{}", String::from_utf8_lossy(&short.stdout));
    let none = run(&["geocode", "Qzxwvkj"]);
    assert_eq!(none.status.code(), Some(1));
    let file = std::env::temp_dir().join(format!("harmattan-{}.csv", std::process::id()));
    std::fs::write(&file, "place\nGao, Mali, 1\n").unwrap();
    let table = file.to_str().unwrap();
    for (args, message) in [
        (&["Gao", "--country", "XX"][..], "--country: \"XX\" is no country in which the gazetteer has a place"),
        (&[" "], "NAME: missing; the name, or its first letters"),
        (&[table], ": a table; --column NAME says which of its columns holds the names"),
        (&[table, "--column", "place"], ": line 2: 3 cells, 1 columns: a cell with a separator or a quote in it has to be quoted"),
    ] {
        let refused = run(&[&["geocode"], args].concat());
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(refused.status.code() == Some(1) && said.contains(message), "{args:?}: {said}");
    }
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn the_embedded_data_break_no_rule() {
    let checked = run(&["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stderr));
}
