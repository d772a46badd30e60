//! What both sockets share: limits on frames, sending with a time limit, pings, and ending politely.

use std::sync::Arc;
use std::time::Duration;

use axum::Error;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use futures_util::SinkExt;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Interval, MissedTickBehavior};
use tokio_tungstenite::tungstenite;

use super::limits::Limits;
use crate::protocol::{MAX_FRAME, MAX_UNSENT, SOCKET_BUFFER};

/// Close codes of RFC 6455, section 7.4.1, and our own from 4000.
pub mod code {
    /// The server is going away and will be back.
    pub const RESTART: u16 = 1012;
    /// The frame was too large.
    pub const TOO_LARGE: u16 = 1009;
    /// A kind of data that is not taken here.
    pub const UNSUPPORTED: u16 = 1003;
    /// No sign of life.
    pub const SILENT: u16 = 4008;
    /// The site does not know this page.
    pub const FOREIGN: u16 = 4403;
    /// The session ended.
    pub const SIGNED_OUT: u16 = 4401;
}

/// The connection's place among all that may be open; freed when the socket ends.
pub type Permit = Arc<OwnedSemaphorePermit>;

/// Small buffers and frames: an idle socket costs a few kilobytes, a hostile one not much more.
pub fn bounded(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(SOCKET_BUFFER)
        .write_buffer_size(SOCKET_BUFFER)
        .max_write_buffer_size(MAX_UNSENT)
        .max_message_size(MAX_FRAME)
        .max_frame_size(MAX_FRAME)
}

/// What came in.
pub enum Heard {
    /// Text.
    Text(String),
    /// A sign of life.
    Alive,
    /// The other side is gone, or is to go.
    End,
}

/// The socket is of no use any more.
pub struct Gone;

/// A socket with a clock.
pub struct Socket {
    inner: WebSocket,
    send_time: Duration,
    idle_time: Duration,
    pings: Interval,
    heard_at: Instant,
    _permit: Option<Permit>,
}

impl Socket {
    /// Takes over an upgraded socket.
    pub fn new(inner: WebSocket, limits: &Limits, permit: Option<Permit>) -> Self {
        let mut pings = tokio::time::interval(limits.ping_every);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        pings.reset();
        Self {
            inner,
            send_time: limits.send_time,
            idle_time: limits.idle_time,
            pings,
            heard_at: Instant::now(),
            _permit: permit,
        }
    }

    /// The next thing heard; pings and notices silence on the way. Safe to cancel.
    pub async fn hear(&mut self) -> Heard {
        tokio::select! {
            frame = self.inner.recv() => self.classify(frame).await,
            _ = self.pings.tick() => {
                if self.heard_at.elapsed() > self.idle_time {
                    self.close(code::SILENT, "no sign of life").await;
                    return Heard::End;
                }
                if self.send_message(Message::Ping(Default::default())).await.is_err() {
                    return Heard::End;
                }
                Heard::Alive
            }
        }
    }

    async fn classify(&mut self, frame: Option<Result<Message, Error>>) -> Heard {
        self.heard_at = Instant::now();
        match frame {
            Some(Ok(Message::Text(text))) => Heard::Text(text.to_string()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Heard::Alive,
            Some(Ok(Message::Binary(_))) => {
                self.close(code::UNSUPPORTED, "text frames only").await;
                Heard::End
            }
            Some(Err(error)) => {
                if is_too_large(error) {
                    self.close(code::TOO_LARGE, "at most 64 KiB").await;
                }
                Heard::End
            }
            Some(Ok(Message::Close(_))) | None => Heard::End,
        }
    }

    /// Sends one frame, unless the client does not take it in time.
    pub async fn send(&mut self, frame: &impl Serialize) -> Result<(), Gone> {
        self.send_message(text(frame)?).await
    }

    /// The same for a frame that another one follows at once: it may leave together with that.
    pub async fn feed(&mut self, frame: &impl Serialize) -> Result<(), Gone> {
        match tokio::time::timeout(self.send_time, self.inner.feed(text(frame)?)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }

    /// Says goodbye, if the other side still listens.
    pub async fn close(&mut self, code: u16, reason: &'static str) {
        let frame = CloseFrame { code, reason: reason.into() };
        let _ = self.send_message(Message::Close(Some(frame))).await;
    }

    async fn send_message(&mut self, message: Message) -> Result<(), Gone> {
        match tokio::time::timeout(self.send_time, self.inner.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }
}

fn text(frame: &impl Serialize) -> Result<Message, Gone> {
    let text = serde_json::to_string(frame).map_err(|error| {
        tracing::error!(%error, "a frame cannot be written");
        Gone
    })?;
    Ok(Message::Text(text.into()))
}

fn is_too_large(error: Error) -> bool {
    matches!(
        error.into_inner().downcast_ref::<tungstenite::Error>(),
        Some(tungstenite::Error::Capacity(_))
    )
}
