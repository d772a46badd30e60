//! The console's socket: hears the queue and one watched chat. It changes nothing; what a colleague
//! does goes over HTTP. It lives no longer than the session it was opened with.

use std::time::Duration;

use axum::Extension;
use axum::extract::{State, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::Web;
use super::access::{Reader, Staff};
use super::error::WebError;
use super::origin;
use super::socket::{Gone, Heard, Permit, Socket, bounded, code};
use crate::audit;
use crate::domain::event::Event;
use crate::domain::ids::{ChatId, Seq};
use crate::domain::time::Instant;
use crate::figures::Counted;
use crate::hub::Composing;
use crate::people::Role;
use crate::per_chat::Watcher;
use crate::protocol::{Composer, StaffHears, StaffSays};

/// How often a session is looked up again.
const RECHECK: Duration = Duration::from_secs(2);
/// How long a colleague counts as composing after saying so.
const COMPOSING: Duration = Duration::from_secs(4);

/// `GET /ws/staff`
pub async fn upgrade(
    Reader(staff): Reader,
    State(web): State<Web>,
    permit: Option<Extension<Permit>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    // A browser sends the cookie from any page it is on, so the page must be our own.
    if !origin::of(&headers).is_some_and(|origin| web.origins.own.contains(&origin)) {
        return WebError::ForeignOrigin.into_response();
    }
    bounded(upgrade).on_upgrade(move |socket| async move {
        let socket = Socket::new(socket, &web.limits, permit.map(|Extension(permit)| permit));
        let _counted = Counted::socket("staff");
        let _ = Desk { web, staff, socket, watched: None, composing: None }.run().await;
    })
}

/// One colleague at one socket.
struct Desk {
    web: Web,
    staff: Staff,
    socket: Socket,
    watched: Option<Watched>,
    composing: Option<Composing>,
}

/// The chat on the screen, and how far it was sent.
struct Watched {
    chat: ChatId,
    read: Seq,
    news: Watcher<Seq>,
}

impl Desk {
    async fn run(mut self) -> Result<(), Gone> {
        // Whoever may answer is there; who only reads is not.
        let _there =
            (self.staff.user.role >= Role::Agent).then(|| self.web.floor.presence().arrive());
        let mut queue = self.web.floor.changed();
        let mut shutdown = self.web.shutdown.clone();
        let mut recheck = tokio::time::interval(RECHECK);
        let mut silence = std::pin::pin!(tokio::time::sleep(COMPOSING));
        self.send_queue().await?;
        loop {
            tokio::select! {
                heard = self.socket.hear() => match heard {
                    Heard::Text(text) => {
                        if self.hear(&text).await? == Some(StaffSays::Composing) {
                            silence.as_mut().reset(tokio::time::Instant::now() + COMPOSING);
                        }
                    }
                    Heard::Alive => {}
                    Heard::End => return Ok(()),
                },
                Ok(()) = queue.changed() => self.send_queue().await?,
                () = news_of(&mut self.watched) => self.deliver().await?,
                () = silence.as_mut(), if self.composing.is_some() => self.composing = None,
                _ = recheck.tick() => self.check_session().await?,
                () = shutdown.requested() => {
                    self.socket.close(code::RESTART, "restarting").await;
                    return Ok(());
                }
            }
        }
    }

    async fn hear(&mut self, text: &str) -> Result<Option<StaffSays>, Gone> {
        let Ok(says) = serde_json::from_str::<StaffSays>(text) else { return Ok(None) };
        match &says {
            StaffSays::Watch { chat, after_seq } => {
                note_look(&self.web, &self.staff, *chat).await;
                let news = self.web.log.follow(*chat);
                self.watched = Some(Watched { chat: *chat, read: *after_seq, news });
                self.composing = None;
                self.deliver().await?;
            }
            StaffSays::Unwatch => {
                self.watched = None;
                self.composing = None;
            }
            StaffSays::Composing => self.show_composing().await,
        }
        Ok(Some(says))
    }

    /// Shows the colleague as composing, in a chat that is theirs.
    async fn show_composing(&mut self) {
        let Some(chat) = self.watched.as_ref().map(|watched| watched.chat) else { return };
        let head = self.web.log.head(chat).await.ok().flatten();
        if self.composing.is_none() && head.is_some_and(|h| h.owner == Some(self.staff.user.id)) {
            self.composing = Some(self.web.hub.composing(chat, Composer::Staff));
        }
    }

    async fn send_queue(&mut self) -> Result<(), Gone> {
        let rows = self.web.floor.queue().await.map_err(|error| {
            tracing::error!(%error, "the queue cannot be read");
            Gone
        })?;
        self.socket.send(&StaffHears::Queue { rows }).await
    }

    /// Sends what happened in the watched chat since, then how far that is and whose turn it is.
    async fn deliver(&mut self) -> Result<(), Gone> {
        let Some(watched) = &mut self.watched else { return Ok(()) };
        let (chat, shown) = (watched.chat, watched.read);
        let mut told = false;
        loop {
            let mut entries = self.web.log.read(chat, watched.read).await.map_err(|_| Gone)?;
            let Some(last) = entries.last() else { break };
            watched.read = last.seq;
            if !told && entries.iter().any(|entry| entry.event == Event::Erased) {
                told = true;
                // What the console may still show of it goes first.
                let gone = self.web.log.erased(chat, shown).await.map_err(|_| Gone)?;
                entries.splice(..0, gone);
            }
            for entry in entries {
                let event = serde_json::to_value(&entry.event).map_err(|_| Gone)?;
                let frame = StaffHears::Event { chat, seq: entry.seq, at: entry.at, event };
                self.socket.send(&frame).await?;
            }
        }
        let through_seq = watched.read;
        let Ok(Some(head)) = self.web.log.head(chat).await else { return Ok(()) };
        let owner = match head.owner {
            Some(owner) => self.web.people.name(owner).await.ok().flatten(),
            None => None,
        };
        self.socket.send(&StaffHears::Synced { chat, state: head.state, owner, through_seq }).await
    }

    async fn check_session(&mut self) -> Result<(), Gone> {
        match self.web.people.session(&self.staff.token, Instant::now()).await {
            Ok(Some(_)) | Err(_) => Ok(()),
            Ok(None) => {
                self.socket.send(&StaffHears::SignedOut).await?;
                self.socket.close(code::SIGNED_OUT, "signed out").await;
                Err(Gone)
            }
        }
    }
}

/// Notes who opened which chat.
async fn note_look(web: &Web, staff: &Staff, chat: ChatId) {
    if !matches!(web.log.head(chat).await, Ok(Some(_))) {
        return;
    }
    let (store, by, object) = (web.log.store(), &staff.user.name, chat.to_string());
    let noted = audit::saw(store, Instant::now(), by, "chat.read", &object);
    if let Err(error) = noted.await {
        tracing::error!(%error, %chat, "who opened a chat is not noted");
    }
}

async fn news_of(watched: &mut Option<Watched>) {
    match watched {
        Some(watched) => {
            watched.news.changed().await;
        }
        None => std::future::pending().await,
    }
}
