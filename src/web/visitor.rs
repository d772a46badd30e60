//! The visitor's socket: say hello, then speak and hear. The task holds nothing but its place in the
//! log; a slow client is simply further behind, and one that takes nothing is let go.

use std::net::IpAddr;

use axum::Extension;
use axum::extract::{State, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::Web;
use super::client::Client;
use super::error::WebError;
use super::origin::Origin;
use super::places::Place;
use super::socket::{Gone, Heard, Socket, bounded, code};
use crate::domain::chat;
use crate::domain::event::{Event, HandoffReason, MAX_TEXT, Page};
use crate::domain::ids::{ChatId, ClientId, Seq, SiteKey};
use crate::domain::time::Instant;
use crate::log::{Append, AppendError, Expect, Log, VisitorHash};
use crate::per_chat::Watcher;
use crate::protocol::present::Presenter;
use crate::protocol::{Composer, ErrorCode, VisitorHears, VisitorSays};

/// Characters of a visitor's key: 32 bytes, base64url without padding.
const KEY_CHARS: usize = 43;

/// `GET /ws/visitor`
pub async fn upgrade(
    State(web): State<Web>,
    Client(address): Client,
    Extension(place): Extension<Place>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let origin = Origin::of(&headers).filter(|origin| web.origins.any_site(origin));
    let Some(origin) = origin else { return WebError::ForeignOrigin.into_response() };
    if !web.brakes.connect(address) {
        return WebError::TooMany.into_response();
    }
    let Some(place) = place.held_for(address) else { return WebError::TooMany.into_response() };
    bounded(upgrade, &web.limits).on_upgrade(move |socket| async move {
        let mut socket = Socket::new(socket, &web.limits, place);
        if let Some(visit) = Visit::begin(web, &mut socket, &origin, address).await {
            visit.run().await;
        }
        socket.end().await;
    })
}

/// One visitor at one socket.
struct Visit<'a> {
    web: Web,
    socket: &'a mut Socket,
    address: IpAddr,
    site: SiteKey,
    visitor: VisitorHash,
    page: Option<Page>,
    chat: ChatId,
    exists: bool,
    /// What was sent so far, and how the rest is to be shown.
    shown: Seq,
    read: Seq,
    presenter: Presenter,
    state: chat::State,
    news: Watcher<Seq>,
    composing: Watcher<Option<Composer>>,
}

impl<'a> Visit<'a> {
    /// Waits for hello and answers it.
    async fn begin(
        web: Web,
        socket: &'a mut Socket,
        origin: &Origin,
        address: IpAddr,
    ) -> Option<Self> {
        let hello = tokio::time::timeout(web.limits.hello_time, async {
            loop {
                match socket.hear().await {
                    Heard::Said(text) => return serde_json::from_str(&text).ok(),
                    Heard::Alive => {}
                    Heard::End => return None,
                }
            }
        });
        let Ok(Some(VisitorSays::Hello { site, key, after_seq, page })) = hello.await else {
            socket.close(code::SILENT, "say hello first").await;
            return None;
        };
        if !web.origins.allows(&site, origin) || key.len() != KEY_CHARS {
            socket.close(code::FOREIGN, "this site's key is not for this page").await;
            return None;
        }
        let visitor: VisitorHash = Sha256::digest(key).into();
        let chat = chat_id(&site, &visitor);
        let (news, composing) = (web.log.follow(chat), web.hub.watch(chat));
        let state = chat::State::default();
        Some(Self {
            web,
            socket,
            address,
            site,
            visitor,
            page: page.map(shortened),
            chat,
            exists: false,
            shown: after_seq,
            read: 0,
            presenter: Presenter::default(),
            state,
            news,
            composing,
        })
    }

    async fn run(mut self) {
        let mut queue = self.web.floor.changed();
        let mut shutdown = self.web.shutdown.clone();
        if self.welcome().await.is_err() || self.deliver().await.is_err() {
            return;
        }
        loop {
            let outcome = tokio::select! {
                heard = self.socket.hear() => match heard {
                    Heard::Said(text) => self.hear(&text).await,
                    Heard::Alive => Ok(()),
                    Heard::End => return,
                },
                _ = self.news.changed() => self.deliver().await,
                composing = self.composing.changed() => self.signal(composing).await,
                Ok(()) = queue.changed(), if self.state == chat::State::Queued => {
                    self.signal(None).await
                }
                () = shutdown.requested() => {
                    return self.socket.close(code::RESTART, "restarting").await;
                }
            };
            if outcome.is_err() {
                return;
            }
        }
    }

    async fn welcome(&mut self) -> Result<(), Gone> {
        let head = self.web.log.head(self.chat).await.map_err(|_| Gone)?;
        self.exists = head.is_some();
        self.state = head.map(|head| head.state).unwrap_or_default();
        let welcome = self.web.answerer.welcome();
        self.socket
            .send(&VisitorHears::Welcome {
                shop: welcome.shop,
                greeting: welcome.greeting,
                suggestions: welcome.suggestions,
                state: self.state,
            })
            .await
    }

