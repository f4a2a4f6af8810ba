//! A TCP stream that can be aborted at any moment, and that fails when the peer stops reading.
//!
//! Aborting has to happen here, below russh: dropping russh's `RunningSession` only detaches its task, which then runs
//! on until its next read or write fails. A cancelled token makes all of them fail.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

pub(super) struct Socket {
    stream: TcpStream,
    aborted: Pin<Box<WaitForCancellationFutureOwned>>,
    /// How long the peer may accept no bytes.
    write_timeout: Duration,
    /// Runs while a write is blocked.
    write_deadline: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    /// Wraps a stream. Reads and writes fail once `abort` is cancelled, and writes also when one has been blocked for
    /// `write_timeout`.
    pub(super) fn new(stream: TcpStream, abort: CancellationToken, write_timeout: Duration) -> Self {
        Self { stream, aborted: Box::pin(abort.cancelled_owned()), write_timeout, write_deadline: None }
    }

    /// Fails if the stream is aborted; otherwise, the task is woken when it is.
    fn check_aborted(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        match self.aborted.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::ConnectionAborted.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check_aborted(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check_aborted(context)?;
        if let Poll::Ready(written) = Pin::new(&mut self.stream).poll_write(context, bytes) {
            self.write_deadline = None;
            return Poll::Ready(written);
        }
        let timeout = self.write_timeout;
        ready!(self.write_deadline.get_or_insert_with(|| Box::pin(sleep(timeout))).as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check_aborted(context)?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
