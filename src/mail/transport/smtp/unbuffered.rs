//! A socket that gives one byte a read.
//!
//! Before STARTTLS anybody on the way can add lines behind the server's "go ahead". The SMTP client
//! buffers what it reads and keeps that buffer when TLS begins, so it would take those lines for
//! answers of the server (the response injection known as "NO STARTTLS"). Read through this socket,
//! it holds nothing beyond the line; what was added meets the TLS handshake, which fails. An answer
//! is a few hundred bytes and a message is only written, so the cost does not matter.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The socket.
#[derive(Debug)]
pub(super) struct Unbuffered(pub(super) TcpStream);

impl AsyncRead for Unbuffered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if buffer.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        let mut byte = [0];
        let mut one = ReadBuf::new(&mut byte);
        let outcome = Pin::new(&mut self.0).poll_read(context, &mut one);
        buffer.put_slice(one.filled());
        outcome
    }
}

impl AsyncWrite for Unbuffered {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

impl AsyncTokioStream for Unbuffered {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.peer_addr()
    }
}
