//! The program itself, serving a data set for as long as the tests run, and asked over TCP.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, OnceLock, PoisonError},
    time::Duration,
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use harmattan::{
    dataset::Dataset,
    store::{Build, Snapshot},
};

use crate::{
    ogc::awkward,
    running::{self, PROGRAM},
    support::Answer,
};

/// Ends the program once the pipe to the script is closed, which it is when the process that holds the other end ends, however it does.
const LIFELINE: &str = r#""$@" & read -r _; kill "$!" 2>/dev/null; wait"#;
/// Longer than any answer takes on a machine that has other work to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running program.
#[derive(Debug)]
pub(crate) struct Server {
    address: String,
    /// Connections that wait for the next request.
    idle: Mutex<Vec<BufReader<TcpStream>>>,
    /// What the program lives by: its end of the pipe.
    script: Child,
}

/// The program on its embedded data, started once.
pub(crate) fn embedded() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&[]))
}

/// The program on a snapshot of the awkward data, started once.
pub(crate) fn awkward() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let Dataset { layers, map, .. } = awkward::dataset();
        // Left there: `tests/web` asks for it as well.
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("awkward.harmattan");
        Snapshot::write(&path, layers, &map, Build { gzip: true }, &mut |_, _| {}).unwrap();
        Server::start(&[path])
    })
}

impl Server {
    /// Starts the program on some files, on a port of its own.
    pub(crate) fn start(paths: &[PathBuf]) -> Self {
        let mut script = Command::new("sh")
            .args(["-c", LIFELINE, "sh", PROGRAM, "--listen", "127.0.0.1:0", "--log-level", "warn", "--strict"])
            .args(paths)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let address = running::address(&mut script);
        Self { address, idle: Mutex::default(), script }
    }

    /// Asks it, over a connection that is kept for the next who asks.
    pub(crate) fn ask(&self, method: &Method, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        if headers.iter().all(|(name, _)| *name != "host") {
            head += "host: maps.example\r\n";
        }
        if !body.is_empty() {
            head += &format!("content-length: {}\r\n", body.len());
        }
        headers.iter().for_each(|(name, value)| head += &format!("{name}: {value}\r\n"));
        let request = [head.as_bytes(), b"\r\n", body].concat();
        let mut connection = self.kept(&request).unwrap_or_else(|| {
            let stream = TcpStream::connect(&self.address).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            stream.set_nodelay(true).unwrap();
            let mut connection = BufReader::with_capacity(1 << 16, stream);
            connection.get_mut().write_all(&request).unwrap();
            connection
        });
        let answer = read(&mut connection, method).unwrap_or_else(|error| panic!("{path}: {error}"));
        if answer.headers.get("connection").is_none_or(|value| value != "close") {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
        answer
    }
}

impl Server {
    /// A connection that was kept, with the request sent and an answer begun; the program closes those that wait for long.
    fn kept(&self, request: &[u8]) -> Option<BufReader<TcpStream>> {
        let mut kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        kept.get_mut().write_all(request).ok()?;
        kept.fill_buf().is_ok_and(|begun| !begun.is_empty()).then_some(kept)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}

/// Reads one answer (RFC 9112): its length is said, or it comes in chunks.
fn read(from: &mut impl BufRead, method: &Method) -> std::io::Result<Answer> {
    let mut line = || -> std::io::Result<String> {
        let mut line = Vec::new();
        from.read_until(b'\n', &mut line)?;
        let line = line.strip_suffix(b"\r\n").ok_or_else(|| std::io::Error::other("the answer is cut short"))?;
        Ok(String::from_utf8_lossy(line).into_owned())
    };
    let first = line()?;
    let status = first.strip_prefix("HTTP/1.1 ").unwrap_or_else(|| panic!("{first:?}"));
    let status: StatusCode = status[..3].parse().unwrap();
    let mut headers = HeaderMap::new();
    loop {
        let line = line()?;
        let Some((name, value)) = line.split_once(": ") else {
            assert_eq!(line, "", "a header");
            break;
        };
        headers.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    let mut body = Vec::new();
    let is_bare = method == Method::HEAD || [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
    if is_bare {
    } else if let Some(length) = headers.get("content-length") {
        body.resize(length.to_str().unwrap().parse().unwrap(), 0);
        from.read_exact(&mut body)?;
    } else {
        assert_eq!(headers.get("transfer-encoding").map(HeaderValue::as_bytes), Some(&b"chunked"[..]), "{headers:?}");
        loop {
            let mut size = String::new();
            from.read_line(&mut size)?;
            let size = usize::from_str_radix(size.trim_end(), 16).unwrap();
            let start = body.len();
            body.resize(start + size + 2, 0);
            from.read_exact(&mut body[start..])?;
            assert_eq!(body.split_off(start + size), b"\r\n");
            if size == 0 {
                break;
            }
        }
    }
    Ok(Answer { status, headers, body })
}
