//! A connection that lets the system send what lies in a mapped file: long runs of features leave as nginx sends a file, from the
//! page cache and without a copy (sendfile, Linux 6.5 and later). Everything else is written as usual.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf},
    net::TcpStream,
};

use super::Live;

/// Shorter slices are written with what stands around them: two calls more, a reference to each page and packets that leave part full
/// cost more than their copy. From 256 KiB on the copy is the dearer one.
const LEAST: usize = 128 * 1024;

/// Before a longer one the rest leaves at once, so that the client is awake and reading when the file comes, and does its part of the work on
/// its own core: a run of 2.7 MB costs the server half as much then, and both together 3 % more. Of shorter ones the rest waits for
/// the file, so that no packet leaves half full: a run of 270 kB costs a fifth less.
const LONG: usize = 1024 * 1024;

/// A connection.
pub(super) struct Sending {
    stream: TcpStream,
    /// Whose file may be sent.
    live: Live,
}

impl Sending {
    pub(super) fn new(stream: TcpStream, live: Live) -> Self {
        Self { stream, live }
    }

    /// Calls `write` as soon as the connection takes bytes.
    fn when_ready(&self, context: &mut Context<'_>, write: impl Fn(&TcpStream) -> io::Result<usize>) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(context))?;
            match self.stream.try_io(Interest::WRITABLE, || write(&self.stream)) {
                // The readiness was stale, and is forgotten now.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }
}

impl AsyncRead for Sending {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Sending {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let long = slices.iter().position(|slice| slice.len() >= LEAST).filter(|_| system::IS_ABLE);
        let app = long.map(|_| self.live.current());
        let mapped = app.as_ref().and_then(|app| app.mapped.as_ref());
        let found = long.zip(mapped).and_then(|(long, mapped)| Some((long, mapped.file(), mapped.position_of(&slices[long])?)));
        match found {
            None => Pin::new(&mut self.stream).poll_write_vectored(context, slices),
            Some((0, file, position)) => self.when_ready(context, |stream| system::send(stream, file, position, slices[0].len())),
            // What stands before it.
            Some((long, ..)) => {
                let waits = slices[long].len() < LONG;
                self.when_ready(context, |stream| system::send_before(stream, &slices[..long], waits))
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// What Linux alone does.
#[cfg(target_os = "linux")]
mod system {
    use std::{
        fs::File,
        io::{self, IoSlice},
    };

    use rustix::{
        fs::sendfile,
        net::{SendAncillaryBuffer, SendFlags, sendmsg},
    };
    use tokio::net::TcpStream;

    pub(super) const IS_ABLE: bool = true;

    /// Sends a part of a file.
    pub(super) fn send(stream: &TcpStream, file: &File, mut position: u64, length: usize) -> io::Result<usize> {
        Ok(sendfile(stream, file, Some(&mut position), length)?)
    }

    /// Writes what stands before such a part, which `waits` for it. (To hold back the ends of the parts as well, with TCP_CORK, made long
    /// answers dearer.)
    pub(super) fn send_before(stream: &TcpStream, slices: &[IoSlice<'_>], waits: bool) -> io::Result<usize> {
        let more = if waits { SendFlags::MORE } else { SendFlags::empty() };
        Ok(sendmsg(stream, slices, &mut SendAncillaryBuffer::default(), more | SendFlags::NOSIGNAL)?)
    }
}

/// Elsewhere everything is written as usual, and nothing of this is called.
#[cfg(not(target_os = "linux"))]
mod system {
    use std::{
        fs::File,
        io::{self, IoSlice},
    };

    use tokio::net::TcpStream;

    pub(super) const IS_ABLE: bool = false;

    pub(super) fn send(_: &TcpStream, _: &File, _: u64, _: usize) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn send_before(_: &TcpStream, _: &[IoSlice<'_>], _: bool) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
