//! The visitor's socket: say hello, then speak and hear. The task holds nothing but its place in the
//! log; a slow client is simply further behind, and one that takes nothing is let go.

mod forms;

use std::net::SocketAddr;

use axum::Extension;
use axum::extract::{ConnectInfo, State, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::Web;
use super::error::WebError;
use super::origin;
use super::socket::{Gone, Heard, Permit, Socket, bounded, code};
use crate::domain::chat;
use crate::domain::event::{Contact, Event, HandoffReason, Page};
use crate::domain::ids::{ChatId, ClientId, Seq, SiteKey};
use crate::domain::origin::Origin;
use crate::figures::{self, Counted};
use crate::jobs::NewJob;
use crate::log::{Append, AppendError, Expect, Log, PAGE, VisitorHash};
use crate::per_chat::Watcher;
use crate::protocol::present::Presenter;
use crate::protocol::{Composer, ErrorCode, VisitorHears, VisitorSays};
use crate::transcript;

/// Characters of a visitor's key: 32 bytes, base64url without padding.
const KEY_CHARS: usize = 43;
/// Transcripts that one chat may have sent.
const TRANSCRIPTS: u32 = 3;

/// `GET /ws/visitor`
pub async fn upgrade(
    State(web): State<Web>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    permit: Option<Extension<Permit>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let origin = origin::of(&headers).filter(|origin| web.origins.any_site(origin));
    let Some(origin) = origin else { return WebError::ForeignOrigin.into_response() };
    if !web.brakes.connect(peer.ip()) {
        return WebError::TooMany.into_response();
    }
    bounded(upgrade).on_upgrade(move |socket| async move {
        let socket = Socket::new(socket, &web.limits, permit.map(|Extension(permit)| permit));
        let _counted = Counted::socket("visitor");
        if let Some(visit) = Visit::begin(web, socket, &origin, peer).await {
            visit.run().await;
        }
    })
}

/// One visitor at one socket.
struct Visit {
    web: Web,
    socket: Socket,
    peer: SocketAddr,
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

impl Visit {
    /// Waits for hello and answers it.
    async fn begin(
        web: Web,
        mut socket: Socket,
        origin: &Origin,
        peer: SocketAddr,
    ) -> Option<Self> {
        let hello = tokio::time::timeout(web.limits.hello_time, async {
            loop {
                match socket.hear().await {
                    Heard::Text(text) => return serde_json::from_str(&text).ok(),
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
            peer,
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
                    Heard::Text(text) => self.hear(&text).await,
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
        let site = self.web.sites.site(&self.site, self.web.answerer.shop());
        let texts = &site.settings.texts;
        let suggestions = texts.suggestions.clone();
        self.socket
            .send(&VisitorHears::Welcome {
                shop: site.name().to_string(),
                greeting: site.greeting(),
                suggestions: suggestions.unwrap_or_else(|| self.web.answerer.suggestions()),
                accent: site.settings.accent.clone().map(String::from),
                mail: self.web.post.is_open(),
                state: self.state,
            })
            .await
    }

    /// Sends everything that happened since, then how far that is.
    async fn deliver(&mut self) -> Result<(), Gone> {
        let mut told = false;
        let head = loop {
            let read = self.web.log.read_with_head(self.chat, self.read).await;
            let (entries, head) = read.map_err(|error| {
                tracing::error!(%error, "a chat cannot be read");
                Gone
            })?;
            let more = entries.len() == PAGE;
            if !told && entries.iter().any(|entry| entry.event == Event::Erased) {
                told = true;
                self.take_back().await?;
            }
            for entry in entries {
                self.exists = true;
                self.read = entry.seq;
                let seen = self.presenter.show(&entry);
                if let Some(seen) = seen.filter(|_| entry.seq > self.shown) {
                    self.socket.feed(&VisitorHears::Event(seen)).await?;
                }
            }
            if !more {
                break head;
            }
        };
        self.shown = self.shown.max(self.read);
        if let Some(head) = head {
            let queued = self.state != head.state && head.state == chat::State::Queued;
            self.state = head.state;
            if queued {
                self.signal(None).await?;
            }
        }
        self.socket.send(&VisitorHears::Synced { through_seq: self.read }).await
    }

    /// Something was erased: what the client may still show of it goes.
    async fn take_back(&mut self) -> Result<(), Gone> {
        let erased = self.web.log.erased(self.chat, self.shown).await.map_err(|_| Gone)?;
        for seen in erased.iter().filter_map(|entry| self.presenter.show(entry)) {
            self.socket.send(&VisitorHears::Event(seen)).await?;
        }
        Ok(())
    }

    async fn signal(&mut self, composing: Option<Composer>) -> Result<(), Gone> {
        let place = match self.state {
            chat::State::Queued => self.web.floor.place(self.chat).await.ok().flatten(),
            _ => None,
        };
        self.socket.send(&VisitorHears::Signal { composing, place }).await
    }

    async fn hear(&mut self, text: &str) -> Result<(), Gone> {
        let (client_id, wish) = match serde_json::from_str(text) {
            Ok(VisitorSays::Say { client_id, text }) => {
                let said = forms::message(&text)
                    .map(|text| (Event::VisitorSaid { client_id: client_id.clone(), text }, None));
                (client_id, said)
            }
            Ok(VisitorSays::AskPerson { client_id }) => {
                let wanted = Event::PersonWanted { reason: HandoffReason::VisitorAsked };
                (client_id, Ok((wanted, None)))
            }
            Ok(VisitorSays::LeaveContact { client_id, name, email, phone, message }) => {
                let left = forms::contact(&name, &email, &phone, &message)
                    .map(|(contact, about)| (self.contact_left(&client_id, contact, about), None));
                (client_id, left)
            }
            Ok(VisitorSays::MailTranscript { client_id, email }) => {
                let wanted = self.transcript_wanted(&client_id, &email).await;
                (client_id, wanted)
            }
            Ok(VisitorSays::Hello { .. }) | Err(_) => {
                return self.refuse(ErrorCode::BadFrame, "This was not understood.", None).await;
            }
        };
        match wish {
            Ok((event, job)) => self.append(client_id, event, job).await,
            Err((code, message)) => self.refuse(code, message, Some(client_id)).await,
        }
    }

    fn contact_left(&self, client_id: &ClientId, contact: Contact, message: String) -> Event {
        let site = self.web.sites.site(&self.site, self.web.answerer.shop());
        let now = self.web.jobs.now();
        let reply_by = site.reply_by(now);
        let text = site.contact_kept(&contact.email, reply_by, now);
        Event::ContactLeft { client_id: client_id.clone(), contact, message, reply_by, text }
    }

    /// The chat by mail: as it is now, to an address, not more often than people need it. Whoever
    /// chats decides what the letter says and who gets it, so a few have to do.
    async fn transcript_wanted(
        &mut self,
        client_id: &ClientId,
        email: &str,
    ) -> Result<(Event, Option<NewJob>), forms::Refusal> {
        let to = forms::address(email)?;
        let chat = self.web.log.chat(self.chat).await.ok().flatten();
        let enough = chat.is_none_or(|chat| chat.transcripts >= TRANSCRIPTS);
        if enough || !self.web.post.is_open() || !self.web.brakes.letter(self.peer.ip()) {
            return Err((ErrorCode::NotOffered, "This chat cannot be sent by mail now."));
        }
        let job = transcript::job(self.chat, client_id, to.clone(), self.web.jobs.now());
        let (client_id, email) = (client_id.clone(), to.as_str().to_string());
        Ok((Event::TranscriptWanted { client_id, email }, Some(job)))
    }

    /// Stores and acknowledges; the events themselves come back through the log.
    async fn append(
        &mut self,
        client_id: ClientId,
        event: Event,
        job: Option<NewJob>,
    ) -> Result<(), Gone> {
        let heard = std::time::Instant::now();
        if !self.web.brakes.message(&self.visitor, self.peer.ip()) {
            let message = "That was very fast. Please wait a moment and send it again.";
            return self.refuse(ErrorCode::TooFast, message, Some(client_id)).await;
        }
        let works = job.is_some();
        let did = Append {
            chat: self.chat,
            expect: Expect::Exists,
            client_id: Some(client_id.clone()),
            events: vec![event],
            jobs: job.into_iter().collect(),
            at: self.web.jobs.now(),
        };
        let opening = self.first_message();
        match store(&self.web.log, opening, did).await {
            Ok(seq) => {
                self.exists = true;
                if works {
                    self.web.jobs.wake();
                }
                self.socket.send(&VisitorHears::Ack { client_id, seq }).await?;
                figures::acked(heard.elapsed());
                Ok(())
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
    did: Append,
) -> Result<Seq, AppendError> {
    if let Some((expect, started)) = opening {
        let events = std::iter::once(started).chain(did.events.iter().cloned()).collect();
        match log.append(Append { expect, events, ..did.clone() }).await {
            Ok(done) => return Ok(done.seq),
            // Another tab of the same visitor was first.
            Err(AppendError::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    log.append(did).await.map(|done| done.seq)
}

/// The chat of a visitor on a site: made from both, so that a first message sent twice is one chat.
pub fn chat_id(site: &SiteKey, visitor: &VisitorHash) -> ChatId {
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