    /// Sends everything that happened since, then how far that is.
    async fn deliver(&mut self) -> Result<(), Gone> {
        loop {
            let entries = self.web.log.read(self.chat, self.read).await.map_err(|error| {
                tracing::error!(%error, "a chat cannot be read");
                Gone
            })?;
            let Some(last) = entries.last().map(|entry| entry.seq) else { break };
            for entry in entries {
                self.exists = true;
                let seen = self.presenter.show(&entry);
                if let Some(seen) = seen.filter(|_| entry.seq > self.shown) {
                    self.socket.send(&VisitorHears::Event(seen)).await?;
                }
            }
            self.read = last;
        }
        self.shown = self.shown.max(self.read);
        if let Ok(Some(head)) = self.web.log.head(self.chat).await {
            let queued = self.state != head.state && head.state == chat::State::Queued;
            self.state = head.state;
            if queued {
                self.signal(None).await?;
            }
        }
        self.socket.send(&VisitorHears::Synced { through_seq: self.read }).await
    }

    async fn signal(&mut self, composing: Option<Composer>) -> Result<(), Gone> {
        let place = match self.state {
            chat::State::Queued => self.web.floor.place(self.chat).await.ok().flatten(),
            _ => None,
        };
        self.socket.send(&VisitorHears::Signal { composing, place }).await
    }

    async fn hear(&mut self, text: &str) -> Result<(), Gone> {
        match serde_json::from_str(text) {
            Ok(VisitorSays::Say { client_id, text }) => {
                let text = text.trim().to_string();
                let refused = match text.len() {
                    0 => Some((ErrorCode::Empty, "There is nothing in this message.")),
                    1..=MAX_TEXT => None,
                    _ => Some((ErrorCode::TooLong, "This message is too long; please shorten it.")),
                };
                match refused {
                    Some((code, message)) => self.refuse(code, message, Some(client_id)).await,
                    None => {
                        let said = Event::VisitorSaid { client_id: client_id.clone(), text };
                        self.append(client_id, said).await
                    }
                }
            }
            Ok(VisitorSays::AskPerson { client_id }) => {
                let wanted = Event::PersonWanted { reason: HandoffReason::VisitorAsked };
                self.append(client_id, wanted).await
            }
            Ok(VisitorSays::Hello { .. }) | Err(_) => {
                self.refuse(ErrorCode::BadFrame, "This was not understood.", None).await
            }
        }
    }

    /// Stores and acknowledges; the events themselves come back through the log.
    async fn append(&mut self, client_id: ClientId, event: Event) -> Result<(), Gone> {
        if !self.web.brakes.message(&self.visitor, self.address) {
            let message = "That was very fast. Please wait a moment and send it again.";
            return self.refuse(ErrorCode::TooFast, message, Some(client_id)).await;
        }
        let stored =
            store(&self.web.log, self.first_message(), self.chat, client_id.clone(), event);
        match stored.await {
            Ok(seq) => {
                self.exists = true;
                self.socket.send(&VisitorHears::Ack { client_id, seq }).await
            }
            Err(error) => {
                tracing::error!(%error, "a visitor's message was not stored");
                let message = "This could not be stored. It will be sent again.";
                self.refuse(ErrorCode::NotStored, message, Some(client_id)).await
            }
        }
    }

    /// What opens the chat, if it does not exist yet.
    fn first_message(&self) -> Option<(Expect, Event)> {
        let (site, visitor) = (self.site.clone(), self.visitor);
        let started = Event::ChatStarted { site: site.clone(), page: self.page.clone() };
        (!self.exists).then_some((Expect::New { site, visitor }, started))
    }

    async fn refuse(
        &mut self,
        code: ErrorCode,
        message: &str,
        client_id: Option<ClientId>,
    ) -> Result<(), Gone> {
        self.socket.send(&VisitorHears::Error { code, message: message.into(), client_id }).await
    }
}

/// Adds what a visitor did; the first time together with the chat itself.
async fn store(
    log: &Log,
    opening: Option<(Expect, Event)>,
    chat: ChatId,
    client_id: ClientId,
    event: Event,
) -> Result<Seq, AppendError> {
    let append = |expect, events| {
        let client_id = Some(client_id.clone());
        log.append(Append { chat, expect, client_id, events, at: Instant::now() })
    };
    if let Some((new, started)) = opening {
        match append(new, vec![started, event.clone()]).await {
            Ok(done) => return Ok(done.seq),
            // Another tab of the same visitor was first.
            Err(AppendError::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    append(Expect::Exists, vec![event]).await.map(|done| done.seq)
}

/// The chat of a visitor on a site: made from both, so that a first message sent twice is one chat.
fn chat_id(site: &SiteKey, visitor: &VisitorHash) -> ChatId {
    let digest = Sha256::new().chain_update(site.as_str()).chain_update([0]).chain_update(visitor);
    let digest: [u8; 32] = digest.finalize().into();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    ChatId::from_bytes(id)
}

/// A page as a browser tells it, cut to what is kept.
fn shortened(page: Page) -> Page {
    let cut = |text: &str, most: usize| text[..text.floor_char_boundary(most)].to_string();
    let address = page.url.split(['?', '#']).next().unwrap_or_default();
    Page { url: cut(address, 500), title: cut(&page.title, 200) }
}
