//! A connection that lets the system send what lies in a mapped file: long runs of features leave as nginx sends a file, from the
//! page cache and without a copy (sendfile, Linux 6.5 and later). Everything else is written as usual.

use std::{
    fs::File,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf},
    net::TcpStream,
};

use super::Live;
use crate::formats::geojson::SLICE;

/// A connection.
pub(super) struct Sending {
    stream: TcpStream,
    /// Whose file may be sent.
    live: Live,
    /// Whether the system waits for more before it sends a packet that is not full.
    is_corked: bool,
}

impl Sending {
    pub(super) fn new(stream: TcpStream, live: Live) -> Self {
        Self { stream, live, is_corked: false }
    }

    /// Sends some bytes of a file as soon as the connection takes them.
    fn send(&self, context: &mut Context<'_>, file: &File, position: u64, length: usize) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(context))?;
            match self.stream.try_io(Interest::WRITABLE, || system::send(&self.stream, file, position, length)) {
                // The readiness was stale, and is forgotten now.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                sent => return Poll::Ready(sent),
            }
        }
    }

    /// Holds back packets that are not full, or lets them go: what belongs together leaves together, though it is written in parts.
    fn cork(&mut self, is_corked: bool) -> io::Result<()> {
        if self.is_corked != is_corked {
            system::cork(&self.stream, is_corked)?;
            self.is_corked = is_corked;
        }
        Ok(())
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
        let long = slices.iter().position(|slice| slice.len() >= SLICE).filter(|_| system::IS_ABLE);
        let app = long.map(|_| self.live.current());
        let mapped = app.as_ref().and_then(|app| app.mapped.as_ref());
        let found = long.zip(mapped).and_then(|(long, mapped)| Some((long, mapped.file(), mapped.position_of(&slices[long])?)));
        match found {
            Some((0, file, position)) => {
                self.cork(true)?;
                self.send(context, file, position, slices[0].len())
            }
            Some((long, ..)) => {
                self.cork(true)?;
                Pin::new(&mut self.stream).poll_write_vectored(context, &slices[..long])
            }
            None => {
                let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(context, slices))?;
                if written == slices.iter().map(|slice| slice.len()).sum::<usize>() {
                    self.cork(false)?;
                }
                Poll::Ready(Ok(written))
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.cork(false)?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// What Linux alone does.
#[cfg(target_os = "linux")]
mod system {
    use std::{fs::File, io};

    use rustix::{fs::sendfile, net::sockopt::set_tcp_cork};
    use tokio::net::TcpStream;

    pub(super) const IS_ABLE: bool = true;

    pub(super) fn send(stream: &TcpStream, file: &File, mut position: u64, length: usize) -> io::Result<usize> {
        Ok(sendfile(stream, file, Some(&mut position), length)?)
    }

    pub(super) fn cork(stream: &TcpStream, is_corked: bool) -> io::Result<()> {
        Ok(set_tcp_cork(stream, is_corked)?)
    }
}

/// Elsewhere everything is written as usual, and nothing of this is called.
#[cfg(not(target_os = "linux"))]
mod system {
    use std::{fs::File, io};

    use tokio::net::TcpStream;

    pub(super) const IS_ABLE: bool = false;

    pub(super) fn send(_: &TcpStream, _: &File, _: u64, _: usize) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn cork(_: &TcpStream, _: bool) -> io::Result<()> {
        Ok(())
    }
}
