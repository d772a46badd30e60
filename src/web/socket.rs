//! What all sockets share: limits on frames, sending with a time limit, pings, and ending politely.

use std::time::Duration;

use axum::Error;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use futures_util::SinkExt;
use serde::Serialize;
use tokio::time::{Instant, Interval, MissedTickBehavior};
use tokio_tungstenite::tungstenite;

use super::limits::Limits;
use super::places::Place;
use crate::protocol::SOCKET_BUFFER;

/// Close codes of RFC 6455, section 7.4.1, and our own from 4000.
pub mod code {
    /// The server is going away and will be back.
    pub const RESTART: u16 = 1012;
    /// Something failed on our side.
    pub const FAILED: u16 = 1011;
    /// The frame was too large.
    pub const TOO_LARGE: u16 = 1009;
    /// Text that is not UTF-8.
    pub const NOT_UTF8: u16 = 1007;
    /// A kind of data that is not taken here.
    pub const UNSUPPORTED: u16 = 1003;
    /// Not the WebSocket protocol.
    pub const PROTOCOL: u16 = 1002;
    /// No sign of life.
    pub const SILENT: u16 = 4008;
    /// The site does not know this page.
    pub const FOREIGN: u16 = 4403;
    /// The session ended.
    pub const SIGNED_OUT: u16 = 4401;
}

/// How long the other side may take to say goodbye too.
const FAREWELL: Duration = Duration::from_secs(2);

/// Small buffers and frames: an idle socket costs a few kilobytes, a hostile one not much more.
pub fn bounded(upgrade: WebSocketUpgrade, limits: &Limits) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(SOCKET_BUFFER)
        .write_buffer_size(SOCKET_BUFFER)
        .max_write_buffer_size(limits.unsent)
        .max_message_size(limits.frame)
        .max_frame_size(limits.frame)
}

/// What came in.
pub enum Heard<T = String> {
    /// A message.
    Said(T),
    /// A sign of life.
    Alive,
    /// The other side is gone, or is to go.
    End,
}

/// The socket is of no use any more.
pub struct Gone;

/// How far a socket is.
#[derive(PartialEq)]
enum Stage {
    Open,
    /// One side has said goodbye.
    Closing,
    /// Nothing can be sent any more.
    Broken,
}

/// A socket with a clock.
pub struct Socket {
    inner: WebSocket,
    stage: Stage,
    send_time: Duration,
    idle_time: Duration,
    pings: Interval,
    heard_at: Instant,
    _place: Place,
}

impl Socket {
    /// Takes over an upgraded socket and its place among all that may be open.
    pub fn new(inner: WebSocket, limits: &Limits, place: Place) -> Self {
        let mut pings = tokio::time::interval(limits.ping_every);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        pings.reset();
        Self {
            inner,
            stage: Stage::Open,
            send_time: limits.send_time,
            idle_time: limits.idle_time,
            pings,
            heard_at: Instant::now(),
            _place: place,
        }
    }

    /// The next text heard; any other kind of data ends the socket. Safe to cancel.
    pub async fn hear(&mut self) -> Heard {
        match self.hear_any().await {
            Heard::Said(Message::Text(text)) => Heard::Said(text.to_string()),
            Heard::Said(_) => {
                self.close(code::UNSUPPORTED, "text frames only").await;
                Heard::End
            }
            Heard::Alive => Heard::Alive,
            Heard::End => Heard::End,
        }
    }

    /// The next message of either kind; pings and notices silence on the way. Safe to cancel.
    pub async fn hear_any(&mut self) -> Heard<Message> {
        tokio::select! {
            frame = self.inner.recv() => self.classify(frame).await,
            _ = self.pings.tick() => {
                if self.heard_at.elapsed() > self.idle_time {
                    self.close(code::SILENT, "no sign of life").await;
                    return Heard::End;
                }
                if self.send_any(Message::Ping(Default::default())).await.is_err() {
                    return Heard::End;
                }
                Heard::Alive
            }
        }
    }

    async fn classify(&mut self, frame: Option<Result<Message, Error>>) -> Heard<Message> {
        self.heard_at = Instant::now();
        match frame {
            Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => Heard::Said(message),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Heard::Alive,
            Some(Ok(Message::Close(_))) => {
                self.stage = Stage::Closing;
                Heard::End
            }
            Some(Err(error)) => {
                match objection(error) {
                    Some((code, reason)) => self.close(code, reason).await,
                    None => self.stage = Stage::Broken,
                }
                Heard::End
            }
            None => {
                self.stage = Stage::Broken;
                Heard::End
            }
        }
    }

    /// Sends one frame, unless the client does not take it in time.
    pub async fn send(&mut self, frame: &impl Serialize) -> Result<(), Gone> {
        self.send_any(text(frame)?).await
    }

    /// The same for a frame that another one follows at once: it may leave together with that.
    pub async fn feed(&mut self, frame: &impl Serialize) -> Result<(), Gone> {
        match tokio::time::timeout(self.send_time, self.inner.feed(text(frame)?)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }

    /// Sends one message, unless the client does not take it in time.
    pub async fn send_any(&mut self, message: Message) -> Result<(), Gone> {
        match tokio::time::timeout(self.send_time, self.inner.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => {
                self.stage = Stage::Broken;
                Err(Gone)
            }
        }
    }

    /// Says goodbye, unless that was said already.
    pub async fn close(&mut self, code: u16, reason: &'static str) {
        if self.stage != Stage::Open {
            return;
        }
        let frame = CloseFrame { code, reason: reason.into() };
        if self.send_any(Message::Close(Some(frame))).await.is_ok() {
            self.stage = Stage::Closing;
        }
    }

    /// Lets go of the socket, in the order RFC 6455 wants (section 7.1.1): both sides have said
    /// goodbye before the connection ends. Whoever takes no part in it is not waited for.
    pub async fn end(mut self) {
        if self.stage == Stage::Open {
            self.close(code::FAILED, "something failed here").await;
        }
        if self.stage == Stage::Closing {
            let answer = async { while let Some(Ok(_)) = self.inner.recv().await {} };
            let _ = tokio::time::timeout(FAREWELL, answer).await;
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

/// What to tell a client that does not speak the protocol; nothing if the connection itself failed.
fn objection(error: Error) -> Option<(u16, &'static str)> {
    use tungstenite::Error as E;
    use tungstenite::error::ProtocolError::ResetWithoutClosingHandshake;
    match error.into_inner().downcast_ref::<E>()? {
        E::Capacity(_) => Some((code::TOO_LARGE, "this is too large")),
        E::Utf8(_) => Some((code::NOT_UTF8, "this is not UTF-8")),
        E::Protocol(ResetWithoutClosingHandshake) => None,
        E::Protocol(_) => Some((code::PROTOCOL, "this is not the protocol")),
        _ => None,
    }
}
