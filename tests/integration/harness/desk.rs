//! A colleague at the console's socket.

use floorwalker::domain::ids::{ChatId, Seq};
use floorwalker::protocol::{QueueRow, StaffHears, StaffSays};
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use super::{Server, Socket, upgrade, within};

/// One colleague at one socket.
pub struct Desk {
    socket: Socket,
    /// Everything heard, in order.
    pub heard: Vec<StaffHears>,
}

impl Desk {
    /// Opens the socket as the console's own page does.
    pub async fn open(server: &Server, cookie: &str) -> Self {
        let headers = [("origin", &*server.origin()), ("cookie", cookie)];
        let socket =
            upgrade(server.address, "/ws/staff", &headers).await.expect("staff may connect");
        Self { socket, heard: Vec::new() }
    }

    /// Follows a chat.
    pub async fn watch(&mut self, chat: ChatId, after_seq: Seq) {
        self.send(&StaffSays::Watch { chat, after_seq }).await;
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &StaffSays) {
        let text = serde_json::to_string(frame).expect("frames are plain data");
        self.socket.send(Message::Text(text.into())).await.expect("the socket is open");
    }

    /// The row of a chat once it is as wanted.
    pub async fn row(&mut self, chat: ChatId, wanted: impl Fn(&QueueRow) -> bool) -> QueueRow {
        self.until("a row of the queue", |frame| match frame {
            StaffHears::Queue { rows } => {
                rows.iter().find(|row| row.chat == chat && wanted(row)).cloned()
            }
            _ => None,
        })
        .await
    }

    /// The next frame of which `wanted` makes something.
    pub async fn until<T>(
        &mut self,
        what: &str,
        mut wanted: impl FnMut(&StaffHears) -> Option<T>,
    ) -> T {
        loop {
            let frame = within(what, self.hear()).await;
            let found = wanted(&frame);
            self.heard.push(frame);
            if let Some(found) = found {
                return found;
            }
        }
    }

    /// The socket, for what the typed frames cannot say.
    pub fn socket(&mut self) -> &mut Socket {
        &mut self.socket
    }

    async fn hear(&mut self) -> StaffHears {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    return serde_json::from_str(&text)
                        .unwrap_or_else(|e| panic!("not a frame ({e}): {text}"));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("the staff's socket ended: {other:?}"),
            }
        }
    }
}
